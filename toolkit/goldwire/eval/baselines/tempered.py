"""Scores that are no probabilities, as shares: a softmax with one temperature, which leaves the answers as they are.

The temperature is the one of least log loss on held-out rows (Guo et al. 2017, On calibration of modern neural
networks). Without folds it is 1, and the shares then rank the labels of a row and say no more.
"""

from collections.abc import Sequence

import numpy as np

from goldwire.eval.baselines.linear import Linear
from goldwire.eval.task import Array

_RANGE = (-6.0, 6.0)  # of the logarithm of the temperature


class Tempered(Linear):
    """A linear model whose scores are margins or sums of weights."""

    _temperature = 1.0

    def settle(self, scores: Array, labels: Sequence[str], classes: Sequence[str]) -> None:
        """Choose the temperature by log loss on the held-out rows."""
        from scipy.optimize import minimize_scalar

        at = np.array([list(classes).index(label) for label in labels])
        # a label that a fold had not seen has no score: the least likely, but finite
        finite = np.where(np.isfinite(scores), scores, scores[np.isfinite(scores)].min())

        def loss(logarithm: float) -> float:
            shares = softmax(finite / np.exp(logarithm))
            return float(-np.log(np.maximum(shares[np.arange(len(at)), at], 1e-15)).mean())

        self._temperature = float(np.exp(minimize_scalar(loss, bounds=_RANGE, method="bounded").x))
        self.parameters["temperature"] = round(self._temperature, 6)

    def as_shares(self, scores: Array) -> Array:
        """Return the softmax of the scores over the temperature."""
        return softmax(scores / self._temperature)


def softmax(scores: Array) -> Array:
    """Return scores, rows x classes, as shares that sum to 1 in each row."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
