"""CSV and TSV: a header, then one article a record. Fields may be quoted and then hold line ends.

Delimiter (comma, semicolon, tab, pipe) and quote are found from the first rows, whatever the name of the file.
"""

from collections import Counter
from collections.abc import Iterator
from functools import partial

from goldwire.corpus.readers import dialect
from goldwire.corpus.readers.base import HEAD, Reader, Record, Reject, Source
from goldwire.corpus.readers.encoding import Decoded, decoded
from goldwire.corpus.readers.lines import lines
from goldwire.corpus.readers.rows import State, rows


def read(source: Source, *, delimiter: str) -> Iterator[Record | Reject]:
    """Yield a record for every row that has the header's number of fields.

    A row whose quotes do not fit is rejected with its line, and reading goes on at the next line. Where the file is
    not UTF-8, `encoding` is the one that was found; see `goldwire.corpus.readers.encoding`.

    Parameters
    ----------
    source : Source
        The file.
    delimiter : str
        What parts fields where the first rows do not tell.
    """
    with decoded(source.stream, head=HEAD) as found:
        yield from _records(source, found, delimiter)


def _records(source: Source, found: Decoded, delimiter: str) -> Iterator[Record | Reject]:
    header: list[str] | None = None
    for number, values in rows(lines(found.stream), dialect.find(found.head, delimiter, cut=found.cut)):
        line = source.first_line + number - 1
        if isinstance(values, State):
            yield Reject(source.file, line, f"row: {values.problem}")
            if header is None:
                return
        elif header is None:
            header = [name.strip() or f"column {column}" for column, name in enumerate(values, 1)]
            if problem := _header_problem(header, found):
                yield Reject(source.file, line, f"header: {problem}")
                return
        elif len(values) != len(header):
            yield Reject(source.file, line, f"row: has {len(values)} fields, and the header has {len(header)}")
        elif bad := next(((n, p) for n, v in zip(header, values, strict=True) if (p := found.problem(v))), None):
            yield Reject(source.file, line, f"{bad[0]}: {bad[1]}")
        else:
            yield Record(dict(zip(header, values, strict=True)) | found.fields(), source.file, line)


def _header_problem(header: list[str], found: Decoded) -> str | None:
    if problem := found.problem("".join(header)):
        return problem
    twice = next((name for name, count in Counter(header).items() if count > 1), None)
    return None if twice is None else f'column "{twice}" stands twice'


READER = Reader("csv", (".csv",), partial(read, delimiter=","))
TSV_READER = Reader("tsv", (".tsv",), partial(read, delimiter="\t"))
