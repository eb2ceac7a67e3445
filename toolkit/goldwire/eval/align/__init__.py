"""Which prediction belongs to which gold answer: pairing by id or by order, with nothing lost in silence."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.eval.align import alike
from goldwire.eval.align import columns as columns_of
from goldwire.eval.align.columns import Id, some
from goldwire.eval.task import Answer, Type

Align = Literal["id", "order"]
Extra = Literal["error", "ignore"]
Missing = Literal["error", "wrong", "ignore"]


@dataclass(frozen=True)
class Pairs:
    """Gold and predicted answers, row by row.

    Attributes
    ----------
    ids : tuple of tuples of str
        The id of each row: the values of its id columns.
    actual : tuple of answers
    predicted : tuple of answers or None
        None where there is no prediction, which counts as wrong.
    clusters : tuple of str
        What is resampled together, for each row.
    clustered : str or None
        The column the clusters come from; without one every row is a cluster.
    targets : tuple of str or None, or None
        The target of each row; None for a row whose field is empty.
    several : bool
        Whether answers can have more than one label.
    gold_rows, predicted_rows : tuple of int
        Which row of each table it is, from 0; -1 where there is no prediction.
    unlabelled : int
        Gold rows without a label, left out.
    extra : int
        Predictions of ids that the gold has not, left out.
    missing : int
        Gold rows with a label and without a prediction: left out, or counted as wrong.
    """

    ids: tuple[Id, ...]
    actual: tuple[Answer, ...]
    predicted: tuple[Answer | None, ...]
    clusters: tuple[str, ...]
    clustered: str | None
    targets: tuple[Any, ...] | None
    several: bool
    gold_rows: tuple[int, ...]
    predicted_rows: tuple[int, ...]
    unlabelled: int
    extra: int
    missing: int


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
    missing: Missing = "error",
    question_type: Type | None = None,
    separator: str | None = None,
) -> Pairs:
    """Pair each gold row that has an answer with its prediction.

    Parameters
    ----------
    gold, predictions : pa.Table
        Any tables with an id and a label. Of our gold, only the scheme and question that is predicted is used.
    id_columns : sequence of str
        The columns that identify a row, in both; without any, `unit_id`, else `id`.
    label : str, optional
        The column with the answers, in both; by default `labels`, else `label`. An answer is a label, a list of
        labels, or, when all values of the column are so, a list as JSON has it (which is how our CSV has lists).
    target : str, optional
        The column of the gold with the target of each row; an empty field is no target.
    cluster : str, optional
        The column of the gold with what belongs together (a story); by default `story_id` where there is one.
    align : {"id", "order"}
        Pair rows of the same id, or row with row; by order the ids must still be the same.
    extra : {"error", "ignore"}
        What becomes of predictions whose ids the gold has not, when pairing by id.
    missing : {"error", "wrong", "ignore"}
        What becomes of gold rows without a prediction: they count as wrong, or are left out.
    question_type : str, optional
        Without it, several labels are possible when an answer has more than one, or with a separator.
    separator : str, optional
        What stands between labels in a text; an empty field is then an answer without labels.

    Raises
    ------
    GoldwireError
        When a column is missing, ids are missing, duplicated or unknown, with counts and examples, or labels of the
        two differ in nothing that can be seen.
    """
    gold = columns_of.asked(gold, predictions)
    names = columns_of.ids_named(gold, predictions, id_columns)
    label = label or columns_of.first(gold, predictions, ("labels", "label"), "label", "--label")
    clustered = cluster or ("story_id" if "story_id" in gold.column_names else None)
    both = ((gold, "the gold"), (predictions, "the predictions"))
    read = [columns_of.answers(table, label, what, separator) for table, what in both]
    several = columns_of.several(read, question_type, separator)
    actual, predicted = (columns_of.fitting(each, several, what) for each, (_, what) in zip(read, both, strict=True))
    refuse_twins(actual, predicted)
    gold_ids = columns_of.ids(gold, names, "the gold")
    ids = columns_of.ids(predictions, names, "the predictions")
    places = _by_order(gold_ids, ids) if align == "order" else _by_id(gold_ids, actual, ids, extra, missing)
    labelled = [row for row, answer in enumerate(actual) if answer is not None]
    if not labelled:
        raise GoldwireError("there is nothing to score: no gold row has a label")
    found = [predicted[place] if place >= 0 else None for place in places]
    kept = [row for row in labelled if found[row] is not None] if missing == "ignore" else labelled
    without = [gold_ids[row] for row in labelled if found[row] is None]
    if without and missing == "error":
        raise GoldwireError(f"the predictions have no label for {some(without)}", hint=_MISSING)
    if not kept:
        raise GoldwireError("there is nothing to score: no gold row has a prediction", hint=alike.ids(gold_ids, ids))
    clusters = (
        columns_of.texts(gold, clustered, gold_ids) if clustered else [str(row) for row in range(len(gold_ids))]
    )
    targets = columns_of.targets(gold, target, "the gold") if target else None
    return Pairs(
        ids=tuple(gold_ids[row] for row in kept),
        actual=tuple(answer for row in kept if (answer := actual[row]) is not None),
        predicted=tuple(found[row] for row in kept),
        clusters=tuple(clusters[row] for row in kept),
        clustered=clustered,
        targets=tuple(targets[row] for row in kept) if targets else None,
        several=several,
        gold_rows=tuple(kept),
        predicted_rows=tuple(places[row] if found[row] is not None else -1 for row in kept),
        unlabelled=len(actual) - len(labelled),
        extra=len(set(ids) - set(gold_ids)) if extra == "ignore" and align == "id" else 0,
        missing=len(without),
    )


_MISSING = "Predict every row of the gold, or say what becomes of the others: --missing wrong, --missing ignore"


def refuse_twins(actual: Iterable[Answer | None], predicted: Iterable[Answer | None]) -> None:
    """Raise for labels that only one side has, and that look the same as one of the other side."""
    known, given = ({label for answer in set(side) for label in answer or ()} for side in (actual, predicted))
    if said := alike.labels(given - known, known, alike.UNSEEN):
        raise GoldwireError(
            f"labels of the predictions look like labels of the gold, and are others: {said}",
            hint="Write them the same way in both files.",
        )


def _by_id(
    gold_ids: list[Id], actual: Sequence[Answer | None], ids: list[Id], extra: Extra, missing: Missing
) -> list[int]:
    """Return the row of the prediction of each gold row, -1 where there is none."""
    for what, listed in (("the gold has", gold_ids), ("the predictions have", ids)):
        if len(set(listed)) < len(listed):
            twice = [key for key, count in Counter(listed).items() if count > 1]
            raise GoldwireError(
                f"{what} ids that stand more than once: {some(twice)}",
                hint="Name all columns that identify a row with --id, or pair row with row: --align order",
            )
    place = {key: row for row, key in enumerate(ids)}
    places = [place.get(key, -1) for key in gold_ids]
    problems, hints = [], []
    both = zip(gold_ids, actual, places, strict=True)
    if missing == "error" and (lacking := [key for key, answer, at in both if at < 0 and answer is not None]):
        needed = sum(answer is not None for answer in actual)
        problems.append(f"missing from the predictions: {some(lacking)} of {needed} in the gold")
        hints.append(f"{_MISSING}.")
    if extra == "error" and (unknown := sorted(place.keys() - set(gold_ids))):
        problems.append(f"not in the gold: {some(unknown)} of {len(ids)} predicted")
        hints.append("Predictions of other rows can be left out: --extra ignore")
    if problems:
        known, there = set(gold_ids), place.keys()
        if said := alike.ids((key for key in gold_ids if key not in there), (key for key in ids if key not in known)):
            hints.insert(0, said[0].upper() + said[1:])
        raise GoldwireError("the ids do not match; " + "; ".join(problems), hint=" ".join(hints))
    return places


def _by_order(gold_ids: list[Id], ids: list[Id]) -> list[int]:
    if len(gold_ids) != len(ids):
        raise GoldwireError(
            f"the gold has {len(gold_ids)} rows and the predictions have {len(ids)}",
            hint="By order, every row of the gold needs its prediction on the same row.",
        )
    if gold_ids != ids:
        both = enumerate(zip(gold_ids, ids, strict=True), 1)
        moved = [(f"row {row}: {columns_of.shown(a)} and {columns_of.shown(b)}",) for row, (a, b) in both if a != b]
        raise GoldwireError(f"the rows are not in the same order: {some(moved)}", hint="Pair them by id: --align id")
    return list(range(len(ids)))
