"""Mentions and relations by slice, without the easy label, beside what was blind, and before and after a part.

Texts were written for these tests.
"""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import adopting
import linking as linked
import marking as marked
from goldwire.cli import output
from goldwire.errors import GoldwireError
from goldwire.labels import parts, rounds, stages
from goldwire.labels.agreement import text
from goldwire.labels.agreement.span_parts import Breakdowns
from goldwire.labels.agreement.study import Wanted, of_study

FIGURES = ("exact", "overlap", "token", "alpha_u")
LENGTHS = dict.fromkeys(("u1", "u2", "u3"), 75)
SLICES = ("slices", "not_in_slices", "hard", "blind")


def by(values):
    """A slicing from (unit, annotator) -> value."""
    return lambda asked: [
        values.get((asked.units[unit], asked.annotators[annotator]))
        for unit, annotator in zip(asked.unit.tolist(), asked.annotator.tolist(), strict=True)
    ]


def measure(votes, mentions, values=None, **more):
    asked = Breakdowns({"x": by(values or {})}, **more)
    return marked.measure(votes, mentions, lengths=LENGTHS, breakdowns=asked)["actors"]


def test_everything_about_a_small_table_by_hand():
    who = [(unit, name) for unit in ("u1", "u2", "u3") for name in ("ann", "bob")]
    rows = [
        ("u1", "ann", 0, 4, "person"),
        ("u1", "bob", 0, 4, "person"),
        ("u1", "ann", 16, 28, "place"),
        ("u1", "bob", 20, 28, "place"),
        ("u2", "ann", 40, 45, "person"),
        ("u2", "bob", 40, 45, "group"),
    ]
    values = {(unit, name): "Star" if unit == "u3" else "Post" for unit, name in who}
    blind = {"little": {"r": True}, "other": {"s": False}}
    found = measure(marked.votes(*who), marked.mentions(*rows), values, blind=blind)
    few = "2 clusters: an interval needs 10"
    one = "1 unit with two answers: a figure needs two"
    # Post: 6 spans; the person of u1 is alike, the mill overlaps by 8 of 12 characters; words: ann Lund, the, old,
    # mill, Brask, bob Lund, old, mill, Brask (as a group): 3 of 5 and 4.
    # l = 300: ann 4 + 12, 5; bob 4 + 8, 5. person 13, place 20, group 5, gap 262. Do = 2 * (4 + 5).
    # S = 16 + 144 + 16 + 64 + 25 + 25 + 262.
    chance = 13 * 287 + 20 * 280 + 5 * 295 + 262 * 38
    post = {
        **marked.three(round(2 / 6, 6), round(4 / 6, 6), round(6 / 9, 6), few),
        "alpha_u": marked.value(round(1 - 18 * (300**2 - 552) / (300 * chance), 6), few),
    }
    # Without the person: the mill and the group. l = 450, place 20, group 5, gap 425. Do = 2 * (4 + 5).
    # S = 144 + 64 + 25 + 425.
    chance = 20 * 430 + 5 * 445 + 425 * 25
    hard = {
        **marked.three(0.0, round(2 / 3, 6), round(4 / 6, 6), "3 clusters: an interval needs 10"),
        "alpha_u": marked.value(
            round(1 - 18 * (450**2 - 658) / (450 * chance), 6), "3 clusters: an interval needs 10"
        ),
    }
    assert {key: found[key] for key in SLICES} == {
        "slices": {
            "x": {
                "Post": {"units": 2, "units_with_two": 2, "spans": 6, **post},
                "Star": {
                    "units": 1,
                    "units_with_two": 1,
                    "spans": 0,
                    **{name: {"value": None, "low": None, "high": None, "why": one} for name in FIGURES},
                },
            }
        },
        "not_in_slices": {"x": {"not_known": 0, "values": 0, "units": 0}},
        "hard": {
            "easy": "person",
            "because": "it was given most often",
            "units": 2,
            "spans": 3,
            "easy_spans": 3,
            **hard,
        },
        "blind": {"r": True},
    }


SPANS = [(0, 4), (9, 12), (16, 28), (20, 28), (40, 45), (9, 28)]  # whole words
NAMES = ("ann", "bob", "cat")
EVERYBODY = [(unit, name) for unit in LENGTHS for name in NAMES]
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["u1", "u2", "u3"]),
        st.sampled_from(NAMES),
        st.sampled_from(SPANS),
        st.sampled_from(["person", "group", "place"]),
    ).map(lambda x: (x[0], x[1], *x[2], x[3])),
    max_size=16,
)
VALUES = st.lists(st.sampled_from(["a", "b", None]), min_size=9, max_size=9)


@settings(max_examples=60, deadline=None)
@given(ROWS, VALUES)
def test_a_slice_has_the_figures_of_its_submissions_alone(rows, values):
    of = dict(zip(EVERYBODY, values, strict=True))
    found = measure(marked.votes(*EVERYBODY), marked.mentions(*rows), of)["slices"]["x"]
    for name, one in found.items():
        mine = [who for who in EVERYBODY if of[who] == name]
        own = [row for row in rows if of[row[0], row[1]] == name]
        assert (one["units"], one["spans"]) == (len({unit for unit, _ in mine}), len(own))
        if one["units_with_two"] < 2:
            assert all(one[figure]["value"] is None and "needs two" in one[figure]["why"] for figure in FIGURES)
            continue
        alone = measure(marked.votes(*mine), marked.mentions(*own))
        assert one["units_with_two"] == alone["units"]
        assert {figure: one[figure] for figure in FIGURES} == {figure: alone[figure] for figure in FIGURES}


@settings(max_examples=60, deadline=None)
@given(ROWS, st.sampled_from(["person", "place"]))
def test_where_it_is_hard_are_the_figures_without_the_spans_of_the_easy_label(rows, easy):
    found = measure(marked.votes(*EVERYBODY), marked.mentions(*rows), easy=easy)["hard"]
    if not rows:
        assert found == {"easy": None, "because": "no label was given"}
        return
    others = [row for row in rows if row[4] != easy]
    assert (found["easy"], found["because"]) == (easy, "named")
    assert (found["spans"], found["easy_spans"]) == (len(others), len(rows) - len(others))
    alone = measure(marked.votes(*EVERYBODY), marked.mentions(*others))
    assert {figure: found[figure]["value"] for figure in FIGURES} == {
        figure: alone[figure]["value"] for figure in FIGURES
    }
    if not others:
        assert (
            found["exact"]["why"]
            == found["alpha_u"]["why"]
            == ("nobody gave another label in a unit that two submitted")
        )


def test_an_easy_label_that_the_layer_has_not_leaves_the_most_frequent_one():
    rows = [("u1", "ann", 0, 4, "place"), ("u1", "bob", 0, 4, "place"), ("u1", "bob", 9, 12, "person")]
    found = measure(marked.votes(*EVERYBODY), marked.mentions(*rows), easy="ship")["hard"]
    assert (found["easy"], found["because"]) == ("place", "it was given most often")


def test_slices_and_the_hard_labels_draw_stories():
    units = [f"u{n:02}" for n in range(24)]
    who = [(unit, name) for unit in units for name in ("ann", "bob")]
    rows = [
        (unit, name, start, start + 4, kind)
        for n, unit in enumerate(units)
        for name in ("ann", "bob")
        for start, kind in ((0, "person"), (16, "group"), (40, "person"))
        if name == "ann" or n % 3
    ]
    asked = Breakdowns({"x": by(dict.fromkeys(who, "all"))})
    lengths = dict.fromkeys(units, 75)
    found = [
        marked.measure(
            marked.votes(*who), marked.mentions(*rows), clusters=stories, lengths=lengths, breakdowns=asked
        )["actors"]
        for stories in ({}, {unit: f"s{n // 4}" for n, unit in enumerate(units)})
    ]
    for one in (found[0]["slices"]["x"]["all"], found[0]["hard"]):
        for figure in FIGURES:
            assert one[figure]["low"] < one[figure]["value"] < one[figure]["high"]
    assert {figure: found[0]["slices"]["x"]["all"][figure] for figure in FIGURES} == {
        figure: found[0][figure] for figure in FIGURES
    }
    for one in (found[1]["slices"]["x"]["all"], found[1]["hard"]):
        assert {one[figure]["why"] for figure in FIGURES} == {"6 clusters: an interval needs 10"}


# relations

LINKS = st.sets(
    st.tuples(
        st.sampled_from(["u1", "u2", "u3"]),
        st.sampled_from(NAMES),
        st.sampled_from(["author", "lund", "osk", "mill"]),
        st.sampled_from(["lund", "osk"]),
        st.sampled_from(["POS", "NEG"]),
    ),
    max_size=14,
).map(sorted)


def linked_parts(who, places, drawn, values=None, **more):
    asked = Breakdowns({"x": by(values or {})}, **more)
    marks = linked.marks(*((*pair, places) for pair in who if pair != ("u1", "cat")))
    return linked.measure(linked.votes(*who), marks, linked.links(*drawn), breakdowns=asked)["relation"]


@settings(max_examples=60, deadline=None)
@given(LINKS, VALUES)
def test_a_slice_of_relations_has_the_figures_of_its_submissions_alone(drawn, values):
    of = dict(zip(EVERYBODY, values, strict=True))
    found = linked_parts(EVERYBODY, "lund osk mill", drawn, of)["slices"]["x"]
    for name, one in found.items():
        mine = [who for who in EVERYBODY if of[who] == name]
        own = [row for row in drawn if of[row[0], row[1]] == name]
        assert (one["units"], one["links"]) == (len({unit for unit, _ in mine}), len(own))
        if one["units_with_two"] < 2:
            assert one["labelled"]["why"] == one["not_compared"]["why"]
            assert one["labelled"]["why"].endswith("a figure needs two")
            continue
        alone = linked_parts(mine, "lund osk mill", own)
        assert one["units_with_two"] == alone["units"]
        for key in ("labelled", "not_compared"):
            assert one[key] == alone[key]


@settings(max_examples=60, deadline=None)
@given(LINKS)
def test_where_relations_are_hard_are_the_figures_of_the_other_label(drawn):
    found = linked_parts(EVERYBODY, "lund osk", drawn, easy="POS")["hard"]
    if not drawn:
        assert found == {"easy": None, "because": "no label was given"}
        return
    others = [row for row in drawn if row[4] == "NEG"]
    alone = linked_parts(EVERYBODY, "lund osk", others)
    assert (found["easy"], found["links"], found["easy_links"]) == ("POS", len(others), len(drawn) - len(others))
    assert [found[key]["value"] for key in ("labelled", "not_compared")] == [
        alone[key]["value"] for key in ("labelled", "not_compared")
    ]


# a study


@pytest.fixture
def study(tmp_path: Path):
    """Before the meeting the second annotator marks no place and so draws no link; after it both mark the same."""
    made = adopting.made_study(tmp_path / "study")
    texts = [adopting.TEXTS[0], adopting.TEXTS[1]]
    adopting.adopted(made, [adopting.task(n, one) for n, one in enumerate(texts)])
    for number, one in enumerate(texts):
        full = adopting.results(one)
        less = [row for row in full if row.get("from_id") is None and row["id"] != "r2"] if number == 0 else full
        answers = [
            adopting.annotation(10 * number + i, given_, f"annotator-0{i}") for i, given_ in enumerate((full, less))
        ]
        annotated = {**adopting.task(number, one), "annotations": answers}
        parts.append(made.rounds / "old" / "pulls", {"round": "old"}, [annotated], [])
    return made


def test_mentions_and_relations_before_and_after_a_part(study) -> None:
    found = of_study(study, "old", "1")
    then, after = found, found["after"]
    # Person and LOC against Person: two of three agree
    assert [one["mentions"]["who"]["exact"]["value"] for one in (then, after)] == [round(2 / 3, 6), 1.0]
    assert [one["mentions"]["who"]["spans"] for one in (then, after)] == [3, 4]
    assert [one["relations"]["relation"]["not_compared"]["value"] for one in (then, after)] == [1.0, 0.0]
    assert [one["relations"]["relation"]["labelled"]["value"] for one in (then, after)] == [None, 1.0]
    for one in (then, after):
        for layer in (one["mentions"]["who"], one["relations"]["relation"]):
            assert list(layer["slices"]) == ["outlet", "month", "labelled", "language", "round"]
            assert list(layer["slices"]["round"]) == ["old"]
            assert layer["blind"] == {"old": False}


def test_a_study_has_the_parts_of_all_its_rounds_and_takes_the_easy_label_of_a_layer(study) -> None:
    stages.build(study)
    found = of_study(study)
    old = found["mentions"]["who"]["slices"]["round"]["old"]
    assert {key: old[key] for key in FIGURES} == {key: found["mentions"]["who"][key] for key in FIGURES}
    assert found["mentions"]["who"]["hard"]["easy"] == "Person"
    assert of_study(study, wanted=Wanted(easy="LOC"))["mentions"]["who"]["hard"]["because"] == "named"
    with pytest.raises(GoldwireError, match='no question has the label "SEA"') as error:
        of_study(study, wanted=Wanted(easy="SEA"))
    assert "who: Person, LOC" in (error.value.hint or "")
    made = rounds.read(study.rounds / "old").model_copy(update={"blind": True})
    rounds.write(study.rounds / "old", made)
    assert of_study(study)["relations"]["relation"]["blind"] == {"old": True}


def test_the_parts_are_printed_with_details_only(study) -> None:
    stages.build(study)
    value = of_study(study)
    layer = value["mentions"]["who"]
    layer["slices"]["outlet"] = {"Post": layer["slices"]["round"]["old"], "Star": layer["slices"]["round"]["old"]}
    short, long = (text.lines(value, output.table, details) for details in (False, True))
    without = {**value, "mentions": {"who": {key: one for key, one in layer.items() if key not in SLICES}}}
    assert short == text.lines(without, output.table)
    assert "who: by outlet:" in long
    assert [line for line in long if line.startswith("who: without")] == [
        'who: without "Person" (it was given most often): 3 spans in 2 units; '
        "exact 0.667, overlap 0.667, token 0.667, alpha_u 0.611"
    ]
    assert not any("not in slices" in line for line in long)
