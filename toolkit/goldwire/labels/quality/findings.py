"""What the figures say, in sentences: who differs most, on what, and what to do."""

from collections.abc import Mapping
from typing import Any

from goldwire.labels.quality.confusion import NONE

CLEAR = 0.05
"""A difference is told when its adjusted p-value is below this."""
ENOUGH = 10
"""Fast answers that an annotator must have given before they are talked about."""
MOST = 3
"""Sentences of one kind at most."""


def sentences(question: Mapping[str, Any]) -> list[str]:
    """Return the findings on one question, the most important first; there is always one."""
    people = question["annotators"]
    if len(people) < 2:
        return [f"{people[0]['annotator']} is the only one who answered: there is nobody to compare with."]
    if not question["units_with_two"]:
        return ["No unit has answers of two annotators: nothing can be compared. Ask for an overlap."]
    # of two labels, one more of this is one less of that
    mirrored = question["type"] == "single" and len(question["labels"]) == 2
    found = [
        *_sizes(people),
        *_bias(people, mirrored),
        *_lowest(people),
        *_confusion(people),
        *_drift(people),
        *_speed(people),
    ]
    return found + _trouble(people)


def _bias(people: list[Mapping[str, Any]], mirrored: bool) -> list[str]:
    rows = [
        (one["annotator"], label, row)
        for one in people
        for label, row in one["bias"].items()
        if row["p_holm"] is not None and row["p_holm"] < CLEAR
        if not mirrored or row["difference"]["value"] > 0
    ]
    if not rows:
        return ["No annotator gives a label clearly more or less often than the others on the same units."]
    rows.sort(key=lambda one: (-abs(one[2]["difference"]["value"]), one[2]["p_holm"], one[0], one[1]))
    # one a label: where few annotate, what one does more often shows in the others as less
    largest = {label: (who, label, row) for who, label, row in reversed(rows)}
    first = sorted(largest.values(), key=rows.index)[:MOST]
    told = [
        f"{who} gives {label} {_points(row['difference']['value'])} {_more(row['difference']['value'])} often than "
        f"the others on the same units ({percent(row['share'])} against {percent(row['others'])}, "
        f"p {p_value(row['p_holm'])} adjusted): talk about it with {who}, or look at these units."
        for who, label, row in first
    ]
    rest = len(rows) - len(told)
    if rest:
        what = "difference of this kind is" if rest == 1 else "differences of this kind are"
        told.append(f"{rest} more {what} clear; see the table of label rates.")
    return told


def _sizes(people: list[Mapping[str, Any]]) -> list[str]:
    rows = []
    for one in people:
        size = one["labels_per_answer"]
        if size is not None and size["difference"]["low"] is not None:
            low, high = size["difference"]["low"], size["difference"]["high"]
            if low > 0 or high < 0:
                rows.append((-abs(size["difference"]["value"]), one["annotator"], size))
    return [
        f"{who} gives {_more(size['difference']['value'], 'fewer')} labels in all: {size['mean']:.1f} an answer, the "
        f"others {size['others']:.1f} on the same units. Look at this first; it moves every label's rate."
        for _, who, size in sorted(rows, key=lambda row: row[:2])[:1]
    ]


def _lowest(people: list[Mapping[str, Any]]) -> list[str]:
    rows = [(one["agreement"]["value"], one["annotator"], one["agreement"]) for one in people]
    known = sorted((row for row in rows if row[0] is not None), key=lambda row: (row[0], row[1]))
    if len(known) < 3:  # two agree with each other as well as the other way round
        return []
    (_, who, figure), (_, best, highest) = known[0], known[-1]
    if figure["high"] is None or highest["low"] is None:
        return [f"{who} agrees least with the rest, {number(figure)}; there is too little for an interval."]
    apart = figure["high"] < highest["low"]
    told = f"{who} agrees least with the rest, {number(figure)}, and {best} most, {number(highest)}"
    return [f"{told}." if apart else f"{told}; the intervals overlap."]


def _confusion(people: list[Mapping[str, Any]]) -> list[str]:
    rows = [(one["annotator"], row) for one in people for row in one["confusions"][:1]]
    if not rows:
        return ["Nobody contradicts anybody."]
    who, row = min(rows, key=lambda one: (-one[1]["weight"], one[0]))
    weight = f"{row['weight']:.1f}".removesuffix(".0")
    seen = f", such as {row['units'][0]}" if row["units"] else ""
    return [
        f"The most frequent confusion: where {who} says {_label(row['given'])}, others say {_label(row['others'])} "
        f"({weight} units' worth{seen})."
    ]


def _label(name: str) -> str:
    return "nothing" if name == NONE else name


def _drift(people: list[Mapping[str, Any]]) -> list[str]:
    told = []
    for one in people:
        trend = one["drift"]["trend"]
        if trend["p_holm"] is not None and trend["p_holm"] < CLEAR:
            change = trend["change"]["value"]
            told.append(
                f"{one['annotator']}'s agreement with the rest {'rose' if change > 0 else 'fell'} by "
                f"{_points(change)} from the first answer to the last (p {p_value(trend['p_holm'])} adjusted)."
            )
    labels = [
        (one["annotator"], label, trend)
        for one in people
        for label, trend in one["drift"]["label_trends"].items()
        if trend["p_holm"] is not None and trend["p_holm"] < CLEAR
    ]
    labels.sort(key=lambda row: (-abs(row[2]["change"]["value"]), row[0], row[1]))
    return told[:MOST] + [
        f"{who} came to give {label} {_more(trend['change']['value'])} often, against the others on the same units: "
        f"{_points(trend['change']['value'])} from the first answer to the last "
        f"(p {p_value(trend['p_holm'])} adjusted)."
        for who, label, trend in labels[:MOST]
    ]


def _speed(people: list[Mapping[str, Any]]) -> list[str]:
    rows = [
        (row["difference"]["value"], one["annotator"], row)
        for one in people
        if (row := one["speed"])["n"] and row["fast"] >= ENOUGH and (row["difference"]["high"] or 0) < 0
    ]
    return [
        f"{who}'s fast answers ({percent(row['share_fast']['value'])} of them) agree less with the rest, by "
        f"{_points(value)}: ask {who} to slow down."
        for value, who, row in sorted(rows, key=lambda row: row[:2])[:MOST]
    ]


def _trouble(people: list[Mapping[str, Any]]) -> list[str]:
    alone = [one["annotator"] for one in people if not one["shared"]]
    if not alone:
        return []
    shown = ", ".join(alone[:5]) + (f" and {len(alone) - 5} others" if len(alone) > 5 else "")
    return [f"{shown} shared no unit with anybody, so nothing can be said about how they differ."]


def percent(share: float | None) -> str:
    """Write a share as a percentage: 31 %."""
    return "–" if share is None else f"{100 * share:.0f}%"


def p_value(p: float | None) -> str:
    """Write a p-value: .003, or <.001."""
    return "–" if p is None else "<.001" if p < 0.001 else f"{min(p, 1):.3f}".removeprefix("0")


def number(figure: Mapping[str, Any]) -> str:
    """Write a figure with its interval: .612 (.540 to .684)."""
    value = "–" if figure["value"] is None else _short(figure["value"])
    return value if figure["low"] is None else f"{value} ({_short(figure['low'])} to {_short(figure['high'])})"


def _short(value: float) -> str:
    text = f"{abs(value):.2f}"
    return ("−" if value < 0 and float(text) else "") + (text.removeprefix("0") or "0")


def _points(difference: float) -> str:
    points = abs(100 * difference)
    text = f"{points:.1f}" if points < 2 else f"{points:.0f}"
    return f"{text} point{'' if text == '1' else 's'}"


def _more(difference: float, less: str = "less") -> str:
    return "more" if difference > 0 else less
