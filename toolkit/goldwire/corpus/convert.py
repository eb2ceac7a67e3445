"""Convert: some files, or a part of one, become one Parquet file of articles, and the facts of what was read.

This is the work that Daft spreads over processes or machines. Only facts travel back; the articles stay in the file.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Self

import pyarrow as pa

from goldwire import tables
from goldwire.corpus.article import Reading, article
from goldwire.corpus.compare import NUMBERS, Comparing, numbers
from goldwire.corpus.readers import READERS, Record, Reject, Source
from goldwire.corpus.readers.base import Title
from goldwire.corpus.rejects import KEPT
from goldwire.corpus.sources import Broken, Item

ROWS = 2_000
"""Articles that are held in memory before they are written."""

_ROW = pa.schema([*tables.SCHEMAS["articles"], ("file", pa.string()), ("line", pa.int64())])
SCHEMA = pa.schema([*_ROW, *list(NUMBERS)[1:]])
"""The articles, where each one stood, and what is known of its body for comparing it with others."""


@dataclass
class Tally:
    """What was read.

    `odd` has, for each kind of oddity, how many articles have it and what the first one is.
    """

    read: int = 0
    rejected: int = 0
    unread: int = 0  # items that could not be opened
    columns: list[str] = field(default_factory=list)  # those of a mapping that were seen
    rejects: list[Reject] = field(default_factory=list)  # at most `KEPT`
    odd: dict[str, tuple[int, str]] = field(default_factory=dict)

    def reject(self, reject: Reject) -> None:
        """Count a reject, and list it while there are not too many."""
        self.rejected += 1
        if len(self.rejects) < KEPT:
            self.rejects.append(reject)

    def add(self, other: Self) -> None:
        """Add the facts of what comes after this."""
        self.read += other.read
        self.unread += other.unread
        self.columns = sorted({*self.columns, *other.columns})
        self.rejected += other.rejected
        self.rejects += other.rejects[: KEPT - len(self.rejects)]
        for kind, (count, first) in other.odd.items():
            there, before = self.odd.get(kind, (0, first))
            self.odd[kind] = (there + count, before)

    def dumps(self) -> str:
        """Return the facts as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def loads(cls, text: str) -> Self:
        """Return the facts that `dumps` wrote."""
        value = json.loads(text)
        value["rejects"] = [Reject(**reject) for reject in value["rejects"]]
        value["odd"] = {kind: (count, first) for kind, (count, first) in value["odd"].items()}
        return cls(**value)


def convert(
    items: Sequence[Item],
    into: Path,
    *,
    mapping: Mapping[str, str],
    title: Title,
    reading: Reading,
    comparing: Comparing,
    stdin: BinaryIO | None = None,
) -> Tally:
    """Read items, write their articles to one Parquet file (`SCHEMA`), and return what was read.

    Parameters
    ----------
    items : sequence of Item
    into : Path
    mapping : mapping of str to str
        Fields to columns, from `columns.check`.
    title, reading, comparing
        See `goldwire.corpus.ingest.ingest`.
    stdin : binary stream, optional
        What ``-`` reads.
    """
    import pyarrow.parquet as pq

    tally, columns, rows = Tally(), set(), []
    wanted = set(mapping.values())
    compression = {"text": "lz4", "meta": "lz4"}  # the rest is small or has nothing to compress
    with pq.ParquetWriter(
        into, SCHEMA, compression=compression, use_dictionary=False, write_statistics=False
    ) as writer:
        for found in chain.from_iterable(_read(item, title, stdin, tally) for item in items):
            tally.read += 1
            if isinstance(found, Reject):
                tally.reject(found)
                continue
            if wanted:
                columns.update(wanted & found.fields.keys())
            made = article(found, mapping, reading)
            if isinstance(made, Reject):
                tally.reject(made)
                continue
            rows.append({**made.row, "file": found.file, "line": found.line})
            for kind, value in made.warnings:
                count, first = tally.odd.get(kind, (0, ""))
                place = found.file if found.line is None else f"{found.file}:{found.line}"
                tally.odd[kind] = (count + 1, first or f'"{value[:80]}" at {place}')
            if len(rows) == ROWS:
                writer.write_batch(_batch(rows, comparing))
                rows.clear()
        if rows:
            writer.write_batch(_batch(rows, comparing))
    tally.columns = sorted(columns)
    return tally


def _batch(rows: list[dict[str, Any]], comparing: Comparing) -> pa.RecordBatch:
    arrays = [pa.array([row.get(field.name) for row in rows], field.type) for field in _ROW]
    compared = numbers([row["text"] for row in rows], [row["body_start"] for row in rows], comparing)
    return pa.record_batch([*arrays, *compared], schema=SCHEMA)


def _read(item: Item, title: Title, stdin: BinaryIO | None, tally: Tally) -> Iterator[Record | Reject]:
    before = tally.read
    try:
        with item.open(stdin) as stream:
            yield from READERS[item.reader].read(Source(stream, item.name, title, item.first_line))
    except Broken as error:
        yield Reject(item.name, None, f"file: {error}")
    except OSError as error:
        tally.unread += tally.read == before
        yield Reject(item.name, None, f"file: cannot be read: {error.strerror or error}")
