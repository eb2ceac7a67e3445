"""What can be measured without a model: answers are left out where a unit has many."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goldwire.stats.enough import Measure, influence, right

Codes = NDArray[np.int64]

MINIMUM = 10
REPEATS = 20


@dataclass(frozen=True)
class HeldOut:
    """What k of the answers of each unit give.

    Parameters
    ----------
    units : int
        Those with more than k answers; the figures rest on them.
    alpha, alpha_unit : float
        Mean over the draws where it is defined, and its variance over units times their number; NaN where it is not
        defined in most.
    same : float
        The share of the units whose majority of k is that of all; a tie of t labels counts 1/t, and units that are
        tied with all their answers are left out. NaN where all are.
    """

    units: int
    alpha: float
    alpha_unit: float
    same: float


def counts_of(unit: Codes, label: Codes, units: int, labels: int) -> Codes:
    """Return how often each label was given to each unit: units x labels."""
    return np.bincount(unit * labels + label, minlength=units * labels).reshape(units, labels)


def hold_out(
    unit: Codes,
    label: Codes,
    shape: tuple[int, int],
    k: int,
    measure: Measure,
    generator: np.random.Generator,
    repeats: int = REPEATS,
) -> HeldOut | None:
    """Draw k answers of each unit that has more; None with fewer than 10 such units.

    Parameters
    ----------
    unit, label : arrays of int
        One element an answer, sorted by unit.
    shape : (int, int)
        How many units and labels there are.
    """
    size = np.bincount(unit, minlength=shape[0])
    enough = size > k
    if enough.sum() < MINIMUM:
        return None
    everything = counts_of(unit, label, *shape)[enough]
    of_all = everything.argmax(axis=1)
    decided = (everything == everything.max(axis=1, keepdims=True)).sum(axis=1) == 1
    start = (size.cumsum() - size)[unit]
    alphas, variances, same = [], [], []
    for _ in range(repeats):
        order = np.lexsort((generator.random(len(unit)), unit))
        drawn = order[(np.arange(len(unit)) - start < k) & enough[unit]]
        counts = counts_of(unit[drawn], label[drawn], *shape)[enough]
        estimator = measure(counts)
        alphas.append(estimator.values()[0])
        variances.append(len(counts) * (influence(estimator) ** 2).sum())
        if decided.any():
            same.append(right(counts[decided], of_all[decided])[0].mean())
    return HeldOut(int(enough.sum()), mean_of(alphas), mean_of(variances), mean_of(same))


def mean_of(values: list[float]) -> float:
    """Return the mean of those that are defined; NaN unless more than half are."""
    defined = [value for value in values if not np.isnan(value)]
    return float(np.mean(defined)) if 2 * len(defined) > len(values) else float("nan")
