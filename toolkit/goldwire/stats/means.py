"""The mean of each of many owners' values, each with its interval: of annotators, say, who have many answers each."""

import numpy as np
from numpy.typing import NDArray

from goldwire.stats import draws
from goldwire.stats.draws import Array
from goldwire.stats.resample import MINIMUM_CLUSTERS, Interval, percentiles, ratio, too_few

Codes = NDArray[np.int64]

_HELD = 4_000_000  # numbers, 32 MB


def means(
    owner: Codes,
    cluster: Codes,
    value: Array,
    owners: int,
    *,
    resamples: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> list[Interval]:
    """Return the mean of each owner's values, with a percentile interval over the clusters that these are in.

    The bootstrap is that of `goldwire.stats.resample` (Davison and Hinkley, 1997, section 3.8), one owner at a time.

    Parameters
    ----------
    owner, cluster : arrays of int
        Of each value; `owner` is sorted.
    value : array
        What is meaned.
    owners : int
        How many there are; one without values has no mean.
    resamples, seed, level
        See `goldwire.stats.resample.resample`.
    """
    key = owner * (int(cluster.max(initial=0)) + 1) + cluster
    total = value + 1j  # the sum of a cluster, and of how many values it is
    if not (np.diff(key) > 0).all():
        found, code = np.unique(key, return_inverse=True)
        total = np.bincount(code, weights=value) + 1j * np.bincount(code)
        owner = found // (int(cluster.max(initial=0)) + 1)
    ends = np.searchsorted(owner, np.arange(owners + 1)).tolist()
    result = [Interval(None, why="no values") for _ in range(owners)]
    many = [i for i in range(owners) if ends[i + 1] > ends[i]]
    step = max(1, _HELD // max(resamples, 1))
    for start in range(0, len(many), step):
        some = many[start : start + step]
        values, drawn = np.empty(len(some)), np.full((resamples, len(some)), np.nan)
        for column, i in enumerate(some):
            rows, times = np.unique(total[ends[i] : ends[i + 1]], return_counts=True)
            sums = np.column_stack([rows.real, rows.imag])
            values[column] = _mean(times[None, :] @ sums)[0]
            if ends[i + 1] - ends[i] >= MINIMUM_CLUSTERS:
                drawn[:, column] = np.concatenate([_mean(s) for s in draws.sums(sums, times, resamples, seed)])
        for i, interval in zip(some, percentiles(values, drawn, level), strict=True):
            clusters = ends[i + 1] - ends[i]
            few = clusters < MINIMUM_CLUSTERS
            result[i] = Interval(interval.value, why=too_few(clusters)) if few else interval
    return result


def _mean(sums: Array) -> Array:
    return ratio(sums[:, 0], sums[:, 1])
