"""Differences between answers that are sets of labels."""

from collections.abc import Collection, Sequence

import numpy as np

from goldwire.stats.resample import Array


def masi(sets: Sequence[Collection[str]]) -> Array:
    """Return the MASI distance of every pair of sets, between 0 and 1.

    Passonneau, 2006, Measuring Agreement on Set-Valued Items (MASI) for Semantic and Pragmatic Annotation, LREC:
    1 - J * M, where J is the Jaccard coefficient and M is 1 for equal sets, 2/3 when one holds the other, 1/3
    when they only intersect, and 0 when they have nothing in common. Two empty sets are equal.

    Parameters
    ----------
    sets : sequence of collections of str
        The distinct answers.

    Returns
    -------
    array, len(sets) x len(sets)
        Symmetric, 0 on the diagonal.
    """
    column = {label: i for i, label in enumerate(sorted({label for labels in sets for label in labels}))}
    has = np.zeros((len(sets), len(column)))
    for row, labels in enumerate(sets):
        has[row, [column[label] for label in labels]] = 1
    size = has.sum(axis=1)
    shared = has @ has.T
    union = size[:, None] + size[None, :] - shared
    jaccard = np.divide(shared, union, out=np.ones_like(shared), where=union > 0)
    smaller = np.minimum(size[:, None], size[None, :])
    monotony = np.select([shared == union, shared == 0, shared == smaller], [1.0, 0.0, 2 / 3], 1 / 3)
    distance: Array = 1 - jaccard * monotony
    return distance
