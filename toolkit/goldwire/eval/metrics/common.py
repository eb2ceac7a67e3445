"""Metrics of answers of any type: of one label or of several."""

import numpy as np

from goldwire.eval.metrics.sums import Array, Sums, ratio


def accuracy(sums: Sums) -> Array:
    """Return the share of rows whose whole answer is right: of several labels scikit-learn's subset accuracy."""
    return ratio(sums.right, sums.rows, undefined=np.nan)


def macro_f1(sums: Sums) -> Array:
    """Return the mean F1 over the labels that have support in the gold; see `Sums.of_supported`."""
    return sums.of_supported(sums.f1)


def micro_f1(sums: Sums) -> Array:
    """Return the F1 of all labels counted together; of one label an answer it is the accuracy."""
    below = (sums.given + sums.support).sum(-1)
    return ratio(2 * sums.hits.sum(-1), below, undefined=np.nan)


def weighted_f1(sums: Sums) -> Array:
    """Return the mean F1 over labels, weighted by their support."""
    return ratio((sums.f1 * sums.support).sum(-1), sums.support.sum(-1), undefined=np.nan)


def balanced_accuracy(sums: Sums) -> Array:
    """Return the mean recall over the labels that have support in the gold; see `Sums.of_supported`."""
    return sums.of_supported(sums.recall)
