"""Calibration and control scores, worked out by hand."""

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.team.reference_scores import ReferenceScore, Score, passed, reference_scores
from goldwire.labels.team.references import Reference
from goldwire.scheme import Scheme, parse

SCHEME = """
name: weather
version: 1.0.0
title: Weather
description: Written for the test.
unit: document
questions:
  - {name: sky, text: Sky, labels: [{name: clear, definition: C}, {name: grey, definition: G},
     {name: unclear, definition: U, role: unsure}]}
  - {name: falls, text: Falls, type: multiple, required: false, labels: [{name: rain, definition: R},
     {name: hail, definition: H}, {name: unclear, definition: U, role: unsure}]}
  - {name: place, text: Place, type: tree, required: false, labels: [{name: Land, definition: L,
     children: [{name: Hill, definition: H}]}]}
  - {name: heat, text: Heat, type: ordinal, required: false, labels: [{name: "1", definition: L},
     {name: "2", definition: H}]}
  - {name: why, text: Why, type: text, required: false}
"""


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return parse(SCHEME, "weather.yaml")


def known(unit: str, question: str, *labels: str, purpose: Any = "calibration") -> Reference:
    return Reference(unit, question, purpose, labels)


def votes(*answers: tuple[str, str, dict[str, list[str]]], counts: bool = True) -> pa.Table:
    """One row for each question, as the fold makes them."""
    return tables.build(
        "votes",
        [
            {"scheme": "weather", "unit_id": unit, "annotator": who, "question": question, "labels": labels}
            | {"counts": counts, "status": "submitted", "round": "r"}
            for unit, who, said in answers
            for question in ("sky", "falls", "place", "heat", "why")
            for labels in [said.get(question, [])]
        ],
    )


@pytest.mark.parametrize(
    ("question", "right", "given", "expected"),
    [
        ("sky", ["clear"], ["clear"], (1, 0)),
        ("sky", ["clear"], ["grey"], (0, 0)),
        ("sky", ["clear"], ["unclear"], (0, 1)),
        ("sky", ["clear"], [], (0, 0)),
        ("falls", ["rain", "hail"], ["hail", "rain"], (1, 0)),
        ("falls", ["rain", "hail"], ["rain"], (0, 0)),
        ("falls", ["rain"], ["rain", "hail"], (0, 0)),
        ("falls", ["rain"], ["rain", "unclear"], (1, 0)),
        ("falls", ["rain"], ["unclear"], (0, 1)),
        ("place", ["Land/Hill"], ["Land/Hill"], (1, 0)),
        ("place", ["Land/Hill"], ["Land"], (0, 0)),
        ("heat", ["2"], ["2"], (1, 0)),
        ("heat", ["2"], ["1"], (0, 0)),
    ],
)
def test_an_answer_is_right_when_its_labels_are_the_known_ones(
    scheme: Scheme, question: str, right: list[str], given: list[str], expected: tuple[int, int]
) -> None:
    found = reference_scores(votes(("u", "a", {question: given})), [known("u", question, *right)], scheme, ["a"])
    score = Score(*expected, 1, 1)
    assert found == {"calibration": {"a": ReferenceScore(*expected, 1, 1, {question: score})}}


def test_a_unit_is_right_when_all_of_its_known_answers_are(scheme: Scheme) -> None:
    references = [
        known("u1", "falls", "rain"),
        known("u1", "sky", "clear"),
        known("u2", "sky", "grey"),
        known("u3", "sky", "grey"),
        known("c1", "sky", "clear", purpose="control"),
    ]
    answers = votes(
        ("u1", "a", {"sky": ["clear"], "falls": ["rain"]}),
        ("u2", "a", {"sky": ["grey"]}),
        ("u3", "a", {"sky": ["unclear"]}),
        ("c1", "a", {"sky": ["grey"]}),
        ("u1", "b", {"sky": ["clear"], "falls": ["hail"]}),
        ("other", "b", {"sky": ["clear"]}),
    )
    assert reference_scores(answers, references, scheme, ["b", "a", "c"]) == {
        "calibration": {
            "b": ReferenceScore(0, 0, 1, 3, {"sky": Score(1, 0, 1, 3), "falls": Score(0, 0, 1, 1)}),
            "a": ReferenceScore(2, 1, 3, 3, {"sky": Score(2, 1, 3, 3), "falls": Score(1, 0, 1, 1)}),
            "c": ReferenceScore(0, 0, 0, 3, {"sky": Score(0, 0, 0, 3), "falls": Score(0, 0, 0, 1)}),
        },
        "control": {
            "b": ReferenceScore(0, 0, 0, 1, {"sky": Score(0, 0, 0, 1)}),
            "a": ReferenceScore(0, 0, 1, 1, {"sky": Score(0, 0, 1, 1)}),
            "c": ReferenceScore(0, 0, 0, 1, {"sky": Score(0, 0, 0, 1)}),
        },
    }


def test_only_assigned_units_are_to_be_answered_and_others_count_when_they_were(scheme: Scheme) -> None:
    references = [known(unit, "sky", "clear", purpose="control") for unit in ("u1", "u2", "u3")]
    answers = votes(("u1", "a", {"sky": ["clear"]}), ("u3", "b", {"sky": ["clear"]}))
    assigned = {"u1": ("a",), "u2": ("a", "b"), "u3": ("a",)}
    found = reference_scores(answers, references, scheme, ["a", "b"], assigned)["control"]
    assert {who: (score.right, score.answered, score.of) for who, score in found.items()} == {
        "a": (1, 1, 3),
        "b": (1, 1, 2),
    }


def test_free_text_and_answers_that_do_not_count_are_not_scored(scheme: Scheme) -> None:
    text = [known("u", "why", "because")]
    assert reference_scores(votes(("u", "a", {"sky": ["clear"]})), text, scheme, ["a"]) == {}
    old = votes(("u", "a", {"sky": ["clear"]}), counts=False)
    found = reference_scores(old, [known("u", "sky", "clear")], scheme, ["a"])
    assert found == {"calibration": {"a": ReferenceScore(0, 0, 0, 1, {"sky": Score(0, 0, 0, 1)})}}


def test_a_reference_to_no_question_is_an_error(scheme: Scheme) -> None:
    with pytest.raises(GoldwireError, match='scheme weather has no question "snow"'):
        reference_scores(votes(), [known("u", "snow", "x")], scheme, ["a"])


@pytest.mark.parametrize(
    ("score", "threshold", "expected"),
    [
        (Score(7, 1, 10, 10), 0.7, True),
        (Score(6, 3, 10, 10), 0.7, False),
        (Score(9, 0, 9, 10), 0.7, None),
        (Score(10, 0, 10, 10), None, None),
        (Score(0, 0, 0, 0), 0.5, None),
        (Score(0, 0, 3, 3), 0.0, True),
    ],
)
def test_a_calibration_is_judged_when_all_of_it_is_answered(
    score: Score, threshold: float | None, expected: bool | None
) -> None:
    assert passed(score, threshold) is expected


@given(st.integers(1, 60), st.data())
def test_a_threshold_of_k_of_n_is_passed_with_k_and_not_with_fewer(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(1, n))
    assert passed(Score(k, 0, n, n), k / n) is True
    assert passed(Score(k - 1, 0, n, n), k / n) is False


def test_the_share_has_wilsons_interval() -> None:
    # Wilson for 8 of 10: centre (0.8 + 3.8415/20) / 1.38415, half 1.96 * sqrt(0.016 + 3.8415/400) / 1.38415
    assert Score(8, 1, 10, 12).as_dict() == {
        "right": 8,
        "unsure": 1,
        "answered": 10,
        "of": 12,
        "share": {"value": 0.8, "low": 0.490162, "high": 0.943318},
    }
