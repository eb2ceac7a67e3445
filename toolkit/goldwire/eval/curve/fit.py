"""The inverse power law of a learning curve: value(n) = ceiling - scale * n ** -exponent.

Cortes, Jackel, Solla, Vapnik and Denker (1994), Learning curves: asymptotic values and rate of convergence, NIPS 6;
Figueroa, Zeng-Treitler, Kandula and Ngo (2012), Predicting sample size required for classification performance, BMC
Medical Informatics and Decision Making 12:8, who weigh the points as here.
"""

from dataclasses import dataclass

import numpy as np

from goldwire.eval.task import Array

_EXPONENTS = np.geomspace(0.05, 3.0, 160)
_UPPER = 1.0
_STARTS = 3


@dataclass(frozen=True)
class Laws:
    """Fitted laws, one a curve; `scale` is what is lacking at the largest size seen, `reference`.

    value(n) = ceiling - scale * (n / reference) ** -exponent.
    """

    ceiling: Array
    scale: Array
    exponent: Array
    reference: float

    def at(self, n: float) -> Array:
        """Return the value of each law at n."""
        return np.asarray(self.ceiling - self.scale * (n / self.reference) ** -self.exponent)


def fit(sizes: Array, values: Array, weights: Array) -> Laws:
    """Fit a law to each curve by weighted least squares.

    For a given exponent ceiling and scale are linear; the exponent is the best of 160 between 0.05 and 3. The scale
    is not negative and the ceiling not above 1: a curve that falls becomes a flat law.

    Parameters
    ----------
    sizes : array of length s
        Units learnt from, ascending.
    values : array, curves x s
    weights : array of length s
        Of each size, such as one over its variance.

    Returns
    -------
    Laws
    """
    reference = float(sizes[-1])
    w = weights / weights.sum()
    powers = (sizes[None, :] / reference) ** -_EXPONENTS[:, None]  # exponents x sizes
    x = powers @ w  # the weighted means
    spread = (powers**2) @ w - x**2
    y = values @ w
    together = (values * w) @ powers.T - y[:, None] * x  # curves x exponents
    scale = np.maximum(-together / spread, 0)
    ceiling = y[:, None] + scale * x
    through = (powers * (_UPPER - values[:, None, :])) @ w / ((powers**2) @ w)  # with the ceiling at its bound
    above = ceiling > _UPPER
    scale = np.where(above, np.maximum(through, 0), scale)
    ceiling = np.where(above, _UPPER, ceiling)
    fitted = ceiling[:, :, None] - scale[:, :, None] * powers
    best = (((values[:, None, :] - fitted) ** 2) @ w).argmin(axis=1)
    rows = np.arange(len(values))
    return Laws(ceiling[rows, best], scale[rows, best], _EXPONENTS[best], reference)


def fits(sizes: Array, values: Array, weights: Array) -> Laws:
    """Fit a law to each curve; to every third without its first point, to every third without the first two.

    Learning curves are not quite power laws, and the first points, which are the farthest from what is forecast, bend
    a law the most. What the forecast owes to them is so part of how much it varies.
    """
    found = np.empty((3, len(values)))
    for first in range(_STARTS):
        part = fit(sizes[first:], values[first::_STARTS, first:], weights[first:])
        found[:, first::_STARTS] = part.ceiling, part.scale, part.exponent
    return Laws(found[0], found[1], found[2], float(sizes[-1]))
