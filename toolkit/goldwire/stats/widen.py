"""Wider percentile intervals where few clusters decide: tails of a t distribution instead of the normal one.

A percentile interval is as narrow as a normal interval with the plug-in variance. Hesterberg (2015, What teachers
should know about the bootstrap, The American Statistician 69, 371-386) widens it: to the percentiles at which a
normal interval would be as wide as one of Student's t, with n / (n - 1) for the variance. His degrees of freedom,
n - 1, suppose that every cluster weighs as much. Where some stories are far larger than others the variance itself is
known from few of them, so the degrees of freedom here are those of a chi-squared variable with the mean and the
variance of the estimated variance (Satterthwaite, 1946, Biometrics Bulletin 2, 110-114), from what leaving out each
cluster changes (the jackknife).
"""

from collections.abc import Callable

import numpy as np

from goldwire.stats.draws import Array, Counts, Rows

_LEAST = 3.0  # degrees of freedom: with fewer, percentiles would be those of the most extreme resamples
_AT_ONCE = 4_000_000  # numbers held at once, 32 MB


def tails(rows: Rows, times: Counts, function: Callable[[Array], Array], level: float) -> Array:
    """Return, for each of p figures, the share of resamples that is cut off at either end.

    Parameters
    ----------
    rows, times : distinct rows of sums, and how often each comes
        See `draws.distinct`.
    function : callable
        From sums, m x k, to figures, m x p.
    level : float
        Coverage, between 0 and 1.
    """
    from scipy.special import ndtr, ndtri, stdtrit

    clusters, even = float(times.sum()), (1 - level) / 2
    influence = _influence(rows, times, function)
    second, fourth = (times @ influence**power for power in (2, 4))
    spread = fourth - second**2 / clusters
    with np.errstate(invalid="ignore", divide="ignore"):
        freedom = np.clip(2 * second**2 / spread, _LEAST, clusters - 1)
    freedom = np.where(spread > 0, freedom, clusters - 1)
    found = ndtr(np.sqrt(clusters / (clusters - 1)) * stdtrit(freedom, even))
    return np.where(second > 0, np.minimum(found, ndtr(ndtri(even))), even)


def _influence(rows: Rows, times: Counts, function: Callable[[Array], Array]) -> Array:
    """Return how much each figure changes when such a cluster is left out; 0 where it is then not defined."""
    total = np.asarray(times.astype(np.float64) @ rows).reshape(1, -1)
    many = max(1, _AT_ONCE // max(rows.shape[1], 1))
    parts = []
    for start in range(0, rows.shape[0], many):
        part = rows[start : start + many]
        parts.append(function(total - (part if isinstance(part, np.ndarray) else part.toarray())))
    without = np.concatenate(parts)
    there = ~np.isnan(without)
    weights = times[:, None] * there
    mean = np.where(there, without, 0.0)
    mean = (weights * mean).sum(axis=0) / np.maximum(weights.sum(axis=0), 1)
    return np.where(there, without - mean, 0.0)
