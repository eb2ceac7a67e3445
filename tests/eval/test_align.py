"""Pairing predictions with gold: every mismatch is an error with counts and examples, or a named policy."""

from typing import Any

import pyarrow as pa
import pytest

from goldwire.errors import GoldwireError
from goldwire.eval.align import pair


def table(ids: list[Any], labels: list[Any], **more: list[Any]) -> pa.Table:
    return pa.table({"id": ids, "label": labels, **more})


def one(labels: str) -> tuple[tuple[str], ...]:
    return tuple((label,) for label in labels)


def test_rows_are_paired_by_id_in_the_order_of_the_gold() -> None:
    pairs = pair(table(["1", "2", "3"], ["x", "y", "x"]), table(["3", "1", "2"], ["x", "y", "y"]))
    assert (pairs.ids, pairs.actual, pairs.predicted) == (one("123"), one("xyx"), one("yyx"))
    assert (pairs.clusters, pairs.clustered, pairs.targets) == (("0", "1", "2"), None, None)
    assert (pairs.gold_rows, pairs.predicted_rows, pairs.several) == ((0, 1, 2), (1, 2, 0), False)


def test_clusters_and_targets_come_from_the_gold_and_a_row_without_stands_alone() -> None:
    gold = table(["s", "2"], ["x", "y"], story_id=[None, "s"], target=["T", "U"])
    pairs = pair(gold, table(["s", "2"], ["x", "x"]), target="target")
    assert (pairs.clusters, pairs.clustered, pairs.targets) == (("\0s", "s"), "story_id", ("T", "U"))
    assert pair(gold, table(["s", "2"], ["x", "x"]), cluster="target").clusters == ("T", "U")


def test_a_row_with_an_empty_target_has_none() -> None:
    gold = table(["1", "2", "3", "4"], list("xxxx"), target=["T", "", None, " "])
    assert pair(gold, table(["1", "2", "3", "4"], list("xxxx")), target="target").targets == ("T", None, None, None)


def test_gold_without_a_label_is_left_out_and_counted() -> None:
    pairs = pair(table(["1", "2"], ["x", None]), table(["1"], ["x"]))
    assert (pairs.ids, pairs.unlabelled) == (one("1"), 1)


@pytest.mark.parametrize("label", ["[1]", "[not a list", "[]x", '{"a": 1}', '[["x"]]', "[1, 2", "[null]"])
def test_a_label_that_looks_like_a_list_is_a_label(label: str) -> None:
    pairs = pair(table(["1", "2"], [label, "y"]), table(["1", "2"], [label, label]))
    assert (pairs.actual, pairs.predicted) == (((label,), ("y",)), ((label,), (label,)))
    alone = pair(table(["1"], [label]), table(["1"], [label]))
    assert alone.actual == ((label,),)


def test_a_column_is_of_lists_when_every_value_is_one() -> None:
    gold = pa.table({"unit_id": ["1", "2", "3"], "labels": [["x"], ["y"], []]})
    predictions = pa.table({"unit_id": ["2", "1"], "labels": ['["y"]', '["x"]']})
    assert pair(gold, predictions).predicted == one("xy")
    mixed = pa.table({"unit_id": ["2", "1"], "labels": ['["y"]', "x"]})
    with pytest.raises(GoldwireError) as error:
        pair(gold, mixed)
    assert str(error.value) == (
        'column "labels" of the predictions has lists in 1 rows and plain text in others, such as "x"'
    )


def test_several_labels_are_told_by_an_answer_that_has_them_or_by_the_type_or_a_separator() -> None:
    gold = table(["1", "2"], [["x", "y"], []])
    pairs = pair(gold, table(["2", "1"], [["x"], ["y", "x", "y"]]))
    assert (pairs.several, pairs.actual, pairs.predicted) == (True, (("x", "y"), ()), (("y", "x"), ("x",)))
    by_type = pair(table(["1", "2"], [["x"], []]), table(["1", "2"], [["x"], ["y"]]), question_type="tree")
    assert (by_type.several, by_type.actual) == (True, (("x",), ()))
    parted = pair(table(["1", "2"], ["x; y;", None]), table(["1", "2"], ["x", "y;z"]), separator=";")
    assert (parted.several, parted.actual, parted.predicted) == (True, (("x", "y"), ()), (("x",), ("y", "z")))


def test_numbers_are_labels_and_ids_too() -> None:
    pairs = pair(table([1, 2], [0, 1]), table([2, 1], ["1", "1"]))
    assert (pairs.actual, pairs.predicted) == (one("01"), one("11"))


def test_only_the_question_that_is_predicted_is_used_of_our_gold() -> None:
    gold = pa.table(
        {"unit_id": ["u", "u", "v"], "scheme": ["s", "s", "t"], "question": ["q", "r", "q"], "labels": [["x"]] * 3}
    )
    predictions = pa.table({"unit_id": ["u"], "scheme": ["s"], "question": ["q"], "labels": [["y"]]})
    assert pair(gold, predictions).ids == one("u")
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
    assert error.value.hint == (
        "Predict every row of the gold, or say what becomes of the others: --missing wrong, --missing ignore. "
        "Predictions of other rows can be left out: --extra ignore"
    )


def test_extra_predictions_can_be_left_out_and_are_counted() -> None:
    pairs = pair(table(["a"], ["x"]), table(["a", "b"], ["x", "x"]), extra="ignore")
    assert (pairs.ids, pairs.extra) == (one("a"), 1)
    with pytest.raises(GoldwireError, match=r"missing from the predictions: 1 \(b\) of 2"):
        pair(table(["a", "b"], ["x", "y"]), table(["a"], ["x"]), extra="ignore")


def test_rows_without_a_prediction_count_as_wrong_or_are_left_out_where_that_is_said() -> None:
    gold, predictions = table(list("abc"), ["x", "y", "x"]), table(list("ca"), ["x", None])
    wrong = pair(gold, predictions, missing="wrong")
    assert (wrong.ids, wrong.predicted, wrong.missing) == (one("abc"), (None, None, ("x",)), 2)
    assert wrong.predicted_rows == (-1, -1, 0)
    ignored = pair(gold, predictions, missing="ignore")
    assert (ignored.ids, ignored.actual, ignored.predicted, ignored.missing) == (one("c"), one("x"), one("x"), 2)
    assert (ignored.gold_rows, ignored.predicted_rows, ignored.clusters) == ((2,), (0,), ("2",))
    with pytest.raises(GoldwireError, match=r"^there is nothing to score: no gold row has a prediction$"):
        pair(gold, table(["a"], [None]), missing="ignore")


def test_repeated_ids_are_an_error_by_id_and_fine_by_order() -> None:
    gold, predictions = table(["a", "a", "b"], ["x", "y", "x"]), table(["a", "a", "b"], ["y", "y", "x"])
    with pytest.raises(GoldwireError, match=r"^the gold has ids that stand more than once: 1 \(a\)$"):
        pair(gold, predictions)
    with pytest.raises(GoldwireError, match=r"^the predictions have ids that stand more than once: 1 \(a\)$"):
        pair(table(["a", "b"], ["x", "x"]), predictions)
    pairs = pair(gold, predictions, align="order")
    assert (pairs.actual, pairs.predicted) == (one("xyx"), one("yyx"))
    assert len(set(pairs.clusters)) == 3


def test_several_columns_make_an_id_and_their_values_are_never_run_together() -> None:
    gold = pa.table({"head": ["h", "h + 1", "h"], "body": ["1 + 1", "1", "2"], "stance": ["x", "y", "x"]})
    pairs = pair(gold, gold.take([2, 1, 0]), id_columns=["head", "body"], label="stance")
    assert (pairs.ids, pairs.predicted) == ((("h", "1 + 1"), ("h + 1", "1"), ("h", "2")), one("xyx"))
    with pytest.raises(GoldwireError, match=r"missing from the predictions: 1 \(\(h, 1 \+ 1\)\) of 3"):
        pair(gold, gold.take([1, 2]), id_columns=["head", "body"], label="stance")


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
        (table([], []), table([], []), {}, "there is nothing to score: no gold row has a label"),
        (table(["a"], ["x"]), table(["a"], [None]), {}, "the predictions have no label for 1 (a)"),
        (table([None], ["x"]), table(["a"], ["x"]), {}, "the gold: no id in 1 rows, such as row 1"),
        (
            table(["a"], [["x", "y"]]),
            table(["a"], ["x"]),
            {"question_type": "single"},
            "the gold has several labels in 1 rows, such as x, y",
        ),
        (table(["a"], ["x"]), table(["a"], ["x"]), {"label": "gold"}, 'the gold has no column "gold"'),
        (table(["a"], ["x"]), table(["a"], ["x"]), {"cluster": "story"}, 'the gold has no column "story"'),
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


def test_what_pandas_writes_as_nan_is_no_label_and_no_id() -> None:
    gold = table(["1", "2"], ["x", "y"])
    unlabelled = pa.table({"id": ["1", "2"], "label": pa.array([1.0, float("nan")])})
    assert pair(unlabelled, pa.table({"id": ["1"], "label": pa.array([1.0])})).unlabelled == 1
    with pytest.raises(GoldwireError, match="the gold: no id in 1 rows, such as row 2"):
        pair(pa.table({"id": pa.array([1.0, float("nan")]), "label": ["x", "y"]}), gold)


@pytest.mark.parametrize(
    ("gold", "predicted", "said"),
    [
        (["007", "8", "9"], ["7", "8", "9"], '1 ids differ only in leading zeros, such as "007" in the gold and "7"'),
        (["7", "8"], ["7.0", "8.0"], '2 ids differ only in a trailing .0, such as "7" in the gold and "7.0"'),
        (["a", "b"], ["a ", "b"], '1 ids differ only in surrounding blanks, such as "a" in the gold and "a "'),
        (["A", "b"], ["a", "b"], '1 ids differ only in upper and lower case, such as "A" in the gold and "a"'),
        (["\xe4"], ["a\u0308"], '1 ids differ only in Unicode form, such as "\xe4" in the gold and "a\u0308"'),
        (
            ["007", "8"],
            ["7.0", "8"],
            '1 ids differ only in how they are written, such as "007" in the gold and "7.0"',
        ),
    ],
)
@pytest.mark.parametrize("options", [{}, {"missing": "ignore"}, {"missing": "wrong"}, {"extra": "ignore"}])
def test_ids_that_differ_only_in_how_they_are_written_are_told_so_and_never_matched(
    gold: list[str], predicted: list[str], said: str, options: Any
) -> None:
    with pytest.raises(GoldwireError, match=r"^the ids do not match; ") as error:
        pair(table(gold, ["x"] * len(gold)), table(predicted, ["x"] * len(predicted)), **options)
    assert str(error.value.hint).startswith(f"{said} in the predictions: write them the same way in both files. ")


def test_ids_of_several_columns_are_compared_part_by_part() -> None:
    gold = pa.table({"head": ["h"], "body": ["01"], "label": ["x"]})
    predicted = pa.table({"head": ["h"], "body": ["1"], "label": ["x"]})
    with pytest.raises(GoldwireError) as error:
        pair(gold, predicted, id_columns=["head", "body"])
    assert '1 ids differ only in leading zeros, such as "(h, 01)" in the gold and "(h, 1)"' in str(error.value.hint)
    with pytest.raises(GoldwireError) as ignored:
        pair(gold, predicted, id_columns=["head", "body"], extra="ignore", missing="ignore")
    assert str(ignored.value) == "there is nothing to score: no gold row has a prediction"
    assert "leading zeros" in str(ignored.value.hint)


def test_ids_that_are_others_get_no_such_hint() -> None:
    with pytest.raises(GoldwireError) as error:
        pair(table(["1"], ["x"]), table(["2"], ["x"]))
    assert str(error.value.hint).startswith("Predict every row of the gold")


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("a\u0308", '"a\u0308" (a\\u0308) differs from "\xe4" (\\xe4) only in Unicode form'),
        ("\xe4 ", '"\xe4 " differs from "\xe4" only in surrounding blanks'),
    ],
)
def test_a_label_that_looks_like_one_of_the_gold_and_is_another_is_refused(label: str, said: str) -> None:
    with pytest.raises(GoldwireError) as error:
        pair(table(["1", "2"], ["\xe4", "b"]), table(["1", "2"], [label, "b"]))
    assert str(error.value) == f"labels of the predictions look like labels of the gold, and are others: {said}"


def test_labels_that_the_gold_has_both_are_two() -> None:
    both = table(["1", "2"], ["a", "a "])
    assert pair(both, table(["1", "2"], ["a ", "A"])).predicted == (("a ",), ("A",))


@pytest.mark.parametrize("value", [[1], {"a": 1}])
def test_ids_that_are_lists_or_objects_are_refused(value: Any) -> None:
    with pytest.raises(GoldwireError) as error:
        pair(table(["1"], ["x"]), table([None, value], ["x", "x"]))
    assert str(error.value) == (
        'column "id" of the predictions holds lists or objects, first in row 2: these are no ids'
    )


def test_labels_that_are_objects_are_refused() -> None:
    objects = pa.table({"id": ["1"], "label": [{"x": "a"}]})
    with pytest.raises(GoldwireError, match='column "label" of the gold holds objects'):
        pair(objects, objects)
