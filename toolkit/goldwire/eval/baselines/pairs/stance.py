"""What a text makes of its target, by all pair features and by the words of either side."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from goldwire.eval.baselines.pairs import Described
from goldwire.eval.baselines.pairs.linear import Stack
from goldwire.eval.baselines.pairs.trees import Trees
from goldwire.eval.task import Array

Codes = npt.NDArray[np.int64]


class Stance:
    """Linear models of the words, and boosted and randomised trees over their shares and the pair features."""

    def __init__(self, labels: Sequence[str], seed: int) -> None:
        self._stack = Stack(labels)
        self._trees = Trees(labels, seed, averaged=True)

    def fit(self, described: Described, rows: Codes, actual: Sequence[str], folds: Codes) -> "Stance":
        """Learn from these rows; `folds` has the fold of each, so that no model sees shares that knew its label."""
        shares = self._stack.fit(described.parsed, rows, actual, folds)
        self._trees.fit(np.hstack([described.features[rows], shares.astype(np.float32)]), actual)
        return self

    def shares(self, described: Described, rows: Codes) -> Array:
        """Return the share of each label, rows x labels."""
        shares = self._stack.shares(described.parsed, rows).astype(np.float32)
        return self._trees.shares(np.hstack([described.features[rows], shares]))
