"""How far out the percentiles of a widened interval lie."""

import numpy as np
import pytest
from scipy import sparse, stats

from goldwire.stats import draws
from goldwire.stats.resample import percentiles, ratio, resample_each
from goldwire.stats.widen import MOST, draws_for, tails


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


def one_large() -> np.ndarray:
    """Stories of few rows, half of them right, and one of 60 rows that are nearly all right."""
    generator = np.random.default_rng(5)
    size = np.append(generator.geometric(0.3, 59), 60)
    return np.column_stack([np.append(generator.binomial(size[:-1], 0.5), 57), size]).astype(np.float64)


def test_a_bound_far_out_hangs_no_more_on_the_seed_than_one_that_is_not() -> None:
    rows = one_large()
    assert cut(rows) < 0.001
    plain, wide = (
        np.array(
            [resample_each(None, rows, share, seed=seed, widen=widen)[0].high for seed in range(30)], dtype=float
        )
        for widen in (False, True)
    )
    value = rows[:, 0].sum() / rows[:, 1].sum()
    assert wide.mean() > plain.mean()
    # Of 1,000 resamples: .050 and .036. Of as many as it takes: .024.
    assert wide.std() / (wide.mean() - value) < plain.std() / (plain.mean() - value)


def test_so_many_resamples_are_drawn_that_bounds_are_off_as_much_as_those_of_an_interval_that_is_not_widened() -> (
    None
):
    shares = np.array([0.025, 0.005, 0.0007])
    many, found = draws_for(shares, 1000, 0.95)
    assert found.tolist() == shares.tolist()
    assert draws_for(shares, 2000, 0.95)[0] == pytest.approx(2 * many, abs=1)
    generator = np.random.default_rng(0)
    off = []
    for n, one in zip(many.tolist(), shares.tolist(), strict=True):
        bounds = [np.quantile(generator.standard_normal(n), one) for _ in range(400)]
        off.append(np.std(bounds) / -np.mean(bounds))
    assert many[2] > 5000
    assert draws_for(np.array([0.025, 0.0249, 0.01]), 1000, 0.95)[0].tolist() == [1000] * 3  # near enough
    assert off == pytest.approx([0.0437] * 3, rel=0.15)


def test_resamples_have_a_limit_and_bounds_further_out_than_it_come_in() -> None:
    far = np.array([0.01, 1e-8])
    many, found = draws_for(far, 1000, 0.99)
    assert many.tolist() == [1000, MOST]
    assert found.tolist() == [0.01, 3 / MOST]
    assert draws_for(far, 100_000, 0.99)[0].tolist() == [100_000, 100_000]
    assert draws_for(far, 1000, 0.9999)[1].tolist() == [0.01, pytest.approx(5e-5)]  # not within the plain one
    assert draws_for(np.full(5_000, 1e-8), 1000, 0.99)[0].tolist() == [5_000] * 5_000  # 200 MB
    assert draws_for(np.full(100_000, 1e-8), 1000, 0.99)[0].max() == 1000


def test_a_figure_has_the_same_interval_whatever_stands_beside_it() -> None:
    rows = np.column_stack([one_large(), np.arange(60) % 2, np.ones(60)])

    def even(sums: draws.Array) -> draws.Array:
        return share(sums[:, 2:])

    def both(sums: draws.Array) -> draws.Array:
        return np.hstack([share(sums), even(sums)])

    found = [one.as_dict() for one in resample_each(None, rows, both, widen=True)]
    assert [resample_each(None, rows, one, widen=True)[0].as_dict() for one in (share, even)] == found
    assert [one.as_dict() for one in resample_each(None, rows[::-1], both, widen=True)] == found


def test_each_figure_has_its_own_percentiles() -> None:
    drawn = np.column_stack([np.arange(101.0), np.arange(101.0)])
    drawn[:5, 1] = np.nan
    first, second = percentiles(np.array([50.0, 50.0]), drawn, 0.95, np.array([0.1, 0.25]))
    assert (first.low, first.high) == pytest.approx((10, 90))
    assert (second.low, second.high) == pytest.approx((28.75, 76.25))
