"""Rows of delimited text: where each ends, in bounded memory and linear time."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from goldwire.corpus.readers.base import LONGEST, TOO_LONG

_REREAD = 10_000_000  # characters in a file: after that a row is a line, so that reading stays linear


@dataclass(frozen=True)
class Dialect:
    """What parts fields, and what quotes them; an empty `quote` means that quotes are characters like any other."""

    delimiter: str
    quote: str = '"'


class State(Enum):
    """Where a line ends: outside a quoted field, inside one, or after a quote where none can be."""

    OUTSIDE = auto()
    INSIDE = auto()
    BROKEN = auto()
    LONG = auto()

    @property
    def problem(self) -> str:
        """What is wrong with a row that ends so."""
        match self:
            case State.INSIDE:
                return "a quote opens and never closes"
            case State.BROKEN:
                return "a quote inside a quoted field is not doubled, or one opens and never closes"
            case State.OUTSIDE | State.LONG:
                return TOO_LONG


def rows(lines: Iterator[str | None], dialect: Dialect) -> Iterator[tuple[int, list[str] | State]]:
    """Yield every row that is not blank with the number of its first line, counted from 1.

    A row is as many lines as it takes to close its quotes. Where they do not fit, or a line is None (too long), the
    row is a `State` and reading goes on at the next line.
    """
    # The module's own limit of 131,072 characters is shorter than some articles.
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST))
    again: list[str | None] = []  # lines that were read ahead in search of a closing quote, the next one last
    number = reread = 0
    while (line := again.pop() if again else next(lines, "")) != "":
        number += 1
        if line is None:
            yield number, State.LONG
            continue
        row, size = [line], len(line)
        state = _after(line, dialect, inside=False)
        while state is State.INSIDE and reread <= _REREAD and size <= LONGEST:
            line = again.pop() if again else next(lines, "")
            if not line:
                again += [line] if line is None else []
                break
            row.append(line)
            size += len(line)
            state = _after(line, dialect, inside=True)
        if state is State.OUTSIDE and size <= LONGEST:
            values = _values(row, dialect)
            number += len(row) - 1
            if any(values):
                yield number - len(row) + 1, values
        else:
            reread += size
            again += reversed(row[1:])
            yield number, state


def _values(row: list[str], dialect: Dialect) -> list[str]:
    if not dialect.quote:
        return row[0].rstrip("\r\n").split(dialect.delimiter)
    return next(csv.reader(row, delimiter=dialect.delimiter, quotechar=dialect.quote), [])


@lru_cache
def _inside(quote: str) -> re.Pattern[str]:
    return re.compile(f"[^{quote}]*+(?:{quote}{quote}[^{quote}]*+)*+")


def _after(line: str, dialect: Dialect, *, inside: bool) -> State:
    """Return where the line ends. A quote inside an unquoted field is a character like any other."""
    delimiter, quote = dialect.delimiter, dialect.quote
    if not quote or (not inside and quote not in line):
        return State.OUTSIDE
    at, end = 0, len(line.rstrip("\r\n"))
    while True:
        if inside:
            at = _inside(quote).match(line, at).end()  # type: ignore[union-attr]  # it matches the empty string too
            if at == len(line):
                return State.INSIDE
            at += 1
            if at < end and line[at] != delimiter:
                return State.BROKEN
        elif line.startswith(quote, at):
            inside = True
            at += 1
            continue
        at = line.find(delimiter, at) + 1
        if at == 0:
            return State.OUTSIDE
        inside = False
