"""A result in words: what every form of the report says of it alike, and how numbers are written."""

from collections.abc import Iterable

from goldwire.eval.result import HEADLINE, Check, Comparison, Figure, Result, headline

PEOPLE = "annotators on average"
"""What models are held against: a poor annotator lowers it, so that above it is not above each of them."""

POOLED = "people, pooled"
"""What the row of their figure is called, since it is of all their answers together."""

NEEDED = (
    "Units needed: if the difference is as large as seen, about so many labelled test units give four chances in "
    "five to settle it."
)

UNBOUNDED = (
    "An F1 without an interval is of too few stories, or the same in every resample: what no story shows here, "
    "others may."
)

_GROUPS = ("unanimous", "contested", "one vote")


def of_people(result: Result) -> str | None:
    """Return what the comparison with people says, for a caption; None where people were not measured."""
    if not result.ceiling.metrics:
        return None
    how = (
        "People are judged one by one against the majority of the others, and models held against all those answers "
        f"pooled ({PEOPLE}): somebody who is often alone lowers their figure."
    )
    if any(model.against_people == "within" for model in result.models):
        how += " Within means not told apart from them here, not as good as they are."
    return how


def left_out(result: Result) -> list[tuple[str, str]]:
    """Return the kinds of slices that were not looked at and why, those with one reason together."""
    found: dict[str, list[str]] = {}
    for by, why in (result.slices.left_out if result.slices else {}).items():
        found.setdefault(why, []).append(by)
    return [(listed(kinds, most=len(kinds)), why) for why, kinds in found.items()]


def unbounded(figures: Iterable[Figure]) -> str | None:
    """Return why some figures have no interval; None where all have one."""
    why = list(dict.fromkeys(f.why for f in figures if f.value is not None and f.low is None and f.why))
    return f"Figures without an interval: {'; '.join(why)}." if why else None


def tested(result: Result) -> str:
    """Return what was scored: so many units from so many stories."""
    return f"{count(result.n, 'labelled test unit')} from {count(result.stories, 'story')}"


def against_first(result: Result) -> Comparison | None:
    """Return the best model's difference to the first baseline; None when it is the first."""
    return next((c for c in headed(result) if c.a == result.best.name and c.b == first(result)), None)


def first(result: Result) -> str:
    """Return the name of the first model that is no probe, which the others are held against."""
    return next(model.name for model in result.models if model.role != "probe")


def runner_up(result: Result) -> str | None:
    """Return the name of the next best model that is no probe."""
    others = [m for m in result.models if m.role != "probe" and m.name != result.best.name]
    return max(others, key=headline).name if others else None


def headed(result: Result) -> list[Comparison]:
    """Return the differences in the headline metric."""
    return [c for c in result.comparisons if c.metric == HEADLINE and c.label is None]


def by_label(result: Result) -> list[Comparison]:
    """Return the differences of the best model on single labels to the first and to the next best model.

    Those that are settled come first, then those where luck explains least, and the largest.
    """
    against = (first(result), runner_up(result))
    found = [c for c in result.comparisons if c.label is not None and c.a == result.best.name and c.b in against]
    return sorted(found, key=lambda c: (c.p_holm is None, c.p_holm or 0.0, -abs(c.difference or 0.0), c.label))


def vote_groups(result: Result) -> list[str]:
    """Return the groups of units by their votes that some model has a figure of."""
    there = {name for model in result.models for name in model.by_votes}
    return sorted(there, key=lambda name: (_GROUPS.index(name) if name in _GROUPS else len(_GROUPS), name))


def votes_caption(result: Result) -> str:
    """Return what the figures of the groups of units by their votes are."""
    if "one vote" in vote_groups(result):
        return "Macro-F1 where annotators agree, where they do not, and where there is one vote"
    return "Macro-F1 where annotators agree and where they do not"


def settled(result: Result, c: Comparison) -> bool:
    """Return whether luck hardly explains a difference, at the level of the intervals, by its adjusted p-value."""
    return c.p_holm is not None and c.p_holm < round(1 - result.bootstrap.level, 6)


def not_told(comparisons: Iterable[Comparison]) -> str | None:
    """Return why some that are not settled have no number of units needed; None where all have one."""
    why = list(dict.fromkeys(c.needed_why for c in comparisons if c.needed is None and c.needed_why))
    return f"Not told: {'; '.join(why)}." if why else None


def elsewise(result: Result) -> list[Comparison]:
    """Return the differences of all labels together in other metrics."""
    return [c for c in result.comparisons if c.metric != HEADLINE and c.label is None]


def fired(result: Result) -> list[Check]:
    """Return the checks that found something, the worst first, accepted findings last."""
    order = ("error", "warning", "note", "accepted")
    return sorted((c for c in result.checks if c.state in order), key=lambda c: order.index(c.state))


def quiet(result: Result) -> list[Check]:
    """Return the other checks: those that found nothing, then those that could not look."""
    order = ("ok", "not applicable")
    return sorted((c for c in result.checks if c.state in order), key=lambda c: order.index(c.state))


def warnings(result: Result) -> list[Check]:
    """Return the checks that found an error or warn."""
    return [check for check in fired(result) if check.state in ("error", "warning")]


def agreement(result: Result) -> str | None:
    """Return the annotators' agreement as a sentence; None when it was not computed."""
    found = result.agreement
    if not found or not isinstance(found.get("alpha"), dict):
        return None
    alpha = Figure.model_validate(found["alpha"])
    if alpha.value is None:
        return f"Krippendorff's alpha is not defined: {alpha.why}."
    others = [f"{title} {number(found[key])}" for key, title in _OTHERS.items() if found.get(key) is not None]
    on = f" on {count(found['units_with_two'], 'unit')} with two answers or more" if "units_with_two" in found else ""
    rest = f"; {', '.join(others)}" if others else ""
    return f"Krippendorff's alpha {figure(alpha)}{on}{rest}."


_OTHERS = {"observed": "observed agreement", "kappa": "kappa", "ac1": "AC1"}


def figure(value: Figure) -> str:
    """Write a figure with its interval: 0.412 (0.300 to 0.520)."""
    return f"{number(value.value)}{interval(value)}"


def interval(value: Figure) -> str:
    """Write an interval with a space before it; nothing when there is none."""
    return "" if value.low is None or value.high is None else f" ({number(value.low)} to {number(value.high)})"


def number(value: float | None) -> str:
    """Write a number with three digits, and a dash for what is not defined."""
    return "–" if value is None else f"{value:.3f}".replace("-", "−")


def signed(value: float | None) -> str:
    """Write a difference with its sign; one that rounds to nothing has none."""
    if value is None:
        return "–"
    text = f"{value:+.3f}".replace("-", "−")
    return text if float(text[1:]) else text[1:]


def p_value(value: float | None) -> str:
    """Write a p-value; one below a thousandth is not told apart."""
    return "–" if value is None else "<0.001" if value < 0.001 else f"{value:.3f}"


def count(n: int, what: str) -> str:
    """Write a number of things: 1 story, 2 stories."""
    plural = f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"
    return f"{n:,} {what if n == 1 else plural}"


def listed(items: Iterable[str], most: int = 4) -> str:
    """Write some names as a list: a, b and c; of more than `most` the first, and how many more."""
    names = list(items)
    if len(names) > most:
        names = [*names[: most - 1], f"{len(names) - most + 1} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def first_upper(text: str) -> str:
    """Begin with a capital letter, and leave the rest."""
    return text[:1].upper() + text[1:]


def first_lower(text: str) -> str:
    """Begin with a small letter, as within a sentence, unless two capitals do, as in MCC."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def because(reason: str | None, otherwise: str) -> str:
    """Say that something is not there, and why."""
    return f"Not applicable, because {(reason or otherwise).rstrip('.')}."
