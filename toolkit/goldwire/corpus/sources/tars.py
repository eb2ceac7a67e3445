"""Tar archives, also packed ones: what is in one, and a member as a stream. Nothing of it goes to disk."""

import io
import os
import tarfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from goldwire.corpus.sources.decoders import BLOCK
from goldwire.corpus.sources.members import CutInside, Member
from goldwire.corpus.sources.packed import MAGIC, Broken, Window, buffered, packing, unpack

_LONGEST = 1_000_000  # bytes of a header that tarfile reads whole
_WHOLE = (
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
)


class _Info(tarfile.TarInfo):
    """A header that is never taken for the end of the archive when it is none, and never asks for much memory."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> "_Info":
        try:
            info = super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            if isinstance(error, tarfile.EOFHeaderError):  # type: ignore[attr-defined]  # zeros, as it should be
                raise
            empty = len(buf) < tarfile.BLOCKSIZE
            raise Broken(f"the tar data is {'cut short' if empty else 'damaged'}") from None
        if info.size < 0 or (info.type in _WHOLE and info.size > _LONGEST):
            raise Broken("the tar data is damaged")
        return info


def is_tar(head: bytes) -> bool:
    """Return whether data that begin with `head` are a tar archive, told by the checksum of its first header."""
    try:
        return len(head) >= tarfile.BLOCKSIZE and bool(
            tarfile.TarInfo.frombuf(head[: tarfile.BLOCKSIZE], "utf-8", "surrogateescape")
        )
    except tarfile.HeaderError:
        return False


def members(path: Path) -> Iterator[Member]:
    """Yield the files of the archive in its order, each with a `fault` where it cannot be read.

    Raises
    ------
    Broken
        When the archive is damaged, cut short or unpacks to too much, after the members before that.
    OSError
        When the file cannot be read.
    """
    with path.open("rb", buffering=0) as file:
        plain = packing(file.read(MAGIC)) is None
        file.seek(0)
        window = Window(file)
        stream: io.BufferedIOBase | io.FileIO = file if plain else unpack(buffered(window), window)
        end = 0
        try:
            with tarfile.open(
                fileobj=stream,
                mode="r:" if plain else "r|",
                tarinfo=_Info,
                encoding="utf-8",
                errors="surrogateescape",
            ) as archive:
                while (info := archive.next()) is not None:
                    archive.members = []  # type: ignore[attr-defined]  # it would keep them all
                    if info.size < 0 or info.offset_data < end:  # it would lead back, and round and round
                        raise Broken("the tar data is damaged")
                    end = info.offset_data + info.size
                    if info.issparse():
                        yield Member(info.name, fault="is a sparse file")
                    elif info.isreg():
                        yield Member(info.name, info.offset_data, end)
        except tarfile.TarError:
            raise CutInside("the tar data is cut short") from None
        except Broken as fault:
            raw = getattr(stream, "raw", None)
            given = os.fstat(file.fileno()).st_size if raw is None else raw.given
            raise (CutInside if given < end else Broken)(str(fault)) from None


@contextmanager
def open_member(path: Path, start: int, end: int) -> Iterator[io.BufferedReader]:
    """Yield the member whose data go from `start` to `end` of the archive, unpacked, also when it is a .gz.

    Of a packed archive, a member behind the one that this thread read last is found from there, and not from the
    beginning again; so members are best read in the order of the archive.

    Raises
    ------
    Broken
        When the archive is damaged, cut short or unpacks to too much; reading the stream raises it too.
    """
    with ExitStack() as stack:
        cursor = _Cursor.take(path, start)
        stack.callback(cursor.give_back)
        cursor.forward(start)
        window = Window(cursor, end - start, "tar")
        member = stack.enter_context(closing(buffered(window)))
        yield stack.enter_context(closing(unpack(member, cursor.bottom)))


class _Cursor:
    """An opened archive and the place in its unpacked bytes that comes next."""

    _last = threading.local()

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        self.path, self.mark, self.at = path, _mark(path), 0
        self.bottom = Window(self._file)
        self._packed = packing(self._file.read(MAGIC)) is not None
        self._file.seek(0)
        self._stream = unpack(buffered(self.bottom), self.bottom) if self._packed else self._file
        self._broken = False

    @classmethod
    def take(cls, path: Path, start: int) -> "_Cursor":
        last: _Cursor | None = cls._last.__dict__.pop("cursor", None)
        if last is not None:
            if last.path == path and last.at <= start and last.mark == _mark(path):
                return last
            last.close()
        return cls(path)

    def give_back(self) -> None:
        if self._packed and not self._broken:
            self._last.cursor = self
        else:
            self.close()

    def forward(self, start: int) -> None:
        if not self._packed:
            self._file.seek(start)
            return
        while self.at < start:
            if not self.read(min(BLOCK, start - self.at)):
                raise Broken("the tar data is cut short")

    def read(self, size: int) -> bytes:
        try:
            data = self._stream.read(size) or b""
        except OSError:
            self._broken = True
            raise
        self.at += len(data)
        return data

    def close(self) -> None:
        self._file.close()

    def __del__(self) -> None:
        self.close()


def _mark(path: Path) -> tuple[int, int, int]:
    here = path.stat()
    return here.st_ino, here.st_size, here.st_mtime_ns
