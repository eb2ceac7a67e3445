"""Pull against a real Label Studio."""

import re
from pathlib import Path
from typing import Any

import pytest
import requests

from bridge import CONFIG, PASSWORD, TASKS, TEXTS, Study, a_round, choice, comment, counts, span, task
from goldwire import studio
from goldwire.errors import GoldwireError
from goldwire.labels import parts
from goldwire.labels.exchange.pull import pull
from goldwire.labels.exchange.push import push
from goldwire.labels.rounds import Round
from goldwire.labels.server import Client
from goldwire.labels.server import bulk as server_bulk
from goldwire.labels.team import annotators
from goldwire.studio.accounts import sign_up

pytestmark = pytest.mark.server


@pytest.fixture
def round_() -> Round:
    return a_round()


@pytest.fixture
def study(label_studio: studio.Server, admin: Client, tmp_path: Path, round_: Round) -> Study:
    return Study(label_studio, admin, tmp_path, round_)


def test_answers_of_two_annotators_come_back_with_pseudonyms_only(study: Study, anna: Client, bert: Client) -> None:
    both = [choice("for"), span(TEXTS[0], 0, 5), comment("not sure\r\nat all 🤷")]
    first = anna.submit(study.task("a0"), both, lead_time=12.5)
    second = bert.submit(study.task("a0"), [choice("against")], lead_time=3.25)
    third = bert.submit(study.task("a1"), [], skipped=True)
    pulled = study.pull()
    assert counts(pulled) == (6, 3, 3, 0, 0)
    assert pulled.part == study.folder / "pulls" / "part-00001.jsonl"

    answers = {a["id"]: a for t in study.state().values() for a in t["annotations"]}
    assert {number: (a["completed_by"], a["was_cancelled"]) for number, a in answers.items()} == {
        first: ({"pseudonym": "annotator-01"}, False),
        second: ({"pseudonym": "annotator-02"}, False),
        third: ({"pseudonym": "annotator-02"}, True),
    }
    assert answers[first]["result"] == both
    assert (answers[first]["lead_time"], answers[second]["lead_time"]) == (12.5, 3.25)
    known = (study.folder / "people" / "annotators.csv").read_text(encoding="utf-8")
    assert known == "email,pseudonym\nanna@example.org,annotator-01\nbert@example.org,annotator-02\n"

    content = pulled.part.read_bytes()
    for secret in ("anna", "bert", "example.org", "goldwire.invalid", study.server.api_key, PASSWORD):
        assert secret.encode() not in content
    assert not re.search(rb"[\w.]+@[\w.]+", content)
    header = parts.read(pulled.part).header
    for clock in ("pulled_at", "here"):
        assert re.fullmatch(r"2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ", header.pop(clock))
    assert header.pop("until") >= max(t["updated_at"] for t in study.state().values())
    assert header == {
        "part": 1,
        "round": "pilot",
        "project": study.project,
        "url": study.server.url,
        "drafts": False,
        "scheme_hash": "0123456789abcdef",
        "goldwire": "0.1.0",
    }


def test_texts_come_back_code_point_for_code_point(study: Study) -> None:
    study.pull()
    assert {t["data"]["unit_id"]: t["data"]["text"] for t in study.state().values()} == {
        t["data"]["unit_id"]: t["data"]["text"] for t in TASKS
    }
    assert [t["meta"] for t in study.state().values()] == [t["meta"] for t in TASKS]


def test_pulling_again_writes_no_part_even_when_counters_moved(study: Study, anna: Client, admin: Client) -> None:
    anna.submit(study.task("a0"), [choice("for")])
    study.pull()
    moved = admin.tasks(study.project)
    study.send("PATCH", f"tasks/{study.task('a2')}", data=TASKS[2]["data"])  # the same: only updated_at moves
    assert [t["updated_at"] for t in admin.tasks(study.project)] != [t["updated_at"] for t in moved]
    again = study.pull()
    assert counts(again) == (6, 1, 0, 0, 0)
    assert again.part is None
    full = study.pull(full=True)
    assert counts(full) == (6, 1, 0, 0, 0)
    assert len(parts.read(full.part or Path()).tasks) == 6


def test_only_what_is_new_changed_or_deleted_becomes_the_next_part(study: Study, anna: Client, bert: Client) -> None:
    stays = anna.submit(study.task("a0"), [choice("for")])
    changes = anna.submit(study.task("a1"), [choice("for")])
    goes = bert.submit(study.task("a1"), [choice("against")])
    goes_with_task = bert.submit(study.task("a2"), [choice("against")])
    assert counts(study.pull()) == (6, 4, 4, 0, 0)

    study.send("PATCH", f"annotations/{changes}", result=[choice("against")], was_cancelled=False)
    study.send("DELETE", f"annotations/{goes}")
    study.send("DELETE", f"tasks/{study.task('a2')}")
    comes = bert.submit(study.task("a3"), [choice("for")])
    pulled = study.pull()
    assert counts(pulled) == (5, 3, 1, 1, 2)
    second = study.parts()[1]
    assert sorted(t["id"] for t in second.tasks) == [study.task("a1"), study.task("a3")]
    assert not pulled.full
    assert second.deleted == [study.task("a2")]

    state = study.state()
    found = {a["id"]: (a["result"], a.get("deleted", False)) for t in state.values() for a in t["annotations"]}
    assert found == {
        stays: ([choice("for")], False),
        changes: ([choice("against")], False),
        goes: ([choice("against")], True),
        goes_with_task: ([choice("against")], True),
        comes: ([choice("for")], False),
    }
    assert {number for number, t in state.items() if t.get("deleted")} == {study.task("a2")}
    assert study.pull().part is None


def test_ground_truth_counts_as_a_change(study: Study, anna: Client) -> None:
    number = anna.submit(study.task("a0"), [choice("for")])
    study.pull()
    study.send("PATCH", f"annotations/{number}", ground_truth=True)
    assert counts(study.pull()) == (6, 1, 0, 1, 0)
    assert study.state()[study.task("a0")]["annotations"][0]["ground_truth"] is True


def test_bulk_answers_keep_their_annotator_and_predictions_come_along(study: Study, anna: Client) -> None:
    number, _ = anna.whoami()
    annotation = {"result": [choice("for")], "completed_by": number, "lead_time": 4.0}
    prediction = {"model_version": "m1", "score": 0.5, "result": [{**choice("against"), "id": "p1"}]}
    made = study.client.import_tasks(
        study.project, [{**task("bulk", "x"), "annotations": [annotation], "predictions": [prediction]}]
    )
    study.pull()
    found = study.state()[made[0]]
    assert [(a["completed_by"], a["result"], a["lead_time"]) for a in found["annotations"]] == [
        ({"pseudonym": "annotator-01"}, [choice("for")], 4.0)
    ]
    assert [(p["model_version"], p["score"], p["result"]) for p in found["predictions"]] == [
        ("m1", 0.5, prediction["result"])
    ]


def test_drafts_are_left_out_unless_asked_for(study: Study, anna: Client) -> None:
    headers = {"Authorization": f"Token {sign_up(study.server, 'anna@example.org', PASSWORD)}"}
    url = f"{study.server.url}/api/tasks/{study.task('a0')}/drafts"
    draft = {"result": [choice("for")], "lead_time": 2}
    requests.post(url, headers=headers, json=draft, timeout=60).raise_for_status()
    assert counts(study.pull()) == (6, 0, 0, 0, 0)
    assert "drafts" not in study.state()[study.task("a0")]
    pulled = study.pull(drafts=True)
    assert [t["id"] for t in study.parts()[1].tasks] == [study.task("a0")]
    (kept,) = study.state()[study.task("a0")]["drafts"]
    assert (kept["completed_by"], kept["result"]) == ({"pseudonym": "annotator-01"}, [choice("for")])
    assert b"anna" not in (pulled.part or Path()).read_bytes()


def test_pages_say_the_same_as_a_snapshot(study: Study, anna: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_bulk, "PAGE", 4)
    anna.submit(study.task("a0"), [choice("for"), span(TEXTS[0], 0, 5)], lead_time=1.5)
    anna.submit(study.task("a1"), [], skipped=True)
    study.client.import_tasks(
        study.project, [{**task("p", "x"), "predictions": [{"model_version": "m", "result": [choice("for")]}]}]
    )
    with study.client.export(study.project) as export:
        snapshot = list(export.tasks())
    pages = list(study.client.pages(study.project))
    members = study.client.members()

    def name(user: Any) -> str:
        return str(user["email"] if isinstance(user, dict) else members[user])

    def cleaned(tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [parts.without_people(t, name) for t in sorted(tasks, key=lambda t: int(t["id"]))]

    assert len(pages) == 7
    assert cleaned(pages) == cleaned(snapshot)
    exports = requests.get(
        f"{study.server.url}/api/projects/{study.project}/exports/",
        headers={"Authorization": f"Token {study.server.api_key}"},
        timeout=60,
    )
    assert exports.json() == []  # what goldwire had the server make is gone again


def test_a_deleted_project_is_one_clear_message_and_changes_no_file(study: Study, anna: Client) -> None:
    anna.submit(study.task("a0"), [choice("for")])
    study.pull()
    before = {path: path.read_bytes() for path in study.folder.rglob("*") if path.is_file()}
    study.send("DELETE", f"projects/{study.project}")
    with pytest.raises(GoldwireError, match=f"project {study.project}, .* is not there any more") as caught:
        study.pull()
    assert caught.value.where == study.server.url
    assert "safe" in str(caught.value.hint)
    with pytest.raises(GoldwireError, match=f"cannot read project {study.project}: it is not there"):
        study.pull(project=study.project)
    with pytest.raises(GoldwireError, match=f"cannot import tasks into project {study.project}: it is not there"):
        study.client.import_tasks(study.project, TASKS)
    push(study.client, study.round, TASKS, CONFIG, "A test")
    with pytest.raises(GoldwireError, match=rf"project {study.project}, .* not there any more, and now there is"):
        study.pull()
    assert {path: path.read_bytes() for path in study.folder.rglob("*") if path.is_file()} == before


def test_a_torn_part_stops_the_next_pull_and_is_named(study: Study, anna: Client) -> None:
    anna.submit(study.task("a0"), [choice("for")])
    part = study.pull().part or Path()
    torn = part.read_bytes()[:-20]
    part.write_bytes(torn)
    anna.submit(study.task("a1"), [choice("for")])
    with pytest.raises(GoldwireError, match="the part was cut off or changed") as caught:
        study.pull()
    assert caught.value.where == str(part)
    assert [*part.parent.iterdir()] == [part]
    assert part.read_bytes() == torn


def test_a_round_that_was_never_pushed_says_how_to_push_it(admin: Client, tmp_path: Path, round_: Round) -> None:
    with pytest.raises(GoldwireError, match="no project belongs to round pilot") as caught:
        pull(admin, tmp_path, round_, annotators.read(tmp_path / "people" / "annotators.csv"))
    assert caught.value.hint == "Make it with: goldwire labels push pilot"
    assert list(tmp_path.iterdir()) == []
