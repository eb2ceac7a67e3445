"""Training and predicting over a study: what is written, that it is the same each time, and what goes stale."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.eval.inputs import NotApplicable, load_all
from goldwire.eval.models import predict_all, train_all
from goldwire.study import Study

MakeStudy = Callable[..., Study]
MODELS = [
    "events-small.main_event.majority",
    "events-small.main_event.tfidf-logreg",
    "stance-small.stance.majority",
    "stance-small.stance.majority-per-target",
    "stance-small.stance.tfidf-logreg",
    "stance-small.stance.tfidf-logreg-target-only",
    "stance-small.stance.tfidf-logreg-text-only",
]
TOPICS = NotApplicable("events-small", "topics", "a question of type multiple is not scored in this version")


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_training_writes_each_model_with_its_recipe(make_study: MakeStudy) -> None:
    study = make_study()
    written = train_all(study)
    assert written.models == MODELS
    assert [path.name for path in written.files] == sorted(f"{m}.{end}" for m in MODELS for end in ("joblib", "json"))
    assert written.skipped == [TOPICS]
    recipe = json.loads((study.models / "stance-small.stance.tfidf-logreg.json").read_text())
    assert recipe["labels"] == ["favor", "against", "none"]
    assert recipe["parameters"]["fields"] == ["holder", "target", "text"]
    assert recipe["n"] == len(load_all(study)[0][1].labelled("train"))
    assert "|seed:0|" in recipe["signature"]


def test_predictions_cover_validation_and_test_with_scores_in_scheme_order(make_study: MakeStudy) -> None:
    study = make_study()
    train_all(study)
    written = predict_all(study)
    assert written.models == MODELS
    table = tables.read(study.predictions / "events-small.main_event.tfidf-logreg.parquet", "predictions")
    rows = table.to_pylist()
    events = load_all(study)[0][0]
    assert [row["unit_id"] for row in rows] == list(events.in_splits("validation", "test")["unit_id"])
    assert {(row["scheme"], row["question"], row["model"]) for row in rows} == {
        ("events-small", "main_event", "tfidf-logreg")
    }
    for row in rows:
        shares = {item["label"]: item["share"] for item in row["scores"]}
        assert list(shares) == events.labels
        assert sum(shares.values()) == pytest.approx(1, abs=1e-5)
        assert row["labels"] == [max(shares, key=lambda label: shares[label])]


def test_the_same_study_gives_the_same_bytes_twice(make_study: MakeStudy) -> None:
    one, two = make_study(name="one"), make_study(name="two")
    for study in (one, two):
        train_all(study)
        predict_all(study)
    assert bytes_of(one.models) == bytes_of(two.models)
    assert bytes_of(one.predictions) == bytes_of(two.predictions)


def test_a_baseline_that_is_no_longer_wanted_leaves_and_other_predictions_stay(make_study: MakeStudy) -> None:
    study = make_study()
    train_all(study)
    predict_all(study)
    given = study.predictions / "stance-small.stance.my-bert.parquet"
    given.write_bytes((study.predictions / "stance-small.stance.majority.parquet").read_bytes())
    study.params_file.write_text("eval: {baselines: [majority]}\n")
    train_all(study)
    predict_all(study)
    assert list(bytes_of(study.predictions)) == [
        "events-small.main_event.majority.parquet",
        "stance-small.stance.majority.parquet",
        "stance-small.stance.my-bert.parquet",
    ]


def test_a_question_without_training_units_is_left_out_with_its_reason(make_study: MakeStudy) -> None:
    study = make_study()
    rows = [row for row in study.read("gold").to_pylist() if row["scheme"] == "events-small"]
    tables.write(tables.build("gold", rows), study.table("gold"))
    assert {model.split(".")[0] for model in train_all(study).models} == {"events-small"}
    empty = [row | {"labels": None, "decided_by": "unresolved"} for row in rows]
    tables.write(tables.build("gold", empty), study.table("gold"))
    with pytest.raises(GoldwireError) as error:
        train_all(study)
    assert str(error.value) == (
        "there is nothing to train: events-small.topics: a question of type multiple is not scored in this version; "
        "events-small.main_event: no unit of the train split has a gold label"
    )


def test_a_model_of_another_scheme_version_is_refused(make_study: MakeStudy) -> None:
    study = make_study()
    train_all(study)
    path = study.schemes / "stance-small.yaml"
    path.write_text(path.read_text().replace("For it.", "In favour of it."))
    with pytest.raises(GoldwireError) as error:
        predict_all(study)
    assert error.value.message == "the model was trained with another scheme hash"
    assert error.value.hint == "Train again: goldwire eval train"
    assert not study.predictions.exists()


def test_predicting_before_training_says_so(make_study: MakeStudy) -> None:
    with pytest.raises(GoldwireError) as error:
        predict_all(make_study())
    assert (error.value.message, error.value.hint) == ("there are no models", "Train them: goldwire eval train")


def test_a_failed_training_leaves_the_models_as_they_were(make_study: MakeStudy) -> None:
    study = make_study()
    train_all(study)
    before = bytes_of(study.models)
    study.params_file.write_text("eval: {baselines: [majority, bert]}\n")
    with pytest.raises(GoldwireError, match='there is no baseline "bert"'):
        train_all(study)
    assert bytes_of(study.models) == before
