"""How often each distinct answer was given to each unit, without room for what never was."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goldwire.stats import draws
from goldwire.stats.draws import Array, Rows

Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Cells:
    """The places of units x answers that are not 0, by unit, then by answer.

    Parameters
    ----------
    unit, answer, n : arrays of int
        One element a place: its row, its column, and how often the answer was given to the unit.
    units, answers : int
        How many rows and columns there are.
    """

    unit: Counts
    answer: Counts
    n: Counts
    units: int
    answers: int

    @classmethod
    def of_codes(cls, unit: Counts, answer: Counts, units: int, answers: int) -> tuple["Cells", Counts]:
        """Count answers that stand one by one; return also the place of each."""
        places, code, times = np.unique(unit * answers + answer, return_inverse=True, return_counts=True)
        return cls(places // max(answers, 1), places % max(answers, 1), times, units, answers), code

    @classmethod
    def of_counts(cls, counts: ArrayLike) -> "Cells":
        """Take what is not 0 of a matrix, units x answers."""
        matrix = np.asarray(counts, dtype=np.int64)
        unit, answer = np.nonzero(matrix)
        return cls(unit, answer, matrix[unit, answer], *matrix.shape)

    @cached_property
    def size(self) -> Counts:
        """How many answers each unit has."""
        return np.bincount(self.unit, weights=self.n, minlength=self.units).astype(np.int64)

    def of(self, units: Flags) -> "Cells":
        """Return some of the units, one row each."""
        keep = units[self.unit]
        row = np.cumsum(units) - 1
        return Cells(row[self.unit[keep]], self.answer[keep], self.n[keep], int(units.sum()), self.answers)

    def rows(self, value: ArrayLike | None = None) -> Rows:
        """Return units x answers with `n`, or these values, at the places."""
        return draws.table(self.unit, self.answer, self.n if value is None else value, (self.units, self.answers))

    def by_unit(self, value: ArrayLike) -> Array:
        """Sum values of the places by unit."""
        weights = np.broadcast_to(np.asarray(value, dtype=np.float64), self.unit.shape)
        return np.bincount(self.unit, weights=weights, minlength=self.units).astype(np.float64)

    def pairs(self) -> Iterator[tuple[Counts, Counts]]:
        """Yield the pairs of different answers to a unit, as places; each pair once, the lower answer first."""
        return pairs_within(self.unit)


def pairs_within(group: Counts) -> Iterator[tuple[Counts, Counts]]:
    """Yield the pairs of elements of the same group, as positions; `group` is sorted."""
    last = np.searchsorted(group, group, side="right")
    for step in range(1, int(np.bincount(group).max(initial=0))):
        first = np.flatnonzero(np.arange(len(group)) + step < last)
        yield first, first + step
