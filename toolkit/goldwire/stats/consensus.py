"""Majority: what most annotators said, and where they are tied. Never the order of rows."""

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]


def highest(unit: Counts, count: Counts, units: int) -> tuple[Flags, Flags]:
    """Find the labels with the most answers, for questions that take one label.

    Parameters
    ----------
    unit, count : arrays of int
        One element a unit and label that was given to it: the unit's code, and how many annotators gave the label.
    units : int

    Returns
    -------
    top : array of bool, one a cell
        Whether no other label of the unit has more.
    several : array of bool, units
        Whether two labels or more share that.
    """
    most = np.zeros(units, dtype=np.int64)
    np.maximum.at(most, unit, count)
    top = np.asarray(count == most[unit])
    return top, np.bincount(unit[top], minlength=units) > 1


def more_than_half(marks: Counts, answers: Counts) -> tuple[Flags, Flags]:
    """Decide each label alone, for questions that take several.

    Parameters
    ----------
    marks : array
        How many answers include a label.
    answers : array
        How many answers there are to its unit.

    Returns
    -------
    kept : array of bool
        Whether more than half of the answers include the label.
    half : array of bool
        Whether exactly half do: a tie, which is not kept.
    """
    return np.asarray(2 * marks > answers), np.asarray((2 * marks == answers) & (marks > 0))
