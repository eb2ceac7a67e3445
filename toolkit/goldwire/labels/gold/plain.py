"""Gold from a plain file with one answer a row, and how right the methods are where the file says what is true."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.labels.ballots import Duplicates, columns_of
from goldwire.labels.decide import Ties
from goldwire.labels.estimate import Method
from goldwire.labels.gold.compare import compare_frame
from goldwire.labels.gold.merge import gold_from_frame
from goldwire.labels.plain_table import as_text, text_column
from goldwire.labels.typed_labels import read_map, recoded


@dataclass(frozen=True)
class Reading:
    """How a plain file is read.

    Parameters
    ----------
    unit, annotator, label : str, optional
        Its columns, by default ours or crowd-kit's.
    duplicates : "first", "last" or "error", optional
        Which answer counts when an annotator answered a unit twice.
    recode : Path, optional
        What labels as typed mean; see `goldwire.labels.typed_labels.read_map`.
    """

    unit: str | None = None
    annotator: str | None = None
    label: str | None = None
    duplicates: Duplicates | None = None
    recode: Path | None = None


@dataclass(frozen=True)
class Read:
    """A plain file: its table with the new labels, its columns, and what the map did."""

    table: pa.Table
    columns: tuple[str, str, str]
    duplicates: Duplicates | None
    applied: dict[str, dict[str, Any]] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)


def read(table: pa.Table, reading: Reading) -> Read:
    """Take a plain file as its columns and its map say; rows whose label the map does not know have no answer.

    Raises
    ------
    GoldwireError
        When the map cannot be read, a column is missing or cannot be text, or there is no answer.
    """
    columns = columns_of(table, reading.unit, reading.annotator, reading.label)
    found = Read(as_text(table, *columns), columns, reading.duplicates)
    if reading.recode is not None:
        new = recoded(found.table, columns[2], read_map(reading.recode))
        found = Read(new.table, columns, reading.duplicates, new.applied, new.unknown)
    if found.table[columns[2]].null_count == table.num_rows:
        what = f"there is no answer in these {table.num_rows} rows" if table.num_rows else "there are no votes"
        hint = f'A row needs a label in the column "{columns[2]}".'
        raise GoldwireError(what, hint=hint + (" The map knows none of them." if found.unknown else ""))
    return found


def decide_table(found: Read, *, method: Method, ties: Ties, seed: int) -> pa.Table:
    """Return gold under the file's own names of columns, so that `goldwire eval score` finds them.

    See `goldwire.labels.gold.merge.gold_from_frame`.
    """
    unit, _, label = found.columns
    made = gold_from_frame(found.table, *found.columns, found.duplicates, method=method, ties=ties, seed=seed)
    return made.rename_columns([{"unit": unit, "label": label}.get(name, name) for name in made.column_names])


def compare(found: Read, gold_column: str, seed: int) -> dict[str, Any]:
    """Score the methods against a column; see `goldwire.labels.gold.compare.compare_frame`."""
    table = found.table
    if gold_column in table.column_names:
        table = table.set_column(table.column_names.index(gold_column), gold_column, text_column(table, gold_column))
    return compare_frame(table, *found.columns, gold_column, found.duplicates, seed=seed)
