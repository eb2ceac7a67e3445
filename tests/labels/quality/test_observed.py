"""Times and seconds of a plain table and of votes stand beside the answers they belong to."""

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.quality.observed import observed_frame, observed_votes
from goldwire.scheme import parse
from pulled import SCHEME

ROWS: list[dict[str, Any]] = [
    {"task": "u2", "worker": "b", "label": "x", "at": "2026-03-01T10:00:00+02:00", "took": "2.5"},
    {"task": "u1", "worker": "b", "label": "y", "at": "2026-03-02", "took": ""},
    {"task": "u1", "worker": "a", "label": None, "at": "2026-03-03", "took": "9"},
    {"task": "u2", "worker": "a", "label": "x", "at": None, "took": "0"},
    {"task": "u2", "worker": "b", "label": "y", "at": "2026-03-04", "took": "7"},
]


def table(*changed: dict[str, Any]) -> pa.Table:
    changes = [*changed, {}, {}, {}, {}][:4]
    return pa.Table.from_pylist([{**row, **change} for row, change in zip(ROWS[:4], changes, strict=True)])


def seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def test_times_and_seconds_follow_their_answers() -> None:
    found = observed_frame(table(), time="at", seconds="took")
    answers = [
        (found.answers.units[u], found.answers.annotators[a], found.answers.labels[k])
        for u, a, k in zip(found.answers.unit, found.answers.annotator, found.answers.answer, strict=True)
    ]
    assert answers == [("u1", "b", "y"), ("u2", "a", "x"), ("u2", "b", "x")]
    expected = [seconds("2026-03-02T00:00:00+00:00"), np.nan, seconds("2026-03-01T08:00:00+00:00")]
    np.testing.assert_array_equal(found.time, expected)
    np.testing.assert_array_equal(found.seconds, [np.nan, 0, 2.5])


@pytest.mark.parametrize(("which", "took"), [("first", 2.5), ("last", 7.0)])
def test_of_two_answers_the_time_is_that_of_the_one_that_counts(which: Any, took: float) -> None:
    found = observed_frame(pa.Table.from_pylist(ROWS), seconds="took", duplicates=which)
    assert found.seconds[-1] == took


def test_without_columns_nothing_is_known_and_lists_are_sets() -> None:
    rows = [{"task": "u", "worker": w, "label": k} for w, k in (("a", ["x", "y"]), ("b", []), ("c", ["y"]))]
    found = observed_frame(pa.Table.from_pylist(rows))
    assert np.isnan(found.time).all()
    assert np.isnan(found.seconds).all()
    assert found.has(found.answers.labels.index("y")).tolist() == [True, True]


def test_columns_of_the_usual_names_and_of_parquet_s_types_are_taken() -> None:
    at = datetime(2026, 3, 1, 8)
    rows = [{"task": "u", "worker": "a", "label": "x", "created": at, "lead_time_s": 3.0}]
    found = observed_frame(pa.Table.from_pylist([*rows, {**rows[0], "worker": "b", "lead_time_s": float("nan")}]))
    assert found.time[0] == seconds("2026-03-01T08:00:00+00:00")
    np.testing.assert_array_equal(found.seconds, [3.0, np.nan])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ([{}, {"at": "yesterday"}], 'row 2: at: "yesterday" is no time'),
        ([{"took": "-3"}], 'row 1: took: "-3" is negative'),
        ([{}, {}, {"took": "long"}], 'row 3: took: "long" is no number'),
        ([{"took": "inf"}], 'row 1: took: "inf" is no number'),
    ],
)
def test_what_is_no_time_or_no_number_names_its_row(changed: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(GoldwireError) as caught:
        observed_frame(table(*changed), time="at", seconds="took")
    assert str(caught.value) == said
    assert caught.value.hint


@pytest.mark.parametrize("column", ["time", "seconds"])
def test_a_column_that_is_not_there_is_an_error(column: str) -> None:
    with pytest.raises(GoldwireError, match='there is no column "nope"'):
        observed_frame(table(), **{column: "nope"})


def test_an_answer_left_empty_has_the_time_of_its_page(tmp_path: Path) -> None:
    (tmp_path / "weather.yaml").write_text(SCHEME, encoding="utf-8")
    at = datetime.fromisoformat("2026-03-01T10:00:00+00:00")
    common = {"scheme": "weather", "counts": True, "status": "submitted", "created": at, "lead_time_s": 4.0}
    rows = [
        {**common, "unit_id": "u", "annotator": "a", "question": "sky", "labels": ["grey"]},
        {**common, "unit_id": "u", "annotator": "a", "question": "falls", "labels": ["rain"]},
        {**common, "unit_id": "u", "annotator": "b", "question": "sky", "labels": ["grey"], "lead_time_s": -1.0},
    ]
    scheme = parse(SCHEME, "weather.yaml")
    sky, falls = observed_votes(tables.build("votes", rows), {"weather": scheme}, {}, {"u": "s"})
    assert falls.answers.sets == [(), ("rain",)]
    assert falls.time.tolist() == [at.timestamp()] * 2
    np.testing.assert_array_equal(sky.seconds, [4.0, np.nan])  # nobody takes less than no time
