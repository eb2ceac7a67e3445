"""Which distances of answers a question has, and which of them is its own."""

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite

import numpy as np

from goldwire.errors import GoldwireError
from goldwire.labels.answers import Answers
from goldwire.stats.distance import Distance, Masi, Nominal, Numbers, Tree, ranks

NAMES = ("nominal", "ordinal", "interval", "masi", "tree")

_GIVE = "Name every label, the lowest first: --order low,mid,high"
_OWN = {"ordinal": "ordinal", "multiple": "masi", "tree": "tree"}


def own(answers: Answers, wanted: str | None = None) -> str:
    """Return the name of the distance that a question's alpha has: the one that is wanted, if it has it.

    Raises
    ------
    GoldwireError
        When the question has no such distance.
    """
    if wanted is None:
        return _OWN.get(answers.type, "nominal")
    if wanted not in NAMES:
        raise GoldwireError(f'there is no distance "{wanted}"', hint=f"There are: {', '.join(NAMES)}")
    name = f'question "{answers.question}"' if answers.question else "this"
    if wanted in ("ordinal", "interval") and answers.type != "ordinal":
        raise GoldwireError(f"{name} is {answers.type}, and {wanted} needs labels in an order", hint="Take nominal.")
    if wanted == "interval" and numbers(answers.labels) is None:
        raise GoldwireError(
            f"{name} has labels that are not numbers, and interval needs numbers", hint="Take ordinal, or nominal."
        )
    if wanted == "masi" and answers.takes_one:
        raise GoldwireError(f"{name} takes one label, and masi compares sets", hint="For one label that is nominal.")
    return wanted


def each(answers: Sequence[Answers], wanted: str | None) -> list[str | None]:
    """Return what to ask of `own` for each of several questions: what is wanted, where they have it.

    Raises
    ------
    GoldwireError
        When none of them has it.
    """
    found: list[str | None] = []
    refusals = []
    for one in answers:
        try:
            found.append(own(one, wanted))
        except GoldwireError as error:
            refusals.append(error)
            found.append(None)
    if refusals and len(refusals) == len(found):
        raise refusals[0]
    return found


def ordered(answers: Answers, order: Sequence[str] | None) -> Answers:
    """Return the answers of a plain file as those of an ordinal question.

    Without an `order` labels are ordered as numbers, which all of them have to be.

    Raises
    ------
    GoldwireError
        When they are not, an answer is a set, or a label is not in the order, or twice.
    """
    if not answers.takes_one:
        raise GoldwireError("an answer may have several labels, which have no order", hint="Take nominal.")
    if order is None:
        values = numbers(answers.labels)
        if values is None:
            raise GoldwireError("the labels are not numbers, so their order is not known", hint=_GIVE)
        order = [label for _, label in sorted(zip(values, answers.labels, strict=True))]
    place = {label: i for i, label in enumerate(order)}
    if len(place) < len(order):
        raise GoldwireError("a label stands twice in the order")
    if missing := [label for label in answers.labels if label not in place]:
        raise GoldwireError(f'label "{missing[0]}" is not in the order', hint=_GIVE)
    code = np.array([place[label] for label in answers.labels], dtype=np.int64)
    labels = list(order)
    sets: list[tuple[str, ...]] = [(label,) for label in labels]
    return replace(answers, type="ordinal", labels=labels, foreign=[], sets=sets, answer=code[answers.answer])


def names(answers: Answers, chosen: str) -> list[str]:
    """Return the names of all distances that apply to a question, in the order of `NAMES`."""
    has = {"nominal", chosen}
    if answers.type == "ordinal":
        has |= {"ordinal"} if numbers(answers.labels) is None else {"ordinal", "interval"}
    elif not answers.takes_one:
        has |= {"masi", "tree"} if answers.type == "tree" else {"masi"}
    return [name for name in NAMES if name in has]


def distance(answers: Answers, name: str) -> Distance:
    """Return a distance of the question's answers; ordinal is by place, as quadratic weights are."""
    if name == "interval":
        return Numbers(np.array(numbers(answers.labels)))
    if name == "ordinal":
        return ranks(len(answers.labels))
    if name == "nominal":
        return Nominal(len(answers.sets))
    return Masi(answers.sets) if name == "masi" else Tree(answers.sets)


def numbers(labels: list[str]) -> list[float] | None:
    """Return labels as numbers, or None when one of them is none."""
    try:
        found = [float(label) for label in labels]
    except ValueError:
        return None
    return found if all(map(isfinite, found)) else None
