"""The interval of a share of few things, each right or wrong by itself."""

from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from goldwire.stats.draws import Array
from goldwire.stats.resample import Interval


def wilson(right: int, n: int, level: float = 0.95) -> Interval:
    """Return ``right / n`` with Wilson's score interval, which holds for few trials and for shares of 0 and 1.

    Wilson, 1927, Probable Inference, the Law of Succession, and Statistical Inference, Journal of the American
    Statistical Association 22(158), 209-212, without a correction for continuity.

    Parameters
    ----------
    right, n : int
        How many of how many. Of none, nothing is defined.
    level : float
        Coverage, between 0 and 1.
    """
    if n == 0:
        return Interval(None, why="nothing was answered")
    low, high = score(right / n, n, level)
    return Interval(right / n, float(low), float(high))


def score(share: ArrayLike, n: ArrayLike, level: float) -> tuple[Array, Array]:
    """Return the bounds of `wilson` for shares of numbers that need not be whole; NaN for a share of none."""
    p, n, z2 = np.asarray(share, np.float64), np.asarray(n, np.float64), NormalDist().inv_cdf((1 + level) / 2) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = (p + z2 / (2 * n)) / (1 + z2 / n)
        half = np.sqrt(z2 * (p * (1 - p) / n + z2 / (4 * n**2))) / (1 + z2 / n)
    return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)
