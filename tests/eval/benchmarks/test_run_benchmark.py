"""A benchmark end to end on a small challenge written for the test, and its command."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from goldwire.cli import evaluate_benchmark
from goldwire.errors import GoldwireError
from goldwire.eval.benchmarks.fnc1 import BENCHMARK
from goldwire.eval.benchmarks.run import known, names, run

LABELS = ("agree", "disagree", "discuss", "unrelated")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A challenge of twelve headlines in train and twelve in test."""
    for side, prefix, place in (("train", "train", "Lunde"), ("test", "competition_test", "Torr")):
        bodies, stances = ["Body ID,articleBody"], ["Headline,Body ID,Stance"]
        for at in range(12):
            bodies.append(f"{at},Boat {side}{at} sank off {place}{at} at noon. Nobody of crew {at * 7} was hurt.")
            stances.append(f"Boat {side}{at} sinks off {place}{at},{at},{LABELS[at % 3]}")
            stances.append(f"Boat {side}{at} sinks off {place}{at},{(at + 1) % 12},unrelated")
        for name, lines in (("bodies", bodies), ("stances", stances)):
            (tmp_path / f"{prefix}_{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def command(*arguments: str) -> tuple[int, str]:
    app = typer.Typer()
    app.callback()(lambda: None)
    evaluate_benchmark.register(app)
    result = CliRunner().invoke(app, ["benchmark", *arguments])
    return result.exit_code, result.stdout


def test_baselines_stand_beside_what_is_published(folder: Path) -> None:
    found = run(BENCHMARK, folder, baselines=["majority", "majority-per-target"], resamples=100)
    assert found["benchmark"] == "fnc1"
    assert found["n"] == 24
    assert [model["model"] for model in found["models"]] == ["majority", "majority-per-target"]
    majority = found["models"][0]
    assert list(majority) == ["model", "metrics", "per_label", "views", "seconds"]
    assert list(majority["metrics"]) == ["fnc", "macro-f1", "accuracy"]
    assert majority["metrics"]["fnc"]["value"] == 0.2  # 12 * .25 of 12 * 1.25
    assert majority["metrics"]["accuracy"]["value"] == 0.5
    assert majority["per_label"]["unrelated"]["support"] == 12
    assert majority["views"]["related"]["metrics"]["accuracy"]["value"] == 0.5
    assert found["published"][1]["metrics"] == {"fnc": 0.8202, "macro-f1": 0.578}
    assert all(row["source"] for row in found["published"])
    assert "|benchmark:fnc1|" in found["signature"]
    again = run(BENCHMARK, folder, baselines=["majority"], resamples=100)
    assert {**again["models"][0], "seconds": 0} == {**majority, "seconds": 0}
    assert again["signature"] == found["signature"]


def test_unknown_names_list_what_there_is(folder: Path) -> None:
    with pytest.raises(GoldwireError) as caught:
        known("fnc2")
    assert caught.value.hint == f"There are: {', '.join(names())}"
    assert "fnc1" in names()
    with pytest.raises(GoldwireError, match='there is no baseline "guess"'):
        run(BENCHMARK, folder, baselines=["guess"])


def test_the_command_prints_json_or_tables(folder: Path) -> None:
    code, out = command("fnc1", "--data", str(folder), "--baseline", "majority", "--json")
    assert code == 0
    assert [model["model"] for model in json.loads(out)["models"]] == ["majority"]
    code, out = command("fnc1", "--data", str(folder), "--baseline", "majority")
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "Fake News Challenge, stage 1, 24 test rows"
    assert lines[2].split() == ["system", "fnc", "macro-f1", "accuracy", "from"]
    assert lines[3].startswith("majority")
    assert any(line.startswith("Talos (first)") and "0.820" in line for line in lines)
    assert any(line.startswith("Note: The metric hides classes") for line in lines)
    assert lines[-1].startswith("goldwire:")
