"""The status of rounds, worked out by hand."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from goldwire.cli import labels_status
from goldwire.labels import parts, rounds, tasks
from goldwire.labels.exchange import pull_round, push_round
from goldwire.labels.server import Client
from goldwire.labels.team import annotators, assignments, references
from goldwire.labels.team.references import Reference
from goldwire.labels.team.status import overview, status
from goldwire.labels.team.status_rate import Expected, Rate, expected_end, rate
from goldwire.labels.units import documents
from goldwire.scheme import read
from goldwire.study import Study
from pulled import A, Answer, B, C, D, a_study, document, pull

ONE, TWO, THREE, FOUR = (f"2026-03-0{day}" for day in range(1, 5))


def days(*numbers: int) -> list[date]:
    return [date(2026, 3, number) for number in numbers]


# the rate


def test_the_rate_is_of_the_last_active_days_only() -> None:
    found = rate(days(9, 1, 2, 2, 3, 3, 3, 9, 10), date(2026, 3, 11), days=4)
    # days 2, 3, 9, 10 with 2, 3, 2, 1 answers; ten calendar days from 2 to 11
    assert found == Rate(4, 2.0, 1.75, 2.25, 2.5, 1)


def test_the_end_is_the_remaining_answers_by_the_quartiles_in_calendar_days() -> None:
    found = Rate(days=4, per_day=2.0, slow=1.75, fast=2.25, calendar=2.5, last_day=1)
    # 9 / 2.25 * 2.5 = 10; 9 / 1.75 * 2.5 = 12.86
    assert expected_end(9, found, date(2026, 3, 11)) == Expected(date(2026, 3, 21), date(2026, 3, 24))


def test_an_end_that_is_not_known_has_a_reason() -> None:
    day = date(2026, 3, 1)
    assert rate([], day) is None
    assert expected_end(3, None, day) == Expected(why="no answers yet")
    assert expected_end(3, rate(days(1, 1), day), day) == Expected(why="only one day with answers")
    assert expected_end(0, None, day) == Expected(why="no answer is missing")
    slow = rate(days(1, 2), date(2026, 3, 2))
    assert expected_end(10**9, slow, day) == Expected(why="more than a hundred years at this rate")


@given(st.lists(st.integers(1, 60), min_size=2, max_size=20, unique=True), st.integers(1, 5), st.integers(1, 500))
def test_as_many_every_active_day_ends_on_one_day(active: list[int], number: int, remaining: int) -> None:
    start = date(2026, 1, 1)
    last = [start + timedelta(days=day) for day in sorted(active)][-7:]
    found = rate([start + timedelta(days=day) for day in active for _ in range(number)], last[-1])
    end = expected_end(remaining, found, last[-1])
    assert end.earliest is not None
    assert end.earliest == end.latest
    spent = (last[-1] - last[0]).days + 1
    # the first whole number of days that is enough: remaining * spent / (number * days)
    needed = (end.earliest - last[-1]).days
    assert (needed - 1) * number * len(last) < remaining * spent <= needed * number * len(last)


# the status


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Ten units. Two annotators; one who left, and one who was never asked, answered too."""
    study = a_study(tmp_path, 10, overlap=2)
    folder = study.rounds / "r"
    both = {document(unit): (A, B) for unit in range(10)}
    assignments.write(folder, both | {document(3): (A, C), document(4): (B, C)})
    made = rounds.read(folder)
    rounds.write(folder, made.model_copy(update={"annotators": [A, B], "threshold": 0.8}))
    references.write(
        folder,
        [
            Reference(document(0), "sky", "calibration", ("clear",)),
            Reference(document(3), "sky", "control", ("clear",)),
        ],
    )
    return study


ANSWERS = [
    Answer(0, A, ONE, "clear", seconds=10),
    Answer(0, B, ONE, "grey", seconds=20),
    Answer(1, A, ONE, "clear", ("rain",), seconds=30),
    Answer(1, B, TWO, "clear", ("rain",)),
    Answer(2, A, TWO),
    Answer(2, B, TWO, "unclear"),
    Answer(3, A, THREE, "grey", seconds=20),
    Answer(3, C, ONE, "clear", seconds=5),
    Answer(4, B, THREE, "grey", seconds=40),
    Answer(5, A, FOUR, draft=True),
    Answer(5, D, THREE, "clear"),
]
PROGRESS: dict[str, Any] = {
    "round": "r",
    "scheme": "weather",
    "retest_of": None,
    "adjudicates": [],
    "pulled": "2026-03-04T12:00:00Z",
    "from_file": False,
    "units": 10,
    "done": 3,  # 0, 1, 3
    "begun": 2,  # 4, 5
    "skipped": 1,  # 2
    "left": 4,
    "answers": 9,
    "skips": 1,
    "remaining": 10,  # one of 4, one of 5, two of each that is left
    # 4, 3 and 3 answers on three days of four; 10 / 3.5 * 4/3 = 3.8, 10 / 3 * 4/3 = 4.4
    "rate": {"days": 3, "per_day": 10 / 3, "slow": 3.0, "fast": 3.5, "calendar": 4 / 3, "last_day": 3},
    "expected_end": {"earliest": "2026-03-08", "latest": "2026-03-09", "why": None},
}
SAME = "all answers are the same: there is nothing to agree on beyond chance"
FEW = "2 clusters: an interval needs 10"  # units 0 and 1 are one story


def score(right: int, answered: int, of: int, low: float | None = None, high: float | None = None) -> dict[str, Any]:
    share = {"value": right / answered if answered else None, "low": low, "high": high}
    share |= {} if answered else {"why": "nothing was answered"}
    one = {"right": right, "unsure": 0, "answered": answered, "of": of, "share": share}
    return {**one, "questions": {"sky": one} if of else {}}


def alpha(units: int, twice: int, value: float | None, why: str) -> dict[str, Any]:
    return {"units": units, "units_with_two": twice, "alpha": {"value": value, "low": None, "high": None, "why": why}}


def test_the_status_of_a_round_is_the_one_worked_out_by_hand(study: Study) -> None:
    pull(study, "r", ANSWERS, "2026-03-04T12:00:00Z")
    wrong, right = (0.0, 0.793451), (0.206549, 1.0)  # Wilson for 0 and 1 of 1: 3.8415 / 4.8415
    nothing = score(0, 0, 0)
    assert status(study, "r") == {
        **PROGRESS,
        "threshold": 0.8,
        "annotators": [
            {
                "annotator": A,
                "active": True,
                **{"assigned": 9, "answered": 3, "skipped": 1, "left": 5, "lead_time_s": 20.0},
                **{"per_day": 4 / 3, "last_day": 1, "first": ONE, "last": THREE},
                "calibration": {**score(1, 1, 1, *right), "passed": True},
                "control": score(0, 1, 1, *wrong),
            },
            {
                "annotator": B,
                "active": True,
                **{"assigned": 9, "answered": 4, "skipped": 0, "left": 5, "lead_time_s": 30.0},
                **{"per_day": 4 / 3, "last_day": 1, "first": ONE, "last": THREE},
                "calibration": {**score(0, 1, 1, *wrong), "passed": False},
                "control": nothing,
            },
            {
                "annotator": C,
                "active": False,
                **{"assigned": 2, "answered": 1, "skipped": 0, "left": 1, "lead_time_s": 5.0},
                **{"per_day": 1.0, "last_day": 1, "first": ONE, "last": ONE},
                "calibration": {**nothing, "passed": None},
                "control": score(1, 1, 1, *right),
            },
            {
                "annotator": D,
                "active": False,
                **{"assigned": 0, "answered": 1, "skipped": 0, "left": 0, "lead_time_s": None},
                **{"per_day": 1.0, "last_day": 1, "first": THREE, "last": THREE},
                "calibration": {**nothing, "passed": None},
                "control": nothing,
            },
        ],
        # sky: clear-grey, clear-clear, grey-clear: 1 - 5 * 4 / (36 - 16 - 4)
        "agreement": {"questions": {"sky": alpha(5, 3, -0.25, FEW), "falls": alpha(6, 3, 1.0, FEW)}},
        "agreement_without_references": {
            "questions": {"sky": alpha(3, 1, None, SAME), "falls": alpha(4, 1, None, SAME)}
        },
        "retest": None,
    }
    assert overview(study) == [PROGRESS]


def test_a_round_that_was_never_pulled_has_a_status(study: Study) -> None:
    found = status(study, "r")
    assert {name: found[name] for name in PROGRESS} == {
        **PROGRESS,
        **{"pulled": None, "done": 0, "begun": 0, "skipped": 0, "left": 10, "answers": 0, "skips": 0},
        **{"remaining": 20, "rate": None},
        "expected_end": {"earliest": None, "latest": None, "why": "no answers yet"},
    }
    assert found["agreement"] is None
    assert [one["annotator"] for one in found["annotators"]] == [A, B, C]


def test_without_assignments_a_unit_is_to_have_as_many_answers_as_the_overlap(tmp_path: Path) -> None:
    study = a_study(tmp_path, 3, overlap=2)
    answers = [Answer(0, A, ONE, "clear"), Answer(0, B, ONE, "clear"), Answer(0, C, TWO, "clear")]
    pull(study, "r", [*answers, Answer(1, A, TWO, "clear")])
    found = status(study, "r")
    counts = ("done", "begun", "skipped", "left", "remaining", "answers")
    assert {name: found[name] for name in counts} == dict(zip(counts, (1, 1, 0, 1, 3, 4), strict=True))
    assert [(one["annotator"], one["active"], one["assigned"], one["left"]) for one in found["annotators"]] == [
        (A, True, None, None),
        (B, True, None, None),
        (C, True, None, None),
    ]
    assert found["agreement_without_references"] is None


def test_a_later_part_replaces_an_earlier_one_and_what_was_deleted_is_no_answer(study: Study) -> None:
    pull(study, "r", ANSWERS, "2026-03-04T12:00:00Z")
    pull(study, "r", [Answer(2, A, FOUR, "grey")], "2026-03-05T12:00:00Z", first=20)
    found = overview(study)[0]  # unit 2 lost both of its answers, and has a new one
    assert (found["done"], found["skipped"], found["begun"], found["answers"], found["skips"]) == (3, 0, 3, 9, 0)
    assert found["pulled"] == "2026-03-05T12:00:00Z"


def test_what_nobody_is_named_for_or_is_of_another_round_is_left_out(tmp_path: Path) -> None:
    study = a_study(tmp_path, 1)
    pull(study, "r", [Answer(7, A, ONE, "clear"), Answer(0, B, ONE, "clear")])
    pulls = study.rounds / "r" / "pulls"
    header = {name: value for name, value in parts.read(parts.listing(pulls)[0]).header.items() if name != "part"}
    nobody = {"id": 9, "result": [], "was_cancelled": False, "completed_by": {"pseudonym": None}}
    task = {"id": 500, "data": {"unit_id": document(0)}, "annotations": [nobody], "predictions": []}
    parts.append(pulls, header, [task], [])
    found = status(study, "r")
    assert (found["answers"], [one["annotator"] for one in found["annotators"]]) == (1, [B])


def test_a_skip_that_was_answered_later_is_an_answer(tmp_path: Path) -> None:
    study = a_study(tmp_path, 1)
    pull(study, "r", [Answer(0, A, ONE), Answer(0, A, TWO, "clear"), Answer(0, A, THREE, draft=True)])
    found = status(study, "r")
    assert (found["done"], found["answers"], found["skips"], found["rate"]["days"]) == (1, 1, 0, 1)


# the command


def run(study: Study, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    monkeypatch.chdir(study.root)
    group = typer.Typer()
    labels_status.register(group)
    result = CliRunner().invoke(group, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_the_command_prints_what_the_function_returns(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    pull(study, "r", ANSWERS, "2026-03-04T12:00:00Z")
    assert json.loads(run(study, monkeypatch, "status", "r", "--json")) == status(study, "r")
    assert json.loads(run(study, monkeypatch, "status", "--json")) == {"rounds": [PROGRESS]}


OVERVIEW = """\
round  scheme   units  done  begun  skipped  left  answers  a day  end                       pulled
new    weather     10     0      0        0    10        0      -  unknown: no answers yet   never
r      weather     10     3      2        1     4        9    3.3  2026-03-08 to 2026-03-09  2026-03-04T12:00:00Z
"""
TABLE = """\
round r: scheme weather; as of 2026-03-04T12:00:00Z
units: 10; 3 done, 2 begun, 1 skipped, 4 left
answers: 9 submitted, 1 skipped, 10 to come; 3.3 a day (3.0 to 3.5)
expected end: 2026-03-08 to 2026-03-09

annotator                        assigned  answered  skipped  left  median s  a day  last day  first       last        calibration  control
annotator-01                            9         3        1     5      20.0    1.3         1  2026-03-01  2026-03-03  1/1 passed   0/1 [0.00, 0.79]
annotator-02                            9         4        0     5      30.0    1.3         1  2026-03-01  2026-03-03  0/1 failed   -
annotator-03 (has left)                 2         1        0     1       5.0    1.0         1  2026-03-01  2026-03-01  -            1/1 [0.21, 1.00]
annotator-04 (not in the round)         0         1        0     0         -    1.0         1  2026-03-03  2026-03-03  -            -

agreement so far  units with two   alpha
sky                            3  -0.250
falls                          3   1.000

without known answers  units with two  alpha
sky                                 1      -
falls                               1      -
"""  # noqa: E501


def test_people_read_a_table(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    pull(study, "r", ANSWERS, "2026-03-04T12:00:00Z")
    scheme = read(study.schemes / "weather.yaml")
    articles = study.read("articles")
    tasks.write_round(study, "new", scheme, articles, documents(articles))
    assert run(study, monkeypatch, "status") == OVERVIEW
    assert run(study, monkeypatch, "status", "r") == TABLE


# on a real server


@pytest.mark.server
def test_answers_on_a_real_server_are_in_the_status_after_a_pull(
    tmp_path: Path, admin: Client, anna: Client, bert: Client
) -> None:
    study = a_study(tmp_path, 4, overlap=2)
    annotators.write(study.annotators, {"anna@example.org": A, "bert@example.org": B})
    assignments.assign_round(study, "r", named=[A, B])
    references.write(study.rounds / "r", [Reference(document(0), "sky", "calibration", ("clear",))])
    project = push_round(study, "r", client=admin)["project"]
    task = {found["data"]["unit_id"]: int(found["id"]) for found in admin.outline(project)}

    def sky(label: str) -> list[dict[str, Any]]:
        value = {"choices": [label]}
        return [{"id": "s", "from_name": "sky", "to_name": "text", "type": "choices", "value": value}]

    anna.submit(task[document(0)], sky("clear"), lead_time=4.0)
    bert.submit(task[document(0)], sky("grey"), lead_time=8.0)
    anna.submit(task[document(1)], sky("clear"), lead_time=6.0)
    bert.submit(task[document(1)], [], skipped=True)
    anna.submit(task[document(2)], [], skipped=True)
    before = status(study, "r")
    assert (before["left"], before["pulled"]) == (4, None)
    pull_round(study, "r", client=admin)

    found = status(study, "r")
    today = found["pulled"][:10]
    assert {name: found[name] for name in PROGRESS if name not in ("pulled", "rate")} == {
        **{"round": "r", "scheme": "weather", "retest_of": None, "adjudicates": [], "from_file": False, "units": 4},
        **{"done": 1, "begun": 1, "skipped": 1, "left": 1, "answers": 3, "skips": 2, "remaining": 3},
        "expected_end": {"earliest": None, "latest": None, "why": "only one day with answers"},
    }
    days = {"first": today, "last": today}
    names = ("annotator", "assigned", "answered", "skipped", "left", "lead_time_s", "last_day", "first", "last")
    assert [{name: one[name] for name in names} for one in found["annotators"]] == [
        dict(zip(names[:7], (A, 4, 2, 1, 1, 5.0, 3), strict=True)) | days,
        dict(zip(names[:7], (B, 4, 1, 1, 2, 8.0, 2), strict=True)) | days,
    ]
    assert found["agreement"]["questions"]["sky"]["units_with_two"] == 1
