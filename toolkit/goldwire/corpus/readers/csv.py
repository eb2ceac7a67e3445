"""CSV and TSV: a header, then one article a record. Fields may be quoted with ``"`` and then hold line ends."""

import csv
import re
from collections.abc import Iterator
from enum import Enum, auto
from functools import partial

from goldwire.corpus.readers.base import Reader, Record, Reject, Source, decoded, undecoded

_LONGEST = 16_000_000  # characters in a record: a quote that opens and never closes must not swallow a file
_REREAD = 10_000_000  # characters in a file: after that a row is a line, so that reading stays linear
_INSIDE = re.compile('[^"]*+(?:""[^"]*+)*+')


def read(source: Source, *, delimiter: str) -> Iterator[Record | Reject]:
    """Yield a record for every row that has the header's number of fields.

    A row whose quotes do not fit is rejected with its line, and reading goes on at the next line.
    """
    # The module's own limit of 131,072 characters is shorter than some articles.
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST))
    with decoded(source.stream) as stream:
        rows = _rows(stream, source.file, delimiter)
        header: list[str] | None = None
        for row in rows:
            if isinstance(row, Reject):
                yield row
                if header is None:
                    return
                continue
            line, values = row
            if header is None:
                header = [name.strip() or f"column {number}" for number, name in enumerate(values, 1)]
                if problem := _header_problem(header):
                    yield Reject(source.file, line, f"header: {problem}")
                    return
            elif len(values) != len(header):
                yield Reject(source.file, line, f"row: has {len(values)} fields, and the header has {len(header)}")
            elif bad := next(((n, p) for n, v in zip(header, values, strict=True) if (p := undecoded(v))), None):
                yield Reject(source.file, line, f"{bad[0]}: {bad[1]}")
            else:
                yield Record(dict(zip(header, values, strict=True)), source.file, line)


def _header_problem(header: list[str]) -> str | None:
    if problem := undecoded("".join(header)):
        return problem
    twice = next((name for name in header if header.count(name) > 1), None)
    return None if twice is None else f'column "{twice}" stands twice'


def _rows(stream: Iterator[str], file: str, delimiter: str) -> Iterator[tuple[int, list[str]] | Reject]:
    """Yield (line, values) for every row; a row is as many lines as it takes to close its quotes."""
    again: list[str] = []  # lines that were read ahead in search of a closing quote, the next one last
    number = reread = 0
    while line := again.pop() if again else next(stream, ""):
        number += 1
        lines, size = [line], len(line)
        state = _after(line, delimiter, inside=False)
        while state is _State.INSIDE and reread <= _REREAD and size <= _LONGEST:
            line = again.pop() if again else next(stream, "")
            if not line:
                break
            lines.append(line)
            size += len(line)
            state = _after(line, delimiter, inside=True)
        if state is _State.OUTSIDE and size <= _LONGEST:
            values = next(csv.reader(lines, delimiter=delimiter), [])
            number += len(lines) - 1
            if any(values):
                yield number - len(lines) + 1, values
        else:
            reread += size
            again += reversed(lines[1:])
            yield Reject(file, number, f"row: {_problem(state)}")


class _State(Enum):
    """Where a line ends: outside a quoted field, inside one, or after a quote where none can be."""

    OUTSIDE = auto()
    INSIDE = auto()
    BROKEN = auto()


def _problem(state: _State) -> str:
    match state:
        case _State.INSIDE:
            return "a quote opens and never closes"
        case _State.BROKEN:
            return "a quote inside a quoted field is not doubled, or one opens and never closes"
        case _State.OUTSIDE:
            return "is too long"


def _after(line: str, delimiter: str, *, inside: bool) -> _State:
    """Return where the line ends. A quote inside an unquoted field is a character like any other."""
    at, end = 0, len(line.rstrip("\r\n"))
    while True:
        if inside:
            at = _INSIDE.match(line, at).end()  # type: ignore[union-attr]  # it matches the empty string too
            if at == len(line):
                return _State.INSIDE
            at += 1
            if at < end and line[at] != delimiter:
                return _State.BROKEN
        elif line.startswith('"', at):
            inside = True
            at += 1
            continue
        at = line.find(delimiter, at) + 1
        if at == 0:
            return _State.OUTSIDE
        inside = False


READER = Reader("csv", (".csv",), partial(read, delimiter=","))
TSV_READER = Reader("tsv", (".tsv",), partial(read, delimiter="\t"))
