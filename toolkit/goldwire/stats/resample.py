"""Bootstrap intervals from sufficient statistics, resampled by cluster.

Wire copies of one story move together, so the story is drawn, not the unit (the cluster bootstrap: Davison and
Hinkley, 1997, Bootstrap Methods and their Application, section 3.8). A figure is a function of sums over the
units, so a resample costs one weighted sum and no scoring.

Clusters with equal sums cannot be told apart. It is therefore the same bootstrap to draw how often each
*distinct* row of sums comes (see `goldwire.stats.draws`); that is fast when clusters are many, and makes the
interval independent of the order of the rows.

Where all clusters are alike so are all resamples, and the interval has no width. That is what was seen, not what can
be: where n clusters are alike, up to 3 / n of all clusters may still be otherwise (Hanley and Lippman-Hand, 1983, If
nothing goes wrong, is everything all right?, JAMA 249, 1743-1745).
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goldwire.stats import draws
from goldwire.stats.draws import Array as Array  # part of what this module offers
from goldwire.stats.draws import Rows
from goldwire.stats.widen import draws_for, tails

Function = Callable[[Array], Array]
Groups = Sequence[Hashable] | NDArray[Any] | None

MINIMUM_CLUSTERS = 10
"""With fewer clusters a percentile interval is far too narrow; none is given.

A percentile interval is a little narrow with few clusters. Of 400 simulated studies each, with stories of very
unequal size, intervals of 95 % for alpha, the kappas, AC1, F1 and agreement with the rest held the true figure in
.86 to .92 of those with 10 stories, .91 to .95 of those with 30 or 50, and .93 to .95 of those with 100; those of a
label that one answer in ten has, in about .81, .91 and .93. Correcting them for bias, or for bias and acceleration
(Efron and Tibshirani, 1993, An Introduction to the Bootstrap, chapter 14), was no better.
Wider percentiles are (`goldwire.stats.widen`); evaluation has them.
"""

_DEFINED_SHARE = 0.9

_SLACK = 1e-9  # by how much the last digits may put a figure outside of its resamples

_OUTSIDE = "the figure lies outside of what its resamples give: they tell nothing of it"


@dataclass(frozen=True)
class Interval:
    """A figure with its interval. What is not defined is None, and `why` says the reason."""

    value: float | None
    low: float | None = None
    high: float | None = None
    why: str | None = None

    def as_dict(self, digits: int = 6) -> dict[str, Any]:
        """Return ``{"value", "low", "high"}``, rounded, and "why" where something is not defined."""
        rounded = {name: _round(getattr(self, name), digits) for name in ("value", "low", "high")}
        return rounded if self.why is None else {**rounded, "why": self.why}


@dataclass(frozen=True)
class Estimator:
    """Sufficient statistics of each row, n x k (an array, or a sparse one), and the figures of their sums.

    `function` takes sums, m x k, treats each row alone, and returns the p figures of each, m x p.
    """

    statistics: Rows
    function: Function

    def values(self) -> Array:
        """Return the p figures on the rows as they are; NaN where one is not defined."""
        total = np.asarray(self.statistics.sum(axis=0), dtype=np.float64).reshape(1, -1)
        return np.asarray(self.function(total)[0])


def together(estimators: Sequence[Estimator]) -> Estimator:
    """Return the figures of all of them, one after the other, so that they come from the same draws."""
    ends = np.cumsum([one.statistics.shape[1] for one in estimators])

    def function(sums: Array) -> Array:
        parts = np.split(sums, ends[:-1], axis=1)
        return np.hstack([one.function(part) for one, part in zip(estimators, parts, strict=True)])

    return Estimator(draws.beside([one.statistics for one in estimators]), function)


def resample(
    groups: Groups,
    statistics: Rows,
    function: Function,
    *,
    resamples: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> Interval:
    """Return a figure and its percentile bootstrap interval.

    Parameters
    ----------
    groups : sequence of length n, or None
        The cluster of each row, any hashable value that sorts; None makes each row a cluster.
    statistics : array or scipy sparse array, n x k
        Sufficient statistics of each row (a unit, or already a cluster); they are summed by cluster.
    function : callable
        From sums, m x k, to the figure of each, length m; NaN where it is not defined (`ratio` helps). It must
        treat each row alone. For a paired difference, put both models' statistics side by side.
    resamples : int
        Number of resamples.
    seed : int
        Seed of the draws; the same seed and data give the same interval, in whatever order the rows come.
    level : float
        Coverage, between 0 and 1.

    Returns
    -------
    Interval
        The value on the data as they are, and the bounds. The bounds are None when there are fewer than
        `MINIMUM_CLUSTERS` clusters, the figure is not defined in more than a tenth of the resamples, or they would
        not hold the value (see `percentiles`).
    """
    (interval,) = resample_each(
        groups,
        statistics,
        lambda sums: function(sums)[:, None],
        resamples=resamples,
        seed=seed,
        level=level,
    )
    return interval


def resample_each(
    groups: Groups,
    statistics: Rows,
    function: Function,
    *,
    resamples: int = 1000,
    seed: int = 0,
    level: float = 0.95,
    widen: bool = False,
) -> list[Interval]:
    """Return several figures with their intervals from the same draws; `function` returns m x p. See `resample`.

    With `widen` percentiles lie further out, the more so the fewer clusters decide, and figures whose percentiles lie
    far out are read from more resamples than are asked for; see `goldwire.stats.widen`. The first of them are those
    that other figures are read from, so that what stands beside a figure does not change its interval.

    Sums are held some at a time (64 MB, and what `function` makes of them); figures of all resamples at once, 8 bytes
    each, of which the further ones take 200 MB at most.
    """
    rows, times = draws.distinct(draws.by_cluster(groups, statistics))
    values = function(draws.weighted(times[None, :].astype(np.float64), rows))[0]
    clusters = int(times.sum())
    if clusters < MINIMUM_CLUSTERS:
        why = too_few(clusters)
        return [_interval(float(value), why) for value in values]
    drawn = np.concatenate([function(sums) for sums in draws.sums(rows, times, resamples, seed)])
    if not widen:
        return percentiles(values, drawn, level)
    many, cut = draws_for(tails(rows, times, function, level), resamples, level)
    found = percentiles(values, drawn, level, cut)
    if not (far := np.flatnonzero((many > resamples) & ~_too_rare(drawn))).size:
        return found
    again = draws.sums(rows, times, int(many[far].max()), seed)
    further = np.concatenate([function(sums)[:, far] for sums in again])
    for at, column in enumerate(far.tolist()):
        own = further[: many[column], at : at + 1]
        (found[column],) = percentiles(values[[column]], own, level, cut[[column]])
    return found


def too_few(clusters: int) -> str:
    """Say that so many clusters give no interval."""
    return f"{clusters} cluster{'' if clusters == 1 else 's'}: an interval needs {MINIMUM_CLUSTERS}"


def ratio(numerator: ArrayLike, denominator: ArrayLike) -> Array:
    """Divide; NaN, without a warning, where the denominator is 0."""
    over, under = np.broadcast_arrays(np.asarray(numerator, np.float64), np.asarray(denominator, np.float64))
    result: Array = np.divide(over, under, out=np.full(over.shape, np.nan), where=under != 0)
    return result


def percentiles(values: Array, drawn: Array, level: float, cut: Array | None = None) -> list[Interval]:
    """Return the interval of each of p figures from those of the resamples, resamples x p.

    `cut` is the share of resamples beyond each end, one a figure; without it (1 - level) / 2.

    A figure outside of its own interval has none. That is so of a figure beyond chance where nearly every answer is
    another: in a resample the answers of a cluster that is drawn twice agree with each other, which on the data none
    do, so that chance is larger in every resample.
    """
    missing = np.isnan(drawn).sum(axis=0)
    bounds = np.full((2, len(values)), np.nan)
    quantiles = [(1 - level) / 2, (1 + level) / 2]
    if cut is None and (whole := missing == 0).any():
        bounds[:, whole] = np.quantile(drawn[:, whole], quantiles, axis=0)
    rare = _too_rare(drawn)
    for column in np.flatnonzero((missing > 0 if cut is None else True) & ~rare):
        ends = quantiles if cut is None else [cut[column], 1 - cut[column]]
        bounds[:, column] = np.nanquantile(drawn[:, column], ends)
    return [
        _interval(value, f"not defined in {n} of {len(drawn)} resamples: too rare" if too_rare else None, low, high)
        for value, n, too_rare, low, high in zip(
            values.tolist(), missing.tolist(), rare.tolist(), *bounds.tolist(), strict=True
        )
    ]


def _too_rare(drawn: Array) -> NDArray[np.bool_]:
    """Return which figures are not defined in too many of the resamples."""
    return np.asarray(np.isnan(drawn).mean(axis=0) > 1 - _DEFINED_SHARE)


def _interval(value: float, why: str | None, low: float = np.nan, high: float = np.nan) -> Interval:
    if np.isnan(value):
        return Interval(None, why="not defined on these data")
    if not why and not low - _SLACK <= value <= high + _SLACK:
        why = _OUTSIDE
    return Interval(value, why=why) if why else Interval(value, low, high)


def _round(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits) + 0.0  # + 0.0: no minus zero
