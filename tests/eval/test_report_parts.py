"""The parts of a report: texts with mentions, links to a server, what stands beside the results, confusions."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldwire import files
from goldwire.errors import GoldwireError
from goldwire.eval.report import beside, confusion, links, titles, words
from goldwire.eval.report.marked import Piece, pieces
from goldwire.eval.result import Mark, Task
from reported import made_up


def test_mentions_that_overlap_are_all_shown_with_their_names_at_their_ends() -> None:
    marks = [Mark(start=4, end=9, label="a"), Mark(start=7, end=12, label="b"), Mark(start=7, end=9, label="c")]
    assert pieces("the union of 🎶", marks) == [
        Piece("the ", False, ()),
        Piece("uni", True, ()),
        Piece("on", True, ("a", "c")),
        Piece(" of", True, ("b",)),
        Piece(" 🎶", False, ()),
    ]
    assert pieces("", marks) == []
    assert pieces("all", [Mark(start=0, end=3, label="x")]) == [Piece("all", True, ("x",))]


@given(st.text(max_size=30), st.lists(st.tuples(st.integers(-3, 35), st.integers(-3, 35)), max_size=8))
def test_the_pieces_are_the_text_and_cover_what_the_mentions_cover(text: str, spans: list[tuple[int, int]]) -> None:
    marks = [Mark(start=a, end=b, label=str(at)) for at, (a, b) in enumerate(spans)]
    found = pieces(text, marks)
    assert "".join(piece.text for piece in found) == text
    inside = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
    covered = "".join(("x" if piece.covered else ".") * len(piece.text) for piece in found)
    assert covered == "".join(
        "x" if any(mark.start <= at < mark.end for mark in inside) else "." for at in range(len(text))
    )
    assert sorted(label for piece in found for label in piece.ends) == sorted(mark.label for mark in inside)


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://labels.example.org/", "https://labels.example.org"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://example.org/ls", "https://example.org/ls"),
    ],
)
def test_a_task_has_an_address_on_the_server_that_is_named(url: str, base: str) -> None:
    assert links.address(links.server(url), Task(project=3, task=14)) == f"{base}/projects/3/data?task=14"


@pytest.mark.parametrize(
    "url",
    ["", "javascript:alert(1)", "//example.org", "https://", "ftp://example.org", "https://e.org/?a=1", "http://a b",
     "https://e.org/#x", "http://e.org:port", 'https://e.org/"x', "http://[::1", "https://e.org/\n", "e.org"],
)  # fmt: skip
def test_nothing_but_an_http_address_becomes_a_link(url: str) -> None:
    with pytest.raises(GoldwireError, match="is not the address of a Label Studio"):
        links.server(url)


def test_an_address_with_a_user_is_refused_without_showing_it() -> None:
    with pytest.raises(GoldwireError) as error:
        links.server("https://me:secret@example.org")
    assert str(error.value) == "the address of Label Studio names a user"


def test_curve_and_suspects_are_read_where_they_are(tmp_path: Path) -> None:
    assert beside.curves(tmp_path) == {}
    assert beside.suspects(tmp_path) == {}
    files.write_json(tmp_path / "curve.json", {"a.b": {"points": [], "fit": {"x": 1}, "why": "too few", "new": 1}})
    listed = [{"unit_id": "u", "gold": ["x"], "suggested": []}]
    files.write_json(tmp_path / "suspects.json", {"a.b": {"model": "m", "judged": 3, "listed": listed}})
    assert beside.curves(tmp_path)["a.b"] == beside.Curve(why="too few")
    assert beside.suspects(tmp_path)["a.b"].listed[0].gold == ["x"]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "not an object with a key for each question"),
        ({"a.b": {"points": [{"n": 1}]}}, "not of this version of goldwire: a.b.points.0.value: Field required"),
    ],
)
def test_another_curve_is_refused_by_name(tmp_path: Path, value: Any, message: str) -> None:
    files.write_json(tmp_path / "curve.json", value)
    with pytest.raises(GoldwireError) as error:
        beside.curves(tmp_path)
    assert str(error.value) == f"{tmp_path / 'curve.json'}: {message}"
    assert error.value.hint == "Make it again: goldwire eval curve"


def test_a_table_of_confusions_has_the_labels_that_were_used() -> None:
    result = made_up()
    opened = confusion.opened(result, "q1")
    table = confusion.matrix(result, result.best, confusion.anchors(opened, result.best))
    assert table.columns == [label.name for label in result.labels[:3]]
    assert [(name, support, [cell.n for cell in cells]) for name, support, cells in table.rows] == [
        (table.columns[0], 44, [31, 4, 9]), (table.columns[1], 22, [2, 20, 0]), (table.columns[2], 23, [6, 5, 12]),
    ]  # fmt: skip
    assert [(one.cell.right, len(one.cell.units), one.more) for one in opened] == [
        (False, 9, 1), (False, 6, 0), (False, 5, 0), (False, 4, 0), (False, 2, 0), (True, 31, 23), (True, 20, 12),
        (True, 12, 4),
    ]  # fmt: skip
    anchors = [cell.anchor for _, _, cells in table.rows for cell in cells]
    assert anchors == [*(f"q1-c{at}" for at in range(5)), None, *(f"q1-c{at}" for at in range(5, 8))]


def test_a_table_of_several_labels_counts_each() -> None:
    result = made_up("tree")
    table = confusion.matrix(result, result.best, {})
    assert table.columns == ["given", "missed", "added"]
    assert [(support, [cell.n for cell in cells]) for _, support, cells in table.rows] == [
        (35, [31, 4, 9]), (22, [2, 20, 0]), (11, [6, 5, 12]), (3, [3, 0, 0]),
    ]  # fmt: skip
    assert table.rows[-1][0] == "no label"


def test_metrics_have_titles_and_an_order() -> None:
    assert titles.ordered(["kappa", "accuracy", "fnc", "macro-f1"]) == ["macro-f1", "accuracy", "kappa", "fnc"]
    assert [titles.title(x) for x in ("macro-f1", "hamming-loss", "ece", "new")] == [
        "macro-F1", "Hamming loss (less)", "ECE", "new",
    ]  # fmt: skip


def test_numbers_and_lists_in_words() -> None:
    assert [words.signed(x) for x in (0.0004, -0.0004, -0.1, 0.25, None)] == [
        "0.000",
        "0.000",
        "−0.100",
        "+0.250",
        "–",
    ]
    assert [words.listed(x) for x in ("", "a", "ab", "abcd", "abcde")] == [
        "",
        "a",
        "a and b",
        "a, b, c and d",
        "a, b, c and 2 more",
    ]
    assert [words.first_lower(x) for x in ("The model", "MCC is", "")] == ["the model", "MCC is", ""]


def test_the_best_model_is_held_against_the_first_and_the_next_best() -> None:
    result = made_up()
    assert (words.first(result), words.runner_up(result)) == ("majority", "tfidf-logreg")
    found = words.against_first(result)
    assert found is not None
    assert (found.b, found.metric, found.label) == ("majority", "macro-f1", None)
