"""McNemar's exact test against scipy's binomial test, and against the randomisation test it is a case of."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from goldwire.eval.compare.mcnemar import mcnemar
from goldwire.eval.compare.swaps import swapped
from goldwire.stats.resample import Estimator


@given(st.integers(0, 400), st.integers(0, 400))
def test_it_is_the_two_sided_binomial_test_of_one_half(wins: int, losses: int) -> None:
    expected = binomtest(wins, wins + losses).pvalue if wins + losses else 1.0
    assert mcnemar(wins, losses) == pytest.approx(expected, rel=1e-9, abs=1e-15)


def test_six_to_one_by_hand() -> None:
    assert mcnemar(6, 1) == mcnemar(1, 6) == pytest.approx(2 * (1 + 7) / 2**7)
    assert mcnemar(0, 0) == mcnemar(3, 3) == 1.0
    assert mcnemar(20_000, 19_000) == pytest.approx(binomtest(20_000, 39_000).pvalue, rel=1e-6)


def test_with_each_unit_its_own_story_swapping_is_the_same_test() -> None:
    right_a = np.array([[1.0]] * 12 + [[0.0]] * 4 + [[1.0]] * 30)
    right_b = np.array([[0.0]] * 12 + [[1.0]] * 4 + [[1.0]] * 30)
    p = swapped(*(Estimator(rows, lambda sums: sums) for rows in (right_a, right_b)), seed=0)
    assert p[0] == pytest.approx(mcnemar(12, 4), rel=0.15)
