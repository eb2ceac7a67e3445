"""What DVC reads: a few numbers for `dvc metrics show`, and rows for `dvc plots show`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from goldwire import files
from goldwire.eval.result import HEADLINE, Result


def write(results: Sequence[Result], folder: Path) -> list[Path]:
    """Write metrics.json, plots/confusion/ and plots/labels/ under `folder`.

    metrics.json has the headline metric of every model that is no probe, as ``{scheme: {question: {model: {metric:
    value}}}}``. plots/confusion has a file a question for DVC's template `confusion` (rows of actual and predicted
    of the best model), plots/labels one for a bar chart (rows of label, f1 and support).

    Returns
    -------
    list of Path
        What was written.
    """
    metrics: dict[str, Any] = {}
    for result in results:
        question = metrics.setdefault(result.scheme, {}).setdefault(result.question, {})
        for model in result.models:
            if model.role != "probe":
                question[model.name] = {HEADLINE: model.metrics[HEADLINE].value}
    files.write_json(folder / "metrics.json", metrics)
    with files.replacing_folder(folder / "plots") as plots:
        for result in results:
            files.write_json(plots / "confusion" / f"{result.key}.json", _confusion(result))
            files.write_json(plots / "labels" / f"{result.key}.json", _labels(result))
    return [folder / "metrics.json", *sorted((folder / "plots").rglob("*.json"))]


def _confusion(result: Result) -> list[dict[str, str]]:
    return [
        {"actual": cell.actual, "predicted": cell.predicted} for cell in result.best.confusion for _ in cell.units
    ]


def _labels(result: Result) -> list[dict[str, Any]]:
    return [{"label": name, "f1": score.f1, "support": score.support} for name, score in result.measured(result.best)]
