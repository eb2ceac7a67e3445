"""Rulings outrank votes: tables in, rows of gold out, worked by hand."""

import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pytest

from disputing import JUDGE, TALKS, A, B, C
from goldwire import tables
from goldwire.labels.gold.adjudicated import Outranked, outrank
from goldwire.labels.gold.spans import Left, Merged, Spans
from goldwire.scheme import parse

Row = dict[str, Any]

KEY = {"scheme": "talks", "scheme_hash": TALKS.hash, "unit_id": "a/document"}
BY = {"adjudicator": JUDGE, "reason": "codebook_gap: the manual does not say who met"}


def ruled(comment: str | None = "the manual does not say who met", **answers: list[str] | str | None) -> pa.Table:
    """What the judge said: labels, or text, by question."""
    given = {"adjudication_reason": ["codebook_gap"], **answers}
    return tables.build(
        "votes",
        [
            {
                **KEY,
                "question": question,
                "labels": [] if isinstance(said, str) else said,
                "value": said if isinstance(said, str) else said[0] if said and question == "heat" else None,
                "round": "adj",
                "annotator": JUDGE,
                "annotation_id": "9",
                "status": "submitted",
                "purpose": "adjudication",
                "counts": False,
                "comment": comment,
            }
            for question, said in given.items()
        ],
    )


def decided(question: str, labels: list[str], by: str, votes: int, tied: bool, **shares: float) -> Row:
    return {
        **KEY,
        "question": question,
        "labels": labels,
        "value": labels[0] if question == "heat" and labels else None,
        "decided_by": by,
        "n_votes": votes,
        "tied": tied,
        "distribution": [{"label": label, "share": share} for label, share in shares.items()],
        "posterior": [{"label": "MEET", "share": 0.5}],
    }


def outranked(
    rows: list[Row],
    votes: pa.Table,
    mentions: list[Row] | None = None,
    relations: list[Row] | None = None,
    spans: Spans | None = None,
    gold: tuple[list[Row], list[Row]] = ([], []),
    recode: Mapping[str, Mapping[str, Mapping[str, str]]] | None = None,
) -> Outranked:
    tables_of = tables.build("vote_mentions", mentions or []), tables.build("vote_relations", relations or [])
    merged = Merged(*gold, [], [])
    return outrank(rows, merged, votes, *tables_of, {"talks": TALKS}, recode or {}, spans or Spans({}, {}, {}))


def test_a_ruling_stands_in_place_of_the_votes_and_says_what_they_were() -> None:
    tie = decided("event", [], "unresolved", 2, True, MEET=0.5, FIGHT=0.5)
    flags = decided("flags", ["x"], "unanimous", 2, False, x=1.0)
    other = {**tie, "unit_id": "b/document"}
    made = outranked([tie, flags, other], ruled(event=["FIGHT"], flags=["x", "z"]))
    assert made == (
        [
            {**tie, "labels": ["FIGHT"], "decided_by": "adjudicated", **BY},
            {**flags, "labels": ["x", "z"], "decided_by": "adjudicated", **BY},
            other,
        ],
        [],
        [],
        [],
    )
    assert tie["labels"] == []  # what came in is as it was


def test_a_question_that_no_vote_answered_gets_a_row_of_its_own() -> None:
    made = outranked([], ruled(event=["MEET"], flags=[], heat=["2"], why="Because."))
    fresh = {**KEY, "n_votes": 0, "tied": False, "distribution": [], "decided_by": "adjudicated", **BY}
    assert made.rows == [
        {**fresh, "question": "event", "labels": ["MEET"], "value": None},
        {**fresh, "question": "heat", "labels": ["2"], "value": "2"},
        {**fresh, "question": "why", "labels": [], "value": "Because."},
    ]


@pytest.mark.parametrize(
    ("question", "said", "labels", "by"),
    [
        ("event", ["unclear"], [], "unresolved"),
        ("event", [], [], "unresolved"),
        ("flags", [], [], "adjudicated"),  # none of them
        ("heat", [], [], "unresolved"),
        ("flags", ["z", "x"], ["x", "z"], "adjudicated"),  # in the order of the scheme
    ],
)
def test_of_a_tie_that_is_unsure_or_empty(question: str, said: list[str], labels: list[str], by: str) -> None:
    before = decided(question, ["x"], "majority", 4, True, x=0.5)
    (row,) = outranked([before], ruled(**{question: said})).rows
    value = None
    assert row == {**before, "labels": labels, "value": value, "decided_by": by, **BY}


def test_what_has_to_be_asked_again_keeps_the_votes() -> None:
    before = decided("event", ["MEET"], "majority", 3, False, MEET=1.0)
    assert outranked([before], ruled(event=None)).rows == [before]


def test_a_reason_may_lack_its_code_or_its_comment() -> None:
    (row,) = outranked([], ruled(None, event=["MEET"])).rows
    assert row["reason"] == "codebook_gap"
    (row,) = outranked([], ruled("look again", event=["MEET"], adjudication_reason=[])).rows
    assert row["reason"] == "look again"
    (row,) = outranked([], ruled(None, event=["MEET"], adjudication_reason=[])).rows
    assert row["reason"] is None


def test_a_recoding_holds_for_rulings() -> None:
    made = outranked(
        [],
        ruled(event=["FIGHT"], flags=["x", "z"]),
        recode={"talks": {"event": {"FIGHT": "CLASH"}, "flags": {"z": "x"}}},
    )
    assert [(row["question"], row["labels"]) for row in made.rows] == [("event", ["CLASH"]), ("flags", ["x"])]


def marked(who: str, number: str, layer: str, label: str, start: int, end: int, text: str, **more: Any) -> Row:
    return {
        **KEY,
        "question": layer,
        "mention_id": f"{number}/{layer}{start}",
        "start": start,
        "end": end,
        "text": text,
        "label": label,
        "entity": None,
        "attributes": "{}",
        "annotator": who,
        "annotation_id": number,
        **more,
    }


def drawn(who: str, number: str, label: str, from_: str, to: str) -> Row:
    ends = {"from": from_ if from_ == "author" else f"{number}/{from_}", "to": f"{number}/{to}"}
    return {
        **KEY,
        "question": "relation",
        "relation_id": f"{number}/{from_}-{to}/{label}",
        "label": label,
        "attributes": "{}",
        "annotator": who,
        "annotation_id": number,
        **ends,
    }


def test_mentions_and_relations_are_the_adjudicators_with_the_votes_for_the_same() -> None:
    """Ada met Bob: A and B of four mark Ada, A and C "met" (C with the blank), nobody Bob."""
    mode = json.dumps({"mode": ["visit"]})
    by_a = [
        marked(A, "1", "who", "actor", 0, 3, "Ada"),
        marked(A, "1", "trigger", "MEETING", 4, 7, "met"),
    ]
    by_b = [marked(B, "2", "who", "actor", 0, 3, "Ada")]
    by_c = [marked(C, "3", "trigger", "MEETING", 4, 8, "met ")]
    links = [drawn(A, "1", "by", "trigger4", "who0"), drawn(A, "1", "for", "author", "who0")]
    key = ("talks", "a/document")
    voted = Spans({key: frozenset({A, B, C, "annotator-04"})}, {key: [*by_a, *by_b, *by_c]}, {key: links})
    ruling = [
        marked(JUDGE, "9", "trigger", "MEETING", 4, 7, "met", attributes=mode),
        marked(JUDGE, "9", "who", "actor", 0, 3, "Ada", entity="Ada Lovelace"),
        marked(JUDGE, "9", "who", "actor", 8, 11, "Bob"),
    ]
    ruled_links = [
        drawn(JUDGE, "9", "by", "trigger4", "who0"),
        drawn(JUDGE, "9", "by", "trigger4", "who8"),
        drawn(JUDGE, "9", "for", "author", "who0"),
    ]
    left = {**KEY, "unit_id": "b/document", "mention_id": "left", "start": 0, "end": 1, "question": "who"}
    left["label"] = "actor"
    gone = {**left, "unit_id": "a/document", "mention_id": "gone"}
    made = outranked([], ruled(event=["MEET"]), ruling, ruled_links, voted, gold=([gone, left], []))
    fixed = {**KEY, "decided_by": "adjudicated", **BY}

    def shares(label: str, share: float) -> list[Row]:
        return [{"label": label, "share": share}] if share else []

    def mention(layer: str, label: str, start: int, end: int, text: str, votes: int, **more: Any) -> Row:
        return {
            **fixed,
            "question": layer,
            "label": label,
            "mention_id": f"a/document#{layer}-{start}-{end}-{label}",
            "start": start,
            "end": end,
            "text": text,
            "entity": None,
            "attributes": "{}",
            "n_votes": 4,
            "tied": votes == 2,
            "distribution": shares(label, votes / 4),
            **more,
        }

    assert made.mentions == [
        mention("who", "actor", 0, 3, "Ada", 2, entity="Ada Lovelace"),
        mention("trigger", "MEETING", 4, 7, "met", 2, attributes=mode),
        mention("who", "actor", 8, 11, "Bob", 0),
        left,
    ]

    def relation(label: str, from_: str, to: str, of: int, votes: int) -> Row:
        ends = [end if end == "author" else f"a/document#{end}" for end in (from_, to)]
        return {
            **fixed,
            "question": "relation",
            "label": label,
            "relation_id": f"a/document#{label}-{from_}-{to}",
            "from": ends[0],
            "to": ends[1],
            "attributes": "{}",
            "n_votes": of,
            "tied": 0 < 2 * votes == of,
            "distribution": shares(label, votes / of if of else 0),
        }

    met, ada, bob = "trigger-4-7-MEETING", "who-0-3-actor", "who-8-11-actor"
    assert made.relations == [
        relation("by", met, ada, 1, 1),
        relation("by", met, bob, 0, 0),
        relation("for", "author", ada, 2, 1),
    ]
    assert made.left == [Left(key, "mentions")]  # "gone"
    for name, rows in zip(("gold", "gold_mentions", "gold_relations"), made[:3], strict=True):
        tables.build(name, [row for row in rows if row is not left])


def test_without_rulings_everything_is_as_it_was() -> None:
    rows = [decided("event", ["MEET"], "majority", 3, False, MEET=1.0)]
    assert outranked(rows, ruled().slice(0, 0), gold=([{"a": 1}], [{"b": 2}])) == (rows, [{"a": 1}], [{"b": 2}], [])


def test_an_unsure_attribute_of_a_ruled_mention_is_left_out() -> None:
    dunno = json.dumps({"mode": ["dunno"]})
    row = marked(JUDGE, "9", "trigger", "MEETING", 4, 7, "met", attributes=dunno)
    (found,) = outranked([], ruled(event=["MEET"]), [row]).mentions
    assert (found["attributes"], found["n_votes"], found["distribution"]) == ("{}", 0, [])


@pytest.mark.parametrize(
    ("before", "said", "labels"),
    [
        (decided("event", ["MEET"], "unanimous", 3, False, MEET=1.0), ["MEET"], None),
        (decided("event", ["MEET"], "majority", 3, False, MEET=0.7), [], None),  # left empty
        (decided("heat", ["1"], "unanimous", 3, False, **{"1": 1.0}), [], None),
        (decided("flags", ["x", "z"], "majority", 3, False, x=0.7, z=0.7), ["z", "x"], None),
        (decided("flags", [], "unanimous", 3, False), [], None),
        (decided("flags", ["x"], "majority", 3, False, x=0.7), [], []),  # none of them
        (decided("event", ["MEET"], "majority", 3, False, MEET=0.7), ["FIGHT"], ["FIGHT"]),
        (decided("event", ["MEET"], "majority", 2, True, MEET=0.5, FIGHT=0.5), ["MEET"], ["MEET"]),  # drawn by lot
        (decided("flags", ["x"], "majority", 2, True, x=1.0, z=0.5), ["x"], ["x"]),  # z was half
    ],
)
def test_a_ruling_changes_what_the_votes_had_not_decided_or_decided_otherwise(
    before: Row, said: list[str], labels: list[str] | None
) -> None:
    (row,) = outranked([before], ruled(**{before["question"]: said})).rows
    assert row == (before if labels is None else {**before, "labels": labels, "decided_by": "adjudicated", **BY})


def test_a_text_that_says_the_same_keeps_the_votes() -> None:
    before = {**decided("why", [], "majority", 3, False, So=0.7), "value": "So"}
    assert outranked([before], ruled(why="So")).rows == [before]
    assert outranked([before], ruled(why="")).rows == [before]
    assert outranked([before], ruled(why="No")).rows == [{**before, "value": "No", "decided_by": "adjudicated", **BY}]


def test_labels_that_the_page_has_not_are_compared_recoded_and_not_emptied() -> None:
    recode = {"talks": {"event": {"FIGHT": "CLASH"}, "flags": {"x": "y"}}}
    event = decided("event", ["CLASH"], "unanimous", 3, False, CLASH=1.0)
    flags = decided("flags", ["y"], "unanimous", 3, False, y=1.0)
    assert outranked([event, flags], ruled(event=["FIGHT"], flags=[]), recode=recode).rows == [event, flags]


TREE = parse(
    """
name: talks
version: 1.0.0
title: Talks
description: Written for the test.
unit: document
questions:
  - {name: kind, text: Which, type: tree, labels: [{name: war, definition: W, children: [{name: air, definition: A},
     {name: sea, definition: S}]}, {name: peace, definition: P}]}
""",
    "tree.yaml",
)


@pytest.mark.parametrize(
    ("said", "labels", "by"),
    [
        (["war", "war/air"], ["war/air"], "majority"),  # what the votes decided
        (["war", "war/sea", "peace"], ["war/sea", "peace"], "adjudicated"),
        (["war"], ["war"], "adjudicated"),
    ],
)
def test_of_a_tree_the_deepest_paths_are_ruled(said: list[str], labels: list[str], by: str) -> None:
    before = decided("kind", ["war/air"], "majority", 3, False, war=1.0)
    nothing = tables.build("vote_mentions", []), tables.build("vote_relations", [])
    made = outrank(
        [before], Merged([], [], [], []), ruled(kind=said), *nothing, {"talks": TREE}, {}, Spans({}, {}, {})
    )
    assert [(row["labels"], row["decided_by"]) for row in made.rows] == [(labels, by)]
