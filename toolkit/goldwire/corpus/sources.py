"""Sources: the files that paths stand for, each with its reader."""

import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from goldwire.corpus.readers import READERS, Reader, Reject, for_file
from goldwire.errors import GoldwireError

STDIN = Path("-")


@dataclass
class Found:
    """What a search came to: the files to read in order, folders that could not be read, and files left out."""

    files: list[tuple[Path, Reader]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


def find(paths: Sequence[Path], reader: Reader | None, *, but: Path) -> Found:
    """Return the files to read: the paths in the order given, folders walked in the order of their names.

    Hidden files and folders in a folder are passed over; a folder that a link leads back to is walked once. A file
    in a folder that no reader is for is counted in `skipped` with the reason; one that was named is a reject.

    Parameters
    ----------
    paths : sequence of Path
        Files, folders, or ``-`` for standard input.
    reader : Reader or None
        For every file; None lets the ending of each name decide.
    but : Path
        The table that is written, which may lie in a folder that is read.

    Raises
    ------
    GoldwireError
        When a path is not there.
    """
    found = Found()
    for path in paths:
        if path == STDIN:
            found.files.append((path, reader or READERS["jsonl"]))
        elif path.is_dir():
            for file in _walk(path, found):
                _add(file, reader, found, but)
        elif not os.path.lexists(path):
            raise GoldwireError("the path is not there", where=str(path), hint="Check the spelling.")
        elif named := reader or for_file(path):
            found.files.append((path, named))
        else:
            reason = f"format: no reader is for {path.suffix or 'a name without ending'}"
            found.rejects.append(Reject(shown(path), None, f"{reason}; name one with --format"))
    return found


def shown(path: Path) -> str:
    """Return the path as text that can be written anywhere, also when its name is not UTF-8."""
    return os.fsencode(path).decode("utf-8", "replace")


def _add(file: Path, reader: Reader | None, found: Found, but: Path) -> None:
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            found.skipped["not a regular file"] += 1
            return
        if but.exists() and file.samefile(but):
            return
    except OSError:
        pass  # opening it will say what is wrong
    if chosen := reader or for_file(file):
        found.files.append((file, chosen))
    else:
        found.skipped[f"no reader for {file.suffix.lower() or 'a name without ending'}"] += 1


def _walk(top: Path, found: Found) -> Iterator[Path]:
    seen: set[tuple[int, int]] = set()

    def unreadable(error: OSError) -> None:
        found.rejects.append(Reject(shown(Path(error.filename)), None, f"folder: cannot be read: {error.strerror}"))

    for folder, inner, files in os.walk(top, followlinks=True, onerror=unreadable):
        here = Path(folder).stat()
        if (here.st_dev, here.st_ino) in seen:
            inner.clear()
            continue
        seen.add((here.st_dev, here.st_ino))
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        yield from (Path(folder) / name for name in sorted(files) if not name.startswith("."))
