"""Whether something changes over time, and whether two orders go together.

The test asks how often a random order of the same values would show as much of a linear trend (Mantel, 1963,
Chi-square tests with one degree of freedom: extensions of the Mantel-Haenszel procedure, Journal of the American
Statistical Association 58, 690-700): n - 1 times the squared correlation. For yes and no it is the test of Cochran
and Armitage (Armitage, 1955, Tests for linear trends in proportions and frequencies, Biometrics 11, 375-386).

Both take the values to vary alike at all times. Means of stories of unequal size do not: those of small stories vary
most, and where the units of a story are spread over time, large ones lie in the middle. There the test that holds
whatever the variances are is done as well, with the slope against its robust error, by the same random orders
(DiCiccio and Romano, 2017, Robust permutation tests for correlation and regression coefficients, Journal of the
American Statistical Association 112, 1211-1220), and the larger p-value counts.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goldwire.stats.draws import Array
from goldwire.stats.resample import MINIMUM_CLUSTERS, Interval, too_few
from goldwire.stats.student import student

Codes = NDArray[np.int64]

ALL = 7
"""Up to so many things every order is tried."""
DRAWN = 50
"""Up to so many, `DRAWS` random ones; beyond that, the normal approximation is used."""
DRAWS = 9999

_SAME = 1e-12


@dataclass(frozen=True)
class Trend:
    """How much a value changes from the first to the last, with its interval, and a two-sided p-value."""

    change: Interval
    p: float | None


def trends(time: Array, values: Array, cluster: Codes, *, seed: int = 0, level: float = 0.95) -> list[Trend]:
    """Return the linear trend of several values.

    Parameters
    ----------
    time : array, n
        When; only its order is used, ties share a rank.
    values : array, n x k
    cluster : array of int, n
        The story of each. What is of one story is averaged, so that a story counts once.
    seed : int
        Of the random orders.
    level : float
        Of the interval of the change, which is that of the regression on the rank by Student's t, with standard
        errors that hold whatever the variances are, also for few stories (HC3 of MacKinnon and White, 1985, Some
        heteroskedasticity-consistent covariance matrix estimators with improved finite sample properties, Journal
        of Econometrics 29, 305-325). There are no bounds with fewer than `MINIMUM_CLUSTERS` stories.

    Returns
    -------
    list of Trend
        One a column. Without two times, or without three stories, the change is not defined.
    """
    _, code, size = np.unique(cluster, return_inverse=True, return_counts=True)
    n = len(size)
    place = np.bincount(code, weights=mean_ranks(time)) / size if n else np.zeros(0)
    span = np.ptp(place) if n else 0.0
    if n < 3 or span == 0:
        why = f"{n} {'story' if n == 1 else 'stories'}: a trend needs 3" if n < 3 else "all were given at one time"
        return [Trend(Interval(None, why=why), None) for _ in range(values.shape[1])]
    x = (place - place.mean()) / span
    y = np.column_stack([np.bincount(code, weights=column) / size for column in values.T])
    y = y - y.mean(axis=0)
    slope = x @ y / (x @ x)
    apart = np.maximum(1 - 1 / n - x**2 / (x @ x), _SAME)  # from the slope that the others give: 1 - leverage
    error = np.sqrt((x**2) @ ((y - np.outer(x, slope)) / apart[:, None]) ** 2) / (x @ x)
    half = student(n - 2, level) * error
    p = _p(x, y, seed)
    if np.ptp(size):
        p = np.maximum(p, _robust_p(x, y, seed))
    return [
        Trend(
            Interval(float(slope[i]), float(slope[i] - half[i]), float(slope[i] + half[i]))
            if n >= MINIMUM_CLUSTERS
            else Interval(float(slope[i]), why=too_few(n)),
            float(p[i]) if np.ptp(y[:, i]) > _SAME else 1.0,
        )
        for i in range(y.shape[1])
    ]


def spearman(x: ArrayLike, y: ArrayLike, cluster: Codes, level: float = 0.95) -> Interval:
    """Return Spearman's rank correlation with its interval.

    Spearman, 1904, The proof and measurement of association between two things, American Journal of Psychology 15,
    72-101; the interval by Bonett and Wright, 2000, Sample size requirements for estimating Pearson, Kendall and
    Spearman correlations, Psychometrika 65, 23-28, with the number of clusters for the number of things.
    """
    a, b = mean_ranks(np.asarray(x, float)), mean_ranks(np.asarray(y, float))
    a, b = a - a.mean() if len(a) else a, b - b.mean() if len(b) else b
    norm = float(np.sqrt((a @ a) * (b @ b)))
    if norm == 0:
        return Interval(None, why="all are the same" if len(a) > 1 else "fewer than two answers")
    rho = float(np.clip(a @ b / norm, -1, 1))
    n = len(np.unique(cluster))
    if n < MINIMUM_CLUSTERS:
        return Interval(rho, why=too_few(n))
    if abs(rho) == 1:
        return Interval(rho, rho, rho)
    half = NormalDist().inv_cdf((1 + level) / 2) * np.sqrt((1 + rho**2 / 2) / (n - 3))
    return Interval(rho, float(np.tanh(np.arctanh(rho) - half)), float(np.tanh(np.arctanh(rho) + half)))


def mean_ranks(values: Array) -> Array:
    """Return ranks from 1; equal values share the mean of theirs."""
    _, code, times = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(times) - (times - 1) / 2)[code], np.float64)


def _p(x: Array, y: Array, seed: int) -> Array:
    n = len(x)
    if n > DRAWN:
        from scipy.special import ndtr

        r = x @ y / np.sqrt(np.maximum((x @ x) * (y**2).sum(axis=0), _SAME))
        return np.asarray(2 * ndtr(-np.abs(r) * np.sqrt(n - 1)))
    seen = np.abs(x @ y)
    among = np.abs(x[_orders(n, seed)] @ y) >= seen - _SAME
    if n <= ALL:
        return np.asarray(among.mean(axis=0))
    return np.asarray((among.sum(axis=0) + 1) / (DRAWS + 1))


def _robust_p(x: Array, y: Array, seed: int) -> Array:
    n = len(x)

    def statistic(x: Array) -> Array:
        return np.asarray((x @ y) ** 2 / np.maximum(x**2 @ y**2, _SAME))

    seen = statistic(x)
    if n > DRAWN:
        from scipy.special import ndtr

        return np.asarray(2 * ndtr(-np.sqrt(seen)))
    among = statistic(x[_orders(n, seed)]) >= seen - _SAME
    if n <= ALL:
        return np.asarray(among.mean(axis=0))
    return np.asarray((among.sum(axis=0) + 1) / (DRAWS + 1))


@lru_cache(maxsize=64)
def _orders(n: int, seed: int) -> NDArray[np.int8]:
    """Return every order of n things, or random ones."""
    if n <= ALL:
        return np.array(list(permutations(range(n))), np.int8)
    return np.random.default_rng([seed, n]).permuted(np.tile(np.arange(n, dtype=np.int8), (DRAWS, 1)), axis=1)
