"""How many labelled units would settle a comparison.

A comparison is settled when its p-value, adjusted by Holm, is below alpha = 1 - the level of the intervals. Holm
holds the p-value of a row against alpha / k, where k is how many p-values of its family are not smaller. The
standard error s of a paired difference d falls with the root of the number of units n, as long as the difference,
the variance and the units a story stay as they are; so four chances in five of settling it take about

    n ((z(1 - alpha / 2k) + z(.80)) s / d)^2

units, z being quantiles of the normal distribution (the power of a two-sided test: Cohen, 1988, Statistical Power
Analysis for the Behavioral Sciences; for test sets of text: Card, Henderson, Khandelwal, Jia, Mahowald and
Jurafsky, 2020, With Little Power Comes Great Responsibility, EMNLP). s is half the interval over z(1 - alpha / 2).
k is taken to stay, though with more units others of the family may be settled before.

The difference that was seen is a guess, and near 0 a wild one: the number goes as its inverse square. So there is
no number beyond `MOST` times the data, but a reason; and a number has two digits. Of 20,000 normal differences
each, where in truth 2, 4 and 8 times the data are needed, 36, 42 and 41 % told a number (51, 29 and 17 % were
settled already); half of those lay between 1.4 and 2.7, .7 and 1.5, and .4 and .8 times the truth. Where there is
no difference at all a third told one: it is what to plan with if the difference is real, and does not say that it
is.
"""

import math
from statistics import NormalDist

MOST = 10
"""A number of more than so many times the data is not told."""

_POWER = 0.80
_DIGITS = 2


def needed(
    n: int,
    difference: float | None,
    low: float | None,
    high: float | None,
    *,
    level: float = 0.95,
    family: int = 1,
) -> tuple[int | None, str | None]:
    """Return how many labelled test units, those there are included, give four chances in five to settle it.

    Parameters
    ----------
    n : int
        Labelled test units that the interval was made from.
    difference, low, high : float or None
        The paired difference of a comparison that is not settled, and the bounds of its interval, by story.
    level : float
        Of the interval.
    family : int
        How many p-values of the family are not smaller than that of this row, this one included.

    Returns
    -------
    int or None
        More than `n`, rounded up to two digits.
    str or None
        Why there is none.
    """
    if difference == 0:
        return None, "no number of units settles a difference of 0"
    if difference is None or low is None or high is None:
        return None, "the difference has no interval"
    alpha, z = 1 - level, NormalDist().inv_cdf
    error = (high - low) / 2 / z(1 - alpha / 2)
    times = ((z(1 - alpha / 2 / family) + z(_POWER)) * error / difference) ** 2
    if times > MOST:
        return None, f"more than {MOST} times these {n:,} units, or none would do: beside its interval it is near 0"
    return _up(max(n + 1, math.ceil(n * times))), None


def _up(number: int) -> int:
    """Round up to two digits."""
    unit: int = 10 ** max(0, len(str(number)) - _DIGITS)
    return -(-number // unit) * unit
