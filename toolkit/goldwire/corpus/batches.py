"""An articles table in parts, only the columns that are needed: a table larger than memory can be gone through."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from goldwire import tables
from goldwire.errors import GoldwireError

ROWS = 512


def batches(
    path: Path, columns: Sequence[str], *, optional: Sequence[str] = (), rows: int = ROWS
) -> Iterator[pa.Table]:
    """Yield the rows of an articles table, so many at a time, with the types that articles have.

    Parquet is read in parts; CSV, TSV and JSONL are read whole.

    Parameters
    ----------
    path : Path
        The table.
    columns : sequence of str
        Columns that must be there.
    optional : sequence of str
        Columns that are null where they are not there.
    rows : int
        At most so many at a time.

    Raises
    ------
    GoldwireError
        When the file is missing or unreadable, or lacks a column.
    """
    for part in _parts(path, [*columns, *optional], rows):
        if missing := [name for name in columns if name not in part.column_names]:
            raise GoldwireError(f"is not a table of articles: it lacks {', '.join(missing)}", where=str(path))
        yield _cast(part, [*columns, *optional], path)


def columns_of(path: Path) -> list[str]:
    """Return the names of a table's columns.

    Raises
    ------
    GoldwireError
        When the file is missing or unreadable.
    """
    return list(next(_parts(path, None, ROWS)).column_names)


def _parts(path: Path, columns: Sequence[str] | None, rows: int) -> Iterator[pa.Table]:
    if path.suffix.lower() != ".parquet" or not path.is_file():
        table = tables.read(path)
        yield table.slice(0, 0)  # so that the columns of an empty table are checked, too
        for begin in range(0, table.num_rows, rows):
            yield table.slice(begin, rows)
        return
    import pyarrow.parquet as pq

    try:
        # A buffer has the pages streamed; without it every column of a row group, all its texts, is read at once.
        with pq.ParquetFile(path, buffer_size=1 << 20) as file:
            there = [name for name in file.schema_arrow.names if columns is None or name in columns]
            yield file.schema_arrow.empty_table().select(there)
            for batch in file.iter_batches(rows, columns=there):
                yield pa.Table.from_batches([batch])
    except (pa.ArrowInvalid, OSError) as error:
        raise GoldwireError(f"cannot be read: {error}", where=str(path)) from None


def _cast(part: pa.Table, columns: Sequence[str], path: Path) -> pa.Table:
    schema = pa.schema([tables.SCHEMAS["articles"].field(name) for name in columns])
    for field in schema:
        if field.name not in part.column_names:
            part = part.append_column(field, pa.nulls(part.num_rows, field.type))
    try:
        return part.select(columns).cast(schema)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError) as error:
        raise GoldwireError(f"is not a table of articles: {error}", where=str(path)) from None
