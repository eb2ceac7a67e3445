"""A migration in place, against a real Label Studio with two annotators."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from goldwire import studio, tables
from goldwire.errors import GoldwireError
from goldwire.files import write_text
from goldwire.labels import parts, rounds
from goldwire.labels.fold import fold
from goldwire.labels.interface import config
from goldwire.labels.migrate import in_place
from goldwire.labels.migrate.chain import schemes_of_round
from goldwire.labels.migrate.command import migrate
from goldwire.labels.server import Client, connect
from goldwire.labels.tasks import write_round
from goldwire.labels.units import documents
from goldwire.scheme import parse
from goldwire.studio.accounts import sign_up
from goldwire.study import Study

pytestmark = pytest.mark.server

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
PASSWORD = "a-long-password-7"


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


@pytest.fixture(scope="module")
def admin(label_studio: studio.Server) -> Client:
    return connect(label_studio.url, label_studio.api_key)


@pytest.fixture(scope="module")
def anna(label_studio: studio.Server) -> Client:
    return connect(label_studio.url, sign_up(label_studio, "anna-m@example.org", PASSWORD))


@pytest.fixture(scope="module")
def bert(label_studio: studio.Server) -> Client:
    return connect(label_studio.url, sign_up(label_studio, "bert-m@example.org", PASSWORD))


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


@pytest.fixture
def desk(tmp_path: Path, admin: Client, anna: Client, bert: Client) -> Desk:
    return Desk(tmp_path, admin, anna, bert)


def kept(annotation: dict[str, Any]) -> dict[str, Any]:
    return {key: annotation[key] for key in annotation if key not in ("result", "updated_at", "updated_by")}


def test_answers_and_page_change_and_nothing_else(desk: Desk) -> None:
    desk.decide()
    before = desk.server()
    done = desk.migrate()
    assert (done["projects"], done["rewritten"], done["cleared"], done["meanwhile"]) == ([desk.project], 4, [], [])
    assert desk.result("a1") == [
        choice("main", "FIGHT"),
        choice("flags", "b", "a"),
        {**SPANS[0], "value": {**SPANS[0]["value"], "labels": ["person"]}},
        choice("role_person", "leader", region="m1"),
        SPANS[2],
        {**LINK, "labels": ["in"]},
        NOTE,
    ]
    assert desk.result("a2") == [choice("main", "MEET")]
    assert desk.result("b1") == [choice("main", "NOTHING")]
    after = desk.server()
    assert {number: kept(one) for number, one in after.items()} == {n: kept(one) for n, one in before.items()}
    for name in ("b2", "c1"):  # nothing in them changes, so they are not touched
        assert after[desk.given[name]] == before[desk.given[name]]
    (guess,) = desk.admin.tasks(desk.project)[desk.order("b")]["predictions"]
    assert (guess["result"], guess["model_version"], guess["score"]) == ([choice("main", "NOTHING")], "m", 0.5)
    new = parse(NEW, "little.yaml")
    assert after[desk.given["b1"]]["parent_prediction"] == guess["id"]
    assert after[desk.given["a2"]]["updated_by"] == desk.admin.whoami()[0]  # the one thing that tells who did it
    assert desk.page() == config(new).strip()

    round_ = rounds.read(desk.folder)
    assert (round_.scheme_version, round_.scheme_hash) == ("2.0.0", new.hash)
    assert list(schemes_of_round(desk.study, "r")) == [new.hash, parse(OLD, "little.yaml").hash]
    headers = [parts.read(path).header["scheme_hash"] for path in parts.listing(desk.folder / "pulls")]
    assert headers == [parse(OLD, "little.yaml").hash, new.hash]
    first = parts.state([parts.read(parts.listing(desk.folder / "pulls")[0])])[desk.task["a"]]
    assert parts.live(first)[desk.given["a1"]]["result"][0] == choice("event", "MEET")
    assert [row["labels"] for row in desk.votes().to_pylist() if row["question"] == "main"] == [
        ["FIGHT"],
        ["MEET"],
        ["NOTHING"],
        [],
        [],
    ]
    assert not in_place.unfinished(desk.folder)
    with pytest.raises(GoldwireError, match=r"asks little 2\.0\.0 already"):
        desk.migrate()


class _StopError(BaseException):
    """What ends the process in the middle."""


@pytest.mark.parametrize(("call", "acted"), [(1, True), (3, False), (3, True), (6, True)])
def test_an_interruption_anywhere_is_mended_by_running_again(
    desk: Desk, call: int, acted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seven requests change the server: both pages, three answers and a prediction, the counts, the new page."""
    desk.decide()
    request, made = Client.request, 0

    def stopping(self: Client, what: str, method: str, path: str, **options: Any) -> bytes:
        nonlocal made
        made += method != "GET" and not path.endswith("exports/")
        if made == call and not acted:
            raise _StopError
        answer = request(self, what, method, path, **options)
        if made == call and method != "GET":
            raise _StopError
        return answer

    monkeypatch.setattr(Client, "request", stopping)
    with pytest.raises(_StopError):
        desk.migrate()
    monkeypatch.undo()
    _finish(desk)


def test_an_interruption_between_the_files_of_the_round_is_mended(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.decide()

    def stopping(*_: object) -> None:
        raise _StopError

    monkeypatch.setattr(rounds, "write", stopping)
    with pytest.raises(_StopError):
        desk.migrate()
    monkeypatch.undo()
    _finish(desk)


def _finish(desk: Desk) -> None:
    with pytest.raises(GoldwireError, match="was interrupted") as caught:
        migrate(desk.study, "r")
    assert caught.value.hint == "Finish it with: goldwire labels migrate r --in-place"
    desk.migrate()
    assert [desk.result(name)[0] for name in ("a1", "a2", "b1")] == [
        choice("main", "FIGHT"),
        choice("main", "MEET"),
        choice("main", "NOTHING"),
    ]
    assert desk.page() == config(parse(NEW, "little.yaml")).strip()
    assert desk.votes().num_rows == 10
    assert list(schemes_of_round(desk.study, "r")) == [parse(text, "").hash for text in (NEW, OLD)]


def test_what_cannot_be_done_is_refused_and_changes_nothing(desk: Desk, anna: Client) -> None:
    desk.decide(SAID.replace("NONE: NOTHING", "NONE: [NOTHING, MEET]"))
    before, page = desk.server(), desk.page()

    def refused(**options: Any) -> str:
        with pytest.raises(GoldwireError) as caught:
            desk.migrate(**options)
        assert caught.value.hint
        assert (desk.server(), desk.page()) == (before, page)
        assert not in_place.unfinished(desk.folder)
        return caught.value.message

    assert refused() == "1 answers must be given again under little 2.0.0: event: NONE"
    desk_path = desk.study.schemes / "migrations" / "little-1.0.0-2.0.0.yaml"
    said = desk_path.read_text(encoding="utf-8")
    write_text(desk_path, said.replace("at: in", "at: [in, in]"))
    assert refused(clear=True).startswith("relation must be answered again")
    write_text(desk_path, said)
    draft = {"result": [choice("event", "NONE")], "lead_time": 1}
    anna.request("begin", "POST", f"api/tasks/{desk.task['d']}/drafts", content=json.dumps(draft).encode())
    assert refused(clear=True).startswith(
        f"somebody has begun an answer with labels that change, and not submitted it: tasks {desk.task['d']}"
    )


def test_an_answer_to_give_again_is_emptied_when_asked(desk: Desk) -> None:
    desk.decide(SAID.replace("NONE: NOTHING", "NONE: [NOTHING, MEET]"))
    done = desk.migrate(clear=True)
    assert (done["rewritten"], done["cleared"], done["again"]) == (
        4,
        ["b/document"],
        {"units": 1, "names": {"main": 1}},
    )
    assert desk.result("b1") == []


def test_what_somebody_changed_meanwhile_is_left_alone_or_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.decide()
    monkeypatch.setattr(in_place, "_rewrite", _stop)
    with pytest.raises(_StopError):
        desk.migrate()
    monkeypatch.undo()
    desk.change("b1", choice("main", "MEET"))
    desk.change("a2", choice("event", "NONE"))
    with pytest.raises(
        GoldwireError, match=f"annotation {desk.given['a2']} .* was changed while it was being rewritten"
    ):
        desk.migrate()
    desk.change("a2", choice("main", "NOTHING"))
    assert desk.migrate()["meanwhile"] == sorted([desk.given["a2"], desk.given["b1"]])
    assert [desk.result(name)[0]["value"]["choices"] for name in ("a1", "a2", "b1")] == [
        ["FIGHT"],
        ["NOTHING"],
        ["MEET"],
    ]


def _stop(*_: object) -> None:
    raise _StopError


def test_the_answer_that_counts_stays_the_one_that_counts(desk: Desk, anna: Client) -> None:
    anna.submit(desk.task["b"], [choice("flags", "b")])  # later than b1, and nothing in it changes
    desk.decide()
    desk.migrate()
    rows = [row for row in desk.votes().to_pylist() if row["unit_id"] == "b/document" and row["counts"]]
    assert [(row["question"], row["labels"]) for row in rows] == [("main", []), ("flags", ["b"])]
