"""Training and predicting over a study: what is written, that it is the same each time, and what goes stale."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from goldwire import __version__, files, tables
from goldwire.errors import GoldwireError
from goldwire.eval import models_store
from goldwire.eval.baselines import folds as folding
from goldwire.eval.inputs import NotApplicable, load_all
from goldwire.eval.models import predict_all, train_all
from goldwire.provenance import digest_json
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
TOPICS = NotApplicable("events-small", "topics", "no unit has gold for it yet")


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
    assert recipe["n"] == len(
        next(one for one in load_all(study)[0] if one.key == "stance-small.stance").labelled("train")
    )
    assert recipe["sha256"] == files.sha256(study.models / "stance-small.stance.tfidf-logreg.joblib")
    assert set(recipe["versions"]) == {"goldwire", "numpy", "scikit-learn", "scipy"}
    version = metadata.version("scikit-learn")
    assert recipe["signature"] == (
        f"goldwire:{__version__}|model:tfidf-logreg|scheme:stance-small@1.2.0#{recipe['scheme_hash']}|question:stance"
        f"|labels:{digest_json(recipe['labels'])}|train:{recipe['train']}|n:{recipe['n']}|seed:0"
        f"|parameters:{digest_json(recipe['parameters'])}|sklearn:{version}"
    )


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
        "there is nothing to train: events-small.main_event: no unit of the train split has a gold label; "
        "events-small.topics: no unit has gold for it yet"
    )


def test_a_model_of_another_scheme_version_is_refused(make_study: MakeStudy) -> None:
    study = make_study()
    train_all(study)
    path = study.schemes / "stance-small.yaml"
    path.write_text(path.read_text().replace("For it.", "In favour of it."))
    with pytest.raises(GoldwireError) as error:
        predict_all(study)
    assert error.value.message == "the model was trained with another version of the scheme"
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


TOPICS_GOLD = {"scheme": "events-small", "question": "topics", "decided_by": "majority", "n_votes": 3, "tied": False}


def with_topics(study: Study) -> Study:
    """Answer the question with several answers too: by the unit's number, any of its labels or none."""
    rows = study.read("gold").to_pylist()
    events = [row for row in rows if row["scheme"] == "events-small"]
    answers: list[list[str]] = [[], ["economy"], ["security"], ["economy", "security"]]
    for number, row in enumerate(events):
        rows.append(row | TOPICS_GOLD | {"labels": answers[number % 4], "distribution": None})
    tables.write(tables.build("gold", rows), study.table("gold"))
    return study


def test_questions_with_several_answers_are_trained_and_predicted(make_study: MakeStudy) -> None:
    study = with_topics(make_study())
    study.params_file.write_text("eval: {baselines: [majority]}\n")
    assert "events-small.topics.majority" in train_all(study).models
    predict_all(study)
    rows = tables.read(study.predictions / "events-small.topics.majority.parquet", "predictions").to_pylist()
    assert rows
    for row in rows:
        assert [item["label"] for item in row["scores"]] == ["economy", "security"]
        assert row["labels"] == [item["label"] for item in row["scores"] if item["share"] >= 0.5]


def test_the_same_study_gives_the_same_bytes_in_another_process(make_study: MakeStudy) -> None:
    code = "import sys; from pathlib import Path; from goldwire.eval.models import train_all, predict_all; "
    code += "from goldwire.study import Study; s = Study(Path(sys.argv[1])); train_all(s); predict_all(s)"
    here, there = make_study(name="here"), make_study(name="there")
    train_all(here)
    predict_all(here)
    environment = {**os.environ, "PYTHONHASHSEED": "4711"}  # strings then have other hashes, and sets another order
    subprocess.run([sys.executable, "-c", code, str(there.root)], env=environment, check=True)
    assert bytes_of(here.models) == bytes_of(there.models)
    assert bytes_of(here.predictions) == bytes_of(there.predictions)


def test_each_model_is_told_with_its_seconds(make_study: MakeStudy) -> None:
    told: list[tuple[str, float]] = []
    written = train_all(make_study(), trained=lambda stem, seconds: told.append((stem, seconds)))
    assert sorted(stem for stem, _ in told) == written.models
    assert all(0 <= seconds < 60 for _, seconds in told)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda model: model.write_bytes(model.read_bytes()[:-1] + b"x"),
            "the file was changed after the model was trained, or belongs to another recipe",
        ),
        (lambda model: model.with_suffix(".json").unlink(), "the file is not there"),
        (lambda model: model.with_suffix(".json").write_text("{}"), "is no recipe of a model: it lacks model"),
        (lambda model: model.with_suffix(".json").write_text("[]"), "is no recipe of a model: it lacks model"),
    ],
)
def test_a_model_that_was_changed_is_refused_and_no_code_of_it_runs(
    make_study: MakeStudy, change: Callable[[Path], Any], message: str
) -> None:
    study = make_study()
    study.params_file.write_text("eval: {baselines: [majority]}\n")
    train_all(study)
    change(study.models / "events-small.main_event.majority.joblib")
    with pytest.raises(GoldwireError) as error:
        predict_all(study)
    assert error.value.message == message
    assert not study.predictions.exists()


def test_a_model_of_another_version_of_a_package_that_matters_is_refused(make_study: MakeStudy) -> None:
    study = make_study()
    study.params_file.write_text("eval: {baselines: [majority]}\n")
    train_all(study)
    recipe = study.models / "events-small.main_event.majority.json"
    value = files.read_json(recipe)
    files.write_json(recipe, value | {"versions": value["versions"] | {"numpy": "1.0", "scipy": "0.1"}})
    predict_all(study)  # these read their own older files
    for package, now in (("scikit-learn", metadata.version("scikit-learn")), ("goldwire", __version__)):
        files.write_json(recipe, value | {"versions": value["versions"] | {package: "0.0.1"}})
        with pytest.raises(GoldwireError) as error:
            predict_all(study)
        assert error.value.message == f"the model was trained with {package} 0.0.1, and here it is {now}"
    files.write_json(recipe, value | {"versions": value["versions"] | {"not-here": "2.0"}})
    with pytest.raises(GoldwireError, match=r"the model was trained with not-here 2\.0, and here it is missing"):
        predict_all(study)


def test_a_recipe_with_other_labels_than_its_model_is_refused(make_study: MakeStudy) -> None:
    study = make_study()
    study.params_file.write_text("eval: {baselines: [majority]}\n")
    train_all(study)
    recipe = study.models / "stance-small.stance.majority.json"
    value = files.read_json(recipe)
    changed = value | {"labels": value["labels"][::-1]}
    files.write_json(recipe, changed | {"signature": models_store.signed(changed)})
    with pytest.raises(GoldwireError, match="the recipe has other labels than the model"):
        predict_all(study)
    changed = value | {"type": "ordinal"}
    files.write_json(recipe, changed | {"signature": models_store.signed(changed)})
    with pytest.raises(GoldwireError, match="the recipe has another type than the model"):
        predict_all(study)


@pytest.mark.parametrize(
    "edit",
    [
        {"n": 4000},
        {"seed": 1},
        {"parameters": {"labels": ["favor", "none"]}},
        {"train": "0" * 16},
        {"scheme_version": "9.9.9"},
        {"labels": ["none", "against", "favor"]},
        {"signature": "goldwire:0|model:majority"},
    ],
    ids=lambda edit: next(iter(edit)),
)
def test_a_recipe_that_its_signature_contradicts_is_refused(make_study: MakeStudy, edit: dict[str, Any]) -> None:
    study = make_study()
    study.params_file.write_text("eval: {baselines: [majority]}\n")
    train_all(study)
    recipe = study.models / "stance-small.stance.majority.json"
    files.write_json(recipe, files.read_json(recipe) | edit)
    with pytest.raises(GoldwireError) as error:
        predict_all(study)
    assert error.value.message == "the recipe was changed after the model was trained: its signature says otherwise"
    assert (error.value.where, error.value.hint) == (str(recipe), "Train again: goldwire eval train")
    assert not study.predictions.exists()


def test_a_baseline_that_fits_no_question_is_named_with_the_reasons(make_study: MakeStudy) -> None:
    study = make_study()
    study.params_file.write_text("eval: {baselines: [majority, two-step, hierarchical]}\n")
    written = train_all(study)
    assert written.models == [MODELS[0], MODELS[2]]
    assert written.warnings == [
        'baseline "two-step" is trained for no question: events-small.main_event does not ask about targets; '
        'stance-small.stance has no label "unrelated"',
        'baseline "hierarchical" is trained for no question: events-small.main_event is of type single, and it '
        "answers tree; stance-small.stance is of type single, and it answers tree",
    ]
    before = bytes_of(study.models)
    study.params_file.write_text("eval: {baselines: [two-step]}\n")
    with pytest.raises(GoldwireError) as error:
        train_all(study)
    assert str(error.value).startswith(
        'params.yaml: eval.baselines: no baseline fits a question: baseline "two-step"'
    )
    assert bytes_of(study.models) == before


def test_training_says_on_how_many_units_a_model_was_tuned_where_it_is_not_all(
    make_study: MakeStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = make_study(splits=("train", "train", "train", "train", "train", "test"))
    study.params_file.write_text("eval: {baselines: [majority, tfidf-nb]}\n")
    assert train_all(study).notes == []
    monkeypatch.setattr(folding, "FEWEST", 20)
    monkeypatch.setattr(folding, "MOST", 30)
    notes = train_all(study).notes
    stem = "events-small.main_event.tfidf-nb"
    recipe = json.loads((study.models / f"{stem}.json").read_text())
    tuned_on = recipe["parameters"]["tuned_on"]
    assert 20 <= tuned_on <= 30 < recipe["n"]
    assert notes[0] == f"{stem}: tuned on {tuned_on} of its {recipe['n']} units, then trained on all"
    assert len(notes) == 4  # the stance model and its probes, too


def test_a_model_has_its_codebook_when_it_is_loaded_by_itself(make_study: MakeStudy) -> None:
    study = make_study()
    study.params_file.write_text("eval: {baselines: [majority]}\n")
    train_all(study)
    stored = models_store.load(study.models / "stance-small.stance.majority.joblib")
    (asked,) = [each for each in load_all(study)[0] if each.key == "stance-small.stance"]
    assert stored.name == "majority"
    assert stored.model.task == asked.task
    assert stored.model.task.codebook is not None
    assert stored.model.task.codebook.hash == stored.recipe["scheme_hash"]
