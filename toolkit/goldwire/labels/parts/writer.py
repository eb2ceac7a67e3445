"""Writing a part: task by task to a temporary file, which becomes the part when it is whole."""

import contextlib
import errno
import fcntl
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from goldwire.errors import GoldwireError
from goldwire.labels.parts import index as part_index
from goldwire.labels.parts.index import Entry, Known
from goldwire.labels.parts.lines import Seal, encode, listing, name

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Writer:
    """Writes the next part of a pulls/ folder, whole or not at all. Use it in a `with` statement.

    Memory does not grow with the tasks, but for their index (about 200 bytes each).

    Parameters
    ----------
    folder : Path
        Made with the first line. What a killed writer left in it is removed first.
    header : mapping
        The first line; `part`, the number, is added.
    always : bool
        Write a part even when nothing was added, for what its header says.

    Attributes
    ----------
    path : Path, optional
        The part, once it is written; None when nothing was added.

    Raises
    ------
    GoldwireError
        When another pull writes the same part at the same time, or the disk is full. Then nothing is written, and
        nothing is left behind.
    """

    def __init__(self, folder: Path, header: Mapping[str, Any], *, always: bool = False) -> None:
        self.path: Path | None = None
        self._folder, self._header, self._always = folder, header, always
        self._to: BinaryIO | None = None
        self._number = 0
        self._made: list[Path] = []  # folders that were not there before
        self._sha, self._lines, self._size = hashlib.sha256(), 0, 0
        self._index: list[bytes] = []
        self._gone: list[int] = []

    def __enter__(self) -> Self:
        _tidy(self._folder)
        self._number = len(listing(self._folder)) + 1
        return self

    def task(self, task: Mapping[str, Any]) -> None:
        """Add a task as it is now, without people."""
        self.update(task, None)

    def update(self, task: Mapping[str, Any], before: Known | None) -> Entry:
        """Add a task unless it says the same as before, and return its entry in the index, with its digests."""
        entry, line = part_index.entry(task, self._header)
        if before is None or before.deleted or before.digest != entry.digest:
            self._write(line)
            self._index.append(part_index.encoded(entry))
        return entry

    def gone(self, task: int) -> None:
        """Add that a task is not on the server any more."""
        self._gone.append(task)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None and (self._index or self._gone or self._always):
                self._finish()
        finally:
            self._clear()

    def _finish(self) -> None:
        if not self._size:
            self._write(b"")  # the header alone
        for task in self._gone:
            self._write(encode({"deleted_task": task}) + b"\n")
        begin = self._size
        self._write(b"".join(part_index.line(self._index, self._gone)))
        self._write(encode(Seal(self._sha.hexdigest(), self._lines, begin)) + b"\n")
        path = self._folder / name(self._number)
        with self._room():
            stream = self._stream()
            stream.flush()
            os.fsync(stream.fileno())
            try:
                os.link(self._temporary, path)  # unlike a rename, it never replaces a part that is there
            except FileExistsError:
                raise GoldwireError(
                    "another pull has just written this part", where=str(path), hint="Pull again."
                ) from None
        self.path = path

    def _write(self, line: bytes) -> None:
        with self._room():
            stream = self._stream()
            if self._size == 0:
                first = encode({"part": self._number, **self._header})
                line = first + b"\n" + line
            stream.write(line)
        self._sha.update(line)
        self._lines += line.count(b"\n")
        self._size += len(line)

    def _stream(self) -> BinaryIO:
        if self._to is None:
            missing = [folder for folder in (self._folder, *self._folder.parents) if not folder.exists()]
            self._folder.mkdir(parents=True, exist_ok=True)
            self._made = missing
            self._to = self._temporary.open("wb", buffering=1 << 20)
            _lock(self._to)
        return self._to

    @property
    def _temporary(self) -> Path:
        return self._folder / f".{name(self._number)}.{os.getpid()}.{id(self):x}.tmp"

    @contextlib.contextmanager
    def _room(self) -> Any:
        try:
            yield
        except OSError as error:
            what = "the disk is full" if error.errno in _FULL else "the part cannot be written"
            raise GoldwireError(
                f"{what} ({error.strerror}): nothing was added, and nothing that was pulled before is lost",
                where=str(self._folder / name(self._number)),
                hint="Make room, then pull again.",
            ) from None

    def _clear(self) -> None:
        if self._to is None:
            return
        with contextlib.suppress(OSError):  # what cannot be flushed is not wanted any more
            self._to.close()
        self._temporary.unlink(missing_ok=True)
        if self.path is None:
            with contextlib.suppress(OSError):  # another writer's part may be in it
                for folder in self._made:
                    folder.rmdir()


def _lock(stream: BinaryIO) -> bool:
    """Hold the file until it is closed; False when somebody does, or the file system has no locks."""
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _tidy(folder: Path) -> None:
    """Remove the temporary files that nobody writes any more."""
    for left in folder.glob(".part-*.tmp"):
        with contextlib.suppress(OSError), left.open("rb") as stream:
            if _lock(stream):
                left.unlink()
