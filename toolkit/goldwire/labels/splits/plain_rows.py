"""The rows of a plain table as what is divided, and its columns as what they may share."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from goldwire import study
from goldwire.errors import GoldwireError, UsageError
from goldwire.labels.plain_table import no_column, text_column
from goldwire.labels.splits.items import NONE, Field, Ints, Items, Labels, encoded, labels_of
from goldwire.labels.splits.near import stories
from goldwire.labels.splits.notes import short
from goldwire.provenance import digest

_ROWS = 10_000  # whole rows that are held at once


@dataclass(frozen=True)
class Options:
    """How to divide a table.

    Attributes
    ----------
    unit : str, optional
        Column with the unit; rows of one stay together. Without it every row is one.
    labels, group_by : sequence of str
        Columns with labels, which are spread evenly; and with what stays in one split.
    story, text : str, optional
        Columns with the story, and with a text whose near-duplicates are one story.
    by : str
        random, time, official, or a column each of whose values stands in one split.
    date, official : str, optional
        Columns with the date and with the official split.
    params : study.Splits
        The shares and folds.
    seed : int
    """

    unit: str | None = None
    labels: Sequence[str] = ()
    group_by: Sequence[str] = ()
    story: str | None = None
    text: str | None = None
    by: str = "random"
    date: str | None = None
    official: str | None = None
    params: study.Splits = field(default_factory=study.Splits)
    seed: int = 0

    def checked(self) -> "Options":
        """Return this.

        Raises
        ------
        UsageError
            When options do not go together.
        """
        for by, column in (("time", self.date), ("official", self.official)):
            if (self.by == by) != (column is not None):
                option = "date" if by == "time" else by
                raise UsageError(
                    f"--by {by} and --{option} COL go together",
                    hint=f"Name the column: --{option} COL" if self.by == by else f"Say: --by {by}",
                )
        return self


def items_of(table: pa.Table, options: Options) -> tuple[Ints, Items]:
    """Return the rows' positions in the order of the items, and the items: sorted by what they hold."""
    named = [options.unit, *options.labels, *options.group_by, options.story, options.text, options.by]
    for name in (*named, options.date, options.official):
        if (count := table.column_names.count(name)) > 1:
            raise GoldwireError(f'column "{name}" is there {count} times', hint="Rename or remove all but one.")
    columns = {name: text_column(table, name) for name in (options.unit, options.story, *options.group_by) if name}
    if options.by not in ("random", "time", "official"):
        columns[options.by] = text_column(table, options.by)
    labels = {name: _labels(table, name) for name in options.labels}
    texts = None if options.text is None else text_column(table, options.text)
    ids = _ids(table, [*columns.values(), *labels.values(), *([] if texts is None else [texts])])
    order = np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int64)
    at = pa.array(order, pa.int64())

    if options.unit:
        owner = encoded(columns[options.unit].take(at), whole=True)
        fields = {_key(options.unit): owner}
        if NONE in owner.codes:
            row = int(order[owner.codes == NONE].min()) + 1
            raise GoldwireError(f'"{options.unit}" is empty', where=f"row {row}", hint="Mend or remove the row.")
    else:
        fields = {"row": Field(np.arange(len(order)), [str(row + 1) for row in order.tolist()], True)}
    for name, column in columns.items():
        if name != options.unit:
            fields[_key(name)] = encoded(column.take(at), whole=False)
    if texts is not None:
        found = texts.take(at).to_pylist()
        codes = stories(found)
        names: list[str] = [""] * (int(codes.max(initial=NONE)) + 1)
        for text, code in zip(reversed(found), reversed(codes.tolist()), strict=True):
            if text is not None:
                names[code] = short(text)
        fields[_key(str(options.text))] = Field(codes, names, False)
    return order, Items([ids[row] for row in order.tolist()], fields, _together(labels, at), "row")


def _key(column: str) -> str:
    """Return what a column is called as a field: "row" without quotes is what rows without a unit are."""
    return '"row"' if column == "row" else column


def _labels(table: pa.Table, name: str) -> pa.Array:
    """Return a column of labels as lists of text."""
    import pyarrow.compute as pc

    if name not in table.column_names:
        raise no_column(table, name)
    column = table[name].combine_chunks()
    kind = column.type
    if not (pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)):
        column = text_column(table, name)
        offsets = np.append(0, np.cumsum(column.is_valid().to_numpy(zero_copy_only=False)))
        return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), column.drop_null())
    if pa.types.is_nested(kind.value_type):
        raise GoldwireError(f'column "{name}" holds lists of lists or of structures', hint="Give lists of labels.")
    lists = column.cast(pa.list_(kind.value_type))
    offsets = np.append(0, np.cumsum(pc.list_value_length(lists).fill_null(0).to_numpy()))
    flat = text_column(pa.table({name: lists.flatten()}), name)
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), flat)


def _together(labels: Mapping[str, pa.Array], at: pa.Array) -> Labels:
    import pyarrow.compute as pc

    units, names = [np.empty(0, np.int64)], [pa.array([], pa.string())]
    for name, column in labels.items():
        lists = column.take(at)
        units.append(pc.list_parent_indices(lists).to_numpy().astype(np.int64))
        names.append(pc.binary_join_element_wise(pa.scalar(name), lists.flatten(), "\0").cast(pa.string()))
    every, named = np.concatenate(units), pa.concat_arrays(names)
    known = named.is_valid()
    return labels_of(every[known.to_numpy(zero_copy_only=False)], named.filter(known))


def _ids(table: pa.Table, columns: Sequence[pa.Array]) -> list[str]:
    """Return an id of every row that tells what it holds, so that the order of the rows does not matter.

    Those that hold the same in these columns are numbered by what they hold in the others.
    """
    rows = zip(*(column.to_pylist() for column in columns), strict=True) if columns else ((),) * table.num_rows
    names = [digest(*(repr(value) for value in row)) for row in rows]
    counts = Counter(names)
    alike = [row for row, name in enumerate(names) if counts[name] > 1]
    parts = (table.take(pa.array(alike[begin : begin + _ROWS])) for begin in range(0, len(alike), _ROWS))
    whole = [digest(repr(row)) for part in parts for row in part.to_pylist()]
    seen: Counter[str] = Counter()
    found = [f"{name}/" for name in names]
    for _, row in sorted(zip(whole, alike, strict=True)):
        found[row] += f"{seen[names[row]]:09}"
        seen[names[row]] += 1
    return found
