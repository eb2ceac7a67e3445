"""Exports that were downloaded by hand become rounds. Texts were written for these tests."""

import json
from pathlib import Path
from typing import Any

import pytest

from adopting import (
    adopted,
    annotation,
    fold_old,
    item,
    lines,
    made_study,
    own_stories,
    pulled,
    results,
    task,
)
from goldwire.errors import GoldwireError
from goldwire.labels import parts
from goldwire.labels.foreign.export_config import config_of
from goldwire.labels.foreign.takeover import adopt_file
from goldwire.labels.team import annotators, assignments, round_answers
from goldwire.study import Study


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return made_study(tmp_path / "study")


def test_a_configuration_is_read_off_an_export_that_has_none(study: Study) -> None:
    text = "Mira Tolven praised Calder Bay."
    items = results(text)
    given = [{**task(1, text, title="x" * 90), "annotations": [annotation(1, items)]}, task(2, "two")]
    config = config_of(given)
    adopted(study, given, config)
    from_file, _ = fold_old(study, given)
    whole = made_study(study.root / "whole")
    adopted(whole, given)
    from_config, _ = fold_old(whole, given)
    drop = ["scheme_hash"]
    mine, theirs = (
        sorted(x.votes.drop_columns(drop).to_pylist(), key=lambda row: row["question"])
        for x in (from_file, from_config)
    )
    assert mine == theirs
    assert from_file.mentions.drop_columns(drop) == from_config.mentions.drop_columns(drop)
    assert from_file.relations.drop_columns(drop) == from_config.relations.drop_columns(drop)
    with pytest.raises(GoldwireError, match="nobody answered"):
        config_of([task(1, text)])
    box = [{"id": "b", "from_name": "box", "to_name": "i", "type": "rectanglelabels", "value": {"x": 1}}]
    with pytest.raises(GoldwireError, match="images"):
        adopted(
            made_study(study.root / "i"), given, config_of([{**task(1, "a"), "annotations": [annotation(1, box)]}])
        )


def test_what_a_configuration_cannot_be_read_off_is_said_with_where_and_what_to_do() -> None:
    warm = item("q1", "tone-1", "choices", {"choices": ["warm"]})
    no_text = {**task(1, 5), "annotations": [annotation(1, [warm])]}
    for tasks, message in (([task(1, "a")], "nobody answered"), ([no_text], "have no text in their data")):
        with pytest.raises(GoldwireError, match=message) as caught:
            config_of(tasks, where="export.json")
        assert caught.value.where == "export.json"
        assert caught.value.hint


def export(folder: Path, *tasks: dict[str, Any]) -> Path:
    path = folder / "news.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return path


def by(number: int, who: Any, tone: str = "warm") -> dict[str, Any]:
    answer = annotation(number, [item("q1", "tone-1", "choices", {"choices": [tone]})])
    return {**answer, "completed_by": who}


def test_an_export_that_names_people_by_number_says_so_and_keeps_two_projects_apart(study: Study) -> None:
    jane = {"id": 1, "email": "jane@x.org"}
    answers = [by(1, 7), by(2, jane), by(3, {"id": 8})]
    path = export(study.root, {**task(1, "one"), "annotations": answers})
    made, brought = adopt_file(study, "old", path, stories=own_stories)
    assert (brought.project, brought.annotations, brought.new) == (7, 3, 3)
    assert study.annotators.read_text(encoding="utf-8") == (
        "email,pseudonym\nuser-7@project-7,annotator-01\njane@x.org,annotator-02\nuser-8@project-7,annotator-03\n"
    )
    assert "annotator-01, annotator-03 may be annotators who have" in made.remarks[-1]
    assert made.remarks[-1].endswith("goldwire labels pull old --project 7")

    answers = [by(1, 7), by(2, 1), by(3, 8, "cold"), by(4, 1)]  # the next file says less of jane
    path = export(study.root, {**task(1, "one"), "annotations": answers})
    made, brought = adopt_file(study, "old", path, stories=own_stories)
    assert (brought.new, brought.changed, made.remarks) == (1, 1, [])
    assert assignments.answered(study, "old") == {
        lines(study)[0]["data"]["unit_id"]: {"annotator-01", "annotator-02", "annotator-03"}
    }

    path = export(study.root, {**task(1, "two"), "project": 8, "annotations": [by(1, 7)]})
    adopt_file(study, "other", path, stories=own_stories)
    assert annotators.read(study.annotators).known["user-7@project-8"] == "annotator-04"


def test_people_in_the_data_of_an_export_are_written_nowhere(study: Study) -> None:
    people = {"completed_by": "jane@x.org", "Coder": "jane", "deep": [{"user": "jane"}], "E-Mail": "jane@x.org"}
    given = {**task(1, "one", page=3, **people), "meta": {"who": "jane"}, "annotations": [by(1, None)]}
    adopt_file(study, "old", export(study.root.parent, given), stories=own_stories)
    assert [one["data"] for one in pulled(study)] == [{"body": "one", "page": 3, "deep": [{}]}]
    assert b"jane" not in b"".join(path.read_bytes() for path in study.root.rglob("*") if path.is_file())


def test_an_export_without_its_projects_number_is_refused_and_writes_nothing(study: Study) -> None:
    given = {name: value for name, value in task(1, "one").items() if name != "project"}
    with pytest.raises(GoldwireError, match="lacks its project's number"):
        adopt_file(study, "old", export(study.root.parent, {**given, "annotations": [by(1, 7)]}), stories=own_stories)
    assert [path.name for path in study.root.iterdir()] == ["params.yaml"]


def test_answers_from_a_file_have_no_time_of_a_pull_unless_one_came_before(study: Study) -> None:
    path = export(study.root.parent, {**task(1, "one"), "annotations": [by(1, 7)]})
    adopt_file(study, "old", path, stories=own_stories)
    found = round_answers.read(study, "old")
    assert (len(found.given), found.pulled, found.from_file) == (1, None, True)

    pulls, at = study.rounds / "old" / "pulls", "2026-01-02T00:00:00Z"
    later = {**pulled(study)[0], "annotations": []}
    parts.append(pulls, {"round": "old", "project": 7, "pulled_at": at}, [later], [])
    found = round_answers.read(study, "old")
    assert (len(found.given), found.pulled, found.from_file) == (0, at, False)

    adopt_file(study, "old", path, stories=own_stories)
    found = round_answers.read(study, "old")
    assert (len(found.given), found.pulled, found.from_file) == (1, at, True)


@pytest.mark.parametrize("config", ["<View", "<View><Image name='i' value='$i'/></View>", "<View/>"])
def test_a_configuration_that_cannot_be_used_is_refused_with_its_project(study: Study, config: str) -> None:
    with pytest.raises(GoldwireError) as caught:
        adopted(study, [task(1, "one")], config)
    assert caught.value.where == "project News of 2019"
    assert caught.value.hint
