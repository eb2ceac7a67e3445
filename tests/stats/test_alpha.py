import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from goldwire.stats import alpha
from goldwire.stats.distance import masi

# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability: 4 observers, 12 units, 0 is no answer.
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
    [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
]
PUBLISHED = np.array([[sum(row[u] == c for row in OBSERVERS) for c in range(1, 6)] for u in range(12)])

COUNTS = st.tuples(st.integers(1, 12), st.integers(2, 5)).flatmap(
    lambda shape: arrays(np.int64, shape, elements=st.integers(0, 4))
)


def defined(counts):
    paired = counts[counts.sum(axis=1) >= 2]
    return len(paired) > 0 and (paired.sum(axis=0) > 0).sum() > 1


def ordinal(counts):
    return alpha.ordinal(alpha.ordinal_statistics(counts).sum(axis=0, keepdims=True))[0]


def each_label(marks, answers):
    return alpha.each_label(alpha.label_statistics(marks, answers).sum(axis=0, keepdims=True))[0]


def test_nominal_alpha_of_the_published_example():
    assert alpha.krippendorff_alpha(PUBLISHED) == pytest.approx(0.743421, abs=5e-7)


def test_ordinal_alpha_of_the_published_example():
    assert ordinal(PUBLISHED) == pytest.approx(0.815388, abs=5e-7)


@settings(deadline=None)
@given(COUNTS)
def test_nominal_alpha_equals_the_krippendorff_package(counts):
    assume(defined(counts))
    theirs = krippendorff.alpha(value_counts=counts, level_of_measurement="nominal")
    assert alpha.krippendorff_alpha(counts) == pytest.approx(theirs, abs=1e-9)


@settings(deadline=None)
@given(COUNTS)
def test_ordinal_alpha_equals_the_krippendorff_package(counts):
    assume(defined(counts))
    theirs = krippendorff.alpha(value_counts=counts, level_of_measurement="ordinal")
    assert ordinal(counts) == pytest.approx(theirs, abs=1e-9)


@settings(deadline=None)
@given(COUNTS, st.data())
def test_alpha_with_a_distance_equals_the_krippendorff_package(counts, data):
    assume(defined(counts))
    k = counts.shape[1]
    half = np.triu(data.draw(arrays(np.float64, (k, k), elements=st.floats(0.1, 1))), 1)
    distance = half + half.T

    def metric(v1, v2, i1, i2, n_v, dtype):
        return distance[i1, i2]

    theirs = krippendorff.alpha(value_counts=counts, level_of_measurement=metric)
    assert alpha.krippendorff_alpha(counts, distance) == pytest.approx(theirs, abs=1e-9)


@settings(deadline=None)
@given(COUNTS)
def test_alpha_of_each_label_is_nominal_alpha_of_that_label_against_the_rest(counts):
    mine = each_label(counts, counts.sum(axis=1))
    for label in range(counts.shape[1]):
        against = np.column_stack([counts[:, label], counts.sum(axis=1) - counts[:, label]])
        assert mine[label] == pytest.approx(alpha.krippendorff_alpha(against), abs=1e-9, nan_ok=True)


@settings(deadline=None)
@given(COUNTS, st.randoms(use_true_random=False))
def test_alpha_does_not_depend_on_the_order_of_units_and_labels(counts, random):
    units, labels = list(range(counts.shape[0])), list(range(counts.shape[1]))
    random.shuffle(units)
    random.shuffle(labels)
    assert alpha.krippendorff_alpha(counts[units][:, labels]) == pytest.approx(
        alpha.krippendorff_alpha(counts), abs=1e-12, nan_ok=True
    )


@settings(deadline=None)
@given(COUNTS, st.lists(st.integers(0, 4), max_size=3))
def test_units_with_one_answer_change_nothing(counts, singles):
    alone = np.eye(counts.shape[1], dtype=np.int64)[[s % counts.shape[1] for s in singles]]
    more = np.vstack([counts, alone])
    assert alpha.krippendorff_alpha(more) == pytest.approx(alpha.krippendorff_alpha(counts), abs=1e-12, nan_ok=True)
    assert ordinal(more) == pytest.approx(ordinal(counts), abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("counts", [[[3, 0], [2, 0]], [[1, 0], [0, 1]], [[0, 0]]])
def test_alpha_is_nan_without_two_answers_that_differ_anywhere(counts):
    assert np.isnan(alpha.krippendorff_alpha(np.array(counts)))
    assert np.isnan(alpha.krippendorff_alpha(np.array(counts), masi([("a",), ("b",)])))
    assert np.isnan(ordinal(np.array(counts)))


def test_sums_of_many_resamples_are_evaluated_row_by_row():
    counts = np.array([[2, 1, 0], [0, 3, 0], [1, 1, 1], [0, 0, 2]])
    other = np.array([[1, 1, 0], [0, 2, 2], [0, 0, 3], [2, 0, 0]])
    for statistics, figure in [(alpha.statistics, alpha.figure()), (alpha.ordinal_statistics, alpha.ordinal)]:
        each = [figure(statistics(c).sum(axis=0, keepdims=True))[0] for c in (counts, other)]
        both = figure(np.vstack([statistics(c).sum(axis=0) for c in (counts, other)]))
        assert both.tolist() == pytest.approx(each, abs=1e-12)


def test_masi_distances_by_hand():
    sets = [("a",), ("a", "b"), ("b", "c"), ("c",), (), ("a", "b", "c")]
    expected = [
        [0, 1 - 1 / 2 * 2 / 3, 1, 1, 1, 1 - 1 / 3 * 2 / 3],
        [1 - 1 / 2 * 2 / 3, 0, 1 - 1 / 3 * 1 / 3, 1, 1, 1 - 2 / 3 * 2 / 3],
        [1, 1 - 1 / 3 * 1 / 3, 0, 1 - 1 / 2 * 2 / 3, 1, 1 - 2 / 3 * 2 / 3],
        [1, 1, 1 - 1 / 2 * 2 / 3, 0, 1, 1 - 1 / 3 * 2 / 3],
        [1, 1, 1, 1, 0, 1],
        [1 - 1 / 3 * 2 / 3, 1 - 2 / 3 * 2 / 3, 1 - 2 / 3 * 2 / 3, 1 - 1 / 3 * 2 / 3, 1, 0],
    ]
    assert masi(sets) == pytest.approx(np.array(expected), abs=1e-15)


def test_masi_alpha_by_hand():
    # Two annotators: {a},{a}; {a,b},{a}; {b},{c}. Of six answers {a} comes three times.
    # Observed 2 * (0 + 2/3 + 1) = 10/3; expected 2 * (3 * 2/3 + 3 + 3 + 2/3 + 1 + 1) = 64/3.
    sets = [("a",), ("a", "b"), ("b",), ("c",)]
    counts = np.array([[2, 0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1]])
    assert alpha.krippendorff_alpha(counts, masi(sets)) == pytest.approx(1 - 5 * (10 / 3) / (64 / 3), abs=1e-12)


def test_masi_of_empty_answers_only():
    assert masi([()]).tolist() == [[0.0]]
