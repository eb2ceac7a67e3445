"""The pictures of the report on annotators: who agrees with whom, label rates, drift."""

from collections.abc import Mapping, Sequence
from typing import Any

from goldwire.labels.quality.findings import CLEAR
from goldwire.page.heat import heat
from goldwire.page.lines import line
from goldwire.page.rate_bars import Bar, rate_bars
from goldwire.stats.resample import Interval

LABELS = 12
"""Labels whose rates are drawn: those on which annotators differ most clearly."""
UNITS = 10
"""Units in common without which a pair is not drawn, where any pair has so many: its kappa is chance."""
_WIDE, _NARROW, _SMALL = 760, 350, 190
_NONE = Interval(None)


def of(one: Mapping[str, Any], shown: Sequence[Mapping[str, Any]], name: str, most: int) -> dict[str, Any]:
    """Return the pictures of a question as svg elements: pairs {wide, narrow} or None, rates [(label, svg)], drift
    [(annotator, svg)]; `shown` are the annotators that are drawn, at most `most`."""
    return {
        "pairs": _pairs(one, [row["annotator"] for row in shown[:most]], name),
        "rates": [(label, _rates(label, shown, name)) for label in _drawn(one, shown)],
        "drift": _drift(one, shown, name),
    }


def _pairs(one: Mapping[str, Any], names: list[str], question: str) -> dict[str, str] | None:
    kept = set(names)
    rows = [row for row in one["pairs"] if {row["a"], row["b"]} <= kept]
    enough = [row for row in rows if row["n"] >= UNITS] or rows
    values = {(row["a"], row["b"]): row["kappa"]["value"] for row in enough}
    if not values or len(names) < 2:
        return None
    title = f"Cohen's kappa of every two annotators: {question}"
    return {
        size: heat(names, values, title=title, width=width) for size, width in (("wide", _WIDE), ("narrow", _NARROW))
    }


def _drawn(one: Mapping[str, Any], shown: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the labels to draw, in the order of the scheme: those with the lowest p-values, or else any."""
    lowest = {
        label: min((p for row in shown if (p := row["bias"].get(label, {}).get("p")) is not None), default=2.0)
        for label in one["labels"]
    }
    differ = [label for label in one["labels"] if lowest[label] <= 1] or one["labels"]
    kept = set(sorted(differ, key=lambda label: lowest[label])[:LABELS])
    return [label for label in one["labels"] if label in kept]


def _rates(label: str, shown: Sequence[Mapping[str, Any]], question: str) -> str:
    bars = []
    for row in shown:
        rate, bias = row["rates"].get(label), row["bias"].get(label, {})
        p = bias.get("p_holm")
        figure = _NONE if rate is None else Interval(rate["value"], rate["low"], rate["high"])
        bars.append(Bar(row["annotator"], figure, bias.get("others"), p is not None and p < CLEAR))
    title = f"Share of each annotator's answers with {label}, with its interval: {question}"
    return rate_bars(bars, title=title, width=_SMALL)


def _drift(one: Mapping[str, Any], shown: Sequence[Mapping[str, Any]], question: str) -> list[tuple[str, str]]:
    names = one["periods"]["names"]
    if len(names) < 2:
        return []
    cells = {row["annotator"]: {cell["period"]: cell for cell in row["drift"]["periods"]} for row in shown}
    means = [figure["value"] for figure in one["periods"]["agreement"]]
    known = [
        cell["agreement"][bound]
        for periods in cells.values()
        for cell in periods.values()
        for bound in ("value", "low")
        if cell["agreement"][bound] is not None
    ]
    low = min(0.0, *known) if known and min(known) < 0.5 else 0.5 if known else 0.0
    title = "Agreement with the rest by period of {}, with intervals, and that of all: {}"
    return [
        (
            row["annotator"],
            line(
                names,
                [_agreement(cells[row["annotator"]].get(period)) for period in names],
                means,
                title=title.format(row["annotator"], question),
                width=_SMALL,
                domain=(low, 1),
            ),
        )
        for row in shown
        if any(cell["agreement"]["value"] is not None for cell in cells[row["annotator"]].values())
    ]


def _agreement(cell: Mapping[str, Any] | None) -> Interval | None:
    if cell is None:
        return None
    found = cell["agreement"]
    return Interval(found["value"], found["low"], found["high"])
