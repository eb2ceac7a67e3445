"""Every two annotators who share units: which they are, and how well they agree."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goldwire.stats.cells import pairs_within
from goldwire.stats.kappa import cohen, weighted_cohen
from goldwire.stats.resample import Interval, resample_each, together

Codes = NDArray[np.int64]

_TABLE = 25_000_000  # pairs of annotators that a table has room for, 25 MB


@dataclass(frozen=True)
class Pair:
    """Two annotators a < b, and how they agree; `weighted_kappa` is there when the labels have an order."""

    a: int
    b: int
    n: int
    observed: Interval
    kappa: Interval
    weighted_kappa: Interval | None


def count(unit: Codes, annotator: Codes, annotators: int) -> int:
    """Return how many pairs of annotators share a unit; see `of_two`."""
    if annotators**2 > _TABLE:
        keys = [np.unique(annotator[one] * annotators + annotator[other]) for one, other in pairs_within(unit)]
        return len(np.unique(np.concatenate(keys))) if keys else 0
    met = np.zeros(annotators**2, dtype=np.bool_)
    for one, other in pairs_within(unit):
        met[annotator[one] * annotators + annotator[other]] = True
    return int(met.sum())


def of_two(
    unit: Codes, annotator: Codes, answer: Codes, cluster: Codes, ordered: bool, **bootstrap: Any
) -> Iterator[Pair]:
    """Yield Cohen's kappa of every two annotators who share units, by a, then b.

    See `goldwire.stats.kappa.cohen` and, for labels in order, `weighted_cohen`. What is drawn for an interval are the
    clusters of the units that the two share.

    Parameters
    ----------
    unit, annotator, answer : arrays of int
        One element an answer, by unit, then by annotator.
    cluster : array of int
        Of each unit.
    ordered : bool
        Whether the answers are labels in their order.
    bootstrap
        See `goldwire.stats.resample`.
    """
    met = list(pairs_within(unit))
    if not met:
        return
    one, other = (np.concatenate([pair[side] for pair in met]) for side in (0, 1))
    first, second = annotator[one], annotator[other]
    order = np.lexsort((one, second, first))
    one, other, first, second = one[order], other[order], first[order], second[order]
    new = np.flatnonzero((np.diff(first, prepend=-1) != 0) | (np.diff(second, prepend=-1) != 0))
    for start, end in zip(new.tolist(), [*new[1:].tolist(), len(one)], strict=True):
        x, y = answer[one[start:end]], answer[other[start:end]]
        estimator = together([cohen(x, y), weighted_cohen(x, y)]) if ordered else cohen(x, y)
        groups = cluster[unit[one[start:end]]]
        found = resample_each(groups, estimator.statistics, estimator.function, **bootstrap)
        weighted = found[2] if ordered else None
        yield Pair(int(first[start]), int(second[start]), end - start, found[0], found[1], weighted)
