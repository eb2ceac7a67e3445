"""Krippendorff's alpha from sufficient statistics, so that an interval costs no more than the figure.

Krippendorff, 2019, Content Analysis, 4th edition, chapter 12. For units u with m_u answers, n_uc of which are c,
over units with m_u >= 2, and a difference d(c, k) of two answers:

    alpha = 1 - (n - 1) * O / E
    O     = sum_u sum_ck n_uc n_uk d(c, k) / (m_u - 1)      observed
    E     = sum_ck n_c n_k d(c, k)                          expected, with n_c = sum_u n_uc, n = sum_c n_c

O_u is a number for each unit, and E follows from sums of what `goldwire.stats.distance` calls features: for
nominal answers and for numbers the n_c, of which few are not 0 for a unit. The ordinal d depends on the n_c, and
takes the coincidences of the pairs that occur.

Units with fewer than two answers count for nothing. A figure is NaN where all answers are alike.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from goldwire.stats import draws
from goldwire.stats.cells import Cells
from goldwire.stats.distance import Distance
from goldwire.stats.draws import Array, Rows
from goldwire.stats.resample import Estimator, ratio

Counts = NDArray[np.int64]


def alphas(cells: Cells, distances: Mapping[str, Distance]) -> Estimator:
    """Return alpha with each of these distances, one row a unit.

    The distances are of Krippendorff (nominal, interval), Passonneau (MASI) and Kiritchenko et al. (tree); see
    `goldwire.stats.distance`.
    """
    cells = _paired(cells)
    size, rows = np.maximum(cells.size - 1, 1), cells.rows()
    observed = [cells.by_unit(cells.n * one.differing(cells)) / size for one in distances.values()]
    blocks: list[Rows] = [np.column_stack([cells.size, *observed])]
    plain = any(one.features is None for one in distances.values())
    blocks += [rows] if plain else []
    blocks += [rows @ one.features for one in distances.values() if one.features is not None]
    ends = np.cumsum([block.shape[1] for block in blocks])

    def function(sums: Array) -> Array:
        first, *others = np.split(sums, ends[:-1], axis=1)
        given = others.pop(0) if plain else first
        found = []
        for i, one in enumerate(distances.values(), start=1):
            expected = one.expected(given if one.features is None else others.pop(0))
            found.append(1 - ratio((first[:, 0] - 1) * first[:, i], expected))
        return np.column_stack(found)

    return Estimator(draws.beside(blocks), function)


def ordinal_alpha(cells: Cells) -> Estimator:
    """Return ordinal alpha, one row a unit; the answers are labels in their order.

    d(c, k) is the squared difference of mean ranks r (Krippendorff, 2011, Computing Krippendorff's
    Alpha-Reliability). As sum_c n_c r_c = n^2 / 2, E = 2 n sum_c n_c (r_c - n / 2)^2.
    """
    cells = _paired(cells)
    found = [
        (cells.unit[one], cells.answer[one], cells.answer[other], cells.n[one] * cells.n[other])
        for one, other in cells.pairs()
    ]
    unit, low, high, n = (np.concatenate([part[i] for part in found]) if found else cells.n[:0] for i in range(4))
    kinds, kind = np.unique(low * cells.answers + high, return_inverse=True)
    low, high = kinds // max(cells.answers, 1), kinds % max(cells.answers, 1)
    share = 2 * n / np.maximum(cells.size[unit] - 1, 1)
    coincidences = draws.table(unit, kind, share, (cells.units, len(kinds)))

    def function(sums: Array) -> Array:
        given, pairs = sums[:, : cells.answers], sums[:, cells.answers :]
        n = given.sum(axis=1, keepdims=True)
        rank = given.cumsum(axis=1) - given / 2 - n / 2
        observed = (pairs * (rank[:, low] - rank[:, high]) ** 2).sum(axis=1)
        expected = 2 * n[:, 0] * (given * rank**2).sum(axis=1)
        return np.asarray(1 - ratio((n[:, 0] - 1) * observed, expected))[:, None]

    return Estimator(draws.beside([cells.rows(), coincidences]), function)


def of_labels(marks: Cells, size: Counts) -> Estimator:
    """Return alpha of each label against the rest, then the positive agreement on each label: one row a unit.

    With two classes O_c = 2 sum_u n_uc (m_u - n_uc) / (m_u - 1). Positive (specific) agreement is, of the answers
    with the label, the mean share of the unit's other answers that have it too: 1 - O_c / (2 n_c), which for two
    annotators is 2 both / (2 both + one). Spitzer and Fleiss, 1974, A re-analysis of the reliability of psychiatric
    diagnosis, British Journal of Psychiatry 125; for several annotators Fleiss, 1971 (see `goldwire.stats.kappa`).

    Parameters
    ----------
    marks : Cells
        How many answers include each label: units x labels.
    size : array, units
        How many answers each unit has.
    """
    size = np.where(size >= 2, size, 0)
    keep = size[marks.unit] > 0
    unit, label, n = marks.unit[keep], marks.answer[keep], marks.n[keep]
    differing = 2 * n * (size[unit] - n) / np.maximum(size[unit] - 1, 1)
    shape, labels = (marks.units, marks.answers), marks.answers

    def function(sums: Array) -> Array:
        total, given, observed = sums[:, :1], sums[:, 1 : labels + 1], sums[:, labels + 1 :]
        alpha = 1 - ratio((total - 1) * observed, 2 * given * (total - given))
        return np.hstack([alpha, 1 - ratio(observed, 2 * given)])

    parts = [size[:, None].astype(np.float64), draws.table(unit, label, n, shape)]
    return Estimator(draws.beside([*parts, draws.table(unit, label, differing, shape)]), function)


def _paired(cells: Cells) -> Cells:
    """Take the answers out of units with fewer than two; the units stay."""
    keep = cells.size[cells.unit] >= 2
    return Cells(cells.unit[keep], cells.answer[keep], cells.n[keep], cells.units, cells.answers)
