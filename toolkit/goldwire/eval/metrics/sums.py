"""What metrics are made of: sums over rows, of the data as they are or of thousands of resamples at once.

Every metric here is a function of a few sums: how often each label was right, given and gold, and, where an answer is
one label, how often each pair of gold and predicted label came. Leading axis m: one element a resample.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

_NOTHING = 1e-12  # all sums below a line are of whole numbers, or of shares that are far larger


@dataclass(frozen=True)
class Cells:
    """How often each pair of gold and predicted label came, of answers that are one label.

    Attributes
    ----------
    sums : array, m x c
    actual, predicted, target : integer arrays, c
        The positions of the labels and of the target that each cell stands for.
    """

    sums: Array
    actual: Codes
    predicted: Codes
    target: Codes

    def weighed(self, weights: Array) -> Array:
        """Return the sum of all cells, each with its weight, labels x labels (gold in rows)."""
        return np.asarray(self.sums @ weights[self.actual, self.predicted])


@dataclass(frozen=True)
class Upward:
    """Labels in answers to a tree with all those above them (Kiritchenko et al. 2006): each m."""

    hits: Array
    given: Array
    support: Array


@dataclass(frozen=True)
class Sums:
    """Sums of answers.

    Attributes
    ----------
    labels : tuple of str
        All labels, in the order of the columns.
    rows, right : array, m
        Answers, and those that are wholly right.
    hits, given, support : array, m x labels
        How often each label was right, predicted, and gold.
    cells : Cells or None
        Where an answer is one label.
    shared : array, m, or None
        Where an answer can be several: the sum of their Jaccard indices.
    upward : Upward or None
        Of a tree.
    """

    labels: tuple[str, ...]
    rows: Array
    right: Array
    hits: Array
    given: Array
    support: Array
    cells: Cells | None = None
    shared: Array | None = None
    upward: Upward | None = None

    @cached_property
    def f1(self) -> Array:
        """The F1 of each label, m x labels; 0 for one that is neither gold nor predicted."""
        return ratio(2 * self.hits, self.support + self.given)

    @cached_property
    def precision(self) -> Array:
        """The precision of each label, m x labels; 0 for one that is not predicted."""
        return ratio(self.hits, self.given)

    @cached_property
    def recall(self) -> Array:
        """The recall of each label, m x labels; 0 for one that is not gold."""
        return ratio(self.hits, self.support)

    def of_supported(self, figures: Array) -> Array:
        """Return the mean of figures, m x labels, over the labels that have support; NaN where none has."""
        there = self.support > 0
        return ratio((figures * there).sum(-1), there.sum(-1).astype(np.float64), undefined=np.nan)


Function = Callable[[Sums], Array]


def ratio(above: Array, below: Array, undefined: float = 0.0) -> Array:
    """Divide; where there is nothing below the line, the answer is `undefined`."""
    there = np.abs(below) > _NOTHING
    out = np.full(np.broadcast_shapes(above.shape, below.shape), undefined)
    return np.asarray(np.divide(above, below, out=out, where=there))
