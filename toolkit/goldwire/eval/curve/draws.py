"""Curves as they could have come out: other stories to be judged on, other stories to learn from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from goldwire.eval.curve.points import Learnt
from goldwire.eval.task import Array

_AT_ONCE = 250  # draws
_SMALLEST_SPREAD = 1e-4


@dataclass(frozen=True)
class Curves:
    """The curve that was seen, and curves drawn like it.

    Attributes
    ----------
    sizes : array of length s
    value : array of length s
        What was seen.
    drawn : array, draws x s
    weights : array of length s
        For the fit: one over the variance of each size that it does not share with the others, for what all sizes
        share moves the curve up and down and does not bend it.
    training : float
        Standard deviation of the value that comes from which stories were learnt from, at the largest size.
    """

    sizes: Array
    value: Array
    drawn: Array
    weights: Array
    training: float


def curves(learnt: Learnt, resamples: int, seed: int) -> Curves:
    """Draw curves.

    The stories that are judged are drawn with replacement, the same for all sizes. The stories that are learnt from
    cannot be: of n of N stories the parts of different repeats overlap, and at n = N they are the same. What they add
    is therefore drawn from a normal distribution. Where each unit adds its own share to the value, the mean over r
    orders of N units differs from that of fresh units by a deviation with covariance c / N + (c / max(n, m) - c / N)
    / r between the sizes n and m (of nested parts, drawn without replacement); c is estimated from the variance
    between the repeats, whose expectation is c (1 / n - 1 / N), pooled over the sizes.

    Raises
    ------
    ValueError
        When the metric is not defined at a size, or in more than a tenth of the draws.
    """
    generator = np.random.default_rng(seed)
    clusters = learnt.statistics[0][0].shape[0]
    value = _at(learnt, np.ones((1, clusters)))[0]
    drawn = np.concatenate(
        [
            _at(learnt, generator.multinomial(clusters, np.full(clusters, 1 / clusters), size=size).astype(float))
            for size in _portions(resamples)
        ]
    )
    if np.isnan(value).any() or np.isnan(drawn).any(axis=1).mean() > 0.1:
        raise ValueError("the metric is not defined at every size")
    drawn = drawn[~np.isnan(drawn).any(axis=1)]
    covariance = _training(learnt)
    deviations = generator.multivariate_normal(np.zeros(len(value)), covariance, size=len(drawn), method="eigh")
    drawn = drawn + deviations
    own = np.var(drawn - drawn.mean(axis=1, keepdims=True), axis=0)
    return Curves(
        learnt.sizes, value, drawn, 1 / np.maximum(own, _SMALLEST_SPREAD**2), float(np.sqrt(covariance[-1, -1]))
    )


def _at(learnt: Learnt, weights: Array) -> Array:
    """Return the metric of each size with weighted stories, draws x sizes; the repeats are counted together."""
    columns = [
        learnt.function(np.asarray(sum(np.asarray(weights @ one) for one in repeats)))
        for repeats in learnt.statistics
    ]
    return np.column_stack(columns)


def _training(learnt: Learnt) -> Array:
    """Return the covariance over the sizes of what comes from the stories that were learnt from."""
    sizes, largest = learnt.sizes, float(learnt.sizes[-1])
    repeats = len(learnt.statistics[0])
    clusters = learnt.statistics[0][0].shape[0]
    whole = np.ones((1, clusters))
    apart = np.array([[learnt.function(np.asarray(whole @ one))[0] for one in row] for row in learnt.statistics])
    between = np.nanvar(apart[:-1], axis=1, ddof=1) * learnt.chains  # of one order, not of the folds' mean
    c = between.sum() / (1 / sizes[:-1] - 1 / largest).sum()
    own = np.maximum(1 / np.maximum.outer(sizes, sizes) - 1 / largest, 0) / (repeats * learnt.chains)
    return np.asarray(c * (1 / largest + own))


def _portions(total: int) -> Sequence[int]:
    return [min(_AT_ONCE, total - start) for start in range(0, total, _AT_ONCE)]
