"""Agreement where it is hard: without the units that are of the easy label.

An easy class inflates agreement. Of the 200 headline and body pairs of FNC-1 that five people labelled, 145 are
unrelated by majority, and Fleiss' kappa falls from .680 on all of them to .165 on the other 55 (.173 when the
answers "unrelated" to these are left out as well), and is .188 on the 50 to which nobody answered "unrelated": this
last one is the .19 "among the related" that is quoted of these data.

Both choose the units by the very answers that are then compared, so that neither is what the same annotators would
reach on units known to be hard from elsewhere.

- By majority, easy units that somebody took for hard ones stay when they are tied, and hard ones that most took for
  easy go. The first is the rule with two annotators, where the figures are much too low; with three they are
  somewhat too low, and with five hardly.
- Where nobody gave the easy label, hard units that somebody took for easy ones are gone, and with them that
  disagreement: the figures are too high, and more so the more annotators there are.

Simulated with three labels (.6 easy, .2, .2), alpha was, on units known to be hard, by majority and where nobody gave
the easy label: .41, .14 and .55 with two annotators who err in a fifth of the units, .42, .34 and .60 with three, and
.42, .38 and .60 with five; .33, .33 and .75 with three who take a quarter of the hard units for easy ones. Only where
hard labels are confused with each other alone are all three about the same.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from goldwire.errors import GoldwireError
from goldwire.labels.agreement.part import Figures, of_answers
from goldwire.labels.answers import Answers
from goldwire.labels.decide import decide


def hard_of(answers: Answers, easy: str | None, negative: str | None, figures: Figures) -> dict[str, Any]:
    """Return the figures of the units that are not of the easy label.

    Parameters
    ----------
    easy : str, optional
        The easy label, where the user names one that the question has.
    negative : str, optional
        The label with the role negative, of the scheme.

    Returns
    -------
    dict
        easy: the label; because: why it is this one. Then the figures of the units whose majority is not that label
        alone (see `goldwire.labels.agreement.part.Figures.of`); ties stay, and so do the answers with the easy label
        to these units, easy_votes in number. never_easy: the same figures of the units to which nobody gave that
        label alone. The first are biased downwards as a rule, the others upwards; see the module. Where no label was
        given, easy is null.
    """
    label, because = _easy(answers, easy, negative)
    if label is None:
        return {"easy": None, "because": because}
    code = next((i for i, labels in enumerate(answers.sets) if labels == (label,)), -1)
    is_easy = answers.answer == code
    kept = decide(answers).kept
    by_majority = np.bincount(kept.unit, minlength=len(answers.units)) == 1
    of_easy = kept.names.index(label) if label in kept.names else -1
    by_majority[kept.unit[kept.label != of_easy]] = False
    left = ~by_majority[answers.unit]
    with_easy = np.zeros(len(answers.units), dtype=bool)
    with_easy[answers.unit[is_easy]] = True
    return {
        "easy": label,
        "because": because,
        "easy_votes": int((left & is_easy).sum()),
        **figures.of(of_answers(answers, left)),
        "never_easy": figures.of(of_answers(answers, ~with_easy[answers.unit])),
    }


def check_easy(label: str | None, questions: Mapping[str, list[str]]) -> None:
    """Raise GoldwireError when the label that the user calls easy is one of no question."""
    if label is not None and not any(label in labels for labels in questions.values()):
        said = "; ".join(f"{name}: {', '.join(labels[:20])}" if name else ", ".join(labels[:20])
                         for name, labels in questions.items())  # fmt: skip
        raise GoldwireError(f'no question has the label "{label}"', hint=f"The labels are: {said}")


def _easy(answers: Answers, named: str | None, negative: str | None) -> tuple[str | None, str]:
    if named is not None and named in answers.labels:
        return named, "named"
    if negative is not None:
        return negative, "its role is negative"
    given = np.zeros(len(answers.labels), dtype=np.int64)
    place = {label: i for i, label in enumerate(answers.labels)}
    for labels, times in zip(answers.sets, np.bincount(answers.answer, minlength=len(answers.sets)), strict=True):
        given[[place[label] for label in labels]] += times
    if not given.any():
        return None, "no label was given"
    return answers.labels[int(given.argmax())], "it was given most often"
