"""A small scheme, one text, and the server's JSON about it, for the tests of what becomes of answers."""

from typing import Any

import pyarrow as pa
import pytest

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.fold import Folded, fold
from goldwire.labels.rounds import Round
from goldwire.labels.tasks import make_tasks
from goldwire.labels.units import documents
from goldwire.scheme import Scheme, parse

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
LITTLE = parse(SCHEME, "little.yaml")


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
