"""Metrics of several labels an answer: against scikit-learn, and trees by hand."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from goldwire.eval.measure import Bootstrap, Gold, measure, value
from goldwire.eval.metrics.several import OTHER
from goldwire.eval.task import Answer, Task

LABELS = ("a", "b", "c", "d")
TREE = Task(("Battles", "Battles/Clash", "Battles/Regain", "Riots", "Riots/Mob"), "tree")
METRICS = ("accuracy", "subset-accuracy", "macro-f1", "micro-f1", "weighted-f1", "hamming-loss", "jaccard-samples")

SETS = st.sets(st.sampled_from(LABELS)).map(lambda labels: tuple(sorted(labels)))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(SETS, SETS), min_size=1, max_size=30))
def test_metrics_equal_scikit_learn(rows: list[tuple[Answer, Answer]]) -> None:
    task = Task(LABELS, "multiple")
    actual, predicted = [row[0] for row in rows], [row[1] for row in rows]
    a, p = task.marks(actual), task.marks(predicted)
    expected: dict[str, Any] = {
        "accuracy": sk.accuracy_score(a, p),
        "subset-accuracy": sk.accuracy_score(a, p),
        "hamming-loss": sk.hamming_loss(a, p),
        "jaccard-samples": sk.jaccard_score(a, p, average="samples", zero_division=1),
    }
    if supported := np.flatnonzero(a.any(axis=0)).tolist():
        expected |= {
            f"{name}-f1": sk.f1_score(a, p, labels=supported, average=name, zero_division=0)
            for name in ("macro", "weighted")
        }
    if a.any() or p.any():
        expected["micro-f1"] = sk.f1_score(a, p, average="micro", zero_division=0)
    ours = {name: value(task, actual, predicted, name) for name in METRICS}
    assert {name: ours[name] for name in expected} == pytest.approx(expected, abs=1e-12)
    assert all(np.isnan(figure) for name, figure in ours.items() if name not in expected)
    sums = Gold.of(task, actual, ["x"] * len(rows)).sums(predicted)
    by_label = sk.precision_recall_fscore_support(a, p, zero_division=0)
    for found, wanted in zip((sums.precision, sums.recall, sums.f1, sums.support), by_label, strict=True):
        np.testing.assert_allclose(found[0], wanted, atol=1e-12)


@pytest.mark.parametrize("kind", ["multiple", "tree"])
def test_what_stands_in_for_unknown_labels_adds_to_the_hamming_loss_and_not_to_its_labels(kind: Any) -> None:
    task = Task(("a", "b", OTHER), kind)
    assert value(task, [("a",), ()], [("a",), (OTHER,)], "hamming-loss") == 1 / 4
    assert value(task, [("a",), ()], [("b", OTHER), ()], "hamming-loss") == 3 / 4
    assert value(task, [("a",)], [("b", OTHER)], "hamming-loss") == 1


def test_a_tree_counts_the_labels_above_beside_the_flat_ones() -> None:
    # Upward, gold: {B, B/C}, {B, B/R}, {R, R/M}; predicted: {B, B/C}, {B, B/C}, {R}: 4 of 5 right, 4 of 6 found.
    actual: list[Answer] = [("Battles/Clash",), ("Battles/Regain",), ("Riots/Mob",)]
    predicted: list[Answer] = [("Battles/Clash",), ("Battles/Clash",), ("Riots",)]
    values, per_label = measure(Gold.of(TREE, actual, ["x", "y", "z"]), predicted, Bootstrap(10))
    assert {name: figure["value"] for name, figure in values.items()} == {
        "accuracy": 0.333333,
        "macro-f1": 0.222222,  # (2/3 + 0 + 0) / 3, labels as they are given
        "micro-f1": 0.333333,
        "weighted-f1": 0.222222,
        "subset-accuracy": 0.333333,
        "hamming-loss": 0.266667,  # 4 of 15
        "jaccard-samples": 0.333333,
        "hierarchical-precision": 0.8,
        "hierarchical-recall": 0.666667,
        "hierarchical-f1": 0.727273,
    }
    none = {"f1_low": None, "f1_high": None, "why": "3 clusters: an interval needs 10"}
    unseen = {**none, "why": "no row of the gold has this label"}
    zero = {"precision": 0.0, "recall": 0.0, "f1": 0.0}
    assert per_label == {
        "Battles": {**zero, "support": 0, **unseen},
        "Battles/Clash": {"precision": 0.5, "recall": 1.0, "f1": 0.666667, "support": 1, **none},
        "Battles/Regain": {**zero, "support": 1, **none},
        "Riots": {**zero, "support": 0, **unseen},
        "Riots/Mob": {**zero, "support": 1, **none},
    }


PATHS = st.sets(st.sampled_from(TREE.labels)).map(lambda labels: tuple(sorted(labels)))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(PATHS, PATHS), min_size=1, max_size=30))
def test_hierarchical_figures_are_micro_averages_of_sets_with_their_ancestors(rows: list[Any]) -> None:
    actual, predicted = [row[0] for row in rows], [row[1] for row in rows]
    a, p = TREE.marks(actual), TREE.marks(predicted)
    wanted = sk.precision_recall_fscore_support(a, p, average="micro", zero_division=0)[:3]
    names = ("hierarchical-precision", "hierarchical-recall", "hierarchical-f1")
    ours = [value(TREE, actual, predicted, name) for name in names]
    if a.any() or p.any():
        assert ours == pytest.approx(wanted, abs=1e-12)
    else:
        assert np.isnan(ours[2])


def test_statistics_are_one_row_a_cluster_whether_they_are_dense_or_sparse() -> None:
    generator = np.random.default_rng(0)
    task = Task(tuple(f"l{at:02}" for at in range(40)), "multiple")

    def drawn(rows: int) -> list[Answer]:
        picked = generator.random((rows, 40)) < 0.05
        return [tuple(task.labels[at] for at in np.flatnonzero(row)) for row in picked]

    for rows in (50, 18000):
        actual, predicted = drawn(rows), drawn(rows)
        clusters = [f"{at % (rows // 2):05}" for at in range(rows)]
        gold = Gold.of(task, actual, clusters, metrics=["micro-f1", "jaccard-samples"])
        one, other = gold.estimators([predicted, actual])
        assert one.statistics.shape == other.statistics.shape == (rows // 2, 123)
        assert isinstance(one.statistics, np.ndarray) == (rows == 50)
        a, p = task.marks(actual), task.marks(predicted)
        wanted = [
            sk.f1_score(a, p, average="micro"),
            sk.jaccard_score(a, p, average="samples", zero_division=1),
        ]
        np.testing.assert_allclose(one.values()[:2], wanted)
        np.testing.assert_allclose(other.values()[:2], [1, 1])
        alone = Gold.of(task, actual[:: rows // 2], ["x"] * 2).sums(predicted[:: rows // 2])
        first = one.statistics[[0]] if rows == 50 else one.statistics[[0]].toarray()
        np.testing.assert_allclose(first[0, 40:80], alone.given[0])
