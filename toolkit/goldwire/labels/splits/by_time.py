"""Division by time: the earliest units train, the latest test, and what belongs together goes by its latest unit."""

from collections.abc import Sequence

import numpy as np

from goldwire.labels.splits.chained import limit_of
from goldwire.labels.splits.components import connected
from goldwire.labels.splits.items import NONE, Flags, Ints, Items


def cuts_of(items: Items, moments: Ints, dated: Flags, shares: Sequence[float]) -> Ints:
    """Return the last moment of every split but the last, so that the shares come out as near as moments allow.

    Parameters
    ----------
    items : Items
    moments : array of int64
        When each unit was published, in microseconds since 1970.
    dated : array of bool
        Whether that is known; other units do not count.
    shares : sequence of float
        Of units, one a split in order of time, each above 0.
    """
    effective = _effective(items, moments, dated, shares)
    if not len(effective):
        return np.zeros(len(shares) - 1, np.int64)
    distinct, counts = np.unique(effective, return_counts=True)
    distinct = np.append(distinct[0] - 1, distinct)
    reached = np.append(0, np.cumsum(counts)) / counts.sum()
    wanted = np.cumsum(shares)[:-1]
    cuts: Ints = distinct[np.abs(reached - wanted[:, None]).argmin(axis=1)]
    return cuts


def cuts_before(moments: Ints, dated: Flags, splits: Ints, count: int) -> Ints:
    """Return the last moment of every split but the last as the units say that are in them."""
    known = dated & (splits != NONE)
    before = int(moments[known].min(initial=np.iinfo(np.int64).max)) - 1
    return np.array([moments[known & (splits <= code)].max(initial=before) for code in range(count - 1)], np.int64)


def late_of(moments: Ints, cuts: Ints) -> Ints:
    """Return the first split that each moment may be in: training never sees what was published after its cut."""
    return np.searchsorted(cuts, moments, side="left").astype(np.int64)


def iso(moment: int) -> str:
    """Return microseconds since 1970 as ISO 8601 in UTC, to the second where nothing is lost."""
    found = np.datetime64(moment, "us")
    return f"{found.astype('datetime64[s]') if moment % 1_000_000 == 0 else found}Z"


def moment_of(text: str) -> int:
    """Return what `iso` was made of."""
    return int(np.datetime64(text.removesuffix("Z"), "us").astype(np.int64))


def _effective(items: Items, moments: Ints, dated: Flags, shares: Sequence[float]) -> Ints:
    """Return the moment that each dated unit goes by: of its component, or where that is too large of its values."""
    columns = [np.where(dated, field.codes, NONE) for field in items.fields.values()]
    component = connected(columns, len(moments))
    if np.bincount(component[dated], minlength=1).max() <= limit_of(shares, int(dated.sum())):
        columns = [component]
    found = moments.copy()
    for column in columns:
        latest = np.full(int(column.max(initial=NONE)) + 2, np.iinfo(np.int64).min)  # the last is that of NONE
        np.maximum.at(latest, column[dated], moments[dated])
        np.maximum(found, np.where(column == NONE, found, latest[column]), out=found)
    return found[dated]
