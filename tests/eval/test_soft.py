"""Distances of shares to votes against scipy, and figures where people agree or do not."""

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon
from scipy.stats import entropy

from goldwire import tables
from goldwire.eval.assess import score_all
from goldwire.eval.inputs import load_all
from goldwire.eval.measure import Bootstrap
from goldwire.eval.result import Figure, read_all
from goldwire.eval.soft import by_votes, soft
from goldwire.eval.task import Answer, Task
from goldwire.study import Study

TASK = Task(("a", "b", "c"))


def drawn(rows: int) -> tuple[np.ndarray, list[dict[str, float]]]:
    generator = np.random.default_rng(3)
    votes = generator.multinomial(3, [0.5, 0.3, 0.2], rows) / 3
    return generator.dirichlet(np.ones(3), rows), [dict(zip(TASK.labels, row, strict=True)) for row in votes]


def test_distances_equal_scipy() -> None:
    shares, votes = drawn(40)
    found = soft(TASK, votes, shares, [str(i) for i in range(40)], Bootstrap(200))
    q = np.array([list(row.values()) for row in votes])
    expected = {
        "cross-entropy": np.mean([entropy(a) + entropy(a, b) for a, b in zip(q, shares, strict=True)]),
        "jensen-shannon": np.mean([jensenshannon(a, b, base=2) for a, b in zip(q, shares, strict=True)]),
        "manhattan": np.abs(q - shares).sum(axis=1).mean(),
    }
    assert {name: figure["value"] for name, figure in found.items()} == pytest.approx(expected, abs=1e-6)
    assert all(figure["low"] < figure["value"] < figure["high"] for figure in found.values())


def test_of_several_labels_each_is_given_or_not() -> None:
    task = Task(("a", "b"), "multiple")
    found = soft(task, [{"a": 1.0, "b": 0.5}, None], np.array([[0.5, 0.5], [0.1, 0.1]]), ["x", "y"], Bootstrap(10))
    a_js = jensenshannon([1, 0], [0.5, 0.5], base=2)
    expected = {"cross-entropy": np.log(2), "jensen-shannon": a_js / 2, "manhattan": 0.5}
    assert {name: figure["value"] for name, figure in found.items()} == pytest.approx(expected, abs=1e-6)


def test_rows_without_votes_and_labels_that_the_task_has_not_are_left_out() -> None:
    shares, votes = drawn(30)
    clusters = [str(i) for i in range(30)]
    base = soft(TASK, votes, shares, clusters, Bootstrap(100))
    with_unsure = [{**{k: v / 2 for k, v in row.items()}, "unsure": 0.5} for row in votes]
    assert soft(TASK, with_unsure, shares, clusters, Bootstrap(100)) == base
    more = soft(
        TASK,
        [*votes, None, {}, {"unsure": 1.0}],
        np.vstack([shares, shares[:3]]),
        [*clusters, "x", "y", "z"],
        Bootstrap(100),
    )
    assert more == base
    none = {"value": None, "low": None, "high": None, "why": "no row has votes"}
    assert soft(TASK, [None], shares[:1], ["x"], Bootstrap(10)) == dict.fromkeys(base, none)
    several = Task(("a", "b"), "multiple")
    assert soft(several, [None], np.zeros((1, 2)), ["x"], Bootstrap(10)) == dict.fromkeys(base, none)


def test_a_metric_on_unanimous_and_on_contested_rows() -> None:
    actual: list[Answer] = [("a",), ("b",), ("a",), ("b",), ("a",)]
    predicted: list[Answer] = [("a",), ("b",), ("b",), ("b",), ("b",)]
    votes = [{"a": 1.0}, {"b": 1.0}, {"a": 2 / 3, "b": 1 / 3}, {"a": 1 / 3, "b": 2 / 3}, {}]
    found = by_votes(TASK, actual, predicted, votes, list("vwxyz"), Bootstrap(10), "accuracy")
    why = "2 clusters: an interval needs 10"
    assert found == {
        "unanimous": {"value": 1.0, "low": None, "high": None, "why": why},
        "contested": {"value": 0.5, "low": None, "high": None, "why": why},
    }
    only = by_votes(TASK, actual[:2], predicted[:2], votes[:2], list("vw"), Bootstrap(10))
    assert only["contested"] == {"value": None, "low": None, "high": None, "why": "no row is contested"}


def test_one_vote_says_nothing_of_agreement() -> None:
    actual: list[Answer] = [("a",), ("b",), ("a",), ("b",), ("a",), ("a",)]
    predicted: list[Answer] = [("a",), ("a",), ("a",), ("a",), ("b",), ("b",)]
    votes = [{"a": 1.0}, {"b": 1.0}, {"a": 0.5, "b": 0.5}, {"b": 1.0}, {"a": 1.0}, None]
    args = (TASK, actual, predicted, votes, list("uvwxyz"), Bootstrap(10), "accuracy")
    found = by_votes(*args, numbers=[3, 1, 2, None, 1, 1])
    assert {name: figure["value"] for name, figure in found.items()} == {
        "unanimous": 0.5,  # of the first, and of the fourth, of whose votes the number is not known
        "contested": 1.0,
        "one vote": 0.0,  # not the last, which has no shares
    }
    assert list(by_votes(*args, numbers=[3, 2, 2, None, 2, 0])) == ["unanimous", "contested"]
    assert by_votes(*args)["unanimous"]["value"] == 0.25
    only = by_votes(*args, numbers=[1] * 6)
    assert only["unanimous"]["why"] == "no row is unanimous"
    assert only["one vote"]["value"] == 0.4


def test_units_of_a_study_with_one_vote_are_a_group_of_their_own(predicted: Study) -> None:
    def scored() -> dict[str, Figure]:
        score_all(predicted)
        return next(one for one in read_all(predicted.results)[0] if one.scheme == "events-small").best.by_votes

    assert set(scored()) == {"unanimous", "contested"}
    test = sorted(load_all(predicted)[0][0].labelled("test")["unit_id"])
    few = [row | {"n_votes": 1} if row["unit_id"] in test[:5] else row for row in predicted.read("gold").to_pylist()]
    tables.write(tables.build("gold", few), predicted.table("gold"))
    found = scored()
    assert set(found) == {"unanimous", "contested", "one vote"}
    assert found["one vote"].why == "3 clusters: an interval needs 10"


def test_of_several_labels_votes_are_unanimous_when_they_are_of_every_label() -> None:
    task = Task(("a", "b"), "multiple")
    answers: list[Answer] = [("a", "b"), ("a",), ()]
    votes = [{"a": 1.0, "b": 1.0}, {"a": 1.0, "b": 0.5}, {"a": 0.0, "b": 0.0}]
    found = by_votes(task, answers, [("a", "b"), ("b",), ("a",)], votes, list("xyz"), Bootstrap(10), "accuracy")
    assert [found[name]["value"] for name in ("unanimous", "contested")] == [0.5, 0.0]


def test_everybody_for_none_of_several_labels_is_unanimous_and_has_shares() -> None:
    # 80 units that all gave no label, half of them with a false positive, 20 that all gave x, and 5 without votes.
    task = Task(("x", "y"), "multiple")
    actual: list[Answer] = [()] * 80 + [("x",)] * 20 + [()] * 5
    predicted: list[Answer] = [()] * 40 + [("y",)] * 40 + [("x",)] * 20 + [("y",)] * 5
    votes = [*([{}] * 80), *([{"x": 1.0}] * 20), *([None] * 5)]
    clusters = [str(i) for i in range(105)]
    found = by_votes(task, actual, predicted, votes, clusters, Bootstrap(50), "accuracy")
    assert found["unanimous"]["value"] == 0.6
    assert found["contested"]["why"] == "no row is contested"
    shares = task.marks(predicted).astype(float)
    assert soft(task, votes, shares, clusters, Bootstrap(50))["manhattan"]["value"] == 0.4  # 40 of 200 shares, by 2
    with_x = [("x",) if answer == ("y",) else answer for answer in predicted]
    assert by_votes(task, actual, with_x, votes, clusters, Bootstrap(50))["unanimous"]["value"] == 0.5  # of 20 + 60
