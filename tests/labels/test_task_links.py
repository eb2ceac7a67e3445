"""Tasks in Label Studio of each unit, from the pulled parts alone."""

from pathlib import Path
from typing import Any

import pytest

from goldwire import files
from goldwire.errors import GoldwireError
from goldwire.labels import parts, rounds
from goldwire.labels.links import task_links
from goldwire.study import Study

HASH = "0123456789abcdef"


def task(number: int, unit: str | None, **more: Any) -> dict[str, Any]:
    return {"id": number, "data": {"unit_id": unit, "text": "x"}, "annotations": [], **more}


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Two rounds: one in a project, pulled twice; a blind one in two projects, of another scheme."""
    found = Study(tmp_path)
    for name, scheme in (("first", "stance"), ("blind", "events")):
        folder = found.rounds / name
        folder.mkdir(parents=True)
        rounds.write(folder, rounds.Round(round=name, scheme=scheme, scheme_version="1.0.0", scheme_hash=HASH))
    first, blind = (found.rounds / name / "pulls" for name in ("first", "blind"))
    parts.append(first, {"project": 1}, [task(11, "a/document"), task(12, "b/document"), task(13, None)], [])
    parts.append(first, {"project": 1}, [task(14, "a/document")], [12])
    parts.append(blind, {"project": 5}, [task(21, "a/document", project=6), task(22, "c/target/x")], [])
    return found


def test_a_unit_has_its_tasks_of_all_rounds_without_those_that_have_gone(study: Study) -> None:
    assert task_links(study) == {
        "a/document": [{"project": 1, "task": 11}, {"project": 1, "task": 14}, {"project": 6, "task": 21}],
        "c/target/x": [{"project": 5, "task": 22}],
    }


def test_only_rounds_of_one_scheme(study: Study) -> None:
    assert task_links(study, scheme="events") == {
        "a/document": [{"project": 6, "task": 21}], "c/target/x": [{"project": 5, "task": 22}],
    }  # fmt: skip
    assert task_links(study, scheme="other") == {}


def test_a_study_without_rounds_or_pulls_has_none(tmp_path: Path) -> None:
    assert task_links(Study(tmp_path)) == {}


def test_tasks_of_a_file_whose_project_is_not_known_are_left_out(study: Study) -> None:
    parts.append(study.rounds / "first" / "pulls", {}, [task(31, "d/document")], [])
    assert "d/document" not in task_links(study)


def test_a_part_that_was_edited_is_refused(study: Study) -> None:
    path = study.rounds / "first" / "pulls" / "part-00001.jsonl"
    files.write_text(path, path.read_text(encoding="utf-8").replace("b/document", "c/document"))
    with pytest.raises(GoldwireError, match="cut off or changed after it was written"):
        task_links(study)
