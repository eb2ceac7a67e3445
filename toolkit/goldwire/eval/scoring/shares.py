"""Shares of labels in a table of predictions, and what they tell: calibration, and distance to the votes."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.eval.align import Pairs, alike
from goldwire.eval.measure import Bootstrap
from goldwire.eval.metrics.several import OTHER
from goldwire.eval.metrics.sums import Array
from goldwire.eval.task import Answer, Marks, Task
from goldwire.provenance import digest

COLUMN = "scores"
_EXAMPLES = 5
_FIELDS = {"label", "share"}
_NO_NUMBERS = "the gold has no column n_votes, so rows with one vote count as unanimous"


@dataclass(frozen=True)
class Shares:
    """Shares of labels: `values` is rows x labels; NaN where a row has none. A label that is not named has 0."""

    labels: tuple[str, ...]
    values: Array
    prefix: str | None = None
    """With what the names of their columns begin, where each label has one."""

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
    return Shares(tuple(column.removeprefix(name) for column in named), np.column_stack(columns), name)


def fitting(
    shares: Shares | None, actual: Collection[str], labels: Collection[str], *, needed: bool
) -> tuple[Shares | None, list[str], list[str]]:
    """Return shares that fit the labels, the labels that only they have, and what has to be said.

    Shares in columns are of every label of the gold, since one without a column would count as never likely; in lists
    and objects a label that is not named has no share. A label that differs from a known one only in how it is
    written is a slip.

    Parameters
    ----------
    actual, labels : collections of str
        Those of the gold; all that there are, where that is said.
    needed : bool
        Whether shares that do not fit are an error; else they are left out, which is said.

    Raises
    ------
    GoldwireError
    """
    if shares is None:
        return None, [], []
    known = labels or actual
    strange = [label for label in shares.labels if label not in known]
    lacking = sorted(set(actual) - set(shares.labels)) if shares.prefix is not None else []
    twins = alike.labels(strange, known)
    if lacking or twins:
        columns = _some(f'"{shares.prefix}{label}"' for label in lacking)
        told = f"{len(lacking)} labels of the gold have no column of shares: {columns}"
        if not lacking:
            told = f"there are shares of labels that look like known ones, and are others: {_some(strange)}"
        why = f"{twins}." if twins else f"There are shares of: {_some(shares.labels)}."
        if needed:
            raise GoldwireError(told, hint=f"{why} Name shares as the gold writes its labels.")
        return None, [], [f"calibration is left out: {told}. {why}"]
    if not strange:
        return shares, [], []
    if labels:
        return shares, [], [f"there are shares of labels that --labels has not, which are left out: {_some(strange)}"]
    return shares, strange, [f"there are shares of labels that the gold has not: {_some(strange)}"]


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:_EXAMPLES]) + (", ..." if len(listed) > _EXAMPLES else "")


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
        numbers = _numbers_of(gold, pairs)
        if numbers is None:
            found.warnings.append(_NO_NUMBERS)
        found.found["by_votes"] = soft.by_votes(
            task, pairs.actual, predicted, votes, pairs.clusters, bootstrap, numbers=numbers
        )
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
    many = _many(gold)
    return listed if many is None else np.asarray(np.where(np.isnan(many), listed, many > 0), dtype=bool)


def _numbers_of(gold: pa.Table, pairs: Pairs) -> list[int | None] | None:
    """Return how many votes each row has, as far as that is known; None where it is of no row."""
    many = _many(gold)
    if many is None:
        return None
    return [None if np.isnan(number) else int(number) for number in many[list(pairs.gold_rows)].tolist()]


def _many(gold: pa.Table) -> Array | None:
    """Return how many votes each row of the gold has, NaN where that is not known; None without such a column."""
    if "n_votes" not in gold.column_names:
        return None
    try:
        return _numbers(gold["n_votes"].combine_chunks())
    except GoldwireError:
        return None  # somebody's column of another kind


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
