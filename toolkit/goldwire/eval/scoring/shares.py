"""Shares of labels in a table of predictions, and what they tell: calibration, and distance to the votes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.eval.align import Pairs
from goldwire.eval.measure import Bootstrap
from goldwire.eval.metrics.several import OTHER
from goldwire.eval.metrics.sums import Array
from goldwire.eval.task import Answer, Marks, Task
from goldwire.provenance import digest

COLUMN = "scores"
_FIELDS = {"label", "share"}


@dataclass(frozen=True)
class Shares:
    """Shares of labels: `values` is rows x labels; NaN where a row has none. A label that is not named has 0."""

    labels: tuple[str, ...]
    values: Array

    @property
    def digest(self) -> str:
        """A hash of labels and values."""
        return digest(*self.labels, self.values.tobytes().hex())

    def of(self, labels: Sequence[str], rows: Sequence[int]) -> Array:
        """Return the shares of these labels in these rows."""
        found = np.zeros((len(rows), len(labels)))
        for at, label in enumerate(labels):
            if label in self.labels:
                found[:, at] = self.values[list(rows), self.labels.index(label)]
        return found


@dataclass(frozen=True)
class Found:
    """Figures from shares, under their keys in the result of `score`, and what has to be said."""

    found: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def read(table: pa.Table, name: str | None, label: str | None = None) -> Shares | None:
    """Return the shares that predictions come with; None where there are none.

    Parameters
    ----------
    name : str, optional
        A column that has a list of label and share for each row (ours has), or an object from labels to shares, both
        also as JSON; or the beginning of the names of columns, one a label. Without it `scores`, where it is such.
    label : str, optional
        The column of labels, which is none of shares.

    Raises
    ------
    GoldwireError
        When a column is named and there is no such, or it holds something else.
    """
    if name is None:
        if COLUMN not in table.column_names or table[COLUMN].null_count == table.num_rows:
            return None
        try:
            return _listed(table[COLUMN].combine_chunks())
        except GoldwireError:
            return None  # somebody's column of another kind
    if name in table.column_names:
        return _listed(table[name].combine_chunks())
    named = [column for column in table.column_names if column.startswith(name) and column != label]
    if not name or not named:
        raise GoldwireError(
            f'the predictions have no column "{name}" of shares, and none that begins so',
            hint=f"They have: {', '.join(table.column_names)}",
        )
    columns = [_numbers(table[column].combine_chunks()) for column in named]
    return Shares(tuple(column.removeprefix(name) for column in named), np.column_stack(columns))


def figures(
    task: Task,
    pairs: Pairs,
    predicted: Sequence[Answer],
    shares: Shares | None,
    gold: pa.Table,
    bootstrap: Bootstrap,
    *,
    needed: bool,
) -> Found:
    """Return what shares and votes tell; shares that are no probabilities are an error where they are needed.

    `OTHER` has no share: what is told of shares is of the other labels.
    """
    from goldwire.eval import probabilities, soft
    from goldwire.eval.align import columns as align_columns

    found = Found()
    votes = votes_of(gold, pairs)
    if votes is not None:
        found.found["by_votes"] = soft.by_votes(task, pairs.actual, predicted, votes, pairs.clusters, bootstrap)
    if shares is None:
        return found
    if -1 in pairs.predicted_rows:
        found.warnings.append("calibration is left out: some rows have no prediction")
        return found
    task = replace(task, labels=tuple(label for label in task.labels if label != OTHER))
    names = [align_columns.shown(key) for key in pairs.ids]
    try:
        values = probabilities.checked(task, shares.of(task.labels, pairs.predicted_rows), names)
    except GoldwireError as error:
        if needed:
            raise
        found.warnings.append(f"calibration is left out: {error.message}")
        return found
    found.found["calibration"] = probabilities.calibration(task, pairs.actual, values, pairs.clusters, bootstrap)
    if votes is not None:
        found.found["soft"] = soft.soft(task, votes, values, pairs.clusters, bootstrap)
    return found


def votes_of(gold: pa.Table, pairs: Pairs) -> list[dict[str, float] | None] | None:
    """Return the shares of the votes of each row, where the gold has them; None for a row without votes.

    Where several labels are possible, everybody can vote for none of them. That is told from no votes by the column
    `n_votes`; without it a row without shares has no votes.
    """
    if "distribution" not in gold.column_names:
        return None
    try:
        shares = _listed(gold["distribution"].combine_chunks())
    except GoldwireError:
        return None  # somebody's column of another kind
    rows = list(pairs.gold_rows)
    values = np.nan_to_num(shares.values[rows])
    voted = _voted(gold, np.asarray((np.nan_to_num(shares.values) > 0).any(axis=1)))[rows]
    return [
        {label: share for label, share in zip(shares.labels, row, strict=True) if share} if there else None
        for row, there in zip(values.tolist(), voted.tolist(), strict=True)
    ]


def _voted(gold: pa.Table, listed: Marks) -> Marks:
    """Return which rows of the gold have votes: by their number, else those that have shares."""
    if "n_votes" not in gold.column_names:
        return listed
    try:
        many = _numbers(gold["n_votes"].combine_chunks())
    except GoldwireError:
        return listed  # somebody's column of another kind
    return np.asarray(np.where(np.isnan(many), listed, many > 0), dtype=bool)


def _listed(column: pa.Array) -> Shares:
    """Read shares from lists of label and share, or from objects; as they are, or as JSON."""
    import pyarrow.compute as pc

    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = _parsed(column)
    empty = column.is_null().to_numpy(zero_copy_only=False)
    if pa.types.is_struct(column.type):
        labels = [column.type.field(at).name for at in range(column.type.num_fields)]
        parts = [np.where(part.is_null(), 0.0, _numbers(part)) for part in column.flatten()]
        values = np.column_stack(parts) if parts else np.zeros((len(column), 0))
    elif pa.types.is_list(column.type) and _fields(column.type.value_type) == _FIELDS:
        items = pc.list_flatten(column)
        names = pc.struct_field(items, "label").cast(pa.string()).dictionary_encode()
        labels = names.dictionary.to_pylist()
        row, label = (part.to_numpy(zero_copy_only=False) for part in (pc.list_parent_indices(column), names.indices))
        values = np.zeros((len(column), len(labels)))
        values[row, label] = _numbers(pc.struct_field(items, "share"))
        empty |= np.bincount(row, minlength=len(column)) == 0
    else:
        raise GoldwireError("shares stand neither as lists of label and share nor as objects")
    values[empty] = np.nan
    return Shares(tuple(labels), values)


def _fields(kind: pa.DataType) -> set[str]:
    return {kind.field(at).name for at in range(kind.num_fields)} if pa.types.is_struct(kind) else set()


def _numbers(column: pa.Array) -> Array:
    """Return numbers; NaN where there is none."""
    try:
        return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise GoldwireError(f"shares are not numbers: {error}") from None


def _parsed(column: pa.Array) -> pa.Array:
    try:
        return pa.array([None if text is None else json.loads(text) for text in column.to_pylist()])
    except (json.JSONDecodeError, RecursionError, pa.ArrowInvalid, pa.ArrowTypeError):
        raise GoldwireError("shares are no JSON of lists of label and share, nor of objects") from None
