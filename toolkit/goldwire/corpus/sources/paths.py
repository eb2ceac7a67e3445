"""Paths: what a folder or a pattern stands for on disk, in an order that does not change."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from goldwire.corpus.readers.dataset import is_dataset
from goldwire.errors import GoldwireError

_MAGIC = frozenset("*?[")


def expanded(path: Path) -> list[Path]:
    """Return the paths that a pattern (``*``, ``?``, ``[...]``, ``**``) matches in the order of their names.

    A path that is there is itself, whatever its name, as is one without such characters. What begins with a dot is
    matched only by a part that does too; what lies in a matched folder is left to the walk of it.

    Raises
    ------
    GoldwireError
        When nothing matches.
    """
    at = next((index for index, part in enumerate(path.parts) if _MAGIC & set(part)), None)
    if at is None or os.path.lexists(path):
        return [path]
    base, pattern = Path(*path.parts[:at]), list(path.parts[at:])
    while len(pattern) > 1 and pattern[-1] == "**":
        pattern.pop()
    if pattern == ["**"]:
        return [base]
    dotted = any(part.startswith(".") for part in pattern)
    chosen: dict[Path, bool] = {}  # and whether it is a folder
    for match in sorted(base.glob(os.path.join(*pattern))):  # noqa: PTH118 - a pattern is not a path
        inside = match.relative_to(base).parts
        if dotted or not any(part.startswith(".") for part in inside):
            chosen[match] = match.is_dir()
    found = [match for match in chosen if not any(chosen.get(parent) for parent in match.parents)]
    if not found:
        raise GoldwireError(
            "no path matches the pattern",
            where=os.fsencode(path).decode("utf-8", "replace"),
            hint="Check the spelling; ** stands for any number of folders.",
        )
    return found


def walk(top: Path, *, datasets: bool, unreadable: Callable[[OSError], None]) -> Iterator[Path]:
    """Yield the files of a folder and, with `datasets`, Hugging Face datasets in it, which are not walked further.

    Names that begin with a dot are passed over. A folder that a link leads back to is walked once. `unreadable` is
    called for a folder that cannot be listed.
    """
    seen: set[tuple[int, int]] = set()
    for folder, inner, files in os.walk(top, followlinks=True, onerror=unreadable):
        here = Path(folder).stat()
        if (here.st_dev, here.st_ino) in seen:
            inner.clear()
            continue
        seen.add((here.st_dev, here.st_ino))
        if datasets and is_dataset(Path(folder)):
            inner.clear()
            yield Path(folder)
            continue
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        yield from (Path(folder) / name for name in sorted(files) if not name.startswith("."))
