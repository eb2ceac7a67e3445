"""Agreement on what annotators mark: F1 between annotators, from arrays.

Where annotators choose what they mark, nobody can say how many things were left unmarked, so kappa is not defined;
the F1 of one annotator against the other is what kappa tends to as the unmarked grow. It is the same in both
directions: Hripcsak and Rothschild, 2005, Agreement, the F-measure, and reliability in information retrieval, JAMIA
12, 296-298.

    F1 = 2 * matches / (items of a + items of b)

Each match is seen from both sides, so F1 is the share of items that the other annotator marked as well, over every
item and every other annotator who submitted its unit. `Compared` holds how many such comparisons there are, and how
many agree, by pair of annotators in a unit, and by unit and label; sums of them over units, labels, annotators or
pairs give the F1 of each. Units where neither annotator marked anything add nothing to either sum.

Items are spans, or words within spans, or links. All codes are integers from 0.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from goldwire.stats.draws import Array

Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]

_TOGETHER = 1_000_000  # pairs of spans that are looked at at once


@dataclass(frozen=True)
class Submissions:
    """Who submitted which unit: one element each, sorted by unit, then annotator, without repeats."""

    unit: Codes
    annotator: Codes
    annotators: int

    def size(self, units: int) -> Codes:
        """Return how many annotators submitted each unit."""
        return np.bincount(self.unit, minlength=units)

    def of(self, unit: Codes, annotator: Codes) -> Codes:
        """Return which submission is that of each unit by each annotator; they have to be there."""
        code = self.unit * self.annotators + self.annotator
        return np.asarray(np.searchsorted(code, unit * self.annotators + annotator), dtype=np.int64)

    def only(self, begin: int, stop: int) -> "Submissions":
        """Return those from `begin` to `stop`."""
        return Submissions(self.unit[begin:stop], self.annotator[begin:stop], self.annotators)

    @cached_property
    def pairs(self) -> tuple[Codes, Codes]:
        """Two submissions each: every two of one unit, the first before the second; sorted by second, then first."""
        second = np.repeat(np.arange(len(self.unit)), self._place)
        begin = np.arange(len(self.unit)) - self._place
        return np.arange(len(second)) - np.repeat(self._before - begin, self._place), second

    def pair(self, one: Codes, other: Codes) -> Codes:
        """Return which of the `pairs` two submissions of a unit are."""
        return np.asarray(self._before[np.maximum(one, other)] + self._place[np.minimum(one, other)])

    @cached_property
    def _place(self) -> Codes:
        """How many submissions of the same unit stand before each."""
        return np.arange(len(self.unit)) - np.searchsorted(self.unit, self.unit)

    @cached_property
    def _before(self) -> Codes:
        """How many pairs stand before those whose second is this submission."""
        return np.cumsum(self._place) - self._place


@dataclass(frozen=True)
class Compared:
    """How many comparisons there are of an item with another annotator of its unit, and how many agree.

    Attributes
    ----------
    of_pair : array of int, pairs of `Submissions` x 2
        agreed, compared.
    unit, label : arrays of int
        The labels of items in each unit, without repeats.
    of_label : array of int, one row for each of these
        agreed, compared: items of the label, against all other annotators of the unit.
    """

    of_pair: Codes
    unit: Codes
    label: Codes
    of_label: Codes


def compare(who: Submissions, submission: Codes, label: Codes, first: Codes, second: Codes) -> Compared:
    """Compare each item with every other annotator who submitted its unit.

    Parameters
    ----------
    who : Submissions
    submission, label : arrays, items
        The submission that an item is in, and its label.
    first, second : arrays, matches
        Items of two annotators that match. An item has one match at most among those of another annotator.
    """
    one, other = who.pairs
    items = np.bincount(submission, minlength=len(who.unit))
    matches = np.bincount(who.pair(submission[first], submission[second]), minlength=len(one))
    of_pair = np.column_stack([2 * matches, items[one] + items[other]])
    unit, label, place = _labels(who.unit[submission], label)
    others = who.size(int(unit.max(initial=-1)) + 1)[unit] - 1
    agreed = np.bincount(place[np.concatenate([first, second])], minlength=len(unit))
    return Compared(of_pair, unit, label, np.column_stack([agreed, np.bincount(place, minlength=len(unit)) * others]))


def count(who: Submissions, submission: Codes, label: Codes, item: Codes, other: Codes, agreed: Flags) -> Compared:
    """Count comparisons that are given one by one.

    Parameters
    ----------
    who, submission, label
        As for `compare`.
    item, other, agreed : arrays, comparisons
        An item, another submission of its unit, and whether that has the item as well.
    """
    pair, pairs = who.pair(submission[item], other), len(who.pairs[0])
    of_pair = [np.bincount(pair[agreed], minlength=pairs), np.bincount(pair, minlength=pairs)]
    unit, label, place = _labels(who.unit[submission], label)
    of_label = [np.bincount(place[item[agreed]], minlength=len(unit)), np.bincount(place[item], minlength=len(unit))]
    return Compared(np.column_stack(of_pair), unit, label, np.column_stack(of_label))


def _labels(unit: Codes, label: Codes) -> tuple[Codes, Codes, Codes]:
    """Return the distinct (unit, label), and which of them each item has."""
    width = int(label.max(initial=0)) + 1
    cells, place = np.unique(unit * width + label, return_inverse=True)
    return cells // width, cells % width, place


def overlapping(unit: Codes, annotator: Codes, start: Codes, end: Codes, least: float) -> tuple[Codes, Codes, Array]:
    """Return the pairs of spans of two annotators in one unit that overlap by `least` or more, and by how much.

    The overlap is the characters in both over the characters in either. In each pair the span that comes first by
    (start, end, position in the arrays) stands first, and pairs are ordered by overlap, largest first, then so.
    """
    order = np.lexsort((end, start, unit))
    unit, annotator, start, end = unit[order], annotator[order], start[order], end[order]
    stride = int(end.max(initial=0)) + 2
    # To share half of the first span's characters, the second must begin before its middle.
    last = np.searchsorted(unit * stride + start, unit * stride + end - least * (end - start), side="right")
    times = last - np.arange(len(order)) - 1
    found = [(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))]
    for begin, stop in _blocks(times):
        i = np.repeat(np.arange(begin, stop), times[begin:stop])
        skipped = np.cumsum(times[begin:stop]) - times[begin:stop]
        j = i + 1 + np.arange(len(i)) - np.repeat(skipped, times[begin:stop])
        shared = np.maximum(np.minimum(end[i], end[j]) - np.maximum(start[i], start[j]), 0)
        either = (end - start)[i] + (end - start)[j] - shared
        share = np.where(either > 0, shared / np.maximum(either, 1), start[i] == start[j])
        kept = (annotator[i] != annotator[j]) & (share >= least)
        found.append((i[kept], j[kept], share[kept]))
    i, j, share = (np.concatenate(column) for column in zip(*found, strict=True))
    best = np.lexsort((j, i, -share))
    return order[i[best]], order[j[best]], share[best]


def one_to_one(annotator: Codes, first: Codes, second: Codes) -> Flags:
    """Return which pairs to keep, in order, so that a span has at most one partner among another's spans."""
    people = int(annotator.max(initial=0)) + 1
    mine, theirs = first * people + annotator[second], second * people + annotator[first]
    claims, code = np.unique(np.concatenate([mine, theirs]), return_inverse=True)
    contested = np.bincount(code, minlength=len(claims))[code] > 1
    kept = ~(contested[: len(first)] | contested[len(first) :])
    taken: set[int] = set()
    for number in np.flatnonzero(~kept).tolist():
        both = {int(mine[number]), int(theirs[number])}
        if taken.isdisjoint(both):
            taken |= both
            kept[number] = True
    return kept


def twins(annotator: Codes, *keys: Codes) -> tuple[Codes, Codes]:
    """Return the pairs of items of two annotators that have equal keys. One annotator's n-th meets another's n-th."""
    order = np.lexsort((annotator, *keys[::-1]))
    same = np.zeros(len(order), dtype=np.int64)
    for column in keys:
        same[1:] |= np.diff(column[order]) != 0
    group = np.cumsum(same)
    owner = group * (annotator.max(initial=0) + 1) + annotator[order]
    nth = np.arange(len(order)) - np.searchsorted(owner, owner)
    again = np.lexsort((annotator[order], nth, group))
    order, meeting = order[again], group[again] * (nth.max(initial=0) + 1) + nth[again]
    found = [np.stack([order[:-lag][both], order[lag:][both]]) for lag, both in _lags(meeting)]
    first, second = np.concatenate(found, axis=1) if found else np.empty((2, 0), np.int64)
    return first, second


def _lags(group: Codes) -> Iterator[tuple[int, Flags]]:
    """Yield every distance between two elements of a group, and which elements have one so far on; sorted groups."""
    lag = 1
    while lag < len(group) and (both := group[:-lag] == group[lag:]).any():
        yield lag, both
        lag += 1


def _blocks(times: Codes) -> Iterator[tuple[int, int]]:
    """Yield ranges of elements whose times sum to about `_TOGETHER`, or one element with more."""
    edges = np.flatnonzero(np.diff(np.cumsum(times) // _TOGETHER)) + 1
    yield from zip([0, *edges.tolist()], [*edges.tolist(), len(times)], strict=True)
