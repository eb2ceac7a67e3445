"""The lines of a part file: how they are written, sealed, checked and read again, one after the other.

A part is JSON lines: a header (part, round, project, url, pulled_at, scheme_hash, goldwire), then for every task that
was new or had changed its JSON, ``{"deleted_task": id}`` for every one that had gone, ``{"index": ...}`` (see
`goldwire.labels.parts.index`; parts of goldwire 0.1 have none), and at last ``{"sha256", "lines", "index"}`` over all
lines before, with the byte where the index begins.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from goldwire.errors import GoldwireError

_NAME = re.compile(r"part-(\d{5,})\.jsonl")
_BLOCK = 1 << 20
_LONGEST_SEAL = 200
_INDEX = b'{"index":'
_ENCODER = msgspec.json.Encoder(order="deterministic")


class Seal(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The last line of a part: the checksum and number of the lines before it, and where the index begins."""

    sha256: str
    lines: int
    index: int | None = None


class Checked(msgspec.Struct, frozen=True):
    """A part whose bytes are those that were written.

    Attributes
    ----------
    path : Path
    header : dict
        Its first line.
    tasks : int
        The byte where the lines of tasks begin.
    index, seal : int
        The bytes where the index and the seal begin; equal when there is no index.
    """

    path: Path
    header: dict[str, Any]
    tasks: int
    index: int
    seal: int

    def lines(self) -> Iterator[bytes]:
        """Yield the lines of tasks, then those of what had gone. Only one is in memory at a time."""
        with self.path.open("rb", buffering=_BLOCK) as stream:
            stream.seek(place := self.tasks)
            while place < self.index:
                yield (line := stream.readline())
                place += len(line)

    def index_line(self) -> bytes | None:
        """Return the line of the index, None when the part has none."""
        with self.path.open("rb") as stream:
            stream.seek(self.index)
            return stream.read(self.seal - self.index) or None


def listing(folder: Path) -> list[Path]:
    """Return the parts in a round's pulls/ folder, in order.

    Raises
    ------
    GoldwireError
        When a number is missing between them.
    """
    numbered = {int(match[1]): path for path in folder.glob("part-*.jsonl") if (match := _NAME.fullmatch(path.name))}
    for number in range(1, len(numbered) + 1):
        if number not in numbered:
            raise GoldwireError(
                "the part is not there, but later ones are",
                where=str(folder / name(number)),
                hint="Bring it back, from DVC or git: a pull adds to the parts before it.",
            )
    return [numbered[number] for number in sorted(numbered)]


def name(number: int) -> str:
    """Return the file name of the part with this number, counted from 1."""
    return f"part-{number:05}.jsonl"


def check(path: Path) -> Checked:
    """Read all bytes of a part, a block at a time, and compare their checksum with its seal.

    Raises
    ------
    GoldwireError
        When it is missing, torn, or was edited; the message names the file.
    """
    try:
        with path.open("rb") as stream:
            found = _check(path, stream)
    except FileNotFoundError:
        raise GoldwireError(
            "the part is not there", where=str(path), hint="Bring it back, from DVC or git."
        ) from None
    if found is None:
        raise GoldwireError(
            "the part was cut off or changed after it was written",
            where=str(path),
            hint="Bring it back, from DVC or git. Never edit a part: what it says would be lost without a trace.",
        )
    return found


def _check(path: Path, stream: BinaryIO) -> Checked | None:
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - _LONGEST_SEAL))
    tail = stream.read()
    last = tail[tail[:-1].rfind(b"\n") + 1 :]
    end = size - len(last)
    sha, lines, left = hashlib.sha256(), 0, end
    stream.seek(0)
    first = stream.readline()
    stream.seek(0)
    while block := stream.read(min(_BLOCK, left)):
        sha.update(block)
        lines += block.count(b"\n")
        left -= len(block)
    try:
        seal = msgspec.json.decode(last, type=Seal)
        header = msgspec.json.decode(first)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    if (seal.sha256, seal.lines, encode(seal) + b"\n") != (sha.hexdigest(), lines, last):
        return None
    index = end if seal.index is None else seal.index
    if index != end:
        stream.seek(max(0, index - 1))
        if stream.read(1 + len(_INDEX)) != b"\n" + _INDEX:
            return None
    number = _NAME.fullmatch(path.name)
    if number is None or not isinstance(header, dict) or header.get("part") != int(number[1]):
        return None
    return Checked(path, header, len(first), index, end)


def encode(value: Any) -> bytes:
    """Return a value as JSON: keys sorted, no spaces, characters as they are (UTF-8), the same bytes every time.

    Half a character of UTF-16, which a browser can send and UTF-8 has no place for, is escaped.
    """
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError:
        return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")


def decode(line: bytes) -> Any:
    """Return the value of a line, whatever a browser has sent in it."""
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return json.loads(line.decode("utf-8", "surrogatepass"))
