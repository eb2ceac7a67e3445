"""What to do next, in whole sentences: from the checks, suspects, slices, the curve's gain, and labels needed."""

from goldwire.eval.report import words
from goldwire.eval.report.beside import Curve, Suspects
from goldwire.eval.report.summary import one_by_one
from goldwire.eval.report.titles import title
from goldwire.eval.result import HEADLINE, Result
from goldwire.eval.trust import trusted

MOST = 5
LITTLE = 0.01
_MISCALIBRATED = 0.1


def advice(result: Result, curve: Curve | None = None, suspects: Suspects | None = None) -> list[str]:
    """Return what to do next, the most pressing first, `MOST` at most; never empty."""
    found = [
        _errors(result),
        _suspects(suspects),
        _unsettled(result),
        _more_labels(curve),
        _slices(result),
        _unmeasured(result),
        _people(result),
        _probabilities(result),
    ]
    said = [sentence for sentence in found if sentence]
    return said[:MOST] or [
        "Nothing here asks for more; look at the wrong predictions below before you use the model."
    ]


def _errors(result: Result) -> str | None:
    errors = [check for check in result.checks if check.state == "error"]
    if not errors:
        return None
    them = "it" if len(errors) == 1 else "them"
    return (
        f"Mend what the checks call an error first, since figures do not hold beside {them}: "
        f"{words.listed(words.first_lower(check.title) for check in errors)}."
    )


def _suspects(suspects: Suspects | None) -> str | None:
    """A model that seldom gives the gold answer doubts right labels as well: its suspects are no advice."""
    if suspects is None or not suspects.listed or not trusted(suspects.agrees):
        return None
    found = max(suspects.found, len(suspects.listed))
    judged = f" of {suspects.judged:,} judged" if suspects.judged else ""
    return f"Look at the suspects first in the list: the gold of {words.count(found, 'unit')}{judged} may be wrong."


def _unmeasured(result: Result) -> str | None:
    lacking = [label.name for label in result.labels if not label.support.get("test")]
    if not lacking:
        return None
    return f"Find and label test units of {words.listed(lacking)}: there are none, so nothing is known of them."


def _slices(result: Result) -> str | None:
    if result.slices is None:
        return None
    for one in result.slices.listed:
        clear = one.p_holm is not None and one.p_holm < round(1 - result.bootstrap.level, 6)
        if clear and one.difference.value is not None and one.difference.value < 0:
            metric = title(result.slices.metric)
            return (
                f"Read the errors where {one.by} is {one.value}: there {metric} is {words.number(one.figure.value)} "
                f"on {words.count(one.n, 'unit')}, and {words.number(one.rest.value)} on the rest."
            )
    return None


def _unsettled(result: Result) -> str | None:
    """Whether luck may explain that the best model is above the first baseline, else above another one."""
    found = [c for c in words.headed(result) if c.a == result.best.name and (c.needed or c.needed_why)]
    if not found:
        return None
    c = min(found, key=lambda c: (c.b != words.first(result), c.b != words.runner_up(result)))
    if c.needed is None:
        return (
            f"Whether {c.a} is better than {c.b} is not settled on {words.count(result.n, 'test unit')}, and how "
            f"many would settle it is not told: {c.needed_why}."
        )
    return (
        f"Whether {c.a} is better than {c.b} is not settled on {words.count(result.n, 'test unit')}; if the "
        f"difference is as large as seen, about {c.needed:,} labelled test units give four chances in five to "
        "settle it."
    )


def _more_labels(curve: Curve | None) -> str | None:
    if curve is None or curve.gain is None:
        return None
    gain = curve.gain
    metric = title(curve.metric or HEADLINE)
    between = "" if gain.low is None else f" ({words.signed(gain.low)} to {words.signed(gain.high)})"
    brings = (
        f"{words.count(gain.labels, 'more label')} would bring about {words.signed(gain.value)} {metric}{between}"
    )
    if gain.high is not None and gain.high < LITTLE:
        return (
            f"Do not expect much of more labels of the same kind: {brings}. Other features or models may bring more."
        )
    if gain.low is not None and gain.low > 0:
        return f"Label more training units: {brings}."
    return f"Whether more training units help is open: {brings}."


def _people(result: Result) -> str | None:
    if result.best.against_people == "below":
        people, model = result.ceiling.metrics.get(HEADLINE), result.best.metrics[HEADLINE]
        if people is None or people.value is None or model.value is None:
            return None
        return (
            f"Try other models or features: {words.PEOPLE} reach {words.number(people.value)} {title(HEADLINE)}, "
            f"{words.number(round(people.value, 3) - round(model.value, 3))} more than {result.best.name}."
        )
    if result.best.against_people == "within":
        return f"The model is not told apart from {words.PEOPLE} on these units; more units or answers would tell."
    if result.best.against_people == "above":
        among = f" (its figure is {found})" if (found := one_by_one(result)) else ""
        return (
            f"The model agrees with the majority better than {words.PEOPLE}{among}; more answers a unit, or "
            "adjudication, would raise what can be measured."
        )
    return None


def _probabilities(result: Result) -> str | None:
    if result.best.calibration is None:
        return None
    error = result.best.calibration.metrics.get("ece")
    if error is None or error.value is None or error.value < _MISCALIBRATED:
        return None
    return (
        f"Do not read the shares of {result.best.name} as probabilities: on average they are "
        f"{error.value:.0%} off (ECE {words.number(error.value)})."
    )
