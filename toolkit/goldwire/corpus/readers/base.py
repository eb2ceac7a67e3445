"""What readers take and yield."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

Title = Literal["none", "first-line"]


@dataclass(frozen=True)
class Source:
    """An opened file: its bytes, the name that messages give it, and whether a plain text's first line is a title.

    A file whose records are lines may come in parts, cut at line ends; `first_line` is then the number that the first
    line of this part has in the file.
    """

    stream: BinaryIO
    file: str
    title: Title = "none"
    first_line: int = 1


@dataclass(frozen=True)
class Record:
    """One article as the file has it: columns by name, not yet understood. `line` is None in a whole-file format."""

    fields: dict[str, Any]
    file: str
    line: int | None = None


@dataclass(frozen=True)
class Reject:
    """One thing that could not become an article, and why, as ``field: reason``."""

    file: str
    line: int | None
    reason: str


def _never(head: bytes) -> bool:  # noqa: ARG001 - the signature of `Reader.recognises`
    return False


@dataclass(frozen=True)
class Reader:
    """A format: its name, the endings of its files' names in lower case, and the function that reads it.

    `recognises` takes the first bytes of a file (`HEAD` at most) and is true only where they are unmistakable, since
    it overrules the name. `by_line` says that every record is one line, so that a file can be read in parts.
    """

    name: str
    endings: tuple[str, ...]
    read: Callable[[Source], Iterator[Record | Reject]]
    recognises: Callable[[bytes], bool] = _never
    by_line: bool = False


HEAD = 65_536
"""Bytes at the beginning of a file that tell its format."""

LONGEST = 16_000_000
"""Characters in a record, at most."""
TOO_LONG = f"is longer than {LONGEST:,} characters"


_SURROGATE = re.compile("[\ud800-\udfff]")


def surrogate(text: str) -> str | None:
    """Return what is wrong with a text that has a lone surrogate, which no file can hold; None when it has none."""
    match = None if text.isascii() else _SURROGATE.search(text)
    return None if match is None else f"has a lone surrogate (U+{ord(match.group()):04X})"
