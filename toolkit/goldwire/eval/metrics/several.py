"""Metrics of answers that can be several labels, beside those in `metrics_any`; the last three are of trees.

An answer to a tree says its label and all those above it. Hierarchical precision and recall count both answers that
way, summed over all rows (Kiritchenko, Matwin, Nock and Famili, 2006, Learning and evaluation in the presence of
class hierarchies, Canadian AI 2006).
"""

import numpy as np

from goldwire.eval.metrics.sums import Array, Sums, Upward, ratio

OTHER = "(none of the labels)"
"""Stands in for a prediction that is missing or unknown and counts as wrong; it never has support."""


def hamming_loss(sums: Sums) -> Array:
    """Return the share of all rows and labels that are wrong (scikit-learn's hamming_loss); less is better.

    `OTHER` is no label to divide by, and a row that has it has one error more; the loss is 1 at most.
    """
    wrong = (sums.given + sums.support - 2 * sums.hits).sum(-1)
    labels = sum(label != OTHER for label in sums.labels)
    return np.minimum(ratio(wrong, sums.rows * labels, undefined=np.nan), 1.0)


def jaccard_samples(sums: Sums) -> Array:
    """Return the mean over rows of labels in both over labels in either; 1 where neither has any.

    It is scikit-learn's jaccard_score with average "samples" and zero_division 1.
    """
    if sums.shared is None:
        raise TypeError("this metric is of answers that can be several labels")
    return ratio(sums.shared, sums.rows, undefined=np.nan)


def hierarchical_precision(sums: Sums) -> Array:
    """Return the share of predicted labels, with those above them, that are gold; 0 where none is predicted."""
    upward = _upward(sums)
    return ratio(upward.hits, upward.given)


def hierarchical_recall(sums: Sums) -> Array:
    """Return the share of gold labels, with those above them, that are predicted; 0 where there is none."""
    upward = _upward(sums)
    return ratio(upward.hits, upward.support)


def hierarchical_f1(sums: Sums) -> Array:
    """Return the harmonic mean of hierarchical precision and recall."""
    upward = _upward(sums)
    return ratio(2 * upward.hits, upward.given + upward.support, undefined=np.nan)


def _upward(sums: Sums) -> Upward:
    if sums.upward is None:
        raise TypeError("this metric is of answers to a tree")
    return sums.upward
