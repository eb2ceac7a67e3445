"""Metrics of answers that are one label, beside those in `metrics_any`; the last four need an order of the labels."""

import numpy as np

from goldwire.eval.metrics.sums import Array, Cells, Sums, ratio


def mcc(sums: Sums) -> Array:
    """Return Matthews' correlation for many classes (Gorodkin 2004); 0 when either side has one label only."""
    covariance = sums.right * sums.rows - (sums.support * sums.given).sum(-1)
    spread = (sums.rows**2 - (sums.support**2).sum(-1)) * (sums.rows**2 - (sums.given**2).sum(-1))
    return np.clip(ratio(covariance, np.sqrt(np.maximum(spread, 0))), -1, 1)


def kappa(sums: Sums) -> Array:
    """Return Cohen's kappa; NaN when both sides have the same one label, where chance explains everything."""
    observed = ratio(sums.right, sums.rows, undefined=np.nan)
    expected = ratio((sums.support * sums.given).sum(-1), sums.rows**2, undefined=np.nan)
    return ratio(observed - expected, 1 - expected, undefined=np.nan)


def quadratic_kappa(sums: Sums) -> Array:
    """Return Cohen's weighted kappa, with the squared distance in ranks as weight (Cohen 1968)."""
    return _weighted_kappa(sums, _distances(sums) ** 2)


def linear_kappa(sums: Sums) -> Array:
    """Return Cohen's weighted kappa, with the distance in ranks as weight (Cohen 1968)."""
    return _weighted_kappa(sums, _distances(sums))


def mean_absolute_error(sums: Sums) -> Array:
    """Return the mean distance in ranks, 0 to labels - 1; less is better."""
    return ratio(_cells(sums).weighed(_distances(sums)), sums.rows, undefined=np.nan)


def within_one(sums: Sums) -> Array:
    """Return the share of rows whose prediction is the gold label or one beside it."""
    return ratio(_cells(sums).weighed((_distances(sums) <= 1).astype(np.float64)), sums.rows, undefined=np.nan)


def _weighted_kappa(sums: Sums, weights: Array) -> Array:
    observed = _cells(sums).weighed(weights)
    expected = ratio(((sums.support @ weights) * sums.given).sum(-1), sums.rows, undefined=np.nan)
    return 1 - ratio(observed, expected, undefined=np.nan)


def _distances(sums: Sums) -> Array:
    ranks = np.arange(len(sums.labels), dtype=np.float64)
    return np.abs(ranks[:, None] - ranks)


def _cells(sums: Sums) -> Cells:
    if sums.cells is None:
        raise TypeError("this metric is of answers that are one label")
    return sums.cells
