"""From one version of a scheme to the next: what becomes of answers in the tables, worked out by hand."""

import json

import pyarrow as pa
import pytest

from goldwire.errors import GoldwireError
from goldwire.labels.gold.merge import gold
from goldwire.labels.migrate.recast import recast
from goldwire.scheme import Scheme
from little import choice, link, picked, span, task
from migrating import ADDED, FULL, OLD, RENAMED, annotation, answers, cast, folded, moved, newer, parse, renamed


@pytest.fixture(scope="module")
def old() -> Scheme:
    return parse(OLD, "little.yaml")


def test_with_the_same_names_only_the_hash_is_another(old: Scheme) -> None:
    new = parse(newer(), "little.yaml")
    before = folded(old, task(1, "a", annotation(9, "ann", *FULL)), task(2, "b", annotation(10, "bea")))
    made = cast(moved(old, new), task(1, "a", annotation(9, "ann", *FULL)), task(2, "b", annotation(10, "bea")))
    assert made.again.num_rows == 0
    for was, now in (
        (before.votes, made.votes),
        (before.mentions, made.mentions),
        (before.relations, made.relations),
    ):
        rows = [{**row, "scheme_hash": new.hash} for row in was.to_pylist()]
        assert now.to_pylist() == rows
        assert now.schema == was.schema


def test_renamed_merged_and_retired_labels_of_questions(old: Scheme) -> None:
    new = parse(
        newer(
            ("  - name: event\n", "  - name: main\n"),
            ("name: MEET,", "name: CONSULT,"),
            ("      - {name: OTHER, definition: anything else}\n", ""),
            ("{name: x, definition: x}, {name: z, definition: x}, {name: w", "{name: w, definition: x}, {name: xz"),
            ("children: [{name: trade", "children: [{name: sale"),
        ),
        "little.yaml",
    )
    migration = moved(
        old,
        new,
        names={"event": "main"},
        labels={
            "event": {"MEET": "CONSULT", "OTHER": None},
            "flags": {"x": "xz", "z": "xz"},
            "themes": {"arms/trade": "arms/sale"},
        },
    )
    made = cast(
        migration,
        task(
            1, "a", annotation(1, "ann", *FULL), annotation(2, "bea", choice("event", "OTHER"), was_cancelled=False)
        ),
        task(2, "b", annotation(3, "ann", choice("event", "FIGHT"), choice("flags", "w", "z"))),
        task(3, "c", annotation(4, "ann", choice("event", "OTHER"), was_cancelled=True)),
    )
    assert picked(made.votes, "annotation_id", "question", "labels", "value") == [
        ("1", "main", ["CONSULT"], None),
        ("1", "themes", ["arms/sale", "law"], None),
        ("1", "flags", ["xz"], None),
        ("1", "heat", ["2"], "2"),
        ("1", "why", [], "Because.\nAnd so."),
        ("2", "main", [], None),
        ("2", "themes", [], None),
        ("2", "flags", [], None),
        ("2", "heat", [], None),
        ("2", "why", [], None),
        ("3", "main", ["FIGHT"], None),
        ("3", "themes", [], None),
        ("3", "flags", ["w", "xz"], None),
        ("3", "heat", [], None),
        ("3", "why", [], None),
        *(("4", name, [], None) for name in ("main", "themes", "flags", "heat", "why")),
    ]
    assert made.again.num_rows == 0
    assert set(made.votes["scheme_hash"].to_pylist()) == {new.hash}


def test_a_split_label_leaves_its_question_open_and_the_rest_counts(old: Scheme) -> None:
    new = parse(
        newer(
            (
                "name: MEET, definition: they meet, hotkey: m",
                "name: TALK, definition: x}\n      - {name: VISIT, definition: x",
            )
        ),
        "l",
    )
    migration = moved(old, new, labels={"event": {"MEET": ["TALK", "VISIT"]}})
    made = cast(
        migration,
        task(1, "a", annotation(1, "ann", *FULL)),
        task(2, "b", annotation(2, "ann", choice("event", "FIGHT"))),
        task(3, "c", annotation(3, "ann", choice("event", "MEET"), deleted=True)),
    )
    assert answers(made, "event") == [
        ("a/document", None, None, True),
        ("b/document", ["FIGHT"], None, True),
        ("c/document", None, None, False),
    ]
    assert answers(made, "flags")[0] == ("a/document", ["x", "z"], None, True)
    assert picked(made.again, *made.again.column_names) == [("r", "1", "a/document", "event", "MEET")]
    assert set(made.mentions["counts"].to_pylist()) == {True}


def test_from_several_labels_to_one_only_those_with_several_are_asked_again(old: Scheme) -> None:
    new = parse(
        newer(
            (
                "    type: multiple\n    required: false\n    labels: [{name: x,",
                "    required: false\n    labels: [{name: x,",
            )
        ),
        "l",
    )
    state = [
        task(1, "a", annotation(1, "ann", choice("event", "NONE"), choice("flags", "x"))),
        task(2, "b", annotation(2, "ann", choice("event", "NONE"), choice("flags", "x", "z"))),
        task(3, "c", annotation(3, "ann", choice("event", "NONE"))),
    ]
    made = cast(moved(old, new), *state)
    assert [row[1] for row in answers(made, "flags")] == [["x"], None, []]
    assert picked(made.again, "unit_id", "name", "label") == [("b/document", "flags", "x, z")]
    made = cast(moved(old, new, labels={"flags": {"x": "x", "z": "x"}}), *state)  # merged, it is one
    assert [row[1] for row in answers(made, "flags")] == [["x"], ["x"], []]


def test_types_that_take_one_label_follow_each_other_and_text_does_not(old: Scheme) -> None:
    new = parse(
        newer(
            ("    type: ordinal\n", "    type: single\n"),
            (
                "  - {name: why, text: Why, type: text, required: false}",
                "  - {name: why, text: Why, required: false, labels: [{name: q, definition: x}]}",
            ),
        ),
        "l",
    )
    made = cast(moved(old, new), task(1, "a", annotation(1, "ann", *FULL)), task(2, "b", annotation(2, "ann")))
    assert answers(made, "heat") == [("a/document", ["2"], None, True), ("b/document", [], None, True)]
    assert answers(made, "why") == [("a/document", None, None, True), ("b/document", [], None, True)]
    back = moved(new, parse(newer(version="3.0.0"), "l"))
    again = recast(made.votes, made.mentions, made.relations, back)
    assert answers(again, "heat") == [("a/document", ["2"], "2", True), ("b/document", [], None, True)]
    assert answers(again, "why")[0] == ("a/document", None, None, True)  # what is open stays open


def test_what_is_required_now_and_was_left_empty_is_open(old: Scheme) -> None:
    required = parse(
        newer(
            (
                "    type: multiple\n    required: false\n    labels: [{name: x,",
                "    type: multiple\n    labels: [{name: x,",
            )
        ),
        "l",
    )
    state = [task(1, "a", annotation(1, "ann", choice("event", "MEET")))]
    made = cast(moved(old, required), *state)
    assert answers(made, "flags") == [("a/document", None, None, True)]
    assert picked(made.again, "name", "label") == [("flags", None)]
    # and the other way: an empty answer to a required question was none, and must not become "none of them"
    then = cast(moved(required, parse(newer(version="3.0.0"), "l")), *state)
    assert answers(then, "flags") == [("a/document", None, None, True)]
    assert then.again.num_rows == 0


def test_a_new_question_is_open_or_empty_as_the_user_says(old: Scheme) -> None:
    new = parse(
        newer(
            (
                "  - {name: why,",
                ADDED + "  - {name: why,",
            )
        ),
        "l",
    )
    state = [task(1, "a", annotation(1, "ann", *FULL)), task(2, "b", annotation(2, "ann", was_cancelled=True))]
    made = cast(moved(old, new, added={"extra": "empty"}), *state)
    assert answers(made, "tone") == [("a/document", None, None, True), ("b/document", None, None, False)]
    assert answers(made, "extra") == [("a/document", [], None, True), ("b/document", [], None, False)]
    assert picked(made.again, "unit_id", "name") == [("a/document", "tone")]
    with pytest.raises(GoldwireError, match=r"extra: \(new\) \(1 answers\)"):
        cast(moved(old, new), *state)


def test_spans_attributes_and_relations_follow_their_names(old: Scheme) -> None:
    new = parse(
        newer(
            ("  - name: who\n", "  - name: people\n"),
            ("name: actor,", "name: person,"),
            ("[actor]", "[person]"),
            ("[actor, author]", "[person, author]"),
            ("      - name: flag\n", "      - name: time\n"),
            ("{name: past, definition: x}", "{name: before, definition: x}"),
            ("name: by,", "name: of,"),
            ("text: Note", "text: Note it"),
        ),
        "l",
    )
    migration = moved(
        old,
        new,
        names={"who": "people", "trigger.flag": "trigger.time"},
        labels={"who": {"actor": "person"}, "trigger.flag": {"past": "before"}, "relation": {"by": "of"}},
    )
    made = cast(migration, task(1, "a", annotation(9, "ann", *FULL)))
    assert picked(made.mentions, "question", "mention_id", "label", "entity", "attributes") == [
        ("people", "9/m2", "person", "Ada Lovelace", '{"note": ["a", "b"]}'),
        ("trigger", "9/m1", "MEETING", None, '{"mode": ["visit"], "time": ["before", "future"]}'),
    ]
    assert picked(made.relations, "relation_id", "from", "to", "label", "scheme_hash") == [
        ("9/author-m2/knows", "author", "9/m2", "knows", new.hash),
        ("9/m1-m2/of", "9/m1", "9/m2", "of", new.hash),
    ]
    assert made.again.num_rows == 0


def test_a_retired_span_takes_its_relations_and_a_split_one_its_annotation(old: Scheme) -> None:
    new = parse(
        newer(
            ("{name: FIGHTING, definition: x}", "{name: WAR, definition: x}, {name: BRAWL, definition: x}"),
            ("FIGHTING", "WAR"),
            (", {name: place, definition: x}", ""),
            ("to: [place]", "to: [actor]"),
        ),
        "l",
    )
    migration = moved(old, new, labels={"trigger": {"FIGHTING": ["WAR", "BRAWL"]}, "who": {"place": None}})
    retired = [
        choice("event", "MEET"),
        span("p", "who", "place", "Rome"),
        span("m", "trigger", "MEETING", "met"),
        link("m", "p", "at"),
    ]
    split = [choice("event", "FIGHT"), span("f", "trigger", "FIGHTING", "fought"), span("b", "who", "actor", "Bob")]
    made = cast(migration, task(1, "a", annotation(1, "ann", *retired)), task(2, "b", annotation(2, "ann", *split)))
    assert picked(made.mentions, "annotation_id", "label", "counts") == [
        ("1", "MEETING", True),
        ("2", "actor", False),
    ]
    assert made.relations.num_rows == 0
    assert answers(made, "event") == [("a/document", ["MEET"], None, True), ("b/document", ["FIGHT"], None, False)]
    assert picked(made.again, "annotation_id", "name", "label") == [("2", "trigger", "FIGHTING")]


def test_a_relation_that_is_allowed_no_more_is_drawn_again(old: Scheme) -> None:
    new = parse(newer(("from: [MEETING, FIGHTING], to: [actor]", "from: [FIGHTING], to: [actor]")), "l")
    made = cast(moved(old, new), task(1, "a", annotation(1, "ann", *FULL)))
    assert picked(made.again, "name", "label") == [("relation", "by")]
    assert picked(made.relations, "label", "counts") == [("knows", False)]


def test_an_attribute_that_is_asked_of_fewer_labels_needs_a_word(old: Scheme) -> None:
    new = parse(newer(("        applies_to: [MEETING]", "        applies_to: [FIGHTING]")), "l")
    state = task(1, "a", annotation(1, "ann", *FULL))
    with pytest.raises(GoldwireError, match=r"trigger.mode@MEETING: visit \(1 answers\)"):
        cast(moved(old, new), state)
    made = cast(moved(old, new, names={"trigger.mode@MEETING": None}), state)
    assert picked(made.mentions, "attributes")[1] == ('{"flag": ["past", "future"]}',)


def test_a_new_layer_asks_again_or_has_nothing(old: Scheme) -> None:
    new = parse(
        newer(
            (
                "relations:",
                "  - {name: days, text: Mark, kind: evidence, labels: [{name: day, definition: x}]}\nrelations:",
            )
        ),
        "l",
    )
    state = task(1, "a", annotation(1, "ann", *FULL))
    with pytest.raises(GoldwireError, match=r"days: \(new\) \(1 answers\)"):
        cast(moved(old, new), state)
    assert set(cast(moved(old, new, added={"days": "empty"}), state).votes["counts"].to_pylist()) == {True}
    made = cast(moved(old, new, added={"days": "again"}), state)
    for table in (made.votes, made.mentions, made.relations):
        assert set(table["counts"].to_pylist()) == {False}
    assert picked(made.again, "name") == [("days",)] * made.again.num_rows


def test_labels_that_nobody_decided_on_are_named_with_their_numbers(old: Scheme) -> None:
    new = parse(
        newer(("name: MEET,", "name: CONSULT,"), ("{name: x, definition: x}, ", ""), ("name: FIGHT,", "name: HIT,")),
        "l",
    )
    state = [
        task(1, "a", annotation(1, "ann", *FULL), annotation(2, "bea", choice("event", "MEET"), deleted=True)),
        task(2, "b", drafts=[annotation(3, "ann", choice("flags", "x"))]),
    ]
    with pytest.raises(GoldwireError) as caught:
        cast(moved(old, new, labels={"flags": {"x": "?"}}), *state)
    assert caught.value.message.splitlines()[1:] == ["event: MEET (2 answers)", "flags: x (2 answers)"]
    assert caught.value.where == "m.yaml"
    cast(
        moved(old, new, labels={"flags": {"x": None}, "event": {"MEET": "CONSULT"}}), *state
    )  # FIGHT: nobody gave it


def test_a_million_votes_take_seconds(old: Scheme) -> None:
    import time

    new = parse(renamed("2.0.0"), "l")
    migration = moved(old, new, labels=RENAMED)
    made = folded(old, *(task(n, f"a{n}", annotation(n, "ann", *FULL)) for n in range(1, 101)))
    votes = pa.concat_tables([made.votes] * 2000)
    mentions = pa.concat_tables([made.mentions] * 500)
    start = time.process_time()
    again = recast(votes, mentions, made.relations, migration)
    assert (again.votes.num_rows, again.mentions.num_rows) == (1_000_000, 100_000)
    assert time.process_time() - start < 10
    assert json.loads(again.mentions["attributes"][0].as_py()) == {"note": ["a", "b"]}


def test_gold_takes_an_open_answer_for_none_and_not_for_the_empty_set(old: Scheme) -> None:
    split = "{name: x1, definition: x}, {name: x2, definition: x}, {name: z"
    new = parse(newer(("{name: x, definition: x}, {name: z", split)))
    state = task(
        1,
        "a",
        annotation(1, "ann", choice("event", "MEET"), choice("flags", "x")),
        annotation(2, "bea", choice("event", "MEET"), choice("flags", "z")),
        annotation(3, "cid", choice("event", "MEET")),
    )
    made = cast(moved(old, new, labels={"flags": {"x": ["x1", "x2"]}}), state)
    decided = gold(*made[:3], {"little": new}).gold.to_pylist()
    flags = [(row["labels"], row["n_votes"], row["tied"]) for row in decided if row["question"] == "flags"]
    assert flags == [([], 2, True)]  # z, and nothing by who left it open on purpose
