"""Scores of plain files and tables: the fixed shape, the signature, labels, and what is refused."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from sklearn.metrics import f1_score

from goldwire import __version__, tables
from goldwire.errors import GoldwireError, UsageError
from goldwire.eval.score import score, score_files

GOLD = pa.table({"id": ["1", "2", "3", "4"], "label": ["a", "a", "b", "b"], "story": ["s", "s", "t", "u"]})
PREDICTED = pa.table({"id": ["4", "3", "2", "1"], "label": ["b", "a", "a", "a"]})


def test_the_shape_of_a_score() -> None:
    found = score(GOLD, PREDICTED, cluster="story", metrics=["accuracy", "macro-f1"])
    why = "3 clusters: an interval needs 10"
    none = {"f1_low": None, "f1_high": None, "why": why}
    assert found == {
        "n": 4,
        "metrics": {
            "accuracy": {"value": 0.75, "low": None, "high": None, "why": why},
            "macro-f1": {"value": 0.733333, "low": None, "high": None, "why": why},
        },
        "per_label": {
            "a": {"precision": 0.666667, "recall": 1.0, "f1": 0.8, "support": 2, **none},
            "b": {"precision": 1.0, "recall": 0.5, "f1": 0.666667, "support": 2, **none},
        },
        "type": "single",
        "clusters": 3,
        "left_out": {"gold_without_label": 0, "gold_without_prediction": 0, "predictions_not_in_gold": 0},
        "warnings": [],
        "signature": found["signature"],
    }
    head, data, rest = found["signature"].split("|", 2)
    assert head == f"goldwire:{__version__}"
    assert data.startswith("data:")
    assert rest == "n:4|type:single|align:id|cluster:story|bootstrap:1000|level:0.95|seed:0"


def test_labels_of_few_stories_are_named() -> None:
    ids = [str(i) for i in range(60)]
    labels = ["a"] * 30 + ["b"] * 27 + ["c", "c", "d"]
    gold = pa.table({"id": ids, "label": labels, "story": [str(i // 2) for i in range(57)] + ["98", "98", "99"]})
    text = "Averages over labels, and their intervals, rest on these few as much as on all others"
    found = score(gold, gold, cluster="story", resamples=20)
    assert found["warnings"] == [f"gold labels in fewer than 10 stories: c (1), d (1). {text}"]
    by_row = score(gold, gold, resamples=20)["warnings"]
    assert by_row[0] == f"gold labels in fewer than 10 rows: c (2), d (1). {text}"
    options = {"cluster": "story", "labels": list("abcd"), "resamples": 20}
    assert score(gold.slice(0, 57), gold.slice(0, 57), **options)["warnings"] == []
    assert score(gold.slice(50), gold.slice(50), **options)["warnings"] == []  # 6 stories


def test_the_signature_follows_the_data_and_the_recipe() -> None:
    base = score(GOLD, PREDICTED)["signature"]
    assert score(GOLD, PREDICTED)["signature"] == base
    other = PREDICTED.set_column(1, "label", pa.array(["b", "b", "a", "a"]))
    assert score(GOLD, other)["signature"] != base
    assert score(GOLD, PREDICTED, seed=1)["signature"] != base
    assert score(GOLD, PREDICTED, missing="wrong")["signature"] != base
    assert score(GOLD, PREDICTED, labels=["a", "b", "c"])["signature"] != base


@pytest.mark.parametrize("ending", tables.ENDINGS)
def test_files_of_every_ending_give_the_same(tmp_path: Path, ending: str) -> None:
    for name, table in (("gold", GOLD), ("predictions", PREDICTED)):
        tables.write(table, tmp_path / f"{name}{ending}")
    found = score_files(tmp_path / f"gold{ending}", tmp_path / f"predictions{ending}", cluster="story")
    assert found == score(GOLD, PREDICTED, cluster="story")


def test_our_gold_and_predictions_survive_csv(tmp_path: Path) -> None:
    rows = [{"scheme": "s", "question": "q", "unit_id": f"u{i}", "labels": [x]} for i, x in enumerate("aab")]
    tables.write(tables.build("gold", rows), tmp_path / "gold.csv")
    tables.write(tables.build("predictions", rows), tmp_path / "predictions.parquet")
    found = score_files(tmp_path / "gold.csv", tmp_path / "predictions.parquet")
    assert (found["n"], found["metrics"]["accuracy"]["value"]) == (3, 1.0)


def test_without_a_column_of_stories_rows_are_drawn_and_it_says_so() -> None:
    found = score(GOLD, PREDICTED)
    assert found["clusters"] == 4
    assert found["warnings"] == ["rows count as independent: name the column of stories with --cluster"]


def test_a_label_that_is_predicted_without_support_counts_against_and_is_said() -> None:
    predicted = PREDICTED.set_column(1, "label", pa.array(["c", "a", "a", "a"]))
    found = score(GOLD, predicted, cluster="story", unknown="label")
    assert found["warnings"] == ["predicted, and without support in the gold: c"]
    assert found["per_label"]["c"]["support"] == 0
    expected = f1_score(
        ["a", "a", "b", "b"], ["a", "a", "a", "c"], labels=["a", "b"], average="macro", zero_division=0
    )
    assert found["metrics"]["macro-f1"]["value"] == pytest.approx(expected, abs=1e-6)


def test_a_gold_of_one_label_is_scored_and_said() -> None:
    gold = GOLD.set_column(1, "label", pa.array(["a"] * 4))
    found = score(gold, PREDICTED, cluster="story", labels=["a", "b"])
    assert found["warnings"] == ["predicted, and without support in the gold: b", "the gold has one label only: a"]
    assert found["metrics"]["mcc"]["value"] == 0


def test_known_labels_keep_their_order_and_others_are_refused() -> None:
    found = score(GOLD, PREDICTED, labels=["b", "x", "a"])
    assert list(found["per_label"]) == ["b", "x", "a"]
    with pytest.raises(GoldwireError) as error:
        score(GOLD, PREDICTED, labels=["a"])
    assert str(error.value) == 'the gold has labels that --labels has not, in 2 (3, 4) of 4 rows: "b"'
    with pytest.raises(GoldwireError) as error:
        score(GOLD, PREDICTED.set_column(1, "label", pa.array(["B", "a", "A", "B"])), labels=["a", "b"])
    what = "the predictions have labels that --labels has not, in 3 (1, 2, 4) of 4 rows"
    assert str(error.value) == f'{what}: "A", "B"'
    assert error.value.hint == (
        'Known: a, b. "A" differs from "a" only in upper and lower case; "B" differs from "b" only in upper and '
        "lower case. Or say what becomes of them: --unknown wrong, --unknown label"
    )


def test_a_predicted_label_that_the_gold_has_not_is_an_error_or_has_a_policy() -> None:
    predicted = PREDICTED.set_column(1, "label", pa.array(["b", "Say a", "a", "a"]))
    with pytest.raises(GoldwireError) as error:
        score(GOLD, predicted)
    what = "the predictions have labels that the gold has not, in 1 (3) of 4 rows"
    assert str(error.value) == f'{what}: "Say a"'
    policy = "Or say what becomes of them: --unknown wrong, --unknown label"
    assert error.value.hint == f"Known: a, b. Name all labels with --labels. {policy}"
    assert list(score(GOLD, predicted, unknown="wrong")["per_label"]) == ["a", "b"]
    assert list(score(GOLD, predicted, unknown="label")["per_label"]) == ["Say a", "a", "b"]
    named = score(GOLD, predicted, labels=["b", "a"], unknown="label")
    assert list(named["per_label"]) == ["b", "a", "Say a"]
    with pytest.raises(UsageError, match=r"has no rank$"):
        score(GOLD, predicted, labels=["b", "a"], question_type="ordinal", unknown="label")


def test_rows_without_a_label_and_predictions_of_other_rows_are_said_to_be_left_out() -> None:
    gold = GOLD.set_column(1, "label", pa.array(["a", "b", None, None])).slice(0, 3)
    assert score(gold, PREDICTED, cluster="story", extra="ignore")["warnings"] == [
        "1 gold rows have no label: they are left out",
        "1 predictions are of ids that the gold has not: they are left out",
    ]


def test_gold_and_predictions_that_share_no_label_are_refused() -> None:
    with pytest.raises(GoldwireError, match=r"^gold and predictions share no label: a, b against A, B$") as error:
        score(GOLD, PREDICTED.set_column(1, "label", pa.array(["B", "A", "A", "A"])))
    assert str(error.value.hint).startswith('"A" differs from "a" only in upper and lower case; ')


def test_an_ordinal_question_needs_its_order() -> None:
    with pytest.raises(UsageError, match=r"^an ordinal question needs its labels in order$"):
        score(GOLD, PREDICTED, question_type="ordinal")
    found = score(GOLD, PREDICTED, question_type="ordinal", labels=["a", "x", "b"])
    assert found["metrics"]["mae-ranks"]["value"] == 0.5  # one of four rows is two ranks off
    assert found["metrics"]["within-one"]["value"] == 0.75


def test_several_labels_and_trees() -> None:
    gold = pa.table({"id": ["1", "2"], "label": ["B/C;R", ""]})
    predicted = pa.table({"id": ["1", "2"], "label": ["B/D", ""]})
    several = score(gold, predicted, separator=";", cluster="id", labels=["B/C", "B/D", "R"])
    assert several["type"] == "multiple"
    assert several["metrics"]["jaccard-samples"]["value"] == 0.5
    assert several["warnings"] == [
        "some answers have several labels, so it is scored as a question of --type multiple",
        "predicted, and without support in the gold: B/D",
    ]
    tree = score(gold, predicted, separator=";", cluster="id", question_type="tree", labels=["B/C", "B/D", "R"])
    assert list(tree["per_label"]) == ["B", "B/C", "B/D", "R"]
    assert tree["metrics"]["hierarchical-precision"]["value"] == 0.5  # B of B, B/D
    assert tree["metrics"]["hierarchical-recall"]["value"] == 0.333333  # B of B, B/C, R


def test_missing_and_unknown_predictions_count_as_wrong_where_that_is_said() -> None:
    predicted = pa.table({"id": ["1", "2", "3"], "label": ["a", "I think a", "b"]})
    found = score(GOLD, predicted, cluster="story", labels=["a", "b"], missing="wrong", unknown="wrong")
    expected = f1_score(list("aabb"), ["a", "?", "b", "?"], labels=["a", "b"], average="macro")
    assert found["metrics"]["macro-f1"]["value"] == pytest.approx(expected, abs=1e-6)
    assert found["metrics"]["accuracy"]["value"] == 0.5
    assert list(found["per_label"]) == ["a", "b"]
    assert found["warnings"] == [
        "1 gold rows have no prediction: they count as wrong",
        "1 predictions have labels that are not known: these count as wrong",
    ]
    with pytest.raises(UsageError, match=r"has no rank$"):
        score(GOLD, predicted, labels=["a", "b"], question_type="ordinal", missing="wrong", unknown="wrong")


def test_a_missing_answer_of_several_labels_is_wrong_even_where_the_gold_has_none() -> None:
    gold = pa.table({"id": ["1", "2", "3"], "label": [["a"], [], ["a", "b"]]})
    predicted = pa.table({"id": ["3"], "label": [["a", "b"]]})
    found = score(gold, predicted, missing="wrong")
    assert found["metrics"]["accuracy"]["value"] == 0.333333
    assert found["per_label"]["a"]["recall"] == 0.5
    assert found["per_label"]["a"]["precision"] == 1.0


def test_rows_without_a_prediction_can_be_left_out_and_are_counted() -> None:
    found = score(GOLD, PREDICTED.slice(0, 2), cluster="story", labels=["a", "b"], missing="ignore")
    assert found["n"] == 2
    assert found["left_out"]["gold_without_prediction"] == 2
    assert found["warnings"][-1] == "2 gold rows have no prediction: they are left out"


SEVERAL = pa.table({"id": ["1", "2", "3", "4"], "label": [["a"], ["a", "b"], [], ["b"]]})


def test_errors_do_not_lower_the_hamming_loss() -> None:
    columns = {"labels": ["a", "b"], "metrics": ["hamming-loss"], "unknown": "wrong", "question_type": "multiple"}

    def loss(labels: list[list[str]], **more: Any) -> float:
        predicted = pa.table({"id": SEVERAL["id"][: len(labels)], "label": pa.array(labels, pa.list_(pa.string()))})
        return float(score(SEVERAL, predicted, **columns, **more)["metrics"]["hamming-loss"]["value"])

    assert loss([["a"], ["a"], [], ["b"]]) == 0.125
    assert loss([["a"], ["a", "c"], [], ["b"]]) == 0.25
    assert loss([["a"], ["a"], ["c"], ["b"]]) == 0.25
    assert loss([["a"], ["a"]], missing="wrong") == 0.375  # b of 2 and of 4, and 3 for saying nothing


def test_labels_that_only_predictions_have_are_said_to_lower_the_hamming_loss() -> None:
    predicted = SEVERAL.set_column(1, "label", pa.array([["a"], ["a", "c"], [], ["d"]]))
    found = score(SEVERAL, predicted, cluster="id", unknown="label")
    assert list(found["per_label"]) == ["a", "b", "c", "d"]
    assert found["metrics"]["hamming-loss"]["value"] == 0.25
    warning = (
        "hamming-loss divides by 4 labels, of which only the predictions have c, d: the more of these, the lower it "
        "is. Name all labels with --labels"
    )
    assert found["warnings"][-1] == warning
    assert warning not in score(SEVERAL, predicted, cluster="id", unknown="label", metrics=["macro-f1"])["warnings"]
    assert warning not in score(SEVERAL, predicted, cluster="id", labels=list("abcd"))["warnings"]
    assert not [text for text in score(SEVERAL, SEVERAL, cluster="id")["warnings"] if "hamming" in text]


def test_rows_without_a_target_are_of_no_target() -> None:
    gold = pa.table(
        {"id": ["1", "2", "3", "4"], "label": ["favor", "against", "favor", "none"], "target": ["T", "T", "", None]}
    )
    predicted = gold.set_column(1, "label", pa.array(["favor", "against", "against", "favor"]))
    found = score(gold, predicted, cluster="id", target="target", metrics=["semeval-favg-by-target", "accuracy"])
    assert [figure["value"] for figure in found["metrics"].values()] == [1.0, 0.5]


@pytest.mark.shared
def test_fnc_all_unrelated_is_the_published_figure(shared_data: Path) -> None:
    gold = tables.read(shared_data / "fnc1" / "competition_test_stances.csv")
    constant = gold.set_column(2, "Stance", pa.array(["unrelated"] * gold.num_rows))
    columns = {"id_columns": ["Headline", "Body ID"], "label": "Stance", "align": "order", "cluster": "Body ID"}
    found = score(gold, constant, **columns)
    assert (found["n"], round(found["metrics"]["fnc"]["value"], 4)) == (25413, 0.3937)
    assert score(gold, gold, **columns)["metrics"]["fnc"]["value"] == 1.0
    with pytest.raises(GoldwireError, match="the gold has ids that stand more than once: 242 "):
        score(gold, constant, id_columns=["Headline", "Body ID"], label="Stance")
