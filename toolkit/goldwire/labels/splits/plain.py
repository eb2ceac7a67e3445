"""A table of one's own, divided: its rows as units, and its columns as what they may share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.labels.plain_table import no_column, text_column
from goldwire.labels.splits.divide import Asked, Divided, divide, nothing
from goldwire.labels.splits.items import NONE, SPLITS, Ints, Items
from goldwire.labels.splits.notes import counted, listed, short
from goldwire.labels.splits.official import codes_of
from goldwire.labels.splits.plain_rows import Options, items_of

__all__ = ["Options", "divide_table"]

Dates = Callable[[Any], datetime | None]
"""Reads a date; None where it is none."""


@dataclass(frozen=True)
class DividedTable:
    """The table with the columns split and fold, the columns alone, and what is said of it."""

    table: pa.Table
    alone: pa.Table
    summary: dict[str, Any]


def divide_table(table: pa.Table, options: Options, dates: Dates) -> DividedTable:
    """Divide the rows of a table.

    Returns
    -------
    DividedTable
        `table` has the rows and columns as they came, and a column split (null where a row is in none), and a column
        fold where there are folds. The same for the same rows, in whatever order they come.

    Raises
    ------
    UsageError
        When options do not go together.
    GoldwireError
        When a column is missing, one value has more rows than the largest split can take, or an official split is
        unknown.
    """
    options.checked()
    for name in ("split", "fold") if options.params.folds else ("split",):
        if name in table.column_names and not (options.by == "official" and options.official == name):
            other = "to take it as it is: --by official --official split" if name == "split" else "leave it out."
            raise GoldwireError(f'there is a column "{name}" already', hint=f"Rename it, or {other}")
    order, items = items_of(table, options)
    asked, notes = _asked(table, order, items, options, dates)
    made = divide(items, asked, nothing(items))
    back = np.argsort(order)
    added = {"split": _named(made)}
    if options.params.folds:
        added["fold"] = pa.array(made.folds, pa.int64(), mask=made.folds == NONE)
    kept = table.drop_columns([name for name in added if name in table.column_names])
    alone = table.select([options.unit]) if options.unit else pa.table({"row": np.arange(1, table.num_rows + 1)})
    for name, column in added.items():
        kept, alone = (one.append_column(name, column.take(pa.array(back))) for one in (kept, alone))
    return DividedTable(kept, alone, _summary(made, options, notes))


def _asked(table: pa.Table, order: Ints, items: Items, options: Options, dates: Dates) -> tuple[Asked, list[str]]:
    params = options.params
    shares = [params.train, params.validation, params.test]
    if options.official is not None:
        values = text_column(table, options.official).take(pa.array(order)).to_pylist()
        owner = items.fields[items.owner]
        names = [owner.names[code] for code in owner.codes.tolist()]
        codes = codes_of(values, names, SPLITS, options.official, items.owner)
        return Asked(shares, params.folds, options.seed, official=codes, where=options.official), []
    if options.date is None:
        return Asked(shares, params.folds, options.seed), []
    if options.date not in table.column_names:
        raise no_column(table, options.date, option="date")
    column = table[options.date].combine_chunks().take(pa.array(order))
    if pa.types.is_nested(column.type):
        raise GoldwireError(
            f'column "{options.date}" holds lists or structures, not dates', hint="Name a column with one date a row."
        )
    given = [value if str(value).strip() not in ("", "nan") else None for value in column.to_pylist()]
    read = {value: dates(value) for value in set(given)}
    unread = sorted(str(value) for value in given if value is not None and read[value] is None)
    moments = np.array([_microseconds(found) if (found := read[value]) else 0 for value in given], np.int64)
    dated = np.array([read[value] is not None for value in given], bool)
    shown = listed([f'"{short(value)}"' for value in dict.fromkeys(unread)])
    notes = [f"{counted(len(unread), 'date')} could not be read: {shown}."] if unread else []
    return Asked(shares, params.folds, options.seed, moments=moments, dated=dated), notes


def _microseconds(moment: datetime) -> int:
    return int(np.datetime64(moment.replace(tzinfo=None), "us").astype(np.int64))


def _named(made: Divided) -> pa.Array:
    names = pa.array([*SPLITS, None], pa.string())
    return names.take(pa.array(np.where(made.splits == NONE, len(SPLITS), made.splits)))


def _summary(made: Divided, options: Options, notes: Sequence[str]) -> dict[str, Any]:
    outside = int((made.splits == NONE).sum())
    value = {
        "units": len(made.splits),
        "splits": {name: int((made.splits == code).sum()) for code, name in enumerate(SPLITS)},
        "dropped": int(made.torn.sum()),
        "left_out": outside - int(made.torn.sum()),
        "notes": [*notes, *made.notes],
    }
    if options.params.folds:
        value["folds"] = [int((made.folds == number).sum()) for number in range(options.params.folds)]
    return value
