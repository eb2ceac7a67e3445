"""assignments.csv, and assigning the units of a round in a study."""

from pathlib import Path
from typing import Any

import pytest

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels import parts, rounds
from goldwire.labels.tasks import write_round
from goldwire.labels.team import annotators, assignments, references
from goldwire.labels.team.assignments import Work
from goldwire.labels.team.references import Reference
from goldwire.labels.units import documents
from goldwire.scheme import load
from goldwire.study import Study

A, B, C, D = (f"annotator-0{number}" for number in range(1, 5))


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """A round "r" of twelve documents, and four known annotators."""
    study = Study(tmp_path)
    articles = tables.build(
        "articles",
        [{"article_id": f"a{number}", "title": "T", "text": f"T\n\nBody {number}."} for number in range(12)],
    )
    write_round(study, "r", load("event-plover"), articles, documents(articles), overlap=2)
    annotators.write(study.annotators, {f"{who}@example.org": who for who in (A, B, C, D)})
    return study


def pulled(study: Study, answers: dict[str, list[str]]) -> None:
    """Write a part in which these annotators answered these units."""
    tasks: list[dict[str, Any]] = []
    for number, (unit, people) in enumerate(answers.items(), start=1):
        given = [
            {"id": 100 * number + index, "result": [], "completed_by": {"pseudonym": who}}
            for index, who in enumerate(people)
        ]
        tasks.append({"id": number, "data": {"unit_id": unit}, "annotations": given, "predictions": []})
    header = {"round": "r", "project": 1, "url": "http://localhost", "pulled_at": "2026-01-01T00:00:00Z"}
    header |= {"scheme_hash": "0", "goldwire": "0"}
    parts.append(study.rounds / "r" / "pulls", header, tasks, [])


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert assignments.read(tmp_path) == {}
    made = {"x/document": (A, B), "a, b/document": (B,)}
    assignments.write(tmp_path, made)
    assert (tmp_path / "assignments.csv").read_text(encoding="utf-8") == (
        f'unit_id,annotator\nx/document,{A}\nx/document,{B}\n"a, b/document",{B}\n'
    )
    assert assignments.read(tmp_path) == made


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("unit,annotator\n", 1, "the columns are not unit_id, annotator"),
        ("unit_id,annotator\nu\n", 2, "the line is not a unit and an annotator"),
        ("unit_id,annotator\nu, \n", 2, "the line is not a unit and an annotator"),
        ("unit_id,annotator\nu,a\nv,a\nu,a\n", 4, "a has the unit already"),
    ],
)
def test_a_damaged_file_is_refused_by_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    path = tmp_path / "assignments.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GoldwireError) as caught:
        assignments.read(tmp_path)
    assert str(caught.value) == f"{path}:{line}: {message}"
    assert caught.value.hint


def test_a_round_is_assigned_to_those_who_are_named(study: Study) -> None:
    found = assignments.assign_round(study, "r", named=[B, A, C])
    assert found == [Work(who, 8, 0, 8, True) for who in (B, A, C)]
    folder = study.rounds / "r"
    assert rounds.read(folder).annotators == [B, A, C]
    units = [task["data"]["unit_id"] for task in rounds.tasks(folder)]
    made = assignments.read(folder)
    assert list(made) == units
    assert {len(assigned) for assigned in made.values()} == {2}
    before = snapshot(study.root)
    assert assignments.assign_round(study, "r") == found
    assert snapshot(study.root) == before
    assert assignments.loads(study) == {who: {"r": 8} for who in (A, B, C)}


def test_references_go_to_everyone(study: Study) -> None:
    folder = study.rounds / "r"
    unit = rounds.tasks(folder)[3]["data"]["unit_id"]
    references.write(folder, [Reference(unit, "event", "control", ("x",))])
    assignments.assign_round(study, "r", named=[A, B, C])
    assert assignments.read(folder)[unit] == (A, B, C)
    known = references.read(folder)
    by_overlap = assignments.plan(rounds.read(folder), rounds.tasks(folder), known, everyone=["calibration"])
    assert len(by_overlap[unit]) == 2


def test_what_was_answered_stays_when_somebody_leaves_and_another_joins(study: Study) -> None:
    folder = study.rounds / "r"
    assignments.assign_round(study, "r", named=[A, B, C])
    made = assignments.read(folder)
    of_a = [unit for unit, assigned in made.items() if A in assigned]
    pulled(study, {unit: [A] for unit in of_a[:3]})
    assert assignments.answered(study, "r") == {unit: {A} for unit in of_a[:3]}

    before = snapshot(study.root)
    would = assignments.assign_round(study, "r", join=[D], leave=[A], dry_run=True)
    assert snapshot(study.root) == before
    found = assignments.assign_round(study, "r", join=[D], leave=[A])
    assert found == would
    now = assignments.read(folder)
    assert rounds.read(folder).annotators == [B, C, D]
    assert [unit for unit, assigned in now.items() if A in assigned] == of_a[:3]
    assert found[3] == Work(A, 3, 3, 0, False)
    assert sum(work.left for work in found) == 24 - 3
    assert max(work.left for work in found[:3]) - min(work.left for work in found[:3]) <= 1


def test_what_was_deleted_on_the_server_is_no_answer(study: Study) -> None:
    pulled(study, {"a1/document": [A, B], "a2/document": [C]})
    folder = study.rounds / "r" / "pulls"
    header = {**parts.read(parts.listing(folder)[0]).header, "pulled_at": "2026-01-02T00:00:00Z"}
    header.pop("part")
    state = parts.state([parts.read(path) for path in parts.listing(folder)])
    parts.append(folder, header, [{**state[1], "annotations": state[1]["annotations"][:1]}], [2])
    assert assignments.answered(study, "r") == {"a1/document": {A}}


def test_names_that_do_not_fit_are_refused_and_nothing_is_written(study: Study) -> None:
    known = f"It has: {A}, {B}, {C}, {D}."
    cases: list[tuple[dict[str, list[str]], str, str]] = [
        ({"named": ["erika"]}, f"{study.annotators}: erika is not in annotators.csv", known),
        ({"join": ["erika"]}, f"{study.annotators}: erika is not in annotators.csv", known),
        ({"leave": [D]}, f"round r: {D} is not an annotator of the round", f"They are: {A}, {B}."),
        ({"join": [A]}, f"round r: {A} is an annotator of the round already", "Leave out the --join."),
        (
            {"leave": [A, B]},
            "round r: there is no annotator to give units to",
            "Name them with: --annotator PSEUDONYM",
        ),
    ]
    assignments.assign_round(study, "r", named=[A, B])
    before = snapshot(study.root)
    for options, message, hint in cases:
        with pytest.raises(GoldwireError) as caught:
            assignments.assign_round(study, "r", **options)  # type: ignore[arg-type]
        assert (str(caught.value), caught.value.hint) == (message, hint)
        assert snapshot(study.root) == before


def test_a_pseudonym_that_no_filter_can_hold_is_refused(study: Study) -> None:
    annotators.write(study.annotators, {"a@x.org": "Coder A", "b@x.org": "b"})
    with pytest.raises(GoldwireError, match='"Coder A" cannot be the annotator of a round'):
        assignments.assign_round(study, "r", named=["Coder A", "b"])


def test_too_few_annotators_for_the_overlap_are_refused(study: Study) -> None:
    with pytest.raises(GoldwireError, match=f"2 annotators a unit are asked for, and there are 1: {A}"):
        assignments.assign_round(study, "r", named=[A])
    assert not (study.rounds / "r" / "assignments.csv").exists()
    assert rounds.read(study.rounds / "r").annotators == []
