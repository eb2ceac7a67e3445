"""P-values by drawing, as many draws as they take: few where nothing is to be seen, many where much is.

A p-value by drawing is the share of draws in which a statistic is as large as on the data. Sequential draws stop at
the hundredth that is; the p-value is then a hundred by the draws it took, and else one more than those that were as
large by one more than all draws. Neither is too small on average (Besag and Clifford, 1991, Sequential Monte Carlo
p-values, Biometrika 78, 301-304).
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from goldwire.stats import draws
from goldwire.stats.draws import Array
from goldwire.stats.resample import Estimator

LARGEST = 4_999
"""Draws at most where few p-values are corrected together, so that one can be .0002; see `draws_for`."""

_MOST = 100_000
_FINER = 10  # by how much the smallest p-value is below what the level asks for
_AT_ONCE = 8_192
_WORK = 50_000_000  # rows that are gone through for one p-value
_ENOUGH = 100  # so that a p-value is off by about a tenth of itself
_FIRST = 128
_TIE = 1e-12
_BLOCK = 4_000_000  # numbers held at once, 32 MB


def draws_for(family: int, rows: int = 0, level: float = 0.95) -> int:
    """Return how many draws a p-value may take that Holm corrects together with others.

    The smallest of n p-values counts as found below (1 - level) / n, and twice the smaller tail of m draws is at
    least 2 / (m + 1). Ten times the draws that this asks for tell whether it is well below, and 100,000 are the most.
    Of many rows fewer are drawn, down to a quarter more than it asks for.

    Parameters
    ----------
    family : int
        How many are corrected together.
    rows : int
        How many of them a draw chooses from, where that takes long.
    level : float
        One less what counts as found.
    """
    asked = math.ceil(round(2 * family / (1 - level), 6))  # 1 - .95 is a little more than .05
    least = max(LARGEST, math.ceil(asked * 1.25))
    return min(_MOST, max(least, min(asked * _FINER, _WORK // max(rows, 1))))


def sequential(
    observed: Array, draw: Callable[[int], Array], *, most: int = LARGEST, enough: int = _ENOUGH
) -> list[float | None]:
    """Return the p-value of each of k statistics, large ones speaking against the null hypothesis.

    Parameters
    ----------
    observed : array of length k
        On the data; where it is NaN there is no p-value.
    draw : callable
        From a number m to the statistics of m further draws, m x k. One that is NaN counts as large.
    most, enough : int
        Draws at most, and how many that are as large are enough.
    """
    as_large = np.zeros(len(observed), dtype=np.int64)
    took = np.zeros(len(observed), dtype=np.int64)  # draws at which it stopped; 0: it has not
    drawn, size = 0, _FIRST
    open_ = ~np.isnan(observed)
    while open_.any() and drawn < most:
        size = min(size, most - drawn)
        reached = as_large + np.cumsum(~(draw(size) < observed - _TIE), axis=0)
        stopped = open_ & (reached[-1] >= enough)
        took[stopped] = drawn + 1 + (reached[:, stopped] >= enough).argmax(axis=0)
        as_large, open_ = reached[-1], open_ & ~stopped
        drawn, size = drawn + size, min(size * 2, _AT_ONCE)
    return [
        None if np.isnan(value) else enough / int(at) if at else (int(n) + 1) / (drawn + 1)
        for value, at, n in zip(observed, took, as_large, strict=True)
    ]


def swapped(a: Estimator, b: Estimator, *, seed: int, sided: bool = False, most: int = LARGEST) -> list[float | None]:
    """Return p-values of the differences of two models' figures, by a paired randomisation test by story.

    Were the models the same, then swapping what they say on all units of a story would change nothing (Noreen, 1989,
    Computer-Intensive Methods for Testing Hypotheses; for F-scores: Yeh, 2000, More accurate tests for the
    statistical significance of result differences, COLING).

    Parameters
    ----------
    a, b : Estimator
        Rows are stories, the same in both; columns and function are the same.
    seed : int
    sided : bool
        Whether only a difference in which `a` is worse counts against the null hypothesis, not one of either sign.
    most : int
        Draws at most.
    """
    left, right = a.statistics, b.statistics
    total = [np.asarray(side.sum(axis=0), dtype=np.float64).reshape(1, -1) for side in (left, right)]
    change, times = draws.distinct(right - left)  # stories with the same change are swapped alike
    moves = np.asarray(abs(change).sum(axis=1)).ravel() > 0
    change, times = change[moves], times[moves]
    generator = np.random.default_rng(seed)

    def difference(moved: Array) -> Array:
        found: Array = a.function(total[0] + moved) - a.function(total[1] - moved)
        return -found if sided else np.abs(found)

    def draw(size: int) -> Array:
        most_at_once = max(1, _BLOCK // max(len(times), change.shape[1], 1))
        parts: list[Any] = []
        for start in range(0, size, most_at_once):
            shape = (min(most_at_once, size - start), len(times))
            parts.append(difference(draws.weighted(_swaps(generator, times, shape), change)))
        return np.concatenate(parts)

    return sequential(difference(np.zeros_like(total[0]))[0], draw, most=most)


def _swaps(generator: np.random.Generator, times: draws.Counts, shape: tuple[int, int]) -> Array:
    """Draw how many of the stories with each change are swapped: that many coins, as the bits of one number."""
    found = np.empty(shape)
    for least, most, kind in ((0, 8, np.uint8), (8, 64, np.uint64)):
        few = np.flatnonzero((times > least) & (times <= most))
        coins: Any = np.array([(1 << int(many)) - 1 for many in times[few]], dtype=kind)
        numbers: Any = generator.integers(0, np.iinfo(kind).max, (shape[0], len(few)), dtype=kind, endpoint=True)
        found[:, few] = np.bitwise_count(numbers & coins)
    many = np.flatnonzero(times > 64)
    found[:, many] = generator.binomial(times[many], 0.5, (shape[0], len(many)))
    return found
