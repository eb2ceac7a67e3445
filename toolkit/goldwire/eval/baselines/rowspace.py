"""A penalised linear model of few rows and many features, learnt in as many dimensions as there are rows.

The weights of a model with a quadratic penalty lie in the space that the rows span, so the rows can be rotated into
it first, and the weights back afterwards, without changing the model (Hastie, Tibshirani and Friedman 2009, The
Elements of Statistical Learning, section 18.3.5). For bags of n-grams that takes hundredths of a second, not seconds.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from goldwire.eval.task import Array

_MOST = 1000  # rows; the rotation takes their number cubed
_NEGLIGIBLE = 1e-10


class RowSpace:
    """The space spanned by the rows of a matrix, rows x features; sparse, or small enough not to be."""

    def __init__(self, rows: Any) -> None:
        from scipy.sparse import csr_matrix

        rows = csr_matrix(rows)
        self._rows = rows
        self._back: Array | None = None
        self._rotated: Any = rows
        if rows.shape[0] <= _MOST:
            size, directions = np.linalg.eigh((rows @ rows.T).toarray())
            kept = size > _NEGLIGIBLE * size[-1]
            scale = np.sqrt(size[kept])
            self._rotated = directions[:, kept] * scale
            self._back = directions[:, kept] / scale

    @property
    def rotated(self) -> bool:
        """Whether there are few enough rows that the rotation pays."""
        return self._back is not None

    def fit(self, classifier: Any, labels: Sequence[str]) -> Any:
        """Train a linear classifier on the rows, and return it with weights for the features."""
        classifier.fit(self._rotated, labels)
        if self._back is not None:
            classifier.coef_ = (self._rows.T @ (self._back @ classifier.coef_.T)).T
            classifier.n_features_in_ = self._rows.shape[1]
        return classifier
