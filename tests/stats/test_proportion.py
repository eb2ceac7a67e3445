"""Wilson's interval, against SciPy's."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from goldwire.stats.proportion import wilson
from goldwire.stats.resample import Interval


@settings(deadline=None)
@given(st.integers(1, 500), st.data(), st.sampled_from([0.8, 0.95, 0.99]))
def test_the_interval_is_that_of_scipy(n: int, data: st.DataObject, level: float) -> None:
    right = data.draw(st.integers(0, n))
    found = wilson(right, n, level)
    expected = binomtest(right, n).proportion_ci(level, method="wilson")
    assert (found.value, found.low, found.high) == (
        right / n,
        pytest.approx(expected.low, abs=1e-9),
        pytest.approx(expected.high, abs=1e-9),
    )


def test_of_nothing_nothing_is_defined() -> None:
    assert wilson(0, 0) == Interval(None, why="nothing was answered")
