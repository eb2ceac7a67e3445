"""Krippendorff's alpha for unitising: do annotators mark the same stretches of a text, with the same labels?

Krippendorff, Mathet, Bouvry and Widloecher, 2016, On the reliability of unitizing textual continua: further
developments, Quality and Quantity 50, 2347-2364 (u-alpha and |u-alpha); also Krippendorff, 2019, Content Analysis,
4th edition, section 12.6, equations 32 to 35. It replaces the coefficient of 1995 and 2004, which misbehaves with
more than two annotators.

Each text is a continuum that every annotator cuts into segments: those marked, each with a value, and the gaps
between. Each character is paired with the same character of every other annotator, so with n_c the number of
annotators who gave it value c (a gap is a value), of m:

    l_c  = sum n_c over the characters                       l = sum l_c
    Do   = sum (m^2 - sum_c n_c^2) / (m - 1)                 observed: pairs of characters that differ
    S    = sum of squared lengths of marked segments + total length of the gaps
    De   = l * sum_c l_c (l - l_c) / (l^2 - S)               expected: S are the pairs of a segment with itself
    alpha = 1 - Do / De

This is nominal alpha of the characters, but for S, which would be l there. |u-alpha has two values only, marked or
not, with the same S.

All of it but the last line are sums over texts, so texts are pooled as if they stood one after the other in one
continuum, each weighing by its length times its annotators; these may differ from text to text.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goldwire.stats.draws import Array
from goldwire.stats.resample import ratio

Codes = NDArray[np.int64]

_GAP = 3  # the column of `statistics` where the lengths by value begin: that of the gaps, then of each value


@dataclass(frozen=True)
class Segments:
    """Marked segments, one element each. Those of one annotator in one continuum do not overlap.

    `start` and `end` are characters, end-exclusive; `values` says how many values there are: 0 to values - 1.
    """

    continuum: Codes
    annotator: Codes
    value: Codes
    start: Codes
    end: Codes
    values: int


def segments(continuum: Codes, annotator: Codes, label: Codes, start: Codes, end: Codes, labels: int) -> Segments:
    """Return spans as segments that do not overlap.

    Spans of one label by one annotator that overlap become one. Where spans of several labels overlap, the text is
    cut at their edges, and a piece has the set of its labels as its value. Spans that only touch stay apart, and
    those without a character are left out.

    Parameters
    ----------
    continuum, annotator, label, start, end : arrays of int, one element a span
        label is 0 to labels - 1.
    labels : int
        How many labels there are. A segment with one label has that as its value; sets are counted on from there.
    """
    order = np.lexsort((end, start, annotator, continuum))
    order = order[start[order] < end[order]]
    continuum, annotator, label, start, end = (column[order] for column in (continuum, annotator, label, start, end))
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = (np.diff(continuum) != 0) | (np.diff(annotator) != 0)
    owner = np.cumsum(new) - 1
    stride = int(end.max(initial=0)) + 1
    reach = np.maximum.accumulate(owner * stride + end)
    clash = np.zeros(len(order), dtype=np.bool_)
    clash[1:] = ~new[1:] & (owner[1:] * stride + start[1:] < reach[:-1])
    tangled = np.isin(owner, owner[clash])
    sets: dict[tuple[int, ...], int] = {}
    rows = []
    for first, last in _runs(np.flatnonzero(tangled), owner):
        spans = zip(label[first:last].tolist(), start[first:last].tolist(), end[first:last].tolist(), strict=True)
        for given, begin, stop in _pieces(list(spans)):
            value = given[0] if len(given) == 1 else sets.setdefault(given, labels + len(sets))
            rows.append((continuum[first], annotator[first], value, begin, stop))
    cut = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    columns = np.hstack([np.stack([continuum, annotator, label, start, end])[:, ~tangled], cut])
    return Segments(columns[0], columns[1], columns[2], columns[3], columns[4], labels + len(sets))


def statistics(marked: Segments, lengths: Codes, annotators: Codes) -> Array:
    """Return, per continuum, Do, its part that is marked against not, S, the gaps' length, and l_c of each value.

    Parameters
    ----------
    marked : Segments
        Their `continuum` indexes the two arrays.
    lengths : array, continua
        Characters, at least as many as any annotator marked.
    annotators : array, continua
        How many annotators there are, also those who marked nothing. With fewer than two the row is 0.

    Returns
    -------
    array, continua x (4 + values)
    """
    kept = annotators[marked.continuum] >= 2
    continuum, value, start, end = (
        column[kept] for column in (marked.continuum, marked.value, marked.start, marked.end)
    )
    others = np.where(annotators >= 2, annotators - 1, 1).astype(np.float64)
    given = np.zeros((len(lengths), marked.values))
    np.add.at(given, (continuum, value), end - start)
    gaps = np.where(annotators >= 2, annotators * lengths, 0) - given.sum(axis=1)
    if gaps.min(initial=0) < 0:
        raise ValueError("more is marked than there are characters")
    squares = np.bincount(continuum, (end - start).astype(np.float64) ** 2, len(lengths)) + gaps
    # The pieces between two neighbouring edges: within each, nobody's value changes.
    stride = int(end.max(initial=0)) + 1
    edges = np.unique(np.concatenate([continuum * stride + start, continuum * stride + end]))
    width = np.diff(edges, append=edges[-1:])
    first = np.searchsorted(edges, continuum * stride + start)
    covers = np.searchsorted(edges, continuum * stride + end) - first
    row = np.repeat(np.arange(len(value)), covers)
    piece = first[row] + np.arange(len(row)) - np.repeat(np.cumsum(covers) - covers, covers)
    cells, times = np.unique(piece * max(marked.values, 1) + value[row], return_counts=True)
    same = np.bincount(cells // max(marked.values, 1), times.astype(np.float64) ** 2, len(edges))
    present = np.bincount(piece, minlength=len(edges))
    where = edges // stride
    of = annotators[where] if len(edges) else annotators[:0]
    absent = of - present
    # Between the last edge of one continuum and the first of the next nothing is present: the pairs there are none.
    differ = np.where(present > 0, of**2 - absent**2 - same, 0) * width / others[where]
    against = np.where(present > 0, absent * present, 0) * width / others[where]
    totals = [np.bincount(where, column, len(lengths)) for column in (differ, against)]
    return np.column_stack([*totals, squares, gaps, given])


def alpha(sums: Array) -> Array:
    """Return u-alpha from sums of `statistics`, m x (4 + values); NaN where all of it has one value."""
    given = sums[:, _GAP:]
    total = given.sum(axis=1)
    expected = total * (given * (total[:, None] - given)).sum(axis=1)
    return np.asarray(1 - ratio(sums[:, 0] * (total**2 - sums[:, 2]), expected))


def binary_alpha(sums: Array) -> Array:
    """Return |u-alpha, marked or not, from sums of `statistics`; NaN where all is marked, or nothing."""
    gaps, total = sums[:, _GAP], sums[:, _GAP:].sum(axis=1)
    return np.asarray(1 - ratio(sums[:, 1] * (total**2 - sums[:, 2]), total * gaps * (total - gaps)))


def _runs(positions: Codes, owner: Codes) -> Iterator[tuple[int, int]]:
    """Yield where each owner's elements begin and end; `positions` hold all elements of those they touch."""
    for one in np.unique(owner[positions]).tolist():
        yield int(np.searchsorted(owner, one)), int(np.searchsorted(owner, one, side="right"))


def _pieces(spans: list[tuple[int, int, int]]) -> Iterator[tuple[tuple[int, ...], int, int]]:
    """Yield (labels, start, end) of the pieces that one annotator's spans (label, start, end) cut a text into."""
    merged: dict[int, list[list[int]]] = defaultdict(list)
    for label, start, end in sorted(spans, key=lambda span: span[1:]):
        if merged[label] and start < merged[label][-1][1]:
            merged[label][-1][1] = max(end, merged[label][-1][1])
        else:
            merged[label].append([start, end])
    begin: dict[int, set[int]] = defaultdict(set)
    stop: dict[int, set[int]] = defaultdict(set)
    for label, parts in merged.items():
        for start, end in parts:
            begin[start].add(label)
            stop[end].add(label)
    active: set[int] = set()
    since = 0
    for place in sorted(begin.keys() | stop.keys()):
        if active:
            yield tuple(sorted(active)), since, place
        active = (active - stop[place]) | begin[place]
        since = place
