"""Push against a real Label Studio."""

import itertools
import json
from dataclasses import asdict
from pathlib import Path

import pytest

from bridge import CONFIG, TASKS, TEXTS, Study, a_round, choice, counts, task
from goldwire import studio
from goldwire.errors import GoldwireError
from goldwire.labels import parts
from goldwire.labels.exchange import sending
from goldwire.labels.exchange.pull import pull
from goldwire.labels.exchange.push import Pushed, push
from goldwire.labels.rounds import Round
from goldwire.labels.server import Client
from goldwire.labels.server import bulk as server_bulk
from goldwire.labels.team import annotators

pytestmark = pytest.mark.server


@pytest.fixture
def round_() -> Round:
    return a_round()


@pytest.fixture
def study(label_studio: studio.Server, admin: Client, tmp_path: Path, round_: Round) -> Study:
    return Study(label_studio, admin, tmp_path, round_)


def test_pushing_twice_creates_nothing_twice(admin: Client, round_: Round) -> None:
    would = push(admin, round_, TASKS, CONFIG, "A test", dry_run=True)
    assert asdict(would) == asdict(Pushed(None, [], created=6, updated=0, unchanged=0, deleted=0))
    assert admin.projects(round_.id) == {}

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
    size = len(json.dumps(tasks[0], ensure_ascii=False, separators=(",", ":")).encode())
    monkeypatch.setattr(server_bulk, "BATCH_BYTES", 2 * size)
    batches = [[json.loads(line) for line in batch] for batch in server_bulk.batches(tasks)]
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

    spared = push(admin, study.round, wanted, CONFIG, "A test", dry_run=True)
    assert (spared.deleted, spared.unchanged, spared.kept) == (2, 5, ["a0/document"])
    assert spared.left == ["a1/document", "a5/document"]
    would = push(admin, study.round, wanted, CONFIG, "A test", dry_run=True, delete=True)
    done = push(admin, study.round, wanted, CONFIG, "A test", delete=True)
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


def test_two_projects_with_one_mark_and_tasks_are_an_error_that_names_them(study: Study, admin: Client) -> None:
    other = admin.create_project("A copy", CONFIG, study.round.marker(), 1)
    assert push(admin, study.round, TASKS, CONFIG, "A test").projects == [study.project]  # one is empty
    admin.import_tasks(other.id, TASKS[:1])
    with pytest.raises(GoldwireError, match=rf"projects {study.project} and {other.id} both have the mark"):
        push(admin, study.round, TASKS, CONFIG, "A test")


def test_a_task_that_was_begun_is_not_touched(study: Study, admin: Client) -> None:
    study.send("POST", f"tasks/{study.task('a0')}/drafts", result=[choice("for")], lead_time=1)
    changed = [task("a0", "new"), *TASKS[1:]]
    assert push(admin, study.round, changed, CONFIG, "A test").kept == ["a0/document"]
    assert push(admin, study.round, TASKS[1:], CONFIG, "A test", delete=True).kept == ["a0/document"]


# blind rounds, and assignment


def test_a_blind_round_has_a_project_for_each_annotator_with_what_is_theirs(
    label_studio: studio.Server, admin: Client, anna: Client, tmp_path: Path
) -> None:
    round_ = a_round(blind=True, annotators=["a-1", "a-10"])
    units = [t["data"]["unit_id"] for t in TASKS]
    assigned = {unit: ["a-1", "a-10"] if number < 2 else ["a-10"] for number, unit in enumerate(units)}
    would = push(admin, round_, TASKS, CONFIG, "A test", dry_run=True, assigned=assigned)
    assert asdict(would) == asdict(Pushed(None, [], created=8, updated=0, unchanged=0, deleted=0))
    done = push(admin, round_, TASKS, CONFIG, "A test", assigned=assigned)
    assert (done.created, len(done.projects)) == (8, 2)
    first, second = (admin.project(number) for number in done.projects)
    assert [first.title, second.title] == ["A test (a-1)", "A test (a-10)"]
    assert [first.maximum_annotations, second.maximum_annotations] == [1, 1]
    assert [t["data"]["unit_id"] for t in admin.outline(first.id)] == units[:2]
    assert [t["data"] for t in admin.outline(second.id)] == [t["data"] for t in TASKS]  # who else answers is not said

    again = push(admin, round_, TASKS, CONFIG, "A test", assigned=assigned)
    assert (again.created, again.unchanged, again.projects) == (0, 8, done.projects)
    assigned[units[1]] = ["a-10"]
    assigned[units[2]] = ["a-10", "a-1"]
    moved = push(admin, round_, TASKS, CONFIG, "A test", assigned=assigned, delete=True)
    assert (moved.created, moved.deleted, moved.unchanged) == (1, 1, 7)
    assert [t["data"]["unit_id"] for t in admin.outline(first.id)] == [units[0], units[2]]

    one, other = (next(iter(admin.outline(number)))["id"] for number in done.projects)
    anna.submit(one, [choice("for")])
    anna.submit(other, [choice("against")])
    pulled = pull(admin, tmp_path, round_, annotators.read(tmp_path / "people" / "annotators.csv"))
    assert counts(pulled) == (8, 2, 2, 0, 0)
    assert [path.name for path in pulled.parts] == ["part-00001.jsonl", "part-00002.jsonl"]
    assert [parts.read(path).header["project"] for path in pulled.parts] == pulled.projects == done.projects


def test_a_blind_round_without_annotators_says_how_to_name_them(admin: Client) -> None:
    with pytest.raises(GoldwireError, match="round pilot is blind, and no annotator is assigned") as caught:
        push(admin, a_round(blind=True), TASKS, CONFIG, "A test")
    assert "goldwire labels annotators assign pilot" in str(caught.value.hint)


def test_who_is_to_answer_stands_in_the_task_and_may_change_under_an_answer(
    study: Study, admin: Client, anna: Client
) -> None:
    units = [t["data"]["unit_id"] for t in TASKS]
    assigned = {unit: ["a-1"] for unit in units}
    assert push(admin, study.round, TASKS, CONFIG, "A test", assigned=assigned).updated == 6
    assert {t["data"]["assigned"] for t in admin.outline(study.project)} == {"|a-1|"}
    anna.submit(study.task("a0"), [choice("for")])
    assigned = {**assigned, units[0]: ["a-1", "a-2"]}
    done = push(admin, study.round, TASKS, CONFIG, "A test", assigned=assigned)
    assert (done.updated, done.unchanged, done.kept) == (1, 5, [])
    data = {t["data"]["unit_id"]: t["data"] for t in admin.outline(study.project)}
    assert data[units[0]] == {**TASKS[0]["data"], "assigned": "|a-1|a-2|"}


def test_nothing_is_pushed_to_a_project_that_goldwire_did_not_make(admin: Client) -> None:
    with pytest.raises(GoldwireError, match="pulled from project 7, which goldwire did not make"):
        push(admin, a_round(project=7), TASKS, CONFIG, "A test")


def test_who_leaves_a_blind_round_without_an_answer_has_nothing_left_to_answer(admin: Client) -> None:
    round_ = a_round(blind=True, annotators=["a", "b"])
    units = [t["data"]["unit_id"] for t in TASKS]
    done = push(admin, round_, TASKS, CONFIG, "A test", assigned={unit: ["a", "b"] for unit in units})
    stays = round_.model_copy(update={"annotators": ["a"]})
    moved = push(admin, stays, TASKS, CONFIG, "A test", assigned={unit: ["a"] for unit in units})
    assert (moved.deleted, moved.unchanged, moved.projects) == (6, 6, done.projects)
    assert [len(list(admin.outline(number))) for number in done.projects] == [6, 0]


def test_units_for_several_need_somebody_assigned(admin: Client) -> None:
    with pytest.raises(GoldwireError, match="to have 20% of its units answered by several, and no annotator"):
        push(admin, a_round(overlap=3, overlap_share=0.2), TASKS, CONFIG, "A test")


def test_a_push_that_changes_nothing_sends_nothing(
    study: Study, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(Client, "update_project", lambda *_, **__: sent.append("page"))
    push(admin, study.round, TASKS, CONFIG + "\n", "A test")
    assert sent == []


def test_what_an_interrupted_push_stored_late_is_not_there_twice(
    admin: Client, round_: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = push(admin, round_, TASKS[:1], CONFIG, "A test").projects[0]
    late = sending.there

    def before_it_was_stored(*arguments: object) -> list[object]:
        found = late(*arguments)  # type: ignore[arg-type]
        monkeypatch.setattr(sending, "there", late)
        admin.import_tasks(project, TASKS[1:])  # the batch of a push that was killed
        return list(found)

    monkeypatch.setattr(sending, "there", before_it_was_stored)
    push(admin, round_, TASKS, CONFIG, "A test")
    assert sorted(t["data"]["unit_id"] for t in admin.outline(project)) == [t["data"]["unit_id"] for t in TASKS]
