"""Whether an annotator gives a label more often than the others do on the same units.

If not, each of a unit's m answers could as well have been theirs: of c answers with the label they give one with the
chance c / m, whatever unit it is. Units are the strata, so that easy and hard ones, and units that others
answered, are never compared with each other. This is the test of Cochran (1954, Some methods for strengthening the
common chi-squared tests, Biometrics 10, 417-451) and Mantel and Haenszel (1959, Statistical aspects of the analysis
of data from retrospective studies of disease, Journal of the National Cancer Institute 22, 719-748); exactly, by the
conditional distribution (Birch, 1964, The detection of partial association, I, Journal of the Royal Statistical
Society B 26, 313-324), which here is that of a sum of independent trials of different chances. With two annotators
it is the sign test (McNemar's, exact).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from goldwire.stats.draws import Array

Flags = NDArray[np.bool_]
Codes = NDArray[np.int64]

EXACT = 5000
"""With more units on which answers differ, the normal approximation is used; their distribution is not needed."""

_EQUAL = 1 + 1e-7  # as likely, whatever the last digits say


@dataclass(frozen=True)
class Comparison:
    """A two-sided p-value; `units` are those on which answers differ, without which there is none."""

    p: float | None
    units: int
    kind: Literal["exact", "normal", "clustered"] | None = None
    why: str | None = None


def within_units(given: Flags, chance: Array, cluster: Codes) -> Comparison:
    """Test whether somebody gives a label as often as the others on the same units.

    Parameters
    ----------
    given : array of bool
        Whether they gave it, for each of their units that others answered too.
    chance : array
        Which share of all answers to the unit have it, their own among them.
    cluster : array of int
        The story of each unit. Where a story has several units on which answers differ, the test that lets them
        move together (the sum over stories against its robust variance: Liang, 1985, Odds ratio inference with
        dependent data, Biometrika 72, 678-682) is done as well, and the larger p-value counts.

    Returns
    -------
    Comparison
    """
    open_ = (chance > 0) & (chance < 1)
    given, chance, cluster = given[open_], chance[open_], cluster[open_]
    if not len(given):
        return Comparison(None, 0, why="all answers to the same units agree about it")
    count = int(given.sum())
    exact = len(given) <= EXACT
    p = _exact(count, chance) if exact else _normal(count - chance.sum(), (chance * (1 - chance)).sum())
    sums = np.bincount(np.unique(cluster, return_inverse=True)[1], weights=given - chance)
    if len(sums) < len(given) and (robust := _normal(sums.sum(), (sums**2).sum())) > p:
        return Comparison(robust, len(given), "clustered")
    return Comparison(p, len(given), "exact" if exact else "normal")


def _exact(count: int, chance: Array) -> float:
    likely = distribution(chance)
    return float(min(1.0, likely[likely <= likely[count] * _EQUAL].sum()))


def distribution(chance: Array) -> Array:
    """Return how likely each number of successes is, 0 to n, in n independent trials of these chances."""
    from scipy.special import gammaln, xlog1py, xlogy

    likely = np.ones(1)
    for p, n in zip(*np.unique(chance, return_counts=True), strict=True):
        k = np.arange(n + 1)
        log = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) + xlogy(k, p) + xlog1py(n - k, -p)
        likely = np.convolve(likely, np.exp(log))
    return likely


def _normal(difference: float, variance: float) -> float:
    from scipy.special import ndtr

    return float(2 * ndtr(-abs(difference) / np.sqrt(variance))) if variance > 0 else 1.0
