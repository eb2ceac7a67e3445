"""Rounds with more than answers: a threshold and known answers; retests and adopted rounds, which are refused."""

import subprocess
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import little
from goldwire import template
from goldwire.cli import labels_migrate
from goldwire.errors import GoldwireError
from goldwire.files import write_text
from goldwire.labels import rounds
from goldwire.labels.foreign import mapping as foreign
from goldwire.labels.migrate.command import migrate
from goldwire.labels.migrate.known_answers import brought
from goldwire.labels.migrate.rules import Migration
from goldwire.labels.migrate.server_results import Mapped
from goldwire.labels.migrate.settle import line_of
from goldwire.labels.team import references
from goldwire.labels.team.references import Reference
from goldwire.study import Study
from migrating import FIRST, OLD, SECOND, decide, files, moved, newer, parse, pull, said, small_study


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return small_study(tmp_path)


def change(study: Study, **fields: object) -> None:
    folder = study.rounds / "r"
    rounds.write(folder, rounds.read(folder).model_copy(update=fields))


def known(unit: str, question: str, *labels: str) -> Reference:
    return Reference(f"{unit}/document", question, "calibration", labels)


def renamed_and_merged() -> Migration:
    """MEET is called CONSULT now, OTHER was put to FIGHT, NONE was split, flags x and z became one, w was retired."""
    new = newer(
        ("  - name: event\n", "  - name: main\n"),
        ("name: MEET,", "name: CONSULT,"),
        ("      - {name: OTHER, definition: anything else}\n", ""),
        (
            "{name: NONE, definition: nothing, role: negative}",
            "{name: VOID, definition: x}\n      - {name: NIL, definition: x}",
        ),
        ("{name: x, definition: x}, {name: z, definition: x}, {name: w", "{name: y, definition: x}, {name: xz"),
    )
    return moved(
        parse(OLD),
        parse(new),
        names={"event": "main"},
        labels={
            "event": {"MEET": "CONSULT", "OTHER": "FIGHT", "NONE": ["VOID", "NIL"]},
            "flags": {"x": "xz", "z": "xz", "w": None},
        },
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (known("a", "event", "MEET"), known("a", "main", "CONSULT")),  # renamed
        (known("a", "event", "FIGHT"), known("a", "main", "FIGHT")),  # the same, whatever was put to it
        (known("a", "event", "OTHER"), None),  # merged into another one
        (known("a", "event", "NONE"), None),  # split
        (known("a", "flags", "x"), None),  # merged
        (known("a", "flags", "x", "z"), None),
        (known("a", "flags", "w"), None),  # retired
        (known("a", "heat", "2"), known("a", "heat", "2")),
        (known("a", "themes", "arms/trade", "law"), known("a", "themes", "arms/trade", "law")),
        (known("a", "gone", "x"), None),
    ],
)
def test_a_known_answer_stays_known_when_its_labels_do(before: Reference, after: Reference | None) -> None:
    kept, left_out = brought([before, known("b", "heat", "1")], {"a/document"}, renamed_and_merged())
    assert (kept, left_out) == (([after], []) if after else ([], [before]))


def test_an_answer_is_not_known_when_its_label_became_an_abstention() -> None:
    new = newer(("{name: FIGHT, definition: they fight}", "{name: FIGHT, definition: they fight, role: unsure}"))
    migration = moved(parse(OLD), parse(new))
    assert brought([known("a", "event", "FIGHT")], {"a/document"}, migration) == ([], [known("a", "event", "FIGHT")])


def test_an_answer_of_several_labels_is_not_known_where_one_is_taken() -> None:
    several = "    type: multiple\n    required: false\n    labels: [{name: x,"
    migration = moved(parse(OLD), parse(newer((several, several.replace("    type: multiple\n", "")))))
    assert brought([known("a", "flags", "x", "z")], {"a/document"}, migration)[0] == []
    assert brought([known("a", "flags", "x")], {"a/document"}, migration)[0] == [known("a", "flags", "x")]


def test_the_new_round_keeps_the_threshold_and_the_known_answers_of_its_units(study: Study) -> None:
    change(study, threshold=0.8)
    references.write(
        study.rounds / "r",
        [known("a", "calm", "no"), known("a", "event", "FIGHT"), known("b", "event", "NONE")],
    )
    migrate(study, "r")
    decide(study, 'FIGHT: "?"', "FIGHT: [WAR, BRAWL]")
    left_out = [{"unit_id": "a/document", "question": "event", "labels": ["FIGHT"]}]
    before = files(study)
    assert migrate(study, "r", dry_run=True)["left_out"] == left_out
    assert files(study) == before
    done = migrate(study, "r")
    assert done["left_out"] == left_out
    folder = study.rounds / "r-2.0.0"
    assert rounds.read(folder).threshold == 0.8
    assert references.read(folder) == [known("a", "calm", "no")]

    told = [known("a", "calm", "yes"), known("a", "event", "WAR")]  # the user knows better, and then b is asked too
    references.write(folder, told)
    snapshot = files(study)
    assert migrate(study, "r") == done
    assert files(study) == snapshot
    references.write(study.rounds / "r", [known("a", "calm", "no"), known("b", "calm", "no")])
    pull(study, "r", a=[said(1, "ann", "FIGHT")], b=[said(3, "ann", "FIGHT", minute=9)])
    assert migrate(study, "r")["tasks"] == 2
    assert references.read(folder) == [*told, known("b", "calm", "no")]


def test_a_retest_becomes_no_round_whose_answers_would_count(study: Study) -> None:
    change(study, retest_of="first")
    before = files(study)
    for dry_run in (True, False):
        with pytest.raises(GoldwireError, match="round r is a retest of first") as caught:
            migrate(study, "r", dry_run=dry_run)
        assert caught.value.where == f"{study.rounds / 'r' / 'round.yaml'}: retest_of"
        assert str(caught.value.hint).startswith(
            "Bring the first round along: goldwire labels migrate first; the mapping"
        )
    assert files(study) == before
    assert migrate(study, "r", on_server=True, dry_run=True)["undecided"] == ["event: FIGHT (1 answers)"]


def test_an_adopted_round_is_refused_altogether(study: Study) -> None:
    control = foreign.ForeignControl(kind="question", name="event", key="choices")
    foreign.write(study.rounds / "r", foreign.Foreign(text="text", field="text", controls={"event": control}))
    other = study.root / "other.yaml"
    write_text(other, SECOND)
    write_text(study.schemes / "little.yaml", FIRST)
    before = files(study)
    for scheme, on_server in ((None, False), (None, True), (str(other), False), (str(other), True)):
        with pytest.raises(GoldwireError, match="changes nothing in it") as caught:
            migrate(study, "r", scheme=scheme, on_server=on_server)
        assert caught.value.where == str(study.rounds / "r" / "controls.yaml")
        assert str(caught.value.hint).endswith("merge labels with recode in params.yaml.")
    assert files(study) == before


def test_the_command_says_which_known_answers_are_left_out(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    app = typer.Typer()
    labels_migrate.register(app)
    app.callback()(lambda: None)
    monkeypatch.chdir(study.root)
    references.write(study.rounds / "r", [known("a", "event", "FIGHT")])
    migrate(study, "r")
    decide(study, 'FIGHT: "?"', "FIGHT: [WAR, BRAWL]")
    run = CliRunner().invoke(app, ["migrate", "r"])
    assert run.stderr == (
        "Warning: the known answer to event of a/document (FIGHT) is not brought along: it is not certain under "
        "little 2.0.0\n"
    )
    run = CliRunner().invoke(app, ["migrate", "r", "--insecure"])
    assert str(run.exception) == "--insecure goes with --in-place"


def test_the_journal_knows_people_by_number_only() -> None:
    ann = {"id": 7, "email": "ann@example.org", "first_name": "Ann", "last_name": "Lee", "avatar": None}
    one = {**little.annotation(9, "x"), "completed_by": ann}
    unit = little.task(3, "a", one)
    line = line_of("annotation", unit, one, Mapped())
    assert "example" not in str(line)
    renamed = {**one, "completed_by": {**ann, "email": "lee@example.org", "first_name": "Lee"}}
    assert line_of("annotation", unit, renamed, Mapped())["by"] == line["by"]
    assert line_of("annotation", unit, {**one, "completed_by": 7}, Mapped())["by"] == line["by"]
    assert line_of("annotation", unit, {**one, "completed_by": 8}, Mapped())["by"] != line["by"]


def test_git_does_not_see_the_journal(tmp_path: Path) -> None:
    study = template.create(tmp_path)
    journal = study.rounds / "r" / "migrating.jsonl"
    write_text(journal, "{}\n")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    shown = subprocess.run(
        ["git", "check-ignore", "labels/rounds/r/migrating.jsonl"], cwd=tmp_path, capture_output=True, text=True
    )
    assert shown.stdout == "labels/rounds/r/migrating.jsonl\n"
    assert "/labels/rounds/*/migrating.jsonl" in (tmp_path / ".dvcignore").read_text(encoding="utf-8").splitlines()


def test_units_that_a_model_chose_are_chosen_in_the_new_round_too(study: Study) -> None:
    change(study, chosen_by=["tfidf-logreg"])
    migrate(study, "r")
    decide(study, 'FIGHT: "?"', "FIGHT: [WAR, BRAWL]")
    migrate(study, "r")
    folder = study.rounds / "r-2.0.0"
    assert rounds.read(folder).chosen_by == ["tfidf-logreg"]
    change(study, chosen_by=["tfidf-nb"])
    pull(study, "r", a=[said(1, "ann", "FIGHT")], b=[said(3, "ann", "FIGHT", minute=9)])
    migrate(study, "r")
    assert rounds.read(folder).chosen_by == ["tfidf-logreg", "tfidf-nb"]
    change(study, chosen_by=[])
    with pytest.raises(GoldwireError, match=r"a model chose the units of round r-2\.0\.0, and not the other's"):
        migrate(study, "r")
