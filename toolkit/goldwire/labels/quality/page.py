"""The report on annotators as one HTML file: no network, no script, everything escaped.

The page forbids scripts and anything from outside by a content security policy of its own, so that a script in a
label would not run even if it were not escaped. No number is made here.
"""

from collections.abc import Mapping
from typing import Any

from goldwire import __version__, page
from goldwire.labels.quality import pictures
from goldwire.labels.quality.confusion import NONE
from goldwire.labels.quality.findings import CLEAR, p_value, percent

PEOPLE = 40
"""Annotators in pictures and in tables of their own, those with the most answers."""
ROWS = 500
"""Annotators in the table of all."""
TOLD = 4
"""Findings on a question at the top of the page; the others stand where the question begins."""
MATRIX = 24
"""Labels of a table of confusions, the most frequent."""
DIFFERENCES = 20
"""Differences of label rates in the table, those with the lowest p-values."""
CONFUSIONS = 15
"""Confusions in the table, the most frequent."""


def render(report: Mapping[str, Any]) -> str:
    """Return the page of a report from `goldwire.labels.quality.measure`, with addresses where it has them."""
    environment = page.environment("goldwire.labels.quality")
    environment.filters |= {
        "short": short,
        "points": points,
        "percent": percent,
        "p_value": p_value,
        "amount": lambda x: f"{x:.1f}".removesuffix(".0"),
    }
    questions = report["questions"]
    return environment.get_template("report.html.j2").render(
        title="Annotators",
        round=report["round"],
        questions=[_question(name, one, f"q{i}") for i, (name, one) in enumerate(questions.items(), 1)],
        named=any("email" in row for one in questions.values() for row in one["annotators"]),
        told=TOLD,
        css=page.css(),
        version=__version__,
    )


def short(value: float | None) -> str:
    """Write a number with two digits, .85, and a dash for what is not defined."""
    if value is None:
        return "–"
    text = f"{abs(value):.2f}"
    return ("−" if value < 0 and float(text) else "") + text.removeprefix("0")


def points(difference: float | None) -> str:
    """Write a difference of shares in points: +9.1."""
    if difference is None:
        return "–"
    text = f"{100 * difference:+.1f}"
    return text.replace("-", "−") if float(text) else "0.0"


def _question(name: str, one: Mapping[str, Any], anchor: str) -> dict[str, Any]:
    people = one["annotators"]
    most = sorted(people, key=lambda row: (-row["answers"], row["annotator"]))
    kept = {row["annotator"] for row in most[:PEOPLE]}
    shown = [row for row in people if row["annotator"] in kept]
    differences = _differences(people)
    return {
        "anchor": anchor,
        "name": name.replace("_", " "),
        "one": one,
        "people": people[:ROWS],
        "more_people": max(0, len(people) - ROWS),
        "shown": shown,
        "most": most,
        "differences": differences[:DIFFERENCES],
        "clearly": sum(row["p_holm"] is not None and row["p_holm"] < CLEAR for row in differences),
        "several": any(row["labels_per_answer"] for row in people),
        "confusions": _confusions(people),
        "matrices": [(row, _matrix(row["confusion"])) for row in shown if row["confusion"]],
        "timed": any(row["speed"]["n"] for row in people),
        "drifts": [row for row in shown if row["drift"]["trend"]["p"] is not None],
        "label_drifts": _label_drifts(people),
        "estimated": [row for row in people[:ROWS] if row["competence"]["dawid_skene"]],
        "controls": [(row, known) for row in people for known in row["control"]],
        "retests": [(row, known) for row in people for known in row["retest"]],
        "pictures": pictures.of(one, shown, name, PEOPLE),
    }


def _differences(people: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    rows = [
        {"who": one, "label": label, **row}
        for one in people
        for label, row in one["bias"].items()
        if row["p_holm"] is not None
    ]
    return sorted(rows, key=lambda row: (row["p"], row["who"]["annotator"], row["label"]))


def _confusions(people: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    rows = [{"who": one, **row} for one in people for row in one["confusions"]]
    return sorted(rows, key=lambda row: (-row["weight"], row["who"]["annotator"], row["given"]))[:CONFUSIONS]


def _label_drifts(people: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    rows = [
        {"who": one, "label": label, **trend}
        for one in people
        for label, trend in one["drift"]["label_trends"].items()
        if trend["p_holm"] is not None and trend["p_holm"] < CLEAR
    ]
    return sorted(rows, key=lambda row: (row["p"], row["who"]["annotator"], row["label"]))[:DIFFERENCES]


def _matrix(confusion: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    """Return the table of an annotator: the labels, and a row for each of theirs."""
    weight: dict[str, float] = {}
    for given, cells in confusion.items():
        for other, n in cells.items():
            weight[given] = weight.get(given, 0) + n
            weight[other] = weight.get(other, 0) + n
    often = sorted(weight, key=lambda name: (-weight[name], name))
    kept = set(often[:MATRIX])
    order = list(dict.fromkeys([*confusion, *(other for cells in confusion.values() for other in cells)]))
    labels = sorted((name for name in order if name in kept), key=lambda name: (name == NONE, order.index(name)))
    rows = []
    for given in labels:
        cells = confusion.get(given, {})
        if cells:
            total = sum(cells.values())
            rows.append(
                (given, total, [(name, cells.get(name, 0.0), cells.get(name, 0.0) / total) for name in labels])
            )
    return {"labels": labels, "rows": rows, "left_out": len(often) - len(labels)}
