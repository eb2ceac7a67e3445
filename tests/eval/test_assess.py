"""Scoring a study: the result file, anyone's predictions beside the baselines, and what is refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sklearn.metrics import accuracy_score, f1_score

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.eval import given
from goldwire.eval.assess import score_all
from goldwire.eval.audit.study import findings
from goldwire.eval.inputs import Inputs, load_all
from goldwire.eval.models import predict_all, train_all
from goldwire.eval.result import Result, read_all
from goldwire.study import Study
from several_answers import answer

MakeStudy = Callable[..., Study]


def give(study: Study, answer: Callable[[Any], str], name: str = "my-bert", which: int = 0, **change: Any) -> Path:
    """Put predictions for the labelled test units of a question into the study, under a model's name."""
    inputs = load_all(study)[0][which]
    rows = [
        {"scheme": inputs.scheme.name, "scheme_hash": inputs.scheme.hash, "question": inputs.question.name}
        | {"unit_id": row["unit_id"], "labels": [answer(row)], "model": name}
        | change
        for row in inputs.labelled("test").to_dict("records")
    ]
    path = study.predictions / f"{inputs.key}.{name}.parquet"
    tables.write(tables.build("predictions", rows), path)
    return path


def of(study: Study, scheme: str) -> Result:
    return next(result for result in read_all(study.results)[0] if result.scheme == scheme)


def test_a_result_holds_everything_that_reports_show(predicted: Study) -> None:
    written = score_all(predicted)
    assert [path.name for path in written.files] == [
        "events-small.main_event.json",
        "events-small.topics.json",
        "stance-small.stance.json",
    ]
    result, events = of(predicted, "events-small"), load_all(predicted)[0][0]
    test = events.labelled("test")
    assert (result.n, result.stories) == (len(test), test["cluster"].nunique())
    assert [label.name for label in result.labels] == events.labels
    assert [(s.split, s.units) for s in result.splits] == [("train", 30), ("validation", 10), ("test", 20)]
    assert [(m.name, m.role) for m in result.models] == [("majority", "baseline"), ("tfidf-logreg", "baseline")]
    assert result.data.decided_by == {"majority": 19, "unanimous": 37, "unresolved": 4}
    assert {unit for cell in result.best.confusion for unit in cell.units} == set(test["unit_id"])
    assert set(result.examples) == set(test["unit_id"])
    assert [check.name for check in result.checks] == ["above-baseline", "hidden-labels", "without-target", "audit"]
    assert result.ceiling.units == "all"
    assert (result.best.name, result.best.against_people) == ("tfidf-logreg", "below")
    assert "|cluster:story|bootstrap:200|level:0.95|seed:0" in result.signature


def test_its_figures_are_scikit_learns(predicted: Study) -> None:
    score_all(predicted)
    inputs: list[Inputs] = [each for each in load_all(predicted)[0] if len(each.rows)]
    assert len(inputs) == 2
    for each in inputs:
        test = each.labelled("test").set_index("unit_id")["label"]
        result = of(predicted, each.scheme.name)
        for model in result.models:
            path = predicted.predictions / f"{each.key}.{model.name}.parquet"
            given = {row["unit_id"]: row["labels"][0] for row in tables.read(path).to_pylist()}
            said = [given[unit] for unit in test.index]
            macro = f1_score(test, said, labels=sorted(set(test)), average="macro", zero_division=0)
            assert model.metrics["macro-f1"].value == pytest.approx(macro, abs=1e-6)
            assert model.metrics["accuracy"].value == pytest.approx(accuracy_score(test, said), abs=1e-6)


def test_probes_are_trained_for_targets_and_kept_out_of_comparisons(predicted: Study) -> None:
    score_all(predicted)
    result = of(predicted, "stance-small")
    assert [(m.name, m.role) for m in result.models] == [
        ("majority", "baseline"),
        ("tfidf-logreg", "baseline"),
        ("majority-per-target", "probe"),
        ("tfidf-logreg-text-only", "probe"),
        ("tfidf-logreg-target-only", "probe"),
    ]
    assert {c.a for c in result.comparisons} == {"tfidf-logreg"}
    assert "semeval-favg" in result.best.metrics


def test_a_question_that_is_not_scored_says_why(predicted: Study) -> None:
    score_all(predicted)
    (item,) = read_all(predicted.results)[1]
    assert (item.key, item.reason) == (
        "events-small.topics",
        "no unit has gold for it yet",
    )


def test_the_same_inputs_give_the_same_bytes(predicted: Study) -> None:
    def score() -> dict[str, bytes]:
        score_all(predicted)
        return {path.name: path.read_bytes() for path in predicted.results.iterdir()}

    assert score() == score()


def test_anyones_predictions_are_scored_beside_the_baselines(predicted: Study) -> None:
    give(predicted, lambda row: row["label"])
    score_all(predicted)
    result = of(predicted, "events-small")
    assert [m.name for m in result.models] == ["majority", "tfidf-logreg", "my-bert"]
    assert (result.best.name, result.best.role, result.best.metrics["macro-f1"].value) == ("my-bert", "given", 1.0)
    assert result.best.metrics["macro-f1"].low is None  # always right on 19 units: that is no certainty
    assert result.best.against_people is None


def test_agreement_is_taken_from_its_file(predicted: Study) -> None:
    path = predicted.labels / "tables" / "agreement.json"
    path.write_text(json.dumps({"questions": {"events-small.main_event": {"alpha": {"value": 0.5}}}}))
    score_all(predicted)
    assert of(predicted, "events-small").agreement == {"alpha": {"value": 0.5}}
    assert of(predicted, "stance-small").agreement is None


def test_a_test_split_of_one_label_is_scored_and_flagged(predicted: Study) -> None:
    rows = predicted.read("gold").to_pylist()
    test = set(load_all(predicted)[0][0].labelled("test")["unit_id"])
    changed = [row | {"labels": ["AID"]} if row["unit_id"] in test else row for row in rows]
    tables.write(tables.build("gold", changed), predicted.table("gold"))
    score_all(predicted)
    result = of(predicted, "events-small")
    assert result.models[0].metrics["mcc"].value == 0
    assert {name for name, score in result.best.per_label.items() if not score.support} == {
        "PROTEST",
        "ASSAULT",
        "NO_EVENT",
    }


def test_what_the_audit_found_stands_with_the_question_it_is_about(predicted: Study) -> None:
    findings(predicted)
    score_all(predicted)
    events = {check.name: check.state for check in of(predicted, "events-small").checks}
    stance = {check.name: check.state for check in of(predicted, "stance-small").checks}
    assert (events["GW101"], events["GW203"], events["GW301"]) == ("ok", "warning", "not applicable")
    assert (stance["GW101"], stance["GW203"]) == ("ok", "warning")


def test_an_empty_test_split_is_an_error_and_writes_nothing(make_study: MakeStudy) -> None:
    study = make_study(splits=("train", "validation"))
    train_all(study)
    predict_all(study)
    with pytest.raises(GoldwireError) as error:
        score_all(study)
    assert str(error.value) == (
        "there is nothing to score: events-small.main_event: no unit of the test split has a gold label; "
        "events-small.topics: no unit has gold for it yet; "
        "stance-small.stance: no unit of the test split has a gold label"
    )
    assert not study.results.exists()


def test_a_study_without_predictions_says_so(make_study: MakeStudy) -> None:
    with pytest.raises(GoldwireError, match=r"events-small\.main_event: there are no predictions for it"):
        score_all(make_study())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"labels": ["RIOT"]}, "labels that question main_event of scheme events-small has not: RIOT"),
        ({"labels": None}, "19 of 19 labelled test units have no prediction: art04/document, art05/document, "),
        ({"labels": ["AID", "PROTEST"]}, "19 units have no label or several, and the question takes one: art04/"),
        ({"scheme_hash": "0000"}, "predictions made with another version of scheme events-small (0000)"),
    ],
)
def test_wrong_predictions_are_refused_and_results_stay(predicted: Study, change: Any, message: str) -> None:
    score_all(predicted)
    before = {path.name: path.read_bytes() for path in predicted.results.iterdir()}
    path = give(predicted, lambda row: row["label"], **change)
    with pytest.raises(GoldwireError) as error:
        score_all(predicted)
    assert str(error.value).startswith(f"{path}: {message}")
    assert {path.name: path.read_bytes() for path in predicted.results.iterdir()} == before


@pytest.mark.parametrize(
    ("shares", "what"),
    [
        ((None, 1.0), "are lacking or not numbers"),
        ((float("nan"), 1.0), "are lacking or not numbers"),
        ((-0.5, 1.5), "are negative"),
        ((0.5, 0.4), "do not sum to one"),
    ],
)
def test_scores_that_are_no_probabilities_are_named_with_file_and_units(
    predicted: Study, shares: tuple[float | None, float], what: str
) -> None:
    scores = [{"label": label, "share": share} for label, share in zip(("PROTEST", "AID"), shares, strict=True)]
    path = give(predicted, lambda row: row["label"], scores=scores)
    with pytest.raises(GoldwireError) as error:
        score_all(predicted)
    units = "art04/document, art05/document, art10/document, ..."
    assert str(error.value) == f"{path}: the shares of 19 rows {what} ({units})"
    assert error.value.hint == "Mend the column scores, or leave it empty in all rows."
    assert not predicted.results.exists()


def test_a_label_that_differs_from_the_schemes_in_its_case_is_told_so(predicted: Study) -> None:
    give(predicted, lambda _row: "Aid")
    with pytest.raises(GoldwireError) as error:
        score_all(predicted)
    assert error.value.hint == (
        'It has: PROTEST, AID, ASSAULT, NO_EVENT. "Aid" differs from "AID" only in upper and lower case.'
    )


def test_predictions_are_read_in_any_order_with_units_that_are_not_tested(predicted: Study) -> None:
    inputs = load_all(predicted)[0][0]
    path = predicted.predictions / f"{inputs.key}.tfidf-logreg.parquet"
    before = given.read_all(predicted, inputs, [])["tfidf-logreg"]
    table = tables.read(path, "predictions")
    tables.write(table.take(list(range(len(table)))[::-1]), path)
    after = given.read_all(predicted, inputs, [])["tfidf-logreg"]
    assert before.shares is not None
    assert after.shares is not None
    assert (before.answers, before.shares.tobytes()) == (after.answers, after.shares.tobytes())
    by_unit = {row["unit_id"]: row for row in table.to_pylist()}
    wanted = [by_unit[unit] for unit in inputs.labelled("test")["unit_id"]]
    assert after.answers == [tuple(row["labels"]) for row in wanted]
    assert after.shares.tolist() == [[one["share"] for one in row["scores"]] for row in wanted]


def test_predictions_for_half_the_units_and_for_unknown_ones_are_refused(predicted: Study) -> None:
    path = give(predicted, lambda row: row["label"])
    rows = tables.read(path).to_pylist()
    rows = [row | {"unit_id": row["unit_id"] + "x"} if i % 2 else row for i, row in enumerate(rows)]
    tables.write(tables.build("predictions", rows), path)
    with pytest.raises(GoldwireError) as error:
        score_all(predicted)
    assert "9 predicted units have no gold row in the study: art05/documentx, " in str(error.value)
    tables.write(tables.build("predictions", [row for i, row in enumerate(rows) if i % 2 == 0]), path)
    with pytest.raises(GoldwireError) as error:
        score_all(predicted)
    assert "9 of 19 labelled test units have no prediction: art05/document, " in str(error.value)
    tables.write(tables.build("predictions", [*rows, rows[0]]), path)
    with pytest.raises(GoldwireError, match="1 units stand more than once: art04/document"):
        score_all(predicted)


def test_questions_of_several_answers_are_trained_predicted_and_scored(make_study: MakeStudy) -> None:
    study = make_study()
    study.params_file.write_text("eval: {baselines: [majority], resamples: 200}", encoding="utf-8")
    answer(study)
    train_all(study)
    predict_all(study)
    topics = load_all(study)[0][0]
    test = topics.labelled("test")
    given = [("economy",) if "economy" in gold else gold[:1] for gold in test["labels"]]
    rows = [
        {"scheme": "several", "scheme_hash": topics.scheme.hash, "question": "topics", "model": "mine"}
        | {"unit_id": unit, "labels": list(labels)}
        for unit, labels in zip(test["unit_id"], given, strict=True)
    ]
    tables.write(tables.build("predictions", rows), study.predictions / "several.topics.mine.parquet")
    score_all(study)
    place, scored = sorted(read_all(study.results)[0], key=lambda result: result.question)
    assert (place.type, scored.type) == ("tree", "multiple")
    assert "hierarchical-f1" in place.best.metrics
    mine = next(model for model in scored.models if model.name == "mine")
    marks = topics.task.marks(list(test["labels"])), topics.task.marks(given)
    for average in ("macro", "micro", "weighted"):
        right = f1_score(*marks, average=average, zero_division=0)
        assert mine.metrics[f"{average}-f1"].value == pytest.approx(right, abs=1e-6)
    missed = next(cell for cell in mine.confusion if (cell.actual, cell.predicted) == ("security", None))
    both = [unit for unit, gold in zip(test["unit_id"], test["labels"], strict=True) if len(gold) == 2]
    assert (missed.units, missed.right) == (sorted(both), False)
    assert mine.calibration is None
    assert scored.ceiling.metrics["macro-f1"].value is not None
    assert {example.gold == [] for example in scored.examples.values()} == {True, False}


def test_predictions_whose_rows_and_name_say_different_things_are_refused(predicted: Study) -> None:
    path = give(predicted, lambda row: row["label"], question="stance")
    with pytest.raises(GoldwireError) as error:
        score_all(predicted)
    assert str(error.value).startswith(f"{path}: its name says question main_event, and its rows say stance")
    give(predicted, lambda row: row["label"], labels=[None])
    with pytest.raises(GoldwireError, match="19 of 19 labelled test units have no prediction"):
        score_all(predicted)


def test_files_that_belong_to_no_question_are_named(predicted: Study) -> None:
    for name in ("keywords.parquet", "events-small.main_event.parquet", "stance_small.stance.x.parquet", "a.b.c.csv"):
        (predicted.predictions / name).write_bytes(b"")
    named = [note.split(" in ")[0] for note in score_all(predicted).notes]
    assert named == [
        "a.b.c.csv",
        "events-small.main_event.parquet",
        "keywords.parquet",
        "stance_small.stance.x.parquet",
    ]


def test_a_model_under_the_name_of_a_baseline_that_is_not_trained_is_somebodys(predicted: Study) -> None:
    mine = give(predicted, lambda row: row["label"], name="llm")
    for path in predicted.predictions.glob("events-small.*"):
        if path != mine:
            path.unlink()
    score_all(predicted)
    assert [(m.name, m.role) for m in of(predicted, "events-small").models] == [("llm", "given")]
    predict_all(predicted)
    assert mine.is_file()
