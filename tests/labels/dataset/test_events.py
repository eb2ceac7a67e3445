"""Events are trigger mentions with their attributes and roles, one row each."""

import json
from typing import Any

import pyarrow as pa
import pytest

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.dataset.events import SCHEMA, events
from goldwire.scheme import Scheme, parse

SCHEME = parse(
    """
name: small-events
version: 1.0.0
title: Small
description: Events.
unit: document
questions:
  - {name: main, text: Which one, labels: [{name: CONSULT, definition: They meet.}]}
mentions:
  - name: trigger
    text: Mark events
    kind: event
    labels: [{name: CONSULT, definition: They meet.}, {name: ASSAULT, definition: They fight.}]
  - name: participant
    text: Mark participants
    kind: entity
    labels: [{name: participant, definition: Who.}]
relations:
  - {name: actor, definition: Who does it., from: [CONSULT, ASSAULT], to: [participant]}
  - {name: recipient, definition: To whom., from: [CONSULT, ASSAULT], to: [participant]}
  - {name: before, definition: Order., from: [CONSULT], to: [ASSAULT]}
""",
    "small-events.yaml",
)
UNITS = tables.build(
    "units", [{"unit_id": "a/document", "article_id": "a"}, {"unit_id": "b/document", "article_id": "b"}]
)


def mention(
    mention_id: str, start: int, text: str, label: str, unit: str = "a/document", **more: Any
) -> dict[str, Any]:
    return {
        "scheme": "small-events",
        "scheme_hash": "h",
        "unit_id": unit,
        "question": "participant" if label == "participant" else "trigger",
        "mention_id": mention_id,
        "start": start,
        "end": start + len(text),
        "text": text,
        "label": label,
        "attributes": json.dumps(more.pop("attributes", {})),
        "decided_by": "majority",
        "n_votes": 3,
        **more,
    }


def relation(from_: str, label: str, to: str) -> dict[str, Any]:
    return {
        "scheme": "small-events",
        "unit_id": "a/document",
        "question": "relation",
        "relation_id": f"{from_}-{label}-{to}",
        "from": from_,
        "to": to,
        "label": label,
    }


def build(mentions: list[dict[str, Any]], relations: list[dict[str, Any]], scheme: Scheme = SCHEME) -> pa.Table:
    return events(tables.build("gold_mentions", mentions), tables.build("gold_relations", relations), UNITS, [scheme])


def test_an_event_has_its_trigger_its_attributes_and_its_roles() -> None:
    table = build(
        [
            mention("m3", 30, "Айша", "participant"),
            mention("m1", 0, "He", "participant", entity="Omar 🎈"),
            mention("m4", 40, "two envoys", "participant"),
            mention("m2", 10, "met", "CONSULT", attributes={"mode": ["visit"], "flags": ["future", "negated"]}),
        ],
        [relation("m2", "recipient", "m4"), relation("m2", "recipient", "m3"), relation("m2", "actor", "m1")],
    )
    assert table.schema == SCHEMA
    assert table.to_pylist() == [
        {
            "event_id": "m2",
            "scheme": "small-events",
            "scheme_hash": "h",
            "unit_id": "a/document",
            "article_id": "a",
            "start": 10,
            "end": 13,
            "text": "met",
            "label": "CONSULT",
            "mode": "visit",
            "historical": False,
            "future": True,
            "hypothetical": False,
            "negated": True,
            "actor": ["Omar 🎈"],
            "actor_ids": ["m1"],
            "recipient": ["Айша", "two envoys"],
            "recipient_ids": ["m3", "m4"],
            "place": [],
            "place_ids": [],
            "date": [],
            "date_ids": [],
            "attributes": '{"mode": ["visit"], "flags": ["future", "negated"]}',
            "decided_by": "majority",
            "n_votes": 3,
        }
    ]


def test_events_stand_in_the_order_of_the_text() -> None:
    table = build(
        [
            mention("m1", 5, "met", "CONSULT", unit="b/document"),
            mention("m2", 20, "hit", "ASSAULT"),
            mention("m3", 3, "shot", "ASSAULT"),
        ],
        [],
    )
    assert table["event_id"].to_pylist() == ["m3", "m2", "m1"]
    assert table["mode"].to_pylist() == [None, None, None]


def test_a_role_drawn_from_the_participant_counts_and_once_only() -> None:
    table = build(
        [mention("m1", 0, "Omar", "participant"), mention("m2", 5, "hit", "ASSAULT")],
        [relation("m1", "actor", "m2"), relation("m2", "actor", "m1")],
    )
    assert table["actor_ids"].to_pylist() == [["m1"]]


def test_the_author_can_play_a_role() -> None:
    table = build([mention("m2", 5, "hit", "ASSAULT")], [relation("author", "actor", "m2")])
    assert (table["actor"].to_pylist(), table["actor_ids"].to_pylist()) == ([["author"]], [["author"]])


def test_two_schemes_may_mark_the_same_words_under_the_same_id() -> None:
    twin = SCHEME.model_copy(update={"name": "twin"})
    mine = [mention("m1", 0, "Omar", "participant"), mention("m2", 5, "hit", "ASSAULT")]
    other = [{**mine[0], "scheme": "twin", "entity": "Omar II"}, {**mine[1], "scheme": "twin", "label": "CONSULT"}]
    links = [relation("m2", "actor", "m1"), {**relation("m2", "recipient", "m1"), "scheme": "twin"}]
    table = events(
        tables.build("gold_mentions", [*mine, *other]), tables.build("gold_relations", links), UNITS, [SCHEME, twin]
    )
    assert table.select(["scheme", "event_id", "label", "actor", "recipient"]).to_pylist() == [
        {"scheme": "small-events", "event_id": "m2", "label": "ASSAULT", "actor": ["Omar"], "recipient": []},
        {"scheme": "twin", "event_id": "m2", "label": "CONSULT", "actor": [], "recipient": ["Omar II"]},
    ]


def test_a_relation_that_is_no_role_changes_nothing() -> None:
    table = build(
        [mention("m1", 0, "met", "CONSULT"), mention("m2", 5, "hit", "ASSAULT")], [relation("m1", "before", "m2")]
    )
    assert table.num_rows == 2
    assert [row[role] for row in table.to_pylist() for role in ("actor", "recipient", "place", "date")] == [[]] * 8


def test_a_mode_called_like_a_flag_is_no_flag() -> None:
    table = build([mention("m1", 0, "met", "CONSULT", attributes={"mode": ["future"]})], [])
    assert (table["mode"].to_pylist(), table["future"].to_pylist()) == (["future"], [False])


def test_spans_of_another_layer_are_no_events() -> None:
    assert build([mention("m1", 0, "Omar", "participant")], []).num_rows == 0


def test_no_mentions_make_a_table_of_the_right_columns() -> None:
    assert build([], []) == SCHEMA.empty_table()


def test_a_relation_to_a_mention_that_is_not_there_is_refused() -> None:
    with pytest.raises(GoldwireError, match="relation m2-actor-m9 links to mention m9, which is not in the mentions"):
        build([mention("m2", 5, "hit", "ASSAULT")], [relation("m2", "actor", "m9")])


def test_a_mention_of_an_unknown_unit_is_refused() -> None:
    with pytest.raises(GoldwireError, match="mention m2 is of unit z/document, which is not in the units"):
        build([mention("m2", 5, "hit", "ASSAULT", unit="z/document")], [])
