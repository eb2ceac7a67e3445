"""Shares of labels in plain files: the forms they come in, what they tell, and what is refused."""

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from goldwire.errors import GoldwireError
from goldwire.eval.score import score
from goldwire.eval.scoring.shares import read
from goldwire.tables import SHARES

GOLD = pa.table({"id": ["1", "2", "3"], "label": ["a", "b", "a"]})
BASE = pa.table({"id": ["3", "1", "2"], "label": ["a", "a", "a"]})
ROWS = [{"a": 0.75, "b": 0.25}, {"a": 1.0}, {"a": 0.5, "b": 0.5}]
LISTS = [[{"label": label, "share": share} for label, share in row.items()] for row in ROWS]
FORMS: dict[str, Any] = {
    "lists": LISTS,
    "objects": ROWS,
    "lists as JSON": [json.dumps(row) for row in LISTS],
    "objects as JSON": [json.dumps(row) for row in ROWS],
}
# The gold has shares 1, .5 and .75: - ln(1 x .5 x .75) / 3; (0 + .5 + .125) / 3.
LOSSES = {"log-loss": 0.326943, "brier": 0.208333}


def losses(found: dict[str, Any]) -> dict[str, float]:
    return {name: found["calibration"]["metrics"][name]["value"] for name in LOSSES}


@pytest.mark.parametrize("form", FORMS)
def test_our_column_of_scores_is_read_in_every_form(form: str) -> None:
    found = score(GOLD, BASE.append_column("scores", pa.array(FORMS[form])))
    assert losses(found) == LOSSES
    assert found["calibration"]["reliability"][-1] == {"low": 0.9, "high": 1.0, "share": 1.0, "right": 1.0, "n": 1}
    named = score(GOLD, BASE.append_column("p", pa.array(FORMS[form])), scores="p")
    assert losses(named) == LOSSES


@pytest.mark.parametrize("text", [False, True])
def test_columns_may_hold_the_shares_one_a_label(text: bool) -> None:
    predictions = BASE
    for label in "ab":
        shares = [row.get(label, 0.0) for row in ROWS]
        predictions = predictions.append_column(f"p_{label}", pa.array([str(x) for x in shares] if text else shares))
    assert losses(score(GOLD, predictions, scores="p_")) == LOSSES
    assert "calibration" not in score(GOLD, predictions)


def test_shares_of_labels_that_nobody_gave_are_labels_too() -> None:
    scores = pa.array([[{"label": "c", "share": 0.5}, {"label": "a", "share": 0.5}]] * 3)
    found = score(GOLD, BASE.append_column("scores", scores))
    assert list(found["per_label"]) == ["a", "b", "c"]
    assert "there are shares of labels that the gold has not: c" in found["warnings"]


def test_columns_of_shares_that_lack_a_label_of_the_gold_are_refused() -> None:
    for names, why in (
        (("a", "c"), "There are shares of: a, c."),
        (("a", "B"), '"B" differs from "b" only in upper and lower case.'),
    ):
        predictions = BASE
        for name, label in zip(names, "ab", strict=True):
            column = pa.array([row.get(label, 0.0) for row in ROWS])
            predictions = predictions.append_column(f"p_{name}", column)
        with pytest.raises(GoldwireError, match=r'^1 labels of the gold have no column of shares: "p_b"$') as error:
            score(GOLD, predictions, scores="p_")
        assert error.value.hint == f"{why} Name shares as the gold writes its labels."


def test_listed_shares_of_a_label_in_another_case_are_refused_where_named_and_else_left_out() -> None:
    scores = pa.array([[{"label": "A", "share": 1.0}]] * 3)
    message = "there are shares of labels that look like known ones, and are others: A"
    with pytest.raises(GoldwireError) as error:
        score(GOLD, BASE.append_column("scores", scores), scores="scores")
    assert str(error.value) == message
    found = score(GOLD, BASE.append_column("scores", scores))
    assert list(found["per_label"]) == ["a", "b"]
    why = '"A" differs from "a" only in upper and lower case.'
    assert found["warnings"][-1] == f"calibration is left out: {message}. {why}"


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ([0.5, float("nan")], "the shares of 1 rows are lacking or not numbers (2)"),
        ([0.5, 0.4], "the shares of 1 rows do not sum to one (2)"),
        ([1.5, -0.5], "the shares of 1 rows are negative (2)"),
    ],
)
def test_shares_that_are_no_probabilities_are_an_error_where_named_and_else_left_out(
    bad: list[float], message: str
) -> None:
    rows = [*LISTS[:2], [{"label": label, "share": share} for label, share in zip("ab", bad, strict=True)]]
    predictions = BASE.append_column("scores", pa.array(rows))
    with pytest.raises(GoldwireError) as error:
        score(GOLD, predictions, scores="scores")
    assert str(error.value) == message
    found = score(GOLD, predictions)
    assert "calibration" not in found
    assert found["warnings"][-1] == f"calibration is left out: {message}"


def test_a_row_without_shares_is_said() -> None:
    predictions = BASE.append_column("scores", pa.array([None, *LISTS[1:]]))
    with pytest.raises(GoldwireError, match=r"^the shares of 1 rows are lacking or not numbers \(3\)$"):
        score(GOLD, predictions, scores="scores")


def test_predictions_for_some_of_the_rows_have_no_calibration() -> None:
    predictions = BASE.append_column("scores", pa.array(LISTS)).slice(0, 2)
    found = score(GOLD, predictions, missing="wrong")
    assert found["warnings"][-1] == "calibration is left out: some rows have no prediction"
    assert "calibration" in score(GOLD, predictions, missing="ignore")


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("p", [0.1, 0.2, 0.3], "shares stand neither as lists of label and share nor as objects"),
        ("p", ["x", "y", "z"], "shares are no JSON of lists of label and share, nor of objects"),
        ("p_a", ["x", "y", "z"], "shares are not numbers"),
        ("q", [0.1, 0.2, 0.3], 'the predictions have no column "p" of shares, and none that begins so'),
    ],
)
def test_columns_that_hold_no_shares_are_refused(column: str, values: list[Any], message: str) -> None:
    with pytest.raises(GoldwireError) as error:
        score(GOLD, BASE.append_column(column, pa.array(values)), scores="p")
    assert str(error.value).startswith(message)


def test_somebodys_scores_of_another_kind_are_no_shares() -> None:
    assert read(BASE.append_column("scores", pa.array([0.1, 0.2, 0.3])), None) is None
    assert read(BASE.append_column("scores", pa.array([None] * 3, pa.string())), None) is None
    assert read(BASE, None) is None


def test_votes_in_the_gold_give_figures_by_agreement_and_distances() -> None:
    votes = [[{"label": "a", "share": 1.0}], [{"label": "a", "share": 0.5}, {"label": "b", "share": 0.5}], []]
    gold = GOLD.append_column("distribution", pa.array(votes))
    plain = score(gold, BASE)
    unnumbered = "the gold has no column n_votes, so rows with one vote count as unanimous"
    assert plain["warnings"].count(unnumbered) == 1
    numbered = score(gold.append_column("n_votes", pa.array([1, 2, 0])), BASE)
    assert numbered["by_votes"]["unanimous"]["why"] == "no row is unanimous"
    assert [numbered["by_votes"][name]["value"] for name in ("one vote", "contested")] == [1.0, 0.0]
    assert unnumbered not in numbered["warnings"]
    assert [plain["by_votes"][name]["value"] for name in ("unanimous", "contested")] == [1.0, 0.0]
    assert "soft" not in plain
    found = score(gold, BASE.append_column("scores", pa.array(LISTS)))
    assert found["soft"]["cross-entropy"]["value"] == pytest.approx(np.log(2) / 2, abs=1e-6)
    assert found["soft"]["manhattan"]["value"] == 0.0


def test_what_stands_in_for_unknown_labels_has_no_part_in_calibration() -> None:
    gold = pa.table({"id": ["1", "2", "3"], "label": [["a"], ["b"], []]})
    known = pa.table({"id": ["1", "2", "3"], "label": [["a"], ["a", "b"], []], "scores": pa.array(LISTS)})
    odd = known.set_column(1, "label", pa.array([["a"], ["a", "b"], ["c"]]))
    columns = {"labels": ["a", "b"], "question_type": "multiple", "unknown": "wrong"}
    wanted = score(gold, known, **columns)["calibration"]
    assert wanted["metrics"]["brier"]["value"] == pytest.approx((2 * 0.0625 + 2 + 0.5) / 6, abs=1e-6)
    assert score(gold, odd, **columns)["calibration"] == wanted


def test_votes_for_none_of_several_labels_are_told_from_no_votes_by_their_number() -> None:
    gold = pa.table(
        {
            "id": ["1", "2", "3", "4"],
            "label": [["a"], [], [], []],
            "distribution": pa.array([LISTS[1], [], [], None], SHARES),
            "n_votes": [3, 3, 0, None],
        }
    )
    lists = pa.array([LISTS[1], LISTS[1], LISTS[1], LISTS[1]])
    predicted = pa.table({"id": ["1", "2", "3", "4"], "label": [["a"]] * 4, "scores": lists})
    columns = {"labels": ["a", "b"], "question_type": "multiple", "metrics": ["accuracy"]}
    found = score(gold, predicted, **columns)
    assert found["soft"]["manhattan"]["value"] == 0.5  # (0 + 2) / 2 in two rows
    assert found["by_votes"]["unanimous"]["value"] == 0.666667  # macro-F1: a of one, and of one more
    unnumbered = score(gold.drop_columns("n_votes"), predicted, **columns)
    assert unnumbered["soft"]["manhattan"]["value"] == 0.0
