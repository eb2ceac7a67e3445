"""Decoders of packed data, each with bounded memory and bounded output."""

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable
from typing import Literal, Protocol

Coding = Literal["gzip", "bzip2", "xz", "deflate", "stored"]

BLOCK = 1 << 16
"""Bytes that are read at a time."""
MEMORY = 128_000_000
"""Bytes that unpacking xz may take; its header may ask for gigabytes."""


class _Decoder(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def needs_input(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Inflater:
    """zlib's decoder with the manners of those of bz2 and lzma: it keeps the input that it has not come to."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(-zlib.MAX_WBITS)

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def unused_data(self) -> bytes:
        return b""  # a member is one stream

    @property
    def needs_input(self) -> bool:
        return not self._zlib.unconsumed_tail

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)


def decoder(stream: io.BufferedIOBase, coding: Coding) -> Callable[[int], bytes]:
    """Return a function that gives the next bytes: as many as it is asked for at most, and none at the end only.

    It raises EOFError for data that end too early, and what the module of the coding raises for damaged ones.
    """
    match coding:
        case "stored":
            return stream.read
        case "gzip":
            return gzip.GzipFile(fileobj=stream, mode="rb").read1
        case "bzip2":
            return _decoded(stream, bz2.BZ2Decompressor)
        case "xz":
            return _decoded(stream, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, MEMORY))
        case "deflate":
            return _decoded(stream, _Inflater)


def _decoded(stream: io.BufferedIOBase, make: Callable[[], _Decoder]) -> Callable[[int], bytes]:
    # The decoders and not BZ2File or LZMAFile: only they can be told how much memory and output there may be.
    current = make()

    def more(size: int) -> bytes:
        nonlocal current
        data = b""
        while True:
            if current.eof:  # one stream may follow another
                data = (current.unused_data or stream.read(BLOCK)).lstrip(b"\0")
                if not data:
                    return b""
                current = make()
            unpacked, data = current.decompress(data, size), b""
            if unpacked:
                return unpacked
            if current.needs_input and not current.eof:
                data = stream.read(BLOCK)
                if not data:
                    raise EOFError

    return more
