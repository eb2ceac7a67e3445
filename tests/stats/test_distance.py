import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.stats.cells import Cells
from goldwire.stats.distance import Masi, Nominal, Numbers, Tree, ranks


def between(distance, n):
    everyone = np.arange(n)
    return distance.between(np.repeat(everyone, n), np.tile(everyone, n)).reshape(n, n)


def test_masi_distances_by_hand():
    sets = [("a",), ("a", "b"), ("b", "c"), ("c",), (), ("a", "b", "c")]
    expected = [
        [0, 1 - 1 / 2 * 2 / 3, 1, 1, 1, 1 - 1 / 3 * 2 / 3],
        [1 - 1 / 2 * 2 / 3, 0, 1 - 1 / 3 * 1 / 3, 1, 1, 1 - 2 / 3 * 2 / 3],
        [1, 1 - 1 / 3 * 1 / 3, 0, 1 - 1 / 2 * 2 / 3, 1, 1 - 2 / 3 * 2 / 3],
        [1, 1, 1 - 1 / 2 * 2 / 3, 0, 1, 1 - 1 / 3 * 2 / 3],
        [1, 1, 1, 1, 0, 1],
        [1 - 1 / 3 * 2 / 3, 1 - 2 / 3 * 2 / 3, 1 - 2 / 3 * 2 / 3, 1 - 1 / 3 * 2 / 3, 1, 0],
    ]
    assert between(Masi(sets), 6) == pytest.approx(np.array(expected), abs=1e-15)


def test_tree_distances_by_hand():
    sets = [
        ("B/Armed clash",),
        ("B/Territory",),
        ("B",),
        ("R/Mob",),
        (),
        ("B/Armed clash", "R/Mob"),
        ("B", "B/Territory"),
    ]
    # With ancestors: 2, 2, 1, 2, none, 4, 2 labels. Wu and Palmer: 2 * depth of the lowest in common / both depths.
    expected = [
        [0, 1 - 2 / 4, 1 - 2 / 3, 1, 1, 1 - 4 / 6, 1 - 2 / 4],
        [1 - 2 / 4, 0, 1 - 2 / 3, 1, 1, 1 - 2 / 6, 0],
        [1 - 2 / 3, 1 - 2 / 3, 0, 1, 1, 1 - 2 / 5, 1 - 2 / 3],
        [1, 1, 1, 0, 1, 1 - 4 / 6, 1],
        [1, 1, 1, 1, 0, 1, 1],
        [1 - 4 / 6, 1 - 2 / 6, 1 - 2 / 5, 1 - 4 / 6, 1, 0, 1 - 2 / 6],
        [1 - 2 / 4, 0, 1 - 2 / 3, 1, 1, 1 - 2 / 6, 0],
    ]
    assert between(Tree(sets), 7) == pytest.approx(np.array(expected), abs=1e-15)


def test_a_path_that_begins_like_another_is_not_below_it():
    assert between(Tree([("Protests",), ("Protests2/x",)]), 2)[0, 1] == 1.0


def pairwise(distance, k):
    if isinstance(distance, Nominal):
        return 1.0 - np.eye(k)
    if isinstance(distance, Numbers):
        return (distance.values[:, None] - distance.values[None, :]) ** 2
    return between(distance, k)


SETS = [(), ("A",), ("A/x",), ("A/x", "B"), ("B", "C/y/z"), ("A", "B", "C")]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(st.integers(0, 3), min_size=6, max_size=6), min_size=1, max_size=6))
def test_sums_without_pairs_equal_sums_over_all_pairs(rows):
    counts = np.array(rows)
    cells = Cells.of_counts(counts)
    for distance in (Nominal(6), ranks(6), Numbers(np.array([3.0, -1, 1e3, 0.5, 7, 7])), Masi(SETS), Tree(SETS)):
        d = pairwise(distance, 6)
        differing = (counts @ d)[cells.unit, cells.answer]
        assert distance.differing(cells) == pytest.approx(differing, abs=1e-6)
        features = np.eye(6) if distance.features is None else distance.features
        expected = ((counts @ d) * counts).sum(axis=1)
        assert distance.expected(np.asarray(counts @ features)) == pytest.approx(expected, abs=1e-6)
        assert distance.largest == pytest.approx(d.max())


def test_thousands_of_sets_are_compared_in_blocks():
    draw = np.random.default_rng(3)
    sets = [tuple(f"l{i}" for i in np.flatnonzero(row)) for row in np.unique(draw.random((1500, 12)) < 0.4, axis=0)]
    counts = draw.integers(0, 3, (4, len(sets))).astype(float)
    for distance in (Masi(sets), Tree(sets)):
        d = between(distance, len(sets))
        features = np.eye(len(sets)) if distance.features is None else distance.features
        whole = ((counts @ d) * counts).sum(axis=1)
        assert distance.expected(np.asarray(counts @ features)) == pytest.approx(whole, rel=1e-12)
    assert len(sets) > 1024
