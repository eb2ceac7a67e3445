import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from goldwire.stats.agreement import (
    against_the_rest,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    observed_agreement,
)

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


def test_fleiss_kappa_of_the_published_example():
    assert observed_agreement(FOURTEEN_RATERS) == pytest.approx(0.378, abs=5e-4)
    assert fleiss_kappa(FOURTEEN_RATERS) == pytest.approx(0.210, abs=5e-4)


def test_coefficients_with_missing_answers_equal_irrcac():
    assert observed_agreement(FOUR_RATERS) == pytest.approx(0.81818, abs=5e-6)
    assert fleiss_kappa(FOUR_RATERS) == pytest.approx(0.76117, abs=5e-6)
    assert gwet_ac1(FOUR_RATERS) == pytest.approx(0.77544, abs=5e-6)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30))
def test_cohen_kappa_equals_scikit_learn(pairs):
    first, second = zip(*pairs, strict=True)
    assume(len({*first, *second}) > 1)
    crossed = np.zeros((4, 4), dtype=np.int64)
    np.add.at(crossed, (first, second), 1)
    assert cohen_kappa(crossed) == pytest.approx(cohen_kappa_score(first, second), abs=1e-9)


def test_labels_that_nobody_gave_change_ac1_and_not_kappa():
    counts = np.array([[2, 0], [1, 1], [0, 2]])
    wider = np.column_stack([counts, [0, 0, 0]])
    # Observed 2/3; shares .5 and .5: chance of AC1 is .5 with two labels, .25 with three.
    assert [gwet_ac1(counts), gwet_ac1(wider)] == pytest.approx([1 / 3, (2 / 3 - 1 / 4) / (3 / 4)], abs=1e-12)
    assert fleiss_kappa(wider) == fleiss_kappa(counts) == pytest.approx(1 / 3, abs=1e-12)


def test_what_is_not_defined_is_nan():
    nobody_shares = np.array([[1, 0], [0, 1]])
    all_alike = np.array([[2, 0], [3, 0]])
    assert np.isnan(
        [
            observed_agreement(nobody_shares),
            fleiss_kappa(nobody_shares),
            gwet_ac1(nobody_shares),
            fleiss_kappa(all_alike),
            fleiss_kappa(np.zeros((0, 2), dtype=np.int64)),
            gwet_ac1(np.array([[2], [2]])),
            cohen_kappa(np.zeros((2, 2), dtype=np.int64)),
            cohen_kappa(np.array([[4, 0], [0, 0]])),
        ]
    ).all()
    assert gwet_ac1(all_alike) == 1.0


def test_observed_agreement_with_a_distance_is_partial():
    distance = np.array([[0, 0.5, 1], [0.5, 0, 1], [1, 1, 0]])
    assert observed_agreement(np.array([[1, 1, 0], [0, 1, 1], [2, 0, 0]]), distance) == pytest.approx(0.5)


def test_each_annotator_against_the_rest_by_hand():
    # unit 0: A and B say 0, C says 1; unit 1: A says 1, B says 0; unit 2: C alone.
    unit, annotator, answer = np.array([[0, 0, 0], [0, 1, 0], [0, 2, 1], [1, 0, 1], [1, 1, 0], [2, 2, 0]]).T
    counts = np.array([[2, 1], [1, 1], [1, 0]])
    agreement, n = against_the_rest(counts, unit, annotator, answer, annotators=4)
    assert agreement.tolist() == pytest.approx([0.25, 0.25, 0.0, np.nan], nan_ok=True)
    assert n.tolist() == [2, 2, 1, 0]
    partial, _ = against_the_rest(counts, unit, annotator, answer, 4, np.array([[0, 0.5], [0.5, 0]]))
    assert partial.tolist() == pytest.approx([0.625, 0.625, 0.5, np.nan], nan_ok=True)
