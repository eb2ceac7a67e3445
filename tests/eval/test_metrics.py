"""Metrics equal scikit-learn's, and those of shared tasks equal their organisers' definitions."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from goldwire.errors import GoldwireError
from goldwire.eval.metrics import METRICS, choose, per_label

FNC = ["agree", "disagree", "discuss", "unrelated"]


def matrix(actual: list[int], predicted: list[int], labels: int) -> Any:
    cells = np.bincount(np.array(actual) * labels + np.array(predicted), minlength=labels**2)
    return cells.reshape(1, labels, labels).astype(np.float64)


@st.composite
def codes(draw: Any, labels: int | None = None) -> tuple[list[int], list[int], int]:
    k = labels or draw(st.integers(2, 6))
    label = st.integers(0, k - 1)
    pairs = draw(st.lists(st.tuples(label, label), min_size=1, max_size=40))
    return [a for a, _ in pairs], [b for _, b in pairs], k


@settings(deadline=None)
@given(codes())
def test_metrics_equal_scikit_learn(case: tuple[list[int], list[int], int]) -> None:
    actual, predicted, k = case
    matrices, names = matrix(actual, predicted, k), [str(i) for i in range(k)]
    supported = sorted(set(actual))
    expected = {
        "accuracy": sk.accuracy_score(actual, predicted),
        "macro-f1": sk.f1_score(actual, predicted, labels=supported, average="macro", zero_division=0),
        "micro-f1": sk.f1_score(actual, predicted, labels=list(range(k)), average="micro", zero_division=0),
        "weighted-f1": sk.f1_score(actual, predicted, labels=supported, average="weighted", zero_division=0),
    }
    found = {name: METRICS[name].function(matrices, names)[0] for name in expected}
    assert found == pytest.approx(expected, abs=1e-12)
    if len(set(actual) | set(predicted)) > 1:  # scikit-learn warns of one label; see below
        kappa, mcc = sk.cohen_kappa_score(actual, predicted), sk.matthews_corrcoef(actual, predicted)
        assert METRICS["kappa"].function(matrices, names)[0] == pytest.approx(kappa, abs=1e-12)
        assert METRICS["mcc"].function(matrices, names)[0] == pytest.approx(mcc, abs=1e-12)


@settings(deadline=None)
@given(codes())
def test_figures_per_label_equal_scikit_learn(case: tuple[list[int], list[int], int]) -> None:
    actual, predicted, k = case
    expected = sk.precision_recall_fscore_support(actual, predicted, labels=list(range(k)), zero_division=0)
    for found, wanted in zip(per_label(matrix(actual, predicted, k)), expected, strict=True):
        np.testing.assert_allclose(found[0], wanted, atol=1e-12)


@settings(deadline=None)
@given(codes(labels=4))
def test_fnc_equals_the_organisers_scorer(case: tuple[list[int], list[int], int]) -> None:
    def official(gold: list[str], test: list[str]) -> float:
        score = 0.0
        for g, t in zip(gold, test, strict=True):
            if g == t:
                score += 0.25
                if g != "unrelated":
                    score += 0.50
            if g in FNC[:3] and t in FNC[:3]:
                score += 0.25
        return score

    actual, predicted, _ = case
    gold, test = [FNC[i] for i in actual], [FNC[i] for i in predicted]
    found = METRICS["fnc"].function(matrix(actual, predicted, 4), FNC)[0]
    assert found == pytest.approx(official(gold, test) / official(gold, gold))


@settings(deadline=None)
@given(codes(labels=3))
def test_semeval_favg_is_the_mean_f1_of_favor_and_against(case: tuple[list[int], list[int], int]) -> None:
    actual, predicted, _ = case
    expected = sk.f1_score(actual, predicted, labels=[0, 1], average="macro", zero_division=0)
    found = METRICS["semeval-favg"].function(matrix(actual, predicted, 3), ["FAVOR", "AGAINST", "NONE"])[0]
    assert found == pytest.approx(expected)


def test_favg_by_target_is_the_mean_over_targets_that_have_rows() -> None:
    names = ["favor", "against", "none"]
    one = matrix([0, 0, 1, 2], [0, 1, 1, 2], 3)[0]  # F favor 2/3, F against 2/3
    two = matrix([0, 1], [0, 1], 3)[0]  # both 1
    stacked = np.stack([one, two, np.zeros((3, 3))])
    metric = METRICS["semeval-favg-by-target"]
    assert metric.function(stacked[None], names)[0] == pytest.approx((2 / 3 + 1) / 2)
    pooled = METRICS["semeval-favg"].function(stacked.sum(0)[None], names)[0]
    assert pooled == pytest.approx((0.8 + 0.8) / 2)


def test_many_matrices_give_what_each_gives_alone() -> None:
    generator = np.random.default_rng(0)
    many = generator.integers(0, 5, (50, 4, 4)).astype(float)
    for metric in METRICS.values():
        names = ["favor", "against", "x", "y"] if metric.labels[:1] == ("favor",) else FNC
        many_targets = many.reshape(25, 2, 4, 4) if metric.by_target else many
        together = metric.function(many_targets, names)
        alone = np.array([metric.function(one[None], names)[0] for one in many_targets])
        np.testing.assert_allclose(together, alone, err_msg=metric.name)


def test_one_label_on_both_sides_leaves_kappa_undefined_and_mcc_zero() -> None:
    matrices = matrix([1, 1, 1], [1, 1, 1], 2)
    assert np.isnan(METRICS["kappa"].function(matrices, ["a", "b"])[0])
    assert METRICS["mcc"].function(matrices, ["a", "b"])[0] == 0
    assert METRICS["macro-f1"].function(matrices, ["a", "b"])[0] == 1


def test_an_empty_matrix_leaves_averages_undefined() -> None:
    empty = np.zeros((1, 4, 4))
    for name in ("accuracy", "macro-f1", "weighted-f1", "kappa", "fnc"):
        assert np.isnan(METRICS[name].function(empty, FNC)[0]), name


def test_choose_gives_what_is_defined_for_the_labels() -> None:
    general = ["accuracy", "macro-f1", "micro-f1", "weighted-f1", "mcc", "kappa"]
    assert [m.name for m in choose([], ["a", "b"])] == general
    assert [m.name for m in choose([], ["FAVOR", "AGAINST", "NONE"])] == [*general, "semeval-favg"]
    assert [m.name for m in choose([], ["favor", "against"], targets=True)][-1] == "semeval-favg-by-target"
    assert [m.name for m in choose([], FNC)] == [*general, "fnc"]
    assert [m.name for m in choose(["mcc", "accuracy"], ["a"])] == ["mcc", "accuracy"]


@pytest.mark.parametrize(
    ("names", "labels", "message"),
    [
        (["f-score"], ["a"], 'there is no metric "f-score"'),
        (
            ["fnc"],
            ["a", "b"],
            "fnc is defined for the labels agree, disagree, discuss, unrelated, and these are a, b",
        ),
        (["semeval-favg-by-target"], ["favor", "against"], "semeval-favg-by-target needs the target of each row"),
    ],
)
def test_choose_refuses_what_is_not_defined(names: list[str], labels: list[str], message: str) -> None:
    with pytest.raises(GoldwireError) as error:
        choose(names, labels)
    assert str(error.value) == message
