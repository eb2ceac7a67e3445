"""Majority: what most annotators said, and where they are tied. Never the order of rows."""

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]


def plurality(counts: Counts) -> tuple[Counts, Flags]:
    """Return the label with strictly most answers, for questions that take one label.

    Parameters
    ----------
    counts : array, units x labels
        How many annotators gave each label.

    Returns
    -------
    winner : array of int, units
        The column of the winner, -1 where there is none.
    tied : array of bool, units
        Whether two labels or more share the highest count.
    """
    if counts.shape[1] == 0:
        return np.full(len(counts), -1), np.zeros(len(counts), dtype=bool)
    top = counts.max(axis=1)
    at_top = (counts == top[:, None]).sum(axis=1)
    tied = (at_top > 1) & (top > 0)
    return np.where(tied | (top == 0), -1, counts.argmax(axis=1)), tied


def more_than_half(marks: Counts, answers: Counts) -> tuple[Flags, Flags]:
    """Decide each label alone, for questions that take several.

    Parameters
    ----------
    marks : array, units x labels
        How many answers include each label.
    answers : array, units
        How many answers there are.

    Returns
    -------
    kept : array of bool, units x labels
        Whether more than half of the answers include the label.
    half : array of bool, units x labels
        Whether exactly half do: a tie, which is not kept.
    """
    twice, all_of_them = 2 * marks, answers[:, None]
    return twice > all_of_them, (twice == all_of_them) & (marks > 0)
