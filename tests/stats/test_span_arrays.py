from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.labels.matching import Span, cluster, overlap
from goldwire.stats.span_agreement import Submissions, compare, count, one_to_one, overlapping, twins

Codes = np.int64


def codes(values):
    return np.array(list(values), dtype=Codes)


def columns(spans):
    return [codes(column) for column in np.array(spans, dtype=Codes).reshape(-1, 4).T]


# (unit, annotator, start, end); in the arrays they stand by (unit, start, end), as in a layer
spans_lists = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 12), st.integers(0, 6)).map(
        lambda x: (x[0], x[1], x[2], x[2] + x[3])
    ),
    max_size=14,
).map(lambda spans: sorted(spans, key=lambda x: (x[0], x[2], x[3], x[1])))


@settings(max_examples=200, deadline=None)
@given(spans_lists)
def test_overlaps_are_those_of_every_two_spans(spans):
    i, j, share = overlapping(*columns(spans), 0.5)
    ids = [Span(s, e, f"{n:03}", str(a)) for n, (_, a, s, e) in enumerate(spans)]
    expected = {
        (x, y): overlap(ids[x], ids[y])
        for x, y in combinations(range(len(spans)), 2)
        if spans[x][0] == spans[y][0] and spans[x][1] != spans[y][1] and overlap(ids[x], ids[y]) >= 0.5
    }
    found = dict(zip(zip(i.tolist(), j.tolist(), strict=True), share.tolist(), strict=True))
    assert found == pytest.approx(expected)
    assert list(found) == sorted(expected, key=lambda pair: (-found[pair], pair))


@settings(max_examples=200, deadline=None)
@given(spans_lists)
def test_two_annotators_are_matched_as_mentions_are_clustered(spans):
    spans = [span for span in spans if span[0] == 0 and span[1] < 2]
    unit, annotator, start, end = columns(spans)
    i, j, _ = overlapping(unit, annotator, start, end, 0.5)
    kept = one_to_one(annotator, i, j)
    found = {frozenset(pair) for pair in zip(i[kept].tolist(), j[kept].tolist(), strict=True)}
    ids = [Span(s, e, f"{n:03}", str(a)) for n, (_, a, s, e) in enumerate(spans)]
    assert found == {frozenset(int(span.id) for span in members) for members in cluster(ids) if len(members) == 2}


def test_blocks_of_spans_meet_each_other(monkeypatch):
    monkeypatch.setattr("goldwire.stats.span_agreement._TOGETHER", 3)
    spans = [(0, n % 3, n, n + 4) for n in range(20)]
    i, j, _ = overlapping(*columns(spans), 0.5)
    assert sorted(zip(i.tolist(), j.tolist(), strict=True)) == [(n, n + 1) for n in range(19)]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=15))
def test_twins_are_as_many_as_two_annotators_share(items):
    annotator, key = codes(a for a, _ in items), codes(k for _, k in items)
    first, second = twins(annotator, key)
    assert (key[first] == key[second]).all()
    found = Counter(
        frozenset(pair) for pair in zip(annotator[first].tolist(), annotator[second].tolist(), strict=True)
    )
    counts = [Counter(k for a, k in items if a == who) for who in range(3)]
    shared = {frozenset((a, b)): (counts[a] & counts[b]).total() for a, b in combinations(range(3), 2)}
    assert found == {pair: n for pair, n in shared.items() if n}
    meetings = [(x, int(annotator[y])) for x, y in zip([*first, *second], [*second, *first], strict=True)]
    assert len(set(meetings)) == len(meetings)


WHO = Submissions(codes([0, 0, 0, 1, 1]), codes([0, 1, 3, 1, 2]), 4)


def test_every_two_submissions_of_a_unit_are_a_pair():
    assert [side.tolist() for side in WHO.pairs] == [[0, 0, 1, 3], [1, 2, 2, 4]]
    assert WHO.pair(codes([2, 1, 4]), codes([0, 2, 3])).tolist() == [1, 2, 3]
    assert WHO.of(codes([1, 0]), codes([2, 3])).tolist() == [4, 2]
    assert [side.tolist() for side in WHO.only(3, 5).pairs] == [[0], [1]]


def test_each_item_meets_every_other_annotator_of_its_unit():
    # items: of annotators 3 and 0 of unit 0 (matched, label 1), of 0 again (label 0), of 2 of unit 1 (label 1)
    found = compare(WHO, codes([2, 0, 0, 4]), codes([1, 1, 0, 1]), codes([0]), codes([1]))
    assert found.of_pair.tolist() == [[0, 2], [2, 3], [0, 1], [0, 1]]
    cells = zip(found.unit.tolist(), found.label.tolist(), found.of_label.tolist(), strict=True)
    assert list(cells) == [(0, 0, [0, 2]), (0, 1, [2, 4]), (1, 1, [0, 1])]


def test_comparisons_that_are_given_are_counted():
    # item 0 of submission 0 against 1 (alike) and 2 (not), item 1 of submission 2 against 0 (alike)
    found = count(
        WHO, codes([0, 2]), codes([0, 1]), codes([0, 0, 1]), codes([1, 2, 0]), np.array([True, False, True])
    )
    assert found.of_pair.tolist() == [[1, 1], [1, 2], [0, 0], [0, 0]]
    cells = zip(found.unit.tolist(), found.label.tolist(), found.of_label.tolist(), strict=True)
    assert list(cells) == [(0, 0, [1, 2]), (0, 1, [1, 1])]


def test_without_items_there_is_nothing_to_compare():
    none = codes([])
    who = Submissions(none, none, 0)
    assert [side.tolist() for side in who.pairs] == [[], []]
    for found in (compare(who, none, none, none, none), count(who, none, none, none, none, none.astype(np.bool_))):
        assert (found.of_pair.tolist(), found.unit.tolist(), found.of_label.tolist()) == ([], [], [])
    assert [column.tolist() for column in overlapping(*columns([]), 0.5)] == [[], [], []]
