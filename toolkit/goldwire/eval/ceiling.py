"""What people reach: each annotator against the majority of the others, as if the annotator were a model."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from goldwire.eval.inputs import Inputs
from goldwire.eval.measure import Bootstrap, Gold, measure
from goldwire.eval.metrics import METRICS

_SMALL = 50  # units of the test split that can be judged, below which all units are used
_METRICS = [METRICS["accuracy"], METRICS["macro-f1"]]


@dataclass(frozen=True)
class _Judged:
    """An annotator's answer to a unit that the others agree on."""

    unit: str
    annotator: str
    label: str
    consensus: str


def ceiling(inputs: Inputs, bootstrap: Bootstrap) -> dict[str, Any]:
    """Score each annotator against the majority of the others.

    A unit counts for an annotator when at least two others answered it without abstaining, and one label has
    strictly most of their answers. So units on which the others are tied are left out, which favours people a
    little: models are scored on these units too, when the annotator's own answer broke the tie.

    Returns
    -------
    dict
        ``{"units": "test" or "all", "judged": number of units, "answers": number of answers, "metrics": {"accuracy",
        "macro-f1"}, "annotators": {pseudonym: {"answers", "accuracy", "macro-f1"}}}``; all units are used when
        fewer than 50 of the test split can be judged. Or ``{"why": reason}`` when nothing can be said.
    """
    known = inputs.votes[inputs.votes["label"].isin(inputs.labels)]
    judged = _judged(list(zip(known["unit_id"], known["annotator"], known["label"], strict=True)))
    if not judged:
        return {"why": "no unit has answers of three annotators of whom two others agree"}
    test = set(inputs.labelled("test")["unit_id"])
    within = [answer for answer in judged if answer.unit in test]
    scope = "test" if len({answer.unit for answer in within}) >= _SMALL else "all"
    used = within if scope == "test" else judged
    clusters = dict(zip(inputs.rows["unit_id"], inputs.rows["cluster"], strict=True))
    annotators = sorted({answer.annotator for answer in used})

    def figures(answers: Sequence[_Judged]) -> dict[str, Any]:
        gold = Gold.of(
            inputs.labels,
            [answer.consensus for answer in answers],
            [clusters.get(answer.unit, answer.unit) for answer in answers],
        )
        return measure(gold, [answer.label for answer in answers], _METRICS, bootstrap)[0]

    by_annotator = {name: [answer for answer in used if answer.annotator == name] for name in annotators}
    return {
        "units": scope,
        "judged": len({answer.unit for answer in used}),
        "answers": len(used),
        "metrics": figures(used),
        "annotators": {name: {"answers": len(own), **figures(own)} for name, own in by_annotator.items()},
    }


def _judged(votes: Sequence[tuple[str, str, str]]) -> list[_Judged]:
    of_unit: dict[str, Counter[str]] = {}
    for unit, _, label in votes:
        of_unit.setdefault(unit, Counter())[label] += 1
    found = []
    for unit, annotator, label in votes:
        others = of_unit[unit].copy()
        others[label] -= 1
        ranked = (others + Counter()).most_common(2)  # adding drops the zeros
        if others.total() >= 2 and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]):
            found.append(_Judged(unit, annotator, label, ranked[0][0]))
    return found
