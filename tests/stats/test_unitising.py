from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.stats.unitising import alpha, binary_alpha, segments, statistics

# Krippendorff, 2019, figure 12.11: three observers of a continuum of 60, as (start, end, value).
ALEX = [(0, 7, 1), (7, 13, 2), (30, 32, 5), (32, 37, 6), (37, 44, 6), (44, 60, 7)]
PAUL = [(0, 7, 1), (7, 13, 3), (13, 21, 5), (32, 44, 6)]
SUZAN = [(0, 7, 1), (7, 13, 4), (13, 21, 5), (32, 37, 6), (37, 41, 6), (41, 44, 6)]


def rows_of(texts, labels):
    """`texts` is a list of continua, each a list of annotators, each a list of (start, end, label)."""
    spans = [(c, a, v, s, e) for c, people in enumerate(texts) for a, own in enumerate(people) for s, e, v in own]
    return segments(*np.array(spans, dtype=np.int64).reshape(-1, 5).T, labels)


def sums(texts, lengths, labels):
    found = statistics(rows_of(texts, labels), np.array(lengths), np.array([len(people) for people in texts]))
    return found.sum(axis=0, keepdims=True)


def by_the_book(people, length):
    """The formulas of the paper as they stand there: matrices of coincidences, by intersections of segments."""
    partitions = []
    for own in people:
        cuts, at = [], 0
        for start, end, value in sorted(own):
            cuts += [(at, start, None)] if at < start else []
            cuts.append((start, end, value))
            at = end
        partitions.append(cuts + ([(at, length, None)] if at < length else []))
    values = sorted({value for cuts in partitions for _, _, value in cuts}, key=str)
    size, m = len(values), len(people)
    observed = np.zeros((size, size))
    for i, one in enumerate(partitions):
        for j, other in enumerate(partitions):
            for start, end, c in one if i != j else []:
                for begin, stop, k in other:
                    shared = max(0, min(end, stop) - max(start, begin))
                    observed[values.index(c), values.index(k)] += shared / (m - 1)
    total = observed.sum()
    own = np.zeros(size)
    for cuts in partitions:
        for start, end, value in cuts:
            own[values.index(value)] += end - start if value is None else (end - start) ** 2
    expected = np.outer(observed.sum(axis=1), observed.sum(axis=0)) - np.diag(own)
    expected *= total / (total**2 - own.sum())
    gap = values.index(None) if None in values else None
    u = (total - np.trace(observed), total - np.trace(expected))
    b = None if gap is None else (
        observed[gap].sum() - observed[gap, gap], expected[gap].sum() - expected[gap, gap]
    )  # fmt: skip
    return u, b


def test_the_example_of_the_book():
    found = sums([[ALEX, PAUL, SUZAN]], [60], 8)
    assert alpha(found)[0] == pytest.approx(0.510, abs=0.0005)
    assert binary_alpha(found)[0] == pytest.approx(0.413, abs=0.001)  # .4136; the book's tables are rounded


def test_a_small_continuum_by_hand():
    # Ten characters. a marks 0-4 as 0; b marks 2-4 as 0 and 6-8 as 1.
    # Differing: 0-2 and 6-8, both orders: Do = 2 * 4 = 8; all of it marked against not.
    # l: gap 6 + 6, label 0 4 + 2, label 1 2. l = 20. S = 16 + 4 + 4 + 12 = 36.
    # alpha = 1 - 8 * (400 - 36) / (20 * (12 * 8 + 6 * 14 + 2 * 18)) = 1 - 2912 / 4320
    # binary = 1 - 4 * 364 / (20 * 12 * 8) = 1 - 1456 / 1920
    found = sums([[[(0, 4, 0)], [(2, 4, 0), (6, 8, 1)]]], [10], 2)
    assert found.tolist() == [[8, 4, 36, 12, 6, 2]]
    assert alpha(found)[0] == pytest.approx(1 - 2912 / 4320)
    assert binary_alpha(found)[0] == pytest.approx(1 - 1456 / 1920)


def test_spans_of_one_label_that_overlap_become_one_and_those_that_touch_stay_apart():
    found = rows_of([[[(0, 4, 0), (2, 6, 0), (6, 9, 0)]]], 1)
    columns = (found.value, found.start, found.end)
    assert sorted(zip(*(c.tolist() for c in columns), strict=True)) == [(0, 0, 6), (0, 6, 9)]
    assert found.values == 1


def test_where_labels_overlap_the_set_of_them_is_the_value():
    found = rows_of([[[(0, 6, 0), (4, 9, 1)], [(4, 6, 1), (4, 6, 0)], [(1, 2, 0)]]], 2)
    columns = (found.annotator, found.value, found.start, found.end)
    assert sorted(zip(*(c.tolist() for c in columns), strict=True)) == [
        (0, 0, 0, 4),
        (0, 1, 6, 9),
        (0, 2, 4, 6),
        (1, 2, 4, 6),
        (2, 0, 1, 2),
    ]
    assert found.values == 3


def test_an_empty_span_marks_nothing():
    assert len(rows_of([[[(3, 3, 0)]]], 1).value) == 0


def test_nothing_marked_or_all_of_it_alike_is_not_defined():
    assert np.isnan(alpha(sums([[[], []]], [10], 1))[0])
    assert np.isnan(binary_alpha(sums([[[], []]], [10], 1))[0])
    assert np.isnan(alpha(sums([[[(0, 10, 0)], [(0, 10, 0)]]], [10], 1))[0])


def test_a_text_with_one_annotator_counts_for_nothing():
    with_it = sums([[ALEX, PAUL], [SUZAN]], [60, 60], 8)
    assert with_it.tolist() == sums([[ALEX, PAUL]], [60], 8).tolist()


def test_more_marked_than_the_text_has_is_an_error():
    with pytest.raises(ValueError, match="more is marked than there are characters"):
        sums([[ALEX, PAUL]], [20], 8)


def apart(draw, length):
    edges = sorted(draw(st.sets(st.integers(0, length), max_size=8)))
    return [(s, e, draw(st.integers(0, 2))) for s, e in pairwise(edges) if draw(st.booleans())]


@st.composite
def continua(draw):
    length = draw(st.integers(1, 20))
    return length, [apart(draw, length) for _ in range(draw(st.integers(2, 4)))]


@settings(max_examples=150, deadline=None)
@given(continua())
def test_equals_the_formulas_of_the_paper(continuum):
    length, people = continuum
    (differ, chance), binary = by_the_book(people, length)
    found = sums([people], [length], 3)
    if chance > 1e-9:
        assert alpha(found)[0] == pytest.approx(1 - differ / chance, abs=1e-9)
    else:
        assert np.isnan(alpha(found)[0])
    if binary is not None and binary[1] > 1e-9:
        assert binary_alpha(found)[0] == pytest.approx(1 - binary[0] / binary[1], abs=1e-9)
    else:
        assert np.isnan(binary_alpha(found)[0])


@settings(max_examples=60, deadline=None)
@given(st.lists(continua(), min_size=1, max_size=3))
def test_texts_are_pooled_as_one_continuum(several):
    """With the same number of annotators, texts put end to end give the sums of each."""
    several = [(length, people[:2]) for length, people in several]
    joined, at = [[], []], 0
    for length, people in several:
        for own, spans in zip(joined, people, strict=True):
            own += [(s + at, e + at, v) for s, e, v in spans]
        at += length
    apart = sums([people for _, people in several], [length for length, _ in several], 3)
    assert apart[0].tolist() == pytest.approx(sums([joined], [at], 3)[0].tolist())


@settings(max_examples=60, deadline=None)
@given(continua())
def test_equal_annotators_agree_fully_and_their_order_is_nothing(continuum):
    length, people = continuum
    twice = alpha(sums([[people[0], people[0]]], [length], 3))[0]
    assert np.isnan(twice) or twice == 1
    forward, backward = (sums([order], [length], 3)[0].tolist() for order in (people, people[::-1]))
    assert forward == pytest.approx(backward)


def test_random_spans_agree_by_chance_only():
    generator = np.random.default_rng(0)
    texts = []
    for _ in range(400):
        people = []
        for _ in range(3):
            starts = generator.permutation(20)[:6] * 50
            people.append([(int(s), int(s) + 50, int(generator.integers(2))) for s in starts])
        texts.append(people)
    found = sums(texts, [1000] * 400, 2)
    assert alpha(found)[0] == pytest.approx(0, abs=0.03)
    assert binary_alpha(found)[0] == pytest.approx(0, abs=0.03)
