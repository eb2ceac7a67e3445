"""Values and intervals of one model: against re-scoring in a loop, and where they are not defined."""

from typing import Any

import numpy as np
import pytest
from sklearn.metrics import f1_score

from goldwire.eval.measure import Bootstrap, Counts, Gold, measure
from goldwire.eval.metrics import METRICS, choose

LABELS = ("a", "b", "c")


def simulated(rows: int = 120, clusters: int = 40) -> tuple[list[str], list[str], list[str]]:
    generator = np.random.default_rng(1)
    actual = generator.choice(LABELS, rows, p=[0.5, 0.3, 0.2])
    wrong = generator.random(rows) < 0.4
    predicted = np.where(wrong, generator.choice(LABELS, rows), actual)
    return list(actual), list(predicted), [f"s{i % clusters}" for i in range(rows)]


def test_values_and_figures_per_label_of_a_hand_worked_case() -> None:
    gold = Gold.of(LABELS, ["a", "a", "b", "b"], ["1", "2", "3", "4"])
    values, labels = measure(gold, ["a", "b", "b", "c"], choose(["accuracy", "macro-f1"], LABELS), Bootstrap(100))
    why = "4 clusters: an interval needs 10"
    assert values == {
        "accuracy": {"value": 0.5, "low": None, "high": None, "why": why},
        "macro-f1": {"value": 0.583333, "low": None, "high": None, "why": why},  # (2/3 + 1/2) / 2
    }
    none: dict[str, Any] = {"f1_low": None, "f1_high": None}
    assert labels == {
        "a": {"precision": 1.0, "recall": 0.5, "f1": 0.666667, "support": 2, **none},
        "b": {"precision": 0.5, "recall": 0.5, "f1": 0.5, "support": 2, **none},
        "c": {"precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 0, **none},
    }


def test_the_interval_is_that_of_drawing_stories_and_scoring_each_draw_again() -> None:
    actual, predicted, clusters = simulated()
    gold = Gold.of(LABELS, actual, clusters)
    (value,) = measure(gold, predicted, [METRICS["macro-f1"]], Bootstrap(4000))[0].values()
    generator = np.random.default_rng(7)
    names = np.unique(clusters)
    rows_of = {name: np.flatnonzero(np.array(clusters) == name) for name in names}
    drawn = []
    for _ in range(400):
        rows = np.concatenate([rows_of[name] for name in generator.choice(names, len(names))])
        a, p = np.array(actual)[rows], np.array(predicted)[rows]
        drawn.append(f1_score(a, p, labels=sorted(set(a)), average="macro", zero_division=0))
    low, high = np.quantile(drawn, [0.025, 0.975])
    assert value["low"] == pytest.approx(low, abs=0.025)
    assert value["high"] == pytest.approx(high, abs=0.025)


def test_whole_stories_are_drawn_so_copies_add_no_certainty() -> None:
    actual, predicted, clusters = simulated(rows=60, clusters=60)
    metrics = [METRICS["accuracy"]]
    once, _ = measure(Gold.of(LABELS, actual, clusters), predicted, metrics, Bootstrap())
    copied, _ = measure(Gold.of(LABELS, actual * 3, clusters * 3), predicted * 3, metrics, Bootstrap())
    assert copied == once
    alone = [str(i) for i in range(180)]
    as_rows, _ = measure(Gold.of(LABELS, actual * 3, alone), predicted * 3, metrics, Bootstrap())
    width = {name: v["accuracy"]["high"] - v["accuracy"]["low"] for name, v in (("once", once), ("rows", as_rows))}
    assert width["rows"] < 0.7 * width["once"]


def test_the_order_of_rows_changes_nothing_and_seed_zero_is_a_seed() -> None:
    actual, predicted, clusters = simulated()
    metrics = choose([], LABELS)
    backwards = Gold.of(LABELS, actual[::-1], clusters[::-1])
    one = measure(Gold.of(LABELS, actual, clusters), predicted, metrics, Bootstrap(seed=0))
    assert measure(backwards, predicted[::-1], metrics, Bootstrap(seed=0)) == one
    assert measure(backwards, predicted[::-1], metrics, Bootstrap(seed=1)) != one


def test_a_label_without_support_and_never_predicted_has_no_interval() -> None:
    gold = Gold.of((*LABELS, "d"), ["a"] * 12, [str(i) for i in range(12)])
    values, labels = measure(gold, ["a"] * 11 + ["b"], choose([], LABELS), Bootstrap(100))
    assert labels["d"]["support"] == 0
    assert labels["d"]["f1_low"] is None
    assert labels["b"] == {"precision": 0, "recall": 0, "f1": 0, "support": 0, "f1_low": None, "f1_high": None}
    assert values["macro-f1"]["value"] == pytest.approx(22 / 23, abs=1e-6)  # of label a alone
    assert values["kappa"]["value"] == 0


def test_kappa_of_one_label_says_why_it_is_not_defined() -> None:
    gold = Gold.of(LABELS, ["a"] * 12, [str(i) for i in range(12)])
    values, _ = measure(gold, ["a"] * 12, [METRICS["kappa"]], Bootstrap(100))
    assert values == {"kappa": {"value": None, "low": None, "high": None, "why": "not defined on these data"}}


def test_statistics_hold_only_cells_that_occur() -> None:
    gold = Gold.of([str(i) for i in range(50)], ["3", "3", "7"], ["x", "x", "y"])
    counts = Counts.of(gold, ["3", "4", "7"])
    assert counts.statistics.tolist() == [[1, 1, 0], [0, 0, 1]]
    np.testing.assert_array_equal(counts.matrices(counts.statistics.sum(0)[None])[0], gold.matrices(["3", "4", "7"]))
