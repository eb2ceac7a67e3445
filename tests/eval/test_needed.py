"""How many labels would settle a comparison: by hand, and by trying it."""

import math
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from goldwire.eval.compare import differences
from goldwire.eval.compare.needed import needed
from goldwire.eval.measure import Bootstrap, Gold
from goldwire.eval.task import Answer, Task

TASK = Task(("a", "b"))


def test_an_interval_twice_as_wide_as_the_difference_needs_four_times_the_units_and_for_four_of_five_twice_that() -> (
    None
):
    times = ((norm.ppf(0.975) + norm.ppf(0.80)) / norm.ppf(0.975)) ** 2
    assert times == pytest.approx(2.0432, abs=1e-4)
    assert math.ceil(400 * times) == 818
    assert needed(100, 0.05, -0.05, 0.15) == needed(100, -0.05, -0.15, 0.05) == (820, None)
    assert math.ceil(227.25 * times) == 465
    assert needed(101, 0.02, -0.01, 0.05) == (470, None)


def test_of_a_family_each_must_be_below_its_part_of_alpha_and_the_level_says_which_alpha() -> None:
    def by_hand(level: float, family: int) -> float:
        z = norm.ppf(1 - (1 - level) / 2)
        return float(1000 * ((norm.ppf(1 - (1 - level) / 2 / family) + norm.ppf(0.80)) * (0.04 / z) / 0.05) ** 2)

    for level, family in ((0.95, 6), (0.95, 60), (0.9, 1), (0.99, 1), (0.99, 6)):
        found, _ = needed(1000, 0.05, 0.01, 0.09, level=level, family=family)
        assert found is not None
        assert by_hand(level, family) <= found <= 1.1 * by_hand(level, family)


def test_it_is_always_more_than_there_are() -> None:
    assert needed(100, 0.05, -0.001, 0.06) == (110, None)  # skewed: half the width is far less than the difference


@pytest.mark.parametrize(
    ("difference", "low", "high", "why"),
    [
        (0.0, -0.1, 0.1, "no number of units settles a difference of 0"),
        (
            0.001,
            -0.1,
            0.102,
            "more than 10 times these 100 units, or none would do: beside its interval it is near 0",
        ),
        (0.05, None, None, "the difference has no interval"),
        (None, None, None, "the difference has no interval"),
    ],
)
def test_where_no_number_is_a_plan_a_reason_is_told(
    difference: float | None, low: float | None, high: float | None, why: str
) -> None:
    assert needed(100, difference, low, high) == (None, why)


def _compared(stories: int, seed: int, level: float = 0.95) -> dict[str, Any]:
    """Two models, right on .70 and .76 of units, of which those of one story go together; two units a story."""
    generator = np.random.default_rng(seed)
    of_story = np.repeat(generator.random(stories), 2)
    luck = np.where(generator.random(2 * stories) < 0.5, of_story, generator.random(2 * stories))
    other = np.where(generator.random(2 * stories) < 0.6, luck, generator.random(2 * stories))
    actual: list[Answer] = [("a",), ("b",)] * stories
    wrong: list[Answer] = [("b",), ("a",)] * stories
    one, two = (
        [good if hit else bad for good, bad, hit in zip(actual, wrong, hits, strict=True)]
        for hits in (luck < 0.70, other < 0.76)
    )
    gold = Gold.of(TASK, actual, np.repeat(np.arange(stories), 2), metrics=["accuracy"])
    return differences(gold, {"one": one, "two": two}, Bootstrap(200, level), ["accuracy"], labels=False)[0]


UNITS = 472
"""6 studies of 4,000 units say so: the interval is .0144 to either side, and 2.04 x 4,000 (.0144 / .06)^2 is 471."""


def test_small_studies_that_see_the_true_difference_say_about_what_it_takes() -> None:
    rows = [row for seed in range(250) if abs((row := _compared(40, seed))["difference"] - 0.06) < 0.01]
    told = [row["needed"] for row in rows if row["needed"]]
    assert len(told) > 10
    assert float(np.median(told)) == pytest.approx(UNITS, rel=0.25)


@pytest.mark.parametrize(("units", "least", "most"), [(UNITS, 0.68, 0.92), (UNITS // 2, 0.35, 0.65)])
def test_with_so_many_units_four_of_five_studies_are_settled_and_with_half_as_many_every_second(
    units: int, least: float, most: float
) -> None:
    settled = [_compared(units // 2, seed)["p_holm"] < 0.05 for seed in range(80)]
    assert least < np.mean(settled) < most


def test_what_is_not_settled_has_a_number_or_a_reason_and_what_is_settled_neither() -> None:
    seen = set()
    for level in (0.8, 0.95, 0.99):
        for seed in range(12):
            row = _compared(40, seed, level)
            told = (row["needed"] is not None, "needed_why" in row)
            seen.add(told)
            assert told == (False, False) if row["p_holm"] < 1 - level else sum(told) == 1
    assert seen == {(False, False), (False, True), (True, False)}


def test_an_interval_beyond_zero_does_not_settle_what_holm_does_not() -> None:
    """One of six comparisons with p about .02: alone it is settled, and among six it is not."""
    actual: list[Answer] = [("a",), ("b",)] * 100
    wrong: list[Answer] = [("b",), ("a",)] * 100
    clusters = np.arange(200)

    def model(wins: int, losses: int) -> list[Answer]:
        return [*wrong[:losses], *actual[losses : 200 - 40 + wins], *wrong[200 - 40 + wins :]]

    base = model(0, 0)
    gold = Gold.of(TASK, actual, clusters, metrics=["accuracy"])
    others = {f"m{i}": model(1 + i % 2, 1) for i in range(5)}
    alone, *_ = differences(gold, {"base": base, "new": model(14, 4)}, Bootstrap(500), ["accuracy"], labels=False)
    among, *_ = differences(
        gold, {"base": base, "new": model(14, 4), **others}, Bootstrap(500), ["accuracy"], labels=False
    )
    assert alone["p_holm"] < 0.05 < among["p_holm"]
    assert alone["low"] == among["low"] > 0
    assert (alone["needed"], "needed_why" in alone) == (None, False)
    assert 200 < among["needed"] < 600
