"""Parquet: one article a row. The line of a record is its row, counted from 1."""

import shutil
import tempfile
from collections.abc import Iterator
from typing import IO, Any

import pyarrow as pa

from goldwire.corpus.readers.base import LONGEST, TOO_LONG, Reader, Record, Reject, Source

_ROWS = 1000  # at a time, fewer when they are long
_BYTES = 64_000_000  # at a time
_IN_MEMORY = 16_000_000  # bytes of a stream that cannot be sought in; a longer one goes to a temporary file


def read(source: Source) -> Iterator[Record | Reject]:
    """Yield a record for every row; a row that cannot be turned into Python values is rejected by itself."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
        if source.stream.seekable():
            yield from _records(source.stream, source.file)
        else:
            shutil.copyfileobj(source.stream, copy)
            copy.seek(0)
            yield from _records(copy, source.file)


def _records(stream: IO[bytes], name: str) -> Iterator[Record | Reject]:
    import pyarrow.parquet as pq

    row = 0
    try:
        file = pq.ParquetFile(stream, buffer_size=1_000_000, pre_buffer=False)
        for batch in file.iter_batches(batch_size=_batch(file.metadata)):
            for values in _values(batch):
                row += 1
                if isinstance(values, str):
                    yield Reject(name, row, f"row: {values}")
                elif long := next((n for n, v in values.items() if isinstance(v, str) and len(v) > LONGEST), None):
                    yield Reject(name, row, f"{long}: {TOO_LONG}")
                else:
                    yield Record(values, name, row)
    except (pa.ArrowException, OSError) as error:
        reason = str(error).partition("\n")[0]
        yield Reject(name, row + 1 if row else None, f"file: is not readable as Parquet: {reason}")


def _batch(metadata: Any) -> int:
    """Return how many rows to read at a time, by the rows of the group with the longest."""
    groups = [metadata.row_group(index) for index in range(metadata.num_row_groups)]
    longest = max((group.total_byte_size // max(group.num_rows, 1) for group in groups), default=0)
    return max(1, min(_ROWS, _BYTES // max(longest, 1)))


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


def recognises(head: bytes) -> bool:
    """Say whether a file begins as Parquet does."""
    return head.startswith(b"PAR1")


READER = Reader("parquet", (".parquet",), read, recognises)
