"""Parquet: one article a row. The line of a record is its row, counted from 1."""

import io
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from goldwire.corpus.readers.base import Reader, Record, Reject, Source

_ROWS = 1000  # at a time


def read(source: Source) -> Iterator[Record | Reject]:
    """Yield a record for every row; a row that cannot be turned into Python values is rejected by itself."""
    import pyarrow.parquet as pq

    row = 0
    try:
        stream = source.stream if source.stream.seekable() else io.BytesIO(source.stream.read())
        for batch in pq.ParquetFile(stream).iter_batches(batch_size=_ROWS):
            for values in _values(batch):
                row += 1
                if isinstance(values, str):
                    yield Reject(source.file, row, f"row: {values}")
                else:
                    yield Record(values, source.file, row)
    except (pa.ArrowException, OSError) as error:
        reason = str(error).partition("\n")[0]
        yield Reject(source.file, row + 1 if row else None, f"file: is not readable as Parquet: {reason}")


def _values(batch: Any) -> Iterator[dict[str, Any] | str]:
    """Yield each row as a dictionary, or as the reason why it is none."""
    try:
        yield from batch.to_pylist()
    except ValueError:  # text that is not UTF-8, a time out of range: find the rows that it is about
        for index in range(batch.num_rows):
            try:
                (values,) = batch.slice(index, 1).to_pylist()
            except ValueError as error:
                yield str(error)
            else:
                yield values


READER = Reader("parquet", (".parquet",), read)
