"""How many labelled units would settle a comparison.

The standard error of a paired difference falls with the root of the number of units, as long as the difference, the
variance and the units a story stay as they are. So an interval whose bounds lie h from a difference d would leave
zero out with n (h / d)^2 units. The difference itself is a guess: at that size the interval leaves zero out about
every second time, and to have four chances in five takes about twice as many units (Cohen, 1988, Statistical Power
Analysis for the Behavioral Sciences; for test sets of text: Card, Henderson, Khandelwal, Jia, Mahowald and Jurafsky,
2020, With Little Power Comes Great Responsibility, EMNLP).
"""

import math


def needed(n: int, difference: float | None, low: float | None, high: float | None) -> int | None:
    """Return how many labelled test units, those there are included, would leave zero out of the interval.

    Parameters
    ----------
    n : int
        Labelled test units that the interval was made from.
    difference, low, high : float or None
        The paired difference and its bounds, by story.

    Returns
    -------
    int or None
        More than `n`. None when the comparison is settled, since the interval leaves zero out; when the difference
        is 0, which no number of units would settle; and when there is no interval.
    """
    if difference is None or low is None or high is None or difference == 0 or low > 0 or high < 0:
        return None
    half = (high - low) / 2
    return max(n + 1, math.ceil(n * (half / difference) ** 2))
