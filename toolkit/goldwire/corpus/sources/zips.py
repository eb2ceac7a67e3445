"""Zip archives: what is in one, and a member as a stream. Nothing of it goes to disk."""

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from goldwire.corpus.sources.decoders import BLOCK, Coding
from goldwire.corpus.sources.members import CutInside, Member
from goldwire.corpus.sources.packed import FREE, RATIO, Broken, Unpacked, Window, buffered, unpack

_LOCAL = struct.Struct("<4s5H3I2H")
_CODINGS: dict[int, Coding] = {0: "stored", 8: "deflate", 12: "bzip2"}
_DEFLATE = 8
_ENCRYPTED, _DESCRIPTOR, _UTF8 = 0x1, 0x8, 0x800  # bits of the flags
_IN_EXTRA = 0xFFFFFFFF  # in place of a size of more than 4 GB
_DESCRIPTORS = (16, 12, 24, 20)  # bytes behind the data that hold their sizes
_DIRECTORY = 128_000_000  # bytes at a time that the directory may ask for


def members(path: Path) -> Iterator[Member]:
    """Yield the files of the archive in the order of their names, each with a `fault` where it cannot be read.

    The directory at the end decides; where it is cut off, the members are found one behind the other.

    Raises
    ------
    Broken
        When the archive is damaged or cut short, after the members that can be known.
    OSError
        When the file cannot be read.
    """
    try:
        with _Bounded(path) as bounded, zipfile.ZipFile(cast("io.BufferedReader", bounded)) as archive:
            infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
    except (zipfile.BadZipFile, NotImplementedError, struct.error, UnicodeDecodeError, ValueError):
        with path.open("rb", buffering=0) as file:
            if zipfile.is_zipfile(cast("io.BufferedReader", file)):
                raise Broken("the zip data is damaged") from None
            yield from _walk(file)
        return
    ends = [*(info.header_offset for info in infos), path.stat().st_size][1:]
    listed = sorted(zip(infos, ends, strict=False), key=lambda pair: pair[0].filename)
    with path.open("rb", buffering=0) as file:
        for info, limit in listed:
            if info.is_dir() or _is_link(info):
                continue
            yield _member(file, info, limit)


def open_member(file: io.FileIO, start: int, end: int) -> io.BufferedReader:
    """Return the member whose header stands at `start` and whose data go to `end`, unpacked, also when it is a .gz.

    Raises
    ------
    Broken
        When there is no such member; reading the stream raises it too.
    """
    file.seek(start)
    header = _header(file)
    if header is None:
        raise Broken("the zip data is damaged")
    crc = header.crc
    if header.flags & _DESCRIPTOR:
        file.seek(end)
        tail = file.read(8)
        (crc,) = struct.unpack("<I", (tail[4:8] if tail[:4] == b"PK\x07\x08" else tail[:4]).ljust(4, b"\0"))
    file.seek(header.data)
    window = Window(file, end - header.data, "zip")
    return unpack(buffered(Unpacked(buffered(window), _CODINGS[header.method], window, crc)), window)


class _Bounded(io.FileIO):
    """A file that gives no more at once than a directory may take, since zipfile reads it whole."""

    def read(self, size: int | None = -1, /) -> bytes:
        left = os.fstat(self.fileno()).st_size - self.tell()
        if min(left if size is None or size < 0 else size, left) > _DIRECTORY:
            raise Broken("has too many members")
        return super().read(-1 if size is None else size) or b""


def _is_link(info: zipfile.ZipInfo) -> bool:
    return info.create_system == 3 and (info.external_attr >> 16) & 0o170000 not in (0, 0o100000)


def _member(file: io.FileIO, info: zipfile.ZipInfo, limit: int) -> Member:
    """Return a member of the directory; what comes next in the file begins at `limit`."""
    name, start = info.orig_filename, info.header_offset
    if info.flag_bits & _ENCRYPTED:
        return Member(name, fault="is encrypted")
    if info.compress_type not in _CODINGS:
        return Member(name, fault=f"is packed by a method that is not read here (number {info.compress_type})")
    if info.file_size > max(FREE, RATIO * info.compress_size):
        return Member(name, fault=f"unpacks to more than {RATIO} times its size")
    file.seek(start)
    header = _header(file)
    if header is None or header.method != info.compress_type or header.data + info.compress_size > limit:
        return Member(name, fault="the zip data is damaged")  # members that share bytes too, as in some bombs
    return Member(name, start, header.data + info.compress_size)


@dataclass(frozen=True)
class _Header:
    """What stands before the data of a member: as far as it is used, and where the name and the data begin."""

    flags: int
    method: int
    crc: int
    packed: int
    name: int
    data: int


def _header(file: io.FileIO) -> _Header | None:
    """Return the header that begins here, or None where none does."""
    start, header = file.tell(), file.read(_LOCAL.size)
    if len(header) < _LOCAL.size or not header.startswith(b"PK\x03\x04"):
        return None
    _, _, flags, method, _, _, crc, packed, _, name, extra = _LOCAL.unpack(header)
    return _Header(flags, method, crc, packed, name, start + _LOCAL.size + name + extra)


def _walk(file: io.FileIO) -> Iterator[Member]:
    """Yield the members of a file that has lost its directory, in their order, and raise `Broken` at the end."""
    size, at = os.fstat(file.fileno()).st_size, 0
    while True:
        file.seek(at)
        header = _header(file)
        if header is None:
            raise Broken("the zip data is cut short")
        name = file.read(header.name).decode("utf-8" if header.flags & _UTF8 else "cp437", "replace")
        end = header.data + header.packed
        following: int | None = end
        if header.flags & _ENCRYPTED or header.method not in _CODINGS or header.packed == _IN_EXTRA:
            following = None
        elif header.flags & _DESCRIPTOR:  # the size stands behind the data, whose end only unpacking finds
            end, following = _deflated(file, header, size)
        if following is None:
            yield Member(name, fault="cannot be read, nor what follows, since the zip data is cut short")
            return
        if not name.endswith("/"):
            yield Member(name, at, min(end, size))
        if end >= size:
            raise CutInside("the zip data is cut short")
        at = following


def _deflated(file: io.FileIO, header: _Header, size: int) -> tuple[int, int | None]:
    """Return where data of unknown size end and where the next member begins, None where that cannot be found."""
    inflater, given = zlib.decompressobj(-zlib.MAX_WBITS), 0
    file.seek(header.data)
    try:
        while header.method == _DEFLATE and not inflater.eof:
            block = inflater.unconsumed_tail or file.read(BLOCK)
            if not block:
                return size, size
            given += len(inflater.decompress(block, BLOCK))
            if given > max(FREE, RATIO * (file.tell() - header.data)):
                return 0, None
    except zlib.error:
        return 0, None
    end = file.tell() - len(inflater.unused_data)
    for length in _DESCRIPTORS:
        file.seek(end + length)
        if file.read(4) in (b"PK\x03\x04", b"PK\x01\x02"):
            return end, end + length
    return end, size
