"""The files of a study at a git revision, from git and from DVC's cache or default remote, in a temporary folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from goldwire.errors import GoldwireError
from goldwire.study import PARAMS, Study

if TYPE_CHECKING:
    from dvc.api import DVCFileSystem

TABLES = ("units", "votes", "gold", "gold_mentions", "gold_relations", "splits")
TABLES_FOLDER = "labels/tables"
FILES = (PARAMS, *(f"{TABLES_FOLDER}/{name}.parquet" for name in TABLES), f"{TABLES_FOLDER}/agreement.json")
SCHEMES = "labels/schemes"
DATASET = "labels/dataset"


@contextmanager
def fetched(study: Study, top: Path, commit: str, name: str, *, dataset: bool = False) -> Iterator[Path]:
    """Yield a temporary folder with what `goldwire.labels.diff.side` reads of the study, as it was at a commit.

    A revision that has no tables, but a dataset in git, gives its dataset folder.

    Parameters
    ----------
    study : Study
        The study in the working tree; nothing of it is read or written.
    top : Path
        The root of the git repository.
    commit, name : str
        The hash, and what the user calls it.
    dataset : bool
        Whether the dataset is wanted instead of the tables.

    Raises
    ------
    GoldwireError
        When DVC is not installed, the study is not there at that commit, or its data is neither in DVC's cache nor
        in the remote.
    """
    inside = study.root.resolve().relative_to(top.resolve()).as_posix()
    with filesystem(study.root, top, commit) as (system, at), TemporaryDirectory(prefix="goldwire-") as made:
        if not _is_known(system, f"{at}{PARAMS}"):
            raise GoldwireError(
                f"{name} has no study at {inside}: {PARAMS} is not there",
                hint="Name a later revision: git log -- params.yaml",
            )
        see(system, f"{at}{TABLES_FOLDER}", f"{name}:{TABLES_FOLDER}")
        wanted = [] if dataset else [file for file in FILES if _is_known(system, f"{at}{file}")]
        if dataset or not any(file.endswith(".parquet") for file in wanted):
            data = _tree(system, at, name)
            if dataset and not data:
                raise GoldwireError(f"{name} has no {DATASET}", hint="Compare two studies, or two datasets.")
        else:
            data = []
        inner = f"{DATASET}/" if data else ""
        for file in data or [*wanted, *_schemes(system, at, name)]:
            bring(system, f"{at}{file}", Path(made) / file.removeprefix(inner), f"{name}:{file}")
        yield Path(made)


@contextmanager
def filesystem(root: Path, top: Path, commit: str) -> Iterator[tuple["DVCFileSystem", str]]:
    """Yield the files of the DVC repository that the study lies in, and what the study's paths begin with in it."""
    try:
        from dvc.api import DVCFileSystem
        from dvc.config import Config
        from dvc.exceptions import DvcException
    except ImportError:
        raise GoldwireError(
            "revisions are read with DVC, which is not installed", hint="pip install goldwire[dvc]"
        ) from None
    root, top = root.resolve(), top.resolve()
    between = [folder for folder in [root, *root.parents] if folder.is_relative_to(top)]
    base = next((folder for folder in between if (folder / ".dvc").is_dir()), top)
    try:
        # of today, since the remote may be younger than the revision
        remote = (
            Config(dvc_dir=str(base / ".dvc")).get("core", {}).get("remote") if (base / ".dvc").is_dir() else None
        )
        system = DVCFileSystem(repo=str(base), rev=commit, remote=remote)
        system.isfile(PARAMS)  # opens it
    except DvcException as error:
        raise GoldwireError(
            f"DVC cannot read the revision: {error}", where=str(base), hint="See: dvc doctor"
        ) from None
    prefix = root.relative_to(base).as_posix()
    try:
        yield system, "" if prefix == "." else f"{prefix}/"
    finally:
        system.close()


def _is_known(system: "DVCFileSystem", path: str) -> bool:
    """Whether a file is in git, or DVC knows its hash: an output that no stage has made yet has none."""
    return system.isfile(path) and not {"fs_info", "md5", "md5-dos2unix"}.isdisjoint(system.info(path))


def see(system: "DVCFileSystem", folder: str, where: str) -> list[str]:
    """Return what is in a folder. One that DVC holds as a whole is listed in a file of its own, which may be lost."""
    from dvc_data.index import DataIndexError

    try:
        return [str(path) for path in system.ls(folder, detail=False)]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except DataIndexError as error:
        raise _lost(where) from error


def _schemes(system: "DVCFileSystem", at: str, name: str) -> list[str]:
    names = [path.rpartition("/")[2] for path in see(system, f"{at}{SCHEMES}", f"{name}:{SCHEMES}")]
    return [f"{SCHEMES}/{name}" for name in sorted(names) if name.endswith(".yaml")]


def _tree(system: "DVCFileSystem", at: str, name: str) -> list[str]:
    """Return the Parquet files and the card of the dataset; none, where it was not made."""
    if not see(system, f"{at}{DATASET}", f"{name}:{DATASET}"):
        return []
    found = [str(path).strip("/").removeprefix(at) for path in system.find(f"{at}{DATASET}")]
    return sorted(file for file in found if file.endswith((".parquet", "README.md")))


def bring(system: "DVCFileSystem", source: str, into: Path, where: str) -> None:
    from dvc.exceptions import DvcException

    into.parent.mkdir(parents=True, exist_ok=True)
    try:
        system.get_file(source, str(into))
    except (FileNotFoundError, DvcException) as error:
        raise _lost(where) from error


def _lost(where: str) -> GoldwireError:
    return GoldwireError(
        "the data is neither in DVC's cache nor in its default remote",
        where=where,
        hint="Where that revision was made: dvc push; then here: dvc fetch --all-commits (dvc pull brings the "
        "current revision only).",
    )
