"""Push and pull against a real Label Studio."""

import itertools
import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests

from goldwire import studio
from goldwire.errors import GoldwireError
from goldwire.labels import annotators, parts, server_bulk
from goldwire.labels.pull import Pulled, pull
from goldwire.labels.push import Pushed, push
from goldwire.labels.rounds import Round
from goldwire.labels.server import Client, connect
from goldwire.studio.accounts import sign_up

pytestmark = pytest.mark.server

CONFIG = """<View>
  <Text name="text" value="$text"/>
  <Choices name="stance" toName="text"><Choice value="for"/><Choice value="against"/></Choices>
  <Labels name="mentions" toName="text"><Label value="actor"/></Labels>
  <TextArea name="comment" toName="text"/>
</View>"""
TEXTS = [
    "Plain words.",
    "Two lines\r\nwith carriage returns\r\n\r\nand a blank one",
    "Emoji 😀👩‍👩‍👧 and a flag 🇬🇧 before the end",
    "قالت الوزيرة إنها «لن تستقيل» اليوم",
    "Cafe\u0301 re\u0301sume\u0301, composed: Café; ﬁ, \u2028 line separator, \u00a0 space",
    'Tab\tand \\backslash\\ and "quotes" and </Text> and $text',
]
PASSWORD = "a-long-password-7"


def task(name: str, text: str) -> dict[str, Any]:
    data = {"unit_id": f"{name}/document", "title": name, "text": text, "outlet": None, "date": "2026-01-02"}
    return {"data": data, "meta": {"unit_id": f"{name}/document", "start": 0, "probability": 0.5, "target": None}}


TASKS = [task(f"a{number}", text) for number, text in enumerate(TEXTS)]


def choice(label: str) -> dict[str, Any]:
    return {"id": "c1", "from_name": "stance", "to_name": "text", "type": "choices", "value": {"choices": [label]}}


def span(text: str, start: int, end: int) -> dict[str, Any]:
    value = {"start": start, "end": end, "text": text[start:end], "labels": ["actor"]}
    return {"id": "m1", "from_name": "mentions", "to_name": "text", "type": "labels", "value": value}


def comment(text: str) -> dict[str, Any]:
    value = {"text": [text]}
    return {"id": "t1", "from_name": "comment", "to_name": "text", "type": "textarea", "value": value}


@pytest.fixture(scope="module")
def admin(label_studio: studio.Server) -> Client:
    return connect(label_studio.url, label_studio.api_key)


@pytest.fixture(scope="module")
def anna(label_studio: studio.Server) -> Client:
    return connect(label_studio.url, sign_up(label_studio, "anna@example.org", PASSWORD))


@pytest.fixture(scope="module")
def bert(label_studio: studio.Server) -> Client:
    return connect(label_studio.url, sign_up(label_studio, "bert@example.org", PASSWORD))


@pytest.fixture
def round_() -> Round:
    return Round(round="pilot", scheme="s", scheme_version="1.0.0", scheme_hash="0123456789abcdef", overlap=2)


class Study:
    """A round's folder and project, and the calls that a test makes on them."""

    def __init__(self, server: studio.Server, client: Client, folder: Path, round_: Round) -> None:
        self.server = server
        self.client = client
        self.folder = folder
        self.round = round_
        self.project = push(client, round_, TASKS, CONFIG, "A test").projects[0]
        self.ids = {t["data"]["unit_id"]: int(t["id"]) for t in client.tasks(self.project)}

    def task(self, name: str) -> int:
        return self.ids[f"{name}/document"]

    def pull(self, **options: Any) -> Pulled:
        return pull(self.client, self.folder, self.round, annotators.read(self.folder / "annotators.csv"), **options)

    def parts(self) -> list[parts.Part]:
        return [parts.read(path) for path in parts.listing(self.folder / "pulls")]

    def state(self) -> dict[int, dict[str, Any]]:
        return parts.state(self.parts())

    def send(self, method: str, path: str, **fields: Any) -> None:
        """What a person does with the mouse."""
        headers = {"Authorization": f"Token {self.server.api_key}"}
        url = f"{self.server.url}/api/{path}"
        requests.request(method, url, headers=headers, json=fields, timeout=60).raise_for_status()


@pytest.fixture
def study(label_studio: studio.Server, admin: Client, tmp_path: Path, round_: Round) -> Study:
    return Study(label_studio, admin, tmp_path, round_)


def counts(pulled: Pulled) -> tuple[int, int, int, int, int]:
    return pulled.tasks, pulled.annotations, pulled.new, pulled.changed, pulled.deleted


# push


def test_pushing_twice_creates_nothing_twice(admin: Client, round_: Round) -> None:
    would = push(admin, round_, TASKS, CONFIG, "A test", dry_run=True)
    assert asdict(would) == asdict(Pushed(None, [], created=6, updated=0, unchanged=0, deleted=0))
    assert admin.find_project(round_.marker()) is None

    first = push(admin, round_, TASKS, CONFIG, "A test")
    assert first.project is not None
    number = first.project
    assert asdict(first) == asdict(Pushed(number, [number], created=6, updated=0, unchanged=0, deleted=0))
    again = push(admin, round_, TASKS, CONFIG, "A test")
    assert asdict(again) == asdict(Pushed(number, [number], created=0, updated=0, unchanged=6, deleted=0))
    assert [t["data"] for t in admin.tasks(number)] == [t["data"] for t in TASKS]
    assert [t["meta"] for t in admin.tasks(number)] == [t["meta"] for t in TASKS]
    project = admin.project(number)
    assert (project.title, project.config, project.maximum_annotations) == ("A test", CONFIG, 2)
    assert round_.marker() in project.description


def test_an_interrupted_push_is_completed_by_the_next(
    admin: Client, round_: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_bulk, "BATCH_TASKS", 2)
    seen: list[int] = []

    def interrupt(done: int) -> None:
        seen.append(done)
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        push(admin, round_, TASKS, CONFIG, "A test", progress=interrupt)
    assert seen == [2, 4]
    rest = push(admin, round_, TASKS, CONFIG, "A test")
    assert (rest.created, rest.unchanged) == (2, 4)
    assert [t["data"] for t in admin.tasks(rest.projects[0])] == [t["data"] for t in TASKS]


def test_batches_keep_to_bytes_and_ids_come_in_order(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    number = admin.create_project("Batches", CONFIG, "none", 1).id
    tasks = [task(f"b{index}", "é" * (1000 if index == 4 else 100)) for index in range(8)]
    size = len(json.dumps(tasks[0], ensure_ascii=False).encode())
    monkeypatch.setattr(server_bulk, "BATCH_BYTES", 2 * size)
    batches = list(server_bulk.batches(tasks))
    names = [[t["data"]["title"] for t in batch] for batch in batches]
    assert names == [["b0", "b1"], ["b2", "b3"], ["b4"], ["b5", "b6"], ["b7"]]
    assert [*itertools.chain(*batches)] == tasks
    ids = admin.import_tasks(number, tasks)
    by_id = {t["id"]: t["data"]["unit_id"] for t in admin.tasks(number)}
    assert [by_id[i] for i in ids] == [t["data"]["unit_id"] for t in tasks]


def test_changed_removed_and_doubled_tasks_are_mended_unless_somebody_answered(
    study: Study, admin: Client, anna: Client
) -> None:
    anna.submit(study.task("a0"), [choice("for")])
    anna.submit(study.task("a1"), [], skipped=True)
    admin.import_tasks(study.project, [TASKS[3], TASKS[0]])  # second copies
    admin.import_tasks(study.project, [{"data": {"text": "somebody else's"}}])
    wanted = [task("a0", "new"), TASKS[2], task("a3", "newer"), TASKS[4], task("a6", "added")]  # a1 and a5 go

    would = push(admin, study.round, wanted, CONFIG, "A test", dry_run=True)
    done = push(admin, study.round, wanted, CONFIG, "A test")
    assert asdict(would) == asdict(done)
    kept = ["a0/document", "a1/document"]
    assert asdict(done) == asdict(
        Pushed(study.project, [study.project], created=1, updated=1, unchanged=4, deleted=3, kept=kept)
    )
    texts = {t["data"].get("unit_id"): t["data"]["text"] for t in admin.tasks(study.project)}
    assert texts == {
        "a0/document": TEXTS[0],
        "a1/document": TEXTS[1],
        "a2/document": TEXTS[2],
        "a3/document": "newer",
        "a4/document": TEXTS[4],
        "a6/document": "added",
        None: "somebody else's",
    }
    assert len(admin.tasks(study.project)) == len(texts)


def test_a_probability_that_changed_is_not_sent_and_touches_no_answer(
    study: Study, admin: Client, anna: Client
) -> None:
    anna.submit(study.task("a0"), [choice("for")])
    before = admin.tasks(study.project)
    wanted = [{**one, "meta": {**one["meta"], "probability": 0.75}} for one in TASKS]
    done = push(admin, study.round, wanted, CONFIG, "A test")
    assert asdict(done) == asdict(
        Pushed(study.project, [study.project], created=0, updated=0, unchanged=len(TASKS), deleted=0)
    )
    assert admin.tasks(study.project) == before
    wanted[1] = {**task("a1", "new"), "meta": wanted[1]["meta"]}  # what is replaced for its text goes whole
    assert push(admin, study.round, wanted, CONFIG, "A test").updated == 1
    sent = {t["data"]["unit_id"]: t["meta"]["probability"] for t in admin.tasks(study.project)}
    assert sent == {t["data"]["unit_id"]: 0.75 if t == wanted[1] else 0.5 for t in wanted}


def test_a_label_that_answers_may_have_is_not_taken_from_the_page(study: Study, admin: Client, anna: Client) -> None:
    looks = CONFIG.replace("<View>", '<View><Header value="Read"/>').replace('"against"/>', '"against" hotkey="a"/>')
    less = CONFIG.replace('<Choice value="against"/>', "")
    push(admin, study.round, TASKS, less, "A test")
    assert admin.project(study.project).config == less
    push(admin, study.round, TASKS, CONFIG, "A test")
    anna.submit(study.task("a0"), [choice("against")])
    with pytest.raises(GoldwireError, match="answers may have what it lost: stance: against"):
        push(admin, study.round, TASKS, less, "A test")
    assert admin.project(study.project).config == CONFIG
    push(admin, study.round, TASKS, looks, "A test")
    assert admin.project(study.project).config == looks


def test_two_projects_with_one_mark_are_an_error_that_names_them(study: Study, admin: Client) -> None:
    other = admin.create_project("A copy", CONFIG, study.round.marker(), 1)
    with pytest.raises(GoldwireError, match=rf"projects \d+, \d+ all have \"{study.round.marker()}\"") as caught:
        push(admin, study.round, TASKS, CONFIG, "A test")
    assert {int(number) for number in re.findall(r"\d+(?=,| all)", caught.value.message)} == {study.project, other.id}


def test_a_blind_round_is_refused_for_now(admin: Client, round_: Round) -> None:
    with pytest.raises(GoldwireError, match="round pilot is blind"):
        push(admin, round_.model_copy(update={"blind": True}), TASKS, CONFIG, "A test")


# pull


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
    known = (study.folder / "annotators.csv").read_text(encoding="utf-8")
    assert known == "email,pseudonym\nanna@example.org,annotator-01\nbert@example.org,annotator-02\n"

    content = pulled.part.read_bytes()
    for secret in ("anna", "bert", "example.org", "goldwire.invalid", study.server.api_key, PASSWORD):
        assert secret.encode() not in content
    assert not re.search(rb"[\w.]+@[\w.]+", content)
    header = parts.read(pulled.part).header
    assert re.fullmatch(r"2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ", header.pop("pulled_at"))
    assert header == {
        "part": 1,
        "round": "pilot",
        "project": study.project,
        "url": study.server.url,
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
    assert [t["id"] for t in second.tasks] == [study.task("a1"), study.task("a3")]
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
    snapshot = server_bulk.snapshot(study.client, study.project)
    pages = server_bulk.pages(study.client, study.project)
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


# what goes wrong


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
    with pytest.raises(GoldwireError, match=rf"project {study.project}, .* is another one than project \d+"):
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
        pull(admin, tmp_path, round_, annotators.read(tmp_path / "annotators.csv"))
    assert caught.value.hint == "Make it with: goldwire labels push pilot"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("key", ["0" * 40, "not a token", "clé", "eyJhbGciOiJIUzI1NiJ9.e30.AAAA"])
def test_a_wrong_token_is_one_clear_message(label_studio: studio.Server, key: str) -> None:
    with pytest.raises(GoldwireError) as caught:
        connect(label_studio.url, key)
    assert str(caught.value) == f"{label_studio.url}: Label Studio refuses the API key"
    assert key not in f"{caught.value}{caught.value.hint}"


def test_a_bad_import_says_which_item_is_wrong(admin: Client) -> None:
    number = admin.create_project("Bad import", CONFIG, "none", 1).id
    with pytest.raises(GoldwireError, match=r'Error at item 1: "text" key is expected in task data'):
        admin.import_tasks(number, [TASKS[0], {"data": {"unit_id": "u"}}])
    assert admin.tasks(number) == []


@pytest.mark.filterwarnings("ignore:The `parse_obj` method")  # in the SDK, when it reads an access token
def test_personal_access_tokens_work_too_and_survive_the_end_of_an_access_token(
    label_studio: studio.Server, anna: Client
) -> None:
    headers = {"Authorization": f"Token {sign_up(label_studio, 'anna@example.org', PASSWORD)}"}
    made = requests.post(f"{label_studio.url}/api/token", headers=headers, timeout=60)
    client = connect(label_studio.url + "/", made.json()["token"])
    assert client.whoami() == anna.whoami()
    # what the SDK holds for valid and the server does not, as after the five minutes of a clock that is behind
    ended = jwt.encode({"exp": 4102444800}, "not the server's secret, of 32 bytes and more", "HS256")
    client.call("wait", lambda sdk: sdk._client_wrapper._tokens_client._set_access_token(ended))
    assert client.whoami() == anna.whoami()
    assert client.version() == "1.23.2"
