"""Trends and rank correlations, against SciPy and by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2, linregress, pearsonr, permutation_test, spearmanr
from scipy.stats import t as student

from goldwire.stats.draws import Array
from goldwire.stats.resample import Interval
from goldwire.stats.trend import Trend, mean_ranks, spearman, trends

numbers = st.integers(0, 4).map(float)


def one(time: list[float], values: list[float], cluster: list[int] | None = None) -> Trend:
    cluster = list(range(len(time))) if cluster is None else cluster
    (found,) = trends(np.array(time), np.array(values)[:, None], np.array(cluster))
    return found


@settings(deadline=None, max_examples=25)
@given(st.lists(numbers, min_size=3, max_size=6))
def test_of_few_things_every_order_is_tried(values: list[float]) -> None:
    time = np.arange(len(values), dtype=float)
    expected = permutation_test(
        (np.array(values),),
        lambda y: round(abs(float(time @ (y - y.mean()))), 9),
        permutation_type="pairings",
        alternative="greater",
        n_resamples=10_000,
    )
    assert one(time.tolist(), values).p == pytest.approx(expected.pvalue)


def test_of_many_things_it_is_the_statistic_of_mantel() -> None:
    rng = np.random.default_rng(1)
    y = (rng.random(120) < np.linspace(0.3, 0.6, 120)).astype(float)
    found = one(list(range(120)), y.tolist())
    r = pearsonr(np.arange(120), y).statistic
    assert found.p == pytest.approx(chi2.sf(119 * r**2, 1))
    assert found.change.value == pytest.approx(linregress(np.linspace(0, 1, 120), y).slope)


def test_random_orders_say_what_the_normal_approximation_says() -> None:
    rng = np.random.default_rng(2)
    y = (np.arange(40) / 40 + rng.normal(size=40)).tolist()
    r = pearsonr(np.arange(40), y).statistic
    found = one(list(range(40)), y)
    assert found.p == pytest.approx(chi2.sf(39 * r**2, 1), abs=0.02)
    assert found == one(list(range(40)), y)


def test_the_interval_is_that_of_the_regression_with_robust_errors() -> None:
    rng = np.random.default_rng(3)
    y = rng.normal(size=30)
    x = np.linspace(0, 1, 30)
    design = np.column_stack([np.ones(30), x])
    bread = np.linalg.inv(design.T @ design)
    residuals = y - design @ bread @ design.T @ y
    leverage = np.diag(design @ bread @ design.T)
    meat = design.T @ (design * (residuals / (1 - leverage))[:, None] ** 2)
    error = np.sqrt((bread @ meat @ bread)[1, 1])
    found = one(list(range(30)), y.tolist()).change
    assert found.value is not None
    assert found.high is not None
    assert found.high - found.value == pytest.approx(student.ppf(0.975, 28) * error)


def test_a_story_counts_once() -> None:
    whole = one([1, 2, 3, 4], [0, 1, 0, 1])
    twice = one([1, 1, 2, 2, 3, 3, 4, 4], [0, 0, 1, 1, 0, 0, 1, 1], [0, 0, 1, 1, 2, 2, 3, 3])
    assert twice.p == whole.p
    assert twice.change.value == pytest.approx(whole.change.value)
    assert whole.change.why == "4 clusters: an interval needs 10"


def of_shuffled_stories(n: int, seed: int) -> tuple[Array, Array, Array]:
    """Stories of unequal size, whose units are answered in any order, and nothing that changes over time."""
    rng = np.random.default_rng(seed)
    size = np.where(rng.random(n) < 0.05, 4, 1) * rng.geometric(1 / 3, n)
    story = np.repeat(np.arange(n), size)
    share = rng.beta(2, 1, n)[story]
    return rng.permutation(len(story)).astype(float), (rng.random((2, len(story))) < share).mean(axis=0), story


def test_stories_of_unequal_size_make_no_trend() -> None:
    found = [trends(time, values[:, None], story)[0].p for time, values, story in
             (of_shuffled_stories(80, seed) for seed in range(600))]  # fmt: skip
    assert np.mean([p is not None and p <= 0.05 for p in found]) < 0.065  # Mantel's test alone: .072


def test_of_stories_of_unequal_size_the_larger_p_value_counts() -> None:
    time, values, story = of_shuffled_stories(80, 3)
    (found,) = trends(time, values[:, None], story)
    size = np.bincount(story)
    x = np.bincount(story, weights=time) / size
    y = np.bincount(story, weights=values) / size
    x, y = x - x.mean(), y - y.mean()
    mantel = chi2.sf(79 * pearsonr(x, y).statistic ** 2, 1)
    robust = chi2.sf((x @ y) ** 2 / (x**2 @ y**2), 1)
    assert found.p == pytest.approx(max(mantel, robust))
    assert mantel < 0.02 < 0.03 < robust


def test_unequal_stories_that_do_change_have_a_small_p_value() -> None:
    time, values, story = of_shuffled_stories(40, 1)
    (found,) = trends(time, (values + 2 * time / len(time))[:, None], story)
    assert found.p is not None
    assert found.p < 0.01


@pytest.mark.parametrize(
    ("time", "why"),
    [
        ([], "0 stories: a trend needs 3"),
        ([1.0], "1 story: a trend needs 3"),
        ([5.0] * 4, "all were given at one time"),
    ],
)
def test_what_has_no_trend_says_why(time: list[float], why: str) -> None:
    assert one(time, [0.0] * len(time)) == Trend(Interval(None, why=why), None)


@given(st.lists(st.tuples(numbers, numbers), min_size=2, max_size=30))
def test_spearman_is_that_of_scipy(pairs: list[tuple[float, float]]) -> None:
    x, y = (list(column) for column in zip(*pairs, strict=True))
    found = spearman(x, y, np.arange(len(x)))
    if len(set(x)) == 1 or len(set(y)) == 1:
        assert found == Interval(None, why="all are the same")
    else:
        assert found.value == pytest.approx(spearmanr(x, y).statistic)
        if found.low is not None and found.high is not None and found.value is not None:
            assert -1 <= found.low <= found.value <= found.high <= 1


@given(st.lists(numbers, min_size=1, max_size=20))
def test_ranks_share_their_mean(values: list[float]) -> None:
    expected = [sum(v < x for v in values) + (sum(v == x for v in values) + 1) / 2 for x in values]
    assert mean_ranks(np.array(values)).tolist() == expected
