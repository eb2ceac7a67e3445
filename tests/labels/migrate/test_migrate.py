"""From one version of a scheme to the next: what becomes of answers in the tables, worked out by hand."""

import json
from collections import Counter
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import little
from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.fold import Folded, fold
from goldwire.labels.gold import gold
from goldwire.labels.migrate import plan, rules
from goldwire.labels.migrate.mapping import parse as parse_mapping
from goldwire.labels.migrate.recast import Recast, recast
from goldwire.labels.migrate.rules import Migration
from goldwire.labels.migrate.server_results import Mapper
from goldwire.labels.rounds import Round
from goldwire.labels.tasks import make_tasks
from goldwire.labels.units import documents
from goldwire.scheme import Scheme
from goldwire.scheme import parse as parse_scheme
from little import TEXT, choice, link, picked, span, task, text

Json = dict[str, Any]

OLD = little.SCHEME.replace(
    "[{name: MEET, definition: x}, {name: FIGHT, definition: x}, {name: NONE, definition: x, role: negative}]",
    """
      - {name: MEET, definition: they meet, hotkey: m}
      - {name: FIGHT, definition: they fight}
      - {name: OTHER, definition: anything else}
      - {name: NONE, definition: nothing, role: negative}""",
).replace("{name: z, definition: x}]", "{name: z, definition: x}, {name: w, definition: x}]")
ADDED = """\
  - {name: tone, text: How, labels: [{name: mild, definition: x}]}
  - {name: extra, text: And, type: multiple, required: false, labels: [{name: e, definition: x}]}
"""
ROUND = Round(round="r", id="0" * 16, scheme="little", scheme_version="1.0.0", scheme_hash="")


@cache
def parse(text_: str, _source: str = "") -> Scheme:
    return parse_scheme(text_, "little.yaml")


def newer(*changes: tuple[str, str], version: str = "2.0.0") -> str:
    """The second version: the first with some of its text changed."""
    text = OLD.replace("version: 1.0.0", f"version: {version}")
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    return text


def moved(old: Scheme, new: Scheme, **said: Any) -> Migration:
    """A migration with a mapping as a user would write it."""
    versions = {
        key: {"name": one.name, "version": one.version, "hash": one.hash} for key, one in (("from", old), ("to", new))
    }
    text = yaml.safe_dump({**versions, **said}, sort_keys=False, allow_unicode=True)
    return rules.migration(parse_mapping(text, "m.yaml"), old, new, "m.yaml", text)


@pytest.fixture(scope="module")
def old() -> Scheme:
    return parse(OLD, "little.yaml")


def tree(name: str, *paths: str) -> Json:
    value = {"taxonomy": [path.split("/") for path in paths]}
    return {"id": "x", "from_name": name, "to_name": "text", "type": "taxonomy", "value": value}


def annotation(number: int, who: str, *result: Json, **more: Any) -> Json:
    return {
        "id": number,
        "completed_by": {"pseudonym": who},
        "result": list(result),
        "was_cancelled": False,
        "ground_truth": False,
        "created_at": "2026-11-22T10:00:00Z",
        "updated_at": "2026-11-22T11:00:00Z",
        "lead_time": 12.5,
        "parent_prediction": None,
        **more,
    }


def folded(scheme: Scheme, *state: Json) -> Folded:
    ids = sorted({one["data"]["unit_id"].split("/")[0] for one in state})
    articles = tables.build("articles", [{"article_id": key, "text": TEXT} for key in ids])
    return fold(state, ROUND, scheme, make_tasks(articles, documents(articles)), dict.fromkeys(ids, TEXT))


def cast(migration: Migration, *state: Json) -> Recast:
    made = folded(migration.old, *state)
    return recast(made.votes, made.mentions, made.relations, migration)


def answers(made: Recast, question: str) -> list[tuple[Any, ...]]:
    rows = made.votes.filter(pc.equal(made.votes["question"], question))
    return picked(rows, "unit_id", "labels", "value", "counts")


FULL = [
    choice("event", "MEET"),
    tree("themes", "law", "arms/trade"),
    choice("flags", "z", "x"),
    choice("heat", "2"),
    text("why", "Because.", "And so."),
    text("comment", "Hard 🛬"),
    span("m1", "trigger", "MEETING", "met\tBob"),
    choice("mode_MEETING", "visit", region="m1"),
    choice("flag", "future", "past", region="m1"),
    span("m2", "who", "actor", "Ada 🛬"),
    text("entity_actor", "Ada Lovelace", region="m2"),
    text("note", "a", "b", region="m2"),
    choice("author", "knows", region="m2"),
    link("m1", "m2", "by"),
]


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


ITEMS = st.sampled_from(FULL[1:6])
EVENTS = st.sampled_from(["MEET", "FIGHT", "OTHER", "NONE"])


@st.composite
def states(draw: st.DrawFn) -> list[Json]:
    """Annotations of every kind: with some of the items, with spans or without, skipped and deleted ones."""
    state = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        given_ = []
        for who in range(draw(st.integers(1, 3))):
            result = [
                choice("event", draw(EVENTS)),
                *draw(st.lists(ITEMS, unique_by=lambda item: str(item["from_name"]))),
            ]
            result += FULL[6:] if draw(st.booleans()) else []
            more = draw(st.sampled_from([{}, {}, {"was_cancelled": True}, {"deleted": True}]))
            given_.append(annotation(number * 10 + who, f"ann{who}", *result, **more))
        state.append(task(number, f"a{number}", *given_))
    return state


RENAMED = {
    "event": {"MEET": "FIGHT", "FIGHT": "MEET", "OTHER": "REST"},
    "flags": {"x": "z", "z": "x"},
    "trigger.flag": {"past": "gone"},
    "relation": {"by": "of"},
    "who": {"actor": "person"},
}


def renamed(version: str) -> str:
    return newer(
        ("name: OTHER", "name: REST"),
        ("{name: past", "{name: gone"),
        ("name: by,", "name: of,"),
        ("actor", "person"),
        version=version,
    )


@settings(deadline=None, max_examples=40)
@given(states())
def test_there_and_back_is_the_identity(state: list[Json]) -> None:
    old, new, back = parse(OLD, "l"), parse(renamed("2.0.0"), "l"), parse(newer(version="3.0.0"), "l")
    there = cast(moved(old, new, labels=RENAMED), *state)
    reverse = {name: {to: label for label, to in labels.items()} for name, labels in RENAMED.items()}
    made = recast(there.votes, there.mentions, there.relations, moved(new, back, labels=reverse))
    before = folded(old, *state)
    for was, now in zip((before.votes, before.mentions, before.relations), made[:3], strict=True):
        assert now.to_pylist() == [{**row, "scheme_hash": back.hash} for row in was.to_pylist()]


@settings(deadline=None, max_examples=40)
@given(states())
def test_rewriting_on_the_server_gives_the_same_tables_as_recasting(state: list[Json]) -> None:
    old = parse(OLD, "l")
    new = parse(renamed("2.0.0").replace("{name: w, definition: x}", "{name: v, definition: x}"), "l")
    labels = {**RENAMED, "flags": {"x": "z", "z": "v", "w": "v"}, "themes": {"law": None}}
    migration = moved(old, new, labels=labels)
    mapper = Mapper(migration)
    rewritten = [
        {**one, "annotations": [{**a, "result": mapper.of(a["result"]).result} for a in one["annotations"]]}
        for one in state
    ]
    there, here = folded(new, *rewritten), cast(migration, *state)
    for was, now in zip((there.votes, there.mentions, there.relations), here[:3], strict=True):
        assert now.to_pylist() == was.to_pylist()


@settings(deadline=None, max_examples=40)
@given(states())
def test_votes_are_conserved_but_for_retired_labels(state: list[Json]) -> None:
    old = parse(OLD, "l")
    new = parse(newer(("      - {name: OTHER, definition: anything else}\n", "")), "l")
    before = folded(old, *state)
    made = cast(moved(old, new, labels={"event": {"OTHER": None}, "flags": {"x": "z"}}), *state)
    assert made.votes.num_rows == before.votes.num_rows

    def numbers(votes: pa.Table, question: str) -> Counter[str]:
        rows = votes.filter(pc.equal(votes["question"], question))
        return Counter(label for labels in rows["labels"].to_pylist() for label in labels)

    assert numbers(made.votes, "event") == numbers(before.votes, "event") - Counter({"OTHER": 1000})
    assert made.mentions.num_rows == before.mentions.num_rows


def test_items_that_do_not_change_stay_the_same_objects(old: Scheme) -> None:
    new = parse(newer(("name: MEET,", "name: CONSULT,")), "l")
    unknown = {"id": "r", "from_name": "stars", "to_name": "text", "type": "rating", "value": {"rating": 3}}
    extra = {**FULL[0], "origin": "manual", "score": 0.5, "meta": {"text": ["n"]}}
    result = [unknown, extra, *FULL[1:], link("m1", "gone", "by"), link("m1", "m2")]
    mapped = Mapper(moved(old, new, labels={"event": {"MEET": "CONSULT"}})).of(result)
    assert mapped.result[1] == {**extra, "value": {"choices": ["CONSULT"]}}
    assert all(one is other for one, other in zip(mapped.result[2:], result[2:], strict=True))
    assert mapped.result[0] is unknown
    assert (mapped.again, mapped.undecided) == ([], [])


def test_a_link_without_a_label_gets_the_one_that_it_had_when_there_would_be_two(old: Scheme) -> None:
    new = parse(
        newer(
            (
                "name: against, definition: x, from: [FIGHTING]",
                "name: against, definition: x, from: [FIGHTING, MEETING]",
            )
        ),
        "l",
    )
    mapped = Mapper(moved(old, new)).of([FULL[6], FULL[9], link("m1", "m2")])
    assert mapped.result[-1] == link("m1", "m2", "by")


def test_the_draft_has_what_is_certain_and_asks_for_the_rest(old: Scheme) -> None:
    new = parse(
        newer(
            ("name: MEET,", "name: CONSULT,"),
            ("name: OTHER,", "name: Others,"),
            ("anything else", "the rest"),
            ("  - name: heat\n", "  - name: warmth\n"),
            ("        applies_to: [MEETING]", "        applies_to: [FIGHTING]"),
            (
                "relations:",
                "  - {name: days, text: Mark, kind: evidence, labels: [{name: day, definition: x}]}\nrelations:",
            ),
        ),
        "l",
    )
    draft = plan.text_of_draft(old, new)
    assert (
        draft
        == f"""\
from: {{name: little, version: 1.0.0, hash: "{old.hash}"}}
to: {{name: little, version: 2.0.0, hash: "{new.hash}"}}
names:
  event: event
  themes: themes
  flags: flags
  heat: "?"  # perhaps warmth
  why: why
  trigger: trigger
  trigger.mode: trigger.mode
  trigger.mode@MEETING: "?"
  trigger.flag: trigger.flag
  who: who
  who.entity: who.entity
  who.note: who.note
  relation: relation
labels:
  event:
    MEET: "?"  # perhaps CONSULT
    FIGHT: FIGHT
    OTHER: "?"  # perhaps Others
    NONE: NONE
  themes:
    arms: arms
    arms/trade: arms/trade
    law: law
  flags:
    x: x
    z: z
    w: w
  trigger:
    MEETING: MEETING
    FIGHTING: FIGHTING
  trigger.mode:
    visit: visit
    call: call
  trigger.flag:
    past: past
    future: future
  who:
    actor: actor
    place: place
  relation:
    by: by
    against: against
    at: at
    knows: knows
added:
  warmth: "?"
  days: "?"
"""
    )
    rules.migration(parse_mapping(draft, "d.yaml"), old, new, "d.yaml", draft)


def test_mistakes_in_a_mapping_are_named_with_their_lines(old: Scheme) -> None:
    new = parse(newer(), "l")
    head = f"""\
from: {{name: little, version: 1.0.0, hash: "{old.hash}"}}
to: {{name: little, version: 2.0.0, hash: "{new.hash}"}}
"""

    def refused(text: str) -> str:
        with pytest.raises(GoldwireError) as caught:
            rules.migration(parse_mapping(text, "m.yaml"), old, new, "m.yaml", text)
        return str(caught.value)

    body = """\
names:
  evnt: event
  event: who
  flags: themes
labels:
  heat:
    '3': '1'
    '1': '4'
    '2': ['1']
  nothing: {}
added:
  days: again
"""
    said = f"little 1.0.0 ({old.hash})"
    now = f"little 2.0.0 ({new.hash})"
    assert refused(head + body).splitlines() == [
        f"m.yaml:4: names.evnt: {said} asks nothing of this name",
        f'm.yaml:5: names.event: {now} has no question "who"',
        "m.yaml:6: names.flags: two names become themes: an annotator would have answered it twice",
        f"m.yaml:9: labels.heat.3: {said} has no such label",
        f'm.yaml:10: labels.heat.1: heat has no label "4" in {now}',
        "m.yaml:11: labels.heat.2: a split has two labels or more",
        f"m.yaml:12: labels.nothing: {said} asks nothing of this name",
        f"m.yaml:14: added.days: {now} asks nothing of this name",
    ]
    assert refused(head.replace(old.hash, "0" * 16)).startswith("m.yaml:1: from: is little 1.0.0 (0000")
    assert "m.yaml:4: labels.flags.1" in refused(head + "labels:\n  flags: {1: x}\n")
    assert "m.yaml:3: aded: Extra inputs" in refused(head + "aded: {}\n")
    assert "m.yaml:4: names: the key stands twice" in refused(head + "names: {}\nnames: {}\n")
    assert "not valid YAML" in refused("a: [")


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
