"""Wider percentile intervals where few clusters decide: tails of a t distribution instead of the normal one.

A percentile interval is as narrow as a normal interval with the plug-in variance. Hesterberg (2015, What teachers
should know about the bootstrap, The American Statistician 69, 371-386) widens it: to the percentiles at which a
normal interval would be as wide as one of Student's t, with n / (n - 1) for the variance. His degrees of freedom,
n - 1, suppose that every cluster weighs as much. Where some stories are far larger than others the variance itself is
known from few of them, so the degrees of freedom here are those of a chi-squared variable with the mean and the
variance of the estimated variance (Satterthwaite, 1946, Biometrics Bulletin 2, 110-114), from what leaving out each
cluster changes (the jackknife).

The further out a percentile, the more resamples it takes: of 1,000 that at .0007 lies between the two outermost, and
another seed moves it. Where one story of 60 rows stands among 59 small ones, by .050 of its distance from the figure
(standard deviation); when it is read from as many as it takes (`draws_for`), by .024.
"""

from collections.abc import Callable

import numpy as np

from goldwire.stats.draws import Array, Counts, Rows

_LEAST = 3.0  # degrees of freedom: with fewer, percentiles would be those of the most extreme resamples
_AT_ONCE = 4_000_000  # numbers held at once, 32 MB

MOST = 20_000
"""Resamples at most, as long as no more are asked for."""

_HELD = 25_000_000  # numbers, 200 MB: figures times resamples
_BEYOND = 3  # of the most resamples, how many lie beyond a bound at least
_WORTH = 1.5  # times as many as were asked for: with fewer a bound is hardly less off


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


def draws_for(cut: Array, asked: int, level: float) -> tuple[Counts, Array]:
    """Return how many resamples each of p figures is read from, and the share that is then cut off at either end.

    Of n resamples of a normal figure the percentile c, which lies z standard deviations out, is off by the root of c
    (1 - c) / n over the density there. Each figure has as many as put its bounds off by no more of their distance
    than those of an interval that is not widened, of `asked`: at .0007, six times as many. Where that is less than
    half as many again, `asked` do. `MOST` are drawn at most, or fewer where figures of so many would take more than
    200 MB. A share of which even these have fewer than three becomes that of which they have three: such a bound lies
    a little further in than it should.

    Parameters
    ----------
    cut : array of length p
        See `tails`.
    asked : int
    level : float
        Coverage, between 0 and 1.
    """
    even = (1 - level) / 2
    wanted = np.ceil(asked * (_off(cut) / _off(np.array([even]))) ** 2)
    wanted = np.where(wanted < _WORTH * asked, asked, wanted)
    further = int((wanted > asked).sum())
    most = max(asked, min(MOST, _HELD // max(further, 1)))
    found = np.clip(wanted, asked, most).astype(np.int64)
    return found, np.where(wanted > most, np.maximum(cut, np.minimum(_BEYOND / found, even)), cut)


def _off(share: Array) -> Array:
    """Return by how much one resample puts such a percentile of a normal figure off, over its distance."""
    from scipy.special import ndtri

    z = ndtri(share)
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return np.asarray(np.sqrt(share * (1 - share)) / (density * np.abs(z)))


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
