"""Paired differences: their intervals, their p-values against full enumeration, and Holm's correction."""

from itertools import product
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.eval.compare import compare, compare_files, differences
from goldwire.eval.measure import Bootstrap, Gold
from goldwire.eval.metrics import METRICS
from goldwire.stats.holm import holm

ACCURACY, MACRO = METRICS["accuracy"], METRICS["macro-f1"]
LABELS = ("a", "b")


def noisy(actual: list[str], share: float, seed: int) -> list[str]:
    generator = np.random.default_rng(seed)
    return [x if generator.random() > share else ("b" if x == "a" else "a") for x in actual]


def test_equal_predictions_differ_by_nothing() -> None:
    actual = ["a", "b"] * 10
    gold = Gold.of(LABELS, actual, [str(i) for i in range(20)])
    (row,) = differences(gold, {"m": actual, "n": actual}, [MACRO], Bootstrap(100))
    assert row == {
        "a": "n",
        "b": "m",
        "metric": "macro-f1",
        "difference": 0.0,
        "low": 0.0,
        "high": 0.0,
        "p": 1.0,
        "p_holm": 1.0,
    }


def test_the_p_value_is_the_share_of_swaps_with_as_large_a_difference() -> None:
    actual = ["a", "b", "a", "b", "a", "b", "a", "a", "b", "b", "a", "b"]
    clusters = [str(i // 2) for i in range(12)]
    one, two = noisy(actual, 0.1, 3), noisy(actual, 0.6, 4)
    gold = Gold.of(LABELS, actual, clusters)

    def accuracy(predicted: list[str]) -> float:
        return float(np.mean([x == y for x, y in zip(actual, predicted, strict=True)]))

    observed = abs(accuracy(one) - accuracy(two))
    as_large = 0
    for swap in product([False, True], repeat=6):
        left = [two[i] if swap[i // 2] else one[i] for i in range(12)]
        right = [one[i] if swap[i // 2] else two[i] for i in range(12)]
        as_large += abs(accuracy(left) - accuracy(right)) >= observed - 1e-12
    (row,) = differences(gold, {"two": two, "one": one}, [ACCURACY], Bootstrap(20000))
    assert row["p"] == pytest.approx(as_large / 64, abs=0.01)


def test_a_clear_difference_is_clear_and_signed_as_a_less_b() -> None:
    actual = ["a", "b"] * 40
    gold = Gold.of(LABELS, actual, [str(i) for i in range(80)])
    rows = differences(gold, {"bad": noisy(actual, 0.5, 0), "good": noisy(actual, 0.05, 1)}, [MACRO], Bootstrap())
    (row,) = rows
    assert (row["a"], row["b"]) == ("good", "bad")
    assert row["low"] > 0.2
    assert row["p"] == pytest.approx(1 / 1001, abs=1e-6)


def test_two_models_of_the_same_quality_are_seldom_told_apart() -> None:
    p_values = []
    for seed in range(60):
        actual = ["a", "b"] * 20
        gold = Gold.of(LABELS, actual, [str(i // 2) for i in range(40)])
        models = {"one": noisy(actual, 0.3, seed), "two": noisy(actual, 0.3, seed + 1000)}
        p_values.append(differences(gold, models, [MACRO], Bootstrap(200))[0]["p"])
    assert sum(p < 0.05 for p in p_values) <= 7  # 3 expected; more than 7 would come about once in 70 times
    assert 0.35 < np.mean(p_values) < 0.7


def test_every_model_is_compared_with_the_first_and_corrected_for_each_metric() -> None:
    actual = ["a", "b"] * 15
    gold = Gold.of(LABELS, actual, [str(i) for i in range(30)])
    models = {f"m{i}": noisy(actual, 0.1 * i, i) for i in (4, 1, 2)}
    rows = differences(gold, models, [MACRO, ACCURACY], Bootstrap(300))
    assert [(r["a"], r["b"], r["metric"]) for r in rows] == [
        ("m1", "m4", "macro-f1"),
        ("m1", "m4", "accuracy"),
        ("m2", "m4", "macro-f1"),
        ("m2", "m4", "accuracy"),
    ]
    for metric in ("macro-f1", "accuracy"):
        one, two = (r for r in rows if r["metric"] == metric)
        assert [one["p_holm"], two["p_holm"]] == holm([one["p"], two["p"]])


def test_files_are_compared_under_their_names(tmp_path: Path) -> None:
    gold = pa.table({"id": list("abcd"), "label": list("xyxy")})
    tables.write(gold, tmp_path / "gold.csv")
    paths = [tmp_path / "one.csv", tmp_path / "two.csv"]
    for path, labels in zip(paths, ("xyyy", "xyxy"), strict=True):
        tables.write(pa.table({"id": list("abcd"), "label": list(labels)}), path)
    found = compare_files(tmp_path / "gold.csv", paths, resamples=100)
    assert found["n"] == 4
    assert list(found["models"]) == [str(path) for path in paths]
    assert found["models"][str(paths[1])]["accuracy"]["value"] == 1.0
    assert [(r["metric"], r["difference"]) for r in found["comparisons"]] == [
        ("macro-f1", pytest.approx(0.266667)),
        ("accuracy", 0.25),
    ]
    assert found["signature"].endswith("|n:4|cluster:row|bootstrap:100|level:0.95|seed:0")


def test_what_does_not_match_is_named() -> None:
    gold = pa.table({"id": ["a"], "label": ["x"]})
    with pytest.raises(GoldwireError) as error:
        compare(gold, {"fine": gold, "short": gold.slice(0, 0)})
    assert str(error.value) == "short: the ids do not match; missing from the predictions: 1 (a) of 1 in the gold"
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
