"""Readers: one file a format. Each yields what it finds, a `Record` or a `Reject`, and never raises for bad input.

A reader gets a `Source`, an opened stream of bytes with the name to report, so that the same reader works on a file,
on standard input and on a member of an archive. Packages add readers with the entry point group `GROUP`, each of
which loads a `Reader` whose name is that of the entry point.
"""

from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from goldwire.corpus.readers import (
    csv,
    dataset,
    feed,
    html,
    json,
    jsonl,
    labelstudio,
    lexisnexis,
    markdown,
    parquet,
    plain,
    semeval,
    warc,
)
from goldwire.corpus.readers.base import Reader, Record, Reject, Source
from goldwire.errors import UsageError

__all__ = [
    "GROUP",
    "OURS",
    "READERS",
    "UNUSABLE",
    "Reader",
    "Record",
    "Reject",
    "Source",
    "by_content",
    "by_ending",
    "by_name",
    "for_file",
]

GROUP = "goldwire.readers"
"""The entry point group of other packages' readers."""

OURS: dict[str, Reader] = {
    reader.name: reader
    for reader in (
        parquet.READER,
        warc.READER,
        labelstudio.READER,
        semeval.READER,
        feed.READER,
        lexisnexis.READER,
        html.READER,
        json.READER,
        jsonl.READER,
        csv.READER,
        csv.TSV_READER,
        markdown.READER,
        plain.READER,
        dataset.READER,
    )
}
"""The formats of this package, the most specific first."""


def _others(points: Iterable[EntryPoint]) -> tuple[dict[str, Reader], dict[str, str]]:
    """Return the readers that other packages bring, and by name why some cannot be used."""
    usable: dict[str, Reader] = {}
    unusable: dict[str, str] = {}
    for point in sorted(points, key=lambda point: (point.name, _package(point))):
        whose = f'the reader "{point.name}" of the package {_package(point)}'
        if point.name in OURS or point.name in usable:
            unusable[point.name] = f"{whose} has a name that is taken"
            continue
        try:
            reader = point.load()
        except Exception as error:  # noqa: BLE001 - importing a package can raise anything, and costs itself only
            unusable[point.name] = f"{whose} cannot be loaded: {type(error).__name__}: {error}"
            continue
        if not isinstance(reader, Reader):
            unusable[point.name] = f"{whose} is not a Reader"
        elif reader.name != point.name:
            unusable[point.name] = f'{whose} calls itself "{reader.name}"'
        else:
            usable[point.name] = reader
    return usable, unusable


def _package(point: EntryPoint) -> str:
    return point.dist.name if point.dist else "?"


_THEIRS, UNUSABLE = _others(entry_points(group=GROUP))
"""Other packages' readers, and why some of them cannot be used, by name."""

READERS: dict[str, Reader] = OURS | _THEIRS
"""Every format by its name, as in ``--format NAME``."""


def by_name(name: str) -> Reader:
    """Return the reader of a format.

    Raises
    ------
    UsageError
        When there is none of this name, or a package brings one of it that cannot be used.
    """
    if name in UNUSABLE:
        raise UsageError(UNUSABLE[name], hint="Mend the package or uninstall it.")
    if name not in READERS:
        raise UsageError(f'"{name}" is not a format', hint=f"Formats: {', '.join(READERS)}.")
    return READERS[name]


def by_content(head: bytes) -> Reader | None:
    """Return the reader that recognises the first bytes of a file, or None. Those of other packages come first."""
    return next((reader for reader in (_THEIRS | OURS).values() if reader.recognises(head)), None)


def by_ending(name: str) -> Reader | None:
    """Return the reader for a name by its ending, or None. Those of this package come first."""
    return next((reader for reader in READERS.values() if name.lower().endswith(reader.endings)), None)


def for_file(path: Path) -> Reader | None:
    """Return the reader for a file, told by the ending of its name, or None."""
    return by_ending(path.name)
