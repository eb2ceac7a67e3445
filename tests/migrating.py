"""Two versions of the small scheme, mappings between them, and answers, for the tests of migrations."""

from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import yaml

import little
from goldwire import tables
from goldwire.files import write_text
from goldwire.labels import parts, rounds
from goldwire.labels.fold import Folded, fold
from goldwire.labels.migrate import rules
from goldwire.labels.migrate.mapping import parse as parse_mapping
from goldwire.labels.migrate.recast import Recast, recast
from goldwire.labels.migrate.rules import Migration
from goldwire.labels.rounds import Round
from goldwire.labels.tasks import make_tasks, write_round
from goldwire.labels.units import documents
from goldwire.scheme import Scheme
from goldwire.scheme import parse as parse_scheme
from goldwire.study import Study
from little import TEXT, choice, link, picked, span, text

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


FIRST = """
name: little
version: 1.0.0
title: Little
description: A small scheme.
unit: document
questions:
  - name: event
    text: What
    labels: [{name: MEET, definition: x}, {name: FIGHT, definition: x}, {name: NONE, definition: x, role: negative}]
  - name: calm
    text: Is it calm
    labels: [{name: 'yes', definition: x}, {name: 'no', definition: x}]
"""
SECOND = FIRST.replace("1.0.0", "2.0.0").replace("{name: FIGHT,", "{name: WAR, definition: x}, {name: BRAWL,")


def said(number: int, who: str, event: str, minute: int = 0) -> Json:
    return {
        "id": number,
        "completed_by": {"pseudonym": who},
        "result": [choice("event", event), choice("calm", "no")],
        "was_cancelled": False,
        "created_at": "2026-11-22T10:00:00Z",
        "updated_at": f"2026-11-22T11:{minute:02}:00Z",
    }


def small_study(root: Path) -> Study:
    """Three units of one round with three answers, and a second version of its scheme."""
    study = Study(root)
    write_text(study.params_file, "seed: 0\n")
    write_text(study.schemes / "little.yaml", FIRST)
    articles = tables.build("articles", [{"article_id": key, "text": f"Text {key}."} for key in "abc"])
    tables.write(articles, study.articles)
    write_round(study, "r", parse_scheme(FIRST, "little.yaml"), articles, documents(articles), overlap=2, seed=3)
    write_text(study.rounds / "r" / "assignments.csv", "unit_id,annotator\na/document,ann\nb/document,ann\n")
    pull(study, "r", a=[said(1, "ann", "FIGHT"), said(2, "bea", "MEET")], b=[said(3, "ann", "NONE")])
    write_text(study.schemes / "little.yaml", SECOND)
    return study


def pull(study: Study, name: str, **answers: list[Json]) -> None:
    """What a pull writes."""
    round_ = rounds.read(study.rounds / name)
    header = {"round": name, "project": 1, "url": "u", "pulled_at": "t", "scheme_hash": round_.scheme_hash}
    base = 0 if name == "r" else 100
    found = [
        {"id": base + number, "data": {"unit_id": f"{key}/document"}, "annotations": given}
        for number, (key, given) in enumerate(answers.items(), start=1)
    ]
    parts.append(study.rounds / name / "pulls", header, found, [])


def decide(study: Study, before: str, after: str, file: str = "little-1.0.0-2.0.0.yaml") -> None:
    path = study.schemes / "migrations" / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    write_text(path, text.replace(before, after))


def files(study: Study) -> dict[str, bytes]:
    return {str(path.relative_to(study.root)): path.read_bytes() for path in study.root.rglob("*") if path.is_file()}
