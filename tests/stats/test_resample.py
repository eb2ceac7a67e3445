import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from goldwire.stats.alpha import alphas
from goldwire.stats.cells import Cells
from goldwire.stats.distance import Nominal
from goldwire.stats.resample import Interval, ratio, resample, resample_each


def mean(sums):
    return ratio(sums[:, 0], sums[:, 1])


def test_the_interval_of_a_share_is_that_of_the_binomial_distribution():
    # Drawing n units with replacement, of which a share p has the label, gives Binomial(n, p) labels.
    values = np.array([1] * 60 + [0] * 140)
    interval = resample(None, np.column_stack([values, np.ones(200)]), mean, resamples=50_000)
    assert interval.value == 0.3
    assert interval.low == pytest.approx(binom.ppf(0.025, 200, 0.3) / 200, abs=0.0051)
    assert interval.high == pytest.approx(binom.ppf(0.975, 200, 0.3) / 200, abs=0.0051)


def test_copies_of_a_unit_in_its_story_do_not_narrow_the_interval():
    values = np.array([1] * 8 + [0] * 12)
    once = np.column_stack([values, np.ones(20)])
    stories = np.repeat([f"s{i}" for i in range(20)], 5)
    by_story = resample(stories, np.repeat(once, 5, axis=0), mean)
    by_unit = resample(None, np.repeat(once, 5, axis=0), mean)
    assert by_story == resample(None, once, mean)
    assert by_story.high - by_story.low > 1.5 * (by_unit.high - by_unit.low)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 14), st.integers(0, 5)), min_size=1), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows, random):
    shuffled = rows[:]
    random.shuffle(shuffled)

    def interval(pairs):
        groups, values = zip(*pairs, strict=True)
        return resample(groups, np.column_stack([values, np.ones(len(values))]), mean, resamples=50)

    assert interval(shuffled) == interval(rows)


def test_one_seed_one_interval_and_seed_0_is_a_seed():
    statistics = np.column_stack([np.arange(40), np.ones(40)])
    again = [resample(None, statistics, mean, seed=seed) for seed in (0, 0, 1)]
    assert again[0] == again[1]
    assert again[0] != again[2]


def test_a_wider_level_holds_a_narrower_one():
    statistics = np.column_stack([np.arange(40), np.ones(40)])
    wide, narrow = (resample(None, statistics, mean, level=level) for level in (0.99, 0.5))
    assert wide.low < narrow.low < narrow.value < narrow.high < wide.high


def test_with_nine_clusters_there_is_a_value_and_a_reason():
    statistics = np.column_stack([np.arange(90), np.ones(90)])
    few = resample(np.arange(90) % 9, statistics, mean)
    assert few == Interval(44.5, None, None, "9 clusters: an interval needs 10")
    assert resample(np.arange(90) % 10, statistics, mean).why is None
    assert resample(["one"], [[1.0, 1.0]], mean).why == "1 cluster: an interval needs 10"


def test_what_is_not_defined_has_a_reason():
    zeros = np.zeros((20, 2))
    assert resample(None, zeros, mean) == Interval(None, None, None, "not defined on these data")
    rare = zeros.copy()
    rare[0] = 1
    interval = resample(None, rare, mean)
    assert (interval.value, interval.low, interval.high) == (1.0, None, None)
    assert interval.why is not None
    undefined = int(interval.why.removeprefix("not defined in ").split(" of 1000 resamples")[0])
    assert undefined == pytest.approx(1000 * (19 / 20) ** 20, abs=60)


def test_several_figures_come_from_the_same_draws():
    statistics = np.column_stack([np.arange(30), np.ones(30)])
    one, minus = resample_each(None, statistics, lambda sums: np.column_stack([mean(sums), -mean(sums)]))
    assert (minus.value, minus.low, minus.high) == pytest.approx((-one.value, -one.high, -one.low), abs=1e-12)


def test_many_distinct_clusters_are_drawn_in_blocks():
    statistics = np.column_stack([np.linspace(0, 1, 9000), np.ones(9000)])
    interval = resample(None, statistics, mean)  # 1,000 x 9,000 numbers: three blocks
    error = np.sqrt(1 / 12 / 9000)
    assert interval.low == pytest.approx(0.5 - 1.96 * error, abs=0.2 * error)
    assert interval.high == pytest.approx(0.5 + 1.96 * error, abs=0.2 * error)


def test_a_figure_outside_of_its_resamples_has_no_interval():
    # 50 units, 100 answers that are all different: alpha is 1 - 99 * 100 / (100 * 99) = 0. In a resample a unit that
    # comes w times makes w equal answers, so that chance is more, and alpha below 0.
    answers = np.arange(100).reshape(50, 2)
    estimator = alphas(Cells(np.repeat(np.arange(50), 2), answers.ravel(), np.ones(100, np.int64), 50, 100),
                       {"nominal": Nominal(100)})  # fmt: skip
    (found,) = resample_each(None, estimator.statistics, estimator.function)
    assert (found.value, found.low, found.high) == (0.0, None, None)
    assert found.why == "the figure lies outside of what its resamples give: they tell nothing of it"


def test_as_dict_rounds_and_gives_the_reason():
    assert Interval(0.12345678, -0.0000001, 1.0).as_dict() == {"value": 0.123457, "low": 0.0, "high": 1.0}
    assert str(Interval(-0.0000001).as_dict()["value"]) == "0.0"
    assert Interval(None, why="no answers").as_dict() == {
        "value": None,
        "low": None,
        "high": None,
        "why": "no answers",
    }


def test_statistics_of_the_wrong_shape_are_refused():
    with pytest.raises(ValueError, match="rows x columns"):
        resample(None, [1.0, 2.0], mean)
    with pytest.raises(ValueError, match="2 groups for 1 rows"):
        resample(["a", "b"], [[1.0, 1.0]], mean)
