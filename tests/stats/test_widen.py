"""How far out the percentiles of a widened interval lie."""

import numpy as np
import pytest
from scipy import sparse, stats

from goldwire.stats import draws
from goldwire.stats.resample import percentiles, ratio, resample_each
from goldwire.stats.widen import tails


def share(sums: draws.Array) -> draws.Array:
    return ratio(sums[:, :1], sums[:, 1:2])


def cut(rows: np.ndarray, level: float = 0.95) -> float:
    return float(tails(*draws.distinct(rows.astype(np.float64)), share, level)[0])


def test_clusters_that_weigh_the_same_have_hesterbergs_percentiles() -> None:
    # Half ones, half zeros: each changes the share by as much, so that nothing is uncertain about the variance.
    rows = np.column_stack([np.arange(20) % 2, np.ones(20)])
    expected = stats.norm.cdf(np.sqrt(20 / 19) * stats.t.ppf(0.025, 19))
    assert cut(rows) == pytest.approx(expected)
    assert cut(rows, 0.8) == pytest.approx(stats.norm.cdf(np.sqrt(20 / 19) * stats.t.ppf(0.1, 19)))


def test_unequal_clusters_have_the_degrees_of_freedom_of_what_leaving_each_out_changes() -> None:
    generator = np.random.default_rng(0)
    size = generator.geometric(0.05, 40)
    right = generator.binomial(size, 0.7)
    without = (right.sum() - right) / (size.sum() - size)
    influence = without - without.mean()
    second, fourth = (influence**2).sum(), (influence**4).sum()
    freedom = 2 * second**2 / (fourth - second**2 / 40)
    assert 5 < freedom < 39
    expected = stats.norm.cdf(np.sqrt(40 / 39) * stats.t.ppf(0.025, freedom))
    rows = np.column_stack([right, size])
    assert cut(rows) == pytest.approx(expected)
    assert cut(rows) < 0.025


def test_one_large_story_takes_the_percentiles_far_out() -> None:
    even = np.column_stack([np.arange(30) % 2, np.ones(30)])
    with_large = np.vstack([even, [[200, 200]]])
    assert cut(with_large) == pytest.approx(stats.norm.cdf(np.sqrt(31 / 30) * stats.t.ppf(0.025, 3)))
    assert cut(with_large) < 0.002 < cut(even)


def test_where_nothing_varies_the_percentiles_stay() -> None:
    assert cut(np.column_stack([np.ones(20), np.ones(20)])) == pytest.approx(0.025)


def test_sparse_rows_give_the_same() -> None:
    generator = np.random.default_rng(1)
    rows = generator.integers(0, 3, (50, 4)).astype(np.float64)
    dense = tails(rows, np.ones(50, dtype=np.int64), share, 0.95)
    np.testing.assert_allclose(tails(sparse.csr_array(rows), np.ones(50, dtype=np.int64), share, 0.95), dense)


def test_a_figure_that_is_not_defined_without_a_cluster_is_not_changed_by_it() -> None:
    rows = np.zeros((20, 2))
    rows[0] = 1  # alone holds what the share is of
    assert cut(rows) == pytest.approx(0.025)


def test_widened_intervals_hold_the_plain_ones() -> None:
    generator = np.random.default_rng(2)
    size = np.ceil(generator.pareto(1.2, 60)).clip(1, 40)
    rows = np.column_stack([generator.binomial(size.astype(int), 0.6), size])
    (plain,), (wide,) = (resample_each(None, rows, share, widen=widen) for widen in (False, True))
    assert wide.value == plain.value
    assert wide.low < plain.low < plain.high < wide.high


def test_each_figure_has_its_own_percentiles() -> None:
    drawn = np.column_stack([np.arange(101.0), np.arange(101.0)])
    drawn[:5, 1] = np.nan
    first, second = percentiles(np.array([50.0, 50.0]), drawn, 0.95, np.array([0.1, 0.25]))
    assert (first.low, first.high) == pytest.approx((10, 90))
    assert (second.low, second.high) == pytest.approx((28.75, 76.25))
