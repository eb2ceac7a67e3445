"""What the figures say, in sentences: what more units bring, what one more annotator brings, what is not known."""

from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

Row = dict[str, Any]


def say(result: dict[str, Any]) -> list[str]:
    """Return what more of each brings, and which is cheaper by the answer."""
    rows: list[Row] = [row for row in result["rows"] if row["alpha"]["half_width"] is not None]
    if not rows:
        return []
    start = present(result, rows)
    k = start["annotators"]
    wider = [row for row in rows if row["annotators"] == k and row["more"] > start["more"]]
    deeper = [row for row in rows if row["more"] == start["more"] and row["annotators"] > k]
    said, it = [], "it" if wider else "alpha's interval"
    if wider:
        last = wider[-1]
        said.append(
            f"With {k} annotators a unit, {last['more'] - start['more']:,} more units bring alpha's interval from "
            f"{_half(start)} to {_half(last)} ({_cost(start, last)})."
        )
    if deeper:
        next_ = deeper[0]
        who = f"{_ordinal(k + 1)} annotator" if next_["annotators"] == k + 1 else f"{next_['annotators']} annotators"
        verb = "brings" if next_["annotators"] == k + 1 else "bring"
        article = ("An " if _ordinal(k + 1)[0] in "8" or k + 1 in (11, 18) else "A ") if verb == "brings" else ""
        gold = ""
        if start["accuracy"]["value"] is not None and not _worse(start, next_):
            gold = f", and the accuracy of gold from {_two(start['accuracy'])} to {_two(next_['accuracy'])}"
        said.append(
            f"{article}{who} on the same {start['units']:,} units {verb} {it} from {_half(start)} to "
            f"{_half(next_)}{gold} ({_cost(start, next_)})."
        )
    elif fewer := [row for row in rows if row["more"] == start["more"] and row["annotators"] < k]:
        less = fewer[-1]
        gold = "" if less["accuracy"]["value"] is None else f" and the accuracy of gold {_two(less['accuracy'])}"
        gold += "" if not gold else f", not {_two(start['accuracy'])}"
        said.append(
            f"With {less['annotators']} annotators a unit instead of {k}, {it} would be {_half(less)}{gold} "
            f"({start['answers'] - less['answers']:,} answers fewer)."
        )
    if wider and deeper:
        said += _cheaper(start, wider, deeper[0])
    return said + _of_gold(start, deeper)


def present(result: dict[str, Any], rows: list[Row]) -> Row:
    """Return the row nearest to what there is: answers a unit as now, and the fewest more units."""
    now = round(result["answers"] / result["units"])
    return min(rows, key=lambda row: (row["more"], abs(row["annotators"] - now), row["annotators"]))


def recommend(rows: list[Row], half_width: float | None, accuracy: float | None) -> dict[str, Any]:
    """Return the row with the fewest answers that is enough, or why there is none."""
    narrow = [row for row in rows if half_width is None or _at_most(row["alpha"]["half_width"], half_width)]
    enough = [row for row in narrow if accuracy is None or _at_most(accuracy, row["accuracy"]["value"])]
    if enough:
        best = min(enough, key=lambda row: (row["answers"], row["annotators"]))
        return {name: best[name] for name in ("annotators", "more", "units", "answers", "new_answers")}
    why = []
    if half_width is not None and not narrow:
        why.append(_too_wide(rows, half_width))
    exact = [row for row in rows if row["accuracy"]["value"] is not None]
    if accuracy is not None and not exact:
        why.append("the accuracy of gold is not known")
    elif accuracy is not None and max(row["accuracy"]["value"] for row in exact) < accuracy:
        best = max(exact, key=lambda row: (row["accuracy"]["value"], -row["answers"]))
        why.append(
            f"no row reaches an accuracy of {accuracy:g}: the highest is {best['accuracy']['value']:.3f}, "
            f"with {best['annotators']} annotators"
        )
    return {"why": "; ".join(why) or "no row reaches both"}


def notes_on(result: dict[str, Any], size: NDArray[np.int64]) -> list[str]:
    """Return what has to be known to read the figures; `size` is how many answers each unit has."""
    model, effect = result["model"], result["design_effect"]
    simulated = "not defined" if model["alpha"] is None else f"{model['alpha']:.3f}"
    notes = [
        f"Alpha as measured is {result['alpha']['value']:.3f}, and {simulated} in simulated answers of the same "
        f"annotators to as many units; {result['unanimous']:.0%} of the units are unanimous, and "
        f"{model['unanimous']:.0%} of the simulated ones.",
        "Accuracy is what the votes imply. A mistake that most annotators make looks like the truth and is not "
        "counted, so check it on adjudicated units.",
    ]
    if model["shared"] >= 0.01:
        notes.append(
            f"Annotators agree more than by the truth alone: {model['shared']:.0%} of the simulated answers are "
            "right or wrong with the unit, as where a text is hard for all."
        )
    if effect is None:
        notes.append("Fewer than 10 stories: that units of one story move together is not reckoned with.")
    elif effect > 1.005:
        notes.append(
            f"Units of one story move together: variances are {effect:.2f} times those of as many single units. New "
            "units are taken to come in stories like those there are."
        )
    if result["design"] == "team":
        notes.append(
            f"The same annotators answer all units: first the {result['annotators']} there are, then people like "
            "them. The interval is for those who answer; other_people is its half-width with others like them."
        )
    else:
        notes.append("Each unit has annotators of its own, drawn from those there are by how much they answered.")
    if result["annotators"] > 2 and np.mean(size > 3) < 0.1:
        notes.append(
            "With three answers a unit or fewer, mistakes that two make together cannot be told from the truth: "
            "accuracy takes annotators to err each alone, and is the most there can be."
        )
    if result["method"] == "dawid-skene":
        notes.append(
            "Gold by Dawid-Skene is simulated from the kind of model that it fits. On votes with a known truth its "
            "accuracy came out too high with six answers a unit or more, and too low with two or three."
        )
    return notes


def _cheaper(start: Row, wider: list[Row], deeper: Row) -> list[str]:
    """Say what narrows alpha's interval more for an answer, of steps that cost about the same."""
    cost = deeper["new_answers"] - start["new_answers"]
    if cost <= 0:
        return []
    step = min(wider, key=lambda row: abs(row["new_answers"] - start["new_answers"] - cost))
    units, person = (
        1000
        * (start["alpha"]["half_width"] - row["alpha"]["half_width"])
        / (row["new_answers"] - start["new_answers"])
        for row in (step, deeper)
    )
    better = "more units are the cheaper way" if units > person else "more annotators are the cheaper way"
    if abs(units - person) < 0.1 * max(units, person):
        better = "there is little between them"
    text = (
        f"For alpha {better}: 1,000 answers take {units:.4f} off the half-width when they go to new units, "
        f"{person:.4f} when they go to the units there are."
    )
    return [text]


def _of_gold(start: Row, deeper: list[Row]) -> list[str]:
    """Say how gold gets better, where the next annotator makes a number that leaves ties."""
    if start["accuracy"]["value"] is None or not deeper:
        return []
    if _worse(start, deeper[0]):
        return ["What one more annotator does for gold, so few answers a unit cannot tell."]
    better = [row for row in deeper if row["accuracy"]["value"] - start["accuracy"]["value"] > 0.005 - 1e-9]
    if not better:
        return ["More annotators hardly change gold here."]
    best = better[0]
    next_to_best = best["annotators"] == start["annotators"] + 2 and best is not deeper[0]
    if next_to_best and deeper[0]["undecided"] > start["undecided"]:
        return [
            f"With {deeper[0]['annotators']}, {deeper[0]['undecided']:.0%} of the units are tied, so gold is hardly "
            f"better for it; {best['annotators']} annotators bring its accuracy to {_two(best['accuracy'])} "
            f"({_cost(start, best)})."
        ]
    return ["Gold gets better with more annotators, hardly with more units."]


def _too_wide(rows: list[Row], half_width: float) -> str:
    known = [row for row in rows if row["alpha"]["half_width"] is not None]
    if not known:
        return "alpha's interval is not known"
    best = min(known, key=lambda row: (row["alpha"]["half_width"], row["answers"]))
    units = ceil(round(best["units"] * (best["alpha"]["half_width"] / half_width) ** 2, 6))
    return (
        f"no row reaches a half-width of {half_width:g}: the narrowest is {best['alpha']['half_width']:.3f}, with "
        f"{best['annotators']} annotators and {best['units']:,} units; about {units:,} units would do"
    )


def _at_most(value: float | None, bound: float | None) -> bool:
    return value is not None and bound is not None and value <= bound


def _cost(start: Row, row: Row) -> str:
    return f"{row['new_answers'] - start['new_answers']:,} answers more"


def _half(row: Row) -> str:
    return f"±{row['alpha']['half_width']:.3f}"


def _worse(start: Row, row: Row) -> bool:
    """Return whether gold seems to lose by one more annotator: the fit of so few is better than they are."""
    return bool(row["accuracy"]["value"] < start["accuracy"]["value"] - 0.002)


def _two(figure: dict[str, Any]) -> str:
    return f"{figure['value']:.3f}"


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number % 100 not in (11, 12, 13) else 0, "th")
    return f"{number}{ending}"
