"""Bootstrap intervals from sufficient statistics, resampled by cluster.

Wire copies of one story move together, so the story is drawn, not the unit (the cluster bootstrap: Davison and
Hinkley, 1997, Bootstrap Methods and their Application, section 3.8). A figure is a function of sums over the
units, so a resample costs one weighted sum and no scoring.

Clusters with equal sums cannot be told apart. It is therefore the same bootstrap to draw how often each
*distinct* row of sums comes, from a multinomial distribution; that is fast when clusters are many, and makes the
interval independent of the order of the rows.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Function = Callable[[Array], Array]

MINIMUM_CLUSTERS = 10
"""With fewer clusters a percentile interval is far too narrow; none is given."""

_DEFINED_SHARE = 0.9
_BLOCK = 4_000_000  # numbers held at once, 32 MB


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


def resample(
    groups: Sequence[Hashable] | NDArray[Any] | None,
    statistics: ArrayLike,
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
    statistics : array, n x k
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
        `MINIMUM_CLUSTERS` clusters, or the figure is not defined in more than a tenth of the resamples.
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
    groups: Sequence[Hashable] | NDArray[Any] | None,
    statistics: ArrayLike,
    function: Function,
    *,
    resamples: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> list[Interval]:
    """Return several figures with their intervals from the same draws; `function` returns m x p. See `resample`."""
    rows = _cluster_sums(groups, np.asarray(statistics, dtype=np.float64))
    values = function(rows.sum(axis=0, keepdims=True))[0]
    if len(rows) < MINIMUM_CLUSTERS:
        clusters = f"{len(rows)} cluster" + ("" if len(rows) == 1 else "s")
        return [
            _interval(value, None, f"{clusters}: an interval needs {MINIMUM_CLUSTERS}", level) for value in values
        ]
    draws = _draws(rows, function, resamples, seed)
    return [_interval(value, draws[:, i], None, level) for i, value in enumerate(values)]


def ratio(numerator: ArrayLike, denominator: ArrayLike) -> Array:
    """Divide; NaN, without a warning, where the denominator is 0."""
    over, under = np.broadcast_arrays(np.asarray(numerator, np.float64), np.asarray(denominator, np.float64))
    result: Array = np.divide(over, under, out=np.full(over.shape, np.nan), where=under != 0)
    return result


def _cluster_sums(groups: Sequence[Hashable] | NDArray[Any] | None, statistics: Array) -> Array:
    if statistics.ndim != 2:
        raise ValueError(f"statistics must be rows x columns, not of shape {statistics.shape}")
    if groups is None:
        return statistics
    names, code = np.unique(np.asarray(groups), return_inverse=True)
    if len(code) != len(statistics):
        raise ValueError(f"{len(code)} groups for {len(statistics)} rows")
    sums = np.zeros((len(names), statistics.shape[1]))
    for column in range(statistics.shape[1]):
        sums[:, column] = np.bincount(code, weights=statistics[:, column], minlength=len(names))
    return sums


def _draws(rows: Array, function: Function, resamples: int, seed: int) -> Array:
    distinct, times = np.unique(rows, axis=0, return_counts=True)
    generator = np.random.default_rng(seed)
    block = max(1, _BLOCK // max(distinct.shape))
    figures = []
    for start in range(0, resamples, block):
        size = min(block, resamples - start)
        weights = generator.multinomial(len(rows), times / len(rows), size=size)
        figures.append(function(weights.astype(np.float64) @ distinct))
    return np.concatenate(figures)


def _interval(value: float, draws: Array | None, why: str | None, level: float) -> Interval:
    if np.isnan(value):
        return Interval(None, why="not defined on these data")
    if draws is None:
        return Interval(float(value), why=why)
    defined = draws[~np.isnan(draws)]
    if len(defined) < _DEFINED_SHARE * len(draws):
        return Interval(
            float(value), why=f"not defined in {len(draws) - len(defined)} of {len(draws)} resamples: too rare"
        )
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(value), float(low), float(high))


def _round(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits) + 0.0  # + 0.0: no minus zero
