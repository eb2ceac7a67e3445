"""Pairing predictions with gold: every mismatch is an error with counts and examples."""

from typing import Any

import pyarrow as pa
import pytest

from goldwire.errors import GoldwireError
from goldwire.eval.align import pair


def table(ids: list[Any], labels: list[Any], **more: list[Any]) -> pa.Table:
    return pa.table({"id": ids, "label": labels, **more})


def test_rows_are_paired_by_id_in_the_order_of_the_gold() -> None:
    pairs = pair(table(["1", "2", "3"], ["x", "y", "x"]), table(["3", "1", "2"], ["x", "y", "y"]))
    assert (pairs.ids, pairs.actual, pairs.predicted) == (("1", "2", "3"), ("x", "y", "x"), ("y", "y", "x"))
    assert (pairs.clusters, pairs.clustered, pairs.targets) == (("0", "1", "2"), None, None)


def test_clusters_and_targets_come_from_the_gold() -> None:
    gold = table(["1", "2"], ["x", "y"], story_id=["s", None], target=["T", "U"])
    pairs = pair(gold, table(["1", "2"], ["x", "x"]), target="target")
    assert (pairs.clusters, pairs.clustered, pairs.targets) == (("s", "2"), "story_id", ("T", "U"))
    assert pair(gold, table(["1", "2"], ["x", "x"]), cluster="target").clusters == ("T", "U")


def test_gold_without_a_label_is_left_out_and_counted() -> None:
    pairs = pair(table(["1", "2"], ["x", None]), table(["1"], ["x"]))
    assert (pairs.ids, pairs.unlabelled) == (("1",), 1)


def test_labels_may_be_lists_of_one_also_as_csv_has_them() -> None:
    gold = pa.table({"unit_id": ["1", "2", "3"], "labels": [["x"], ["y"], []]})
    predictions = pa.table({"unit_id": ["2", "1"], "labels": ['["y"]', "[not a list"]})
    assert pair(gold, predictions).predicted == ("[not a list", "y")


def test_numbers_are_labels_and_ids_too() -> None:
    pairs = pair(table([1, 2], [0, 1]), table([2, 1], ["1", "1"]))
    assert (pairs.actual, pairs.predicted) == (("0", "1"), ("1", "1"))


def test_only_the_question_that_is_predicted_is_used_of_our_gold() -> None:
    gold = pa.table(
        {"unit_id": ["u", "u", "v"], "scheme": ["s", "s", "t"], "question": ["q", "r", "q"], "labels": [["x"]] * 3}
    )
    predictions = pa.table({"unit_id": ["u"], "scheme": ["s"], "question": ["q"], "labels": [["y"]]})
    assert pair(gold, predictions).ids == ("u",)
    with pytest.raises(GoldwireError, match=r'^the gold has no row of question "z"$'):
        pair(gold, predictions.set_column(2, "question", pa.array(["z"])))
    with pytest.raises(GoldwireError, match=r"^the predictions answer more than one question: q, r$"):
        pair(gold, gold.select(["unit_id", "question", "labels"]))


def test_missing_and_extra_ids_are_counted_with_examples() -> None:
    with pytest.raises(GoldwireError) as error:
        pair(table(list("abcde"), ["x"] * 5), table(list("efg"), ["x"] * 3))
    assert str(error.value) == (
        "the ids do not match; missing from the predictions: 4 (a, b, c, ...) of 5 in the gold; "
        "not in the gold: 2 (f, g) of 3 predicted"
    )
    assert "--extra ignore" in str(error.value.hint)


def test_extra_predictions_can_be_left_out_and_are_counted() -> None:
    pairs = pair(table(["a"], ["x"]), table(["a", "b"], ["x", "x"]), extra="ignore")
    assert (pairs.ids, pairs.extra) == (("a",), 1)
    with pytest.raises(GoldwireError, match=r"missing from the predictions: 1 \(b\) of 2"):
        pair(table(["a", "b"], ["x", "y"]), table(["a"], ["x"]), extra="ignore")


def test_repeated_ids_are_an_error_by_id_and_fine_by_order() -> None:
    gold, predictions = table(["a", "a", "b"], ["x", "y", "x"]), table(["a", "a", "b"], ["y", "y", "x"])
    with pytest.raises(GoldwireError, match=r"^the gold has ids that stand more than once: 1 \(a\)$"):
        pair(gold, predictions)
    pairs = pair(gold, predictions, align="order")
    assert (pairs.actual, pairs.predicted) == (("x", "y", "x"), ("y", "y", "x"))
    assert len(set(pairs.clusters)) == 3


def test_several_columns_make_an_id() -> None:
    gold = pa.table({"head": ["h", "h"], "body": [1, 2], "stance": ["x", "y"]})
    pairs = pair(gold, gold.take([1, 0]), id_columns=["head", "body"], label="stance")
    assert (pairs.ids, pairs.predicted) == (("h + 1", "h + 2"), ("x", "y"))


@pytest.mark.parametrize(
    ("predictions", "message"),
    [
        (table(["a", "b", "c"], ["x"] * 3), "the gold has 2 rows and the predictions have 3"),
        (table(["b", "a"], ["x"] * 2), "the rows are not in the same order: 2 (row 1: a and b, row 2: b and a)"),
    ],
)
def test_by_order_the_ids_must_still_be_the_same(predictions: pa.Table, message: str) -> None:
    with pytest.raises(GoldwireError) as error:
        pair(table(["a", "b"], ["x", "y"]), predictions, align="order")
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("gold", "predictions", "options", "message"),
    [
        (table(["a"], [None]), table(["a"], ["x"]), {}, "there is nothing to score: no gold row has a label"),
        (table(["a"], ["x"]), table(["a"], [None]), {}, "the predictions have no label for 1 (a)"),
        (table([None], ["x"]), table(["a"], ["x"]), {}, "the gold: no id in row 1 (1)"),
        (table(["a"], [["x", "y"]]), table(["a"], ["x"]), {}, "the gold has rows with several labels, such as x, y"),
        (table(["a"], ["x"]), table(["a"], ["x"]), {"label": "gold"}, 'the gold has no column "gold"'),
        (
            table(["a"], ["x"]),
            pa.table({"key": ["a"], "label": ["x"]}),
            {},
            "no column for the id: neither unit_id nor id stands in both tables",
        ),
    ],
)
def test_what_cannot_be_paired_is_named(gold: pa.Table, predictions: pa.Table, options: Any, message: str) -> None:
    with pytest.raises(GoldwireError) as error:
        pair(gold, predictions, **options)
    assert str(error.value) == message
