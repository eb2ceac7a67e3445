"""Gates: models that became worse, and models that are gone."""

import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from goldwire import tables
from goldwire.cli import evaluate_gate
from goldwire.errors import CheckFailedError, GoldwireError
from goldwire.eval.gates import not_worse, said
from goldwire.eval.gates.study import compared
from goldwire.eval.measure import Bootstrap, Gold
from goldwire.eval.task import Answer, Task
from goldwire.study import Study

TASK = Task(("a", "b"))
ACTUAL: list[Answer] = [("a",), ("b",)] * 40


def noisy(share: float, seed: int) -> list[Answer]:
    generator = np.random.default_rng(seed)
    return [x if generator.random() > share else ("b" if x == ("a",) else "a",) for x in ACTUAL]


def gold(stories: int = 80) -> Gold:
    return Gold.of(TASK, ACTUAL, [str(i % stories) for i in range(80)], metrics=["macro-f1"])


def test_a_model_that_became_worse_is_found_and_a_better_or_equal_one_is_not() -> None:
    one = gold()
    pairs = {
        "worse": (one, noisy(0.5, 1), noisy(0.1, 2)),
        "better": (one, noisy(0.1, 2), noisy(0.5, 1)),
        "same": (one, noisy(0.1, 2), noisy(0.1, 2)),
    }
    found = not_worse(pairs, Bootstrap(200))
    assert {name: row["worse"] for name, row in found.items()} == {"worse": True, "better": False, "same": False}
    assert (found["same"]["difference"], found["same"]["p"]) == (0.0, 1.0)
    assert found["better"]["p"] > 0.99
    assert found["worse"]["p_holm"] == pytest.approx(3 * found["worse"]["p"])
    row = {
        **found["worse"],
        "now": 0.5,
        "before": 0.9,
        "difference": -0.4,
        "low": -0.5,
        "high": -0.3,
        "p_holm": 0.0006,
    }
    assert said("m", row, "v1") == (
        "m is significantly worse than v1: macro-f1 0.500 against 0.900, difference -0.400 [-0.500, -0.300], "
        "one-sided p 0.0006 (Holm) on 80 units"
    )
    assert said("m", {**row, "high": 0.003}, "v1").endswith(
        " on 80 units; the interval is two-sided, and can hold 0 where the one-sided p is below .05"
    )


def test_of_a_loss_more_is_worse() -> None:
    task = Task(("low", "high"), "ordinal")
    actual: list[Answer] = [("low",), ("high",)] * 20
    one = Gold.of(task, actual, [str(i) for i in range(40)], metrics=["mae-ranks"])
    flipped: list[Answer] = [*actual[1:21], *actual[20:]]
    found = not_worse({"m": (one, flipped, actual), "n": (one, actual, flipped)}, Bootstrap(100), "mae-ranks")
    assert [row["worse"] for row in found.values()] == [True, False]


def test_one_story_can_stop_nothing() -> None:
    (row,) = not_worse({"m": (gold(1), noisy(0.9, 1), noisy(0.1, 2))}, Bootstrap(100)).values()
    assert (row["worse"], row["low"]) == (False, None)


def test_of_however_many_models_one_that_became_far_worse_is_found() -> None:
    # Holm multiplies the smallest p-value by 300: of 4,999 draws it could be .06 at least.
    one, right, few = gold(), noisy(0.05, 1), Bootstrap(1)
    pairs = {str(i): (one, right, right) for i in range(299)} | {"worse": (one, noisy(0.6, 2), right)}
    found = not_worse(pairs, few)
    assert [name for name, row in found.items() if row["worse"]] == ["worse"]


def test_where_nothing_changed_in_quality_a_gate_of_three_models_fails_one_run_in_twenty() -> None:
    failed = 0
    for seed in range(100):
        pairs = {str(i): (gold(40), noisy(0.3, 10 * seed + i), noisy(0.3, 5000 + 10 * seed + i)) for i in range(3)}
        failed += any(row["worse"] for row in not_worse(pairs, Bootstrap(100)).values())
    assert failed <= 11  # 5 expected; more would come about once in 200 times


def _shift(path: Path, share: float) -> None:
    """Give the units of a file of predictions, a share of them, another label than they have."""
    table = tables.read(path, "predictions")
    labels = table["labels"].to_pylist()
    names = sorted({label for answer in labels for label in answer})
    moved = [
        [names[(names.index(answer[0]) + 1) % len(names)]] if i < share * len(labels) else answer
        for i, answer in enumerate(labels)
    ]
    tables.write(table.set_column(table.column_names.index("labels"), "labels", pa.array(moved)), path)


def test_models_of_a_study_are_compared_with_themselves_at_another_time(predicted: Study, tmp_path: Path) -> None:
    before = Path(shutil.copytree(predicted.predictions, tmp_path / "before"))
    value = compared(predicted, before, "v1")
    assert value["notes"] == []
    assert {(row["model"], row["worse"], row["difference"], row["left_out"]) for row in value["models"]} == {
        ("majority", False, 0.0, 0),
        ("tfidf-logreg", False, 0.0, 0),
    }
    first, second = sorted(before.glob("events-small.*.parquet"))
    first.rename(before / first.name.replace("majority", "gone"))
    table = tables.read(second, "predictions")
    test = set(tables.read(predicted.table("splits"), "splits").to_pandas().query("split == 'test'")["unit_id"])
    units = [unit for unit in table["unit_id"].to_pylist() if unit in test]
    tables.write(table.filter(pa.array([unit != units[0] for unit in table["unit_id"].to_pylist()])), second)
    value = compared(predicted, before, "v1")
    key = ".".join(first.name.split(".")[:2])
    assert value["gone"] == [{"question": key, "model": "gone"}]
    assert value["notes"] == [f"{key}: model majority is not in v1"]
    (row,) = (r for r in value["models"] if r["question"] == key)
    assert row["left_out"] in (0, 1)


def test_a_revision_without_models_of_now_is_an_error(predicted: Study, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(GoldwireError, match=r"^no model can be compared with v1; .* is not in v1"):
        compared(predicted, tmp_path / "empty", "v1")


def test_the_command_reads_another_study_and_stops_with_the_models_that_are_worse(
    predicted: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Study(Path(shutil.copytree(predicted.root, tmp_path / "other")))
    value = evaluate_gate.not_worse_than(str(other.root), predicted.root)
    assert [row["worse"] for row in value["models"]] == [False] * len(value["models"])
    assert evaluate_gate.table(value).splitlines()[0].split()[:3] == ["question", "model", "metric"]
    for path in predicted.predictions.glob("*tfidf-logreg.parquet"):
        _shift(path, 1.0)
    with pytest.raises(CheckFailedError, match="tfidf-logreg is significantly worse than"):
        evaluate_gate.not_worse_than(str(other.root), predicted.root)
    for path in predicted.predictions.glob("*tfidf-logreg.parquet"):
        path.unlink()
    with pytest.raises(CheckFailedError, match="has its predictions, and the study has them no more"):
        evaluate_gate.not_worse_than(str(other.root), predicted.root)
    shutil.rmtree(other.predictions)
    with pytest.raises(GoldwireError, match="has no eval/predictions"):
        evaluate_gate.not_worse_than(str(other.root), predicted.root)


def test_a_model_that_is_gone_fails_unless_params_do_not_list_it_any_more(predicted: Study, tmp_path: Path) -> None:
    before = Path(shutil.copytree(predicted.predictions, tmp_path / "before"))
    for path in before.glob("*majority.parquet"):
        shutil.copy(path, before / path.name.replace("majority", "theirs"))
    for path in predicted.predictions.glob("*majority.parquet"):
        path.unlink()
    value = compared(predicted, before, "v1")
    assert {row["model"] for row in value["models"]} == {"tfidf-logreg"}
    assert {row["model"] for row in value["gone"]} == {"majority", "theirs"}
    params = predicted.root / "params.yaml"
    text = params.read_text()
    params.write_text(text.replace("baselines: [majority, ", "baselines: ["))
    assert params.read_text() != text
    value = compared(predicted, before, "v1")
    assert {row["model"] for row in value["gone"]} == {"theirs"}
    assert all(note.endswith(": baseline majority of v1 is not in params.yaml any more") for note in value["notes"])
    assert len(value["notes"]) == 2


def test_a_study_whose_only_model_is_gone_says_so(predicted: Study, tmp_path: Path) -> None:
    before = tmp_path / "before"
    before.mkdir()
    for path in predicted.predictions.glob("stance-small.*.majority.parquet"):
        shutil.copy(path, before / path.name.replace("majority", "theirs"))
    value = compared(predicted, before, "v1")
    assert (value["models"], [row["model"] for row in value["gone"]]) == ([], ["theirs"])
