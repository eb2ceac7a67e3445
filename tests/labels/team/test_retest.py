"""Asking again: who is asked about which units, and how well annotators agree with themselves."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from goldwire.cli import labels_status
from goldwire.errors import GoldwireError, UsageError
from goldwire.labels import rounds
from goldwire.labels.exchange import pull_round, push_round
from goldwire.labels.fold import build_tables
from goldwire.labels.rounds import Round
from goldwire.labels.server import Client
from goldwire.labels.team import annotators, assignments, references
from goldwire.labels.team.references import Reference
from goldwire.labels.team.retest import Asked, Retest, make_retest
from goldwire.labels.team.status import status
from goldwire.study import Study
from pulled import A, Answer, B, C, a_study, document, pull

OLD, YOUNG, NOW = "2026-03-01", "2026-03-20", date(2026, 3, 29)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Twenty units. A answered all, the last five lately; B the first ten, and skipped the next; C only lately."""
    study = a_study(tmp_path, 20, overlap=2)
    by_a = [Answer(unit, A, OLD if unit < 15 else YOUNG, "clear") for unit in range(20)]
    by_b = [Answer(unit, B, OLD, "grey" if unit < 10 else None) for unit in range(11)]
    pull(study, "r", [*by_a, *by_b, Answer(19, C, YOUNG, "clear")])
    return study


def snapshot(study: Study) -> dict[str, bytes]:
    return {str(p.relative_to(study.root)): p.read_bytes() for p in study.root.rglob("*") if p.is_file()}


def of(study: Study, who: str, name: str = "again") -> list[str]:
    return [unit for unit, several in assignments.read(study.rounds / name).items() if who in several]


# the round


def test_everybody_is_asked_again_about_old_units_of_their_own(study: Study) -> None:
    made = make_retest(study, "again", "r", units=6, after=28, as_of=NOW)
    units = of(study, A)
    assert made == Retest(
        "again", "r", made.units, made.units, [Asked(A, 15, 6, 6), Asked(B, 10, 6, 6), Asked(C, 0, 0, 0)]
    )
    assert (len(of(study, A)), len(of(study, B)), len(of(study, C))) == (6, 6, 0)
    assert set(of(study, A)) <= {document(unit) for unit in range(15)}
    assert set(of(study, B)) <= {document(unit) for unit in range(10)}
    first, again = study.rounds / "r", study.rounds / "again"
    there = rounds.read(first)
    found = rounds.read(again)
    assert found == Round(
        round="again",
        id=found.id,
        scheme="weather",
        scheme_version="1.0.0",
        scheme_hash=there.scheme_hash,
        overlap=2,
        blind=True,
        annotators=[A, B],
        retest_of="r",
        seed=0,
    )
    assert found.id != there.id
    tasks = rounds.tasks(again)
    assert [task["data"]["unit_id"] for task in tasks] == list(assignments.read(again))
    assert made.units == len(tasks) < 12  # the same units for both, where both have them
    by_unit = {task["data"]["unit_id"]: task for task in rounds.tasks(first)}
    assert all(task == by_unit[task["data"]["unit_id"]] for task in tasks)
    assert {task["data"]["unit_id"] for task in tasks} == {*units, *of(study, B)}
    assert (again / "scheme.yaml").read_bytes() == (first / "scheme.yaml").read_bytes()


def test_asking_for_the_same_adds_nothing_and_asking_for_more_keeps_what_is_there(study: Study) -> None:
    made = make_retest(study, "again", "r", units=4, after=28, as_of=NOW)
    before = snapshot(study)
    units = of(study, A)
    unchanged = [Asked(A, 15, 4, 0), Asked(B, 10, 4, 0), Asked(C, 0, 0, 0)]
    assert make_retest(study, "again", "r", units=4, after=28, as_of=NOW) == Retest(
        "again", "r", made.units, 0, unchanged
    )
    assert make_retest(study, "again", "r", units=3, after=28, as_of=NOW).annotators == unchanged
    assert snapshot(study) == before
    order = [task["data"]["unit_id"] for task in rounds.tasks(study.rounds / "again")]
    more = make_retest(study, "again", "r", units=7, after=28, as_of=NOW)
    assert [(one.asked, one.new) for one in more.annotators] == [(7, 3), (7, 3), (0, 0)]
    assert set(units) < set(of(study, A))
    grown = [task["data"]["unit_id"] for task in rounds.tasks(study.rounds / "again")]
    assert grown[: len(order)] == order
    at_once = make_retest(study, "other", "r", units=7, after=28, as_of=NOW)
    assert at_once.annotators == [Asked(A, 15, 7, 7), Asked(B, 10, 7, 7), Asked(C, 0, 0, 0)]
    assert set(of(study, A, "other")) == set(of(study, A))  # a larger sample holds the smaller one


def test_a_retest_that_was_cut_off_before_its_assignments_is_made_good(study: Study) -> None:
    make_retest(study, "again", "r", units=4, after=28, as_of=NOW)
    whole = snapshot(study)
    (study.rounds / "again" / "assignments.csv").unlink()
    make_retest(study, "again", "r", units=4, after=28, as_of=NOW)
    assert snapshot(study) == whole


def test_a_share_is_of_each_annotators_units_and_the_default_a_tenth(study: Study) -> None:
    third = make_retest(study, "third", "r", share=1 / 3, after=28, as_of=NOW)
    assert [one.asked for one in third.annotators] == [5, 3, 0]
    tenth = make_retest(study, "tenth", "r", as_of=NOW)  # after 21 days
    assert [(one.old, one.asked) for one in tenth.annotators] == [(15, 2), (10, 1), (0, 0)]


def test_a_day_is_enough_or_not(study: Study) -> None:
    assert make_retest(study, "x", "r", after=9, as_of=NOW).annotators[0].old == 20
    assert make_retest(study, "y", "r", after=10, as_of=NOW).annotators[0].old == 15


def test_the_sample_and_its_order_come_from_the_seed(study: Study) -> None:
    make_retest(study, "zero", "r", units=8, seed=0, as_of=NOW)
    make_retest(study, "one", "r", units=8, seed=1, as_of=NOW)
    assert of(study, A, "zero") != of(study, A, "one")
    assert set(of(study, A, "zero")) != set(of(study, A, "one"))
    order = [task["data"]["unit_id"] for task in rounds.tasks(study.rounds / "r")]
    assert of(study, A, "zero") != [unit for unit in order if unit in of(study, A, "zero")]


def test_only_those_who_are_named_or_have_not_left_are_asked(study: Study) -> None:
    named = make_retest(study, "b", "r", annotators=[B], as_of=NOW)
    assert [one.annotator for one in named.annotators] == [B]
    folder = study.rounds / "r"
    rounds.write(folder, rounds.read(folder).model_copy(update={"annotators": [B, A]}))
    assert [one.annotator for one in make_retest(study, "c", "r", as_of=NOW).annotators] == [B, A]


def test_units_with_a_known_answer_are_left_out(study: Study) -> None:
    known = [Reference(document(unit), "sky", "calibration", ("clear",)) for unit in range(5)]
    references.write(study.rounds / "r", known)
    made = make_retest(study, "again", "r", units=20, as_of=NOW)
    assert [one.old for one in made.annotators] == [10, 5, 0]
    assert not set(of(study, A)) & {document(unit) for unit in range(5)}


def test_what_cannot_be_asked_is_refused_and_nothing_is_written(study: Study) -> None:
    make_retest(study, "again", "r", as_of=NOW)
    rounds.write(study.rounds / "plain", rounds.read(study.rounds / "r").model_copy(update={"round": "plain"}))
    before = snapshot(study)
    new: dict[str, Any] = {"name": "new", "of": "r", "as_of": NOW}
    cases: list[tuple[dict[str, Any], str, str]] = [
        (
            {**new, "after": 40},
            "no answer in round r is 40 days old: the oldest is of 2026-03-01, 12 days too young",
            "Wait, so that nobody remembers what they said, or ask for fewer days: --after DAYS",
        ),
        (
            {**new, "annotators": [C], "after": 10},
            "no answer in round r is 10 days old: the oldest is of 2026-03-20, 1 day too young",
            "Wait, so that nobody remembers what they said, or ask for fewer days: --after DAYS",
        ),
        (
            {**new, "annotators": ["erika"]},
            "erika answered no unit of round r",
            f"These did: {A}, {B}, {C}. Pull, if more did.",
        ),
        (
            {**new, "of": "again"},
            "round again is a retest itself, of r",
            "Ask again with: goldwire labels retest new --of r",
        ),
        ({**new, "name": "plain"}, "round plain is there, and is no retest", "Give the retest another name."),
        (
            {**new, "name": "again", "seed": 3},
            "round again was drawn with the seed 0",
            "Leave out --seed, or name another round.",
        ),
    ]
    for options, message, hint in cases:
        with pytest.raises(GoldwireError) as caught:
            make_retest(study, **options)
        assert (str(caught.value), caught.value.hint) == (message, hint)
    for wrong in ({"units": 2, "share": 0.5}, {"units": 0}, {"share": 0.0}, {"share": 1.5}, {"after": -1}):
        with pytest.raises(UsageError):
            make_retest(study, "new", "r", as_of=NOW, **wrong)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=r'"\.\./x" cannot be the name of a round'):
        make_retest(study, "../x", "r", as_of=NOW)
    assert snapshot(study) == before


def test_a_round_without_answers_is_refused(tmp_path: Path) -> None:
    study = a_study(tmp_path, 3)
    with pytest.raises(GoldwireError, match="nobody who is in round r has answered a unit of it"):
        make_retest(study, "again", "r", as_of=NOW)


def test_a_retest_is_made_answered_and_compared_and_its_answers_never_count(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(study.root)
    group = typer.Typer()
    labels_status.register(group)
    command = ["retest", "again", "--of", "r", "--units", "4", "--after", "28", "--as-of", "2026-03-29"]
    with pytest.raises(UsageError, match='"soon" is no date'):
        CliRunner().invoke(group, [*command, "--as-of", "soon"], catch_exceptions=False)
    made = CliRunner().invoke(group, [*command, "--json"], catch_exceptions=False)
    assert json.loads(made.stdout)["annotators"][0] == asdict(Asked(A, 15, 4, 4))
    answers = [Answer(int(unit[1:3]), A, "2026-04-01", "clear") for unit in of(study, A)]
    pull(study, "again", [*answers[:3], Answer(answers[3].unit, A, "2026-04-02", "grey")], first=500)

    value = status(study, "again")
    units = len(rounds.tasks(study.rounds / "again"))
    only_a = sum(several == (A,) for several in assignments.read(study.rounds / "again").values())
    assert (value["units"], value["done"], value["begun"], value["answers"]) == (units, only_a, 4 - only_a, 4)
    assert [(one["annotator"], one["assigned"], one["answered"], one["left"]) for one in value["annotators"]] == [
        (A, 4, 4, 0),
        (B, 4, 0, 4),
    ]
    assert (value["agreement"], value["retest_of"]) == (None, "r")
    assert [(row["annotator"], row["question"], row["units"], row["same"]) for row in value["retest"]] == [
        (A, "sky", 4, 3),
        (A, "falls", 4, 4),
    ]
    text = CliRunner().invoke(group, ["status", "again"], catch_exceptions=False).stdout
    assert "round again: scheme weather, asks r again; as of 2026-03-10T12:00:00Z\n" in text
    assert f"{A}                sky           4       0     0.750  0.000  0.000\n" in text

    made_tables, _ = build_tables(study)
    counting = made_tables["votes"].filter(made_tables["votes"]["counts"])
    assert counting["round"].unique().to_pylist() == ["r"]
    assert "again" in made_tables["votes"]["round"].unique().to_pylist()


@pytest.mark.server
def test_on_a_real_server_everybody_finds_their_own_units_again(
    tmp_path: Path, admin: Client, anna: Client, bert: Client
) -> None:
    study = a_study(tmp_path, 4, overlap=2)
    annotators.write(study.annotators, {"anna@example.org": A, "bert@example.org": B})
    answer(study, "r", admin, {anna: ["clear", "grey", "clear", "grey"], bert: ["clear", "clear", "clear", None]})
    made = make_retest(study, "again", "r", units=2, after=0)
    assert [(one.annotator, one.old, one.asked) for one in made.annotators] == [(A, 4, 2), (B, 3, 2)]
    projects = answer(study, "again", admin, {anna: ["clear"] * 4, bert: ["clear"] * 4})
    assert len(projects) == 2
    for project, who in zip(projects, (A, B), strict=True):
        assert {task["data"]["unit_id"] for task in admin.tasks(project)} == set(of(study, who))

    found = status(study, "again")
    assert (found["answers"], found["remaining"], found["left"]) == (4, 0, 0)
    assert [(one["assigned"], one["answered"], one["active"]) for one in found["annotators"]] == [(2, 2, True)] * 2
    grey = {document(1), document(3)} & set(of(study, A))
    skies = [row for row in found["retest"] if row["question"] == "sky"]
    assert [(row["annotator"], row["units"], row["same"]) for row in skies] == [
        (A, 2, 2 - len(grey)),
        (B, 2, 2),
        (None, 4, 4 - len(grey)),
    ]


def answer(study: Study, name: str, admin: Client, people: dict[Client, list[str | None]]) -> list[int]:
    """Push a round, answer for each of the people what they say of units 0 to 3, and pull it; return the projects."""
    projects: list[int] = push_round(study, name, client=admin)["projects"]
    for number, (client, said) in enumerate(people.items()):
        for task in admin.outline(projects[number % len(projects)]):
            sky = said[int(task["data"]["unit_id"][1:3])]
            value = {"choices": [sky]}
            item = {"id": "s", "from_name": "sky", "to_name": "text", "type": "choices", "value": value}
            client.submit(int(task["id"]), [item] if sky else [], skipped=sky is None)
    pull_round(study, name, client=admin)
    return projects
