"""Agreement beyond chance that is not alpha: the kappas and Gwet's coefficients, from sufficient statistics.

Each function returns an `Estimator`, one row a unit; a figure is NaN where it is not defined. `of_many` serves any
number of annotators, who may differ from unit to unit; `cohen` serves two.
"""

import numpy as np
from numpy.typing import NDArray

from goldwire.stats import draws
from goldwire.stats.agreement import agreeing
from goldwire.stats.cells import Cells
from goldwire.stats.distance import Distance, Nominal
from goldwire.stats.draws import Array
from goldwire.stats.resample import Estimator, ratio

Codes = NDArray[np.int64]


def of_many(cells: Cells, distance: Distance | None = None) -> Estimator:
    """Return Fleiss' kappa, Gwet's AC1 and Gwet's AC2, for units with any number of answers.

    Kappa: Fleiss, 1971, Measuring nominal scale agreement among many raters, Psychological Bulletin 76. AC1: Gwet,
    2008, Computing inter-rater reliability and its variance in the presence of high agreement, British Journal of
    Mathematical and Statistical Psychology 61. AC2, AC1 with weights w(c, k) = 1 - d(c, k) / max d, and unequal
    numbers of answers: Gwet, 2014, Handbook of Inter-Rater Reliability, 4th edition, chapters 2 and 3.

    With pi_c, the share of c in a unit's answers, meaned over the units with any, and q labels, chance is

        kappa   sum_c pi_c^2
        AC1     sum_c pi_c (1 - pi_c) / (q - 1)
        AC2     sum_ck w(c, k) * sum_c pi_c (1 - pi_c) / (q (q - 1))

    For equal numbers of answers kappa is Fleiss' own formula. `cells` has a column for each label that could be
    given, also those that nobody gave: q enters AC1 and AC2.

    Parameters
    ----------
    cells : Cells
        units x labels.
    distance : Distance, optional
        Of AC2; without it AC2 is AC1.
    """
    q, size = cells.answers, cells.size
    agree = agreeing(cells, Nominal(q))
    partly = agree if distance is None else agreeing(cells, distance)
    weight = q if distance is None else q**2 - _total(distance, q)
    share = cells.rows(cells.n / size[cells.unit])

    def function(sums: Array) -> Array:
        same, close = ratio(sums[:, 0], sums[:, 2]), ratio(sums[:, 1], sums[:, 2])
        share = ratio(sums[:, 4:], sums[:, 3:4])
        spread = (share * (1 - share)).sum(axis=1) / max(q - 1, 1)
        none = np.full(len(sums), np.nan)
        ac1, ac2 = (_beyond(same, spread), _beyond(close, spread * weight / q)) if q > 1 else (none, none)
        return np.column_stack([_beyond(same, (share**2).sum(axis=1)), ac1, ac2])

    return Estimator(draws.beside([np.column_stack([agree, partly, size >= 2, size > 0]), share]), function)


def cohen(first: Codes, second: Codes) -> Estimator:
    """Return the observed agreement and Cohen's kappa of two annotators.

    Cohen, 1960, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20.

    Parameters
    ----------
    first, second : arrays of int
        The answer of each to every unit that both answered.
    """
    n = len(first)
    given, code = np.unique(np.concatenate([first, second]), return_inverse=True)
    k, row = len(given), np.arange(n)
    margins = draws.table(np.tile(row, 2), np.concatenate([code[:n], k + code[n:]]), 1.0, (n, 2 * k))

    def function(sums: Array) -> Array:
        units = sums[:, 0]
        agree = ratio(sums[:, 1], units)
        chance = ratio((sums[:, 2 : k + 2] * sums[:, k + 2 :]).sum(axis=1), units**2)
        return np.column_stack([agree, _beyond(agree, chance)])

    return Estimator(draws.beside([np.column_stack([np.ones(n), first == second]), margins]), function)


def weighted_cohen(first: Array, second: Array) -> Estimator:
    """Return Cohen's kappa of two annotators with quadratic weights.

    Cohen, 1968, Weighted kappa: nominal scale agreement with provision for scaled disagreement or partial credit,
    Psychological Bulletin 70. Here 1 - n sum_u (x_u - y_u)^2 / sum_uv (x_u - y_v)^2.

    Parameters
    ----------
    first, second : arrays
        The answer of each to every unit that both answered, as places in the order of the labels.
    """
    x, y = np.asarray(first, np.float64), np.asarray(second, np.float64)

    def function(sums: Array) -> Array:
        n, apart, x1, x2, y1, y2 = sums.T
        return (1 - ratio(n * apart, n * (x2 + y2) - 2 * x1 * y1))[:, None]

    return Estimator(np.column_stack([np.ones(len(x)), (x - y) ** 2, x, x**2, y, y**2]), function)


def _total(distance: Distance, q: int) -> float:
    """Return the sum of the distances between all labels, as shares of the largest."""
    once = np.ones((1, q)) if distance.features is None else np.asarray(distance.features.sum(axis=0)).reshape(1, -1)
    return float(distance.expected(once)[0] / (distance.largest or 1.0))


def _beyond(agree: Array, chance: Array) -> Array:
    return ratio(agree - chance, 1 - chance)
