"""The sentences that every form of the report begins with: how good the best model is, and beside what."""

from goldwire.eval.report import words
from goldwire.eval.report.titles import title
from goldwire.eval.result import HEADLINE, Comparison, Result

_VERDICTS = {"below": "below", "within": "not told apart from", "above": "above"}
_ACCURACIES = ("accuracy", "subset-accuracy", "micro-f1")
_CLEAR = 0.02  # by which another metric is lower, to be named where no interval says so


def summary(result: Result) -> list[str]:
    """Return what a reader should know first: the best model, against the first baseline, and against people."""
    models = [model for model in result.models if model.role != "probe"]
    value = f"{words.figure(result.best.metrics[HEADLINE])}, on {words.tested(result)}"
    if len(models) > 1:
        sentences = [f"Of {len(models)} models, {result.best.name} has the highest {title(HEADLINE)}: {value}."]
    else:
        sentences = [f"{result.best.name} reaches a {title(HEADLINE)} of {value}."]
    if (found := words.against_first(result)) is not None:
        sentences.append(_against(result, found))
        sentences += [one for one in (_otherwise(result, found), _silent(result)) if one]
    people = result.ceiling.metrics.get(HEADLINE)
    where = "" if result.ceiling.units == "test" else ", measured on the units of all splits"
    if people is None:
        sentences.append(f"What people reach is not known: {result.ceiling.why or 'it was not measured'}.")
    elif result.best.against_people is None:
        sentences.append(
            f"{words.first_upper(words.PEOPLE)} reach {words.figure(people)}{where}; no interval tells whether "
            f"{result.best.name} is below or above."
        )
    else:
        verdict, each = _VERDICTS[result.best.against_people], one_by_one(result)
        unsaid = verdict == "below" and each is not None and each.startswith("below")
        among = f"; its figure is {each}" if each and not unsaid else ""
        sentences.append(f"{result.best.name} is {verdict} {words.PEOPLE}, {words.figure(people)}{where}{among}.")
    return sentences


def one_by_one(result: Result) -> str | None:
    """Return above how many annotators the figure of the best model is; None where there are no two to tell of."""
    value = result.best.metrics[HEADLINE].value
    known = [one.macro_f1.value for one in result.ceiling.annotators.values() if one.macro_f1.value is not None]
    if value is None or len(known) < 2:
        return None
    above = sum(value > one for one in known)
    if above == 0 and value not in known:
        return f"below that of each of {len(known)} annotators"
    return f"above that of {'each' if above == len(known) else above or 'none'} of {len(known)} annotators"


def _against(result: Result, c: Comparison) -> str:
    if c.difference is None or c.p_holm is None:
        return f"How it compares with {c.b} is not defined on these data."
    low_high = f"{words.signed(c.low)} to {words.signed(c.high)}, " if c.low is not None else ""
    clear = "clearly better" if words.settled(result, c) and c.difference > 0 else "not clearly better"
    return f"It is {clear} than {c.b}: {words.signed(c.difference)} ({low_high}p {words.p_value(c.p_holm)})."


def _silent(result: Result) -> str | None:
    """Say that the first baseline never gives a label, or a right one: everything is better than its headline."""
    baseline = next(model for model in result.models if model.name == words.first(result))
    if baseline.metrics[HEADLINE].value != 0:
        return None
    never = "gives a label" if all(cell.predicted is None for cell in baseline.confusion) else "gives a right label"
    return f"{baseline.name} never {never}, so that its {title(HEADLINE)} is 0 and any right label is above it."


def _otherwise(result: Result, c: Comparison) -> str | None:
    """Say that accuracy points the other way than the headline metric, where it does so beyond a trifle."""
    if c.difference is None or c.difference <= 0:
        return None
    for other in words.elsewise(result):
        if (other.a, other.b) != (c.a, c.b) or other.metric not in _ACCURACIES or other.difference is None:
            continue
        if other.difference < 0 and (words.settled(result, other) or other.difference <= -_CLEAR):
            of_a, of_b = (
                next(model.metrics[other.metric].value for model in result.models if model.name == name)
                for name in (c.a, c.b)
            )
            low_high = f", {words.signed(other.low)} to {words.signed(other.high)}" if other.low is not None else ""
            return (
                f"But its {title(other.metric)} is lower, {words.number(of_a)} against {words.number(of_b)} "
                f"({words.signed(other.difference)}{low_high}, p {words.p_value(other.p_holm)})."
            )
    return None
