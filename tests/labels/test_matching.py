import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.labels.matching import Span, boundaries, cluster, overlap


def spans(*marked):
    """Marked are (annotator, start, end)."""
    return [Span(start, end, f"{who}{i}", who) for i, (who, start, end) in enumerate(marked)]


def places(clusters):
    return [[(span.annotator, span.start, span.end) for span in members] for members in clusters]


@pytest.mark.parametrize(
    ("a", "b", "share"),
    [
        ((0, 4), (0, 4), 1.0),
        ((0, 4), (2, 6), 1 / 3),
        ((0, 4), (0, 8), 0.5),
        ((0, 4), (4, 8), 0.0),
        ((3, 3), (3, 3), 1.0),
    ],
)
def test_overlap_is_intersection_over_union(a, b, share):
    one, other = spans(("ann", *a), ("bob", *b))
    assert overlap(one, other) == overlap(other, one) == pytest.approx(share)


def test_spans_that_overlap_by_half_are_one_mention():
    found = cluster(spans(("ann", 0, 8), ("bob", 0, 4), ("eve", 20, 24), ("ann", 22, 27)))
    assert places(found) == [[("bob", 0, 4), ("ann", 0, 8)], [("eve", 20, 24)], [("ann", 22, 27)]]


def test_an_annotator_has_at_most_one_span_in_a_mention_the_best():
    found = cluster(spans(("ann", 0, 10), ("ann", 0, 7), ("bob", 0, 8)))
    assert places(found) == [[("ann", 0, 7), ("bob", 0, 8)], [("ann", 0, 10)]]


def test_two_events_on_one_trigger_stay_two():
    found = cluster(spans(("ann", 0, 5), ("ann", 0, 5), ("bob", 0, 5), ("bob", 0, 5)))
    assert places(found) == [[("ann", 0, 5), ("bob", 0, 5)]] * 2


MARKED = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 20), st.integers(1, 8)),
    max_size=9,
    unique=True,
)


@settings(deadline=None)
@given(MARKED, st.permutations("abc"), st.randoms(use_true_random=False))
def test_order_and_names_of_annotators_change_nothing(marked, names, random):
    one = spans(*(("abc"[who], start, start + length) for who, start, length in marked))
    other = spans(*((names[who], start, start + length) for who, start, length in marked))
    random.shuffle(other)

    def shape(clusters):
        return sorted(sorted((span.start, span.end) for span in members) for members in clusters)

    found = cluster(one)
    assert shape(found) == shape(cluster(other))
    assert sorted(span for members in found for span in members) == sorted(one)
    for members in found:
        assert len({span.annotator for span in members}) == len(members)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ([(0, 5), (0, 5), (0, 9)], (0, 5)),  # most
        ([(0, 6), (0, 7), (0, 10)], (0, 7)),  # overlaps best: 6/7 + 7/10, against 6/7 + 6/10 and 6/10 + 7/10
        ([(0, 5), (0, 8)], (0, 5)),  # equal overlap: the shorter
        ([(0, 6), (2, 8)], (0, 6)),  # equal length: the first
    ],
)
def test_boundaries(marked, expected):
    members = spans(*(("abc"[i], *place) for i, place in enumerate(marked)))
    assert boundaries(members) == boundaries(members[::-1]) == expected
