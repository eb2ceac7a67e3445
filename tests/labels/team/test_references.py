"""Known answers: their file, the tables that they come from, and where their units lie among the others."""

from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.files import write_jsonl
from goldwire.labels.team import references
from goldwire.labels.team.assign import Design, Unit, assign
from goldwire.labels.team.reference_files import make
from goldwire.labels.team.references import Reference
from goldwire.scheme import Scheme, parse

SCHEME = """
name: weather
version: 1.0.0
title: Weather
description: Written for the test.
unit: document
questions:
  - {name: sky, text: Sky, labels: [{name: clear, definition: C}, {name: "[grey]", definition: G},
     {name: unclear, definition: U, role: unsure}]}
  - {name: falls, text: Falls, type: multiple, required: false, labels: [{name: rain, definition: R},
     {name: hail, definition: H}]}
  - {name: place, text: Place, type: tree, labels: [{name: Land, definition: L, children: [{name: Hill,
     definition: H}]}]}
  - {name: why, text: Why, type: text}
"""
UNITS = [
    {"unit_id": "a/document", "article_id": "a"},
    {"unit_id": "b/sentence/0-5", "article_id": "b"},
    {"unit_id": "b/sentence/6-9", "article_id": "b"},
    {"unit_id": "007/document", "article_id": "007"},
]


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return parse(SCHEME, "weather.yaml")


def one(unit: str, question: str, *labels: str, purpose: Any = "control") -> Reference:
    return Reference(unit, question, purpose, labels)


# the file


def test_references_are_read_as_they_were_written(tmp_path: Path) -> None:
    assert references.read(tmp_path) == []
    given = [
        one("b", "q", "é", "x"),
        one("a", "q", "x", purpose="calibration"),
        one("a", "p", "y", purpose="calibration"),
    ]
    references.write(tmp_path, given)
    assert (tmp_path / "references.jsonl").read_text(encoding="utf-8") == (
        '{"unit_id":"a","purpose":"calibration","question":"p","labels":["y"]}\n'
        '{"unit_id":"a","purpose":"calibration","question":"q","labels":["x"]}\n'
        '{"unit_id":"b","purpose":"control","question":"q","labels":["é","x"]}\n'
    )
    assert references.read(tmp_path) == sorted(given)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"unit_id": "b", "purpose": "control", "question": "q"}, "the line is not a known answer"),
        ({"unit_id": "b", "purpose": "test", "question": "q", "labels": ["x"]}, "the line is not a known answer"),
        ({"unit_id": "b", "purpose": "control", "question": "q", "labels": []}, "the line is not a known answer"),
        ({"unit_id": "b", "purpose": "control", "question": "q", "labels": "x"}, "the line is not a known answer"),
        ({"unit_id": 1, "purpose": "control", "question": "q", "labels": ["x"]}, "the line is not a known answer"),
        ([], "the line is not a known answer"),
        ({"unit_id": "a", "purpose": "control", "question": "q", "labels": ["y"]}, "a has an answer to q already"),
        (
            {"unit_id": "a", "purpose": "calibration", "question": "p", "labels": ["y"]},
            "unit a is calibration and control",
        ),
    ],
)
def test_a_damaged_file_is_refused_by_line(tmp_path: Path, row: Any, message: str) -> None:
    path = tmp_path / "references.jsonl"
    write_jsonl(path, [{"unit_id": "a", "purpose": "control", "question": "q", "labels": ["x"]}, row])
    with pytest.raises(GoldwireError) as caught:
        references.read(tmp_path)
    assert str(caught.value) == f"{path}:2: {message}"


def test_a_new_answer_replaces_the_old_one_and_a_unit_has_one_purpose() -> None:
    there = [one("a", "q", "x"), one("b", "q", "x")]
    assert references.merged(there, [one("a", "q", "y"), one("c", "q", "x")]) == [
        one("a", "q", "y"),
        one("b", "q", "x"),
        one("c", "q", "x"),
    ]
    with pytest.raises(GoldwireError, match="unit a is calibration and control"):
        references.merged(there, [one("a", "p", "y", purpose="calibration")])


# tables


def made(scheme: Scheme, path: Path, columns: dict[str, list[Any]]) -> list[Reference]:
    tables.write(pa.table(columns), path)
    return make(scheme, UNITS, path, "control")


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".jsonl", ".parquet"])
def test_a_column_for_each_question_and_an_empty_field_for_what_is_not_known(
    scheme: Scheme, tmp_path: Path, ending: str
) -> None:
    found = made(
        scheme,
        tmp_path / f"known{ending}",
        {
            "article_id": ["007", "a"],
            "sky": ["[grey]", None],
            "falls": [None, ["hail", "rain"] if ending in (".jsonl", ".parquet") else '["hail", "rain"]'],
            "note": ["x", "y"],
        },
    )
    assert found == [one("007/document", "sky", "[grey]"), one("a/document", "falls", "rain", "hail")]


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
def test_a_gold_table_is_a_table_of_known_answers(scheme: Scheme, tmp_path: Path, ending: str) -> None:
    common = {"scheme_hash": "0"}
    rows = [
        {"scheme": "weather", "unit_id": "a/document", "question": "place", "labels": ["Land/Hill"]},
        {"scheme": "weather", "unit_id": "a/document", "question": "sky", "labels": [], "decided_by": "unresolved"},
        {"scheme": "other", "unit_id": "zz/document", "question": "sky", "labels": ["x"]},
        {"scheme": "weather", "unit_id": "b/sentence/6-9", "question": "falls", "labels": ["hail"]},
    ]
    path = tmp_path / f"gold{ending}"
    tables.write(tables.build("gold", [{**common, **row} for row in rows]), path)
    assert make(scheme, UNITS, path, "calibration") == [
        one("a/document", "place", "Land/Hill", purpose="calibration"),
        one("b/sentence/6-9", "falls", "hail", purpose="calibration"),
    ]


def test_one_question_needs_no_column_for_it(tmp_path: Path) -> None:
    text = SCHEME[: SCHEME.index("  - {name: falls")]
    found = made(parse(text, "weather.yaml"), tmp_path / "known.csv", {"unit_id": ["a/document"], "label": ["clear"]})
    assert found == [one("a/document", "sky", "clear")]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"unit": ["a"], "sky": ["clear"]}, ": there is no column unit_id or article_id with a row"),
        ({"unit_id": ["a/document"], "Sky": ["clear"]}, ": no column has an answer"),
        ({"unit_id": ["a/document", "x"], "sky": ["clear"] * 2}, ": row 2: unit_id: the round has no unit x"),
        ({"article_id": ["x"], "sky": ["clear"]}, ": row 1: article_id: the round has no unit of article x"),
        ({"article_id": ["b"], "sky": ["clear"]}, ": row 1: article_id: the round has 2 units of article b"),
        ({"unit_id": [None], "sky": ["clear"]}, ": row 1: unit_id: the field is empty"),
        ({"unit_id": ["a/document"], "sky": ["grey"]}, ': row 1: sky: question sky has no label "grey"'),
        (
            {"unit_id": ["a/document"], "sky": ["unclear"]},
            ': row 1: sky: "unclear" is an abstention, no known answer',
        ),
        (
            {"unit_id": ["a/document"], "sky": ['["clear", "[grey]"]']},
            ": row 1: sky: question sky has one answer",
        ),
        ({"unit_id": ["a/document"], "sky": [None], "falls": [None]}, ": row 1: sky: the row has no answer"),
        (
            {"unit_id": ["a/document"] * 2, "sky": ["clear", "clear"]},
            ": row 2: sky: a/document has an answer to sky already",
        ),
        ({"unit_id": ["a/document"], "why": ["so"]}, ": row 1: why: why is free text"),
        (
            {"unit_id": ["a/document"], "question": ["Sky"], "label": ["clear"]},
            ': row 1: question: scheme weather has no question "Sky"',
        ),
        ({"unit_id": ["a/document"], "question": ["sky"], "label": [None]}, ": row 1: label: the field is empty"),
        (
            {"unit_id": ["a/document"], "label": ["clear"]},
            ": row 1: label: scheme weather has several questions, and nothing says which one is answered",
        ),
        (
            {"unit_id": ["a/document"], "scheme": ["other"], "sky": ["clear"]},
            ": no row has an answer of scheme weather",
        ),
    ],
)
def test_what_does_not_fit_is_named_by_row_and_column(
    scheme: Scheme, tmp_path: Path, columns: dict[str, list[Any]], message: str
) -> None:
    path = tmp_path / "known.csv"
    with pytest.raises(GoldwireError) as caught:
        made(scheme, path, columns)
    assert str(caught.value) == f"{path}{message}"


# the order


def tasks(number: int) -> list[dict[str, Any]]:
    return [{"data": {"unit_id": f"u{index}"}} for index in range(number)]


def ids(listed: list[dict[str, Any]]) -> list[str]:
    return [task["data"]["unit_id"] for task in listed]


@given(st.integers(0, 60), st.integers(0, 10), st.integers(0, 10), st.integers(0, 99))
@settings(deadline=None)
def test_calibration_comes_first_and_control_items_lie_evenly_among_the_rest(
    others: int, first: int, controls: int, seed: int
) -> None:
    known = [one(f"u{number}", "q", "x", purpose="calibration") for number in range(first)]
    known += [one(f"u{number}", "q", "x") for number in range(first, first + controls)]
    listed = tasks(first + controls + others)
    found = ids(references.order(listed, known, seed))
    assert sorted(found) == sorted(ids(listed))
    assert set(found[:first]) == {f"u{number}" for number in range(first)}
    assert ids(references.order(listed[::-1], known, seed)) == found
    hidden = {f"u{number}" for number in range(first, first + controls)}
    before = 0
    places = []  # of each control item, how many of the others come before it
    for unit in found[first:]:
        if unit in hidden:
            places.append(before)
        before += unit not in hidden
    for number, place in enumerate(places):
        stretch = (others + 1) / controls
        assert int(number * stretch) <= place < (number + 1) * stretch


def test_the_places_of_control_items_hang_on_the_seed() -> None:
    known = [one(f"u{number}", "q", "x") for number in range(5)]
    drawn = [ids(references.order(tasks(50), known, seed)) for seed in range(20)]
    places = [[place for place, unit in enumerate(found) if int(unit[1:]) < 5] for found in drawn]
    assert len(set(map(tuple, places))) == 20
    assert min(first for first, *_ in places) == 0  # neither the first nor the last is always another
    assert max(last for *_, last in places) == 49


def test_each_annotator_gets_control_items_evenly() -> None:
    known = [one(f"u{number}", "q", "x") for number in range(12)]
    found = ids(references.order(tasks(132), known, 0))
    units = [Unit(unit) for unit in found]
    design = Design(["a", "b", "c", "d"], 2, 0.5, {reference.unit_id for reference in known})
    assigned = assign(units, design)
    for who in design.annotators:
        own = [unit for unit in found if who in assigned[unit]]
        thirds = Counter(index * 3 // len(own) for index, unit in enumerate(own) if int(unit[1:]) < 12)
        assert all(abs(thirds[number] - 4) <= 1 for number in range(3)), (who, thirds)


def test_a_task_says_nothing_of_its_purpose() -> None:
    listed = tasks(4)
    known = [one("u0", "q", "x"), one("u1", "q", "x", purpose="calibration")]
    assert sorted(references.order(listed, known, 0), key=str) == sorted(listed, key=str)
