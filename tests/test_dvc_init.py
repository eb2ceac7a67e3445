"""A study as `goldwire init` makes it, under the real git and dvc: versions go out, come back, and are compared."""

import json
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from goldwire import tables
from goldwire.files import write_text
from goldwire.labels.tasks import write_round
from goldwire.labels.units import documents
from goldwire.scheme import parse
from goldwire.study import Study
from pulled import SCHEME, A, Answer, B, document, pull

pytestmark = [pytest.mark.dvc, pytest.mark.timeout(1800)]  # it is the whole way, on any machine

HELD = ["corpus/articles.parquet", "labels/rounds/r/tasks.jsonl", "labels/rounds/r/pulls"]
SKY = {"clear": ["sun", "bright", "blue", "warm"], "grey": ["cloud", "dull", "mist", "damp"]}
NUMBER = 24


@pytest.fixture(scope="module")
def shell(no_network: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment with our programs first, in which dvc and git know no user's settings and nobody is called."""
    home = tmp_path_factory.mktemp("home")
    own = {f"DVC_{name}_DIR": str(home / name) for name in ("SITE_CACHE", "GLOBAL_CONFIG", "SYSTEM_CONFIG")}
    own |= {f"GIT_{who}_{what}": "a@users.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    own |= {"HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1", "DVC_NO_ANALYTICS": "1", "DVC_TEST": "true"}
    return {**no_network, **own, "PATH": f"{Path(sys.executable).parent}:{no_network['PATH']}"}


def run(folder: Path, env: dict[str, str], *command: str) -> str:
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def articles() -> list[dict[str, str]]:
    """Short articles, written for the test: odd ones tell of a clear sky, even ones of a grey one."""
    draw = random.Random(0)
    return [
        {
            "article_id": f"a{n:02}",
            "title": f"Weather in place {n}",
            "text": " ".join([*draw.choices(SKY[sky(n)], k=8), *(f"name{n}x{k}" for k in range(12))]) + ".",
            "outlet": ("East", "West", "North")[n % 3],
            "published_at": f"2024-05-{n + 1:02}",
        }
        for n in range(NUMBER)
    ]


def sky(number: int) -> str:
    return "clear" if number % 2 else "grey"


def answers(unit: int, bea: str, falls: tuple[str, ...] = ()) -> list[Answer]:
    """Both annotators' answers to a unit; Ann is always right."""
    said = falls or (("rain",) if unit % 3 == 0 else ())
    return [Answer(unit, A, "2026-03-01", sky(unit), said), Answer(unit, B, "2026-03-01", bea, said)]


def change(study: Study, old: str, new: str) -> None:
    text = study.params_file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    study.params_file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def made(shell: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Two commits of a study, v0.1.0 and v0.2.0, pushed to a local remote."""
    top = tmp_path_factory.mktemp("init")
    root = top / "study"
    run(top, shell, "goldwire", "init", "study", "--ci")
    study = Study(root)
    run(root, shell, "git", "init", "--quiet", "--initial-branch", "main")
    run(root, shell, "dvc", "init", "--quiet")
    run(root, shell, "dvc", "remote", "add", "--quiet", "--default", "store", str(top / "store"))
    write_text(top / "new.jsonl", "".join(json.dumps(row) + "\n" for row in articles()))
    run(root, shell, "goldwire", "corpus", "import", str(top / "new.jsonl"))
    scheme = study.schemes / "weather.yaml"
    write_text(scheme, SCHEME)
    held = study.read("articles")
    write_round(study, "r", parse(SCHEME, str(scheme)), held, documents(held), overlap=2)
    change(study, "resamples: 1000", "resamples: 100")
    pull(study, "r", [one for n in range(NUMBER) for one in answers(n, "grey" if n == 7 else sky(n))])
    keep(study, shell, "v0.1.0")
    later = [*answers(7, "clear"), *answers(0, "grey", ("hail", "rain"))]
    pull(study, "r", later, at="2026-03-11T12:00:00Z", first=100)
    change(study, "version: 0.1.0", "version: 0.2.0")
    keep(study, shell, "v0.2.0")
    return study


def keep(study: Study, shell: dict[str, str], tag: str) -> None:
    run(study.root, shell, "dvc", "add", "--quiet", *HELD)
    run(study.root, shell, "dvc", "repro", "--quiet")
    run(study.root, shell, "dvc", "push", "--quiet")
    run(study.root, shell, "git", "add", "--all")
    run(study.root, shell, "git", "commit", "--quiet", "-m", tag)
    run(study.root, shell, "git", "tag", tag)


@pytest.fixture
def clone(made: Study, shell: dict[str, str], tmp_path: Path) -> Study:
    """A fresh clone with the data of its revision."""
    run(tmp_path, shell, "git", "clone", "--quiet", str(made.root), "clone")
    run(tmp_path / "clone", shell, "dvc", "pull", "--quiet")
    return Study(tmp_path / "clone")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def ran(out: str) -> list[str]:
    return re.findall(r"^Running stage '([\w-]+)':", out, re.MULTILINE)


def leaves(value: Any, path: str = "") -> list[tuple[str, Any]]:
    if not isinstance(value, dict):
        return [(path, value)]
    return [leaf for key, inner in value.items() for leaf in leaves(inner, f"{path}.{key}" if path else key)]


def answer_of(study: Study, unit: int) -> Any:
    (row,) = [
        row for row in study.read("gold").to_pylist() if (row["unit_id"], row["question"]) == (document(unit), "sky")
    ]
    return row["labels"], row["decided_by"]


def test_a_clone_has_everything_and_nothing_to_do(made: Study, clone: Study, shell: dict[str, str]) -> None:
    assert ran(run(clone.root, shell, "dvc", "repro")) == []
    assert "up to date" in run(clone.root, shell, "dvc", "status")
    for folder in ("corpus", "labels", "eval"):
        assert contents(clone.root / folder) == contents(made.root / folder), folder
    assert run(clone.root, shell, "git", "status", "--porcelain") == ""


def test_an_older_version_comes_back_and_goes_again(made: Study, clone: Study, shell: dict[str, str]) -> None:
    assert answer_of(clone, 7) == (["clear"], "unanimous")
    run(clone.root, shell, "git", "checkout", "--quiet", "v0.1.0")
    run(clone.root, shell, "dvc", "fetch", "--quiet")
    run(clone.root, shell, "dvc", "checkout", "--quiet")
    assert answer_of(clone, 7) == ([], "unresolved")
    assert "dataset:0.1.0|" in (clone.dataset / "README.md").read_text(encoding="utf-8")
    assert ran(run(clone.root, shell, "dvc", "repro")) == []
    run(clone.root, shell, "git", "checkout", "--quiet", "main")
    run(clone.root, shell, "dvc", "checkout", "--quiet")
    assert contents(clone.labels) == contents(made.labels)


def test_versions_are_compared_with_the_data_of_the_remote(clone: Study, shell: dict[str, str]) -> None:
    found = json.loads(run(clone.root, shell, "goldwire", "labels", "diff", "HEAD~1", "HEAD", "--json"))
    vote = {"annotator": B, "from": ["grey"], "to": ["clear"]}
    assert found["labels"]["weather.sky"]["changed"] == [
        {
            "unit_id": document(7),
            "from": None,
            "to": ["clear"],
            "decided_by": {"from": "unresolved", "to": "unanimous"},
            "by": [B],
            "votes": [vote],
        }
    ]
    assert [row["unit_id"] for row in found["labels"]["weather.falls"]["changed"]] == [document(0)]
    assert found["votes"]["annotators"] == {
        A: {"added": 0, "removed": 0, "changed": 1},
        B: {"added": 0, "removed": 0, "changed": 2},
    }
    assert found["params"] == [{"param": "version", "from": "0.1.0", "to": "0.2.0"}]
    assert "weather.sky" in {row["of"] for row in found["agreement"]}
    assert [found["units"][name] for name in ("added", "removed", "moved", "left_out")] == [[], [], [], []]
    same = run(clone.root, shell, "goldwire", "labels", "diff", "v0.2.0")
    assert "\n\nNothing changed.\n" in same
    entry = run(clone.root, shell, "goldwire", "labels", "diff", "v0.1.0", "v0.2.0", "--changelog")
    assert re.match(r"## \[0\.2\.0\] - \d{4}-\d\d-\d\d\n\n### Changed\n\n- ", entry)
    dataset = run(clone.root, shell, "goldwire", "labels", "diff", "v0.1.0", "labels/dataset", "--json")
    assert json.loads(dataset)["labels"] == found["labels"]


def test_metrics_and_plots_are_compared(clone: Study, shell: dict[str, str]) -> None:
    found = json.loads(run(clone.root, shell, "dvc", "metrics", "diff", "--json", "--all", "v0.1.0", "v0.2.0"))
    shown = {}
    for tag, end in (("v0.1.0", "old"), ("v0.2.0", "new")):
        kept = json.loads(run(clone.root, shell, "git", "show", f"{tag}:eval/metrics.json"))
        shown[end] = dict(leaves(kept))
    compared = found["eval/metrics.json"]
    assert {name for name in compared if name.endswith("macro-f1")} == {
        "weather.falls.majority.macro-f1",
        "weather.sky.majority.macro-f1",
        "weather.sky.tfidf-logreg.macro-f1",
    }
    assert compared == {
        name: {"old": shown["old"][name], "new": new, "diff": pytest.approx(new - shown["old"][name], abs=1e-9)}
        for name, new in shown["new"].items()
        if isinstance(new, int | float)
    }
    run(clone.root, shell, "dvc", "plots", "diff", "v0.1.0", "v0.2.0")
    page = (clone.root / "dvc_plots" / "index.html").read_text(encoding="utf-8")
    drawn = re.findall(r'<div id ?= ?"([^"]+)"', page)
    plots = list((clone.eval / "plots").rglob("*.json"))
    names = {p: f"eval_plots_{p.parent.name}_{p.stem.replace('.', '_')}_json" for p in plots}
    full = {name for path, name in names.items() if json.loads(path.read_text(encoding="utf-8"))}
    assert full <= set(drawn) <= set(names.values())
    assert {"eval_plots_confusion_weather_sky_json", "eval_plots_models_weather_falls_json"} <= set(drawn)
    assert page.count('"v0.1.0"') > 1
    assert page.count('"v0.2.0"') > 1


def test_an_experiment_runs_what_its_parameter_touches(clone: Study, shell: dict[str, str]) -> None:
    before = contents(clone.labels / "tables")
    out = run(clone.root, shell, "dvc", "exp", "run", "--name", "by-time", "-S", "splits.by=time")
    assert {"dataset", "train", "predict", "score", "report"} <= set(ran(out))
    assert {"build", "agreement", "gold"}.isdisjoint(ran(out))
    assert "by: time" in clone.params_file.read_text(encoding="utf-8")
    found = json.loads(run(clone.root, shell, "goldwire", "labels", "diff", "HEAD", "by-time", "--json"))
    assert found["params"] == [{"param": "splits.by", "from": "random", "to": "time"}]
    assert found["labels"] == {}
    assert found["units"]["moved"]
    days = {row["article_id"]: row["published_at"] for row in clone.read("articles").to_pylist()}
    when: dict[str, list[Any]] = {"train": [], "validation": [], "test": []}
    for row in clone.read("splits").to_pylist():
        when[row["split"]].append(days[row["unit_id"].partition("/")[0]])
    assert max(when["train"]) < min(when["validation"]) <= max(when["validation"]) < min(when["test"])
    after = contents(clone.labels / "tables")
    assert [name for name in before if before[name] != after[name]] == ["splits.parquet"]
    shown = json.loads(run(clone.root, shell, "dvc", "exp", "diff", "--json", "HEAD", "by-time"))
    assert shown["params"]["params.yaml"]["splits.by"] == {"old": "random", "new": "time"}


def test_the_workflow_runs_in_a_pull_request_of_a_study(clone: Study, shell: dict[str, str], tmp_path: Path) -> None:
    """Every step but the installing and the posting, as a runner's shell runs it."""
    workflow = yaml.safe_load((clone.root / ".github" / "workflows" / "goldwire.yml").read_text(encoding="utf-8"))
    run(clone.root, shell, "git", "checkout", "--quiet", "-b", "change", "v0.1.0")
    run(clone.root, shell, "git", "reset", "--quiet", "--hard", "origin/main")
    run(clone.root, shell, "git", "update-ref", "refs/remotes/origin/base", "v0.1.0")
    shutil.rmtree(clone.root / ".dvc" / "cache")
    env = {**shell, **workflow["env"], "BASE": "origin/base", "RUNNER_TEMP": str(tmp_path)}
    env["GITHUB_STEP_SUMMARY"] = str(tmp_path / "summary.md")
    steps = {step["name"]: step for step in workflow["jobs"]["check"]["steps"] if "run" in step}
    assert steps.pop("Install")["run"].startswith('python -m pip install --quiet "goldwire[dvc]>=')
    for name, step in steps.items():
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=clone.root,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{name}\n{done.stdout}\n{done.stderr}"
    comment = (tmp_path / "comment.md").read_text(encoding="utf-8")
    assert comment == (tmp_path / "summary.md").read_text(encoding="utf-8")
    lines = comment.splitlines()
    assert lines[0] == "<!-- goldwire -->"
    assert lines[1].startswith("### Labels: `origin/base (")
    assert f"| `{document(7)}` | `unresolved` | `clear` | `unresolved -> unanimous` | `{B}` |" in lines
    assert lines[lines.index("### Checks") + 2].startswith("    ")
    assert run(clone.root, shell, "git", "status", "--porcelain") == ""
    assert (clone.eval / "report.md").read_text(encoding="utf-8") in comment


def test_the_workflow_fails_where_the_results_are_not_those_of_the_parameters(
    clone: Study, shell: dict[str, str]
) -> None:
    workflow = yaml.safe_load((clone.root / ".github" / "workflows" / "goldwire.yml").read_text(encoding="utf-8"))
    steps = {step["name"]: step for step in workflow["jobs"]["check"]["steps"] if "run" in step}
    change(clone, "Labelled news articles", "Other articles")
    run(clone.root, shell, "dvc", "repro", "--quiet", "dataset")
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", steps["Check that they were"]["run"]],
        cwd=clone.root,
        env=shell,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "::error::what is committed is not what the data and params.yaml give" in done.stdout
    assert " M dvc.lock\n" in done.stdout


def test_no_one_is_named_in_what_is_kept(made: Study, shell: dict[str, str]) -> None:
    listed = run(made.root, shell, "git", "ls-files").splitlines()
    assert not [name for name in listed if name.endswith((".parquet", ".jsonl", ".csv"))]
    assert tables.read(made.table("votes"), "votes").num_rows > 0
    assert os.access(made.root / ".github" / "workflows" / "goldwire.yml", os.R_OK)
