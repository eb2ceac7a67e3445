"""The fold: from the server's JSON to votes, mentions and relations, worked out by hand."""

from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.files import write_jsonl
from goldwire.labels import parts, rounds
from goldwire.labels.fold import Folded, Problem, build_tables, fold
from goldwire.labels.rounds import Round
from goldwire.labels.tasks import make_tasks, write_round
from goldwire.labels.units import documents
from goldwire.scheme import Scheme, parse
from goldwire.study import Study

Json = dict[str, Any]

SCHEME = """
name: little
version: 1.0.0
title: Little
description: A small scheme.
unit: document
questions:
  - name: event
    text: What
    labels: [{name: MEET, definition: x}, {name: FIGHT, definition: x}, {name: NONE, definition: x, role: negative}]
  - name: themes
    text: About what
    type: tree
    required: false
    labels: [{name: arms, definition: x, children: [{name: trade, definition: x}]}, {name: law, definition: x}]
  - name: flags
    text: Which
    type: multiple
    required: false
    labels: [{name: x, definition: x}, {name: z, definition: x}]
  - name: heat
    text: How hot
    type: ordinal
    required: false
    labels: [{name: '1', definition: x}, {name: '2', definition: x}]
  - {name: why, text: Why, type: text, required: false}
mentions:
  - name: trigger
    text: Mark
    kind: event
    labels: [{name: MEETING, definition: x}, {name: FIGHTING, definition: x}]
    attributes:
      - name: mode
        text: How
        required: false
        applies_to: [MEETING]
        labels: [{name: visit, definition: x}, {name: call, definition: x}]
      - name: flag
        text: Is it
        type: multiple
        required: false
        labels: [{name: past, definition: x}, {name: future, definition: x}]
  - name: who
    text: Mark
    kind: entity
    labels: [{name: actor, definition: x}, {name: place, definition: x}]
    attributes:
      - {name: entity, text: Name, type: text, required: false, applies_to: [actor]}
      - {name: note, text: Note, type: text, required: false}
relations:
  - {name: by, definition: x, from: [MEETING, FIGHTING], to: [actor]}
  - {name: against, definition: x, from: [FIGHTING], to: [actor]}
  - {name: at, definition: x, from: [MEETING, FIGHTING], to: [place]}
  - {name: knows, definition: x, from: [actor, author], to: [actor]}
"""
TEXT = "Ada 🛬 met\tBob\n\nin Rome 🇮🇹.\nThey fought."
#       0   4 6    10   15     20      28   33
ROUND = Round(round="r", id="0" * 16, scheme="little", scheme_version="1.0.0", scheme_hash="", overlap=2)


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return parse(SCHEME, "little.yaml")


def articles(*ids: str) -> pa.Table:
    return tables.build("articles", [{"article_id": key, "text": TEXT} for key in ids])


def tasks(*ids: str) -> list[Json]:
    return make_tasks(articles(*ids), documents(articles(*ids)))


def choice(name: str, *labels: str, region: str = "c") -> Json:
    return {"id": region, "from_name": name, "to_name": "text", "type": "choices", "value": {"choices": list(labels)}}


def text(name: str, *said: str, region: str = "t") -> Json:
    return {"id": region, "from_name": name, "to_name": "text", "type": "textarea", "value": {"text": list(said)}}


def span(region: str, layer: str, label: str, words: str, **value: Any) -> Json:
    start = TEXT.index(words) if words in TEXT else 0
    value = {"start": start, "end": start + len(words), "text": words, "labels": [label], **value}
    return {"id": region, "from_name": layer, "to_name": "text", "type": "labels", "value": value}


def link(from_: str, to: str, *labels: str, direction: str = "right") -> Json:
    item: Json = {"from_id": from_, "to_id": to, "type": "relation", "direction": direction}
    return {**item, "labels": list(labels)} if labels else item


def annotation(number: int, who: str | None, *result: Json, minute: int = 0, **more: Any) -> Json:
    return {
        "id": number,
        "completed_by": {"pseudonym": who},
        "result": list(result),
        "was_cancelled": False,
        "ground_truth": False,
        "created_at": "2026-11-22T10:00:00.5Z",
        "updated_at": f"2026-11-22T12:{minute:02}:00.000001+02:00",
        "lead_time": 12.5,
        "parent_prediction": None,
        **more,
    }


def task(number: int, article: str, *annotations: Json, **more: Any) -> Json:
    return {"id": number, "data": {"unit_id": f"{article}/document"}, "annotations": list(annotations), **more}


def folded(scheme: Scheme, *state: Json, ids: tuple[str, ...] = ("a",)) -> Folded:
    return fold(state, ROUND, scheme, tasks(*ids), dict.fromkeys(ids, TEXT))


def picked(table: pa.Table, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in table.to_pylist()]


def refused(scheme: Scheme, *result: Json) -> str:
    with pytest.raises(GoldwireError) as caught:
        folded(scheme, task(5, "a", annotation(9, "ann", *result)))
    assert caught.value.hint
    return str(caught.value)


FULL = [
    choice("event", "MEET"),
    {
        "id": "x",
        "from_name": "themes",
        "to_name": "text",
        "type": "taxonomy",
        "value": {"taxonomy": [["law"], ["arms", "trade"]]},
    },
    choice("flags", "z", "x"),
    choice("heat", "2"),
    text("why", "Because.", " And so. "),
    text("comment", "Hard 🛬", "to tell"),
    span("m1", "trigger", "MEETING", "met\tBob", text="met Bob"),
    choice("mode_MEETING", "visit", region="m1"),
    choice("flag", "future", "past", region="m1"),
    span("m2", "who", "actor", "Ada 🛬"),
    text("entity_actor", "Ada Lovelace", region="m2"),
    text("note", "a", "b", region="m2"),
    link("m1", "m2", "by"),
]


def test_an_annotation_whole(scheme: Scheme) -> None:
    made = folded(scheme, task(5, "a", annotation(9, "ann", *FULL, ground_truth=True, parent_prediction=4)))
    common = {
        "scheme": "little",
        "scheme_hash": scheme.hash,
        "unit_id": "a/document",
        "round": "r",
        "annotator": "ann",
        "annotation_id": "9",
        "status": "submitted",
        "counts": True,
        "ground_truth": True,
        "prediction_id": "4",
        "comment": "Hard 🛬\nto tell",
        "created": datetime(2026, 11, 22, 10, 0, 0, 500_000, UTC),
        "updated": datetime(2026, 11, 22, 10, 0, 0, 1, UTC),
        "lead_time_s": 12.5,
    }
    assert made.votes.to_pylist() == [
        {**row, **common}
        for row in (
            {"question": "event", "labels": ["MEET"], "value": None},
            {"question": "themes", "labels": ["arms/trade", "law"], "value": None},
            {"question": "flags", "labels": ["x", "z"], "value": None},
            {"question": "heat", "labels": ["2"], "value": "2"},
            {"question": "why", "labels": [], "value": "Because.\nAnd so."},
        )
    ]
    assert made.mentions.to_pylist() == [
        {
            **common,
            "question": "who",
            "mention_id": "9/m2",
            "start": 0,
            "end": 5,
            "text": "Ada 🛬",
            "label": "actor",
            "entity": "Ada Lovelace",
            "attributes": '{"note": ["a", "b"]}',
        },
        {
            **common,
            "question": "trigger",
            "mention_id": "9/m1",
            "start": 6,
            "end": 13,
            "text": "met\tBob",
            "label": "MEETING",
            "entity": None,
            "attributes": '{"flag": ["past", "future"], "mode": ["visit"]}',
        },
    ]
    assert made.relations.to_pylist() == [
        {
            **common,
            "question": "relation",
            "relation_id": "9/m1-m2/by",
            "from": "9/m1",
            "to": "9/m2",
            "label": "by",
            "attributes": "{}",
        }
    ]
    assert made.units.equals(documents(articles("a")))
    assert made.problems == []


def test_what_was_left_empty_has_a_row_without_labels(scheme: Scheme) -> None:
    made = folded(scheme, task(5, "a", annotation(9, "ann", choice("event", "NONE"))))
    assert picked(made.votes, "question", "labels", "value") == [
        ("event", ["NONE"], None),
        ("themes", [], None),
        ("flags", [], None),
        ("heat", [], None),
        ("why", [], None),
    ]
    assert made.problems == []
    made = folded(scheme, task(5, "a", annotation(9, "ann")))
    assert made.problems == [Problem("r", 5, "9", "event was not answered")]


def test_a_skipped_unit_has_a_row_per_question_and_its_comment_and_nothing_else(scheme: Scheme) -> None:
    made = folded(scheme, task(5, "a", annotation(9, "ann", *FULL, was_cancelled=True)))
    assert picked(made.votes, "question", "labels", "status", "counts", "comment") == [
        (name, [], "skipped", False, "Hard 🛬\nto tell") for name in ("event", "themes", "flags", "heat", "why")
    ]
    assert (made.mentions.num_rows, made.relations.num_rows, made.problems) == (0, 0, [])


def test_the_latest_submitted_answer_of_an_annotator_counts(scheme: Scheme) -> None:
    meet, fight = choice("event", "MEET"), choice("event", "FIGHT")
    made = folded(
        scheme,
        task(
            5,
            "a",
            annotation(9, "ann", fight, span("s", "who", "actor", "Bob"), minute=5),
            annotation(10, "ann", meet, span("s", "who", "actor", "Bob"), minute=4),
            annotation(11, "ann", meet, minute=6, was_cancelled=True),
            annotation(12, "ann", meet, minute=7, deleted=True),
            annotation(13, "bea", meet, minute=3),
            annotation(99, "bea", fight, minute=3),
            drafts=[annotation(7, "ann", meet, minute=8)],
        ),
        task(6, "b", annotation(14, "ann", meet)),
        ids=("a", "b"),
    )
    events = made.votes.filter(pc.equal(made.votes["question"], "event"))
    assert picked(events, "unit_id", "annotator", "annotation_id", "status", "labels", "counts") == [
        ("a/document", "ann", "draft-7", "draft", ["MEET"], False),
        ("a/document", "ann", "9", "submitted", ["FIGHT"], True),
        ("a/document", "ann", "10", "submitted", ["MEET"], False),
        ("a/document", "ann", "11", "skipped", [], False),
        ("a/document", "ann", "12", "deleted", ["MEET"], False),
        ("a/document", "bea", "13", "submitted", ["MEET"], False),
        ("a/document", "bea", "99", "submitted", ["FIGHT"], True),
        ("b/document", "ann", "14", "submitted", ["MEET"], True),
    ]
    assert picked(made.mentions, "annotation_id", "counts") == [("9", True), ("10", False)]


def test_the_order_of_the_state_changes_nothing(scheme: Scheme) -> None:
    state = [
        task(5, "a", annotation(9, "ann", *FULL), annotation(10, "bea", choice("event", "MEET"))),
        task(6, "b", annotation(11, "ann", *reversed(FULL))),
    ]
    turned = [{**one, "annotations": one["annotations"][::-1]} for one in state[::-1]]
    one, other = folded(scheme, *state, ids=("a", "b")), folded(scheme, *turned, ids=("b", "a"))
    assert one == other
    assert picked(one.mentions, "text", "attributes")[:2] == picked(one.mentions, "text", "attributes")[2:]


def test_mentions_of_a_part_count_in_the_whole_text(scheme: Scheme) -> None:
    unit = {**documents(articles("a")).to_pylist()[0], "unit_id": "a/document", "start": 15, "end": 26}
    made_tasks = make_tasks(articles("a"), tables.build("units", [unit]))
    shown = made_tasks[0]["data"]["text"]
    assert shown == "in Rome 🇮🇹."
    item = span("s", "who", "place", "Rome", start=3, end=7)
    state = [task(5, "a", annotation(9, "ann", choice("event", "MEET"), item))]
    made = fold(state, ROUND, scheme, made_tasks, {"a": TEXT})
    ((start, end, words),) = picked(made.mentions, "start", "end", "text")
    assert (TEXT[start:end], words) == ("Rome", "Rome")


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        (10, 99, "span s1, 10 to 99, does not lie in the text, which has 39 characters"),
        (-1, 13, "span s1, -1 to 13, does not lie in the text, which has 39 characters"),
        (10, 10, "span s1, 10 to 10, does not lie in the text, which has 39 characters"),
        (None, 13, "span s1, None to 13, does not lie in the text, which has 39 characters"),
        (11, 14, "span s1, 11 to 14, was marked on 'Bob', and the text there is 'ob\\n'"),
        (11, 13, "span s1, 11 to 13, was marked on 'Bob', and the text there is 'ob'"),
    ],
)
def test_a_span_that_is_not_its_words_is_refused_by_name(scheme: Scheme, start: int, end: int, message: str) -> None:
    item = span("s1", "who", "actor", "Bob", start=start, end=end)
    assert refused(scheme, item) == f"round r, task 5, annotation 9: {message}"


@pytest.mark.parametrize(
    ("item", "message"),
    [
        (span("s1", "who", "witch", "Bob"), '"witch" is no label of who at span s1'),
        (choice("event", "MEET", "FIGHT"), "event takes one label, and has MEET, FIGHT"),
        (choice("heat", "1", "2"), "heat takes one label, and has 1, 2"),
        (choice("event", "DANCE"), '"DANCE" is no label of event'),
        (choice("flags", "x", "y"), '"y" is no label of flags'),
    ],
)
def test_an_answer_that_the_page_cannot_send_is_refused_by_name(scheme: Scheme, item: Json, message: str) -> None:
    assert refused(scheme, item) == f"round r, task 5, annotation 9: {message}"


def test_more_that_the_page_cannot_send(scheme: Scheme) -> None:
    place = "round r, task 5, annotation 9: "
    bob, ada = span("s1", "who", "actor", "Bob"), span("s2", "who", "actor", "Ada")
    both = deepcopy(bob)
    both["value"]["labels"] = ["actor", "place"]
    assert refused(scheme, both) == place + "span s1 has several labels of who: actor, place"
    assert refused(scheme, bob, bob) == place + "there are two spans s1 of who"
    assert refused(scheme, bob, ada, link("s1", "s2", "likes")) == place + '"likes" is no relation of the scheme'
    met = span("s3", "trigger", "MEETING", "met")
    twice = [choice("mode_MEETING", "visit", "call", region="s3")]
    assert refused(scheme, met, *twice) == place + "mode takes one label, and has visit, call"
    assert refused(scheme, choice("event", "MEET"), choice("event", "FIGHT")) == (
        place + "event takes one label, and has MEET, FIGHT"
    )


@pytest.mark.parametrize("more", [{"deleted": True}, {"was_cancelled": True}])
def test_a_faulty_annotation_that_was_deleted_or_skipped_stops_nothing(scheme: Scheme, more: Json) -> None:
    wrong = [choice("event", "DANCE"), span("s1", "who", "actor", "Bob", end=99), span("s2", "who", "actor", "Ada")]
    made = folded(scheme, task(5, "a", annotation(9, "ann", *wrong, **more)))
    assert picked(made.votes, "labels")[0] == ([],)
    assert picked(made.mentions, "text", "counts") == ([("Ada", False)] if "deleted" in more else [])
    assert made.problems == []


@pytest.mark.parametrize(
    "said", ["met Bob\\n\\nin Rome", "met\tBob\n\nin Rome", "met Bob\\nin  Rome ", "met\u00a0Bob in Rome"]
)
def test_a_browser_may_write_line_ends_and_blanks_in_its_way(scheme: Scheme, said: str) -> None:
    item = span("s", "trigger", "MEETING", "met\tBob\n\nin Rome", text=said)
    made = folded(scheme, task(5, "a", annotation(9, "ann", choice("event", "MEET"), item)))
    assert picked(made.mentions, "text", "start", "end") == [("met\tBob\n\nin Rome", 6, 22)]


@given(st.data())
def test_any_span_comes_back_as_its_words(data: st.DataObject) -> None:
    scheme = parse(SCHEME, "little.yaml")
    start = data.draw(st.integers(0, len(TEXT) - 1))
    end = data.draw(st.integers(start + 1, len(TEXT)))
    item = span("s", "who", "actor", "", start=start, end=end, text=TEXT[start:end])
    made = folded(scheme, task(5, "a", annotation(9, "ann", choice("event", "MEET"), item)))
    assert picked(made.mentions, "start", "end", "text") == [(start, end, TEXT[start:end])]


ENDS = [
    choice("event", "MEET"),
    span("m", "trigger", "MEETING", "met"),
    span("f", "trigger", "FIGHTING", "fought"),
    span("a", "who", "actor", "Ada"),
    span("b", "who", "actor", "Bob"),
    span("p", "who", "place", "Rome"),
]


@pytest.mark.parametrize(
    ("drawn", "links", "remark"),
    [
        (link("m", "a", "by"), [("m", "a", "by")], None),
        (link("a", "m", "by", direction="left"), [("m", "a", "by")], None),
        (link("a", "m", "by"), [("m", "a", "by")], None),
        (link("m", "a", "by", direction="bi"), [("m", "a", "by")], None),
        (link("b", "a", "knows", direction="bi"), [("a", "b", "knows"), ("b", "a", "knows")], None),
        (link("b", "a", "knows"), [("b", "a", "knows")], None),
        (link("b", "a", "knows", direction="left"), [("a", "b", "knows")], None),
        (link("f", "a", "against", "by"), [("f", "a", "against"), ("f", "a", "by")], None),
        (link("m", "p"), [("m", "p", "at")], None),
        (link("p", "m"), [("m", "p", "at")], None),
        (link("f", "a"), [], "a relation from f (FIGHTING) to a (actor) has no label (possible: against, by)"),
        (link("m", "f"), [], "a relation from m (MEETING) to f (FIGHTING) has no label (possible: none)"),
        (link("m", "a", "at"), [], 'the scheme allows no relation "at" from m (MEETING) to a (actor)'),
        (link("m", "gone", "by"), [], "a relation leads to gone, which is no marked span"),
    ],
)
def test_relations_by_direction_and_label(
    scheme: Scheme, drawn: Json, links: list[tuple[str, str, str]], remark: str | None
) -> None:
    made = folded(scheme, task(5, "a", annotation(9, "ann", drawn, *ENDS)))
    assert picked(made.relations, "relation_id", "from", "to", "label") == [
        (f"9/{a}-{b}/{label}", f"9/{a}", f"9/{b}", label) for a, b, label in links
    ]
    assert [str(problem) for problem in made.problems] == (
        [f"round r, task 5, annotation 9: {remark}"] if remark else []
    )


def test_the_author_has_no_span_and_is_asked_at_the_target(scheme: Scheme) -> None:
    asked = [choice("author", "knows", region="a"), choice("author", "knows", region="p")]
    made = folded(scheme, task(5, "a", annotation(9, "ann", *asked, *ENDS)))
    assert picked(made.relations, "relation_id", "from", "to", "label") == [
        ("9/author-a/knows", "author", "9/a", "knows")
    ]
    assert made.problems == [Problem("r", 5, "9", '"author" was answered at span p (place), where it is not asked')]


def test_a_span_in_two_layers_is_two_mentions_with_a_remark(scheme: Scheme) -> None:
    items = [
        choice("event", "MEET"),
        span("s", "who", "actor", "met"),
        span("s", "trigger", "MEETING", "met"),
        choice("mode_MEETING", "call", region="s"),
        text("entity_actor", "X", region="s"),
        span("b", "who", "actor", "Bob"),
        link("s", "b", "by"),
    ]
    made = folded(scheme, task(5, "a", annotation(9, "ann", *items)))
    assert picked(made.mentions, "mention_id", "label", "entity", "attributes") == [
        ("9/s", "MEETING", None, '{"mode": ["call"]}'),
        ("9/s/who", "actor", "X", "{}"),
        ("9/b", "actor", None, "{}"),
    ]
    assert picked(made.relations, "from", "to") == [("9/s", "9/b")]
    assert made.problems == [
        Problem("r", 5, "9", "span s is marked as MEETING and as actor: taken as two mentions"),
    ]


def test_nothing_is_lost_silently(scheme: Scheme) -> None:
    rating = {"id": "x", "from_name": "event", "to_name": "text", "type": "rating", "value": {"rating": 4}}
    items = [
        choice("event", "MEET"),
        choice("gone", "x"),
        rating,
        choice("mode_MEETING", "call", region="f"),
        choice("flag", "past", region="nowhere"),
        {**span("e", "who", "actor", "Bob"), "value": {"start": 10, "end": 13, "labels": []}},
        span("f", "trigger", "FIGHTING", "fought"),
    ]
    made = folded(
        scheme,
        task(5, "a", annotation(9, "ann", *items), annotation(10, None, choice("event", "MEET"))),
        task(6, "b", annotation(11, "ann", choice("event", "MEET"))),
        task(7, "c"),
    )
    assert made.problems == [
        Problem("r", 5, "10", "nobody is named who gave it: left out"),
        Problem("r", 5, "9", '"flag" was answered at span nowhere (no label), where it is not asked'),
        Problem("r", 5, "9", '"mode" was answered at span f (FIGHTING), where it is not asked'),
        Problem("r", 5, "9", "span e has no label"),
        Problem("r", 5, "9", 'the scheme asks nothing by the name "event" (rating)'),
        Problem("r", 5, "9", 'the scheme asks nothing by the name "gone" (choices)'),
        Problem("r", 6, "", "its unit is not of this round: b/document (1 answers left out)"),
    ]
    assert picked(made.mentions, "mention_id", "attributes") == [("9/f", "{}")]
    assert set(picked(made.votes, "annotation_id")) == {("9",)}


def test_an_article_that_changed_is_noted_and_one_that_went_is_an_error(scheme: Scheme) -> None:
    state = [task(5, "a", annotation(9, "ann", choice("event", "MEET"), span("s", "who", "actor", "Ada")))]
    made = fold(state, ROUND, scheme, tasks("a"), {"a": TEXT.replace("Rome", "Oslo")})
    assert made.problems == [Problem("r", 5, "", "the text of a/document has changed since it was shown")]
    assert picked(made.mentions, "text") == [("Ada",)]
    with pytest.raises(GoldwireError, match="annotation 9: span s, 0 to 3, was marked on 'Ada', and the text there"):
        fold(state, ROUND, scheme, tasks("a"), {"a": "More. " + TEXT})
    with pytest.raises(GoldwireError, match='round r, unit a/document: the article "a" is not there any more'):
        fold(state, ROUND, scheme, tasks("a"), {})


@pytest.fixture
def study(tmp_path: Path, scheme: Scheme) -> Study:
    """Two articles, and round r1 about the first with two pulled parts: ann's answer, then her second thought."""
    study = Study(tmp_path)
    study.schemes.mkdir(parents=True)
    (study.schemes / "little.yaml").write_text(SCHEME, encoding="utf-8")
    tables.write(articles("a", "b"), study.articles)
    write_round(study, "r1", scheme, articles("a"), documents(articles("a")))
    write_round(study, "r2", scheme, articles("a", "b"), documents(articles("a", "b")))
    pulled(study, "r1", task(1, "a", annotation(1, "ann", *FULL, minute=1)))
    pulled(
        study,
        "r1",
        task(1, "a", annotation(1, "ann", *FULL, minute=1), annotation(2, "ann", choice("event", "FIGHT"), minute=2)),
    )
    return study


def pulled(study: Study, name: str, *state: Json) -> None:
    parts.append(study.rounds / name / "pulls", {"round": name}, state, [])


def test_a_study_is_folded_over_all_its_rounds(study: Study) -> None:
    pulled(
        study,
        "r2",
        task(
            2,
            "a",
            annotation(3, "ann", choice("event", "NONE"), minute=3),
            annotation(4, "bea", choice("event", "MEET")),
        ),
    )
    made, problems = build_tables(study)
    assert problems == []
    assert {name: table.num_rows for name, table in made.items()} == {
        "units": 2,
        "votes": 20,
        "vote_mentions": 2,
        "vote_relations": 1,
    }
    events = made["votes"].filter(pc.equal(made["votes"]["question"], "event"))
    assert picked(events, "round", "annotator", "annotation_id", "labels", "counts") == [
        ("r1", "ann", "1", ["MEET"], False),
        ("r1", "ann", "2", ["FIGHT"], False),
        ("r2", "ann", "3", ["NONE"], True),
        ("r2", "bea", "4", ["MEET"], True),
    ]
    assert made["units"].equals(documents(articles("a", "b")))
    for name, table in made.items():
        assert table.schema == tables.SCHEMAS[name]


def test_rounds_that_were_not_pulled_yet_give_units_only(study: Study) -> None:
    made, problems = build_tables(study)
    assert made["units"]["unit_id"].to_pylist() == ["a/document", "b/document"]
    assert set(made["votes"]["round"].to_pylist()) == {"r1"}
    assert problems == []


def test_ids_of_two_servers_are_not_mixed(study: Study) -> None:
    pulled(study, "r2", task(1, "a", annotation(1, "ann", *FULL)))
    with pytest.raises(GoldwireError, match="span 1/m2 is in two rounds, r1 and r2"):
        build_tables(study)


def test_a_unit_with_another_text_in_a_later_round_is_noted(study: Study) -> None:
    folder = study.rounds / "r2"
    changed = [{**one, "meta": {**one["meta"], "content_hash": "other"}} for one in rounds.tasks(folder)]
    (folder / "tasks.jsonl").unlink()
    write_jsonl(folder / "tasks.jsonl", changed)
    made, problems = build_tables(study)
    assert problems == [Problem("r2", 0, "", "it has unit a/document with another text than an earlier round")]
    assert str(problems[0]) == "round r2: it has unit a/document with another text than an earlier round"
    assert made["units"]["content_hash"].to_pylist()[0] == documents(articles("a"))["content_hash"].to_pylist()[0]


def drawn(study: Study, name: str, **probabilities: float | None) -> None:
    """Give these probabilities to the tasks of a round."""
    folder = study.rounds / name
    changed = [
        {**one, "meta": {**one["meta"], "probability": probabilities[one["meta"]["article_id"]]}}
        for one in rounds.tasks(folder)
    ]
    write_jsonl(folder / "tasks.jsonl", changed)


def chances(study: Study) -> tuple[dict[str, float | None], list[str]]:
    made, problems = build_tables(study)
    units = made["units"]
    found = dict(zip(units["article_id"].to_pylist(), units["probability"].to_pylist(), strict=True))
    return found, [str(problem) for problem in problems]


def test_a_unit_of_several_rounds_has_the_largest_of_its_probabilities(study: Study) -> None:
    drawn(study, "r1", a=0.25)
    drawn(study, "r2", a=0.5, b=0.75)
    assert chances(study) == ({"a": 0.5, "b": 0.75}, [])
    drawn(study, "r1", a=1.0)
    assert chances(study) == ({"a": 1.0, "b": 0.75}, [])
    drawn(study, "r1", a=None)
    assert chances(study) == ({"a": 0.5, "b": 0.75}, [])
    drawn(study, "r2", a=None, b=None)
    assert chances(study) == ({"a": None, "b": None}, [])


def test_units_that_another_scheme_has_with_a_larger_probability_are_noted(study: Study) -> None:
    text = SCHEME.replace("name: little", "name: other", 1)
    (study.schemes / "other.yaml").write_text(text, encoding="utf-8")
    write_round(study, "r3", parse(text, "other.yaml"), articles("a", "b"), documents(articles("a", "b")))
    drawn(study, "r1", a=0.25)
    drawn(study, "r2", a=0.5, b=0.75)
    drawn(study, "r3", a=0.5, b=1.0)
    more = (
        "of its units have a larger probability in a round of another scheme, and that one stands in the tables: "
        "shares in the corpus can be wrong for {}; a study for each would keep both"
    )
    assert chances(study) == ({"a": 0.5, "b": 1.0}, [f"round r2: 1 {more.format('little')}"])
    drawn(study, "r3", a=0.125, b=0.5)
    assert chances(study) == ({"a": 0.5, "b": 0.75}, [f"round r3: 2 {more.format('other')}"])


def test_a_study_without_rounds_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(GoldwireError) as caught:
        build_tables(Study(tmp_path))
    assert str(caught.value) == f"{tmp_path / 'labels' / 'rounds'}: there is no round to fold"
    assert caught.value.hint == "Make one with: goldwire labels tasks ROUND --scheme NAME"


def test_folding_twice_gives_the_same_bytes(study: Study, tmp_path: Path) -> None:
    for name in ("one", "two"):
        for table, rows in build_tables(study)[0].items():
            tables.write(rows, tmp_path / name / f"{table}.parquet")
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two
