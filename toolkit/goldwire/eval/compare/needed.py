"""How many labelled units would settle a comparison.

The standard error of a paired difference falls with the root of the number of units, as long as the difference, the
variance and the units a story stay as they are. So an interval whose bounds lie h from a difference d would leave
zero out with n (h / d)^2 units about every second time, if d is the true difference. For four chances in five it
takes ((z.975 + z.80) / z.975)^2 times as many, 2.04 (the power of a two-sided test: Cohen, 1988, Statistical Power
Analysis for the Behavioral Sciences; for test sets of text: Card, Henderson, Khandelwal, Jia, Mahowald and Jurafsky,
2020, With Little Power Comes Great Responsibility, EMNLP). The difference itself is a guess.
"""

import math

_SIDE, _POWER = 1.959964, 0.841621  # of the normal distribution: the .975 and the .80 quantile
_TIMES = ((_SIDE + _POWER) / _SIDE) ** 2


def needed(n: int, difference: float | None, low: float | None, high: float | None) -> int | None:
    """Return how many labelled test units, those there are included, give four chances in five to leave zero out.

    Parameters
    ----------
    n : int
        Labelled test units that the interval was made from.
    difference, low, high : float or None
        The paired difference and the bounds of its interval of 95 %, by story.

    Returns
    -------
    int or None
        More than `n`. None when the comparison is settled, since the interval leaves zero out; when the difference
        is 0, which no number of units would settle; and when there is no interval.
    """
    if difference is None or low is None or high is None or difference == 0 or low > 0 or high < 0:
        return None
    half = (high - low) / 2
    return max(n + 1, math.ceil(n * _TIMES * (half / difference) ** 2))
