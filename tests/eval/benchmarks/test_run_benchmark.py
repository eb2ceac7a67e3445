"""A benchmark end to end on a small challenge written for the test, and its command."""

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from challenged import challenge
from goldwire.cli import evaluate_benchmark
from goldwire.errors import GoldwireError, UsageError
from goldwire.eval import models_store
from goldwire.eval.baselines.majority import Majority
from goldwire.eval.benchmarks.fnc1 import BENCHMARK
from goldwire.eval.benchmarks.run import known, names, run
from goldwire.eval.checks import blind_to_target


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return challenge(tmp_path)


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
    assert list(majority) == ["model", "metrics", "per_label", "views", "parameters", "seconds"]
    assert list(majority["metrics"]) == ["fnc", "macro-f1", "accuracy"]
    assert majority["metrics"]["fnc"]["value"] == 0.2  # 12 * .25 of 12 * 1.25
    assert majority["metrics"]["accuracy"]["value"] == 0.5
    assert majority["per_label"]["unrelated"]["support"] == 12
    assert majority["views"]["related"]["metrics"]["accuracy"]["value"] == 0.5
    assert found["published"][1]["metrics"] == {"fnc": 0.8202, "macro-f1": 0.578}
    assert all(row["source"] for row in found["published"])
    assert "|benchmark:fnc1|" in found["signature"]
    assert majority["parameters"] == {"labels": ["unrelated"]}
    assert f"|sklearn:{version('scikit-learn')}" in found["signature"]
    again = run(BENCHMARK, folder, baselines=["majority"], resamples=100)
    assert {**again["models"][0], "seconds": 0} == {**majority, "seconds": 0}


def test_the_signature_tells_models_of_other_parameters_or_versions_apart(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def signed(*names: str) -> str:
        return str(run(BENCHMARK, folder, baselines=names, resamples=10)["signature"])

    majority = signed("majority")
    assert signed("majority") == majority
    assert signed("majority-per-target") != majority
    monkeypatch.setattr(models_store, "versions", lambda _: {"numpy": "0.1"})
    assert signed("majority") != majority


def test_a_baseline_that_does_not_fit_is_refused_before_any_is_trained(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fit(*_: object) -> None:
        pytest.fail("trained")

    monkeypatch.setattr(Majority, "fit", fit)
    with pytest.raises(UsageError) as caught:
        run(BENCHMARK, folder, baselines=["majority", "one-vs-rest"])
    assert str(caught.value) == (
        'baseline "one-vs-rest" does not fit fnc1: the question is of type single, and it answers multiple and tree'
    )


def test_a_model_that_is_as_good_without_the_target_is_a_warning(folder: Path) -> None:
    found = run(BENCHMARK, folder, baselines=["tfidf-nb", "tfidf-nb-text-only"], resamples=10)
    macro = {one["model"]: one["metrics"]["macro-f1"]["value"] for one in found["models"]}
    said = [warning for warning in found["warnings"] if "without the target" in warning]
    assert said == blind_to_target(macro)
    assert len(said) == 1  # each body stands once with its headline and once without: the text alone says as much
    assert f"{macro['tfidf-nb-text-only']:.3f} without the target" in said[0]
    assert f"the {macro['tfidf-nb']:.3f} of tfidf-nb" in said[0]


def test_the_json_is_the_same_twice_and_has_seconds_where_they_are_asked_for(folder: Path) -> None:
    words = ("fnc1", "--data", str(folder), "--baseline", "majority", "--resamples", "20", "--json")
    first, second = command(*words), command(*words)
    assert first == second
    (model,) = json.loads(first[1])["models"]
    assert "seconds" not in model
    (model,) = json.loads(command(*words, "--seconds")[1])["models"]
    assert model["seconds"] >= 0


def test_the_seed_and_the_draws_are_the_users(folder: Path) -> None:
    words = ("fnc1", "--data", str(folder), "--baseline", "stratified", "--json")
    few = json.loads(command(*words, "--resamples", "20", "--seed", "3")[1])
    assert few == run_without_seconds(folder, seed=3, resamples=20)
    assert "|bootstrap:20|" in few["signature"]
    assert "|seed:3|" in few["signature"]
    other = json.loads(command(*words, "--resamples", "20", "--seed", "4")[1])
    assert other["models"] != few["models"]


def run_without_seconds(folder: Path, *, seed: int, resamples: int) -> dict[str, Any]:
    value = run(BENCHMARK, folder, baselines=["stratified"], seed=seed, resamples=resamples)
    for model in value["models"]:
        del model["seconds"]
    return value


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


@pytest.mark.parametrize("words", [("nope", "--data", "."), ("fnc1", "--data", ".", "--baseline", "nope")])
def test_a_wrong_name_is_usage(words: tuple[str, ...]) -> None:
    app = typer.Typer()
    app.callback()(lambda: None)
    evaluate_benchmark.register(app)
    result = CliRunner().invoke(app, ["benchmark", *words])
    assert isinstance(result.exception, UsageError)
    assert "here is no " in str(result.exception)
