"""A result in words: the sentences that every form of the report begins with, and how numbers are written."""

from collections.abc import Iterable

from goldwire.eval.report.titles import title
from goldwire.eval.result import HEADLINE, Check, Comparison, Figure, Result, headline

_PEOPLE = {
    "below": "It is below what people reach",
    "within": "It is not told apart from what people reach",
    "above": "It is above what people reach",
}

NEEDED = (
    "Units needed: if the difference is as large as seen, about so many labelled test units give four chances in "
    "five to settle it."
)

UNBOUNDED = (
    "An F1 without an interval is of too few stories, or the same in every resample: what no story shows here, "
    "others may."
)


def summary(result: Result) -> list[str]:
    """Return what a reader should know first: the best model, against the first baseline, and against people."""
    models = [model for model in result.models if model.role != "probe"]
    value = f"{figure(result.best.metrics[HEADLINE])}, on {tested(result)}"
    if len(models) > 1:
        sentences = [f"Of {len(models)} models, {result.best.name} has the highest {title(HEADLINE)}: {value}."]
    else:
        sentences = [f"{result.best.name} reaches a {title(HEADLINE)} of {value}."]
    if (found := against_first(result)) is not None:
        sentences.append(_against(found))
    people = result.ceiling.metrics.get(HEADLINE)
    where = "" if result.ceiling.units == "test" else ", measured on the units of all splits"
    if people is None:
        sentences.append(f"What people reach is not known: {result.ceiling.why or 'it was not measured'}.")
    elif result.best.against_people is None:
        sentences.append(
            f"People reach {figure(people)}{where}; no interval tells whether {result.best.name} is below or above."
        )
    else:
        sentences.append(f"{_PEOPLE[result.best.against_people]}, {figure(people)}{where}.")
    return sentences


def of_people(result: Result) -> str | None:
    """Return what the comparison with people says, for a caption; None where people were not measured."""
    if not result.ceiling.metrics:
        return None
    return (
        "People are judged one by one against the majority of the others. Within means not told apart from people "
        "here, not as good as people."
    )


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

    Those that are settled come first.
    """
    against = (first(result), runner_up(result))
    found = [c for c in result.comparisons if c.label is not None and c.a == result.best.name and c.b in against]
    return sorted(found, key=lambda c: (c.p_holm is None, c.p_holm or 0.0, c.label))


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


def _against(c: Comparison) -> str:
    if c.difference is None or c.p_holm is None:
        return f"How it compares with {c.b} is not defined on these data."
    low_high = f"{signed(c.low)} to {signed(c.high)}, " if c.low is not None else ""
    clear = "clearly better" if c.p_holm < 0.05 and c.difference > 0 else "not clearly better"
    return f"It is {clear} than {c.b}: {signed(c.difference)} ({low_high}p {p_value(c.p_holm)})."
