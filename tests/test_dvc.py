"""A study under the real dvc and git: what runs, what does not run again, and what each of them keeps."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from goldwire import tables
from goldwire.study import Study

pytestmark = [pytest.mark.dvc, pytest.mark.server]  # the study is the demonstration's, made with a server

STAGES = ["build", "agreement", "gold", "dataset", "train", "predict", "score", "curve", "suspects", "report"]
ROUNDS = ["events", "events-disputes", "stance", "stance-disputes"]
PARTS = [f"labels/rounds/{name}/pulls" for name in ROUNDS]
TASKS = [f"labels/rounds/{name}/tasks.jsonl" for name in ROUNDS]
SHOWN = [f"labels/rounds/{name}/{file}.jsonl" for name in ROUNDS[1::2] for file in ("disputes", "shown")]


@pytest.fixture(scope="module")
def shell(no_network: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment with our programs first, in which dvc and git know no user and nobody is called."""
    home = tmp_path_factory.mktemp("home")
    own = {f"DVC_{name}_DIR": str(home / name) for name in ("SITE_CACHE", "GLOBAL_CONFIG", "SYSTEM_CONFIG")}
    return {
        **no_network,
        **own,
        "PATH": f"{Path(sys.executable).parent}:{no_network['PATH']}",
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "DVC_NO_ANALYTICS": "1",
        "DVC_TEST": "true",  # no look for a newer version
    }


def run(*command: str, cwd: Path, env: dict[str, str]) -> str:
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def repro(folder: Path, env: dict[str, str]) -> list[str]:
    """The stages that `dvc repro` ran, in their order in dvc.yaml."""
    ran = re.findall(r"^Running stage '(\w+)':", run("dvc", "repro", cwd=folder, env=env), re.MULTILINE)
    assert len(set(ran)) == len(ran)
    return sorted(ran, key=STAGES.index)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def reproduced(
    demonstration: Path, shell: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[str]]:
    """The demonstration under git and dvc after its first `dvc repro`, and the stages that ran."""
    folder = tmp_path_factory.mktemp("dvc") / "study"
    shutil.copytree(demonstration, folder)
    run("git", "init", "--quiet", cwd=folder, env=shell)
    run("dvc", "init", "--quiet", cwd=folder, env=shell)
    return folder, repro(folder, shell)


@pytest.fixture
def study(reproduced: tuple[Path, list[str]], tmp_path: Path) -> Study:
    """A copy, to be changed."""
    return Study(Path(shutil.copytree(reproduced[0], tmp_path / "study", symlinks=True)))


def change(study: Study, old: str, new: str) -> None:
    text = study.params_file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    study.params_file.write_text(text.replace(old, new), encoding="utf-8")


def test_repro_runs_every_stage_and_makes_what_the_demonstration_made(
    reproduced: tuple[Path, list[str]], demonstration: Path
) -> None:
    folder, ran = reproduced
    assert ran == STAGES
    for made in ("labels/dataset", "eval/results", "eval/plots"):
        assert contents(folder / made) == contents(demonstration / made), made
    for made in ("eval/report.html", "eval/report.md", "eval/metrics.json", "labels/tables/agreement.json"):
        assert (folder / made).read_bytes() == (demonstration / made).read_bytes(), made


def test_a_second_repro_runs_nothing(study: Study, shell: dict[str, str]) -> None:
    assert repro(study.root, shell) == []
    assert "up to date" in run("dvc", "status", cwd=study.root, env=shell)


def test_making_everything_again_changes_no_byte(study: Study, shell: dict[str, str]) -> None:
    """dvc.lock has the hash of every file that a stage reads or writes."""
    before = (study.root / "dvc.lock").read_text(encoding="utf-8")
    run("dvc", "repro", "--force", "--quiet", cwd=study.root, env=shell)
    assert (study.root / "dvc.lock").read_text(encoding="utf-8") == before


def test_merging_two_labels_reruns_everything_but_the_folding_of_votes(study: Study, shell: dict[str, str]) -> None:
    merged = "{event-plover: {main_event: {ACCUSE: VERBAL_CONFLICT, REJECT: VERBAL_CONFLICT}}}"
    change(study, "recode: {}", f"recode: {merged}")
    assert repro(study.root, shell) == STAGES[1:]
    names = main_events(study, shell)
    assert names.count("VERBAL_CONFLICT") == 1
    assert not {"ACCUSE", "REJECT"} & set(names)
    gold = [row for row in study.read("gold").to_pylist() if row["question"] == "main_event"]
    assert "VERBAL_CONFLICT" in {label for row in gold for label in row["labels"] or ()}
    assert "VERBAL_CONFLICT" in study.report.read_text(encoding="utf-8")
    assert repro(study.root, shell) == []


def main_events(study: Study, env: dict[str, str]) -> list[str]:
    """The label names of the dataset's wide config, as Hugging Face datasets knows them."""
    code = (
        "import datasets, json\n"
        "wide = datasets.load_dataset('labels/dataset', 'gold-event-plover', split='train')\n"
        "print(json.dumps(wide.features['main_event'].names))"
    )
    names: list[str] = json.loads(run(sys.executable, "-c", code, cwd=study.root, env={**env, "HF_HUB_OFFLINE": "1"}))
    return names


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: goldwire sample corpus (demonstration data)", "title: Another name"),
        ("An invented world, hard cases", "Another limit, hard cases"),
    ],
)
def test_a_word_on_the_card_reruns_what_prints_it(study: Study, shell: dict[str, str], old: str, new: str) -> None:
    change(study, old, new)
    assert repro(study.root, shell) == ["dataset", "score", "report"]
    said = new.removeprefix("title: ")
    for made in (study.dataset / "README.md", study.report, study.report.with_suffix(".md")):
        assert said in made.read_text(encoding="utf-8"), made


def test_more_resamples_touch_no_label_and_no_model(study: Study, shell: dict[str, str]) -> None:
    change(study, "resamples: 1000", "resamples: 200")
    assert repro(study.root, shell) == ["agreement", "dataset", "score", "curve", "report"]


def test_predictions_of_another_model_stay_and_are_scored(study: Study, shell: dict[str, str]) -> None:
    ours = study.predictions / "stance-target.stance.ours.parquet"
    shutil.copy(study.predictions / "stance-target.stance.tfidf-logreg.parquet", ours)
    assert repro(study.root, shell) == ["predict", "score", "report"]
    assert ours.is_file()
    models = json.loads((study.results / "stance-target.stance.json").read_text(encoding="utf-8"))["models"]
    assert "ours" in {model["name"] for model in models}


def test_dvc_shows_about_five_metrics(study: Study, shell: dict[str, str]) -> None:
    listed = json.loads(run("dvc", "metrics", "show", "--json", cwd=study.root, env=shell))
    shown = listed[""]["data"]["eval/metrics.json"]["data"]
    assert shown == json.loads((study.eval / "metrics.json").read_text(encoding="utf-8"))
    numbers = [path for path, value in leaves(shown) if isinstance(value, float)]
    assert 3 <= len(numbers) <= 7
    for form in ([], ["--md"]):
        head = run("dvc", "metrics", "show", *form, cwd=study.root, env=shell).splitlines()[0]
        assert all(path in head for path in numbers)


def leaves(value: Any, path: str = "") -> list[tuple[str, Any]]:
    if not isinstance(value, dict):
        return [(path, value)]
    return [leaf for key, inner in value.items() for leaf in leaves(inner, f"{path}.{key}" if path else key)]


def test_dvc_draws_a_confusion_and_the_labels_of_every_scored_question(study: Study, shell: dict[str, str]) -> None:
    run("dvc", "plots", "show", cwd=study.root, env=shell)
    page = (study.root / "dvc_plots" / "index.html").read_text(encoding="utf-8")
    drawn = re.findall(r'<div id ?= ?"([^"]+)"', page)
    keys = ["event-plover_contexts", "event-plover_main_event", "stance-target_stance"]
    kinds = ("confusion", "curve", "labels", "models", "reliability")
    assert sorted(drawn) == [f"eval_plots_{kind}_{key}_json" for kind in kinds for key in keys]
    assert page.count('"actual": "') > 50
    assert page.count('"f1": ') > 5


def test_git_gets_neither_people_nor_data(study: Study, shell: dict[str, str]) -> None:
    run("dvc", "plots", "show", cwd=study.root, env=shell)
    run("git", "add", "--all", cwd=study.root, env=shell)
    tracked = run("git", "ls-files", cwd=study.root, env=shell).splitlines()
    assert {Path(name).suffix for name in tracked} <= {"", ".json", ".yaml", ".html", ".md", ".lock", ".csv"}
    assert {Path(name).name for name in tracked if name.endswith(".csv")} == {"assignments.csv"}  # pseudonyms
    assert {"dvc.yaml", "dvc.lock", "params.yaml", "eval/metrics.json", "eval/report.html"} <= set(tracked)
    assert {"labels/rounds/events/round.yaml", "labels/schemes/event-plover.yaml", ".dvc/config"} <= set(tracked)
    outs = [name for stage in pipeline(study).values() for name in cached(stage["outs"])]
    private = ["labels/annotators.csv", ".goldwire/demo/credentials.json"]
    hidden = [*private, *outs, "corpus/raw/a.txt", "corpus/articles.parquet", *TASKS, *PARTS, *SHOWN]
    hidden.append("dvc_plots/index.html")
    assert run("git", "check-ignore", "--no-index", *hidden, cwd=study.root, env=shell).splitlines() == hidden
    checked = run("dvc", "check-ignore", *private, cwd=study.root, env=shell).splitlines()
    assert checked == private


def pipeline(study: Study) -> dict[str, Any]:
    stages: dict[str, Any] = yaml.safe_load((study.root / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    assert list(stages) == STAGES
    return stages


def cached(outs: list[Any]) -> list[str]:
    """The names of the outs that dvc holds."""
    entries = [out if isinstance(out, dict) else {out: {}} for out in outs]
    return [name for entry in entries for name, options in entry.items() if options.get("cache", True)]


def test_a_clone_gets_everything_but_the_people(study: Study, shell: dict[str, str], tmp_path: Path) -> None:
    store, clone = tmp_path / "store", tmp_path / "clone"
    run("dvc", "add", "--quiet", "corpus/articles.parquet", *PARTS, *TASKS, *SHOWN, cwd=study.root, env=shell)
    repro(study.root, shell)
    run("dvc", "remote", "add", "--quiet", "--default", "store", str(store), cwd=study.root, env=shell)
    run("dvc", "push", "--quiet", cwd=study.root, env=shell)
    run("git", "add", "--all", cwd=study.root, env=shell)
    author = ["-c", "user.name=A", "-c", "user.email=a@users.example"]
    run("git", *author, "commit", "--quiet", "-m", "A version", cwd=study.root, env=shell)
    run("git", "clone", "--quiet", str(study.root), str(clone), cwd=tmp_path, env=shell)
    run("dvc", "pull", "--quiet", cwd=clone, env=shell)
    assert repro(clone, shell) == []
    for made in ("corpus", "labels/rounds", "labels/tables", "labels/dataset", "eval"):
        assert contents(clone / made) == contents(study.root / made), made
    assert tables.read(Study(clone).table("votes"), "votes").num_rows > 0
    assert not Study(clone).annotators.exists()
    everything = [*contents(clone).values(), *contents(store).values()]
    assert [found for found in everything if b"@demo.example" in found] == []
