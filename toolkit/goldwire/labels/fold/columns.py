"""From the answers of all rounds to the sorted tables, with the answers that count marked."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.fold.batches import ANSWER, TABLES, Batch, own

_NEVER = np.iinfo(np.int64).min

Array = np.ndarray[Any, Any]
Repeats = Literal["last", "first", "error"]
"""Which answer counts of an annotator who answered a unit more than once, in one round or in several."""


def sorted_tables(batches: Sequence[Batch], repeats: Repeats = "last") -> dict[str, pa.Table]:
    """Return votes, vote_mentions and vote_relations.

    Rows are sorted by scheme, unit_id, annotator, round and the number of the annotation; those of one answer stay
    as they are. Of an annotator's eligible answers to a unit one counts: that which was updated last (of two in one
    moment the one with the higher number), or first.

    Parameters
    ----------
    batches : sequence
        See `goldwire.labels.fold.batches.batch`.
    repeats : str
        last, first, or error, which refuses a second answer.

    Raises
    ------
    GoldwireError
        With repeats "error", when an annotator has two eligible answers to a unit; the message names both.
    """
    answers = _joined(batches, "answers", ANSWER)
    asked = [_rank(answers[name]) for name in ("scheme", "unit_id", "annotator")]
    number, round_ = answers["number"].to_numpy(), _rank(answers["round"])
    when = pc.coalesce(answers["updated"], answers["created"]).cast(pa.int64()).fill_null(_NEVER).to_numpy()
    eligible = answers["eligible"].to_numpy(zero_copy_only=False)
    last, again = _latest(asked, [when, number, round_], eligible, first=repeats == "first")
    if repeats == "error" and again.any():
        _refuse(answers, asked, np.flatnonzero(again)[0], eligible)
    answers["counts"] = pa.array(last)
    order = _order([*asked, round_, number, _rank(answers["annotation_id"])])
    made = {}
    for name in TABLES:
        rows = answers[name].to_numpy()
        made[name] = _table(name, rows, order, answers, _joined(batches, name, own(name)))
    return made


def _table(
    name: str, rows: Array, order: Array, answers: dict[str, pa.Array], columns: dict[str, pa.Array]
) -> pa.Table:
    """Return a table of which each answer has so many rows, answers in this order."""
    first, length = (np.cumsum(rows) - rows)[order], rows[order]
    before = np.cumsum(length) - length
    own_row = pa.array(np.repeat(first - before, length) + np.arange(length.sum()))
    answer_row = pa.array(np.repeat(order, length))
    schema = tables.SCHEMAS[name]
    arrays = []
    for column in schema.names:
        found = columns.pop(column, None)  # one column at a time is there twice
        arrays.append(answers[column].take(answer_row) if found is None else found.take(own_row))
    return pa.table(arrays, schema=schema)


def _joined(batches: Sequence[Batch], name: str, schema: pa.Schema) -> dict[str, pa.Array]:
    table = pa.Table.from_batches([batch[name] for batch in batches], schema)
    return {column: _one(table[column]) for column in schema.names}


def _one(column: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def _order(keys: Sequence[Array]) -> Array:
    """Return the rows sorted by the keys, the first one first."""
    order: Array = np.lexsort(keys[::-1])
    return order


def _latest(asked: Sequence[Array], when: Sequence[Array], eligible: Array, first: bool) -> tuple[Array, Array]:
    """Return which answers are the last (or first) eligible ones to what was asked, and which others there are."""
    found = np.flatnonzero(eligible)
    order = found[_order([key[found] for key in (*asked, *when)])]
    edge = np.ones(len(order), bool)
    changes = np.any([key[order][1:] != key[order][:-1] for key in asked], axis=0)
    edge[slice(1, None) if first else slice(None, -1)] = changes
    latest = np.zeros(len(eligible), bool)
    latest[order[edge]] = True
    return latest, eligible & ~latest


def _refuse(answers: dict[str, pa.Array], asked: Sequence[Array], row: int, eligible: Array) -> None:
    """Raise for the annotator and the unit of a row, with the rounds of all answers to it."""
    same = eligible & np.all([key == key[row] for key in asked], axis=0)
    names = sorted(set(answers["round"].filter(pa.array(same)).to_pylist()))
    who, unit = (answers[column][int(row)].as_py() for column in ("annotator", "unit_id"))
    raise GoldwireError(
        f"{who} answered {unit} {int(same.sum())} times, in round{'s' * (len(names) > 1)} {', '.join(names)}",
        hint="Set gold.repeats in params.yaml to last or first, or have the others deleted in Label Studio.",
    )


def _rank(values: pa.Array) -> Array:
    ranks: Array = pc.rank(values, tiebreaker="dense").to_numpy()
    return ranks
