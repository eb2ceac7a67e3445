import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from goldwire.stats import kappa
from goldwire.stats.agreement import observed, with_the_rest
from goldwire.stats.cells import Cells
from goldwire.stats.distance import Numbers, ranks

# The worked example of Fleiss' kappa in common use (Wikipedia, after Fleiss 1971): 14 raters, 10 subjects.
FOURTEEN_RATERS = np.array(
    [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ]
)
# cac.raw4raters of the R package irrCAC, with its published coefficients: units x labels, with missing answers.
FOUR_RATERS = np.array(
    [
        [3, 0, 0, 0, 0],
        [0, 3, 1, 0, 0],
        [0, 0, 4, 0, 0],
        [0, 0, 4, 0, 0],
        [0, 4, 0, 0, 0],
        [1, 1, 1, 1, 0],
        [0, 0, 0, 4, 0],
        [3, 1, 0, 0, 0],
        [0, 4, 0, 0, 0],
        [0, 0, 0, 0, 3],
        [2, 0, 0, 0, 0],
        [0, 0, 1, 0, 0],
    ]
)


def of_many(counts, distance=None):
    """Fleiss' kappa, AC1, AC2."""
    return kappa.of_many(Cells.of_counts(counts), distance).values()


def share(counts, distance=None):
    return float(observed(Cells.of_counts(counts), distance).values()[0])


def cohen(first, second):
    return kappa.cohen(np.asarray(first), np.asarray(second)).values()


def test_fleiss_kappa_of_the_published_example():
    assert share(FOURTEEN_RATERS) == pytest.approx(0.378, abs=5e-4)
    assert of_many(FOURTEEN_RATERS)[0] == pytest.approx(0.210, abs=5e-4)


def test_coefficients_with_missing_answers_equal_irrcac():
    assert share(FOUR_RATERS) == pytest.approx(0.81818, abs=5e-6)
    fleiss, ac1, ac2 = of_many(FOUR_RATERS)
    assert (fleiss, ac1, ac2) == (pytest.approx(0.76117, abs=5e-6), pytest.approx(0.77544, abs=5e-6), ac1)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), min_size=1, max_size=8))
def test_coefficients_equal_their_formulas_written_out(rows):
    counts = np.array(rows)
    size = counts.sum(axis=1)
    paired = size >= 2
    assume(paired.any())
    places = np.arange(4)
    for distance, d in ((None, 1.0 - np.eye(4)), (ranks(4), (places[:, None] - places) ** 2 / 9)):
        w = 1 - d
        pi = (counts[size > 0] / size[size > 0, None]).mean(axis=0)
        m = size[paired]
        weighed = [sum(n[c] * (w[c] @ n - 1) for c in range(4)) for n in counts[paired]]
        same = (counts[paired] * (counts[paired] - 1)).sum(axis=1)
        agree, close = (same / (m * (m - 1))).mean(), (weighed / (m * (m - 1))).mean()
        ac2 = w.sum() / 12 * (pi * (1 - pi)).sum()
        expected = [
            (agree - e) / (1 - e) if abs(1 - e) > 1e-12 else np.nan
            for e in ((pi**2).sum(), (pi * (1 - pi)).sum() / 3)
        ]
        found = of_many(counts, distance)
        assert found == pytest.approx([*expected, (close - ac2) / (1 - ac2)], abs=1e-9, nan_ok=True)
        assert share(counts, distance) == pytest.approx(close, abs=1e-9)


PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30)


@settings(deadline=None, max_examples=60)
@given(PAIRS)
def test_cohen_kappa_equals_scikit_learn(pairs):
    first, second = zip(*pairs, strict=True)
    assume(len({*first, *second}) > 1)
    assert cohen(first, second)[1] == pytest.approx(cohen_kappa_score(first, second), abs=1e-9)
    weighted = kappa.weighted_cohen(np.array(first), np.array(second)).values()[0]
    theirs = cohen_kappa_score(first, second, labels=range(4), weights="quadratic")
    assert weighted == pytest.approx(theirs, abs=1e-9)


def test_labels_that_nobody_gave_change_ac1_and_not_kappa():
    counts = np.array([[2, 0], [1, 1], [0, 2]])
    wider = np.column_stack([counts, [0, 0, 0]])
    # Observed 2/3; shares .5 and .5: chance of AC1 is .5 with two labels, .25 with three.
    ac1 = [of_many(one)[1] for one in (counts, wider)]
    assert ac1 == pytest.approx([1 / 3, (2 / 3 - 1 / 4) / (3 / 4)], abs=1e-12)
    assert of_many(wider)[0] == pytest.approx(of_many(counts)[0], abs=1e-12) == pytest.approx(1 / 3, abs=1e-12)


def test_ac2_of_three_ordered_labels_by_hand():
    # (0, 0), (0, 1), (1, 2), (2, 2); w = 1, 3/4, 0 by distance. Close: (1 + 3/4 + 3/4 + 1) / 4 = 7/8.
    # pi = 3/8, 1/4, 3/8: sum pi (1 - pi) = 21/32; sum w = 3 + 4 * 3/4 = 6; chance 6 / 6 * 21/32.
    counts = np.array([[2, 0, 0], [1, 1, 0], [0, 1, 1], [0, 0, 2]])
    for distance in (ranks(3), Numbers(np.array([10.0, 20, 30]))):
        assert of_many(counts, distance)[2] == pytest.approx((7 / 8 - 21 / 32) / (11 / 32), abs=1e-12)


def test_what_is_not_defined_is_nan():
    nobody_shares = np.array([[1, 0], [0, 1]])
    all_alike = np.array([[2, 0], [3, 0]])
    nothing = [share(nobody_shares), *of_many(nobody_shares), of_many(all_alike)[0], *of_many(np.zeros((0, 2), int))]
    assert np.isnan([*nothing, *of_many(np.array([[2], [2]])), *cohen([], []), cohen([1, 1], [1, 1])[1]]).all()
    assert np.isnan(kappa.weighted_cohen(np.array([2.0]), np.array([2.0])).values()).all()
    assert of_many(all_alike)[1] == 1.0


def test_each_answer_with_the_rest_by_hand():
    # unit 0: 0, 0, 1; unit 1: 1, 0; unit 2: 0 alone.
    cells, place = Cells.of_codes(np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 1, 1, 0, 0]), 3, 2)
    assert with_the_rest(cells, place).tolist() == pytest.approx([0.5, 0.5, 0, 0, 0, np.nan], nan_ok=True)
    apart = with_the_rest(cells, place, Numbers(np.array([1.0, 5.0])))  # as a share of the largest distance
    assert apart.tolist() == pytest.approx([0.5, 0.5, 0, 0, 0, np.nan], nan_ok=True)
