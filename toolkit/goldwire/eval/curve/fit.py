"""The laws of a learning curve: the inverse power law, and two beside it that go on otherwise where it ends.

- power: value(n) = ceiling - scale * n ** -exponent. Cortes, Jackel, Solla, Vapnik and Denker (1994), Learning
  curves: asymptotic values and rate of convergence, NIPS 6; Figueroa, Zeng-Treitler, Kandula and Ngo (2012),
  Predicting sample size required for classification performance, BMC Medical Informatics and Decision Making 12:8,
  who weigh the points as here.
- exponential: ceiling - scale * exp(-rate * n), which levels off soon after it is seen to.
- logarithmic: level + slope * ln(n), which does not level off.

Which of them holds, the points seldom tell: curves of all three kinds are found (Viering and Loog, 2023, The shape
of learning curves: a review, IEEE TPAMI 45(6)). What is forecast is therefore what all those say that fit.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from goldwire.eval.task import Array

POWER, EXPONENTIAL, LOGARITHMIC = "power", "exponential", "logarithmic"

_SHAPES = {
    POWER: np.geomspace(0.05, 3.0, 160),
    EXPONENTIAL: np.geomspace(0.2, 20.0, 120),
    LOGARITHMIC: np.ones(1),
}
_UPPER = 1.0
_STARTS = {POWER: (0, 1, 2), EXPONENTIAL: (0, 1, 2), LOGARITHMIC: (1, 2, 3)}
_FEWEST = 3  # points of a law
_FITS = 0.01


@dataclass(frozen=True)
class Laws:
    """Fitted laws of one kind, one a curve: value(n) = ceiling - scale * falling(n / reference).

    `exponent` is that of the power law, or the rate of the exponential one, which is 1 at the largest size seen,
    `reference`, for both; of the logarithmic one the ceiling is the value there.
    """

    ceiling: Array
    scale: Array
    exponent: Array
    reference: float
    kind: str = POWER

    def at(self, n: float) -> Array:
        """Return the value of each law at n, 1 at most."""
        found = self.ceiling - self.scale * _falling(self.kind, n / self.reference, self.exponent)
        return np.asarray(np.minimum(found, _UPPER))


@dataclass(frozen=True)
class Mixture:
    """Laws of several kinds, each of some of the curves."""

    parts: tuple[tuple[slice, Laws], ...]
    many: int

    def at(self, n: float) -> Array:
        """Return the value at n of each curve's law."""
        found = np.empty(self.many)
        for places, laws in self.parts:
            found[places] = laws.at(n)
        return found


def fit(sizes: Array, values: Array, weights: Array, kind: str = POWER) -> Laws:
    """Fit a law to each curve by weighted least squares.

    For a given exponent ceiling and scale are linear; the exponent is the best of 160 between 0.05 and 3, the rate of
    120. The scale is not negative and the ceiling not above 1: a curve that falls becomes a flat law.

    Parameters
    ----------
    sizes : array of length s
        Units learnt from, ascending.
    values : array, curves x s
    weights : array of length s
        Of each size, such as one over its variance.
    kind : {"power", "exponential", "logarithmic"}

    Returns
    -------
    Laws
    """
    reference, shapes = float(sizes[-1]), _SHAPES[kind]
    w = weights / weights.sum()
    powers = _falling(kind, (sizes / reference)[None, :], shapes[:, None])  # exponents x sizes
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
    return Laws(ceiling[rows, best], scale[rows, best], shapes[best], reference, kind)


def mixture(sizes: Array, value: Array, drawn: Array, weights: Array) -> Mixture | None:
    """Fit to each drawn curve one of the laws that fit what was seen, in turn; None where none does.

    Each kind is fitted to all points, and without the first one or more: learning curves are not quite of any law,
    and the first points, which are the farthest from what is forecast, bend a law the most.

    Parameters
    ----------
    sizes, weights : arrays of length s
        See `fit`.
    value : array of length s
        What was seen.
    drawn : array, draws x s
    """
    from scipy.special import chdtrc

    found = []
    for kind, starts in _STARTS.items():
        for first in starts:
            part = slice(first, None)
            if len(sizes[part]) < _FEWEST:
                continue
            one = fit(sizes[part], value[None, part], weights[part], kind)
            apart = value[part] - np.array([one.at(n)[0] for n in sizes[part]])
            free = max(1, len(apart) - (2 if kind == LOGARITHMIC else 3))
            if chdtrc(free, float(weights[part] @ apart**2)) >= _FITS:
                found.append((kind, part))
    if not found:
        return None
    parts = []
    for at, (kind, part) in enumerate(found):
        places = slice(at, None, len(found))
        parts.append((places, fit(sizes[part], drawn[places, part], weights[part], kind)))
    return Mixture(tuple(parts), len(drawn))


def _falling(kind: str, ratio: Any, shape: Any) -> Array:
    """Return what lacks at a size, as a multiple of what lacks at the largest; the logarithm, which is 0 there."""
    if kind == POWER:
        return np.asarray(ratio**-shape)
    if kind == EXPONENTIAL:
        return np.asarray(np.exp(-shape * (np.asarray(ratio) - 1)))
    return np.asarray(-np.log(ratio) * shape)
