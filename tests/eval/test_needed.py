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
    assert needed(100, 0.05, -0.05, 0.15) == math.ceil(400 * times) == 818
    assert needed(100, -0.05, -0.15, 0.05) == 818
    assert needed(101, 0.02, -0.01, 0.05) == math.ceil(227.25 * times) == 465


def test_it_is_always_more_than_there_are() -> None:
    assert needed(100, 0.05, -0.001, 0.06) == 101  # skewed: half the width is far less than the difference


@pytest.mark.parametrize(
    ("difference", "low", "high"),
    [
        (0.05, 0.01, 0.09),  # settled
        (-0.05, -0.09, -0.01),
        (0.0, -0.1, 0.1),  # equal
        (0.05, None, None),  # no interval
        (None, None, None),
    ],
)
def test_there_is_no_number_when_settled_or_equal_or_unknown(
    difference: float | None, low: float | None, high: float | None
) -> None:
    assert needed(100, difference, low, high) is None


def _compared(stories: int, seed: int) -> dict[str, Any]:
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
    return differences(gold, {"one": one, "two": two}, Bootstrap(200), ["accuracy"], labels=False)[0]


UNITS = 472
"""6 studies of 4,000 units say so: the interval is .0144 to either side, and 2.04 x 4,000 (.0144 / .06)^2 is 471."""


def test_small_studies_that_see_the_true_difference_say_about_what_it_takes() -> None:
    rows = [row for seed in range(250) if abs((row := _compared(40, seed))["difference"] - 0.06) < 0.01]
    assert len(rows) > 10
    assert float(np.median([row["needed"] for row in rows])) == pytest.approx(UNITS, rel=0.25)


@pytest.mark.parametrize(("units", "least", "most"), [(UNITS, 0.68, 0.92), (UNITS // 2, 0.35, 0.65)])
def test_with_so_many_units_four_of_five_studies_are_settled_and_with_half_as_many_every_second(
    units: int, least: float, most: float
) -> None:
    settled = [_compared(units // 2, seed)["needed"] is None for seed in range(80)]
    assert least < np.mean(settled) < most
