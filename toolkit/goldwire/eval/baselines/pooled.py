"""A logistic regression over bags of parts, of which only the whole bag has a label (multiple-instance learning).

A part's evidence is linear in its features; a bag's log odds are the soft maximum of its parts' evidence,
``log(mean(exp(sharpness * evidence))) / sharpness``, plus an intercept. So parts that say nothing need not look like
the bags that they stand in. (Dietterich et al. 1997, Solving the multiple instance problem; the pooling is that of
Ramon and De Raedt 2000, Multi instance neural networks.)
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from goldwire.eval.baselines.thresholds import expit
from goldwire.eval.task import Array, Codes, Marks

_STEPS = 150


@dataclass(frozen=True)
class Bags:
    """Parts and the bags that they belong to.

    Attributes
    ----------
    parts : sparse matrix, parts x features
        In the order of their bags.
    sizes : array of int64
        How many parts each bag has; may be 0.
    """

    parts: Any
    sizes: Codes

    def pool(self, evidence: Array, sharpness: float) -> tuple[Array, Array]:
        """Return the soft maximum of each bag, 0 for one without parts, and what each part adds to its bag's."""
        there = self.sizes > 0
        starts = (np.cumsum(self.sizes) - self.sizes)[there]
        sizes = self.sizes[there]
        pooled = np.zeros(len(self.sizes))
        if not len(sizes):
            return pooled, np.zeros(0)
        most = np.maximum.reduceat(evidence, starts)
        raised = np.exp(sharpness * (evidence - np.repeat(most, sizes)))
        total = np.add.reduceat(raised, starts)
        pooled[there] = most + np.log(total / sizes) / sharpness
        return pooled, raised / np.repeat(total, sizes)


@dataclass(frozen=True)
class Pooled:
    """The weights of features and the intercept of one label."""

    weights: Array
    intercept: float
    sharpness: float

    def shares(self, bags: Bags) -> Array:
        """Return the probability of the label for each bag."""
        pooled, _ = bags.pool(bags.parts @ self.weights, self.sharpness)
        return expit(pooled + self.intercept)


def fit(bags: Bags, marks: Marks, c: float, sharpness: float) -> Pooled:
    """Learn the weights of one label, with both sides weighing the same.

    Parameters
    ----------
    bags : Bags
    marks : array of bool, length bags
        Which bags have the label: some, and not all.
    c : float
        The inverse of the strength of the quadratic penalty.
    sharpness : float
        Above 0. Near 0 the evidence of a bag is the mean of its parts', far above 0 the largest.
    """
    from scipy.optimize import minimize

    sign = np.where(marks, 1.0, -1.0)
    weight = np.where(marks, 0.5 / marks.sum(), 0.5 / (~marks).sum()) * len(marks)
    across = bags.parts.T.tocsr()

    def loss(free: Array) -> tuple[float, Array]:
        weights, intercept = free[:-1], free[-1]
        pooled, adds = bags.pool(bags.parts @ weights, sharpness)
        margin = sign * (pooled + intercept)
        slope = -sign * weight * expit(-margin)
        value = float(weight @ np.logaddexp(0, -margin) + weights @ weights / (2 * c))
        return value, np.append(across @ (np.repeat(slope, bags.sizes) * adds) + weights / c, slope.sum())

    start = np.zeros(bags.parts.shape[1] + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS}).x
    return Pooled(found[:-1], float(found[-1]), sharpness)
