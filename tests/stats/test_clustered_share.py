"""Shares of groups: Wilson's interval where all stand alone, wider where they move together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm
from scipy.stats import t as student

from goldwire.stats.clustered_share import shares
from goldwire.stats.proportion import wilson
from goldwire.stats.resample import Interval


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 2)), min_size=1, max_size=60))
def test_alone_it_is_wilson_s_interval(things: list[tuple[bool, int]]) -> None:
    hit, group = (np.array(column) for column in zip(*things, strict=True))
    found = shares(hit, group, np.arange(len(hit)), 3)
    for number in range(3):
        n, right = int((group == number).sum()), int(hit[group == number].sum())
        assert found.n[number] == n
        interval, expected = found.interval(number), wilson(right, n)
        assert interval.value == (None if n == 0 else pytest.approx(expected.value))
        if n >= 10:
            assert (interval.low, interval.high) == (
                pytest.approx(expected.low, abs=1e-9),
                pytest.approx(expected.high, abs=1e-9),
            )
        else:
            assert interval.low is None
            assert interval.why


def test_twenty_stories_of_five_equal_answers_say_somewhat_less_than_twenty_answers() -> None:
    hit = np.repeat(np.arange(20) % 2 == 0, 5)
    found = shares(hit, np.zeros(100, np.int64), np.repeat(np.arange(20), 5), 1).interval(0)
    # Korn and Graubard: the variance over that of 100 answers by themselves, then Student's t of 99 by that of 19
    effect = (20 / 19 * 20 * 2.5**2 / 100**2) / (0.25 / 99)
    n = 100 / effect * (student.ppf(0.975, 99) / student.ppf(0.975, 19)) ** 2
    z2 = norm.ppf(0.975) ** 2
    half = np.sqrt(z2 * (0.25 / n + z2 / (4 * n**2))) / (1 + z2 / n)
    assert (found.low, found.high) == (pytest.approx(0.5 - half), pytest.approx(0.5 + half))
    assert found.low is not None
    assert wilson(8, 16).low < found.low < wilson(10, 20).low  # type: ignore[operator]
    never = shares(np.zeros(100, bool), np.zeros(100, np.int64), np.repeat(np.arange(20), 5), 1).interval(0)
    assert (never.low, never.high) == (0, pytest.approx(wilson(0, 20).high))


def test_thirty_stories_of_unequal_size_cover_the_share_as_often_as_they_should() -> None:
    rng = np.random.default_rng(1)
    held = []
    for _ in range(1000):
        story = np.repeat(np.arange(30), np.where(rng.random(30) < 0.05, 4, 1) * rng.geometric(0.25, 30))
        hit = rng.random(len(story)) < rng.beta(1, 1, 30)[story]
        found = shares(hit, np.zeros(len(hit), np.int64), story, 1)
        held.append(found.low[0] <= 0.5 <= found.high[0])
    assert np.mean(held) > 0.92  # .916 with the effective size taken as known


def test_few_stories_have_no_interval() -> None:
    found = shares(np.array([True] * 30), np.zeros(30, np.int64), np.arange(30) % 9, 2)
    assert found.interval(0) == Interval(1.0, why="9 clusters: an interval needs 10")
    assert found.interval(1) == Interval(None, why="no answers")
