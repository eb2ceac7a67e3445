"""Values and intervals of one model: against re-scoring in a loop, and where they are not defined."""

from typing import Any

import numpy as np
import pytest
from sklearn.metrics import f1_score

from goldwire.eval.measure import Bootstrap, Gold, measure
from goldwire.eval.task import Answer, Task

TASK = Task(("a", "b", "c"))
NO_SUPPORT = "no row of the gold has this label"


def answers(labels: Any) -> list[Answer]:
    return [(str(label),) for label in labels]


def simulated(rows: int = 120, clusters: int = 40) -> tuple[list[Answer], list[Answer], list[str]]:
    generator = np.random.default_rng(1)
    actual = generator.choice(TASK.labels, rows, p=[0.5, 0.3, 0.2])
    wrong = generator.random(rows) < 0.4
    predicted = np.where(wrong, generator.choice(TASK.labels, rows), actual)
    return answers(actual), answers(predicted), [f"s{i % clusters}" for i in range(rows)]


def test_values_and_figures_per_label_of_a_hand_worked_case() -> None:
    gold = Gold.of(TASK, answers("aabb"), list("1234"), metrics=["accuracy", "macro-f1"])
    values, labels = measure(gold, answers("abbc"), Bootstrap(100))
    why = "4 clusters: an interval needs 10"
    assert values == {
        "accuracy": {"value": 0.5, "low": None, "high": None, "why": why},
        "macro-f1": {"value": 0.583333, "low": None, "high": None, "why": why},  # (2/3 + 1/2) / 2
    }
    none: dict[str, Any] = {"f1_low": None, "f1_high": None, "why": why}
    assert labels == {
        "a": {"precision": 1.0, "recall": 0.5, "f1": 0.666667, "support": 2, **none},
        "b": {"precision": 0.5, "recall": 0.5, "f1": 0.5, "support": 2, **none},
        "c": {"precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 0, **none, "why": NO_SUPPORT},
    }


def test_the_interval_is_that_of_drawing_stories_and_scoring_each_draw_again() -> None:
    actual, predicted, clusters = simulated()
    gold = Gold.of(TASK, actual, clusters, metrics=["macro-f1"])
    (value,) = measure(gold, predicted, Bootstrap(4000))[0].values()
    generator = np.random.default_rng(7)
    names = np.unique(clusters)
    rows_of = {name: np.flatnonzero(np.array(clusters) == name) for name in names}
    drawn = []
    for _ in range(400):
        rows = np.concatenate([rows_of[name] for name in generator.choice(names, len(names))])
        a, p = ([each[row][0] for row in rows] for each in (actual, predicted))
        drawn.append(f1_score(a, p, labels=sorted(set(a)), average="macro", zero_division=0))
    low, high = np.quantile(drawn, [0.025, 0.975])
    assert value["low"] == pytest.approx(low, abs=0.025)
    assert value["high"] == pytest.approx(high, abs=0.025)


def test_whole_stories_are_drawn_so_copies_add_no_certainty() -> None:
    actual, predicted, clusters = simulated(rows=60, clusters=60)
    once, _ = measure(Gold.of(TASK, actual, clusters), predicted, Bootstrap())
    copied, _ = measure(Gold.of(TASK, actual * 3, clusters * 3), predicted * 3, Bootstrap())
    assert copied == once
    alone = [str(i) for i in range(180)]
    as_rows, _ = measure(Gold.of(TASK, actual * 3, alone), predicted * 3, Bootstrap())
    width = {name: v["accuracy"]["high"] - v["accuracy"]["low"] for name, v in (("once", once), ("rows", as_rows))}
    assert width["rows"] < 0.7 * width["once"]


@pytest.mark.parametrize("several", [False, True])
def test_the_order_of_rows_changes_nothing_and_seed_zero_is_a_seed(several: bool) -> None:
    actual, predicted, clusters = simulated()
    task = Task(TASK.labels, "multiple" if several else "single")
    if several:
        generator = np.random.default_rng(2)
        actual, predicted = (
            [tuple(np.array(TASK.labels)[row]) for row in generator.random((120, 3)) < share] for share in (0.5, 0.7)
        )
    backwards = Gold.of(task, actual[::-1], clusters[::-1])
    one = measure(Gold.of(task, actual, clusters), predicted, Bootstrap(seed=0))
    assert measure(backwards, predicted[::-1], Bootstrap(seed=0)) == one
    assert measure(backwards, predicted[::-1], Bootstrap(seed=1)) != one


def test_a_label_without_support_and_never_predicted_has_no_interval() -> None:
    gold = Gold.of(Task((*TASK.labels, "d")), answers("a" * 12), [str(i) for i in range(12)])
    values, labels = measure(gold, answers("a" * 11 + "b"), Bootstrap(100))
    assert labels["d"]["support"] == 0
    assert labels["d"]["f1_low"] is None
    figures = {"precision": 0, "recall": 0, "f1": 0, "support": 0, "f1_low": None, "f1_high": None}
    assert labels["b"] == {**figures, "why": NO_SUPPORT}
    assert "why" not in labels["a"]
    assert values["macro-f1"]["value"] == pytest.approx(22 / 23, abs=1e-6)  # of label a alone
    assert values["kappa"]["value"] == 0


def same(clusters: int, share: str) -> dict[str, Any]:
    why = f"the same in every resample: what none of {clusters} clusters shows, up to {share} of others may show"
    return {"low": None, "high": None, "why": why}


def test_a_figure_that_is_the_same_in_every_resample_has_no_interval_and_says_what_may_still_be() -> None:
    gold = Gold.of(TASK, answers("ab" * 30), [str(i // 2) for i in range(60)], metrics=["accuracy", "kappa"])
    values, labels = measure(gold, answers("ab" * 30), Bootstrap(100))
    assert values == {name: {"value": 1.0, **same(30, "10%")} for name in ("accuracy", "kappa")}  # 3 / 30
    figures = {"precision": 1.0, "recall": 1.0, "f1": 1.0, "support": 30}
    assert labels["a"] == {**figures, "f1_low": None, "f1_high": None, "why": same(30, "10%")["why"]}
    assert measure(gold, answers("ab" * 30), Bootstrap(100, level=0.8))[0]["kappa"] == {
        "value": 1.0,
        **same(30, "5.4%"),
    }


def test_one_answer_for_all_has_no_interval_where_that_is_so_by_construction() -> None:
    actual, _, clusters = simulated()
    values, labels = measure(Gold.of(TASK, actual, clusters), answers("a" * len(actual)), Bootstrap(200))
    assert values["kappa"] == {"value": 0.0, **same(40, "7.5%")}
    assert values["accuracy"]["low"] < values["accuracy"]["value"] < values["accuracy"]["high"]
    assert labels["a"]["f1_low"] < labels["a"]["f1"]
    assert (labels["b"]["f1"], labels["b"]["f1_low"], labels["b"]["f1_high"]) == (0.0, None, None)


def test_bounds_of_figures_that_do_not_vary_are_the_figure() -> None:
    ones = np.ones((20, 2))
    (raw,) = Bootstrap(50).bounds(None, ones, lambda sums: sums[:, :1] / sums[:, 1:])
    (found,) = Bootstrap(50).intervals(
        [f"s{i // 2}" for i in range(40)], np.ones((40, 2)), lambda s: s[:, :1] / s[:, 1:]
    )
    assert (raw.value, raw.low, raw.high) == (1, 1, 1)
    assert found.as_dict() == {"value": 1.0, **same(20, "15%")}


def test_kappa_of_one_label_says_why_it_is_not_defined() -> None:
    gold = Gold.of(TASK, answers("a" * 12), [str(i) for i in range(12)], metrics=["kappa"])
    values, _ = measure(gold, answers("a" * 12), Bootstrap(100))
    assert values == {"kappa": {"value": None, "low": None, "high": None, "why": "not defined on these data"}}


def test_a_label_that_the_task_has_not_is_a_key_error() -> None:
    gold = Gold.of(TASK, answers("aab"), list("123"))
    with pytest.raises(KeyError):
        measure(gold, answers("axb"), Bootstrap(10))


def test_estimators_have_the_same_columns_by_cluster_name_and_only_cells_that_occur() -> None:
    task = Task(tuple(str(i) for i in range(50)))
    gold = Gold.of(task, answers(["7", "3", "3"]), ["y", "x", "x"], metrics=["accuracy"])
    one, other = gold.estimators([answers(["7", "3", "4"]), answers(["7", "7", "3"])])
    assert gold.names == ("accuracy", *(f"f1:{i}" for i in range(50)))
    # The cells are 3 as 3, 3 as 4, 3 as 7, 7 as 7.
    assert one.statistics.tolist() == [[1, 1, 0, 0], [0, 0, 0, 1]]
    assert other.statistics.tolist() == [[1, 0, 1, 0], [0, 0, 0, 1]]
    swapped = one.statistics.copy()
    swapped[0] = other.statistics[0]
    np.testing.assert_array_equal(one.function(swapped.sum(axis=0)[None])[0], other.values())
    assert one.values()[:1] == pytest.approx([2 / 3])
    assert one.values()[[4, 8]] == pytest.approx([2 / 3, 1])
    assert np.isnan(one.values()[5])


def test_targets_take_columns_only_where_a_metric_is_by_target() -> None:
    task = Task(("favor", "against"))
    rows, targets = answers(["favor", "against"]), ["one", "two"]
    both = Gold.of(task, rows, ["x", "y"], targets)
    assert both.targets.tolist() == [0, 1]
    assert "semeval-favg-by-target" in both.names
    assert Gold.of(task, rows, ["x", "y"], targets, ["accuracy"]).targets.tolist() == [0, 0]
