"""`goldwire eval predict`: the study's units, or new articles in whatever form they come."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from goldwire import files, tables
from goldwire.cli import evaluate_predict
from goldwire.errors import GoldwireError, UsageError
from goldwire.eval.assess import score_all
from goldwire.labels import units
from goldwire.provenance import digest
from goldwire.study import Study

EVENT = "events-small.main_event.majority"
STANCE = "stance-small.stance.majority-per-target"
NEWS = [
    {"id": "n1", "title": "Bakers march", "text": "Bakers marched to the town hall. They want more flour."},
    {"id": "n2", "title": "A quiet day", "text": "Nothing happened in Lowtown. People slept."},
]

Run = Callable[..., str]


@pytest.fixture
def run(predicted: Study, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in the study's folder; return what it prints to stdout."""
    monkeypatch.chdir(predicted.root)
    app = typer.Typer(pretty_exceptions_enable=False)
    evaluate_predict.register(app)

    def call(*arguments: str) -> str:
        capsys.readouterr()
        app([*arguments], prog_name="predict", standalone_mode=False)
        return capsys.readouterr().out

    return call


@pytest.fixture
def news(predicted: Study) -> Path:
    path = predicted.root / "news.jsonl"
    files.write_jsonl(path, NEWS)
    return path


def test_without_arguments_the_study_is_predicted(run: Run, predicted: Study) -> None:
    before = {path.name: path.read_bytes() for path in predicted.predictions.iterdir()}
    value = json.loads(run("--json"))
    assert value["models"] == sorted(name.removesuffix(".parquet") for name in before)
    assert [Path(path).name for path in value["files"]] == [f"{model}.parquet" for model in value["models"]]
    assert {path.name: path.read_bytes() for path in predicted.predictions.iterdir()} == before
    assert value["not_applicable"] == []


def test_new_articles_get_the_ids_of_an_import_and_the_scores_of_all_labels(run: Run, news: Path) -> None:
    value = json.loads(run(EVENT, str(news), "--json"))
    assert (value["model"], value["scheme"], value["question"], value["n"]) == (
        *("majority", "events-small", "main_event"),
        2,
    )
    assert [row["unit_id"] for row in value["predictions"]] == ["n1/document", "n2/document"]
    assert value["labels"] == {value["predictions"][0]["labels"][0]: 2}
    labels = ["PROTEST", "AID", "ASSAULT", "NO_EVENT"]
    assert [item["label"] for item in value["predictions"][0]["scores"]] == labels


@pytest.mark.parametrize("ending", [".parquet", ".csv", ".tsv", ".jsonl"])
def test_the_table_is_written_in_the_form_of_its_ending(run: Run, news: Path, ending: str) -> None:
    path = news.with_name(f"out{ending}")
    assert run(EVENT, str(news), "-o", str(path)) == f"2 predictions in {path}\n"
    assert tables.read(path)["unit_id"].to_pylist() == ["n1/document", "n2/document"]
    assert set(tables.read(path).column_names) == set(tables.SCHEMAS["predictions"].names)


def test_jsonl_goes_from_stdin_to_stdout(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "".join(json.dumps({"text": article["text"]}) + "\n" for article in NEWS)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))
    rows = [json.loads(line) for line in run(EVENT, "-", "-o", "-").splitlines()]
    own = sorted(f"a{digest('', article['text'])}/document" for article in NEWS)
    assert [row["unit_id"] for row in rows] == own


def test_a_table_of_ours_is_taken_as_it_is_also_outside_of_a_study(
    run: Run, predicted: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    model = predicted.models / "events-small.main_event.tfidf-logreg.joblib"
    rows = [json.loads(line) for line in run(str(model), str(predicted.articles), "-o", "-").splitlines()]
    assert [row["unit_id"] for row in rows] == units.documents(predicted.read("articles"))["unit_id"].to_pylist()
    given = tables.read(predicted.predictions / f"{model.stem}.parquet").to_pylist()
    found = {row["unit_id"]: row for row in rows}
    assert [found[row["unit_id"]] for row in given] == given


def test_what_people_read_has_unit_label_and_share(run: Run, news: Path) -> None:
    lines = run(EVENT, str(news)).splitlines()
    assert lines[0].split() == ["unit", "labels", "share"]
    assert [line.split()[0] for line in lines[1:]] == ["n1/document", "n2/document"]


def test_sentences_are_asked_about_where_that_is_wanted(run: Run, news: Path) -> None:
    value = json.loads(run(EVENT, str(news), "--unit", "sentence", "--json"))
    assert [row["unit_id"] for row in value["predictions"]][:3] == [
        "n1/sentence/0-12",
        "n1/sentence/14-46",
        "n1/sentence/47-68",
    ]


def test_targets_are_asked_about_where_the_text_names_them(run: Run, news: Path) -> None:
    def asked(*options: str) -> list[str]:
        value = json.loads(run(STANCE, str(news), *options, "--json"))
        return [row["unit_id"] for row in value["predictions"]]

    baker = digest("Bakers", "author", length=8)
    town = digest("Lowtown", "author", length=8)
    both = ("--target", "Bakers|bread makers", "--target", "Lowtown")
    assert asked(*both) == [f"n1/target/{baker}", f"n2/target/{town}"]
    assert asked(*both, "--unnamed") == sorted(f"{a}/target/{t}" for a in ("n1", "n2") for t in (baker, town))
    mayor = digest("Lowtown", "the mayor", length=8)
    assert asked("--target", "Lowtown", "--holder", "the  mayor") == [f"n2/target/{mayor}"]
    pairs = news.with_name("pairs.csv")
    pairs.write_text("article_id,target,holder\nn1,Lowtown,the mayor\n")
    assert asked("--pairs", str(pairs)) == [f"n1/target/{mayor}"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((STANCE, "news.jsonl"), "scheme stance-small asks about targets: give --target or --pairs, and not both"),
        ((STANCE, "news.jsonl", "--target", "Atlantis"), "no text names the target"),
        (
            (EVENT, "news.jsonl", "--target", "Lowtown"),
            "scheme events-small asks about texts alone: --target and --pairs do not go with it",
        ),
        ((STANCE, "news.jsonl", "--holder", "x", "--pairs", "p.csv"), "--holder goes with --target"),
        (
            (STANCE, "news.jsonl", "--unit", "sentence", "--pairs", "p.csv"),
            "--unit does not go with --pairs and --holder, which are about whole articles",
        ),
        ((EVENT,), "MODEL needs ARTICLES beside it"),
        ((EVENT, "news.jsonl", "-o", "./news.jsonl"), "-o ./news.jsonl would replace what is read"),
        (("-o", "out.csv"), "--output goes with MODEL and ARTICLES"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    run: Run, news: Path, arguments: tuple[str, ...], message: str
) -> None:
    with pytest.raises(UsageError) as error:
        run(*arguments)
    assert error.value.message == message


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nothing", "news.jsonl"), 'there is no model "nothing"'),
        (("nothing.joblib", "news.jsonl"), "the model is not there"),
        ((EVENT, "gone.csv"), "the file is not there"),
        ((EVENT, "news.jsonl", "-o", "out.txt"), "tables are .parquet, .csv, .tsv, .jsonl, not .txt"),
        ((EVENT, "notext.csv"), 'text: there is no column "text", only: id, words'),
        ((EVENT, "twice.jsonl"), 'article "a" stands twice'),
        ((EVENT, "noid.jsonl"), "1 articles have no article_id"),
    ],
)
def test_what_cannot_be_read_is_an_error_and_nothing_is_written(
    run: Run, predicted: Study, news: Path, arguments: tuple[str, ...], message: str
) -> None:
    (predicted.root / "notext.csv").write_text("id,words\n1,hello\n")
    ours = dict.fromkeys(tables.SCHEMAS["articles"].names)
    files.write_jsonl(predicted.root / "twice.jsonl", [ours | {"article_id": "a", "text": "x"}] * 2)
    files.write_jsonl(predicted.root / "noid.jsonl", [ours | {"text": "x"}])
    there = {path.name for path in predicted.root.iterdir()}
    with pytest.raises(GoldwireError) as error:
        run(*arguments)
    assert error.value.message == message
    assert {path.name for path in predicted.root.iterdir()} == there


def test_a_rejected_record_is_told_and_the_rest_is_labelled(
    run: Run, predicted: Study, capsys: pytest.CaptureFixture[str]
) -> None:
    (predicted.root / "some.jsonl").write_text('{"id": "n1", "text": "Bakers marched."}\n{"id": "n2", "text": ""}\n')
    capsys.readouterr()
    app = typer.Typer(pretty_exceptions_enable=False)
    evaluate_predict.register(app)
    app([EVENT, "some.jsonl", "-o", "out.csv"], standalone_mode=False)
    out, err = capsys.readouterr()
    assert out == "1 predictions in out.csv\n"
    assert err == "Rejected: some.jsonl:2: text: is empty\n"


def _edit(study: Study, old: str, new: str) -> None:
    path = study.schemes / "events-small.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("      - {name: AID,", "      - {name: TALKS, definition: They talk.}\n      - {name: AID,"),
        ("{name: ASSAULT,", "{name: VIOLENCE,"),
        ("definition: Somebody gives help.", "definition: Somebody gives help or money."),
    ],
    ids=["a label added", "a label renamed", "a definition changed"],
)
def test_after_the_scheme_was_edited_old_models_and_predictions_are_not_used_in_silence(
    run: Run, predicted: Study, capsys: pytest.CaptureFixture[str], old: str, new: str
) -> None:
    _edit(predicted, old, new)
    for step in (run, lambda: score_all(predicted)):
        with pytest.raises(GoldwireError, match=r"another version of |gold labels are not in scheme") as error:
            step()
        assert "goldwire eval train" in str(error.value.hint) or "goldwire labels gold" in str(error.value.hint)
    assert not predicted.results.exists()
    files.write_jsonl(Path("news.jsonl"), NEWS)
    evaluate_predict.predict(EVENT, "news.jsonl")
    assert (
        f"Warning: {EVENT} answers by another version of scheme events-small than the study has; "
        "train again: goldwire eval train\n" in capsys.readouterr().err
    )


def test_a_model_of_the_scheme_as_it_is_says_nothing(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    files.write_jsonl(Path("news.jsonl"), NEWS)
    evaluate_predict.predict(EVENT, "news.jsonl")
    assert "Warning" not in capsys.readouterr().err
