"""From the answers of all rounds to the sorted tables, with the answers that count marked."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from goldwire import tables
from goldwire.labels.fold.batches import ANSWER, TABLES, Batch, own

_NEVER = np.iinfo(np.int64).min

Array = np.ndarray[Any, Any]


def sorted_tables(batches: Sequence[Batch]) -> dict[str, pa.Table]:
    """Return votes, vote_mentions and vote_relations.

    Rows are sorted by scheme, unit_id, annotator, round and the number of the annotation; those of one answer stay
    as they are. Of an annotator's eligible answers to a unit the one that was updated last counts, of two in one
    moment the one with the higher number.

    Parameters
    ----------
    batches : sequence
        See `goldwire.labels.fold.batches.batch`.
    """
    answers = _joined(batches, "answers", ANSWER)
    asked = [_rank(answers[name]) for name in ("scheme", "unit_id", "annotator")]
    number, round_ = answers["number"].to_numpy(), _rank(answers["round"])
    when = pc.coalesce(answers["updated"], answers["created"]).cast(pa.int64()).fill_null(_NEVER).to_numpy()
    eligible = answers["eligible"].to_numpy(zero_copy_only=False)
    answers["counts"] = pa.array(_latest(asked, [when, number, round_], eligible))
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


def _latest(asked: Sequence[Array], when: Sequence[Array], eligible: Array) -> Array:
    """Return which answers are the last eligible ones to what was asked."""
    found = np.flatnonzero(eligible)
    order = found[_order([key[found] for key in (*asked, *when)])]
    last = np.ones(len(order), bool)
    last[:-1] = np.any([key[order][1:] != key[order][:-1] for key in asked], axis=0)
    latest = np.zeros(len(eligible), bool)
    latest[order[last]] = True
    return latest


def _rank(values: pa.Array) -> Array:
    ranks: Array = pc.rank(values, tiebreaker="dense").to_numpy()
    return ranks
