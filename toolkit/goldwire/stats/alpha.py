"""Krippendorff's alpha from sufficient statistics, so that an interval costs no more than the figure.

Krippendorff, 2019, Content Analysis, 4th edition, chapter 12. For units u with m_u answers, n_uc of which are c,
over units with m_u >= 2, and a difference d(c, k) of two answers:

    alpha = 1 - (n - 1) * O / E
    O     = sum_u sum_ck n_uc n_uk d(c, k) / (m_u - 1)      observed
    E     = sum_ck n_c n_k d(c, k)                          expected, with n_c = sum_u n_uc, n = sum_c n_c

For nominal answers d is 0 or 1, and both have a short form: O_u = (m_u^2 - sum_c n_uc^2) / (m_u - 1) and
E = n^2 - sum_c n_c^2. So per unit the statistics are O_u and n_u1 ... n_uK: K + 1 numbers, not K * K. The same
holds for any d that is fixed beforehand. The ordinal d depends on the n_c, and takes the coincidences whole.

Each `*_statistics` returns one row a unit, zeros where a unit has fewer than two answers; the function that goes
with it takes sums of such rows, m x k, and returns the m alphas, NaN where all answers are alike.
"""

import numpy as np
from numpy.typing import NDArray

from goldwire.stats.resample import Array, Function, ratio

Counts = NDArray[np.int64]


def statistics(counts: Counts, distance: Array | None = None) -> Array:
    """Return O_u, n_u1, ..., n_uK per unit.

    Parameters
    ----------
    counts : array, units x answers
        How often each distinct answer was given to each unit.
    distance : array, answers x answers, optional
        Symmetric, 0 on the diagonal; None is nominal.
    """
    given = _paired(counts)
    size = given.sum(axis=1)
    return np.column_stack([_differing(given, distance) / np.maximum(size - 1, 1), given])


def figure(distance: Array | None = None) -> Function:
    """Return the function from sums of `statistics` to alpha."""

    def alpha(sums: Array) -> Array:
        observed, given = sums[:, 0], sums[:, 1:]
        return 1 - ratio((given.sum(axis=1) - 1) * observed, _differing(given, distance))

    return alpha


def label_statistics(marks: Counts, answers: Counts) -> Array:
    """Return, per unit, m_u, then n_uc of each label, then O_uc of each label against the rest.

    With two classes O has a shorter form still: O_uc = 2 n_uc (m_u - n_uc) / (m_u - 1).

    Parameters
    ----------
    marks : array, units x labels
        How many answers include each label.
    answers : array, units
        How many answers each unit has.
    """
    paired = answers >= 2
    size = np.where(paired, answers, 0).astype(np.float64)[:, None]
    given = np.where(paired[:, None], marks, 0).astype(np.float64)
    return np.hstack([size, given, 2 * given * (size - given) / np.maximum(size - 1, 1)])


def each_label(sums: Array) -> Array:
    """Return alpha of each label against the rest, m x labels, from sums of `label_statistics`."""
    labels = (sums.shape[1] - 1) // 2
    n, given, observed = sums[:, :1], sums[:, 1 : labels + 1], sums[:, labels + 1 :]
    return 1 - ratio((n - 1) * observed, 2 * given * (n - given))


def ordinal_statistics(counts: Counts) -> Array:
    """Return each unit's coincidences, K * K of them; the columns of `counts` are the labels in their order."""
    given = _paired(counts)
    pairs = given[:, :, None] * given[:, None, :]
    diagonal = np.arange(given.shape[1])
    pairs[:, diagonal, diagonal] -= given
    size = np.maximum(given.sum(axis=1) - 1, 1)
    return np.asarray(pairs / size[:, None, None]).reshape(len(given), given.shape[1] ** 2)


def ordinal(sums: Array) -> Array:
    """Return ordinal alpha from sums of `ordinal_statistics`: d(c, k) is the squared difference of mean ranks."""
    labels = round(sums.shape[1] ** 0.5)
    pairs = sums.reshape(-1, labels, labels)
    given = pairs.sum(axis=2)
    rank = given.cumsum(axis=1) - given / 2
    distance = (rank[:, :, None] - rank[:, None, :]) ** 2
    observed = (pairs * distance).sum(axis=(1, 2))
    expected = (given[:, :, None] * given[:, None, :] * distance).sum(axis=(1, 2))
    return np.asarray(1 - ratio((given.sum(axis=1) - 1) * observed, expected))


def krippendorff_alpha(counts: Counts, distance: Array | None = None) -> float:
    """Return alpha of a count matrix, units x answers; NaN where it is not defined. See `statistics`."""
    return float(figure(distance)(statistics(counts, distance).sum(axis=0, keepdims=True))[0])


def _differing(given: Array, distance: Array | None) -> Array:
    """Sum the differences of all ordered pairs in each row: sum_ck n_c n_k d(c, k)."""
    if distance is None:
        return np.asarray(given.sum(axis=1) ** 2 - (given**2).sum(axis=1))
    return np.asarray(((given @ distance) * given).sum(axis=1))


def _paired(counts: Counts) -> Array:
    return np.where(counts.sum(axis=1, keepdims=True) >= 2, counts, 0).astype(np.float64)
