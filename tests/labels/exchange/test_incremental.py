"""Incremental pulls against a real Label Studio: what they store, folded, is what a full pull stores."""

import json
import random
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from bridge import TEXTS, Study, a_round, choice, counts, span, task
from goldwire import studio
from goldwire.labels import parts
from goldwire.labels.exchange import cursors, reading
from goldwire.labels.exchange.members import Members
from goldwire.labels.exchange.pull import Pulled, pull
from goldwire.labels.exchange.verify import verify
from goldwire.labels.server import Client
from goldwire.labels.server import bulk as server_bulk
from goldwire.labels.server.errors import ServerFailedError
from goldwire.labels.team import annotators
from goldwire.labels.team.annotators import Pseudonyms

pytestmark = pytest.mark.server


@pytest.fixture
def study(label_studio: studio.Server, admin: Client, tmp_path: Path) -> Study:
    return Study(label_studio, admin, tmp_path, a_round())


@pytest.fixture(autouse=True)
def _no_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    """What these tests do takes less than the overlap: without it they would read everything again each time."""
    monkeypatch.setattr(cursors, "OVERLAP", timedelta(seconds=0.2))
    monkeypatch.setattr(cursors.Cursor, "holds", lambda self, *_, drafts: not (drafts or self.drafts))


def folded(folder: Path) -> bytes:
    """What is on the server, by the parts; `updated_at` of a task moves when its counters are refreshed."""
    state = parts.state([parts.read(path) for path in parts.listing(folder / "pulls")])
    live = [
        {**task, "updated_at": "", "annotations": list(parts.live(task).values())}
        for task in state.values()
        if not task.get("deleted")
    ]
    return json.dumps(live, sort_keys=True, ensure_ascii=False).encode()


def anew(study: Study, folder: Path) -> bytes:
    """The same after one full pull into another folder."""
    folder.mkdir()
    people = annotators.read(study.folder / "people" / "annotators.csv")
    pull(study.client, folder, study.round, Pseudonyms(folder / "people" / "annotators.csv", people.known))
    return folded(folder)


def test_any_history_read_piece_by_piece_is_what_a_full_pull_reads(
    study: Study, anna: Client, bert: Client, admin: Client, tmp_path: Path
) -> None:
    draw = random.Random(7)
    given: list[int] = []
    tasks = dict(study.ids)
    full = 0
    for step in range(40):
        name = draw.choice(list(tasks))
        who = draw.choice([anna, bert])
        match draw.choice(["answer", "answer", "skip", "change", "delete", "drop", "add", "predict", "touch"]):
            case "answer":
                given.append(who.submit(tasks[name], [choice("for"), span(TEXTS[0], 0, 5)], lead_time=step))
            case "skip":
                given.append(who.submit(tasks[name], [], skipped=True))
            case "change" if given:
                study.send("PATCH", f"annotations/{draw.choice(given)}", result=[choice("against")])
            case "delete" if given:
                study.send("DELETE", f"annotations/{given.pop(draw.randrange(len(given)))}")
            case "drop" if len(tasks) > 3:
                there = {
                    a["id"] for t in admin.tasks(study.project) for a in t["annotations"] if t["id"] != tasks[name]
                }
                study.send("DELETE", f"tasks/{tasks.pop(name)}")
                given = [number for number in given if number in there]
            case "add":
                tasks[f"new{step}"] = admin.import_tasks(study.project, [task(f"new{step}", f"Text {step}.")])[0]
            case "predict":
                body = [{"task": tasks[name], "model_version": f"m{step}", "result": [choice("for")]}]
                url = f"{study.server.url}/api/projects/{study.project}/import/predictions"
                headers = {"Authorization": f"Token {study.server.api_key}"}
                requests.post(url, headers=headers, json=body, timeout=60).raise_for_status()
            case "touch":
                study.send("PATCH", f"tasks/{tasks[name]}", meta={"touched": step})
        if step % 4 == 3:
            full += study.pull().full
    study.pull()
    assert full == 1  # the first
    assert folded(study.folder) == anew(study, tmp_path / "anew")
    assert len(parts.listing(study.folder / "pulls")) > 5


def test_an_unchanged_project_is_asked_little_and_nothing_is_written(
    study: Study, anna: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna.submit(study.task("a0"), [choice("for")])
    study.pull()

    def forbidden(*_: Any, **__: Any) -> Any:
        raise AssertionError("everything was read")

    monkeypatch.setattr(Client, "export", forbidden)
    monkeypatch.setattr(Client, "sizes", forbidden)
    again = study.pull()
    assert (counts(again), again.part, again.full) == ((6, 1, 0, 0, 0), None, False)


def test_all_is_read_when_a_clock_was_set_or_much_has_changed(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert study.pull().full
    assert not study.pull().full
    with monkeypatch.context() as patched:
        patched.setattr(cursors, "now", lambda: "2020-01-01T00:00:00Z")  # our clock; the server's would look the same
        assert study.pull().full
    monkeypatch.setattr(reading, "_AT_ONCE", 1)
    for name in ("a0", "a1", "a2"):
        study.send("PATCH", f"tasks/{study.task(name)}", meta={"x": 1})
    pulled = study.pull()
    assert pulled.full
    assert sorted(t["id"] for t in study.parts()[-1].tasks) == [study.task(name) for name in ("a0", "a1", "a2")]


def test_a_removed_member_keeps_the_pseudonym(study: Study, anna: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    anna.submit(study.task("a0"), [choice("for")])
    study.pull()
    anna.submit(study.task("a1"), [choice("against")])
    left = {number: email for number, email in study.client.members().items() if "anna" not in email}
    monkeypatch.setattr(Client, "members", lambda _: left)  # a page then names an id, and an export the address
    pulled = study.pull()
    assert (counts(pulled), pulled.full) == ((6, 2, 1, 0, 0), True)
    people = {a["completed_by"]["pseudonym"] for t in study.state().values() for a in t["annotations"]}
    assert people == {"annotator-01"}


def test_somebody_removed_gets_a_pseudonym_when_no_export_can_be_made(study: Study, anna: Client) -> None:
    pseudonyms = annotators.read(study.folder / "people" / "annotators.csv")
    members = Members(study.client, pseudonyms)
    assert members.pseudonym_or_former(999) == members.pseudonym_or_former(999) == "annotator-01"
    assert members.pseudonym_or_former(anna.whoami()[0]) == "annotator-02"
    known = (study.folder / "people" / "annotators.csv").read_text(encoding="utf-8")
    host = urlsplit(study.client.url).netloc
    assert known == f"email,pseudonym\nformer-member-999@{host},annotator-01\nanna@example.org,annotator-02\n"


def test_pages_take_the_place_of_an_export_that_cannot_be_made(
    study: Study, anna: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna.submit(study.task("a0"), [choice("for"), span(TEXTS[0], 0, 5)], lead_time=1.5)
    whole = anew(study, tmp_path / "anew")

    def fails(*_: Any, **__: Any) -> Any:
        raise ServerFailedError("cannot export: the server failed (504)")

    monkeypatch.setattr(Client, "export", fails)
    pulled = study.pull()
    assert (counts(pulled), pulled.full) == ((6, 1, 1, 0, 0), True)
    assert folded(study.folder) == whole


def test_two_pulls_at_once_write_every_answer_once(study: Study, anna: Client) -> None:
    for name in ("a0", "a1", "a2"):
        anna.submit(study.task(name), [choice("for")])
    found: list[Pulled] = []
    threads = [threading.Thread(target=lambda: found.append(study.pull())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(pulled.new for pulled in found) == [0, 3]
    assert len(study.parts()) == 1


def test_verify_finds_nothing_unless_the_parts_and_the_server_differ(
    study: Study, anna: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = annotators.read(study.folder / "people" / "annotators.csv")
    anna.submit(study.task("a0"), [choice("for")])
    found = verify(study.client, study.folder, study.round, people)
    assert (counts(found.pulled), found.differing) == ((6, 1, 1, 0, 0), [])
    anna.submit(study.task("a1"), [choice("for")])
    study.send("DELETE", f"tasks/{study.task('a2')}")
    found = verify(study.client, study.folder, study.round, people)
    assert (counts(found.pulled), found.differing) == ((5, 2, 1, 0, 0), [])

    # a change that moved neither the clock nor a count: made here by asking for nothing
    anna.submit(study.task("a3"), [choice("for")])
    monkeypatch.setattr(cursors.Cursor, "since", "2100-01-01T00:00:00.000000Z")
    monkeypatch.setattr(Client, "size", lambda *_: (5, 2, 0))
    found = verify(study.client, study.folder, study.round, people)
    assert found.differing == [study.task("a3")]
    monkeypatch.undo()
    study.pull(full=True)
    assert verify(study.client, study.folder, study.round, people).differing == []


def test_the_head_of_a_part_says_from_where_to_go_on(study: Study, admin: Client, anna: Client) -> None:
    study.pull()
    before = cursors.cursors(study.folder / "pulls")[study.project]
    anna.submit(study.task("a0"), [choice("for")])
    study.pull()
    after = cursors.cursors(study.folder / "pulls")[study.project]
    assert (after.until or "") >= (admin.newest(study.project) or "9")
    assert (before.until or "") < (after.until or "")


def test_exports_that_killed_pulls_have_left_are_removed_when_nobody_can_read_them_any_more(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{study.server.url}/api/projects/{study.project}/exports/"
    headers = {"Authorization": f"Token {study.server.api_key}"}

    def titles() -> list[str]:
        return [made["title"] for made in requests.get(address, headers=headers, timeout=60).json()]

    for title in ("goldwire-0000aaaa", "somebody else's"):
        requests.post(address, headers=headers, json={"title": title}, timeout=60).raise_for_status()
    study.pull(full=True)
    assert sorted(titles()) == ["goldwire-0000aaaa", "somebody else's"]  # another pull may be reading it
    monkeypatch.setattr(server_bulk, "_UNREAD", timedelta(0))
    study.pull(full=True)
    assert titles() == ["somebody else's"]


def test_after_drafts_were_read_one_pull_is_full_and_the_next_are_not(study: Study, anna: Client) -> None:
    anna.submit(study.task("a0"), [choice("for")])
    study.pull(drafts=True)
    study.pull(drafts=True)
    assert len(study.parts()) == 1
    plain = study.pull()
    assert (plain.full, plain.new, len(study.parts())) == (True, 0, 2)  # the head says from where to go on
    assert study.parts()[1].tasks == []
    again = study.pull()
    assert (again.full, again.part) == (False, None)


def test_drafts_are_not_read_from_pages_which_have_only_ones_own(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> Any:
        raise ServerFailedError("cannot export: the server failed (504)")

    monkeypatch.setattr(Client, "export", fails)
    with pytest.raises(ServerFailedError, match="504"):
        study.pull(drafts=True)
    assert not (study.folder / "pulls").exists()


def test_soon_after_a_push_only_what_was_touched_is_fetched(
    study: Study, anna: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # with the real overlap all tasks lie in it
    study.pull()
    monkeypatch.setattr(reading, "_AT_ONCE", 2)
    asked: list[int] = []
    pages = Client.pages

    def counted(self: Client, project: int, where: Any = ()) -> Any:
        for one in pages(self, project, where):
            asked.append(int(one["id"]))
            yield one

    monkeypatch.setattr(Client, "pages", counted)
    anna.submit(study.task("a4"), [choice("for")])
    pulled = study.pull()
    assert (counts(pulled), pulled.full, asked) == ((6, 1, 1, 0, 0), False, [study.task("a4")])
    again = study.pull()
    assert (counts(again), again.full, asked) == ((6, 1, 0, 0, 0), False, [study.task("a4")])
    heads = cursors.cursors(study.folder / "pulls")[study.project]
    assert (heads.until or "") >= (study.client.newest(study.project) or "9")


def test_the_server_s_clock_is_taken_to_have_gone_on_as_ours_less_what_is_let_pass() -> None:
    cursor = cursors.Cursor("2026-01-01T10:00:00.000000Z", False, "2026-01-01T10:00:30Z", "2026-01-01T08:00:30Z")
    assert cursor.by_now("2026-01-01T10:00:40Z", "2026-01-01T08:00:50Z") == "2026-01-01T10:00:07.900000Z"
    assert cursor.by_now("2026-01-01T10:00:30Z", "2026-01-01T08:00:50Z") == "2026-01-01T10:00:00.000000Z"
    later = cursor.by_now("2026-01-01T11:00:30Z", "2026-01-01T09:00:20Z")
    assert later == "2026-01-01T10:59:47.900000Z"  # 59:50, less half of the 0.2 s that overlap here, and 2 s
