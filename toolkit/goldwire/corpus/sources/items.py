"""Items: a file, a member of an archive or a part of a file, and how each becomes a stream."""

import io
import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from goldwire.corpus.readers import READERS
from goldwire.corpus.readers.base import HEAD
from goldwire.corpus.readers.encoding import SAMPLE, detect
from goldwire.corpus.sources import tars, zips
from goldwire.corpus.sources.members import printable
from goldwire.corpus.sources.packed import MAGIC, Window, buffered, packing, unpack
from goldwire.errors import UsageError

STDIN = Path("-")
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Item:
    """A file, or a member of an archive, with the reader that it is for. It can be pickled and opened elsewhere.

    Attributes
    ----------
    path : Path
        The file on disk, the folder of a dataset, or ``-`` for standard input.
    member : str or None
        The name inside the archive, as it stands there.
    reader : str
        A key of `READERS`.
    name : str
        What messages call it; see `shown`.
    start, end : int
        Bytes: of a part of a file; for a member, where `zips` or `tars` find it.
    first_line : int
        The number of the first line of a part.
    """

    path: Path
    member: str | None
    reader: str
    name: str
    start: int = 0
    end: int | None = None
    first_line: int = 1

    @contextmanager
    def open(self, stdin: BinaryIO | None = None) -> Iterator[BinaryIO]:
        """Yield the bytes, unpacked while they are read; for the folder of a dataset there are none.

        Raises
        ------
        OSError
            When it cannot be opened. Reading the stream raises it too, and `Broken` for packed data that are cut
            short, damaged, or unpack to too much.
        """
        with ExitStack() as stack:
            if self.path == STDIN:
                if stdin is None:
                    raise UsageError("there is no standard input to read")
                window = Window(stdin)
                whole = stack.enter_context(buffered(window))
                yield stack.enter_context(unpack(whole, window))
            elif self.path.is_dir():
                yield io.BytesIO()
            else:
                yield stack.enter_context(self._file(stack))

    def head(self) -> bytes | None:
        """Return the first `HEAD` bytes, unpacked: what there is of them, or None where not one can be read."""
        head = b""
        try:
            with self.open() as stream:
                while len(head) < HEAD and (data := stream.read(min(4096, HEAD - len(head)))):
                    head += data
        except OSError:
            return head or None
        return head

    def _file(self, stack: ExitStack) -> BinaryIO:
        file = stack.enter_context(self.path.open("rb", buffering=0))
        if self.end is not None and self.member is None:
            file.seek(self.start)
            return buffered(Window(file, self.end - self.start))
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):  # a pipe: there is no way back
            window = Window(file)
            return unpack(stack.enter_context(buffered(window)), window)
        head = file.read(MAGIC)
        file.seek(0)
        if self.member is not None and self.end is not None:
            if head.startswith(b"PK"):
                return zips.open_member(file, self.start, self.end)
            return stack.enter_context(tars.open_member(self.path, self.start, self.end))
        if packing(head) is None:
            return io.BufferedReader(file)
        window = Window(file)
        return unpack(stack.enter_context(buffered(window)), window)


def shown(path: Path, member: str | None = None) -> str:
    """Return the path, and the member after an exclamation mark, as text that can be written anywhere.

    Bytes that are not UTF-8 become U+FFFD, and so does what does not print in the name of a member.
    """
    text = os.fsencode(path).decode("utf-8", "replace")
    return text if member is None else f"{text}!{printable(member)}"


def parts(item: Item, size: int = 16_000_000) -> list[Item]:
    """Return the item in parts of about `size` bytes, cut at line ends, where its records are lines; else itself.

    Packed files, members of archives and files that are not UTF-8 stay whole. A line longer than `size` is a part of
    its own.
    """
    if item.member is not None or item.end is not None or not READERS[item.reader].by_line:
        return [item]
    try:
        if not item.path.is_file() or item.path.stat().st_size <= size:
            return [item]
        with item.path.open("rb", buffering=0) as file:
            if packing(file.read(MAGIC)) is not None:
                return [item]
            file.seek(0)
            if detect(file.read(SAMPLE)) != "utf-8":  # a part could not tell
                return [item]
            file.seek(0)
            return list(_cut(item, file, size))
    except OSError:  # opening it will say what is wrong
        return [item]


def _cut(item: Item, file: io.FileIO, size: int) -> Iterator[Item]:
    start = at = 0
    first = line = 1
    while block := file.read(_BLOCK):
        done = 0
        # A part ends at the first line end that makes it `size` long or longer.
        while (cut := block.find(b"\n", max(done, start + size - 1 - at)) + 1) > 0:
            line += block.count(b"\n", done, cut)
            yield replace(item, start=start, end=at + cut, first_line=first)
            start, first, done = at + cut, line, cut
        line += block.count(b"\n", done)
        at += len(block)
    if start < at:
        yield replace(item, start=start, end=at, first_line=first)
