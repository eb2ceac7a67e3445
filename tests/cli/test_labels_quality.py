"""`goldwire labels annotators report`: text, JSON, page, and people only where they are asked for."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from goldwire.cli import labels_quality
from goldwire.errors import GoldwireError, UsageError
from goldwire.labels import stages
from goldwire.labels.team import annotators
from goldwire.study import Study
from pulled import A, Answer, B, a_study, pull

EMAILS = {"anna@example.org": A, "user-7@project-12": B}


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    made = a_study(tmp_path / "study", 3, overlap=2)
    pull(
        made, "r", [Answer(n, who, "2026-03-01", "grey" if who == A else "clear") for n in range(3) for who in (A, B)]
    )
    stages.build(made)
    annotators.write(made.annotators, EMAILS)
    monkeypatch.chdir(made.root)
    return made


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer()
    labels_quality.register(made)
    made.command("other")(lambda: None)  # or Typer would not have groups
    return made


def run(app: typer.Typer, *arguments: str) -> tuple[str, str]:
    ran = CliRunner().invoke(app, ["report", *arguments])
    if ran.exception is not None:
        raise ran.exception
    return ran.stdout, ran.stderr


def files(study: Study) -> set[Path]:
    return {path for path in study.root.rglob("*") if path.is_file()}


def test_text_says_who_differs_in_what(app: typer.Typer, study: Study) -> None:
    text, _ = run(app)
    head, finding, confusion, blank, header, first, *_ = text.splitlines()
    assert head == "sky: 6 answers, 3 of 3 units with two"
    assert finding == "- No annotator gives a label clearly more or less often than the others on the same units."
    assert confusion.startswith(
        f"- The most frequent confusion: where {A} says grey, others say clear (3 units' worth"
    )
    assert blank == ""
    assert header.split()[:3] == ["annotator", "answers", "shared"]
    assert first.split()[:4] == [A, "3", "3", "0.000"]


def test_without_names_no_address_is_anywhere(app: typer.Typer, study: Study, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    text, said = run(app, "r", "-o", str(page))
    value, _ = run(app, "r", "--json")
    assert json.loads(value)["round"] == "r"
    for output in (text, said, value, page.read_text(encoding="utf-8")):
        assert "@" not in output.replace("@media", "")


def test_names_stand_beside_pseudonyms_with_a_warning_and_in_no_file_of_the_study(
    app: typer.Typer, study: Study, tmp_path: Path
) -> None:
    before, page = files(study), tmp_path / "page.html"
    text, said = run(app, "--names", "-o", str(page))
    assert "anna@example.org" in text
    assert "project-12" not in text  # the number of an account is nobody's address
    assert f"Warning: this output, and {page}, names people" in said
    assert "<small>anna@example.org</small>" in page.read_text(encoding="utf-8")
    assert "This page names people" in page.read_text(encoding="utf-8")
    value, _ = run(app, "--names", "--json")
    people = json.loads(value)["questions"]["sky"]["annotators"]
    assert [(one["annotator"], one["email"]) for one in people] == [(A, "anna@example.org"), (B, None)]
    assert files(study) == before
    written = [path for path in files(study) if b"anna@example.org" in path.read_bytes()]
    assert written == [study.annotators]


@pytest.mark.parametrize("folder", [".", "labels/tables", "labels/schemes", "labels/rounds/r", "eval"])
def test_names_are_not_written_into_the_study(app: typer.Typer, study: Study, folder: str) -> None:
    with pytest.raises(UsageError, match="--names writes addresses"):
        run(app, "--names", "-o", f"{folder}/page.html")
    assert not (study.root / folder / "page.html").exists()


def test_a_plain_table_has_columns_and_no_names(app: typer.Typer, tmp_path: Path) -> None:
    votes = tmp_path / "votes.csv"
    votes.write_text("item,who,said,at,took\nu,a,x,2026-03-01,3\nu,b,y,2026-03-02,4\n", encoding="utf-8")
    columns = ["--unit", "item", "--annotator", "who", "--label", "said", "--time", "at", "--seconds", "took"]
    value = json.loads(run(app, str(votes), *columns, "--json")[0])
    assert list(value["questions"]) == ["said"]
    assert value["questions"]["said"]["speed"]["median_s"] == 3.5
    with pytest.raises(UsageError, match="--names is for the annotators of a study"):
        run(app, str(votes), "--names")
    with pytest.raises(GoldwireError, match='there is no column "unit_id" or "task"'):
        run(app, str(votes))


def test_columns_are_for_a_table_only(app: typer.Typer, study: Study) -> None:
    with pytest.raises(UsageError, match="--time goes with VOTES, a table of one's own"):
        run(app, "r", "--time", "created")


def test_a_table_that_is_not_there_is_an_error(app: typer.Typer, tmp_path: Path) -> None:
    with pytest.raises(GoldwireError, match="the file is not there"):
        run(app, str(tmp_path / "none.csv"))
