"""A round in Label Studio's own JSON comes back with the same answers: into goldwire, and through a real server."""

import json
from pathlib import Path
from typing import Any

import pytest

from adopting import made_study, own_stories
from goldwire.errors import GoldwireError
from goldwire.labels import parts, stages
from goldwire.labels.export import label_studio
from goldwire.labels.foreign.takeover import adopt_file
from goldwire.labels.interface import config
from goldwire.labels.parts import Task
from goldwire.labels.server import Client
from goldwire.scheme import parse
from goldwire.study import Study
from pulled import SCHEME, A, Answer, B, a_study, pull

ANSWERS = [
    Answer(0, A, "2026-03-01", "clear", ("rain",), 3.5),
    Answer(0, B, "2026-03-01", "grey", ("hail", "rain"), 4.0),
    Answer(1, A, "2026-03-02"),
    Answer(2, B, "2026-03-03", "unclear"),
]


@pytest.fixture
def study(tmp_path: Path) -> Study:
    made = a_study(tmp_path / "study", 3)
    pull(made, "r", ANSWERS)
    for part in (made.rounds / "r" / "pulls").iterdir():
        assert b'"project":1' in part.read_bytes()
    return made


def votes(study: Study) -> list[tuple[Any, ...]]:
    stages.build(study)
    columns = ("question", "labels", "status", "annotator", "annotation_id", "created", "updated", "lead_time_s")
    return sorted(zip(*(study.read("votes")[name].to_pylist() for name in columns), strict=True), key=str)


def test_a_round_that_is_read_back_has_the_same_votes_of_the_same_people(study: Study, tmp_path: Path) -> None:
    assert label_studio.write(study, "r", tmp_path / "out") == {"r.json": 3}
    other = made_study(tmp_path / "other")
    interface = tmp_path / "interface.xml"
    interface.write_text(config(parse(SCHEME, "weather.yaml")), encoding="utf-8")
    adopt_file(other, "again", tmp_path / "out" / "r.json", stories=own_stories, config=interface)
    assert votes(other) == votes(study)
    assert not study.annotators.exists()
    label_studio.write(other, "again", tmp_path / "twice")
    first, second = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(tmp_path.glob("*/*.json")))
    assert [task["annotations"] for task in first] == [task["annotations"] for task in second]


def test_answers_that_have_gone_are_left_out_and_the_last_state_stands(study: Study, tmp_path: Path) -> None:
    pull(study, "r", [Answer(0, A, "2026-03-05", "grey", ())], at="2026-03-11T12:00:00Z", first=1)
    label_studio.write(study, "r", tmp_path / "out")
    tasks = json.loads((tmp_path / "out" / "r.json").read_text(encoding="utf-8"))
    assert [[one["id"] for one in task["annotations"]] for task in tasks] == [[1], [3], [4]]
    assert tasks[0]["annotations"][0]["result"][0]["value"] == {"choices": ["grey"]}


def test_a_round_without_answers_says_what_to_do(tmp_path: Path) -> None:
    made = a_study(tmp_path / "study", 1)
    with pytest.raises(GoldwireError) as caught:
        label_studio.write(made, "r", tmp_path / "out")
    assert (caught.value.message, caught.value.hint) == (
        "nothing was pulled yet",
        "Bring it here with: goldwire labels pull r",
    )


def test_without_people_no_pseudonym_is_left_not_even_of_those_a_task_is_for(study: Study, tmp_path: Path) -> None:
    header = {"round": "r", "project": 1, "url": "http://localhost", "scheme_hash": "0", "goldwire": "0"}
    data = {"unit_id": "a00/document", "text": "T", "assigned": f"{A} {B}"}
    draft = {"id": 9, "result": [], "completed_by": {"pseudonym": A}}
    task = {"id": 100, "project": 1, "data": data, "annotations": [], "drafts": [draft], "predictions": []}
    parts.append(study.rounds / "r" / "pulls", {**header, "pulled_at": "2026-03-11T12:00:00Z"}, [task], [])
    label_studio.write(study, "r", tmp_path / "out", people=False)
    text = (tmp_path / "out" / "r.json").read_text(encoding="utf-8")
    assert "annotator-0" not in text
    assert json.loads(text)[0]["data"] == {"unit_id": "a00/document", "text": "T"}


def test_a_round_of_several_projects_has_a_file_for_each(study: Study, tmp_path: Path) -> None:
    pulls = study.rounds / "r" / "pulls"
    header = {"round": "r", "project": 2, "url": "http://localhost", "scheme_hash": "0", "goldwire": "0"}
    data = {"unit_id": "a00/document", "text": "T"}
    task = {"id": 500, "project": 2, "data": data, "annotations": [], "drafts": [], "predictions": []}
    parts.append(pulls, {**header, "pulled_at": "2026-03-11T12:00:00Z"}, [task], [])
    assert label_studio.write(study, "r", tmp_path / "out") == {"r.1.json": 3, "r.2.json": 1}


def plain(tasks: list[Task]) -> list[list[tuple[Any, ...]]]:
    return [
        sorted((str(one["result"]), bool(one["was_cancelled"]), one["lead_time"]) for one in task["annotations"])
        for task in tasks
    ]


@pytest.mark.server
def test_without_people_a_real_server_imports_it_and_exports_the_same_answers(
    study: Study, tmp_path: Path, admin: Client
) -> None:
    label_studio.write(study, "r", tmp_path / "out", people=False)
    text = (tmp_path / "out" / "r.json").read_text(encoding="utf-8")
    tasks = json.loads(text)
    project = admin.create_project("Again", config(parse(SCHEME, "weather.yaml")), "", 2).id
    admin.import_tasks(project, tasks)
    assert plain(sorted(admin.tasks(project), key=lambda task: str(task["data"]))) == plain(
        sorted(tasks, key=lambda task: str(task["data"]))
    )
