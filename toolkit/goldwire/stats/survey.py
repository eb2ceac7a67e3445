"""Estimates for a corpus from a sample of it, when the probability of each sampled unit is known.

A unit drawn with probability p stands for 1/p units: sums weighted so are unbiased (Horvitz and Thompson, 1952). A
share is the ratio of two such sums (Hájek, 1971). Variances are by linearisation, over clusters in strata as if
clusters were drawn with replacement (Särndal, Swensson and Wretman, 1992, Model Assisted Survey Sampling, chapters 4
and 5), so they are rather too large when a good part of the corpus was sampled. The interval of a share is that of
Clopper and Pearson with the effective sample size (Korn and Graubard, 1998, Survey Methodology 24(2), 193-201), which
holds for shares near 0 and 1, where a symmetric one does not.
"""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goldwire.stats.resample import MINIMUM_CLUSTERS, Interval
from goldwire.stats.student import student

Array = NDArray[np.float64]


def rates(
    labels: Sequence[Collection[str]],
    probabilities: ArrayLike,
    *,
    names: Sequence[str] | None = None,
    clusters: Sequence[Hashable] | None = None,
    strata: Sequence[Hashable] | None = None,
    level: float = 0.95,
) -> dict[str, Interval]:
    """Return the share of the corpus that has each label, with its interval.

    Parameters
    ----------
    labels : sequence of collections of str
        The labels of each sampled unit: none, one or several.
    probabilities : array
        With which each unit was drawn: above 0, at most 1.
    names : sequence of str, optional
        The labels to estimate, in order; by default those that occur, sorted.
    clusters : sequence, optional
        What was drawn together or moves together, such as the story; by default each unit by itself. A cluster is
        within a stratum.
    strata : sequence, optional
        Of each unit; by default one. Leaving them out makes intervals wider, as a rule.
    level : float
        Coverage, between 0 and 1.

    Returns
    -------
    dict of str to Interval
        There are no bounds with fewer than `MINIMUM_CLUSTERS` clusters.

    Raises
    ------
    ValueError
        When a probability is not above 0 and at most 1, or lengths differ.
    """
    sample = _sample(len(labels), probabilities, clusters, strata)
    if names is None:
        names = sorted({label for found in labels for label in found})
    return {name: _share(np.array([name in found for found in labels], float), sample, level) for name in names}


def total(
    values: ArrayLike,
    probabilities: ArrayLike,
    *,
    clusters: Sequence[Hashable] | None = None,
    strata: Sequence[Hashable] | None = None,
    level: float = 0.95,
) -> Interval:
    """Return the sum of a value over the corpus (Horvitz-Thompson), with an interval by Student's t.

    Parameters
    ----------
    values : array
        Of the sampled units; 1 for each estimates how many units the corpus has.
    probabilities, clusters, strata, level
        As in `rates`.
    """
    y = np.asarray(values, float)
    sample = _sample(len(y), probabilities, clusters, strata)
    value = float(sample.weights @ y)
    if why := sample.too_few():
        return Interval(value, why=why)
    half = float(student(sample.freedom, level)) * float(np.sqrt(sample.variance(sample.weights * y)))
    return Interval(value, value - half, value + half)


@dataclass(frozen=True)
class _Sample:
    """Weights of units; the cluster of each unit, and the stratum of each cluster, as numbers from 0."""

    weights: Array
    cluster: NDArray[np.int64]
    stratum: NDArray[np.int64]

    @property
    def freedom(self) -> int:
        return max(len(self.stratum) - len(np.unique(self.stratum)), 1)

    def too_few(self) -> str | None:
        n = len(self.stratum)
        if n >= MINIMUM_CLUSTERS:
            return None
        return f"{n} cluster{'' if n == 1 else 's'}: an interval needs {MINIMUM_CLUSTERS}"

    def variance(self, z: Array) -> float:
        """Return the variance of the sum of z. A stratum of one cluster is compared with the mean of all."""
        sums = np.bincount(self.cluster, weights=z)
        n = np.bincount(self.stratum)
        means = np.bincount(self.stratum, weights=sums) / n
        centre = np.where(n > 1, means, sums.mean())[self.stratum]
        factor = np.where(n > 1, n / np.maximum(n - 1, 1), 1.0)[self.stratum]
        return float((factor * (sums - centre) ** 2).sum())


def _sample(
    n: int, probabilities: ArrayLike, clusters: Sequence[Hashable] | None, strata: Sequence[Hashable] | None
) -> _Sample:
    p = np.asarray(probabilities, float)
    of_unit = [None] * n if strata is None else list(strata)
    of_cluster = list(range(n)) if clusters is None else list(clusters)
    if not len(p) == len(of_unit) == len(of_cluster) == n:
        raise ValueError("labels, probabilities, clusters and strata differ in length")
    if not ((p > 0) & (p <= 1)).all():
        raise ValueError("a probability is above 0 and at most 1")
    keys = list(zip(of_unit, of_cluster, strict=True))
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    names = {name: number for number, name in enumerate(dict.fromkeys(of_unit))}
    return _Sample(
        1 / p,
        np.array([numbers[key] for key in keys], np.int64),
        np.array([names[stratum] for stratum, _ in numbers], np.int64),
    )


def _share(y: Array, sample: _Sample, level: float) -> Interval:
    if not len(y):
        return Interval(None, why="not defined on these data")
    size = sample.weights.sum()
    share = float(sample.weights @ y / size)
    if why := sample.too_few():
        return Interval(share, why=why)
    n = _effective(share, y, sample, level)
    from scipy.special import betaincinv

    hits, tail = share * n, (1 - level) / 2
    low = 0.0 if not y.any() else float(betaincinv(hits, n - hits + 1, tail))
    high = 1.0 if y.all() else float(betaincinv(hits + 1, n - hits, 1 - tail))
    return Interval(share, low, high)


def _effective(share: float, y: Array, sample: _Sample, level: float) -> float:
    """Return how many units of a simple random sample would tell as much; at most as many as there are."""
    if y.all() or not y.any():  # no variance to go by: what unequal weights and clusters cost at most (Kish, 1965)
        weights = np.bincount(sample.cluster, weights=sample.weights)
        return float(weights.sum() ** 2 / (weights**2).sum())
    variance = sample.variance(sample.weights * (y - share) / sample.weights.sum())
    ratio = float(student(max(len(y) - 1, 1), level) / student(sample.freedom, level))
    return float(min(len(y), share * (1 - share) / variance * ratio**2)) if variance else float(len(y))
