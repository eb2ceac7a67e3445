"""Packed data as streams: unpacked while they are read, within bounds. Every fault is an OSError that says which."""

import gzip
import io
import lzma
import zlib
from abc import abstractmethod
from typing import Literal, Protocol

from goldwire.corpus.sources.decoders import BLOCK, MEMORY, Coding, decoder

Packing = Literal["gzip", "bzip2", "xz"]

FREE = 64_000_000
"""Bytes that may come out of packed data whatever their ratio."""
RATIO = 200
"""Times its own size that packed data may become after that."""
MAGIC = 10
"""Bytes that tell how data are packed."""


class Broken(OSError):  # noqa: N818 - it is what the data are
    """Data that end too early, are damaged or unpack to too much. Its text, made for reports, says which."""


def packing(head: bytes) -> Packing | None:
    """Return how data that begin with `head` (`MAGIC` bytes) are packed."""
    if head.startswith(b"\x1f\x8b\x08"):
        return "gzip"
    if head.startswith(b"BZh") and head[4:10] in (b"1AY&SY", b"\x17rE8P\x90"):
        return "bzip2"
    return "xz" if head.startswith(b"\xfd7zXZ\0") else None


class _Raw(io.RawIOBase):
    """A stream made of pieces. A fault after some bytes is raised by the next read, so that these are not lost."""

    def __init__(self) -> None:
        self._fault: OSError | None = None

    @abstractmethod
    def piece(self, size: int) -> bytes:
        """Return the next bytes, `size` at most; none at the end."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]  # wider in typeshed
        if self._fault is not None:
            raise self._fault
        view, at = memoryview(buffer).cast("B"), 0
        while at < len(view):
            try:
                data = self.piece(len(view) - at)
            except OSError as fault:
                self._fault = fault
                if not at:
                    raise
                break
            if not data:
                break
            view[at : at + len(data)] = data
            at += len(data)
        return at


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes | None: ...


class Window(_Raw):
    """The next `size` bytes of a stream, all of them where it is None. Closing it leaves the stream open.

    `what` names the data for the `Broken` that is raised when the stream ends before; without it they just end.
    """

    def __init__(self, stream: _Readable, size: int | None = None, what: str | None = None) -> None:
        super().__init__()
        self._stream, self._size, self._what = stream, size, what
        self.taken = 0

    def piece(self, size: int) -> bytes:
        wanted = size if self._size is None else min(size, self._size - self.taken)
        data = (self._stream.read(wanted) or b"") if wanted > 0 else b""
        if not data and wanted > 0 and self._what is not None:
            raise Broken(f"the {self._what} data is cut short")
        self.taken += len(data)
        return data


class Unpacked(_Raw):
    """The unpacked bytes of a stream.

    Parameters
    ----------
    stream : binary stream
        The packed data.
    coding : {"gzip", "bzip2", "xz", "deflate", "stored"}
        How they are packed; the last two are those of a zip.
    bottom : Window
        What is read of the file in the end, against which `RATIO` counts.
    crc : int, optional
        The CRC-32 that the bytes must have.
    """

    def __init__(self, stream: io.BufferedIOBase, coding: Coding, bottom: Window, crc: int | None = None) -> None:
        super().__init__()
        self._more = decoder(stream, coding)
        self._what = "zip" if coding in ("deflate", "stored") else coding
        self._bottom, self._wanted, self._crc = bottom, crc, 0
        self.given = 0

    def piece(self, size: int) -> bytes:
        try:
            data = self._more(min(size, BLOCK))
        except EOFError:
            raise Broken(f"the {self._what} data is cut short") from None
        except (gzip.BadGzipFile, zlib.error, lzma.LZMAError, OSError) as fault:
            if isinstance(fault, Broken) or (isinstance(fault, OSError) and fault.errno is not None):
                raise
            raise Broken(f"the {self._what} data is {_damage(fault)}") from None
        self.given += len(data)
        if self.given > FREE and self.given > RATIO * self._bottom.taken:
            raise Broken(f"unpacks to more than {RATIO} times its size")
        if self._wanted is not None:
            self._crc = zlib.crc32(data, self._crc)
            if not data and self._crc != self._wanted:
                raise Broken(f"the {self._what} data is damaged")
        return data


def _damage(fault: Exception) -> str:
    text = str(fault)
    if isinstance(fault, gzip.BadGzipFile) and text.startswith("Not a gzipped file"):
        return "followed by something else"
    if isinstance(fault, lzma.LZMAError) and text.startswith("Memory usage limit"):
        return f"packed so that unpacking takes more than {MEMORY // 1_000_000} MB of memory"
    return "damaged"


def unpack(stream: io.BufferedReader, bottom: Window) -> io.BufferedReader:
    """Return the stream unpacked where its first bytes say that it is packed, else as it is."""
    coding = packing(stream.peek(MAGIC)[:MAGIC])
    return stream if coding is None else buffered(Unpacked(stream, coding, bottom))


def buffered(raw: io.RawIOBase) -> io.BufferedReader:
    """Return the stream with a buffer of a size that suits packed data."""
    return io.BufferedReader(raw, BLOCK)
