"""What DVC reads: a few numbers for `dvc metrics show`, and rows for `dvc plots show`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from goldwire import files
from goldwire.eval.report import words
from goldwire.eval.report.beside import Curve
from goldwire.eval.report.confusion import NO_LABEL, name, several
from goldwire.eval.result import HEADLINE, Figure, ModelResult, Result

PLOTS = ("confusion", "curve", "labels", "models", "reliability")


def write(results: Sequence[Result], folder: Path, curves: Mapping[str, Curve] | None = None) -> list[Path]:
    """Write metrics.json and plots/ under `folder`.

    metrics.json has, for each question, the headline metric of the first baseline and of the best model, as
    ``{scheme: {question: {model: {metric: value}}}}``: every number becomes a column of DVC's tables. Each folder of
    plots has a file a question, a list of rows, empty where there is nothing to draw:

    - confusion: actual and predicted of the best model, a row a unit, for DVC's template `confusion`; of questions
      with several labels, outcome (given, missed or added) as predicted;
    - labels: label, f1 and support of the best model, for bars;
    - models: model, value, low and high of the headline metric, of people too, for points;
    - reliability: model, share, right and n, for a line;
    - curve: n, value, low and high, the kind (measured, now or expected), and value once more as measured or as
      expected, for a line each; of now, all that is labelled, it is the fitted curve that tells.

    Returns
    -------
    list of Path
        What was written.
    """
    metrics: dict[str, Any] = {}
    for result in results:
        question = metrics.setdefault(result.scheme, {}).setdefault(result.question, {})
        for model in _told(result):
            question[model.name] = {HEADLINE: model.metrics[HEADLINE].value}
    files.write_json(folder / "metrics.json", metrics)
    with files.replacing_folder(folder / "plots") as plots:
        for result in results:
            drawn = {
                "confusion": _confusion(result),
                "curve": _curve((curves or {}).get(result.key)),
                "labels": _labels(result),
                "models": _models(result),
                "reliability": _reliability(result),
            }
            for kind in PLOTS:
                files.write_json(plots / kind / f"{result.key}.json", drawn[kind])
    return [folder / "metrics.json", *sorted((folder / "plots").rglob("*.json"))]


def _told(result: Result) -> list[ModelResult]:
    """The first model that is no probe, and the best one."""
    first = next(model for model in result.models if model.role != "probe")
    return [first] if first.name == result.best.name else [first, result.best]


def _confusion(result: Result) -> list[dict[str, str]]:
    rows = []
    for cell in result.best.confusion:
        if several(result):
            label = cell.actual or cell.predicted or NO_LABEL
            outcome = "given" if cell.right else name(cell).removeprefix(f"{label} ")
            row = {"actual": label, "predicted": outcome}
        else:
            row = {"actual": str(cell.actual), "predicted": str(cell.predicted)}
        rows += [row] * len(cell.units)
    return rows


def _labels(result: Result) -> list[dict[str, Any]]:
    return [
        {"label": label, "f1": score.f1, "support": score.support} for label, score in result.measured(result.best)
    ]


def _models(result: Result) -> list[dict[str, Any]]:
    def row(model: str, figure: Figure) -> dict[str, Any]:
        return {"model": model, "value": figure.value, "low": figure.low, "high": figure.high}

    rows = [row(model.name, model.metrics[HEADLINE]) for model in result.models if model.role != "probe"]
    people = result.ceiling.metrics.get(HEADLINE)
    return rows if people is None else [*rows, row(words.POOLED, people)]


def _reliability(result: Result) -> list[dict[str, Any]]:
    return [
        {"model": model.name, "share": one.share, "right": one.right, "n": one.n}
        for model in result.models
        if model.calibration is not None and model.role != "probe"
        for one in model.calibration.reliability
        if one.n
    ]


def _curve(curve: Curve | None) -> list[dict[str, Any]]:
    if curve is None:
        return []
    now = [] if curve.now is None else [curve.now]
    return [
        {
            **{"kind": kind, "n": point.n, "value": point.value, "low": point.low, "high": point.high},
            "measured": point.value if kind == "measured" else None,
            "expected": None if kind == "measured" else point.value,
        }
        for kind, points in (("measured", curve.points), ("now", now), ("expected", curve.forecast))
        for point in points
    ]
