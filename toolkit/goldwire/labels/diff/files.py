"""A folder of a study as it was at a git revision, or as it is in another study."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from goldwire.errors import GoldwireError
from goldwire.labels.diff.fetch import bring, filesystem, see
from goldwire.labels.diff.place import commit_of, top_of
from goldwire.study import PARAMS, find


@contextmanager
def folder_at(given: str, inner: str, start: Path) -> Iterator[Path]:
    """Yield a folder of a study; what a revision needed of disk is gone afterwards.

    Parameters
    ----------
    given : str
        A folder with a study, else a revision, as git names it, of the study that `start` lies in.
    inner : str
        The folder in the study, such as ``eval/predictions``; what lies in folders of its own is left out.
    start : Path

    Raises
    ------
    GoldwireError
        When there is no such study, revision or folder, or the data is neither in DVC's cache nor in its remote.
    """
    if (start / given / PARAMS).is_file():
        if not (start / given / inner).is_dir():
            raise _lacking(given, inner)
        yield start / given / inner
        return
    study = find(start)
    top = top_of(study.root)
    commit = commit_of(top, given)
    with filesystem(study.root, top, commit) as (system, at), TemporaryDirectory(prefix="goldwire-") as made:
        names = [path.rpartition("/")[2] for path in see(system, f"{at}{inner}", f"{given}:{inner}")]
        if not names:
            raise _lacking(given, inner)
        for name in sorted(names):
            if system.isfile(f"{at}{inner}/{name}"):
                bring(system, f"{at}{inner}/{name}", Path(made) / name, f"{given}:{inner}/{name}")
        yield Path(made)


def _lacking(given: str, inner: str) -> GoldwireError:
    return GoldwireError(
        f"{given} has no {inner}", hint="Name another revision, or a folder with a study that has it."
    )
