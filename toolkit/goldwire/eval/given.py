"""The predictions of a study's models for the labelled test units of a question, as answers and shares."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.eval.baselines.registry import known
from goldwire.eval.inputs import Inputs
from goldwire.eval.task import Answer, Array
from goldwire.study import Study

_SHOWN = 3


@dataclass(frozen=True)
class Given:
    """What a model says of the labelled test units, in the order of `Inputs.labelled("test")`.

    Attributes
    ----------
    answers : list of answers
    shares : array, units x labels, or None
        None where the predictions have no scores.
    """

    answers: list[Answer]
    shares: Array | None


def read_all(study: Study, inputs: Inputs, baselines: Sequence[str]) -> dict[str, Given]:
    """Return each model's predictions: of the named baselines, anyone's by name, then probes.

    Raises
    ------
    GoldwireError
        When a file lacks labelled test units, has units that the study has not, a unit twice, labels that the
        question has not, or was made for another version of the scheme.
    """
    found = {}
    for path in sorted(study.predictions.glob(f"{inputs.key}.*.parquet")):
        found[path.stem.split(".", 2)[2]] = _read(path, inputs)
    others = sorted(found.keys() - set(baselines) - known().keys())
    return {name: found[name] for name in dict.fromkeys([*baselines, *others, *known()]) if name in found}


def _read(path: Path, inputs: Inputs) -> Given:
    table = tables.read(path, "predictions")
    for column, own in (("scheme", inputs.scheme.name), ("question", inputs.question.name)):
        if others := set(table[column].to_pylist()) - {own, None}:
            raise GoldwireError(
                f"its name says {column} {own}, and its rows say {', '.join(sorted(others))}",
                where=str(path),
                hint="Name it SCHEME.QUESTION.MODEL.parquet, by the question that it answers.",
            )
    if hashes := set(table["scheme_hash"].to_pylist()) - {inputs.scheme.hash, None}:
        raise GoldwireError(
            f"predictions made with another version of scheme {inputs.scheme.name} ({', '.join(sorted(hashes))})",
            where=str(path),
            hint="Predict again: goldwire eval train, then goldwire eval predict",
        )
    rows = _by_unit(table, inputs, path)
    wanted = [str(unit) for unit in inputs.labelled("test")["unit_id"]]
    if missing := [unit for unit in wanted if unit not in rows or _lacking(rows[unit]["labels"])]:
        raise GoldwireError(
            f"{len(missing)} of {len(wanted)} labelled test units have no prediction: {_some(missing)}",
            where=str(path),
            hint="Predict every unit of the test split.",
        )
    answers = [_answer(rows[unit]["labels"], inputs) for unit in wanted]
    strange = sorted({label for answer in answers for label in answer} - set(inputs.labels))
    if strange:
        raise GoldwireError(
            f"labels that question {inputs.question.name} of scheme {inputs.scheme.name} has not: {_some(strange)}",
            where=str(path),
            hint=f"It has: {', '.join(inputs.labels)}",
        )
    if not inputs.task.several and (wrong := [u for u, a in zip(wanted, answers, strict=True) if len(a) != 1]):
        raise GoldwireError(
            f"{len(wrong)} units have no label or several, and the question takes one: {_some(wrong)}",
            where=str(path),
            hint="Give one label a unit.",
        )
    return Given(answers, _shares([rows[unit]["scores"] for unit in wanted], inputs))


def _lacking(labels: Sequence[str | None] | None) -> bool:
    return labels is None or None in labels


def _by_unit(table: pa.Table, inputs: Inputs, path: Path) -> dict[str, Any]:
    rows: dict[str, Any] = {}
    twice, unknown = [], []
    everything = set(inputs.rows["unit_id"])
    for row in table.select(["unit_id", "labels", "scores"]).to_pylist():
        if row["unit_id"] in rows:
            twice.append(row["unit_id"])
        if row["unit_id"] not in everything:
            unknown.append(str(row["unit_id"]))
        rows[row["unit_id"]] = row
    if twice:
        raise GoldwireError(f"{len(twice)} units stand more than once: {_some(twice)}", where=str(path))
    if unknown:
        raise GoldwireError(
            f"{len(unknown)} predicted units have no gold row in the study: {_some(unknown)}",
            where=str(path),
            hint="Leave them out of the file, or predict units of this study.",
        )
    return rows


def _answer(labels: Sequence[str], inputs: Inputs) -> Answer:
    """A negative label says none of the others; an answer is the same in whatever order its labels stand."""
    order = {label: at for at, label in enumerate(inputs.labels)}
    return tuple(sorted(dict.fromkeys(labels), key=lambda label: order.get(label, len(order))))


def _shares(scores: Sequence[Any], inputs: Inputs) -> Array | None:
    if any(not one for one in scores):
        return None
    found = np.zeros((len(scores), len(inputs.labels)))
    order = {label: at for at, label in enumerate(inputs.labels)}
    for at, row in enumerate(scores):
        for one in row:
            if one["label"] in order:
                found[at, order[one["label"]]] = np.nan if one["share"] is None else one["share"]
    return found


def _some(values: Sequence[str]) -> str:
    return ", ".join(values[:_SHOWN]) + (", ..." if len(values) > _SHOWN else "")
