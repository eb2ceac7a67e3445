"""Log loss, Brier score, calibration error and ranking: against scikit-learn, by hand, and what is refused."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from goldwire.errors import GoldwireError
from goldwire.eval.measure import Bootstrap
from goldwire.eval.probabilities import calibration, checked
from goldwire.eval.task import Answer, Task

ONE = Task(("a", "b", "c"))
SEVERAL = Task(("a", "b", "c"), "multiple")
SEEDS = st.integers(0, 10**6)


def values(found: dict[str, Any]) -> dict[str, float]:
    return {name: figure["value"] for name, figure in found["metrics"].items()}


@settings(deadline=None, max_examples=40)
@given(SEEDS, st.integers(1, 30))
def test_of_one_label_log_loss_and_brier_equal_scikit_learn(seed: int, rows: int) -> None:
    generator = np.random.default_rng(seed)
    shares = generator.dirichlet(np.ones(3), rows)
    actual = generator.integers(3, size=rows)
    answers: list[Answer] = [(ONE.labels[at],) for at in actual]
    found = values(calibration(ONE, answers, shares, [str(i) for i in range(rows)], Bootstrap(1)))
    assert found["log-loss"] == pytest.approx(sk.log_loss(actual, shares, labels=[0, 1, 2]), abs=1e-6)
    brier = sk.brier_score_loss(actual, shares, labels=[0, 1, 2], scale_by_half=False)
    assert found["brier"] == pytest.approx(brier, abs=1e-6)


@settings(deadline=None, max_examples=40)
@given(SEEDS, st.integers(1, 30))
def test_of_several_labels_figures_equal_scikit_learn(seed: int, rows: int) -> None:
    generator = np.random.default_rng(seed)
    shares = generator.integers(0, 5, (rows, 3)) / 4  # with ties, zeros and ones
    marks = generator.random((rows, 3)) < 0.4
    answers: list[Answer] = [tuple(np.array(SEVERAL.labels)[row]) for row in marks]
    found = values(calibration(SEVERAL, answers, shares, [str(i) for i in range(rows)], Bootstrap(1)))
    flat = np.column_stack([1 - shares.ravel(), shares.ravel()])
    assert found["log-loss"] == pytest.approx(sk.log_loss(marks.ravel(), flat, labels=[False, True]), abs=1e-5)
    brier = sk.brier_score_loss(marks.ravel(), shares.ravel()) if marks.any() else np.mean(shares**2)
    assert found["brier"] == pytest.approx(brier, abs=1e-6)
    assert found["lrap"] == pytest.approx(sk.label_ranking_average_precision_score(marks, shares), abs=1e-6)


def test_calibration_of_a_hand_worked_case() -> None:
    # Largest shares .9 (right), .9 (wrong) in the bin to .9, and .5 (right), .45 (wrong) in the bin to .5.
    shares = np.array([[0.9, 0.1, 0], [0.9, 0.05, 0.05], [0.5, 0.3, 0.2], [0.45, 0.35, 0.2]])
    found = calibration(ONE, [("a",), ("b",), ("a",), ("c",)], shares, list("wxyz"), Bootstrap(10))
    assert found["reliability"] == [
        {"low": 0.4, "high": 0.5, "share": 0.475, "right": 0.5, "n": 2},
        {"low": 0.8, "high": 0.9, "share": 0.9, "right": 0.5, "n": 2},
    ]
    why = "4 clusters: an interval needs 10"
    assert found["metrics"] == {
        "log-loss": {"value": 1.350919, "low": None, "high": None, "why": why},  # - ln(.9 x .05 x .5 x .2) / 4
        "brier": {"value": 0.77, "low": None, "high": None, "why": why},  # (.02 + 1.715 + .38 + .965) / 4
        "ece": {"value": 0.2125, "low": None, "high": None, "why": why},  # (.05 + .8) / 4
    }


def test_intervals_are_by_cluster_and_do_not_depend_on_the_order_of_rows() -> None:
    generator = np.random.default_rng(0)
    shares = generator.dirichlet(np.ones(3) * 2, 300)
    answers: list[Answer] = [(ONE.labels[generator.choice(3, p=row)],) for row in shares]
    clusters = [f"s{i % 60}" for i in range(300)]
    found = calibration(ONE, answers, shares, clusters, Bootstrap())
    assert found == calibration(ONE, answers[::-1], shares[::-1], clusters[::-1], Bootstrap())
    figure = found["metrics"]["log-loss"]
    loss = -np.log(shares[np.arange(300), [ONE.labels.index(label) for (label,) in answers]])
    by_cluster = loss.reshape(5, 60).mean(axis=0)  # clusters are of equal size
    half = 1.96 * by_cluster.std() / np.sqrt(60)
    assert figure["low"] == pytest.approx(loss.mean() - half, abs=0.02)
    assert figure["high"] == pytest.approx(loss.mean() + half, abs=0.02)


def test_of_a_tree_the_labels_above_count_as_gold() -> None:
    tree = Task(("B", "B/C", "R"), "tree")
    found = calibration(tree, [("B/C",)], np.array([[1.0, 1.0, 0.0]]), ["x"], Bootstrap(1))
    assert values(found) == {"log-loss": 0.0, "brier": 0.0, "lrap": 1.0, "ece": 0.0}


def test_a_share_of_zero_for_the_gold_label_costs_as_much_as_in_scikit_learn() -> None:
    shares = np.array([[1.0, 0.0, 0.0]])
    found = calibration(ONE, [("b",)], shares, ["x"], Bootstrap(1))
    assert values(found)["log-loss"] == pytest.approx(sk.log_loss([1], shares, labels=[0, 1, 2]), abs=1e-6)


def test_rounded_shares_are_made_to_sum_to_one() -> None:
    np.testing.assert_allclose(checked(ONE, np.array([[0.33, 0.33, 0.33]])), [[1 / 3, 1 / 3, 1 / 3]])


@pytest.mark.parametrize(
    ("task", "row", "message"),
    [
        (ONE, [np.nan, 0.5, 0.5], "the shares of 1 rows are lacking or not numbers (2)"),
        (ONE, [np.inf, 0.5, 0.5], "the shares of 1 rows are lacking or not numbers (2)"),
        (ONE, [-0.1, 0.6, 0.5], "the shares of 1 rows are negative (2)"),
        (ONE, [0.5, 0.4, 0.0], "the shares of 1 rows do not sum to one (2)"),
        (ONE, [2.0, 1.0, 0.5], "the shares of 1 rows do not sum to one (2)"),
        (SEVERAL, [1.2, 0.5, 0.5], "the shares of 1 rows are above one (2)"),
        (SEVERAL, [-0.2, 0.5, 0.5], "the shares of 1 rows are negative (2)"),
    ],
)
def test_what_is_no_probability_is_refused(task: Task, row: list[float], message: str) -> None:
    with pytest.raises(GoldwireError) as error:
        calibration(task, [("a",), ("a",)], np.array([[0.2, 0.3, 0.5], row]), ["x", "y"], Bootstrap(1))
    assert str(error.value) == message


def test_refused_rows_are_counted_and_three_of_them_named() -> None:
    with pytest.raises(GoldwireError, match=r"^the shares of 4 rows do not sum to one \(u1, u2, u3, \.\.\.\)$"):
        checked(ONE, np.zeros((4, 3)), ["u1", "u2", "u3", "u4"])
