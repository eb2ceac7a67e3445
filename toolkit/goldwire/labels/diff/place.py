"""Where a state of a study stands: a folder on disk, or a git revision, fetched into a temporary folder."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from goldwire.errors import GoldwireError
from goldwire.study import PARAMS, Study

_LATEST = ("--sort=-version:refname", "--sort=-creatordate")  # the last counts first

WORKING_TREE = "working tree"


@dataclass(frozen=True)
class Place:
    """A folder that holds a state, and what it is called.

    Attributes
    ----------
    name : str
        As the user named it, or "working tree".
    root : Path
        The folder: of the study, or of the dataset.
    commit : str or None
        The full hash, of a revision.
    date : str or None
        The day of the commit, as 2026-11-23.
    is_dataset : bool
        Whether it is a dataset folder, not a study.
    """

    name: str
    root: Path
    commit: str | None = None
    date: str | None = None
    is_dataset: bool = False


def is_dataset(folder: Path) -> bool:
    """Whether a folder holds a dataset as `goldwire labels dataset` writes it."""
    return next(folder.glob("gold/*.parquet"), None) is not None


@contextmanager
def opened(given: str | None, start: Path, *, dataset: bool = False) -> Iterator[Place]:
    """Yield the place that is meant; what a revision needed of disk is gone afterwards.

    Parameters
    ----------
    given : str or None
        A folder with a study or a dataset, else a revision, as git names it, of the study that `start` lies in; None
        is that study as it stands on disk.
    start : Path
    dataset : bool
        Whether the study's dataset is meant, since the other place is a dataset.

    Raises
    ------
    GoldwireError
        When there is no such study, git repository, revision or folder, or the revision's data cannot be had.
    """
    from goldwire.study import find

    if given is None:
        found = Place(WORKING_TREE, find(start).root)
        yield dataset_of(found) if dataset else found
    elif (folder := _folder(given, start)) is not None:
        yield dataset_of(folder) if dataset else folder
    else:
        from goldwire.labels.diff.fetch import fetched

        study = find(start)
        top = top_of(study.root)
        commit = commit_of(top, given)
        date = _git(top, "show", "--no-patch", "--format=%cs", commit)
        with fetched(study, top, commit, given, dataset=dataset) as root:
            yield Place(given, root, commit, date, is_dataset=is_dataset(root))


def names_dataset(given: str | None, start: Path) -> bool:
    """Whether a dataset folder on disk is meant."""
    folder = None if given is None else _folder(given, start)
    return folder is not None and folder.is_dataset


def _folder(given: str, start: Path) -> Place | None:
    folder = start / given
    if not given or not folder.is_dir():
        return None
    if (folder / PARAMS).is_file():
        return Place(given, folder)
    return Place(given, folder, is_dataset=True) if is_dataset(folder) else None


def dataset_of(place: Place) -> Place:
    """Return the dataset of a study, to compare it with another dataset; a dataset as it is.

    Raises
    ------
    GoldwireError
        When it has none.
    """
    if place.is_dataset:
        return place
    folder = Study(place.root).dataset
    if not is_dataset(folder):
        raise GoldwireError(
            f"{place.name} has no labels/dataset to compare with a dataset",
            hint="Make it with: goldwire labels dataset, or compare two studies.",
        )
    return Place(place.name, folder, place.commit, place.date, is_dataset=True)


def top_of(root: Path) -> Path:
    if shutil.which("git") is None:
        raise GoldwireError("git is not installed", hint="Install git, or name two folders.")
    found = _run(root, "rev-parse", "--show-toplevel")
    if found is None:
        raise GoldwireError(
            "the study is not in a git repository, so it has no revisions",
            where=str(root),
            hint="Begin one with: git init, or name two folders.",
        )
    return Path(found)


def commit_of(top: Path, given: str) -> str:
    """Return the hash of a revision: as git knows it, or a DVC experiment by its name."""
    if not given.startswith("-"):
        if found := _run(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{given}^{{commit}}"):
            return found
        for line in _git(top, "for-each-ref", "--format=%(refname) %(objectname)", "refs/exps").splitlines():
            name, _, commit = line.partition(" ")
            if name.rpartition("/")[2] == given and not name.startswith("refs/exps/exec/"):
                return commit
    raise GoldwireError(
        f'there is no revision "{given}", and no folder with a study or a dataset', hint=_known(top, given)
    )


def _known(top: Path, given: str) -> str:
    """Say which revisions there are that might be meant: those spelled nearly alike, else the latest tags."""
    refs = _git(top, "for-each-ref", *_LATEST, "--format=%(refname:short)", "refs/tags", "refs/heads")
    names = refs.splitlines()
    tags = _git(top, "for-each-ref", *_LATEST, "--format=%(refname:short)", "refs/tags").splitlines()
    if near := get_close_matches(given, names, n=3):
        return f"Nearly alike: {', '.join(near)}"
    if _run(top, "rev-parse", "--is-shallow-repository") == "true":
        return "This clone is shallow. Bring the rest with: git fetch --unshallow --tags"
    if tags:
        return f"Tags: {', '.join(tags[:5])}{', ...' if len(tags) > 5 else ''}"
    return f"There are no tags. Branches: {', '.join(names[:5])}" if names else "Nothing is committed yet."


def _git(top: Path, *arguments: str) -> str:
    found = _run(top, *arguments)
    if found is None:
        raise GoldwireError(f"git {arguments[0]} failed", where=str(top), hint="See: git status")
    return found


def _run(folder: Path, *arguments: str) -> str | None:
    """Return what git says, None where it fails."""
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None
