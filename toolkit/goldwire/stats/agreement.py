"""Agreement as it stands, with nothing taken off for chance: of all, and of each answer with the unit's others."""

import numpy as np
from numpy.typing import NDArray

from goldwire.stats.cells import Cells
from goldwire.stats.distance import Distance, Nominal
from goldwire.stats.draws import Array
from goldwire.stats.resample import Estimator, ratio

Codes = NDArray[np.int64]


def observed(cells: Cells, distance: Distance | None = None) -> Estimator:
    """Return the share of agreeing pairs of answers, meaned over the units that have a pair; one row a unit.

    Fleiss, 1971, Measuring nominal scale agreement among many raters, Psychological Bulletin 76. With a `distance`
    a pair agrees by 1 - distance, as a share of the largest: Gwet, 2014, Handbook of Inter-Rater Reliability, 4th
    edition, chapter 3.
    """
    agree = agreeing(cells, distance or Nominal(cells.answers))
    return Estimator(np.column_stack([agree, cells.size >= 2]), lambda sums: ratio(sums[:, :1], sums[:, 1:]))


def agreeing(cells: Cells, distance: Distance) -> Array:
    """Return the share of agreeing pairs of each unit; 0 where there is no pair. See `observed`."""
    size = cells.size
    differ = ratio(cells.by_unit(cells.n * distance.differing(cells)), size * (size - 1) * (distance.largest or 1.0))
    return np.where(size >= 2, 1 - differ, 0.0)


def with_the_rest(cells: Cells, place: Codes, distance: Distance | None = None) -> Array:
    """Return how far each answer agrees with the unit's other answers; NaN where there is no other.

    It is the share of the others that are the same (or the mean of 1 - distance), as `observed` has it for pairs:
    Fleiss, 1971.

    Parameters
    ----------
    cells : Cells
        All answers.
    place : array of int
        Some of them, one by one: where they stand among the cells.
    distance : Distance, optional
        None is nominal.
    """
    distance = distance or Nominal(cells.answers)
    others = (cells.size[cells.unit] - 1) * (distance.largest or 1.0)
    return (1 - ratio(distance.differing(cells), others))[place]
