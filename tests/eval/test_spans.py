"""Scores of mentions and relations: hand-worked, and against counting pairs one by one."""

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.errors import GoldwireError
from goldwire.eval.measure import Bootstrap
from goldwire.eval.spans import score_mentions
from goldwire.eval.spans.policies import Policy
from goldwire.eval.spans.relations import score_relations


def marked(*rows: tuple[str, str, int, int, str]) -> pa.Table:
    names = ("mention_id", "unit_id", "start", "end", "label")
    return pa.table({name: [row[at] for row in rows] for at, name in enumerate(names)})


def linked(*rows: tuple[str, str, str, str]) -> pa.Table:
    names = ("unit_id", "from", "to", "label")
    return pa.table({name: [row[at] for row in rows] for at, name in enumerate(names)})


GOLD = marked(("a", "u1", 0, 5, "X"), ("b", "u1", 10, 20, "Y"), ("c", "u2", 5, 9, "X"))
PREDICTED = marked(("p", "u1", 0, 5, "X"), ("q", "u1", 12, 18, "Y"), ("r", "u2", 5, 9, "Y"), ("s", "u3", 0, 3, "X"))


def values(found: dict[str, Any]) -> dict[str, float]:
    return {name: figure["value"] for name, figure in found["metrics"].items()}


def test_mentions_of_a_hand_worked_case() -> None:
    found = score_mentions(GOLD, PREDICTED, policy=Policy(extra="wrong"))
    none = {"f1_low": None, "f1_high": None, "why": "3 clusters: an interval needs 10"}
    assert {**found, "metrics": values(found)} == {
        "n": 3,
        "predicted": 4,
        "metrics": {
            "precision": 0.25,
            "recall": 0.333333,
            "micro-f1": 0.285714,
            "macro-f1": 0.25,  # X 2/4, Y 0
            "overlap-precision": 0.5,
            "overlap-recall": 0.666667,
            "overlap-micro-f1": 0.571429,
            "overlap-macro-f1": 0.583333,  # X 2/4, Y 2/3
        },
        "per_label": {
            "X": {"precision": 0.5, "recall": 0.5, "f1": 0.5, "support": 2, **none},
            "Y": {"precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 1, **none},
        },
        "kind": "mentions",
        "clusters": 3,
        "warnings": [
            "1 predictions are of units that the gold has not: they count as wrong",
            "units count as independent: name the column of stories with --cluster",
        ],
        "signature": found["signature"],
    }


def test_a_gold_mention_is_found_once_and_the_closest_comes_first() -> None:
    gold = marked(("a", "u", 0, 10, "X"), ("b", "u", 10, 14, "X"))
    predicted = marked(("p", "u", 0, 4, "X"), ("q", "u", 2, 11, "X"), ("r", "u", 2, 11, "X"))
    # q shares 8 of 11 characters with a, and 1 of 12 with b; r the same; p 4 of 10 with a. q takes a, r takes b.
    assert values(score_mentions(gold, predicted))["overlap-recall"] == 1.0
    assert values(score_mentions(gold, predicted))["overlap-precision"] == 0.666667
    touching = marked(("p", "u", 14, 20, "X"))
    assert values(score_mentions(gold, touching))["overlap-precision"] == 0.0


SPAN = st.tuples(st.sampled_from("uv"), st.integers(0, 6), st.integers(1, 4), st.sampled_from("XY"))


@settings(deadline=None, max_examples=60)
@given(st.lists(SPAN, min_size=1, max_size=12), st.lists(SPAN, max_size=12))
def test_exact_matches_are_those_that_both_have_as_often(gold: list[Any], predicted: list[Any]) -> None:
    both = Counter(gold) & Counter(predicted)

    def as_table(rows: list[Any]) -> pa.Table:
        listed = [(str(at), unit, start, start + size, label) for at, (unit, start, size, label) in enumerate(rows)]
        return marked(*listed) if listed else GOLD.slice(0, 0)

    policy = Policy("wrong", "wrong", "label")
    found = values(score_mentions(as_table(gold), as_table(predicted), policy=policy, bootstrap=Bootstrap(1)))
    assert found["recall"] == pytest.approx(both.total() / len(gold), abs=1e-6)
    assert found["precision"] == pytest.approx(both.total() / len(predicted) if predicted else 0.0, abs=1e-6)
    assert found["micro-f1"] == pytest.approx(2 * both.total() / (len(gold) + len(predicted)), abs=1e-6)
    assert found["overlap-recall"] >= found["recall"]


def test_stories_are_drawn() -> None:
    generator = np.random.default_rng(0)
    gold = [(str(at), f"u{at}", 0, 5, "X") for at in range(60)]
    predicted = [(str(at), f"u{at}", 0, 5 + int(generator.random() < 0.3), "X") for at in range(60)]
    story = pa.array([f"s{at // 3}" for at in range(60)])
    found = score_mentions(marked(*gold).append_column("story_id", story), marked(*predicted))
    assert (found["clusters"], found["warnings"]) == (20, [])
    figure = found["metrics"]["recall"]
    assert figure["low"] < figure["value"] < figure["high"]
    assert score_mentions(marked(*gold), marked(*predicted), bootstrap=Bootstrap(100))["clusters"] == 60


def test_only_the_layer_that_is_predicted_is_used() -> None:
    gold = GOLD.append_column("question", pa.array(["events", "actors", "events"]))
    predicted = PREDICTED.append_column("question", pa.array(["events"] * 4))
    assert score_mentions(gold, predicted, policy=Policy("wrong", unknown="label"))["n"] == 2


def test_relations_of_a_hand_worked_case() -> None:
    gold = linked(("u1", "a", "b", "POS"), ("u1", "author", "a", "NEG"))
    predicted = linked(("u1", "p", "q", "POS"), ("u1", "author", "p", "NEG"), ("u1", "q", "p", "POS"))
    found = score_relations(gold, predicted, gold_mentions=GOLD, predicted_mentions=PREDICTED)
    assert values(found) == {
        "precision": 0.333333,
        "recall": 0.5,
        "micro-f1": 0.4,
        "macro-f1": 0.5,  # NEG 1, POS 0
        "overlap-precision": 0.666667,
        "overlap-recall": 1.0,
        "overlap-micro-f1": 0.8,
        "overlap-macro-f1": 0.833333,  # NEG 1, POS 2/3
    }
    assert found["per_label"]["NEG"]["f1"] == 1.0
    assert (found["n"], found["predicted"], found["kind"]) == (2, 3, "relations")


def test_without_mentions_ends_are_compared_as_they_stand() -> None:
    gold = linked(("u1", "a", "b", "POS"), ("u1", "author", "a", "NEG"))
    predicted = linked(("u1", "a", "b", "NEG"), ("u1", "author", "a", "NEG"), ("u2", "a", "b", "POS"))
    assert values(score_relations(gold, predicted, policy=Policy(extra="wrong"))) == {
        "precision": 0.333333,
        "recall": 0.5,
        "micro-f1": 0.4,
        "macro-f1": 0.333333,  # NEG 2/3, POS 0
    }


@pytest.mark.parametrize(
    ("gold", "predicted", "message"),
    [
        (GOLD.slice(0, 0), PREDICTED, "there is nothing to score: the gold has no rows"),
        (GOLD.drop_columns("end"), PREDICTED, 'the gold has no column "end"'),
        (
            GOLD,
            marked(("p", "u1", 5, 0, "X"), ("q", "u1", 0, 5, "X")),
            "the predictions: 1 rows have no unit, label or span, such as row 1",
        ),
        (
            GOLD,
            pa.table({"unit_id": ["u1", "u1"], "start": [0, 1.5], "end": [5.0, 3.0], "label": ["X", "X"]}),
            "the predictions: 1 rows have no unit, label or span, such as row 2",
        ),
    ],
)
def test_tables_that_are_not_of_mentions_are_refused(gold: pa.Table, predicted: pa.Table, message: str) -> None:
    with pytest.raises(GoldwireError) as error:
        score_mentions(gold, predicted)
    assert str(error.value) == message


def test_a_relation_of_a_mention_that_is_not_there_is_refused() -> None:
    gold = linked(("u1", "a", "b", "POS"))
    with pytest.raises(GoldwireError, match=r"^1 ends of relations are no mentions of their unit, such as z of u1$"):
        score_relations(gold, linked(("u1", "z", "q", "POS")), gold_mentions=GOLD, predicted_mentions=PREDICTED)
