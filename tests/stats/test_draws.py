import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from goldwire.stats.cells import pairs_within
from goldwire.stats.draws import distinct, table
from goldwire.stats.means import means
from goldwire.stats.pairs import count, of_two
from goldwire.stats.resample import Estimator, ratio, resample, resample_each, together


def mean(sums):
    return ratio(sums[:, 0], sums[:, 1])


def test_sparse_rows_have_the_interval_of_the_same_rows_in_full():
    draw = np.random.default_rng(1)
    rows = (draw.random((3000, 40)) < 0.05) * draw.integers(1, 5, (3000, 40)).astype(float)
    groups = draw.integers(0, 800, 3000)

    def figures(sums):
        return np.column_stack([ratio(sums[:, 0], sums.sum(axis=1)), ratio(sums[:, 1], sums[:, 2])])

    full, sparse = (resample_each(groups, one, figures, resamples=4000) for one in (rows, csr_array(rows)))
    for a, b in zip(full, sparse, strict=True):
        assert a.value == pytest.approx(b.value, abs=1e-12)
        # not the same draws: the order of distinct rows differs
        assert (a.low, a.high) == (pytest.approx(b.low, rel=0.03), pytest.approx(b.high, rel=0.03))


@settings(deadline=None, max_examples=30)
@given(st.lists(st.lists(st.integers(-2, 2), min_size=3, max_size=3), min_size=1), st.randoms(use_true_random=False))
def test_distinct_rows_are_those_of_numpy_whatever_their_order(rows, random):
    whole = np.array(rows, dtype=float)
    expected, n = np.unique(whole, axis=0, return_counts=True)
    found, times = distinct(whole)
    assert (found.tolist(), times.tolist()) == (expected.tolist(), n.tolist())
    shuffled = rows[:]
    random.shuffle(shuffled)
    one, other = (distinct(csr_array(np.array(x, dtype=float))) for x in (rows, shuffled))
    assert (one[0].toarray().tolist(), one[1].tolist()) == (other[0].toarray().tolist(), other[1].tolist())
    assert sorted(map(tuple, one[0].toarray().tolist())) == sorted(map(tuple, expected.tolist()))


def test_wide_tables_are_sparse_and_small_ones_are_not():
    row, column = np.array([0, 0, 1]), np.array([5, 5, 0])
    small, wide = table(row, column, 2.0, (2, 6)), table(row, column, 2.0, (20_000, 60))
    assert small.tolist() == [[0, 0, 0, 0, 0, 4.0], [2.0, 0, 0, 0, 0, 0]]
    assert (wide.nnz, wide[0, 5], wide[1, 0], wide.shape) == (2, 4.0, 2.0, (20_000, 60))


def test_figures_put_together_are_each_alone():
    one = Estimator(np.column_stack([np.arange(30.0), np.ones(30)]), lambda sums: mean(sums)[:, None])
    other = Estimator(np.arange(60.0).reshape(30, 2) % 7, lambda sums: sums)
    assert together([one, other]).values().tolist() == [*one.values(), *other.values()]


def test_means_of_many_owners_are_resampled_one_by_one():
    draw = np.random.default_rng(2)
    owner = np.sort(draw.integers(0, 4, 900))
    cluster, value = draw.integers(0, 120, 900), draw.integers(0, 3, 900) / 2
    owner[owner == 2] = 3
    value[owner == 3] = 1.0
    found = means(owner, cluster, value, 4, resamples=3000)
    alone = resample(cluster[owner == 1], np.column_stack([value, np.ones(900)])[owner == 1], mean, resamples=3000)
    assert found[1].value == pytest.approx(alone.value, abs=1e-12)
    assert (found[1].low, found[1].high) == (pytest.approx(alone.low, abs=0.01), pytest.approx(alone.high, abs=0.01))
    assert (found[2].value, found[2].why) == (None, "no values")
    assert (found[3].value, found[3].low, found[3].high) == (1.0, 1.0, 1.0)
    few = means(np.zeros(20, int), np.arange(20) % 9, np.ones(20), 1)[0]
    assert (few.value, few.low, few.why) == (1.0, None, "9 clusters: an interval needs 10")


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 4), max_size=14))
def test_pairs_within_groups_are_all_pairs(groups):
    code = np.sort(np.array(groups, dtype=np.int64))
    found = [(int(a), int(b)) for one, other in pairs_within(code) for a, b in zip(one, other, strict=True)]
    n = len(code)
    assert sorted(found) == [(a, b) for a in range(n) for b in range(a + 1, n) if code[a] == code[b]]


def test_who_shares_units_with_whom_by_hand():
    # unit 0: 0, 1, 3; unit 1: 1, 3; unit 2: 2 alone.
    unit, annotator = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 1, 3, 1, 3, 2])
    answer = np.array([0, 0, 1, 1, 1, 0])
    assert count(unit, annotator, 4) == count(unit, annotator, 6000) == 3
    pairs = list(of_two(unit, annotator, answer, np.arange(3), False))
    assert [(p.a, p.b, p.n, p.observed.value) for p in pairs] == [(0, 1, 1, 1.0), (0, 3, 1, 0.0), (1, 3, 2, 0.5)]
    assert [p.kappa.value for p in pairs] == [None, 0.0, 0.0]
    assert all(p.weighted_kappa is None for p in pairs)
