"""The predictions of a study's models for the labelled test units of a question, as answers and shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.eval import probabilities
from goldwire.eval.align import alike
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
        question has not, scores that are no probabilities, or was made for another version of the scheme.
    """
    found = {}
    for path in sorted(study.predictions.glob(f"{inputs.key}.*.parquet")):
        found[path.stem.split(".", 2)[2]] = _read(path, inputs)
    others = sorted(found.keys() - set(baselines) - known().keys())
    return {name: found[name] for name in dict.fromkeys([*baselines, *others, *known()]) if name in found}


def _read(path: Path, inputs: Inputs) -> Given:
    import pyarrow.compute as pc

    table = tables.read(path, "predictions")
    for column, own in (("scheme", inputs.scheme.name), ("question", inputs.question.name)):
        if others := set(pc.unique(table[column]).to_pylist()) - {own, None}:
            raise GoldwireError(
                f"its name says {column} {own}, and its rows say {', '.join(sorted(others))}",
                where=str(path),
                hint="Name it SCHEME.QUESTION.MODEL.parquet, by the question that it answers.",
            )
    if hashes := set(pc.unique(table["scheme_hash"]).to_pylist()) - {inputs.scheme.hash, None}:
        raise GoldwireError(
            f"predictions made with another version of scheme {inputs.scheme.name} ({', '.join(sorted(hashes))})",
            where=str(path),
            hint="Predict again: goldwire eval train, then goldwire eval predict",
        )
    names = list(inputs.labelled("test")["unit_id"])
    wanted = pa.array(names, pa.string())
    rows = pc.index_in(wanted, value_set=_units(table, inputs, path))
    labels = table["labels"].combine_chunks().take(rows)  # null where there is no row
    if missing := wanted.filter(_lacking(labels)).to_pylist():
        raise GoldwireError(
            f"{len(missing)} of {len(wanted)} labelled test units have no prediction: {_some(missing)}",
            where=str(path),
            hint="Predict every unit of the test split.",
        )
    answers = _answers(labels, inputs)
    strange = sorted({label for answer in set(answers) for label in answer} - set(inputs.labels))
    if strange:
        twins = alike.labels(strange, inputs.labels)
        raise GoldwireError(
            f"labels that question {inputs.question.name} of scheme {inputs.scheme.name} has not: {_some(strange)}",
            where=str(path),
            hint=f"It has: {', '.join(inputs.labels)}" + (f". {twins}." if twins else ""),
        )
    if not inputs.task.several and (wrong := [at for at, answer in enumerate(answers) if len(answer) != 1]):
        units = _some([names[at] for at in wrong])
        raise GoldwireError(
            f"{len(wrong)} units have no label or several, and the question takes one: {units}",
            where=str(path),
            hint="Give one label a unit.",
        )
    shares = _shares(table["scores"].combine_chunks().take(rows), inputs)
    if shares is not None:
        _check(shares, names, inputs, path)
    return Given(answers, shares)


def _units(table: pa.Table, inputs: Inputs, path: Path) -> pa.Array:
    """Return the units of the rows, each once and all of the study."""
    import pyarrow.compute as pc

    units = table["unit_id"].combine_chunks()
    if twice := units.filter(pa.array(units.to_pandas().duplicated())).to_pylist():
        raise GoldwireError(f"{len(twice)} units stand more than once: {_some(twice)}", where=str(path))
    known = pc.is_in(units, value_set=pa.array(inputs.rows["unit_id"], pa.string()))
    if unknown := units.filter(pc.invert(known)).to_pylist():
        raise GoldwireError(
            f"{len(unknown)} predicted units have no gold row in the study: {_some(unknown)}",
            where=str(path),
            hint="Leave them out of the file, or predict units of this study.",
        )
    return units


def _lacking(labels: pa.Array) -> pa.Array:
    """Say of each list whether it is null, or has a null in it."""
    import pyarrow.compute as pc

    lacking = labels.is_null().to_numpy(zero_copy_only=False).copy()
    inside = pc.list_flatten(labels).is_null()
    lacking[pc.list_parent_indices(labels).filter(inside).to_numpy()] = True
    return pa.array(lacking)


def _answers(labels: pa.Array, inputs: Inputs) -> list[Answer]:
    """Return lists of labels as answers, each answer that is given once in memory."""
    import pyarrow.compute as pc

    coded = pc.list_flatten(labels).dictionary_encode()
    names, codes = coded.dictionary.to_pylist(), coded.indices.to_pylist()
    ends = np.cumsum(pc.list_value_length(labels).to_numpy()).tolist()
    order = {label: at for at, label in enumerate(inputs.labels)}
    found: dict[tuple[int, ...], Answer] = {}
    answers, start = [], 0
    for end in ends:
        key = tuple(codes[start:end])
        if (answer := found.get(key)) is None:
            answer = found[key] = _answer([names[code] for code in key], order)
        answers.append(answer)
        start = end
    return answers


def _answer(labels: Sequence[str], order: Mapping[str, int]) -> Answer:
    """A negative label says none of the others; an answer is the same in whatever order its labels stand."""
    return tuple(sorted(dict.fromkeys(labels), key=lambda label: order.get(label, len(order))))


def _shares(scores: pa.Array, inputs: Inputs) -> Array | None:
    import pyarrow.compute as pc

    if scores.null_count or (pc.list_value_length(scores).to_numpy() == 0).any():
        return None
    items = pc.list_flatten(scores)
    at = pc.index_in(pc.struct_field(items, "label"), value_set=pa.array(inputs.labels, pa.string()))
    known = at.is_valid().to_numpy(zero_copy_only=False)
    column = at.fill_null(0).to_numpy()[known]
    row = pc.list_parent_indices(scores).to_numpy()[known]
    share = pc.struct_field(items, "share").to_numpy(zero_copy_only=False)[known]  # null is NaN
    found = np.zeros((len(scores), len(inputs.labels)))
    found[row, column] = share
    return found


def _check(shares: Array, units: Sequence[str], inputs: Inputs, path: Path) -> None:
    """Raise for shares that are no probabilities; the error names the file and the units."""
    try:
        probabilities.checked(inputs.task, shares, units)
    except GoldwireError as error:
        hint = "Mend the column scores, or leave it empty in all rows."
        raise GoldwireError(error.message, where=str(path), hint=hint) from None


def _some(values: Sequence[str | None]) -> str:
    return ", ".join(map(str, values[:_SHOWN])) + (", ..." if len(values) > _SHOWN else "")
