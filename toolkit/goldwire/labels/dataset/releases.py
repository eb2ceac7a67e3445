"""Releases: which data was given out under which version, one line each in labels/releases.jsonl, which git keeps.

A released version is one data for ever: `guard` refuses to build another under its name. Its card may be corrected,
since the digest is of the data alone; the line keeps the signature of the first release.
"""

import re
from dataclasses import asdict, dataclass
from pathlib import Path

from goldwire.errors import GoldwireError
from goldwire.files import one_at_a_time, read_jsonl, write_jsonl
from goldwire.labels.dataset.verify import stated_and_actual
from goldwire.study import Study

_SIGNATURE = re.compile(r"^goldwire:[^|\n]+\|dataset:([^|\n]+)\|data:([0-9a-f]{16})(?:\|[^\n]*)?$", re.MULTILINE)


@dataclass(frozen=True)
class Release:
    """A version that was given out.

    Attributes
    ----------
    version : str
        As in params.yaml.
    digest : str
        Of the data; see `goldwire.labels.dataset.digest.digest_of`.
    signature : str
        As in the card.
    """

    version: str
    digest: str
    signature: str


def releases(study: Study) -> list[Release]:
    """Return the releases of a study, in the order they were made.

    Raises
    ------
    GoldwireError
        When a line of the file is no release; the message names it.
    """
    path = releases_file(study)
    if not path.exists():
        return []
    found = []
    for number, value in read_jsonl(path):
        names = Release.__dataclass_fields__
        if not isinstance(value, dict) or not all(isinstance(value.get(name), str) for name in names):
            raise GoldwireError(
                f"is no release: it needs {', '.join(names)}", where=f"{path}:{number}", hint="Mend that line."
            )
        found.append(Release(**{name: value[name] for name in names}))
    return found


def releases_file(study: Study) -> Path:
    """Return the path of labels/releases.jsonl."""
    return study.labels / "releases.jsonl"


def guard(study: Study, version: str, digest: str) -> None:
    """Refuse data that is not that of the version's release; a version that was not released may be any data.

    Raises
    ------
    GoldwireError
        When the version was released with other data.
    """
    for release in releases(study):
        if release.version == version and release.digest != digest:
            raise GoldwireError(
                f"version {version} was released with data {release.digest}, and this would be {digest}",
                where=str(releases_file(study)),
                hint="Raise version in params.yaml: what was released is never changed under its name.",
            )


def release(study: Study) -> tuple[Release, bool]:
    """Record labels/dataset as it stands as the release of its version, and return whether it was new.

    The same data again changes nothing.

    Raises
    ------
    GoldwireError
        When there is no dataset, it is not what its card says, params.yaml has another version, or the version was
        released with other data.
    """
    wanted = study.params().version
    made = standing(study.dataset)
    if made.version != wanted:
        raise GoldwireError(
            f"the dataset is version {made.version}, and params.yaml says {wanted}",
            where=str(study.dataset),
            hint="Build it again with: goldwire labels dataset",
        )
    with one_at_a_time(study.labels):
        guard(study, made.version, made.digest)
        before = releases(study)
        for one in before:
            if one.version == made.version:
                return one, False
        write_jsonl(releases_file(study), map(asdict, [*before, made]))
    return made, True


def standing(folder: Path) -> Release:
    """Return the version, digest and signature of a dataset folder.

    Raises
    ------
    GoldwireError
        When it is no dataset, or its files are not those that its card's signature names.
    """
    said, actual = stated_and_actual(folder)
    if said != actual:
        raise GoldwireError(
            f"the dataset was changed after it was built: its card says data {said}, and it is {actual}",
            where=str(folder),
            hint="Build it again with: goldwire labels dataset",
        )
    card = (folder / "README.md").read_text(encoding="utf-8")
    for found in _SIGNATURE.finditer(card):
        if found[2] == actual:
            return Release(found[1], actual, found[0].strip())
    raise GoldwireError(
        "the signature in the card names no version",
        where=str(folder / "README.md"),
        hint="Build it again with: goldwire labels dataset",
    )
