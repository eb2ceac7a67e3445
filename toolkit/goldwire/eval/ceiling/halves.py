"""Split-half: what one half of a unit's votes decides, against what the other half decides."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from goldwire.eval.ceiling.votes import SMALL, clusters_of, majority, said
from goldwire.eval.inputs import Inputs
from goldwire.eval.measure import Bootstrap, Gold, codes, measure
from goldwire.eval.task import Answer, Array, Task
from goldwire.stats.resample import ratio

METRICS = ("accuracy", "macro-f1")

_FULL = 4  # votes with which both halves are of two
_DIVISIONS = 20
_ROWS = 200_000  # answers of all divisions together
_NOTHING = 1e-12


def split_half(inputs: Inputs, scope: str, bootstrap: Bootstrap) -> dict[str, Any]:
    """Score random halves of the votes against each other, over 20 seeded divisions.

    Units with four votes or more are used where there are 50, else those with two or more, whose halves may be one
    person each. With an odd number one vote, drawn anew each time, sits out. A half that is tied says what one of its
    members says, drawn too.

    Returns
    -------
    dict
        "accuracy" and "macro-f1", over all divisions taken together, each half once as gold; and "reliability" of the
        shares of votes: their correlation between halves, over all labels, stepped up to both halves together by
        Spearman and Brown (1910, British Journal of Psychology 3, 271-322), 2r / (1 + r). Intervals are by story.
        Empty where no unit has two votes.
    """
    units = said(inputs)
    if scope == "test":
        test = set(inputs.labelled("test")["unit_id"])
        units = {unit: answers for unit, answers in units.items() if unit in test}
    full = {unit: list(answers.values()) for unit, answers in units.items() if len(answers) >= _FULL}
    used = full if len(full) >= SMALL else {u: list(a.values()) for u, a in units.items() if len(a) > 1}
    if not used:
        return {}
    generator = np.random.default_rng(bootstrap.seed)
    divisions = max(1, min(_DIVISIONS, _ROWS // (2 * len(used))))
    clusters = clusters_of(inputs)
    listed = list(_halves(used, divisions, generator))
    of = [clusters.get(unit, unit) for unit, _, _ in listed]
    decided = [[_decided(inputs.task, half, generator) for half in halves] for _, *halves in listed]
    one, other = ([pair[side] for pair in decided] for side in (0, 1))
    gold = Gold.of(inputs.task, one + other, of + of, metrics=METRICS)
    found = measure(gold, other + one, bootstrap)[0]
    shares = [np.array([_shares(inputs.task, halves[side]) for _, *halves in listed]) for side in (0, 1)]
    return {**found, "reliability": _reliability(shares[0], shares[1], of, bootstrap)}


def _halves(
    units: dict[str, list[Answer]], divisions: int, generator: np.random.Generator
) -> Iterator[tuple[str, list[Answer], list[Answer]]]:
    for unit, answers in units.items():
        half = len(answers) // 2
        for _ in range(divisions):
            order = generator.permutation(len(answers))
            yield unit, [answers[at] for at in order[:half]], [answers[at] for at in order[half : 2 * half]]


def _decided(task: Task, half: Sequence[Answer], generator: np.random.Generator) -> Answer:
    if len(half) == 1:
        return half[0]
    together = majority(task, half)
    return half[int(generator.integers(len(half)))] if together is None else together


def _shares(task: Task, half: Sequence[Answer]) -> Array:
    return np.asarray(task.marks(half).mean(axis=0))


def _reliability(one: Array, other: Array, clusters: Sequence[str], bootstrap: Bootstrap) -> dict[str, Any]:
    labels = one.shape[1]
    rows = np.hstack([np.ones((len(one), 1)), (one + other) / 2, one * other, (one**2 + other**2) / 2])

    def stepped_up(sums: Array) -> Array:
        n, mean, product, square = np.split(sums, [1, 1 + labels, 1 + 2 * labels], axis=1)
        mean = ratio(mean, n)
        between = (ratio(product, n) - mean**2).sum(axis=1)
        whole = (ratio(square, n) - mean**2).sum(axis=1)
        r = ratio(between, np.where(whole > _NOTHING, whole, 0))
        return ratio(2 * r, 1 + r)[:, None]

    (found,) = bootstrap.intervals(codes(list(clusters)), rows, stepped_up)
    return found.as_dict()
