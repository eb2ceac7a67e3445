"""Estimates from samples: against hand-worked figures and other implementations. Simulations: tests/corpus."""

import math

import pytest
from scipy import stats

from goldwire.stats.survey import rates, total

# Made up: three strata with unequal weights, and clusters of one or two units.
LABELS = ["y", "y", "n", "n", "n", "y", "y", "y", "n", "n", "n", "n", "n", "n", "y", "n", "y", "y"]
WEIGHTS = [2.0, 2, 2, 2, 2, 2, 5, 5, 5, 5, 5, 5, 10, 10, 10, 10, 10, 10]
STRATA = ["a"] * 6 + ["b"] * 6 + ["c"] * 6
CLUSTERS = ["s1", "s1", "s2", "s3", "s3", "s4", "s5", "s5", "s6", "s7", "s7", "s8", "s9", "s9", "s10", "s11", "s12"]
CLUSTERS += ["s12"]

# The standard errors that samplics 0.6.0 gives for these (TaylorEstimator, mean and total, with psu and stratum).
SE_SHARE, SE_TOTAL = 0.20180699364643442, 21.939310229205777


def taylor(z: list[float], clusters: list[str], strata: list[str]) -> float:
    """The variance formula, written out with plain loops."""
    variance = 0.0
    for stratum in set(strata):
        sums: dict[str, float] = {}
        for value, cluster, own in zip(z, clusters, strata, strict=True):
            if own == stratum:
                sums[cluster] = sums.get(cluster, 0.0) + value
        mean = sum(sums.values()) / len(sums)
        variance += len(sums) / (len(sums) - 1) * sum((value - mean) ** 2 for value in sums.values())
    return variance


def test_shares_and_totals_are_those_worked_out_by_hand() -> None:
    found = rates([{label} for label in LABELS], [1 / w for w in WEIGHTS], clusters=CLUSTERS, strata=STRATA)
    # weights of y: 3 x 2 + 2 x 5 + 3 x 10 = 46, of all: 6 x 2 + 6 x 5 + 6 x 10 = 102
    assert list(found) == ["n", "y"]
    share = 46 / 102
    assert found["y"].value == pytest.approx(share)
    z = [w * ((label == "y") - share) / 102 for w, label in zip(WEIGHTS, LABELS, strict=True)]
    variance = taylor(z, CLUSTERS, STRATA)
    assert math.sqrt(variance) == pytest.approx(SE_SHARE)
    size = share * (1 - share) / variance * (stats.t.ppf(0.975, 17) / stats.t.ppf(0.975, 12 - 3)) ** 2
    assert size < 18
    hits, misses = size * share, size * (1 - share)
    expected = stats.beta.ppf([0.025, 0.975], [hits, hits + 1], [misses + 1, misses])
    assert (found["y"].low, found["y"].high) == pytest.approx(tuple(expected))
    assert (found["n"].low, found["n"].high) == pytest.approx((1 - expected[1], 1 - expected[0]))

    sum_ = total(
        [float(label == "y") for label in LABELS], [1 / w for w in WEIGHTS], clusters=CLUSTERS, strata=STRATA
    )
    half = stats.t.ppf(0.975, 9) * SE_TOTAL
    assert (sum_.value, sum_.low, sum_.high) == pytest.approx((46, 46 - half, 46 + half))


@pytest.mark.parametrize("hits", [0, 1, 7, 29, 30])
def test_with_equal_probabilities_the_interval_is_that_of_clopper_and_pearson(hits: int) -> None:
    labels = [["x"]] * hits + [[]] * (30 - hits)
    found = rates(labels, [0.1] * 30, names=["x"])["x"]
    # The variance of a share is p(1-p)/(n-1) here, so 30 units tell as much as 29 of a binomial do; with no variance
    # to go by, as much as 30.
    size = 29 if 0 < hits < 30 else 30
    share = hits / 30
    low = stats.beta.ppf(0.025, size * share, size - size * share + 1) if hits else 0.0
    high = stats.beta.ppf(0.975, size * share + 1, size - size * share) if hits < 30 else 1.0
    assert (found.value, found.low, found.high) == pytest.approx((share, low, high))
    exact = stats.binomtest(hits, 30).proportion_ci(method="exact")
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high), abs=0.004)


def test_copies_of_one_story_tell_no_more_than_the_story() -> None:
    labels = [["x"]] * 15 + [["y"]] * 15
    alone = rates(labels, [0.5] * 30)
    tripled = rates([label for label in labels for _ in range(3)], [0.5] * 90, clusters=[i // 3 for i in range(90)])
    for name in ("x", "y"):
        before, after = alone[name], tripled[name]
        # 89 degrees of freedom in the one, 29 in the other: all that is left is the ratio of Student's t
        assert (after.value, after.low, after.high) == pytest.approx(
            (before.value, before.low, before.high), abs=0.012
        )
    none = rates([[]] * 90, [0.5] * 90, names=["x"], clusters=[i // 3 for i in range(90)])["x"]
    assert none.high == pytest.approx(1 - 0.025 ** (1 / 30))  # 30 stories without it, not 90 articles


def test_strata_make_the_interval_narrower_and_one_cluster_in_a_stratum_is_no_division_by_zero() -> None:
    labels = [["x"]] * 18 + [[]] * 2 + [["x"]] * 2 + [[]] * 18
    without = rates(labels, [0.1] * 40)["x"]
    within = rates(labels, [0.1] * 40, strata=["a"] * 20 + ["b"] * 20)["x"]
    assert None not in (without.low, without.high, within.low, within.high)
    assert without.low < within.low  # type: ignore[operator]
    assert within.high < without.high  # type: ignore[operator]
    lone = rates(labels, [0.1] * 40, strata=["a"] * 39 + ["b"])["x"]
    assert lone.value == 0.5
    assert lone.low == pytest.approx(without.low, abs=0.02)


def test_labels_that_follow_the_strata_exactly_still_have_an_interval() -> None:
    found = rates([["x"]] * 20 + [[]] * 20, [0.1] * 40, strata=["a"] * 20 + ["b"] * 20)["x"]
    exact = stats.binomtest(20, 40).proportion_ci(method="exact")
    assert (found.value, found.low, found.high) == pytest.approx((0.5, exact.low, exact.high))


def test_units_with_several_labels_or_none_count_for_each_and_for_none() -> None:
    found = rates([["a", "b"], ["a"], [], ["b"]] * 10, [1, 0.5, 0.5, 1] * 10, names=["b", "a", "c"])
    assert {name: share.value for name, share in found.items()} == pytest.approx({"b": 1 / 3, "a": 1 / 2, "c": 0})
    assert list(found) == ["b", "a", "c"]


def test_few_clusters_have_no_interval_and_no_units_no_share() -> None:
    few = rates([["a"], []] * 5, [0.5] * 10, clusters=[0] * 5 + [1, 2, 3, 4, 5])["a"]
    assert (few.value, few.low, few.high, few.why) == (0.5, None, None, "6 clusters: an interval needs 10")
    assert total([1.0], [0.25]).why == "1 cluster: an interval needs 10"
    assert rates([], [], names=["a"])["a"].value is None


@pytest.mark.parametrize("probabilities", [[0.0, 0.5], [1.1, 0.5], [float("nan"), 0.5], [0.5]])
def test_what_is_no_probability_is_refused(probabilities: list[float]) -> None:
    with pytest.raises(ValueError, match=r"probability|length"):
        rates([["a"], ["b"]], probabilities)


def test_the_level_is_the_coverage() -> None:
    labels = [["x"]] * 30 + [[]] * 70
    wide, narrow = rates(labels, [0.1] * 100, level=0.99)["x"], rates(labels, [0.1] * 100, level=0.5)["x"]
    exact = stats.binomtest(30, 100).proportion_ci(0.99, method="exact")
    assert (wide.low, wide.high) == pytest.approx((exact.low, exact.high), abs=0.002)
    exact = stats.binomtest(30, 100).proportion_ci(0.5, method="exact")
    assert (narrow.low, narrow.high) == pytest.approx((exact.low, exact.high), abs=0.002)
