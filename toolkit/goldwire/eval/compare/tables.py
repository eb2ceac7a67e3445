"""Comparisons of tables and files of predictions, anyone's or ours."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from goldwire import tables
from goldwire.errors import GoldwireError, UsageError
from goldwire.eval.align import Pairs, pair
from goldwire.eval.compare import FIGURES, Against, differences
from goldwire.eval.gates import not_worse
from goldwire.eval.measure import Bootstrap, Gold, measure
from goldwire.eval.scoring import Unknown, predicted, task_of, uncertain_count, warnings
from goldwire.eval.task import Type
from goldwire.provenance import digest_json, signature


def compare(
    gold: pa.Table,
    predictions: Mapping[str, pa.Table],
    *,
    metrics: Sequence[str] = FIGURES,
    against: Against = "first",
    gate: bool = False,
    labels: Sequence[str] = (),
    question_type: Type | None = None,
    unknown: Unknown = "error",
    resamples: int = 1000,
    level: float = 0.95,
    seed: int = 0,
    **columns: Any,
) -> dict[str, Any]:
    """Compare two or more tables of predictions of one question.

    Parameters
    ----------
    gold, predictions, labels, question_type, unknown
        See `score.score`; `columns` are the other keyword arguments of `align.pair`.
    metrics : sequence of str
        The first decides which is the best, and the gate.
    against : {"first", "best", "both", "all"}
        See `goldwire.eval.compare.differences`.
    gate : bool
        Whether to say if the first is significantly worse than one of the others; see `goldwire.eval.gates`.

    Returns
    -------
    dict
        ``{"n", "models": {name: {metric: {"value", "low", "high"}}}, "comparisons": [see `differences`], "type",
        "clusters", "left_out", "warnings", "signature"}``, and with the gate "gate": {other: see `gates.not_worse`}.
        Of left_out, "predictions_not_in_gold" is by model. A warning that is not of all models names whose it is.

    Raises
    ------
    GoldwireError
        When there are fewer than two, one does not match the gold, or they are not of the same question.
    """
    if len(predictions) < 2:
        raise GoldwireError(
            "comparing takes two predictions or more", hint="goldwire eval score takes one; or name another."
        )
    paired = {name: _paired(gold, name, table, question_type, columns) for name, table in predictions.items()}
    (base, first), *others = paired.items()
    for name, other in others:
        if (other.ids, other.actual) != (first.ids, first.actual):
            raise GoldwireError(
                f"the predictions answer another question, or on other rows, than those of {base}",
                where=name,
                hint="Compare predictions of one question on the same rows.",
            )
    task = task_of(
        list(paired.values()), question_type=question_type, labels=labels, unknown=unknown, names=list(paired)
    )
    answers = {name: predicted(task, pairs) for name, pairs in paired.items()}
    coded = Gold.of(task, first.actual, first.clusters, first.targets, metrics)
    bootstrap = Bootstrap(resamples, level, seed)
    figures = [metric.name for metric in coded.metrics]
    hamming = "hamming-loss" in figures and not labels
    policies = (("missing", columns.get("missing", "error")), ("unknown", unknown))
    recipe = {
        "data": digest_json([first.ids, first.actual, first.clusters, list(answers.values()), task.labels]),
        "n": len(first.ids),
        "type": task.type,
        "align": columns.get("align", "id"),
        **{name: value for name, value in policies if value != "error"},
        "against": against,
        "cluster": first.clustered or "row",
        "bootstrap": resamples,
        "level": level,
        "seed": seed,
    }
    value = {
        "n": len(first.ids),
        "models": {name: measure(coded, given, bootstrap)[0] for name, given in answers.items()},
        "comparisons": differences(coded, answers, bootstrap, figures, against=against),
        "type": task.type,
        "clusters": len(set(first.clusters)),
        "left_out": {
            "gold_without_label": first.unlabelled,
            "gold_without_prediction": first.missing if columns.get("missing") == "ignore" else 0,
            "predictions_not_in_gold": {name: pairs.extra for name, pairs in paired.items()},
        },
        "warnings": _told(
            {
                name: warnings(task, pairs, question_type) + (uncertain_count(task, pairs) if hamming else [])
                for name, pairs in paired.items()
            }
        ),
        "signature": signature(recipe),
    }
    if gate:
        one = Gold.of(task, first.actual, first.clusters, first.targets, figures[:1])
        pairs_of = {name: (one, answers[base], answers[name]) for name, _ in others}
        value["gate"] = not_worse(pairs_of, bootstrap, figures[0])
    return value


def compare_files(gold: Path, predictions: Sequence[Path], **options: Any) -> dict[str, Any]:
    """Compare files of predictions, named by their paths as given; the options are those of `compare`.

    Raises
    ------
    UsageError
        When one file is named twice.
    """
    named: dict[Path, Path] = {}
    for path in predictions:
        if (place := path.resolve()) in named:
            same = "" if str(named[place]) == str(path) else f": {named[place]} is the same file"
            raise UsageError(f"{path} is compared with itself{same}", hint="Name each file of predictions once.")
        named[place] = path
    return compare(tables.read(gold), {str(path): tables.read(path) for path in predictions}, **options)


def _told(of_models: Mapping[str, Sequence[str]]) -> list[str]:
    """Return each warning once, with the models that it is of where it is not of all."""
    whose: dict[str, list[str]] = {}
    for name, listed in of_models.items():
        for text in listed:
            whose.setdefault(text, []).append(name)
    return [text if len(names) == len(of_models) else f"{', '.join(names)}: {text}" for text, names in whose.items()]


def _paired(
    gold: pa.Table, name: str, table: pa.Table, question_type: Type | None, columns: Mapping[str, Any]
) -> Pairs:
    try:
        return pair(gold, table, question_type=question_type, **columns)
    except GoldwireError as error:
        raise type(error)(error.message, where=name, hint=error.hint) from None
