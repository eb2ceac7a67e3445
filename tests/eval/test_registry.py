"""Baselines by name: ours, and those that a package brings, installed here into a folder and found as pip's are."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from challenged import challenge
from goldwire import tables
from goldwire.cli import evaluate_baselines
from goldwire.errors import GoldwireError
from goldwire.eval.baselines import registry
from goldwire.eval.benchmarks.fnc1 import BENCHMARK
from goldwire.eval.benchmarks.run import run
from goldwire.eval.task import Task
from goldwire.study import Study

MakeStudy = Callable[..., Study]
MODULE = '''\
"""A baseline of somebody else: the first label, always."""
import numpy as np
from goldwire.eval.baselines.base import Baseline, Model

class First(Model):
    def fit(self, rows, shared):
        self.parameters = {"first": self.task.labels[0]}

    def shares(self, rows, shared):
        return np.eye(len(self.task.labels))[np.zeros(len(rows), dtype=int)]

class Wrong(First):
    def fit(self, rows, shared):
        raise ValueError("too few")

class Nan(First):
    def shares(self, rows, shared):
        return np.full((len(rows), len(self.task.labels)), np.nan)

FIRST = Baseline("first-label", "the first label of the scheme", First, types=("single", "multiple"))
WRONG = Baseline("wrong", "fails", Wrong)
NAN = Baseline("nan", "no shares", Nan)
TAKEN = Baseline("majority", "another one of this name", First)
STRANGE = Baseline("../first", "its name would be a path", First)
PROBED = Baseline("probed", "has a probe that is not there", First, probes=("blind",))
NAMED = Baseline("another", "another name than its entry point", First)
ELSE = First
'''


def install(folder: Path, *points: str, name: str = "theirs", version: str = "1.2.3") -> None:
    """Put a package with entry points into a folder, as an installer would."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.py").write_text(MODULE)
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (info / "entry_points.txt").write_text("\n".join(["[goldwire.baselines]", *points, ""]))
    (info / "top_level.txt").write_text(f"{name}\n")
    (info / "RECORD").write_text(f"{name}.py,,\n{info.name}/METADATA,,\n")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder on sys.path, whose packages the registry will look for."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    registry.known.cache_clear()
    yield folder
    sys.modules.pop("theirs", None)
    sys.modules.pop("others", None)
    registry.known.cache_clear()


def goldwire(study: Study, site: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "goldwire", *arguments],
        cwd=study.root,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_ours_come_in_a_fixed_order_and_each_file_stands() -> None:
    names = list(registry.known())
    assert names[:2] == ["majority", "majority-per-target"]
    assert {"tfidf-logreg", "llm"} <= set(names)
    folder = Path(registry.__file__).parent
    there = {path.stem for path in folder.glob("*.py")} | {path.parent.name for path in folder.glob("*/__init__.py")}
    assert set(registry._MODULES) <= there


def test_every_file_that_defines_baselines_is_listed() -> None:
    folder = Path(registry.__file__).parent
    defines = re.compile(r"^BASELINES\b.* = ", re.MULTILINE)
    files = [*folder.glob("*.py"), *folder.glob("*/__init__.py")]
    found = [path for path in files if defines.search(path.read_text(encoding="utf-8"))]
    defining = [path.parent.name if path.stem == "__init__" else path.stem for path in found]
    assert sorted(defining) == sorted(registry._MODULES)


def test_to_know_the_baselines_imports_nothing_heavy() -> None:
    code = (
        "import sys; from goldwire.eval.baselines.registry import known; known()\n"
        "heavy = {'sklearn', 'scipy', 'pandas', 'torch', 'sentence_transformers', 'httpx'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_a_baseline_is_trained_and_predicts_until_its_package_changes_and_broken_ones_beside_trouble_nobody(
    site: Path, make_study: MakeStudy
) -> None:
    install(site, "first-label = theirs:FIRST", "gone = theirs:GONE", "broken = broken:FIRST")
    (site / "broken.py").write_text("raise SystemExit('this module is broken')\n")
    study = make_study()
    study.params_file.write_text("eval: {baselines: [majority, first-label]}\n")
    trained = goldwire(study, site, "eval", "train", "--json")
    assert trained.returncode == 0, trained.stderr
    assert "stance-small.stance.first-label" in json.loads(trained.stdout)["models"]
    recipe = json.loads((study.models / "stance-small.stance.first-label.json").read_text())
    assert recipe["versions"]["theirs"] == "1.2.3"
    predicted = goldwire(study, site, "eval", "predict")
    assert predicted.returncode == 0, predicted.stderr
    table = tables.read(study.predictions / "stance-small.stance.first-label.parquet")
    assert set(map(tuple, table["labels"].to_pylist())) == {("favor",)}

    (site / "theirs-1.2.3.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 2.0.0\n")
    run = goldwire(study, site, "eval", "predict")
    assert run.returncode == 1
    assert "the model was trained with theirs 1.2.3, and here it is 2.0.0\nHint: Train again" in run.stderr


@pytest.mark.parametrize(
    ("point", "message"),
    [
        ("majority = theirs:TAKEN", 'entry point majority = theirs:TAKEN: there is a baseline "majority" already'),
        (
            "named = theirs:NAMED",
            'entry point named = theirs:NAMED: its baseline is called "another"; the two names must be the same',
        ),
        (
            "../first = theirs:STRANGE",
            'entry point ../first = theirs:STRANGE: "../first" is no name of a baseline: letters, digits, - and _',
        ),
        (
            "else = theirs:ELSE",
            "entry point else = theirs:ELSE: is no goldwire.eval.baselines.base.Baseline",
        ),
        (
            "gone = theirs:GONE",
            "entry point gone = theirs:GONE: the baseline cannot be loaded: AttributeError: "
            "module 'theirs' has no attribute 'GONE'",
        ),
        (
            "broken = broken:FIRST",
            "entry point broken = broken:FIRST: the baseline cannot be loaded: RuntimeError: this module is broken",
        ),
        (
            "probed = theirs:PROBED",
            'entry point probed = theirs:PROBED: the baseline has a probe "blind", and there is none of that name',
        ),
    ],
)
def test_what_cannot_be_used_is_named_when_it_is_asked_for_and_listed_as_broken(
    site: Path, point: str, message: str
) -> None:
    install(site, point)
    (site / "broken.py").write_text("raise RuntimeError('this module is broken')\n")
    name = point.partition(" ")[0]
    stance = Task(("favor", "against", "none"))
    assert list(registry.chosen(["majority"], stance, has_targets=False)) == ["majority"]
    assert name in registry.known()
    (entry,) = [entry for entry in registry.listed() if entry.package == "theirs"]
    assert (entry.name, entry.baseline, entry.broken) == (name, None, message)
    if name != "majority":  # ours is used, whatever else has its name
        with pytest.raises(GoldwireError) as error:
            registry.chosen([name], stance, has_targets=False)
        assert str(error.value) == message
        assert error.value.hint is not None
        assert error.value.hint.endswith("goldwire eval baselines")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("wrong", 'baseline "wrong" failed: ValueError: too few'),
        ("nan", 'baseline "nan" gave shares that are not from 0 to 1'),
    ],
)
def test_a_benchmark_refuses_what_is_no_answer_and_names_whose(
    site: Path, tmp_path: Path, name: str, message: str
) -> None:
    install(site, "wrong = theirs:WRONG", "nan = theirs:NAN")
    with pytest.raises(GoldwireError) as error:
        run(BENCHMARK, challenge(tmp_path), baselines=[name], resamples=10)
    assert error.value.message == message


def test_the_command_lists_each_with_what_it_needs_and_says_what_is_broken(site: Path) -> None:
    install(site, "first-label = theirs:FIRST", "gone = theirs:GONE")
    app = typer.Typer()
    app.callback()(lambda: None)
    evaluate_baselines.register(app)
    told = CliRunner().invoke(app, ["baselines", "--json"])
    assert told.exit_code == 0
    value = {one["name"]: one for one in json.loads(told.stdout)}
    assert list(value) == list(registry.known())
    assert value["first-label"] == {
        "name": "first-label",
        "summary": "the first label of the scheme",
        "types": ["single", "multiple"],
        "needs_target": False,
        "needs_labels": [],
        "extra": None,
        "probes": [],
        "package": "theirs",
        "broken": None,
    }
    assert value["gone"]["summary"] is None
    assert "has no attribute 'GONE'" in value["gone"]["broken"]
    lines = CliRunner().invoke(app, ["baselines"]).stdout.splitlines()
    rows = {line.split()[0]: line for line in lines}
    assert len(lines) == len(registry.known()) + 1
    assert re.split("  +", rows["two-step"])[1:3] == ["single, ordinal", 'targets, the label "unrelated"']
    assert re.split("  +", rows["embeddings"])[2] == "goldwire[embeddings]"
    assert re.split("  +", rows["first-label"])[2] == "package theirs"
    assert "broken: entry point gone = theirs:GONE: the baseline cannot be loaded" in rows["gone"]


def test_two_packages_with_one_name_clash_in_any_order(site: Path) -> None:
    install(site, "first-label = theirs:FIRST")
    install(site, "first-label = others:FIRST", name="others")
    with pytest.raises(GoldwireError) as error:
        registry.known()["first-label"]
    expected = (
        'entry point first-label = theirs:FIRST: there is a baseline "first-label" already, of '
        "entry point first-label = others:FIRST"
    )
    assert str(error.value) == expected
    assert [entry.broken for entry in registry.listed()[-2:]] == [expected, expected]


def test_names_choose_baselines_and_their_probes_that_apply() -> None:
    stance = Task(("favor", "against", "none"))
    named = registry.chosen(["tfidf-logreg", "majority"], stance, has_targets=True)
    assert list(named) == [
        *("tfidf-logreg", "majority"),
        *("tfidf-logreg-text-only", "tfidf-logreg-target-only", "majority-per-target"),
    ]
    assert list(registry.chosen(["tfidf-logreg", "majority"], stance, has_targets=False)) == [
        "tfidf-logreg",
        "majority",
    ]
    with pytest.raises(GoldwireError) as error:
        registry.chosen(["bert"], stance, has_targets=True)
    assert str(error.value) == 'params.yaml: eval.baselines: there is no baseline "bert"'
    assert str(error.value.hint).startswith("There are: majority, majority-per-target, ")
