"""Sentences: evidence of single sentences, pooled; the gradient, the pooling and the splitting."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from goldwire.eval.baselines.base import Shared
from goldwire.eval.baselines.pooled import Bags, fit
from goldwire.eval.baselines.sentences import Sentences, split
from storied import OTHER, TASK, TOLD, articles, framed


def test_the_soft_maximum_lies_between_mean_and_largest_and_an_empty_bag_is_zero() -> None:
    evidence = np.array([1.0, 3.0, -2.0])
    bags = Bags(csr_matrix(np.eye(3)), np.array([2, 0, 1]))
    near_mean, _ = bags.pool(evidence, 1e-6)
    near_max, adds = bags.pool(evidence, 50.0)
    np.testing.assert_allclose(near_mean, [2, 0, -2], atol=1e-5)
    np.testing.assert_allclose(near_max, [3 - np.log(2) / 50, 0, -2], atol=1e-9)
    np.testing.assert_allclose(adds, [0, 1, 1], atol=1e-9)
    pooled, _ = bags.pool(evidence, 2.0)
    np.testing.assert_allclose(pooled, [np.log((np.exp(2) + np.exp(6)) / 2) / 2, 0, -2])


def test_with_one_part_a_bag_it_is_scikit_learns_logistic_regression() -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(60, 5))
    marks = features[:, 0] + 0.5 * rng.normal(size=60) > 0.3
    found = fit(Bags(csr_matrix(features), np.ones(60, np.int64)), marks, 0.7, 3.0)
    theirs = LogisticRegression(C=0.7, class_weight="balanced", tol=1e-10, max_iter=5000).fit(features, marks)
    np.testing.assert_allclose(found.weights, theirs.coef_[0], atol=1e-3)
    assert found.intercept == pytest.approx(theirs.intercept_[0], abs=1e-3)


def test_a_sentence_is_found_in_a_text_much_longer_than_those_of_training() -> None:
    model = Sentences(TASK, 0)
    model.fit(articles(150, seed=1), Shared())
    long = " ".join(OTHER * 3)
    rows = framed([f"{long} {TOLD['THEFT'][0]} {long}", long])
    shares = model.shares(rows, Shared())
    assert shares[0].argmax() == TASK.labels.index("THEFT")
    assert shares[0, 1] > 2 * shares[1, 1]


def test_sentences_are_split_in_capitals_with_hard_line_breaks() -> None:
    parts, sizes = split(framed(["THE MILL\nBURNED.  NOBODY WAS\nHURT.", "", "One."]), Shared())
    assert parts == ["THE MILL\nBURNED.", "NOBODY WAS\nHURT.", "One."]
    assert sizes.tolist() == [2, 0, 1]
