"""How fast a round goes, and when it may end.

An active day is a calendar day (UTC) with an answer, submitted or skipped. Of the last `DAYS` active days we take the
mean number of answers, and its quartiles (linear between two days). What is still to come, divided by the upper
quartile and by the lower one, gives the active days that it needs at the fast and at the slow rate. Days without
work, such as weekends, are as many in the future as they were: the active days are multiplied by the calendar days
from the first of the days that were looked at to the day of the last pull, and divided by their number. The result is
rounded up, and counts from the day of the last pull, not from today: the same parts say the same.

Where nobody worked for long before the last pull, the end therefore moves away. The rate says nothing of an annotator
who stops: who has most units left ends last.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

import numpy as np

DAYS = 7
_CENTURY = 36525


@dataclass(frozen=True)
class Rate:
    """Answers per active day over the last `days` active days.

    `per_day` is the mean, `slow` and `fast` are the quartiles; `calendar` is calendar days per active day; `last_day`
    is how many answers came on the last active day.
    """

    days: int
    per_day: float
    slow: float
    fast: float
    calendar: float
    last_day: int


@dataclass(frozen=True)
class Expected:
    """The days between which the last answer may come; `why` says why they are not known."""

    earliest: date | None = None
    latest: date | None = None
    why: str | None = None


def rate(answered: Iterable[date], until: date, days: int = DAYS) -> Rate | None:
    """Return the rate; None without an answer.

    Parameters
    ----------
    answered : iterable of date
        The day of each answer, in any order.
    until : date
        The day of the last pull.
    days : int
        How many active days are looked at, 1 or more.
    """
    counts = Counter(answered)
    last = sorted(counts)[-days:]
    if not last:
        return None
    numbers = np.array([counts[day] for day in last])
    slow, fast = np.quantile(numbers, [0.25, 0.75])
    spent = (max(until, last[-1]) - last[0]).days + 1
    return Rate(len(last), float(numbers.mean()), float(slow), float(fast), spent / len(last), int(counts[last[-1]]))


def expected_end(remaining: int, found: Rate | None, until: date) -> Expected:
    """Return when the last of the remaining answers may come; see the module for the formula."""
    if remaining == 0:
        return Expected(why="no answer is missing")
    if found is None:
        return Expected(why="no answers yet")
    if found.days < 2:
        return Expected(why="only one day with answers")
    soon, late = (ceil(round(remaining / speed * found.calendar, 6)) for speed in (found.fast, found.slow))
    if late > _CENTURY:
        return Expected(why="more than a hundred years at this rate")
    return Expected(until + timedelta(days=soon), until + timedelta(days=late))
