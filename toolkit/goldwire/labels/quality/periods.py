"""Which stretches of time to compare: as long as the data have something to say about each."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from goldwire.labels.answers import Codes
from goldwire.labels.quality.observed import Observed

MOST = 26
"""Periods at most."""
ENOUGH = 10
"""Answers of an annotator in a period, in the median, for a calendar to be used."""
STRETCHES = 8
"""Into so many the answers of an annotator are cut where the calendar does not serve, each of `LEAST` or more."""
LEAST = 20

_DAY = 86_400


@dataclass(frozen=True)
class Periods:
    """Periods by calendar (`by` is day, week or month), or of `size` answers of each annotator in their own order.

    `code` is the period of each answer, -1 where its time is not known; `names` are the first days of the periods
    (2026-03 of a month), or which of their answers they are.
    """

    by: str | None
    size: int | None
    names: list[str]
    code: Codes
    why: str | None = None


def periods(seen: Observed) -> Periods:
    """Return the shortest of day, week and month that makes 3 to `MOST` periods with enough answers each, or else
    stretches of as many answers each."""
    known = ~np.isnan(seen.time)
    nothing = np.full(len(seen.time), -1, dtype=np.int64)
    if not known.any():
        return Periods(None, None, [], nothing, "no time of an answer is known")
    days = np.floor(seen.time[known] / _DAY).astype(np.int64)
    distinct, code = np.unique(days, return_inverse=True)
    for by in ("day", "week", "month"):
        first = [_first(date(1970, 1, 1) + timedelta(days=int(day)), by) for day in distinct]
        names = _all_between(min(first), max(first), by)
        if not 3 <= len(names) <= MOST:
            continue
        place = {name: i for i, name in enumerate(names)}
        found = nothing.copy()
        found[known] = np.array([place[day] for day in first], dtype=np.int64)[code]
        cells = np.unique(seen.answers.annotator[known] * len(names) + found[known], return_counts=True)[1]
        if np.median(cells) >= ENOUGH or (by == "month" and len(names) >= 3):
            return Periods(by, None, [name.isoformat()[: 7 if by == "month" else 10] for name in names], found)
    return _stretches(seen, known, nothing)


def _stretches(seen: Observed, known: Codes, code: Codes) -> Periods:
    counts = [int(known[places].sum()) for places in seen.of]
    size = max(LEAST, -(-max(counts) // STRETCHES))
    code = code.copy()
    for places in seen.of:
        own = places[known[places]]
        order = own[np.lexsort((own, seen.time[own]))]
        code[order] = np.minimum(
            np.arange(len(order)) // size, max(len(order) // size - 1, 0)
        )  # the rest to the last
    longest = int(code.max()) + 1
    if longest < 2:
        return Periods(None, None, [], np.full(len(code), -1, dtype=np.int64), f"fewer than {2 * LEAST} answers each")
    names = [f"{i * size + 1}–{(i + 1) * size}" for i in range(longest)]
    return Periods("answers", size, names, code)


def _first(day: date, by: str) -> date:
    if by == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if by == "month" else day


def _all_between(first: date, last: date, by: str) -> list[date]:
    found = [first]
    while found[-1] < last and len(found) <= MOST:
        step = 32 if by == "month" else 7 if by == "week" else 1
        found.append(_first(found[-1] + timedelta(days=step), by))
    return found
