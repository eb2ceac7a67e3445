"""The search that finds which values belong together: a field at a time, drawn anew while it cools.

All other fields given, the values of one field do not touch each other, so the splits of all of them can be drawn at
once, each with a chance of exp(units kept / temperature) (a block Gibbs sampler; annealed as by Kirkpatrick, Gelatt
and Vecchi 1983, Optimization by simulated annealing). What ties them are the wanted shares and classes, which become
prices, as in the balanced label propagation of Ugander and Backstrom 2013.
"""

from collections.abc import Sequence

import numpy as np

from goldwire.labels.splits.sides_pool import ANY, Floats, Ints, Pool

_HOT, _COLD = 0.5, 0.005  # temperatures, as parts of how many units a unit's value has on average
_STEPS = 3  # of Newton's method, for the charges
_RATE = 1.0  # by which the price of a label rises for a share that is off by 1, and
_NOW = 5.0  # by how much more for as long as it is off
_DEAREST = 4.0  # units


def cooled(
    pool: Pool, start: Sequence[Ints], held: Sequence[Ints], sweeps: int, draw: np.random.Generator
) -> list[Ints]:
    """Return sides that keep many units.

    Parameters
    ----------
    pool : Pool
    start : sequence of ints
        The sides to begin with, like `Pool.fixed`, without ANY for a value.
    held : sequence of ints
        ANY for values that may move; the others stay as they are in `start`.
    sweeps : int
        How often every field is drawn.
    draw : np.random.Generator
    """
    cooling = _Cooling(pool, start, held, draw)
    for sweep in range(sweeps):
        part = _HOT * (_COLD / _HOT) ** (sweep / max(1, sweeps - 1))
        for field in range(len(start)):
            cooling.redraw(field, part)
    return cooling.sides


class _Cooling:
    """The sides as they are, and what steers them.

    A *charge* is what a split costs a value for each unit that the value has, whether it is kept or not. It keeps the
    values of each field spread over the splits by `target`; a price on kept units alone would let them all run to one
    split, where none is dropped. A *price* is what a kept unit of a label costs.
    """

    def __init__(self, pool: Pool, start: Sequence[Ints], held: Sequence[Ints], draw: np.random.Generator) -> None:
        self.pool, self.draw = pool, draw
        self.sides = [side.copy() for side in start]
        self.free = [np.flatnonzero(side[:-1] == ANY) for side in held]
        self.mass = [pool.mass(field) for field in range(len(start))]
        self.charge = [np.zeros(len(pool.shares)) for _ in start]
        self.target: Floats = pool.shares.copy()
        self.price: Floats = np.zeros((2, len(pool.shares), len(pool.part)))  # of too many, of too few

    def redraw(self, field: int, part: float) -> None:
        """Draw the split of every free value of a field, at a temperature of `part` of the units of a value."""
        free, mass = self.free[field], self.mass[field][self.free[field]]
        if not len(free):
            return
        heat = part * float((mass**2).sum() / mass.sum())
        gain = self.pool.gains(self.sides, field, self._worth())[free]
        charge: Floats = self.charge[field]
        room = self._room(field)
        for _ in range(_STEPS):
            weighed = _chances(gain - np.outer(mass, charge), heat) * mass[:, None]
            curve = np.diag(mass @ weighed) - weighed.T @ weighed
            curve += np.eye(len(charge)) * (1e-6 * np.trace(curve) + 1e-9)
            charge = charge + np.clip(np.linalg.solve(curve, weighed.sum(axis=0) - room) * heat, -0.2, 0.2)
        self.charge[field] = charge - charge.mean()
        chance = _chances(gain - np.outer(mass, charge), heat)
        drawn = self.draw.random((len(free), 1)) > np.cumsum(chance, axis=1)[:, :-1]
        self.sides[field][free] = drawn.sum(axis=1)

    def _room(self, field: int) -> Floats:
        """Return how many units' worth of free values each split should have."""
        mass, side = self.mass[field], self.sides[field][:-1]
        stays = np.ones(len(mass), bool)
        stays[self.free[field]] = False
        there = np.bincount(side[stays & (side >= 0)], mass[stays & (side >= 0)], len(self.target))
        total = float(mass[self.free[field]].sum())
        room: Floats = np.maximum(self.target * (total + there.sum()) - there, 1e-3 * total)
        fitting: Floats = room * (total / room.sum())
        return fitting

    def _worth(self) -> Floats:
        """Return what a kept unit of each profile is worth in each split, and turn target and prices a little."""
        pool = self.pool
        counts = pool.counts(self.sides)
        kept = counts[:, 0]
        self.target *= np.clip(pool.shares * kept.sum() / np.maximum(kept, 1), 0.5, 2) ** 0.1
        self.target /= self.target.sum()
        size = np.maximum(counts[:, pool.whole], 1)
        off = (counts[:, pool.part] - size * pool.wanted) / size
        beyond = np.stack([off, -off]) - pool.tolerance - 1 / size
        self.price = np.maximum(0, self.price + _RATE * beyond)
        many, few = self.price + _NOW * np.maximum(0, beyond)
        by = np.zeros_like(counts)
        np.subtract.at(by.T, pool.part, (many - few).T)
        np.add.at(by.T, pool.whole, ((many - few) * pool.wanted).T)
        found: Floats = np.clip(1 + by @ pool.features.T, 0, _DEAREST)
        return found


def _chances(score: Floats, heat: float) -> Floats:
    grown = np.exp((score - score.max(axis=1, keepdims=True)) / heat)
    found: Floats = grown / grown.sum(axis=1, keepdims=True)
    return found
