"""A config of the dataset: one table of it under a name, divided by its column `split`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from goldwire.labels.dataset.joins import Codes, one, taken
from goldwire.labels.splits.division import SPLITS

UNASSIGNED = "unassigned"  # articles without a labelled unit in their story


@dataclass(frozen=True)
class Config:
    """One table of the dataset.

    Attributes
    ----------
    name : str
        As given to `load_dataset`.
    row : str
        What one row is.
    table : pa.Table
        All rows, sorted; the column `split` divides them. Long texts that many rows share are dictionary-encoded, so
        that they are in memory once.
    classes : mapping of str to list of str
        Columns that hold indices of labels, with the labels.
    lengths : mapping of str to int
        Columns that hold lists of one length, or null, with the length. They are written as lists of any length: from
        Parquet, pyarrow 25 does not read a fixed-size list that is null (apache/arrow#35692).
    """

    name: str
    row: str
    table: pa.Table
    classes: Mapping[str, list[str]] = field(default_factory=dict)
    lengths: Mapping[str, int] = field(default_factory=dict)

    @property
    def schema(self) -> pa.Schema:
        """The columns as they are written: without dictionaries."""
        fields = (column.with_type(_plain(column.type)) for column in self.table.schema)
        return pa.schema(fields)

    def places(self) -> dict[str, Codes]:
        """Return where the rows of each split stand: train, validation and test always, unassigned if it has any."""
        import pyarrow.compute as pc

        column = one(self.table["split"])
        found = {
            name: np.flatnonzero(pc.fill_null(pc.equal(column, name), False).to_numpy(zero_copy_only=False))
            for name in (*SPLITS, UNASSIGNED)
        }
        return {name: rows for name, rows in found.items() if name in SPLITS or len(rows)}

    def counts(self) -> dict[str, int]:
        """Return the number of rows of each split; see `places`."""
        return {name: len(rows) for name, rows in self.places().items()}

    def parts(self) -> dict[str, pa.Table]:
        """Return the rows of each split; see `places`."""
        return {name: taken(self.table, rows) for name, rows in self.places().items()}

    def pieces(self, rows: Codes, size: int) -> Iterator[pa.Table]:
        """Yield rows of the table, as many as `size` together, as they are written; `rows` as `places` has them."""
        for start in range(0, len(rows), size):
            some = rows[start : start + size]
            first, last = int(some.min()), int(some.max())
            part = taken(self.table.slice(first, last - first + 1), some - first)
            yield pa.table([one(part[name]) for name in part.column_names], names=part.column_names).cast(self.schema)


def _plain(type_: pa.DataType) -> pa.DataType:
    return pa.string() if pa.types.is_dictionary(type_) else type_
