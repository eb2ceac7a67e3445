"""Metrics of one label an answer equal scikit-learn's, and those of shared tasks their organisers' definitions."""

import tracemalloc
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from goldwire.errors import GoldwireError
from goldwire.eval.measure import Gold, value
from goldwire.eval.metrics import METRICS, choose
from goldwire.eval.task import Answer, Task

FNC = ("agree", "disagree", "discuss", "unrelated")


def answers(labels: Any) -> list[Answer]:
    return [(str(label),) for label in labels]


@st.composite
def codes(draw: Any, labels: int | None = None) -> tuple[list[int], list[int], int]:
    k = labels or draw(st.integers(2, 6))
    label = st.integers(0, k - 1)
    pairs = draw(st.lists(st.tuples(label, label), min_size=1, max_size=40))
    return [a for a, _ in pairs], [b for _, b in pairs], k


def found(actual: list[int], predicted: list[int], k: int, name: str, kind: Any = "single") -> float:
    task = Task(tuple(str(i) for i in range(k)), kind)
    return value(task, answers(actual), answers(predicted), name)


@settings(deadline=None, max_examples=40)
@given(codes())
def test_metrics_equal_scikit_learn(case: tuple[list[int], list[int], int]) -> None:
    actual, predicted, k = case
    supported = sorted(set(actual))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of labels that are predicted only, which balanced accuracy leaves out
        expected = {
            "accuracy": sk.accuracy_score(actual, predicted),
            "macro-f1": sk.f1_score(actual, predicted, labels=supported, average="macro", zero_division=0),
            "micro-f1": sk.f1_score(actual, predicted, labels=list(range(k)), average="micro", zero_division=0),
            "weighted-f1": sk.f1_score(actual, predicted, labels=supported, average="weighted", zero_division=0),
            "balanced-accuracy": sk.balanced_accuracy_score(actual, predicted),
        }
        if len(set(actual) | set(predicted)) > 1:  # scikit-learn warns of one label; see below
            expected["kappa"] = sk.cohen_kappa_score(actual, predicted)
            expected["mcc"] = sk.matthews_corrcoef(actual, predicted)
    assert {name: found(actual, predicted, k, name) for name in expected} == pytest.approx(expected, abs=1e-12)


@settings(deadline=None, max_examples=40)
@given(codes())
def test_figures_per_label_equal_scikit_learn(case: tuple[list[int], list[int], int]) -> None:
    actual, predicted, k = case
    task = Task(tuple(str(i) for i in range(k)))
    sums = Gold.of(task, answers(actual), ["x"] * len(actual)).sums(answers(predicted))
    expected = sk.precision_recall_fscore_support(actual, predicted, labels=list(range(k)), zero_division=0)
    for ours, wanted in zip((sums.precision, sums.recall, sums.f1, sums.support), expected, strict=True):
        np.testing.assert_allclose(ours[0], wanted, atol=1e-12)


@settings(deadline=None, max_examples=40)
@given(codes())
def test_ordinal_metrics_equal_scikit_learn(case: tuple[list[int], list[int], int]) -> None:
    actual, predicted, k = case
    ranks = list(range(k))
    expected = {
        "mae-ranks": sk.mean_absolute_error(actual, predicted),
        "within-one": np.mean(np.abs(np.subtract(actual, predicted)) <= 1),
    }
    if len(set(actual) | set(predicted)) > 1:
        for weights in ("quadratic", "linear"):
            kappa = sk.cohen_kappa_score(actual, predicted, weights=weights, labels=ranks)
            expected[f"{weights}-kappa"] = kappa
    ours = {name: found(actual, predicted, k, name, "ordinal") for name in expected}
    assert ours == pytest.approx(expected, abs=1e-12)


def test_ordinal_metrics_of_a_hand_worked_case() -> None:
    # low, low, mid, high against low, mid, high, low: distances 0, 1, 1, 2. By chance, of 16 pairs of one from either
    # side (low 2, mid 1, high 1 on both), 6 are equal, 6 one apart, and 4 two apart.
    actual, predicted = [0, 0, 1, 2], [0, 1, 2, 0]
    ours = {
        name: found(actual, predicted, 3, name, "ordinal")
        for name in METRICS
        if "ordinal" in METRICS[name].types and not METRICS[name].labels
    }
    assert ours == pytest.approx(
        {
            "accuracy": 1 / 4,
            "macro-f1": (2 * 1 / 4) / 3,
            "micro-f1": 1 / 4,
            "weighted-f1": (2 * 1 / 4) * 2 / 4,
            "balanced-accuracy": (1 / 2) / 3,
            "mcc": (1 * 4 - 6) / (16 - 6),
            "kappa": (1 / 4 - 6 / 16) / (1 - 6 / 16),
            "quadratic-kappa": 1 - (6 / 4) / (22 / 16),
            "linear-kappa": 1 - (4 / 4) / (14 / 16),
            "mae-ranks": 1.0,
            "within-one": 3 / 4,
        }
    )


@settings(deadline=None, max_examples=40)
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
    expected = official(gold, test) / official(gold, gold)
    assert value(Task(FNC), answers(gold), answers(test), "fnc") == pytest.approx(expected)


@settings(deadline=None, max_examples=40)
@given(codes(labels=3))
def test_semeval_favg_is_the_mean_f1_of_favor_and_against(case: tuple[list[int], list[int], int]) -> None:
    actual, predicted, _ = case
    names = ("FAVOR", "AGAINST", "NONE")
    expected = sk.f1_score(actual, predicted, labels=[0, 1], average="macro", zero_division=0)
    gold, given_ = ([(names[i],) for i in each] for each in (actual, predicted))
    assert value(Task(names), gold, given_, "semeval-favg") == pytest.approx(expected)


def test_favg_by_target_is_the_mean_over_targets() -> None:
    # Target one: F favor 2/3, F against 2/3; target two: both 1.
    task = Task(("favor", "against", "none"))
    actual = answers(["favor", "favor", "against", "none", "favor", "against"])
    predicted = answers(["favor", "against", "against", "none", "favor", "against"])
    targets = ["one"] * 4 + ["two"] * 2
    gold = Gold.of(task, actual, ["x"] * 6, targets, ["semeval-favg", "semeval-favg-by-target"])
    (estimator,) = gold.estimators([predicted])
    np.testing.assert_allclose(estimator.values()[:2], [(0.8 + 0.8) / 2, (2 / 3 + 1) / 2])
    with_target_two_alone = estimator.function(np.zeros_like(estimator.statistics))
    assert np.isnan(with_target_two_alone[0, 1])


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=40))
def test_favg_by_target_equals_scoring_each_target_alone(rows: list[tuple[int, int, int]]) -> None:
    task = Task(("favor", "against", "none"))
    actual, predicted = ([(task.labels[row[at]],) for row in rows] for at in (0, 1))
    targets = [str(row[2]) for row in rows]
    alone = []
    for target in sorted(set(targets)):
        part = [at for at, name in enumerate(targets) if name == target]
        a, p = ([each[at][0] for at in part] for each in (actual, predicted))
        if there := sorted({*a, *p} - {"none"}):
            alone.append(sk.f1_score(a, p, labels=there, average="macro", zero_division=0))
    gold = Gold.of(task, actual, ["x"] * len(rows), targets, ["semeval-favg-by-target"])
    wanted = np.mean(alone) if alone else np.nan
    assert gold.estimators([predicted])[0].values()[0] == pytest.approx(wanted, nan_ok=True)


def favg_by_target(rows: list[tuple[str, str, Any]]) -> float:
    """Return the figure of gold, predicted and target of each row."""
    task = Task(("favor", "against", "none"))
    actual, predicted = answers([row[0] for row in rows]), answers([row[1] for row in rows])
    targets: list[Any] = [row[2] for row in rows]
    gold = Gold.of(task, actual, ["x"] * len(rows), targets, ["semeval-favg-by-target"])
    return float(gold.estimators([predicted])[0].values()[0])


def test_favg_by_target_of_perfect_predictions_is_one_whatever_labels_a_target_has() -> None:
    assert favg_by_target([(label, label, f"all {label}") for label in ("favor", "against", "none")] * 2) == 1


def test_favg_by_target_counts_a_label_that_is_only_predicted_and_leaves_out_targets_with_neither() -> None:
    one = [("favor", "favor", "one"), ("favor", "against", "one")]  # F favor 2/3, F against 0
    assert favg_by_target(one) == pytest.approx(1 / 3)
    assert favg_by_target([*one, ("none", "none", "two")]) == pytest.approx(1 / 3)
    assert favg_by_target([*one, ("none", "favor", "two")]) == pytest.approx(1 / 6)
    assert np.isnan(favg_by_target([("none", "none", "one")]))


def test_favg_by_target_leaves_out_rows_without_a_target() -> None:
    rows = [("favor", "favor", "one"), ("against", "against", "one")]
    assert favg_by_target([*rows, ("favor", "against", None), ("against", "favor", None)]) == 1
    assert np.isnan(favg_by_target([("favor", "favor", None)]))


def test_favg_by_target_of_thousands_of_targets_holds_no_table_of_cells_by_targets() -> None:
    generator = np.random.default_rng(0)
    names = ("favor", "against", "none")
    pairs = generator.integers(3, size=(10_000, 2))
    rows = [(names[a], names[p], f"t{at % 5_000:04}") for at, (a, p) in enumerate(pairs.tolist())]
    alone = []
    for at in range(5_000):
        a, p = zip(*[row[:2] for row in rows[at::5_000]], strict=True)
        hits = [sum(x == y == label for x, y in zip(a, p, strict=True)) for label in names[:2]]
        below = [a.count(label) + p.count(label) for label in names[:2]]
        f1 = [2 * hit / many for hit, many in zip(hits, below, strict=True) if many]
        alone += [np.mean(f1)] if f1 else []
    tracemalloc.start()
    found = favg_by_target(rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == pytest.approx(np.mean(alone))
    assert peak < 50_000_000  # a table of cells by targets has some 360,000,000 bytes


def test_one_label_on_both_sides_leaves_kappa_undefined_and_mcc_zero() -> None:
    case = ([1, 1, 1], [1, 1, 1], 2)
    assert np.isnan(found(*case, "kappa"))
    assert found(*case, "mcc") == 0
    assert found(*case, "macro-f1") == 1


@pytest.mark.parametrize("kind", ["single", "ordinal", "multiple", "tree"])
def test_no_rows_leave_every_metric_undefined_but_for_those_that_are_zero_by_definition(kind: Any) -> None:
    task = Task(FNC, kind)
    gold = Gold.of(task, answers(FNC), list("abcd"), list("abcd"))
    (estimator,) = gold.estimators([answers(FNC)])
    empty = dict(zip(gold.names, estimator.function(np.zeros((1, estimator.statistics.shape[1])))[0], strict=True))
    zero = {name for name, figure in empty.items() if figure == 0}
    assert zero == {"mcc"} & set(gold.names) | {"hierarchical-precision", "hierarchical-recall"} & set(gold.names)
    assert all(np.isnan(figure) for name, figure in empty.items() if name not in zero)


def test_choose_gives_what_is_defined_for_the_task() -> None:
    any_type = ["accuracy", "macro-f1", "micro-f1", "weighted-f1"]
    one = [*any_type, "balanced-accuracy", "mcc", "kappa"]
    several = [*any_type, "subset-accuracy", "hamming-loss", "jaccard-samples"]
    assert [m.name for m in choose([], Task(("a", "b")))] == one
    assert [m.name for m in choose([], Task(("FAVOR", "AGAINST", "NONE")))] == [*one, "semeval-favg"]
    with_target = choose([], Task(("favor", "against")), targets=True)
    assert [m.name for m in with_target] == [*one, "semeval-favg", "semeval-favg-by-target"]
    assert [m.name for m in choose([], Task(FNC))] == [*one, "fnc"]
    ordinal = ["quadratic-kappa", "linear-kappa", "mae-ranks", "within-one"]
    assert [m.name for m in choose([], Task(("a", "b"), "ordinal"))] == [*one, *ordinal]
    assert [m.name for m in choose([], Task(("a", "b"), "multiple"))] == several
    tree = ["hierarchical-precision", "hierarchical-recall", "hierarchical-f1"]
    assert [m.name for m in choose([], Task(FNC, "tree"))] == [*several, *tree]
    assert [m.name for m in choose(["mcc", "accuracy", "mcc"], Task(("a",)))] == ["mcc", "accuracy"]


@pytest.mark.parametrize(
    ("names", "task", "message"),
    [
        (["f-score"], Task(("a",)), 'there is no metric "f-score"'),
        (
            ["fnc"],
            Task(("a", "b")),
            "fnc is defined for the labels agree, disagree, discuss, unrelated, and these are a, b",
        ),
        (
            ["kappa"],
            Task(("a", "b"), "multiple"),
            "kappa is defined for questions of type single and ordinal, and this is multiple",
        ),
        (
            ["semeval-favg-by-target"],
            Task(("favor", "against")),
            "semeval-favg-by-target needs the target of each row",
        ),
    ],
)
def test_choose_refuses_what_is_not_defined(names: list[str], task: Task, message: str) -> None:
    with pytest.raises(GoldwireError) as error:
        choose(names, task)
    assert str(error.value) == message
