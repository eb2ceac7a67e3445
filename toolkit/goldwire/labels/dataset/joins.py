"""Rows of tables put together and in order, by position: no row becomes a Python object."""

from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goldwire.errors import GoldwireError

Codes = NDArray[np.int64]
_MOST = 2**62


def one(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Return a column as one array, without a copy where it is one already."""
    if isinstance(column, pa.ChunkedArray):
        return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    return column


def positions(column: pa.ChunkedArray | pa.Array, among: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Return where each value stands among others; null where it does not."""
    import pyarrow.compute as pc

    return pc.index_in(one(column), value_set=one(among))


def known(table: pa.Table, key: str, others: pa.Table, name: str, known_as: str) -> Codes:
    """Return the row of `others` that each row of a table names by `key`.

    Parameters
    ----------
    name, known_as : str
        What the two tables are called, for the message.

    Raises
    ------
    GoldwireError
        When some rows name none.
    """
    import pyarrow.compute as pc

    at = positions(table[key], others[key])
    if at.null_count:
        lost = one(table[key]).filter(pc.is_null(at))
        names = sorted(lost.unique().to_pylist(), key=str)
        what = f"{key.removesuffix('_id')}{'' if len(names) == 1 else 's'}"
        raise GoldwireError(
            f"{name}: {len(lost)} row{'' if len(lost) == 1 else 's'} of {len(names)} {what} not in {known_as}: "
            f"{', '.join(map(str, names[:5]))}{', ...' if len(names) > 5 else ''}",
            hint="Fold the rounds again with: goldwire labels build, then decide with: goldwire labels gold"
            if known_as == "units"
            else "Import the articles again as they were: goldwire corpus import PATH",
        )
    return np.asarray(at.to_numpy(zero_copy_only=False), dtype=np.int64)


def ranks(column: pa.ChunkedArray | pa.Array) -> Codes:
    """Return each value's place among the distinct ones in order; null comes last."""
    import pyarrow.compute as pc

    found = one(column).dictionary_encode()
    order = pc.sort_indices(found.dictionary).to_numpy()
    place: Codes = np.empty(len(order) + 1, dtype=np.int64)
    place[order] = np.arange(len(order))
    place[-1] = len(order)
    codes: Codes = found.indices.fill_null(len(order)).to_numpy(zero_copy_only=False)
    return place[codes]


def order_by(keys: Iterable[Codes], rows: int) -> Codes:
    """Return the order of rows by several keys, the first the most important.

    Parameters
    ----------
    keys : iterable of array of int
        None below 0. A key is asked for only when those before it do not tell all rows apart.
    rows : int
    """
    joint: Codes = np.zeros(rows, dtype=np.int64)
    order: Codes = np.arange(rows)
    for key in keys:
        width = int(key.max(initial=0)) + 1
        if int(joint.max(initial=0)) >= _MOST // width:
            joint = np.unique(joint, return_inverse=True)[1]
        joint = joint * width + key
        if (np.diff(joint) > 0).all():
            return np.arange(rows)
        order = np.argsort(joint, kind="stable")
        if (np.diff(joint[order]) > 0).all():
            break
    return order


def taken(table: pa.Table, rows: Codes, columns: Sequence[str] | None = None) -> pa.Table:
    """Return rows of a table by position, by column; the very table where they are all its rows in order."""
    table = table if columns is None else table.select(columns)
    if len(rows) == table.num_rows and (rows == np.arange(len(rows))).all():
        return table
    at = pa.array(rows)
    arrays = [one(table[name]).take(at) for name in table.column_names]
    return pa.table(arrays, schema=table.schema.remove_metadata())
