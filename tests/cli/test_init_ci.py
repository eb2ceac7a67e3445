"""The workflow that `goldwire init --ci` writes."""

import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from commanding import Command, in_empty_folder
from goldwire import __version__
from goldwire.cli.reference import commands
from goldwire.template import _versions

WORKFLOW = Path(".github", "workflows", "goldwire.yml")
MADE = ["params.yaml", "dvc.yaml", ".gitignore", ".dvcignore"]


@pytest.fixture
def init(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    with in_empty_folder(["init"], tmp_path, monkeypatch, capsys) as run:
        yield run


def parsed(path: Path) -> dict[str, Any]:
    """The workflow, as YAML 1.1 reads it: the key `on` is true."""
    value: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {"on" if key is True else key: inner for key, inner in value.items()}


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def test_without_ci_there_is_no_workflow(init: Command, tmp_path: Path) -> None:
    assert init("s").code == 0
    assert not (tmp_path / "s" / ".github").exists()


def test_with_ci_a_study_is_made_too(init: Command, tmp_path: Path) -> None:
    run = init("s", "--ci")
    assert (run.code, run.out) == (0, "cd s && git init && dvc init\ngoldwire corpus import YOUR_ARTICLES\n")
    assert [name for name in MADE if not (tmp_path / "s" / name).is_file()] == []
    assert f"Wrote {tmp_path / 's' / WORKFLOW}, which checks every pull request" in run.err


def test_a_study_that_is_there_gets_only_the_workflow(init: Command, tmp_path: Path) -> None:
    init("s")
    (tmp_path / "s" / "params.yaml").write_text("seed: 3\n")
    run = init("s", "--ci")
    assert (run.code, run.out) == (0, "")
    assert (tmp_path / "s" / "params.yaml").read_text() == "seed: 3\n"
    assert (tmp_path / "s" / WORKFLOW).is_file()


def test_a_workflow_that_is_there_stays(init: Command, tmp_path: Path) -> None:
    path = tmp_path / "s" / WORKFLOW
    path.parent.mkdir(parents=True)
    path.write_text("name: ours\n")
    run = init("s", "--ci")
    assert (run.code, path.read_text()) == (1, "name: ours\n")
    assert run.err.startswith(f"Error: {tmp_path / 's'}: {WORKFLOW} already there, nothing was written\n")
    assert not (tmp_path / "s" / "params.yaml").exists()


def test_in_a_repository_further_up_the_workflow_is_at_its_root(init: Command, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert init("studies/weather", "--ci").code == 0
    workflow = parsed(tmp_path / ".github" / "workflows" / "goldwire-studies-weather.yml")
    assert workflow["defaults"]["run"]["working-directory"] == "studies/weather"
    assert not (tmp_path / "studies" / "weather" / ".github").exists()


def test_the_workflows_of_two_studies_do_not_stop_one_another_nor_share_a_comment(
    init: Command, tmp_path: Path
) -> None:
    (tmp_path / ".git").mkdir()
    for name in ("one", "two"):
        init(name, "--ci")
    paths = sorted((tmp_path / ".github" / "workflows").iterdir())
    one, two = map(parsed, paths)
    assert (one["name"], one["env"]["MARK"]) == ("goldwire one", "<!-- goldwire one -->")
    assert one["concurrency"]["group"] == "goldwire one ${{ github.ref }}"
    for key in ("name", "concurrency", "env"):
        assert one[key] != two[key]


@pytest.mark.parametrize("name", ['a"b', "$(touch x)", "a`b", "a\\b", "x-->", "${{ secrets }}", "a*"])
def test_a_folder_that_would_be_more_than_a_name_is_refused(init: Command, tmp_path: Path, name: str) -> None:
    (tmp_path / ".git").mkdir()
    run = init(name, "--ci")
    assert (run.code, f"a workflow cannot name the folder {name}" in run.err) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == [".git"]


@pytest.mark.parametrize("size", [60_000, 59_999])
def test_a_long_comment_is_cut_between_two_characters(workflow: dict[str, Any], tmp_path: Path, size: int) -> None:
    (script,) = [step["run"] for step in steps(workflow) if step.get("name") == "Write the comment"]
    (tmp_path / "eval").mkdir()
    mark = "<!-- goldwire -->"
    before = "\n".join([mark, "", "### Checks", "", "    ok", "", ""])
    (tmp_path / "eval" / "report.md").write_text("x" * (size - len(before) - 1) + "é" * 9, encoding="utf-8")
    (tmp_path / "audit.txt").write_text("ok\n")
    own = {"MARK": mark, "BASE": "b", "RUNNER_TEMP": str(tmp_path), "GITHUB_STEP_SUMMARY": str(tmp_path / "s.md")}
    subprocess.run(
        ["bash", "-eo", "pipefail", "-c", f"goldwire() {{ :; }}\n{script}"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], **own},
        check=True,
    )
    comment = (tmp_path / "comment.md").read_bytes()
    assert len(comment) == {60_000: 59_999, 59_999: 60_000}[size]
    assert comment.decode().startswith(before)
    assert (tmp_path / "s.md").read_text(encoding="utf-8").endswith("é" * 9)


def test_nothing_is_posted_where_there_is_no_comment_or_a_fork(workflow: dict[str, Any]) -> None:
    check, comment = workflow["jobs"]["check"], workflow["jobs"]["comment"]
    assert check["outputs"] == {"comment": "${{ steps.hand-over.outcome }}"}
    assert [step["id"] for step in check["steps"] if "upload" in step.get("uses", "")] == ["hand-over"]
    assert "needs.check.outputs.comment == 'success'" in comment["if"]
    assert "github.event.pull_request.head.repo.full_name == github.repository" in comment["if"]


@pytest.fixture
def workflow(init: Command, tmp_path: Path) -> dict[str, Any]:
    init("s", "--ci")
    text = (tmp_path / "s" / WORKFLOW).read_text(encoding="utf-8")
    assert re.findall(r"@[A-Z]+@", text) == []
    return parsed(tmp_path / "s" / WORKFLOW)


def test_what_runs_a_pull_request_may_not_write_and_what_writes_runs_none_of_it(workflow: dict[str, Any]) -> None:
    assert (workflow["on"], workflow["permissions"]) == ({"pull_request": None}, {})
    check, comment = workflow["jobs"]["check"], workflow["jobs"]["comment"]
    assert check["permissions"] == {"contents": "read"}
    assert comment["permissions"] == {"pull-requests": "write"}
    assert check["steps"][0]["with"]["persist-credentials"] is False
    posting = "\n".join(step.get("run", "") for step in comment["steps"])
    assert not re.search(r"goldwire |dvc |python", posting)
    assert [step["uses"] for step in comment["steps"] if "uses" in step] == ["actions/download-artifact@v7"]


def test_only_githubs_own_actions_are_used(workflow: dict[str, Any]) -> None:
    used = [step["uses"] for step in steps(workflow) if "uses" in step]
    assert len(used) == 4
    assert [name for name in used if not re.fullmatch(r"actions/[a-z-]+@v\d+", name)] == []


def test_no_text_of_a_pull_request_is_put_into_a_script(workflow: dict[str, Any]) -> None:
    scripts = [step["run"] for step in steps(workflow) if "run" in step]
    assert [script for script in scripts if "${{" in script] == []
    for script in scripts:
        subprocess.run(["bash", "-n", "-c", script], check=True)


def test_every_goldwire_command_in_it_exists_with_its_options(workflow: dict[str, Any]) -> None:
    known = dict(commands())
    called = [
        shlex.split(line.partition("||")[0].partition("2>")[0])
        for step in steps(workflow)
        for line in step.get("run", "").splitlines()
        if line.strip().startswith("goldwire ")
    ]
    assert [words[:3] for words in called] == [
        ["goldwire", "eval", "audit"],
        ["goldwire", "labels", "diff"],
    ]
    for words in called:
        usage = known[" ".join(words[:3])]
        assert [word for word in words if word.startswith("--") and word not in usage] == []


@pytest.mark.parametrize(
    ("version", "versions"),
    [("0.1.0", ">=0.1.0,<0.2"), ("0.12.3", ">=0.12.3,<0.13"), ("1.2.3", ">=1.2.3,<2"), ("2.0.0rc1", ">=2.0.0rc1,<3")],
)
def test_the_versions_are_those_that_do_the_same(version: str, versions: str) -> None:
    assert _versions(version) == versions


def test_the_installed_version_is_pinned(workflow: dict[str, Any]) -> None:
    (install,) = [step["run"] for step in steps(workflow) if step.get("name") == "Install"]
    assert install == f'python -m pip install --quiet "goldwire[dvc]{_versions(__version__)}"'
