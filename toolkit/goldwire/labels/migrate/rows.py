"""What the parts of a recasting share: what is met on the way, and columns of whole tables."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from goldwire.errors import GoldwireError
from goldwire.labels.migrate.rules import Migration

AGAIN = pa.schema([(name, pa.string()) for name in ("round", "annotation_id", "unit_id", "name", "label")])
"""An answer that has to be given again: of the field `name`, because of `label` (null: because it was empty)."""

BETWEEN = "\x1f"

Codes = NDArray[np.int64]


@dataclass
class Found:
    """What is met on the way: tables of AGAIN; (field, label) -> rows without a decision; annotations affected."""

    again: list[pa.Table] = field(default_factory=list)
    undecided: Counter[tuple[str, str]] = field(default_factory=Counter)
    stale: list[pa.Array] = field(default_factory=list)

    def answer(self, rows: pa.Table, name: str, label: pa.Array) -> None:
        counted = pc.fill_null(rows["counts"], False)
        given = {key: rows[key] for key in ("round", "annotation_id", "unit_id")}
        given |= {"name": pa.array([name] * rows.num_rows, pa.string()), "label": label.cast(pa.string())}
        self.again.append(pa.table(given).cast(AGAIN).filter(counted))

    def spoil(self, rows: pa.Table) -> None:
        self.stale.append(annotation_of(rows))


def refuse_undecided(undecided: Counter[tuple[str, str]], migration: Migration) -> None:
    """Raise for labels that answers have, and of which nobody said what becomes of them."""
    if undecided:
        lines = [f"{name}: {label} ({number} answers)" for (name, label), number in sorted(undecided.items())]
        raise GoldwireError(
            f"answers have what {migration.new.name} {migration.new.version} has not, and the mapping does not say "
            "what becomes of it:\n" + "\n".join(lines),
            where=migration.source,
            hint='Replace each "?" there, or add what is missing: a new name, [two, names] when it was split (it is '
            "asked again), or null when it is retired (taken from the answers).",
        )


def annotation_of(rows: pa.Table) -> pa.Array:
    """Return what names the annotation of each row: the round and the id."""
    joined = pc.binary_join_element_wise(rows["round"], rows["annotation_id"], BETWEEN)
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def among(column: pa.ChunkedArray, values: list[str]) -> pa.ChunkedArray:
    return pc.is_in(column, value_set=pa.array(values, pa.string()))


def same(text: str, rows: pa.Table) -> pa.Array:
    return pa.array([text], pa.string()).take(pa.array(np.zeros(rows.num_rows, np.int64)))


def with_columns(rows: pa.Table, **columns: Any) -> pa.Table:
    for name, values in columns.items():
        place = rows.schema.get_field_index(name)
        rows = rows.set_column(place, rows.schema.field(place), values)
    return rows


def versioned(rows: pa.Table, migration: Migration) -> pa.Table:
    return with_columns(rows, scheme=same(migration.new.name, rows), scheme_hash=same(migration.new.hash, rows))


def coded(distinct: pa.DictionaryArray) -> tuple[Codes, list[int]]:
    """Return the code of each row, and how many rows each code has."""
    code = distinct.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return code, np.bincount(code, minlength=len(distinct.dictionary)).tolist()
