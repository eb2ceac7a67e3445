"""Comparisons of tables and files, and the command."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import typer
from typer.testing import CliRunner

from goldwire import tables
from goldwire.cli import evaluate_compare
from goldwire.errors import CheckFailedError, GoldwireError, UsageError
from goldwire.eval.compare.tables import compare, compare_files

IDS = [f"{i:02}" for i in range(40)]
RIGHT = ["x", "y"] * 20
GOOD = [*RIGHT[:38], "y", "x"]
BAD = ["y", "x"] * 8 + RIGHT[16:]


def table(labels: list[Any], ids: list[str] | None = None) -> pa.Table:
    return pa.table({"id": IDS[: len(labels)] if ids is None else ids, "label": labels})


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Gold, a good and a bad file of predictions of the same name in two folders."""
    found = {"gold": tmp_path / "gold.csv", "good": tmp_path / "one/p.csv", "bad": tmp_path / "two/p.csv"}
    for (_, path), labels in zip(found.items(), (RIGHT, GOOD, BAD), strict=True):
        path.parent.mkdir(exist_ok=True)
        tables.write(table(labels), path)
    return found


def run(*arguments: object) -> Any:
    app = typer.Typer()
    app.callback()(lambda: None)
    evaluate_compare.register(app)
    return CliRunner().invoke(app, ["compare", *map(str, arguments)], terminal_width=200)


def test_files_of_the_same_name_are_told_apart_by_their_folders(files: dict[str, Path]) -> None:
    found = compare_files(files["gold"], [files["bad"], files["good"]], resamples=100)
    assert list(found) == ["n", "models", "comparisons", "type", "clusters", "left_out", "warnings", "signature"]
    assert list(found["models"]) == [str(files["bad"]), str(files["good"])]
    assert found["models"][str(files["good"])]["accuracy"]["value"] == 0.95
    row = found["comparisons"][1]
    assert (row["a"], row["b"], row["metric"]) == (str(files["good"]), str(files["bad"]), "accuracy")
    assert (row["difference"], row["wins"], row["ties"], row["losses"]) == (0.35, 16, 22, 2)
    assert found["warnings"] == ["rows count as independent: name the column of stories with --cluster"]
    assert found["signature"].endswith(
        "|n:40|type:single|align:id|against:first|cluster:row|bootstrap:100|level:0.95|seed:0"
    )


def test_one_file_named_twice_is_refused_in_whatever_way_it_is_named(files: dict[str, Path]) -> None:
    good = files["good"]
    with pytest.raises(UsageError, match=r"one/p\.csv is compared with itself$"):
        compare_files(files["gold"], [good, files["bad"], good])
    other = good.parent / ".." / "one" / "p.csv"
    with pytest.raises(UsageError, match=r"is compared with itself: .*one/p\.csv is the same file$"):
        compare_files(files["gold"], [good, other])


def test_what_does_not_match_is_named() -> None:
    gold = pa.table({"id": ["a"], "label": ["x"]})
    with pytest.raises(GoldwireError) as caught:
        compare(gold, {"fine": gold, "short": gold.slice(0, 0)})
    assert str(caught.value) == "short: the ids do not match; missing from the predictions: 1 (a) of 1 in the gold"
    with pytest.raises(GoldwireError, match=r"^comparing takes two predictions or more$"):
        compare(gold, {"one": gold})


def test_predictions_of_different_questions_are_not_compared() -> None:
    ids = [str(i) for i in range(20)]
    gold = pa.table({"unit_id": ids * 2, "question": ["x"] * 20 + ["y"] * 20, "label": ["a"] * 20 + ["b"] * 20})
    one, other = (
        pa.table({"unit_id": ids, "question": [name] * 20, "label": [label] * 20}) for name, label in ("xa", "yb")
    )
    with pytest.raises(GoldwireError) as caught:
        compare(gold, {"one": one, "other": other}, resamples=100)
    assert str(caught.value) == "other: the predictions answer another question, or on other rows, than those of one"


def test_models_that_leave_out_other_rows_are_not_compared() -> None:
    gold = table(RIGHT)
    one, other = table(GOOD[:30]), table(GOOD[10:], IDS[10:])
    with pytest.raises(GoldwireError, match="on other rows"):
        compare(gold, {"one": one, "other": other}, missing="ignore", resamples=100)
    found = compare(gold, {"one": one, "other": other}, missing="wrong", resamples=100)
    assert {row["label"] for row in found["comparisons"]} == {
        None,
        "x",
        "y",
    }  # what stands in for nothing is no label
    assert found["models"]["one"]["accuracy"]["value"] == 0.75


def test_questions_with_several_labels_and_with_an_order_are_compared() -> None:
    gold = table([["x"], ["x", "y"], [], ["y"]] * 10)
    found = compare(gold, {"m": gold, "n": table([["x"]] * 40)}, resamples=100, metrics=["jaccard-samples"])
    assert found["type"] == "multiple"
    assert found["comparisons"][0]["difference"] == pytest.approx(-0.625)
    ordered = compare(
        table(RIGHT), {"m": table(GOOD), "n": table(BAD)}, question_type="ordinal", labels=["x", "y"], resamples=100
    )
    assert ordered["type"] == "ordinal"


def test_what_is_left_out_and_what_is_uncertain_is_said_as_of_a_score() -> None:
    gold = table([["x"], ["x", "y"], [], None] * 10)
    odd = table([["x", "z"]] * 41, [*IDS, "more"])
    found = compare(
        gold,
        {"m": gold, "n": odd},
        resamples=20,
        metrics=["hamming-loss"],
        extra="ignore",
        missing="ignore",
        unknown="label",
    )
    assert found["n"] == 30
    assert found["left_out"] == {
        "gold_without_label": 10,
        "gold_without_prediction": 0,
        "predictions_not_in_gold": {"m": 0, "n": 1},
    }
    assert found["warnings"] == [
        "some answers have several labels, so it is scored as a question of --type multiple",
        "10 gold rows have no label: they are left out",
        "rows count as independent: name the column of stories with --cluster",
        "hamming-loss divides by 3 labels, of which only the predictions have z: the more of these, the lower it is. "
        "Name all labels with --labels",
        "n: predicted, and without support in the gold: z",
        "n: 1 predictions are of ids that the gold has not: they are left out",
    ]
    named = compare(
        gold, {"m": gold, "n": gold}, resamples=20, metrics=["hamming-loss"], extra="ignore", labels=["x", "y", "z"]
    )
    assert not any("hamming" in text for text in named["warnings"])
    assert "|align:id|missing:ignore|unknown:label|against:" in found["signature"]


def test_the_command_prints_one_table_of_models_and_one_of_differences(files: dict[str, Path]) -> None:
    result = run(files["gold"], files["bad"], files["good"], "--resamples", 100, "--metric", "accuracy")
    assert result.exit_code == 0, result.output
    lines = [line for line in result.stdout.splitlines() if line]
    assert lines[0].split() == ["model", "accuracy"]
    assert [line.split()[1] for line in lines[1:3]] == ["0.600", "0.950"]
    assert lines[4].split()[2:4] == ["accuracy", "0.350"]
    assert lines[4].split()[-3:] == ["16-22-2", "0.001", "settled"]
    assert lines[5].split()[2:5] == ["f1", "of", "x"]


def test_the_command_prints_json_of_every_pair_when_asked(files: dict[str, Path]) -> None:
    given = (
        files["gold"],
        files["bad"],
        files["good"],
        files["gold"],
        "--resamples",
        100,
        "--against",
        "all",
        "--json",
    )
    value = json.loads(run(*given).stdout)
    assert len(value["comparisons"]) == 3 * 2 + 3 * 2
    assert value["comparisons"] == json.loads(run(*given).stdout)["comparisons"]


def test_the_gate_stops_a_first_model_that_is_worse_and_no_other(files: dict[str, Path]) -> None:
    worse = run(files["gold"], files["bad"], files["good"], "--fail-if-worse", "--resamples", 100, "--json")
    assert isinstance(worse.exception, CheckFailedError)
    assert "two/p.csv is significantly worse than" in str(worse.exception)
    assert json.loads(worse.stdout)["gate"][str(files["good"])]["worse"] is True
    better = run(files["gold"], files["good"], files["bad"], "--fail-if-worse", "--resamples", 100)
    assert better.exit_code == 0, better.output


def test_an_error_about_labels_names_the_model_whose_they_are(files: dict[str, Path]) -> None:
    tables.write(table([*BAD[:39], "z"]), files["bad"])
    with pytest.raises(GoldwireError) as error:
        compare_files(files["gold"], [files["good"], files["bad"]])
    assert error.value.where == str(files["bad"])
    assert error.value.message == 'the predictions have labels that the gold has not, in 1 (39) of 40 rows: "z"'
