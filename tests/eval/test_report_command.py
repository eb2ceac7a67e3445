"""`goldwire eval report`: the page, tables for a paper, the schema; and what does not go together."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from goldwire.cli import evaluate_report
from goldwire.errors import GoldwireError, UsageError
from goldwire.eval import result, schema
from goldwire.study import Study
from reported import made_up

APP = typer.Typer()
APP.command()(lambda: None)  # with one command alone its name would not be asked for
evaluate_report.register(APP)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(APP, ["report", *arguments])


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """A study with the made-up result and nothing else."""
    found = Study(tmp_path / "study")
    found.results.mkdir(parents=True)
    found.params_file.write_text("{}\n", encoding="utf-8")
    result.write(made_up(), found.results)
    monkeypatch.chdir(found.root)
    return found


def test_the_page_links_to_the_server_that_is_named(study: Study) -> None:
    done = run("--link", "https://labels.example.org/", "--json")
    assert done.exit_code == 0, done.output
    value = json.loads(done.stdout)
    assert value["models"] == sorted(f"stance-made-up.stance.{model.name}" for model in made_up().models)
    assert str(study.report) in value["files"]
    assert 'href="https://labels.example.org/projects/7/data?task=100"' in study.report.read_text(encoding="utf-8")


def test_the_environment_changes_nothing(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABEL_STUDIO_URL", "https://labels.example.org")
    assert run().exit_code == 0
    assert "labels.example.org" not in study.report.read_text(encoding="utf-8")


def test_tables_for_a_paper_are_written_alone(study: Study) -> None:
    done = run("--latex", "paper/tables")
    assert done.exit_code == 0, done.output
    names = [f"paper/tables/stance-made-up.stance.{x}.tex" for x in ("ceiling", "comparisons", "labels", "models")]
    assert done.stdout.splitlines() == names
    assert all(Path(name).is_file() for name in names)
    assert not study.report.exists()


def test_the_schema_is_printed_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("--schema").stdout == schema.text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--schema", "--link", "https://e.org"], "--schema goes alone"),
        (["--latex", "x", "--link", "https://e.org"], "--link is for the page, and --latex writes none"),
        (["--latex", "params.yaml"], "--latex params.yaml is a file"),
    ],
)
def test_what_does_not_go_together(study: Study, arguments: list[str], message: str) -> None:
    error = run(*arguments).exception
    assert isinstance(error, UsageError)
    assert error.message == message
    assert sorted(path.name for path in study.eval.iterdir()) == ["results"]


def test_a_wrong_address_writes_nothing(study: Study) -> None:
    error = run("--link", "javascript:alert(1)").exception
    assert isinstance(error, GoldwireError)
    assert error.message == '"javascript:alert(1)" is not the address of a Label Studio'
    assert sorted(path.name for path in study.eval.iterdir()) == ["results"]


def test_results_of_a_scheme_that_was_changed_since_are_named(scored: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(scored.root)
    assert "Warning" not in run().stderr
    path = scored.schemes / "stance-small.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("For it.", "For it or leaning so."), encoding="utf-8")
    done = run()
    assert done.exit_code == 0, done.exception
    assert done.stderr == (
        "Warning: stance-small.stance was scored with another version of scheme stance-small; "
        "after labels gold and labels dataset, run: goldwire eval train, predict and score\n"
    )
