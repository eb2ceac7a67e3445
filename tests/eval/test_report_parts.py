"""The parts of a report: texts with mentions, links to a server, what stands beside the results, confusions."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldwire import files
from goldwire.errors import GoldwireError
from goldwire.eval.report import beside, bidi, confusion, html, links, titles, words
from goldwire.eval.report.marked import Piece, pieces
from goldwire.eval.report.summary import summary
from goldwire.eval.result import Mark, Result, Task
from reported import EVIL, bare, made_up


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


def test_a_model_above_the_pool_is_not_said_to_be_above_each_annotator() -> None:
    value = made_up().model_dump(mode="json", by_alias=True)
    value["models"][2]["against_people"] = "above"

    def said(*figures: float) -> str:
        value["ceiling"]["annotators"] = {
            f"annotator-{at:02}": {"answers": 9, "accuracy": {"value": f}, "macro-f1": {"value": f}}
            for at, f in enumerate(figures, 1)
        }
        return summary(Result.model_validate(value))[-1].replace(f" {EVIL}", "")

    begin = "ours is above annotators on average, 0.740 (0.710 to 0.770)"
    assert said(0.83, 0.5, 0.4) == f"{begin}; its figure is above that of 2 of 3 annotators."
    assert said(0.4, 0.5) == f"{begin}; its figure is above that of each of 2 annotators."
    assert said(0.6, 0.58) == f"{begin}; its figure is above that of none of 2 annotators."
    assert said(0.6, 0.7) == f"{begin}; its figure is below that of each of 2 annotators."
    assert said(0.6) == f"{begin}."
    value["models"][2]["against_people"] = "below"
    assert said(0.6, 0.7) == f"{begin.replace('above', 'below')}."
    assert said(0.4, 0.7).endswith("; its figure is above that of 1 of 2 annotators.")


def test_accuracy_that_points_the_other_way_is_told() -> None:
    value = made_up().model_dump(mode="json", by_alias=True)

    def said(difference: float, p: float) -> list[str]:
        value["comparisons"][2] |= {"difference": difference, "low": -0.2, "high": 0.1, "p_holm": p}
        return summary(Result.model_validate(value))[2:-1]

    assert said(-0.03, 1.0) == ["But its accuracy is lower, 0.593 against 0.213 (−0.030, −0.200 to +0.100, p 1.000)."]
    assert said(-0.01, 0.04) == [
        "But its accuracy is lower, 0.593 against 0.213 (−0.010, −0.200 to +0.100, p 0.040)."
    ]
    assert said(-0.01, 0.3) == said(0.2, 0.001) == []


def test_groups_of_units_by_their_votes_have_an_order() -> None:
    value = made_up().model_dump(mode="json", by_alias=True)
    value["models"][2]["by_votes"] = {name: {"value": 0.5} for name in ("one vote", "contested", "unanimous")}
    assert words.vote_groups(Result.model_validate(value)) == ["unanimous", "contested", "one vote"]


def test_a_baseline_that_is_never_right_is_told() -> None:
    value = made_up("multiple").model_dump(mode="json", by_alias=True)
    value["models"][0]["metrics"]["macro-f1"] = {"value": 0.0}
    wrong, silent = "majority never gives a right label, ", "majority never gives a label, "
    rest = "so that its macro-F1 is 0 and any right label is above it."
    assert f"{wrong}{rest}" in summary(Result.model_validate(value))
    value["models"][0]["confusion"] = [{"actual": "favor", "predicted": None, "units": ["a"]}]
    assert f"{silent}{rest}" in summary(Result.model_validate(value))
    assert not any("never gives" in sentence for sentence in summary(made_up("multiple")))


def test_what_is_settled_follows_the_level_of_the_intervals() -> None:
    result = made_up()
    comparison = result.comparisons[1].model_copy(update={"p_holm": 0.07})
    assert not words.settled(result, comparison)
    wide = result.bootstrap.model_copy(update={"level": 0.9})
    assert words.settled(result.model_copy(update={"bootstrap": wide}), comparison)


def test_a_direction_that_a_name_opens_ends_with_it() -> None:
    over, end, first, shut = "\u202e", "\u202c", "\u2068", "\u2069"
    assert [
        bidi.closed(one) for one in ("plain", f"{over}a", f"{over}a{end}b", f"{first}a{over}b", f"a{end}{shut}")
    ] == [
        "plain",
        f"{over}a{end}",
        f"{over}a{end}b",
        f"{first}a{over}b{end}{shut}",
        f"a{end}{shut}",
    ]
    assert bidi.closed(f"{first}a{over}b{shut}") == f"{first}a{over}b{shut}"  # what was opened within is closed, too
    plain = made_up()
    assert bidi.closed_in(plain) is plain
    value = plain.model_dump(mode="json", by_alias=True)
    value["models"][0]["name"] = f"{over}ytirojam"
    value["examples"]["x"] = {**next(iter(value["examples"].values())), "title": f"{first}title"}
    found = bidi.closed_in(Result.model_validate(value))
    assert found.models[0].name == f"{over}ytirojam{end}"
    assert found.examples["x"].title == f"{first}title{shut}"
    assert found.models[1:] == plain.models[1:]


def test_kinds_of_slices_left_out_for_one_reason_stand_together() -> None:
    value = made_up().model_dump(mode="json", by_alias=True)
    value["slices"]["left_out"] = {
        "language": "it is not known",
        "flag": "all are too small",
        "target": "it is not known",
    }
    found = words.left_out(Result.model_validate(value))
    assert found == [("language and target", "it is not known"), ("flag", "all are too small")]


def test_two_schemes_that_ask_the_same_are_told_apart() -> None:
    both = html.render([bare(), bare().model_copy(update={"scheme": "stance-other"})], [], "")
    for scheme in ("stance-made-up", "stance-other"):
        assert f'aria-label="Sections of stance, {scheme}"' in both
        assert f'aria-label="Figures of each label: stance, {scheme}"' in both
