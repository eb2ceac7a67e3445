"""Paired differences: their intervals, their p-values against full enumeration, and Holm's correction."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest

from goldwire.errors import GoldwireError
from goldwire.eval.compare import differences
from goldwire.eval.compare.mcnemar import mcnemar
from goldwire.eval.compare.swaps import LARGEST, draws_for, sequential
from goldwire.eval.measure import Bootstrap, Gold
from goldwire.eval.result import Comparison
from goldwire.eval.task import Answer, Task
from goldwire.stats.holm import holm

TASK = Task(("a", "b"))


def answers(labels: Sequence[str]) -> list[Answer]:
    return [(label,) for label in labels]


def noisy(actual: list[str], share: float, seed: int) -> list[Answer]:
    generator = np.random.default_rng(seed)
    return answers([x if generator.random() > share else ("b" if x == "a" else "a") for x in actual])


def gold_of(actual: list[str], stories: int) -> Gold:
    return Gold.of(TASK, answers(actual), [str(i % stories) for i in range(len(actual))])


def compared(*given: Any, **options: Any) -> list[dict[str, Any]]:
    rows = differences(*given, **{"labels": False, **options})
    for row in rows:
        Comparison.model_validate(row)
    return rows


def test_a_row_without_an_interval_says_why_and_one_with_an_interval_does_not() -> None:
    actual = ["a", "b"] * 10 + ["c"]
    gold = Gold.of(Task(("a", "b", "c")), answers(actual), [str(i) for i in range(21)])
    given = {"m": answers(actual), "n": answers(["a"] * 21)}
    rows = {row["label"] or row["metric"]: row for row in compared(gold, given, Bootstrap(200), labels=True)}
    assert {name for name, row in rows.items() if row["low"] is None} == {"b", "c"}
    assert {name for name, row in rows.items() if "why" in row} == {"b", "c"}
    assert rows["b"]["why"].startswith("the same in every resample")
    assert rows["c"]["why"].endswith("of 200 resamples: too rare")


def test_equal_predictions_differ_by_nothing_and_no_number_of_labels_would_settle_it() -> None:
    actual = ["a", "b"] * 10
    rows = compared(gold_of(actual, 20), {"m": answers(actual), "n": answers(actual)}, Bootstrap(100), ["macro-f1"])
    assert rows == [
        {
            "a": "n",
            "b": "m",
            "metric": "macro-f1",
            "label": None,
            "difference": 0.0,
            "low": None,
            "high": None,
            "p": 1.0,
            "p_holm": 1.0,
            "wins": 0,
            "ties": 20,
            "losses": 0,
            "mcnemar": 1.0,
            "mcnemar_holm": 1.0,
            "needed": None,
            "needed_why": "no number of units settles a difference of 0",
            "why": "the same in every resample: what none of 20 clusters shows, up to 15% of others may show",
        }
    ]


def test_the_p_value_is_the_share_of_swaps_of_stories_with_as_large_a_difference() -> None:
    actual = ["a", "b", "a", "b", "a", "b", "a", "a", "b", "b", "a", "b"]
    one, two = noisy(actual, 0.1, 3), noisy(actual, 0.6, 4)
    gold = Gold.of(TASK, answers(actual), [str(i // 2) for i in range(12)])

    def accuracy(predicted: list[Answer]) -> float:
        return float(np.mean([x == y for (x,), y in zip(predicted, actual, strict=True)]))

    observed = abs(accuracy(one) - accuracy(two))
    as_large = 0
    for swap in product([False, True], repeat=6):
        left = [two[i] if swap[i // 2] else one[i] for i in range(12)]
        right = [one[i] if swap[i // 2] else two[i] for i in range(12)]
        as_large += abs(accuracy(left) - accuracy(right)) >= observed - 1e-12
    (row,) = compared(gold, {"two": two, "one": one}, Bootstrap(100), ["accuracy"])
    assert row["p"] == pytest.approx(as_large / 64, rel=0.25)


def test_a_clear_difference_is_clear_and_signed_as_a_less_b() -> None:
    actual = ["a", "b"] * 40
    models = {"bad": noisy(actual, 0.5, 0), "good": noisy(actual, 0.05, 1)}
    (row,) = compared(gold_of(actual, 80), models, Bootstrap(), ["macro-f1"])
    assert (row["a"], row["b"], row["needed"]) == ("good", "bad", None)
    assert row["low"] > 0.2
    assert row["p"] == pytest.approx(1 / (LARGEST + 1), abs=1e-6)


def test_two_models_of_the_same_quality_are_seldom_told_apart() -> None:
    p_values = []
    for seed in range(60):
        actual = ["a", "b"] * 20
        models = {"one": noisy(actual, 0.3, seed), "two": noisy(actual, 0.3, seed + 1000)}
        p_values.append(compared(gold_of(actual, 20), models, Bootstrap(100), ["macro-f1"])[0]["p"])
    assert sum(p < 0.05 for p in p_values) <= 7  # 3 expected; more than 7 would come about once in 70 times
    assert 0.35 < np.mean(p_values) < 0.7


def test_every_model_is_compared_with_the_first_and_corrected_for_each_metric() -> None:
    actual = ["a", "b"] * 15
    models = {f"m{i}": noisy(actual, 0.1 * i, i) for i in (4, 1, 2)}
    rows = compared(gold_of(actual, 30), models, Bootstrap(300), ["macro-f1", "accuracy"])
    assert [(r["a"], r["b"], r["metric"]) for r in rows] == [
        ("m1", "m4", "macro-f1"),
        ("m1", "m4", "accuracy"),
        ("m2", "m4", "macro-f1"),
        ("m2", "m4", "accuracy"),
    ]
    for metric in ("macro-f1", "accuracy"):
        one, two = (r for r in rows if r["metric"] == metric)
        assert [one["p_holm"], two["p_holm"]] == pytest.approx(holm([one["p"], two["p"]]), abs=1e-6)


def test_the_best_is_compared_with_every_other_and_corrected_for_all_pairs() -> None:
    actual = ["a", "b"] * 30
    models = {"base": noisy(actual, 0.4, 1), "mid": noisy(actual, 0.2, 2), "top": noisy(actual, 0.1, 3)}
    gold = gold_of(actual, 60)
    named = {
        against: [(r["a"], r["b"]) for r in compared(gold, models, Bootstrap(100), ["accuracy"], against=against)]
        for against in ("first", "best", "both", "all")
    }
    assert named == {
        "first": [("mid", "base"), ("top", "base")],
        "best": [("top", "base"), ("top", "mid")],
        "both": [("mid", "base"), ("top", "base"), ("top", "mid")],
        "all": [("mid", "base"), ("top", "base"), ("top", "mid")],
    }
    every = compared(gold, models, Bootstrap(100), ["accuracy"], against="all")
    best = compared(gold, models, Bootstrap(100), ["accuracy"], against="best")
    adjusted = dict(zip([(r["a"], r["b"]) for r in every], holm([r["p"] for r in every]), strict=True))
    assert [r["p_holm"] for r in best] == pytest.approx([adjusted[r["a"], r["b"]] for r in best], rel=0.1)


def test_wins_and_losses_are_counted_by_hand() -> None:
    actual = ["a", "a", "a", "a", "b", "b", "b", "b", "b", "b"]
    base = answers(["a", "b", "b", "b", "b", "b", "b", "b", "b", "a"])
    ours = answers(["a", "a", "a", "b", "b", "b", "b", "b", "a", "b"])
    (whole, *labels) = differences(gold_of(actual, 10), {"base": base, "ours": ours}, Bootstrap(100), ["accuracy"])
    assert (whole["wins"], whole["ties"], whole["losses"]) == (3, 6, 1)
    assert whole["mcnemar"] == pytest.approx(mcnemar(3, 1))
    assert [(r["metric"], r["label"], r["wins"], r["losses"]) for r in labels] == [
        ("f1", "a", 3, 1),
        ("f1", "b", 3, 1),
    ]
    # F1 of a: 6/7 - 2/6 = .6667 (ours: 3 of 4 found, 1 wrong: 6/8)
    assert [r["difference"] for r in labels] == pytest.approx([6 / 8 - 2 / 6, 10 / 12 - 10 / 14], abs=1e-6)


def test_labels_are_a_family_of_their_own_and_those_without_support_are_left_out() -> None:
    task = Task(("a", "b", "c"))
    actual = ["a", "b"] * 20
    models = {"m": noisy(actual, 0.4, 1), "n": [*noisy(actual, 0.1, 2)[:-1], ("c",)]}
    gold = Gold.of(task, answers(actual), [str(i) for i in range(40)])
    metric, *labels = differences(gold, models, Bootstrap(100), ["macro-f1"])
    assert metric["p_holm"] == metric["p"]
    assert [r["label"] for r in labels] == ["a", "b"]
    assert [r["p_holm"] for r in labels] == pytest.approx(holm([r["p"] for r in labels]), abs=1e-6)
    exact = [mcnemar(r["wins"], r["losses"]) for r in labels]
    assert [r["mcnemar"] for r in labels] == pytest.approx(exact, abs=1e-6)
    assert [r["mcnemar_holm"] for r in labels] == pytest.approx(holm(exact), abs=1e-6)
    assert holm(exact) != exact


def test_answers_of_several_labels_are_right_as_sets() -> None:
    task = Task(("x", "y", "z"), "multiple")
    actual: list[Answer] = [("x", "y"), ("z",), (), ("x",)] * 5
    base: list[Answer] = [("y", "x"), ("x",), ("z",), ("x", "z")] * 5
    ours: list[Answer] = [("x",), ("z",), (), ("x",)] * 5
    gold = Gold.of(task, actual, [str(i) for i in range(20)], metrics=["accuracy", "hamming-loss"])
    whole, hamming, x, y, z = differences(
        gold, {"base": base, "ours": ours}, Bootstrap(100), ["accuracy", "hamming-loss"], against="best"
    )
    assert (whole["a"], whole["difference"], whole["wins"], whole["ties"], whole["losses"]) == ("ours", 0.5, 15, 0, 5)
    assert hamming["difference"] == pytest.approx((5 - 20) / 60, abs=1e-6)
    assert [(r["label"], r["wins"], r["losses"]) for r in (x, y, z)] == [("x", 5, 0), ("y", 0, 5), ("z", 15, 0)]


def test_the_best_by_a_loss_has_the_least_of_it() -> None:
    task = Task(("low", "mid", "high"), "ordinal")
    actual = answers(["low", "mid", "high"] * 6)
    worse, better = answers(["high"] * 18), answers(["low", "mid", "mid"] * 6)
    gold = Gold.of(task, actual, [str(i) for i in range(18)], metrics=["mae-ranks"])
    (row,) = compared(gold, {"worse": worse, "better": better}, Bootstrap(100), ["mae-ranks"], against="best")
    assert (row["a"], row["difference"]) == ("better", pytest.approx(1 / 3 - 1, abs=1e-6))


def test_one_story_gives_a_difference_without_an_interval() -> None:
    actual = ["a", "b"] * 10
    models = {"m": noisy(actual, 0.5, 0), "n": noisy(actual, 0.1, 1)}
    (row,) = compared(gold_of(actual, 1), models, Bootstrap(100), ["accuracy"])
    assert (row["low"], row["high"], row["needed"], row["p"]) == (None, None, None, 1.0)


def test_gold_of_one_label_is_compared_all_the_same() -> None:
    actual = ["a"] * 20
    models = {"m": noisy(actual, 0.5, 0), "n": noisy(actual, 0.1, 1)}
    metric, label = differences(gold_of(actual, 20), models, Bootstrap(100), ["macro-f1"])
    assert (label["label"], label["difference"]) == ("a", metric["difference"])


def test_one_model_has_nothing_to_be_compared_with_and_an_unmeasured_metric_is_named() -> None:
    gold = Gold.of(TASK, answers(["a", "b"]), ["s", "t"], metrics=["accuracy"])
    assert differences(gold, {"m": answers(["a", "b"])}, Bootstrap(100), ["accuracy"]) == []
    with pytest.raises(GoldwireError) as caught:
        differences(gold, {name: answers(["a", "b"]) for name in "mn"}, Bootstrap(100), ["macro-f1"])
    assert str(caught.value) == "macro-f1 was not measured"


def test_the_order_of_rows_changes_nothing() -> None:
    actual = ["a", "b"] * 25
    models = {"m": noisy(actual, 0.4, 0), "n": noisy(actual, 0.2, 1)}
    stories = [str(i // 3) for i in range(50)]
    order = np.random.default_rng(0).permutation(50)

    def of(at: Sequence[int]) -> list[dict[str, Any]]:
        gold = Gold.of(TASK, [(actual[i],) for i in at], [stories[i] for i in at])
        return differences(gold, {name: [given[i] for i in at] for name, given in models.items()}, Bootstrap(100))

    assert of(range(50)) == of(order.tolist())


def test_draws_stop_when_enough_are_as_large_and_the_p_value_is_theirs() -> None:
    generator = np.random.default_rng(0)
    asked = []

    def draw(size: int) -> Any:
        asked.append(size)
        return generator.random((size, 3))

    p = sequential(np.array([0.5, 0.95, np.nan]), draw)
    assert p[0] == pytest.approx(0.5, rel=0.25)
    assert p[1] == pytest.approx(0.05, rel=0.25)
    assert p[2] is None
    assert 1800 < sum(asked) < LARGEST


def test_p_values_by_drawing_are_uniform_where_there_is_nothing() -> None:
    generator = np.random.default_rng(1)
    found = [
        sequential(generator.random(1), lambda size: generator.random((size, 1)), most=499)[0] for _ in range(400)
    ]
    for level in (0.05, 0.2, 0.5):
        assert np.mean([p <= level for p in found if p is not None]) == pytest.approx(level, abs=0.08)


def test_more_draws_are_taken_where_more_p_values_are_corrected() -> None:
    assert [draws_for(family) for family in (1, 12, 13, 60, 400)] == [4_999, 4_999, 5_200, 24_000, 100_000]
    assert [draws_for(family, 10_000) for family in (13, 60, 400)] == [5_000, 5_000, 20_000]
    assert draws_for(12, level=0.99) == 24_000
