"""Which prediction belongs to which gold label: pairing by id or by order, with nothing lost in silence."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import pyarrow as pa

from goldwire.errors import GoldwireError

Align = Literal["id", "order"]
Extra = Literal["error", "ignore"]
_EXAMPLES = 3


@dataclass(frozen=True)
class Pairs:
    """Gold and predicted labels, row by row.

    Attributes
    ----------
    ids : tuple of str
        The id of each row; several id columns are joined by " + ".
    clusters : tuple of str
        What is resampled together, for each row; the id where no cluster is known.
    clustered : str or None
        The column the clusters come from.
    targets : tuple of str, or None
        The target of each row.
    unlabelled : int
        Gold rows without a label, left out.
    extra : int
        Predictions of ids that the gold has not, left out.
    """

    ids: tuple[str, ...]
    actual: tuple[str, ...]
    predicted: tuple[str, ...]
    clusters: tuple[str, ...]
    clustered: str | None
    targets: tuple[str, ...] | None
    unlabelled: int
    extra: int


def pair(
    gold: pa.Table,
    predictions: pa.Table,
    *,
    id_columns: Sequence[str] = (),
    label: str | None = None,
    target: str | None = None,
    cluster: str | None = None,
    align: Align = "id",
    extra: Extra = "error",
) -> Pairs:
    """Pair each gold row that has a label with its prediction.

    Parameters
    ----------
    gold, predictions : pa.Table
        Any tables with an id and a label. Of our gold, only the scheme and question that is predicted is used.
    id_columns : sequence of str
        The columns that identify a row, in both; without any, `unit_id`, else `id`.
    label : str, optional
        The column with the label, in both; by default `labels` (lists of one), else `label`.
    target : str, optional
        The column of the gold with the target of each row.
    cluster : str, optional
        The column of the gold with what belongs together (a story); by default `story_id` where there is one.
    align : {"id", "order"}
        Pair rows of the same id, or row with row; by order the ids must still be the same.
    extra : {"error", "ignore"}
        What becomes of predictions whose ids the gold has not, when pairing by id. A gold label without a
        prediction is always an error.

    Raises
    ------
    GoldwireError
        When a column is missing, or ids are missing, duplicated or unknown, with counts and examples.
    """
    gold = _asked(gold, predictions)
    columns = list(id_columns) or [_first(gold, predictions, ("unit_id", "id"), "id", "--id")]
    label = label or _first(gold, predictions, ("labels", "label"), "label", "--label")
    clustered = cluster or ("story_id" if "story_id" in gold.column_names else None)
    gold_ids, gold_labels = _ids(gold, columns, "the gold"), _labels(gold, label, "the gold")
    ids, labels = _ids(predictions, columns, "the predictions"), _labels(predictions, label, "the predictions")
    left_out = 0
    if align == "id":
        left_out = len(set(ids) - set(gold_ids)) if extra == "ignore" else 0
        labels = _by_id(gold_ids, gold_labels, ids, labels, extra)
    else:
        _same_order(gold_ids, ids)
    pairs = Pairs(
        ids=tuple(gold_ids),
        actual=(),
        predicted=(),
        clusters=tuple(_texts(gold, clustered, gold_ids)) if clustered else _own(gold_ids),
        clustered=clustered,
        targets=tuple(_texts(gold, target, gold_ids)) if target else None,
        unlabelled=sum(value is None for value in gold_labels),
        extra=left_out,
    )
    return _with_labels(pairs, gold_labels, labels)


def _with_labels(pairs: Pairs, gold: list[str | None], predicted: list[str | None]) -> Pairs:
    kept = [i for i, value in enumerate(gold) if value is not None]
    if not kept:
        raise GoldwireError("there is nothing to score: no gold row has a label")
    if empty := [pairs.ids[i] for i in kept if predicted[i] is None]:
        raise GoldwireError(f"the predictions have no label for {_some(empty)}")
    return replace(
        pairs,
        ids=tuple(pairs.ids[i] for i in kept),
        actual=tuple(str(gold[i]) for i in kept),
        predicted=tuple(str(predicted[i]) for i in kept),
        clusters=tuple(pairs.clusters[i] for i in kept),
        targets=None if pairs.targets is None else tuple(pairs.targets[i] for i in kept),
    )


def _by_id(
    gold_ids: list[str], gold: list[str | None], ids: list[str], labels: list[str | None], policy: Extra
) -> list[str | None]:
    for what, listed in (("the gold has", gold_ids), ("the predictions have", ids)):
        if twice := [key for key, count in Counter(listed).items() if count > 1]:
            raise GoldwireError(
                f"{what} ids that stand more than once: {_some(twice)}",
                hint="Name all columns that identify a row with --id, or pair row with row: --align order",
            )
    given = dict(zip(ids, labels, strict=True))
    needed = [key for key, value in zip(gold_ids, gold, strict=True) if value is not None]
    problems = []
    if missing := [key for key in needed if key not in given]:
        problems.append(f"missing from the predictions: {_some(missing)} of {len(needed)} in the gold")
    if policy == "error" and (extra := sorted(given.keys() - set(gold_ids))):
        problems.append(f"not in the gold: {_some(extra)} of {len(ids)} predicted")
    if problems:
        raise GoldwireError(
            "the ids do not match; " + "; ".join(problems),
            hint="Predict every row of the gold. Predictions of other rows can be left out: --extra ignore",
        )
    return [given.get(key) for key in gold_ids]


def _same_order(gold_ids: list[str], ids: list[str]) -> None:
    if len(gold_ids) != len(ids):
        raise GoldwireError(
            f"the gold has {len(gold_ids)} rows and the predictions have {len(ids)}",
            hint="By order, every row of the gold needs its prediction on the same row.",
        )
    if moved := [f"row {i}: {a} and {b}" for i, (a, b) in enumerate(zip(gold_ids, ids, strict=True), 1) if a != b]:
        raise GoldwireError(f"the rows are not in the same order: {_some(moved)}")


def _asked(gold: pa.Table, predictions: pa.Table) -> pa.Table:
    """Keep the rows of our gold that answer the question the predictions answer."""
    import pyarrow.compute as pc

    for column in ("scheme", "question"):
        if column in gold.column_names and column in predictions.column_names:
            asked = [value for value in pc.unique(predictions[column]).to_pylist() if value is not None]
            if len(asked) > 1:
                raise GoldwireError(
                    f"the predictions answer more than one {column}: {', '.join(sorted(asked))}",
                    hint="Score one file of predictions a question.",
                )
            gold = gold.filter(pc.is_in(gold[column], pa.array(asked, pa.string())))
            if asked and not gold.num_rows:
                raise GoldwireError(f'the gold has no row of {column} "{asked[0]}"')
    return gold


def _first(gold: pa.Table, predictions: pa.Table, names: tuple[str, ...], what: str, flag: str) -> str:
    for name in names:
        if name in gold.column_names and name in predictions.column_names:
            return name
    shared = [name for name in gold.column_names if name in predictions.column_names]
    raise GoldwireError(
        f"no column for the {what}: neither {' nor '.join(names)} stands in both tables",
        hint=f"Name it with {flag}. Both have: {', '.join(shared) or 'no column'}",
    )


def _column(table: pa.Table, name: str, what: str) -> list[Any]:
    if name not in table.column_names:
        raise GoldwireError(f'{what} has no column "{name}"', hint=f"It has: {', '.join(table.column_names)}")
    values: list[Any] = table[name].to_pylist()
    return values


def _ids(table: pa.Table, columns: list[str], what: str) -> list[str]:
    parts = [_column(table, name, what) for name in columns]
    if empty := [str(i) for i, row in enumerate(zip(*parts, strict=True), 1) if None in row]:
        raise GoldwireError(f"{what}: no id in row {_some(empty)}")
    return [" + ".join(map(str, row)) for row in zip(*parts, strict=True)]


def _texts(table: pa.Table, name: str, ids: list[str]) -> list[str]:
    """The column as text; a row without a value stands alone, under its own id."""
    values = _column(table, name, "the gold")
    return [key if value is None else str(value) for key, value in zip(ids, values, strict=True)]


def _own(ids: list[str]) -> tuple[str, ...]:
    """Every row alone, also where an id stands twice."""
    return tuple(str(i) for i in range(len(ids)))


def _labels(table: pa.Table, name: str, what: str) -> list[str | None]:
    return [_one(value, what) for value in _column(table, name, what)]


def _one(value: Any, what: str) -> str | None:
    if isinstance(value, str) and value.startswith("["):  # a list, as CSV has it
        try:
            value = json.loads(value)
        except json.JSONDecodeError:
            return str(value)
    if isinstance(value, list):
        if len(value) > 1:
            raise GoldwireError(
                f"{what} has rows with several labels, such as {', '.join(map(str, value))}",
                hint="Questions with several answers are not scored in this version.",
            )
        value = value[0] if value else None
    return None if value is None else str(value)


def _some(values: list[str]) -> str:
    shown = ", ".join(values[:_EXAMPLES])
    return f"{len(values)} ({shown}{', ...' if len(values) > _EXAMPLES else ''})"
