"""The interval of a share of few things, each right or wrong by itself."""

from math import sqrt
from statistics import NormalDist

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
    share, z2 = right / n, NormalDist().inv_cdf((1 + level) / 2) ** 2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n**2))) / (1 + z2 / n)
    return Interval(share, max(0.0, centre - half), min(1.0, centre + half))
