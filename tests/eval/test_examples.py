"""The units behind the cells: which are shown, and where their mentions lie in what is shown."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from goldwire import tables
from goldwire.eval.examples import MOST, PER_CELL, chosen, examples, moved
from goldwire.eval.marks import marks_of
from goldwire.eval.result import Cell, Mark
from goldwire.study import Study


def row(unit: str, text: str, **more: Any) -> dict[str, Any]:
    return {
        **{"unit_id": unit, "title": "Headline 🎶", "text": text, "outlet": "Post", "target": "", "holder": ""},
        **{"published_at": "2026-03-01T09:00:00", "labels": ("a", "b"), "decided_by": "majority", "n_votes": 3},
        **{"distribution": {"b": 1 / 3, "a": 2 / 3}},
        **more,
    }


def cell(actual: str, predicted: str, n: int, name: str = "") -> Cell:
    return Cell(
        actual=actual, predicted=predicted, units=[f"{name or actual + predicted}-{at:04}" for at in range(n)]
    )


def test_an_example_has_the_text_without_its_title_and_mentions_moved_with_it() -> None:
    text = "Headline 🎶\n\nThe union of 🎶 ferrymen."
    begin = text.index("The union")
    inside = Mark(start=text.index("union"), end=text.index(" of"), label="actor")
    headline, across = Mark(start=0, end=8, label="h"), Mark(start=5, end=begin + 3, label="x")
    found = examples(
        pd.DataFrame([row("ab-0000", text)]),
        [cell("a", "b", 1)],
        mentions={"ab-0000": [inside, headline, across]},
        tasks={"ab-0000": [{"project": 1, "task": 7}]},
    )["ab-0000"]
    assert found.text == "The union of 🎶 ferrymen."
    assert [(found.text[m.start : m.end], m.label) for m in found.mentions] == [("union", "actor")]
    assert [(task.project, task.task) for task in found.tasks] == [(1, 7)]
    assert (found.gold, found.votes, found.shortened) == (["a", "b"], {"a": 0.666667, "b": 0.333333}, False)
    assert found.published_at == "2026-03-01"


def test_mentions_behind_the_end_of_a_shortened_text_are_left_out() -> None:
    text = "x" * 2399 + " ends here"
    marks = [Mark(start=2390, end=2399, label="in"), Mark(start=2398, end=2401, label="out")]
    found = examples(pd.DataFrame([row("aa-0000", text)]), [cell("a", "a", 1)], mentions={"aa-0000": marks})[
        "aa-0000"
    ]
    assert (len(found.text), found.shortened) == (2399, True)
    assert [mark.label for mark in found.mentions] == ["in"]


def test_each_cell_shows_some_and_a_unit_in_several_is_there_once() -> None:
    cells = [cell("a", "a", 500), cell("a", "b", 2), Cell(actual="c", predicted=None, units=["ab-0000"])]
    units = chosen(cells)
    assert len(units) == PER_CELL + 2
    assert units == {f"aa-{at:04}" for at in range(PER_CELL)} | {"ab-0000", "ab-0001"}


def test_of_many_cells_each_shows_one_before_any_shows_two_and_errors_come_first() -> None:
    wrong = [cell("a", f"w{at:03}", 9) for at in range(MOST - 1)]
    right = [cell("a", "a", 9), cell("b", "b", 20)]
    units = chosen([*right, *wrong])
    assert len(units) == MOST
    assert {one.units[0] for one in wrong} < units
    assert units - {one.units[0] for one in wrong} == {"bb-0000"}


def test_moved_mentions_are_sorted() -> None:
    marks = [Mark(start=5, end=9, label="b"), Mark(start=5, end=7, label="a"), Mark(start=2, end=2, label="empty")]
    assert [(m.start, m.end, m.label) for m in moved(marks, 2, 10)] == [(3, 5, "a"), (3, 7, "b")]


@pytest.fixture
def study(tmp_path: Path) -> Study:
    found = Study(tmp_path)
    base = {"scheme": "s", "scheme_hash": "h", "question": "trigger", "text": "x"}
    unit = {"article_id": "a", "kind": "sentence"}
    units = [{"unit_id": "a/sentence/10-20", "start": 10, "end": 20, **unit}, {"unit_id": "a/document", **unit}]
    mentions = [
        {"unit_id": unit_id, "mention_id": str(at), "start": start, "end": end, "label": label, **base}
        for at, (unit_id, start, end, label) in enumerate(
            [("a/sentence/10-20", 12, 15, "in"), ("a/sentence/10-20", 8, 15, "before"),
             ("a/sentence/10-20", 18, 21, "behind"), ("a/document", 3, 5, "whole")]
        )
    ]  # fmt: skip
    mentions.append({**mentions[0], "scheme": "other", "label": "of another scheme"})
    tables.write(tables.build("units", units), found.table("units"))
    tables.write(tables.build("gold_mentions", mentions), found.table("gold_mentions"))
    return found


def test_gold_mentions_count_from_the_start_of_their_unit(study: Study) -> None:
    assert marks_of(study, "s") == {
        "a/sentence/10-20": [Mark(start=2, end=5, label="in")],
        "a/document": [Mark(start=3, end=5, label="whole")],
    }


def test_a_study_without_mentions_has_none(study: Study) -> None:
    study.table("gold_mentions").unlink()
    assert marks_of(study, "s") == {}
