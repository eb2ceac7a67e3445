import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from goldwire.stats import alpha
from goldwire.stats.cells import Cells
from goldwire.stats.distance import Masi, Nominal, Numbers, Tree

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
SETS = [(), ("A",), ("A/x",), ("A/x", "B"), ("B", "C/y/z"), ("A", "B", "C")]


def defined(counts):
    paired = counts[counts.sum(axis=1) >= 2]
    return len(paired) > 0 and (paired.sum(axis=0) > 0).sum() > 1


def one(counts, distance=None):
    counts = np.asarray(counts)
    return float(alpha.alphas(Cells.of_counts(counts), {"": distance or Nominal(counts.shape[1])}).values()[0])


def ordinal(counts):
    return float(alpha.ordinal_alpha(Cells.of_counts(counts)).values()[0])


def theirs(counts, level):
    return krippendorff.alpha(value_counts=counts, level_of_measurement=level)


def test_alpha_of_the_published_example():
    assert one(PUBLISHED) == pytest.approx(0.743421, abs=5e-7)
    assert ordinal(PUBLISHED) == pytest.approx(0.815388, abs=5e-7)
    assert one(PUBLISHED, Numbers(np.arange(1.0, 6))) == pytest.approx(0.849, abs=5e-4)


@settings(deadline=None, max_examples=60)
@given(COUNTS)
def test_nominal_ordinal_and_interval_alpha_equal_the_krippendorff_package(counts):
    assume(defined(counts))
    values = np.arange(1.0, counts.shape[1] + 1) ** 2
    assert one(counts) == pytest.approx(theirs(counts, "nominal"), abs=1e-9)
    assert ordinal(counts) == pytest.approx(theirs(counts, "ordinal"), abs=1e-9)
    interval = krippendorff.alpha(value_counts=counts, value_domain=values, level_of_measurement="interval")
    assert one(counts, Numbers(values)) == pytest.approx(interval, abs=1e-9)
    assert one(counts, Numbers(values + 1e6)) == pytest.approx(interval, abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(arrays(np.int64, st.tuples(st.integers(1, 10), st.just(len(SETS))), elements=st.integers(0, 3)))
def test_alpha_of_sets_equals_the_krippendorff_package_with_the_same_distances(counts):
    assume(defined(counts))
    everyone = np.arange(len(SETS))
    for distance in (Masi(SETS), Tree(SETS)):
        table = distance.between(np.repeat(everyone, len(SETS)), np.tile(everyone, len(SETS)))
        table = table.reshape(len(SETS), len(SETS))

        def metric(v1, v2, i1, i2, n_v, dtype, table=table):
            return table[i1, i2]

        assert one(counts, distance) == pytest.approx(theirs(counts, metric), abs=1e-9)


@settings(deadline=None, max_examples=40)
@given(COUNTS)
def test_many_distances_at_once_are_each_alone(counts):
    distances = {"a": Nominal(counts.shape[1]), "b": Numbers(np.arange(float(counts.shape[1])))}
    both = alpha.alphas(Cells.of_counts(counts), distances).values()
    assert both == pytest.approx([one(counts, distance) for distance in distances.values()], abs=1e-12, nan_ok=True)


@settings(deadline=None, max_examples=60)
@given(COUNTS)
def test_alpha_of_each_label_is_nominal_alpha_of_that_label_against_the_rest(counts):
    size, k = counts.sum(axis=1), counts.shape[1]
    mine = alpha.of_labels(Cells.of_counts(counts), size).values()
    for label in range(k):
        against = np.column_stack([counts[:, label], size - counts[:, label]])
        assert mine[label] == pytest.approx(one(against), abs=1e-9, nan_ok=True)
        paired = counts[size >= 2]
        rows = [(row[label], row.sum()) for row in paired if row[label]]
        # Of each answer with the label: the share of the unit's other answers that have it.
        shares = [(n - 1) / (m - 1) for n, m in rows for _ in range(n)]
        assert mine[k + label] == pytest.approx(np.mean(shares) if shares else np.nan, abs=1e-9, nan_ok=True)


def test_positive_agreement_of_two_annotators_by_hand():
    # Both say it 3 times, one of them 2 times: 2 * 3 / (2 * 3 + 2).
    counts = np.array([[2, 0], [2, 0], [2, 0], [1, 1], [1, 1], [0, 2]])
    assert alpha.of_labels(Cells.of_counts(counts), counts.sum(axis=1)).values()[2] == pytest.approx(0.75)


@settings(deadline=None, max_examples=60)
@given(COUNTS, st.randoms(use_true_random=False), st.lists(st.integers(0, 4), max_size=3))
def test_the_order_of_units_and_labels_and_units_with_one_answer_change_nothing(counts, random, singles):
    units, labels = list(range(counts.shape[0])), list(range(counts.shape[1]))
    random.shuffle(units)
    random.shuffle(labels)
    assert one(counts[units][:, labels]) == pytest.approx(one(counts), abs=1e-12, nan_ok=True)
    alone = np.eye(counts.shape[1], dtype=np.int64)[[s % counts.shape[1] for s in singles]]
    more = np.vstack([counts, alone])
    assert one(more) == pytest.approx(one(counts), abs=1e-12, nan_ok=True)
    assert ordinal(more) == pytest.approx(ordinal(counts), abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("counts", [[[3, 0], [2, 0]], [[1, 0], [0, 1]], [[0, 0]]])
def test_alpha_is_nan_without_two_answers_that_differ_anywhere(counts):
    counts = np.array(counts)
    sets = [("a",), ("b",)]
    figures = [one(counts), one(counts, Masi(sets)), one(counts, Tree(sets)), ordinal(counts)]
    assert np.isnan([*figures, one(counts, Numbers(np.array([1.0, 2.0])))]).all()


def test_sums_of_many_resamples_are_evaluated_row_by_row():
    counts = np.array([[2, 1, 0], [0, 3, 0], [1, 1, 1], [0, 0, 2]])
    cells, sets = Cells.of_counts(counts), [("a",), ("a", "b"), ()]
    distances = {"n": Nominal(3), "i": Numbers(np.array([1.0, 2, 4])), "m": Masi(sets), "t": Tree(sets)}
    for estimator in (alpha.alphas(cells, distances), alpha.ordinal_alpha(cells)):
        rows = (
            estimator.statistics if isinstance(estimator.statistics, np.ndarray) else estimator.statistics.toarray()
        )
        sums = np.vstack([rows.sum(axis=0), rows[:3].sum(axis=0), rows[[0, 0, 2]].sum(axis=0)])
        each = [estimator.function(sums[i : i + 1])[0] for i in range(3)]
        assert estimator.function(sums) == pytest.approx(np.array(each), abs=1e-12)


@pytest.mark.parametrize("values", [[1, 2, 4], [0.1, 0.25, 0.7], [-3, 1e-9, 1e9]])
@pytest.mark.parametrize("offset", [0, 2020, 1e6 / 3])
def test_interval_alpha_of_answers_that_are_all_alike_is_not_defined(values, offset):
    distance = Numbers(np.array(values, dtype=float) + offset)
    for n in range(2, 60):
        for answer in range(3):
            counts = np.zeros((n, 3), dtype=np.int64)
            counts[:, answer] = 3
            assert np.isnan(one(counts, distance))
            counts[0, (answer + 1) % 3] = 1
            assert one(counts, distance) < 1e-9


@settings(deadline=None, max_examples=60)
@given(COUNTS, st.sampled_from([2020.0, -1e6, 1e9]), st.sampled_from([1.0, 1e-3]))
def test_small_differences_far_from_zero_and_a_far_value_that_nobody_gave_change_nothing(counts, offset, step):
    assume((counts.sum(axis=1) >= 2).any())
    k = counts.shape[1]
    near, padded = np.arange(float(k)), np.column_stack([counts, np.zeros(len(counts), dtype=np.int64)])
    expected = one(counts, Numbers(near))
    values = np.round(np.append(offset + near, offset + 1e9) * 2) / 2 if step == 1 else np.append(near * step, 1e9)
    assert one(padded, Numbers(values)) == pytest.approx(expected, abs=1e-9, nan_ok=True)
