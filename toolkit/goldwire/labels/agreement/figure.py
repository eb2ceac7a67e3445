"""A figure as it is printed: its value with the interval, or why it is not defined."""

from typing import Any

from goldwire.stats.resample import Interval

DIGITS = 6

ALL_THE_SAME = "all answers are the same: there is nothing to agree on beyond chance"


def because(interval: Interval, why: str) -> dict[str, Any]:
    """Return a figure as it is printed; `why` is the reason if it is not defined."""
    return (Interval(None, why=why) if interval.value is None else interval).as_dict(DIGITS)
