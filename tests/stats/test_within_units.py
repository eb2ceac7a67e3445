"""The test of a label's rate within units: by every way the answers could lie, and against SciPy."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, chi2, poisson_binom

from goldwire.stats import within_units as module
from goldwire.stats.within_units import distribution, within_units

Units = list[tuple[bool, int, int]]  # whether he gave it, answers with it, answers

units = st.lists(
    st.integers(2, 5).flatmap(
        lambda m: st.integers(0, m).flatmap(
            lambda c: st.tuples(st.sampled_from([False] * (c < m) + [True] * (c > 0)), st.just(c), st.just(m))
        )
    ),
    min_size=1,
    max_size=7,
)


def of_units(found: Units, clusters: list[int] | None = None) -> module.Comparison:
    given_, c, m = (np.array(x) for x in zip(*found, strict=True))
    cluster = np.arange(len(found)) if clusters is None else np.array(clusters)
    return within_units(given_.astype(bool), c / m, cluster)


def by_enumeration(found: Units) -> float | None:
    """Let each unit's answers change places in every way, and count how likely what is no likelier is."""
    open_ = [(g, c, m) for g, c, m in found if 0 < c < m]
    if not open_:
        return None
    likely: dict[int, float] = {}
    for places in product(*[range(m) for _, _, m in open_]):
        total = sum(place < c for place, (_, c, _) in zip(places, open_, strict=True))
        likely[total] = likely.get(total, 0) + 1 / np.prod([m for _, _, m in open_])
    seen = likely[sum(g for g, _, _ in open_)]
    return min(1.0, sum(p for p in likely.values() if p <= seen * (1 + 1e-7)))


@settings(deadline=None, max_examples=60)
@given(units)
def test_it_is_the_share_of_all_exchanges_within_units_that_are_no_likelier(found: Units) -> None:
    expected = by_enumeration(found)
    test = of_units(found)
    assert test.p == (None if expected is None else pytest.approx(expected, abs=1e-9))
    assert test.units == sum(0 < c < m for _, c, m in found)
    assert test.kind == (None if expected is None else "exact")


@given(st.integers(1, 200), st.data())
def test_with_two_annotators_it_is_the_sign_test(n: int, data: st.DataObject) -> None:
    times = data.draw(st.integers(0, n))
    test = of_units([(i < times, 1, 2) for i in range(n)])
    assert test.p == pytest.approx(binomtest(times, n).pvalue, rel=1e-6)


@given(st.lists(st.sampled_from([0.2, 0.25, 1 / 3, 0.5, 0.6, 0.8]), max_size=40))
def test_the_distribution_is_that_of_scipy(chances: list[float]) -> None:
    found = distribution(np.array(chances))
    expected = poisson_binom(chances).pmf(np.arange(len(chances) + 1)) if chances else [1.0]
    assert found == pytest.approx(expected, abs=1e-9)


def test_of_many_units_it_is_the_statistic_of_cochran_mantel_and_haenszel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EXACT", 10)
    rng = np.random.default_rng(0)
    found = [(bool(rng.random() < 0.6), 1, 2) for _ in range(150)] + [(bool(rng.random() < 0.4), 1, 3)] * 150
    observed = sum(g for g, _, _ in found)
    expected = sum(c / m for _, c, m in found)
    # of a stratum with one answer of his and m - 1 others: c (m - c) / m^2
    variance = sum(c * (m - c) / m**2 for _, c, m in found)
    test = of_units(found)
    assert test.kind == "normal"
    assert test.p == pytest.approx(chi2.sf((observed - expected) ** 2 / variance, 1))


def test_units_of_one_story_do_not_count_as_many() -> None:
    found = [(True, 1, 2)] * 20
    alone, together = of_units(found), of_units(found, [i // 5 for i in range(20)])
    assert alone.p == pytest.approx(2 * 0.5**20)
    # four stories with a sum of 2.5 each: 10 / sqrt(4 * 6.25) = 2 standard deviations
    assert together.p == pytest.approx(0.0455, abs=1e-4)
    assert (alone.kind, together.kind) == ("exact", "clustered")


def test_where_everybody_agrees_there_is_nothing_to_test() -> None:
    assert of_units([(True, 2, 2), (False, 0, 3)]) == module.Comparison(
        None, 0, why="all answers to the same units agree about it"
    )
