"""A round on a real Label Studio, labelled by two people, and a new version of its scheme."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa

from goldwire import tables
from goldwire.files import write_text
from goldwire.labels import parts, rounds
from goldwire.labels.fold import fold
from goldwire.labels.interface import config
from goldwire.labels.migrate.command import migrate
from goldwire.labels.server import Client
from goldwire.labels.tasks import write_round
from goldwire.labels.units import documents
from goldwire.scheme import parse
from goldwire.study import Study

OLD = """
name: little
version: 1.0.0
title: Little
description: A small scheme.
unit: document
questions:
  - name: event
    text: What
    labels: [{name: MEET, definition: x, hotkey: m}, {name: FIGHT, definition: x}, {name: NONE, definition: x}]
  - name: flags
    text: Which
    type: multiple
    required: false
    labels: [{name: a, definition: x}, {name: b, definition: x}]
mentions:
  - name: who
    text: Mark
    kind: entity
    labels: [{name: actor, definition: x}, {name: place, definition: x}]
    attributes:
      - {name: role, text: Role, required: false, applies_to: [actor], labels: [{name: head, definition: x}]}
relations:
  - {name: at, definition: x, from: [actor], to: [place]}
"""
NEW = (
    OLD.replace("1.0.0", "2.0.0")
    .replace("name: event", "name: main")
    .replace("name: NONE", "name: NOTHING")
    .replace("name: actor", "name: person")
    .replace("[actor]", "[person]")
    .replace("name: head", "name: leader")
    .replace("name: at,", "name: in,")
)
SAID = """
names: {event: main}
labels:
  event: {MEET: FIGHT, FIGHT: MEET, NONE: NOTHING}  # the first two change places
  who: {actor: person}
  who.role: {head: leader}
  relation: {at: in}
"""
TEXT = "Ada met Bob in Rome 🇮🇹."


def choice(name: str, *labels: str, region: str = "c", **more: Any) -> dict[str, Any]:
    value = {"choices": list(labels)}
    return {"id": region, "from_name": name, "to_name": "text", "type": "choices", "value": value, **more}


def span(region: str, label: str, words: str) -> dict[str, Any]:
    start = TEXT.index(words)
    value = {"start": start, "end": start + len(words), "text": words, "labels": [label]}
    return {"id": region, "from_name": "who", "to_name": "text", "type": "labels", "value": value, "origin": "manual"}


LINK = {"from_id": "m1", "to_id": "m2", "type": "relation", "direction": "right", "labels": ["at"]}
NOTE = {"id": "t", "from_name": "comment", "to_name": "text", "type": "textarea", "value": {"text": ["Hm — 🛬"]}}
SPANS = [span("m1", "actor", "Ada"), choice("role_actor", "head", region="m1"), span("m2", "place", "Rome 🇮🇹"), LINK]


class StopMidwayError(BaseException):
    """What ends the process in the middle."""


def stop(*_: object) -> None:
    raise StopMidwayError


class Desk:
    """A study with a round of four units on the server, labelled by two people."""

    def __init__(self, root: Path, admin: Client, anna: Client, bert: Client) -> None:
        self.study, self.admin = Study(root), admin
        write_text(self.study.params_file, "seed: 0\n")
        write_text(self.study.schemes / "little.yaml", OLD)
        articles = tables.build("articles", [{"article_id": key, "text": TEXT} for key in "abcd"])
        tables.write(articles, self.study.articles)
        scheme = parse(OLD, "little.yaml")
        write_round(self.study, "r", scheme, articles, documents(articles), overlap=2)
        self.folder = self.study.rounds / "r"
        round_ = rounds.read(self.folder)
        self.project = admin.create_project("A test", config(scheme), round_.marker(), 2).id
        ids = admin.import_tasks(self.project, rounds.tasks(self.folder))
        units = [task["data"]["unit_id"][0] for task in rounds.tasks(self.folder)]
        self.task = dict(zip(units, ids, strict=True))
        guess = {"task": self.task["b"], "result": [choice("event", "NONE")], "model_version": "m", "score": 0.5}
        made = admin.request("predict", "POST", "api/predictions/", content=json.dumps(guess).encode())
        follows = {"result": [choice("event", "NONE")], "parent_prediction": json.loads(made)["id"]}
        path = f"api/tasks/{self.task['b']}/annotations/"
        followed = anna.request("submit", "POST", path, content=json.dumps(follows).encode())
        self.given = {
            "a1": anna.submit(self.task["a"], [choice("event", "MEET"), choice("flags", "b", "a"), *SPANS, NOTE]),
            "a2": bert.submit(self.task["a"], [choice("event", "FIGHT")], lead_time=7.5),
            "b1": json.loads(followed)["id"],
            "b2": bert.submit(self.task["b"], [NOTE], skipped=True),
            "c1": anna.submit(self.task["c"], [choice("flags", "a")]),
        }
        write_text(self.study.schemes / "little.yaml", NEW)

    def decide(self, said: str = SAID) -> None:
        """Write the mapping file as a user would: the draft, and then the decisions."""
        assert migrate(self.study, "r", dry_run=False)["draft"]
        path = self.study.schemes / "migrations" / "little-1.0.0-2.0.0.yaml"
        head = "\n".join(path.read_text(encoding="utf-8").splitlines()[:2])
        write_text(path, head + said)

    def server(self) -> dict[int, dict[str, Any]]:
        """Every annotation, as the server has it."""
        return {one["id"]: one for task in self.admin.tasks(self.project) for one in task["annotations"]}

    def result(self, name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.server()[self.given[name]]["result"]
        return found

    def migrate(self, **options: Any) -> dict[str, Any]:
        return migrate(self.study, "r", on_server=True, client=self.admin, **options)

    def change(self, name: str, *result: dict[str, Any]) -> None:
        """What a person does with the mouse."""
        content = json.dumps({"result": list(result)}).encode()
        self.admin.request("change it", "PATCH", f"api/annotations/{self.given[name]}/", content=content)

    def order(self, unit: str) -> int:
        return sorted(self.task.values()).index(self.task[unit])

    def page(self) -> str:
        return self.admin.project(self.project).config.strip()

    def votes(self) -> pa.Table:
        state = parts.state(parts.read(path) for path in parts.listing(self.folder / "pulls")).values()
        round_ = rounds.read(self.folder)
        scheme = rounds.scheme_of(self.study, round_)
        return fold(state, round_, scheme, rounds.tasks(self.folder), dict.fromkeys("abcd", TEXT)).votes
