"""Encodings: which one a file of text is in, and its text, in which a byte that does not fit costs one record.

UTF-8 is assumed where it fits, also with broken bytes in it, and UTF-16 or UTF-32 where a byte-order mark says so.
Another encoding is taken only when its text is plausible: a detected language that is written in it, and hardly a
character that this language does not use. Otherwise the file counts as UTF-8, and its records are rejected by byte.
"""

import codecs
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from goldwire.corpus.readers.guess import guess

SAMPLE = 1_000_000
"""Bytes at the beginning of a file in which its encoding is found."""

_ESCAPED = re.compile("[\udc00-\udcff]")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def _escape(error: UnicodeError) -> tuple[str, int]:
    # The standard "surrogateescape" refuses bytes below 0x80, which an odd byte at the end of UTF-16 may be.
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error("goldwire.escape", _escape)


@dataclass(frozen=True)
class Decoded:
    """A file as text: the stream, its line ends as they are; its encoding; and the text of its first bytes.

    `cut` says that the file goes on after `head`.
    """

    stream: io.TextIOWrapper
    encoding: str
    head: str
    cut: bool

    def fields(self) -> dict[str, str]:
        """Return the column that tells the encoding, where it is not UTF-8."""
        return {} if self.encoding == "utf-8" else {"encoding": self.encoding}

    def problem(self, text: str) -> str | None:
        """Return which byte of a text from the stream was not in the encoding, or None when all were."""
        match = _ESCAPED.search(text)
        if match is None:
            return None
        byte = f"0x{ord(match.group()) - 0xDC00:02X}"
        if self.encoding == "utf-8":
            return f"is not UTF-8 (byte {byte}); convert the file to UTF-8"
        return f"is not {self.encoding} (byte {byte}), in which the file seems to be; convert the file to UTF-8"


@contextmanager
def decoded(stream: BinaryIO, *, head: int = 0, find: bool = True) -> Iterator[Decoded]:
    """Yield the stream as text; a byte that is not in its encoding becomes a lone surrogate, U+DC00 and the byte.

    So one bad byte costs one record, which `Decoded.problem` finds, and not the file. The stream is left open.

    Parameters
    ----------
    stream : binary stream
        It need not be seekable.
    head : int
        Bytes of which `Decoded.head` is the text.
    find : bool
        Whether an encoding that no byte-order mark says may be found from the text.
    """
    sample, fault = _read(stream, SAMPLE)
    encoding = detect(sample) if find else marked(sample) or "utf-8"
    if encoding == "utf-8":
        # Without a mark "utf-8-sig" loses a first byte that might begin one.
        codec, errors = "utf-8-sig" if marked(sample) else "utf-8", "surrogateescape"
    else:
        codec, errors = encoding, "goldwire.escape"
    start = codecs.getincrementaldecoder(codec)(errors).decode(sample[:head])
    rest = io.BufferedReader(_Joined(sample, stream, fault), 65_536)
    wrapper = io.TextIOWrapper(rest, encoding=codec, errors=errors, newline="")
    try:
        yield Decoded(wrapper, encoding, start, len(sample) > head)
    finally:
        wrapper.detach()


class _Joined(io.RawIOBase):
    """Bytes that were read ahead, then the fault that ended them, or the stream that they were read from."""

    def __init__(self, ahead: bytes, stream: BinaryIO, fault: OSError | None) -> None:
        self._ahead = io.BytesIO(ahead)
        self._stream = stream
        self._fault = fault

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._ahead.read(len(buffer))
        if not data:
            if self._fault is not None:
                raise self._fault
            data = available(self._stream, len(buffer))
        buffer[: len(data)] = data
        return len(data)


def available(stream: BinaryIO, size: int) -> bytes:
    """Return at most `size` bytes, none at the end only. Unlike `read` it keeps what comes before a fault."""
    more: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
    return more(size)


def _read(stream: BinaryIO, size: int) -> tuple[bytes, OSError | None]:
    """Return `size` bytes, fewer only at the end or before a fault, which is returned too."""
    pieces: list[bytes] = []
    try:
        while size > 0 and (piece := available(stream, size)):
            pieces.append(piece)
            size -= len(piece)
    except OSError as fault:
        return b"".join(pieces), fault
    return b"".join(pieces), None


def marked(sample: bytes) -> str | None:
    return next((name for mark, name in _MARKS if sample.startswith(mark)), None)


def detect(sample: bytes) -> str:
    """Return the name of the encoding that the first bytes of a file are in; "utf-8" also when none is certain."""
    if mark := marked(sample):
        return mark
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        text = sample.decode("utf-8", "surrogateescape")
        bad = len(_ESCAPED.findall(text))
        started = len(_STARTED.findall(sample))
        if started >= bad - started:
            return "utf-8"
        return guess(_telling(sample)) or "utf-8"
    return "utf-8"


# Characters of UTF-8 with at least two of their bytes: text in another encoding has them by accident only.
_STARTED = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{2,3}")


def _telling(sample: bytes) -> bytes:
    """Return the parts of a sample that tell: of lines that are not ASCII, from a little before the first such byte.

    What is before it is ASCII, so that no character of several bytes is cut at its beginning.
    """
    pieces: list[bytes] = []
    size = 0
    for match in _NOT_ASCII.finditer(sample):
        pieces.append(match.group())
        size += len(pieces[-1])
        if size > 64_000:
            break
    return b"\n".join(pieces)


_NOT_ASCII = re.compile(rb"[\x00-\x09\x0b-\x7f]{0,100}[\x80-\xff][^\n]{0,2000}")
