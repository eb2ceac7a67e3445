"""The report as one HTML file: no network, no script, articles escaped.

The page forbids scripts and anything from outside by a content security policy of its own, so that a script in a
headline would not run even if it were not escaped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from goldwire import __version__, page
from goldwire.eval.examples import PER_CELL
from goldwire.eval.facts import CorpusFacts
from goldwire.eval.metrics import METRICS
from goldwire.eval.report import corpus, words
from goldwire.eval.result import HEADLINE, Cell, Example, Figure, ModelResult, Result, Unscored
from goldwire.page import plots

_WIDE, _NARROW = 520, 190
_WIDE_NAMES, _NARROW_NAMES = 220, 120


@dataclass(frozen=True)
class MatrixCell:
    """A cell of the confusion table; `share` is of the units with its gold label."""

    predicted: str
    n: int
    share: float
    right: bool
    anchor: str | None


@dataclass(frozen=True)
class Opened:
    """What a cell opens to: the first examples, and how many more there are."""

    anchor: str
    cell: Cell
    examples: list[tuple[str, Example]]
    more: int


def render(
    results: Sequence[Result], unscored: Sequence[Unscored], notice: str, facts: CorpusFacts | None = None
) -> str:
    """Return the page; `notice` stands at its top when it is not empty. `facts` make the section Corpus."""
    environment = page.environment("goldwire.eval.report")
    environment.filters |= {
        "number": words.number,
        "interval": words.interval,
        "signed": words.signed,
        "p_value": words.p_value,
        "counted": words.count,
        "percent": lambda share: f"{share:.0%}",
    }
    return environment.get_template("report.html.j2").render(
        title=results[0].data.title,
        data=results[0].data,
        notice=notice,
        questions=[_question(result, f"q{i}") for i, result in enumerate(results, 1)],
        unscored=unscored,
        corpus=None if facts is None else _corpus(facts),
        css=page.css(),
        version=__version__,
        bootstrap=results[0].bootstrap,
    )


def _corpus(facts: CorpusFacts) -> dict[str, Any]:
    return {
        "sentences": corpus.sentences(facts),
        "pictures": corpus.pictures(facts),
        "tables": corpus.tables(facts),
    }


def _question(result: Result, anchor: str) -> dict[str, Any]:
    shown = [name for name in METRICS if name in result.best.metrics]
    return {
        "anchor": anchor,
        "result": result,
        "name": result.question.replace("_", " "),
        "sentences": words.summary(result)[1:],  # the first stands in large type
        "compared": sum(model.role != "probe" for model in result.models),
        "tested": words.tested(result),
        "warnings": words.warnings(result),
        "fired": words.fired(result),
        "quiet": words.quiet(result),
        "metrics": [(name, METRICS[name].title) for name in sorted(shown, key=lambda name: name != HEADLINE)],
        "models_picture": _models_picture(result),
        "labels_picture": _labels_picture(result),
        "comparisons": [c for c in result.comparisons if c.metric == HEADLINE],
        "matrix": _matrix(result, result.best, anchor),
        "opened": _opened(result, anchor),
        "others": [
            (m, _matrix(result, m, None)) for m in result.models if m.role != "probe" and m.name != result.best.name
        ],
        "alphas": _alphas(result),
        "agreement": words.agreement(result),
        "headline": result.best.metrics[HEADLINE],
    }


def _models_picture(result: Result) -> dict[str, str]:
    rows = [plots.Row(m.name, m.metrics[HEADLINE], quiet=m.role == "probe") for m in result.models]
    people = result.ceiling.metrics.get(HEADLINE)
    return _both(rows, f"Macro-F1 of each model with its interval: {result.key}", "macro-F1", people)


def _labels_picture(result: Result) -> dict[str, str]:
    rows = [
        plots.Row(name, Figure(value=score.f1, low=score.f1_low, high=score.f1_high))
        for name, score in result.measured(result.best)
    ]
    return _both(rows, f"F1 of {result.best.name} on each label with its interval: {result.key}", "F1", None)


def _both(rows: list[plots.Row], title: str, axis: str, people: Figure | None) -> dict[str, str]:
    """Draw for a wide page and for a phone: letters stay readable, which one scaled picture would not give."""
    return {
        name: plots.intervals(rows, title=title, axis=axis, width=width, people=people, label_width=label_width)
        for name, width, label_width in (("wide", _WIDE, _WIDE_NAMES), ("narrow", _NARROW, _NARROW_NAMES))
    }


def _matrix(result: Result, model: ModelResult, anchor: str | None) -> list[tuple[str, int, list[MatrixCell]]]:
    """Return the confusion table: for each label with support, its units and a cell for each predicted label."""
    cells = {(cell.actual, cell.predicted): (at, len(cell.units)) for at, cell in enumerate(model.confusion)}
    columns = _columns(result, model)
    rows = []
    for label in result.labels:
        support = model.per_label[label.name].support
        if not support:
            continue
        row = []
        for column in columns:
            at, n = cells.get((label.name, column), (None, 0))
            link = None if anchor is None or at is None else f"{anchor}-c{at}"
            row.append(MatrixCell(column, n, n / support, column == label.name, link))
        rows.append((label.name, support, row))
    return rows


def _columns(result: Result, model: ModelResult) -> list[str]:
    """Labels that have support or were predicted, in scheme order: the others would be empty columns."""
    used = {cell.predicted for cell in model.confusion} | {cell.actual for cell in model.confusion}
    return [label.name for label in result.labels if label.name in used]


def _opened(result: Result, anchor: str) -> list[Opened]:
    """Return the cells of the best model, errors first, each kind by size."""
    opened = [
        Opened(
            f"{anchor}-c{at}",
            cell,
            [(unit, result.examples[unit]) for unit in cell.units[:PER_CELL] if unit in result.examples],
            max(0, len(cell.units) - PER_CELL),
        )
        for at, cell in enumerate(result.best.confusion)
    ]
    return sorted(opened, key=lambda o: (o.cell.actual == o.cell.predicted, -len(o.cell.units)))


def _alphas(result: Result) -> dict[str, str]:
    """Return the annotators' agreement on each label, where it is known."""
    per_label = (result.agreement or {}).get("per_label") or {}
    found = {}
    for name, entry in per_label.items():
        alpha = entry.get("alpha") if isinstance(entry, dict) else None
        value = alpha.get("value") if isinstance(alpha, dict) else alpha
        found[name] = words.number(value)
    return found
