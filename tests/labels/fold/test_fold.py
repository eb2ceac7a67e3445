"""The fold: from the server's JSON to votes, mentions and relations, worked out by hand."""

from datetime import UTC, datetime

import pyarrow.compute as pc
import pytest

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.fold import Problem, fold
from goldwire.labels.tasks import make_tasks
from goldwire.labels.units import documents
from goldwire.scheme import Scheme
from little import (
    FULL,
    LITTLE,
    ROUND,
    TEXT,
    annotation,
    articles,
    choice,
    folded,
    picked,
    span,
    task,
    tasks,
)


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return LITTLE


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
        "purpose": "vote",
        "counts": True,
        "ground_truth": True,
        "prediction_id": "#4",
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


def test_an_answer_asked_for_again_weeks_later_never_counts(scheme: Scheme) -> None:
    again = ROUND.model_copy(update={"retest_of": "q"})
    state = [task(5, "a", annotation(9, "ann", choice("event", "MEET"), span("s", "who", "actor", "Ada")))]
    made = fold(state, again, scheme, tasks("a"), {"a": TEXT})
    assert set(picked(made.votes, "status", "counts")) == {("submitted", False)}
    assert picked(made.mentions, "counts") == [(False,)]
