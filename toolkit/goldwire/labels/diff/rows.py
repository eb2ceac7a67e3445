"""What differs between two tables, by Arrow's joins: rows that are equal never become Python objects."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

Renamed = Mapping[tuple[str, str, str], str]
"""(scheme, question, old label) -> new label, where a scheme calls the same thing otherwise."""

_BETWEEN = "\x1f"
_LABELS, _VALUE = "=", "~"


def with_answer(table: pa.Table, renamed: Renamed | None = None) -> pa.Table:
    """Replace labels and value by `answer`, a string that is equal for equal answers; `decoded` reads it.

    Labels are sorted, so that the order of a scheme's labels plays no part. With `renamed`, `said` has the answer
    under its old name too.
    """
    plain = table.drop_columns(["labels", "value"]).append_column("answer", _encoded(table, table["labels"]))
    if renamed is None:
        return plain
    now = _encoded(table, _rename(table, renamed)) if renamed else plain["answer"]
    at = plain.column_names.index("answer")
    return plain.set_column(at, "answer", now).append_column("said", plain["answer"])


def with_label(table: pa.Table, renamed: Renamed, question: str | None = None) -> pa.Table:
    """Return spans or relations with the label that the scheme has now; `question` is theirs, without a column."""
    import pyarrow.compute as pc

    asked = table["question"] if question is None else pa.repeat(pa.scalar(question), table.num_rows)
    now = _now(renamed, table["scheme"], asked, table["label"])
    return table.set_column(table.column_names.index("label"), "label", pc.coalesce(now, table["label"]))


def decoded(answer: str | None) -> list[str] | str | None:
    """Return the labels, or the value, or None where nothing was decided."""
    if not answer:
        return None
    if answer[0] == _VALUE:
        return answer[1:]
    return answer[1:].split(_BETWEEN) if len(answer) > 1 else []


def _encoded(table: pa.Table, labels: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow.compute as pc

    joined = pc.binary_join(_sorted(labels), _BETWEEN)
    joined = pc.binary_join_element_wise(_LABELS, joined, "")
    value = pc.binary_join_element_wise(_VALUE, table["value"], "")
    typed = pc.equal(pc.fill_null(joined, _LABELS), _LABELS)  # the answers of a text question have no labels
    return pc.fill_null(pc.if_else(typed, pc.coalesce(value, joined), joined), "")


def _sorted(labels: pa.ChunkedArray) -> pa.Array:
    """Return each list with its labels in order of code points."""
    import pyarrow.compute as pc

    lists = labels.combine_chunks()
    lengths = pc.fill_null(pc.list_value_length(lists), 0)
    if not len(lists) or (pc.max(lengths).as_py() or 0) < 2:
        return lists
    flat = pa.table({"parent": pc.list_parent_indices(lists), "label": pc.list_flatten(lists)})
    flat = flat.sort_by([("parent", "ascending"), ("label", "ascending")])
    return _lists(lists, lengths, flat["label"].combine_chunks())


def _rename(table: pa.Table, renamed: Renamed) -> pa.ChunkedArray:
    import pyarrow.compute as pc

    lists = table["labels"].combine_chunks()
    parents, flat = pc.list_parent_indices(lists), pc.list_flatten(lists)
    asked = [table[name].take(parents).combine_chunks() for name in ("scheme", "question")]
    new = _now(renamed, *asked, flat)
    lengths = pc.fill_null(pc.list_value_length(lists), 0)
    return pa.chunked_array([_lists(lists, lengths, pc.coalesce(new, flat))])


def _now(renamed: Renamed, *keys: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Return the new label of each scheme, question and label; null where it is called as it was."""
    import pyarrow.compute as pc

    known = pa.array([_BETWEEN.join(key) for key in renamed], pa.string())
    new = pa.array(list(renamed.values()), pa.string())
    return pc.take(new, pc.index_in(pc.binary_join_element_wise(*keys, _BETWEEN), value_set=known))


def _lists(like: pa.Array, lengths: pa.Array, values: pa.Array) -> pa.Array:
    """Return `values` in lists of these lengths, null where `like` is."""
    import pyarrow.compute as pc

    ends = pc.cumulative_sum(pc.cast(lengths, pa.int32()))
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), ends])
    return pa.ListArray.from_arrays(offsets, values, mask=pc.is_null(like))


def differing(
    before: pa.Table, after: pa.Table, keys: Sequence[str], compared: Sequence[str], also: Sequence[str] = ()
) -> pa.Table:
    """Return the rows that one of two tables has and the other has not, or has otherwise.

    Parameters
    ----------
    before, after : pa.Table
        Of columns without lists.
    keys : sequence of str
        What identifies a row; null is a value like others.
    compared : sequence of str
        What makes two rows of the same key different.
    also : sequence of str
        Columns that are carried along.

    Returns
    -------
    pa.Table
        The keys, sorted; the other columns twice, ``NAME_from`` and ``NAME_to``; the booleans `was` and `is`, which
        say whether the row is in the first and in the second.
    """
    columns = [*keys, *compared, *also]
    both = [_filled(table.select(columns), [*keys, *compared]) for table in (before, after)]
    on = [*keys, *compared]
    left, right = (
        _carrying(one.join(other.select(on), keys=on, join_type="left anti"), keys, suffix)
        for one, other, suffix in ((both[0], both[1], "_from"), (both[1], both[0], "_to"))
    )
    joined = left.join(right, keys=list(keys), join_type="full outer")
    wanted = [*keys, *(f"{name}{end}" for name in (*compared, *also) for end in ("_from", "_to")), "was", "is"]
    joined = joined.append_column("was", _true(joined["there_from"])).append_column("is", _true(joined["there_to"]))
    return joined.select(wanted).sort_by([(name, "ascending") for name in keys])


def _filled(table: pa.Table, columns: Sequence[str]) -> pa.Table:
    """Return the table with "" for null: a join takes no two nulls for the same."""
    import pyarrow.compute as pc

    for name in columns:
        column = table[name]
        text = column if pa.types.is_string(column.type) else pc.cast(column, pa.string())
        table = table.set_column(table.column_names.index(name), name, pc.fill_null(text, ""))
    return table


def _carrying(table: pa.Table, keys: Sequence[str], suffix: str) -> pa.Table:
    named = [name if name in keys else f"{name}{suffix}" for name in table.column_names]
    return table.rename_columns(named).append_column(f"there{suffix}", pa.repeat(pa.scalar(True), table.num_rows))


def _true(column: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow.compute as pc

    return pc.fill_null(column, False)


def looked_up(keys: pa.ChunkedArray, known: pa.ChunkedArray, values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the value of each key, null where it is not known."""
    import pyarrow.compute as pc

    return pc.take(values, pc.index_in(keys, value_set=known.combine_chunks()))


def rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Yield the rows, "" being null again."""
    for batch in table.to_batches(max_chunksize=10_000):
        for row in batch.to_pylist():
            yield {name: None if value == "" else value for name, value in row.items()}


def counts(table: pa.Table, by: Sequence[str]) -> list[dict[str, Any]]:
    """Count what was added, removed and changed in a table of `differing`, for each value of the columns `by`."""
    import pyarrow.compute as pc

    kind = pc.if_else(table["was"], pc.if_else(table["is"], "changed", "removed"), "added")
    counted = table.append_column("kind", kind).group_by([*by, "kind"]).aggregate([([], "count_all")])
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in counted.to_pylist():
        key = tuple(row[name] for name in by)
        one = found.setdefault(key, {**dict(zip(by, key, strict=True)), "added": 0, "removed": 0, "changed": 0})
        one[row["kind"]] = row["count_all"]
    return [found[key] for key in sorted(found)]
