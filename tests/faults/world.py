"""A small study with one round on a real server, and what people do there; a ledger keeps what they gave."""

import random
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from bridge import PASSWORD
from goldwire import scheme, studio
from goldwire.files import write_jsonl, write_text
from goldwire.labels import rounds
from goldwire.labels.rounds import Round
from goldwire.labels.server import Client, connect
from goldwire.labels.team import assignments
from goldwire.studio.accounts import sign_up
from goldwire.study import Study

NAME = "pilot"
SCHEME = """\
name: side
version: 1.0.0
title: Side
description: Which side a text takes.
unit: document
questions:
  - name: side
    text: Which side?
    type: single
    labels:
      - name: for
        definition: It is for it.
      - name: against
        definition: It is against it.
"""
WORDS = ["court", "naïve 😀", "قالت الوزيرة", "line\r\nbreak", "Cafe\u0301", "<b>bold</b>", "tab\there", "harbour"]


@dataclass(frozen=True)
class People:
    """A server's administrator and two annotators. `keys` are the administrator's, of both kinds."""

    server: studio.Server
    admin: Client
    annotators: Mapping[str, Client]
    keys: Mapping[str, str]


def people(server: studio.Server) -> People:
    """Sign up those who work on the server; those who are there already are signed in."""
    keys = {name: sign_up(server, f"{name}@example.org", PASSWORD) for name in ("anna", "bert")}
    headers = {"Authorization": f"Token {server.api_key}"}
    personal = requests.post(f"{server.url}/api/token", headers=headers, timeout=60).json()["token"]
    clients = {name: connect(server.url, key) for name, key in keys.items()}
    return People(
        server, connect(server.url, server.api_key), clients, {"legacy": server.api_key, "personal": personal}
    )


def answer(label: str) -> list[dict[str, Any]]:
    value = {"choices": [label]}
    return [{"id": "c1", "from_name": "side", "to_name": "text", "type": "choices", "value": value}]


class World:
    """A round of `size` tasks, on disk and soon on the server.

    Parameters
    ----------
    root : Path
        The study's folder, empty.
    draw : random.Random
    blind : bool
        A project for each of two annotators; one of them has half of the units.

    Attributes
    ----------
    given : dict of int to (int, int)
        Answers that are on the server: annotation -> (project, task).
    read : dict of int to str
        The text that each answer was given to.
    taken : set of int
        Answers that were deleted, alone or with their task.
    """

    def __init__(self, people: People, root: Path, draw: random.Random, size: int, *, blind: bool) -> None:
        self.people, self.draw, self.blind = people, draw, blind
        self.study = Study(root)
        self.folder = self.study.rounds / NAME
        self.folder.mkdir(parents=True)
        write_text(self.study.params_file, "")
        found = scheme.parse(SCHEME, "scheme")
        self.round = Round(
            round=NAME,
            scheme=found.name,
            scheme_version=found.version,
            scheme_hash=found.hash,
            overlap=1 if blind else 2,
            blind=blind,
            annotators=["r-1", "r-2"] if blind else [],
        )
        rounds.write(self.folder, self.round)
        rounds.write_scheme(self.folder, SCHEME)
        self.tasks = [self._task(number) for number in range(size)]
        self._save()
        self.given: dict[int, tuple[int, int]] = {}
        self.read: dict[int, str] = {}
        self.taken: set[int] = set()
        self._projects: list[int] = []
        self._lock = threading.Lock()

    def _task(self, number: int) -> dict[str, Any]:
        unit = f"a{number}/document"
        text = f"{number}: {' '.join(self.draw.choices(WORDS, k=self.draw.randint(3, 40)))}"
        data = {"unit_id": unit, "title": f"a{number}", "text": text, "outlet": None, "date": "2026-01-02"}
        return {"data": data, "meta": {"unit_id": unit, "start": 0, "probability": 0.5, "target": None}}

    def _save(self) -> None:
        write_jsonl(self.folder / "tasks.jsonl", self.tasks)
        if self.blind:
            units = [task["data"]["unit_id"] for task in self.tasks]
            assignments.write(
                self.folder, {unit: ["r-1", "r-2"][: 1 + number % 2] for number, unit in enumerate(units)}
            )

    def grow(self) -> None:
        """Have a larger sample, with some of the texts mended."""
        for number in self.draw.sample(range(len(self.tasks)), 4):
            task = self.tasks[number]
            self.tasks[number] = {**task, "data": {**task["data"], "text": task["data"]["text"] + " mended"}}
        first = len(self.tasks)
        self.tasks += [self._task(number) for number in range(first, first + self.draw.randint(3, 15))]
        self._save()

    def projects(self) -> list[int]:
        """Return the ids of the round's projects, asked of the server directly until `settled`."""
        return self._projects or sorted(p.id for p in self.people.admin.projects(self.round.id).values())

    def settled(self) -> None:
        """Remember the projects: a push has ended well, so there will be no others."""
        self._projects = self.projects()

    def units(self) -> Counter[tuple[int, str]]:
        """Count the tasks of each project and unit on the server."""
        return Counter(
            (project, task["data"]["unit_id"])
            for project in self.projects()
            for task in self.people.admin.outline(project)
        )

    def wanted(self) -> int:
        """Return how many tasks there should be, in all projects together."""
        size = len(self.tasks)
        return size + size // 2 if self.blind else size

    # what people do

    def work(self, times: int) -> None:
        for _ in range(times):
            self.act(self.draw)

    def act(self, draw: random.Random, deeds: str = "answer answer answer skip change delete drop predict") -> None:
        """Do one thing in the browser's way, drawn from `deeds`."""
        with self._lock:
            there = [(one, task) for one in self.projects() for task in self.people.admin.outline(one)]
            if not there:
                return
            project, found = draw.choice(there)
            task = int(found["id"])
            deed = draw.choice(deeds.split())
            who = draw.choice(list(self.people.annotators.values()))
            if deed in ("change", "delete") and not self.given:
                deed = "answer"
            match deed:
                case "answer":
                    number = who.submit(task, answer(draw.choice(["for", "against"])))
                    self.given[number], self.read[number] = (project, task), found["data"]["text"]
                case "skip":
                    number = who.submit(task, [], skipped=True)
                    self.given[number], self.read[number] = (project, task), found["data"]["text"]
                case "change":
                    number = draw.choice(sorted(self.given))
                    self.send("PATCH", f"annotations/{number}", {"result": answer(f"changed {draw.random()}")})
                case "delete":
                    self._delete(draw.choice(sorted(self.given)))
                case "drop" if len(there) > 3:
                    self.send("DELETE", f"tasks/{task}")
                    self._take([number for number, place in self.given.items() if place[1] == task])
                case "predict":
                    body = [{"task": task, "model_version": f"m{draw.random()}", "result": answer("for")}]
                    self.send("POST", f"projects/{project}/import/predictions", body)

    def _delete(self, number: int) -> None:
        self.send("DELETE", f"annotations/{number}")
        self._take([number])

    def _take(self, numbers: list[int]) -> None:
        for number in numbers:
            del self.given[number]
            self.taken.add(number)

    def send(self, method: str, path: str, body: Any = None) -> None:
        """Ask the server directly."""
        server = self.people.server
        headers = {"Authorization": f"Token {server.api_key}"}
        answer = requests.request(method, f"{server.url}/api/{path}", headers=headers, json=body, timeout=60)
        answer.raise_for_status()

    def snapshots(self) -> int:
        """Count the exports that are left on the server."""

        def made(project: int) -> list[Any]:
            what = f"list the exports of project {project}"
            found: list[Any] = self.people.admin.json(what, lambda sdk: sdk.projects.exports.list(project))
            return found

        return sum(len(made(project)) for project in self.projects())

    def remove(self) -> None:
        """Delete the round's projects, so that the next runs list few."""
        for project in self.projects():
            self.send("DELETE", f"projects/{project}")
