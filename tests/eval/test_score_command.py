"""`goldwire eval score`: what it prints, its exit codes, and streams."""

import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import typer

from goldwire import tables
from goldwire.cli import evaluate_score, output
from goldwire.errors import CheckFailedError, GoldwireError, UsageError
from goldwire.eval import result
from goldwire.study import Study

GOLD = "id,label\n1,a\n2,b\n3,a\n4,b\n"
PREDICTED = "id,label\n2,b\n1,a\n3,b\n4,b\n"

app = typer.Typer()
app.callback()(lambda: None)
evaluate_score.register(app)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "gold.csv").write_text(GOLD, encoding="utf-8")
    (tmp_path / "ours.csv").write_text(PREDICTED, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Any:
    return app(["score", *arguments], standalone_mode=False)


def test_people_read_figures_and_labels(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("gold.csv", "ours.csv", "--metric", "accuracy", "--metric", "macro-f1")
    out, err = capsys.readouterr()
    *lines, signature = out.splitlines()
    assert lines == [
        "metric    value",
        "accuracy  0.750",
        "macro-f1  0.733",
        "",
        "label  precision  recall     f1  support",
        "a          1.000   0.500  0.667        2",
        "b          0.667   1.000  0.800        2",
        "",
    ]
    assert signature.endswith("|n:4|type:single|align:id|cluster:row|bootstrap:1000|level:0.95|seed:0")
    assert err == "Warning: rows count as independent: name the column of stories with --cluster\n"


@pytest.mark.parametrize("form", [".csv", ".tsv", ".jsonl", ".parquet"])
def test_a_table_can_come_from_stdin_in_every_form(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    run("gold.csv", "ours.csv", "--json")
    expected = json.loads(capsys.readouterr().out)
    tables.write(tables.read(folder / "ours.csv"), folder / f"other{form}")
    data = (folder / f"other{form}").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    run("gold.csv", "-", "--json")
    assert json.loads(capsys.readouterr().out) == expected


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize("form", [".csv", ".tsv", ".jsonl"])
def test_files_are_read_in_the_encoding_that_their_mark_names(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], form: str, encoding: str
) -> None:
    run("gold.csv", "ours.csv", "--json")
    expected = json.loads(capsys.readouterr().out)
    tables.write(tables.read(folder / "ours.csv"), folder / f"plain{form}")
    data = (folder / f"plain{form}").read_text(encoding="utf-8").encode(encoding)
    (folder / f"wide{form}").write_bytes(data)
    run("gold.csv", f"wide{form}", "--json")
    assert json.loads(capsys.readouterr().out) == expected
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    run("gold.csv", "-", "--json")
    assert json.loads(capsys.readouterr().out) == expected


@pytest.mark.parametrize(
    ("name", "data", "where", "message"),
    [
        (
            "a.csv",
            PREDICTED.encode("utf-16-le"),
            "a.csv",
            "it is not UTF-8; it looks like UTF-16 without a byte order",
        ),
        ("a.csv", PREDICTED.encode("utf-16")[:-1], "a.csv", "the file is not whole as UTF-16, which it says it is"),
        ("a.jsonl", b'{"id": 1}\n{"id": [2]}\n', "a.jsonl:2", 'field "id" is a list, and a number in line 1'),
        ("a.jsonl", b'{"id": 1, "score": NaN}\n', "a.jsonl:1", "NaN is not JSON (field score)"),
    ],
)
def test_what_cannot_be_read_is_named(folder: Path, name: str, data: bytes, where: str, message: str) -> None:
    (folder / name).write_bytes(data)
    with pytest.raises(GoldwireError) as error:
        run("gold.csv", name)
    assert error.value.where == where
    assert error.value.message.startswith(message)
    assert error.value.hint


def test_errors_of_stdin_name_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"id,label\n1,a,b\n")))
    with pytest.raises(GoldwireError) as error:
        run("gold.csv", "-")
    assert error.value.where == "stdin"
    with pytest.raises(UsageError, match=r"^only one table can come from stdin$"):
        run("-", "-")


def test_options_reach_the_scores(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "some.csv").write_text('id,label,p_a,p_"b"\n1,a,.9,.1\n2,?,.2,.8\n9,a,1,0\n'.replace('"', ""))
    run(
        *("gold.csv", "some.csv", "--labels", 'b,a,"x, y"', "--missing", "ignore", "--unknown", "wrong", "--json"),
        *("--extra", "ignore", "--scores", "p_", "--resamples", "50", "--seed", "3", "--level", "0.9"),
    )
    found = json.loads(capsys.readouterr().out)
    assert (found["n"], list(found["per_label"])) == (2, ["b", "a", "x, y"])
    assert found["left_out"] == {"gold_without_label": 0, "gold_without_prediction": 2, "predictions_not_in_gold": 1}
    assert found["calibration"]["metrics"]["brier"]["value"] == 0.05  # (.02 + .08) / 2
    assert found["signature"].endswith("|missing:ignore|unknown:wrong|cluster:row|bootstrap:50|level:0.9|seed:3")


def test_mentions_and_relations_are_scored(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mention = {"unit_id": ["u"], "mention_id": ["m"], "start": [0], "end": [4], "label": ["ACTOR"]}
    link = {"unit_id": ["u"], "from": ["author"], "to": ["m"], "label": ["POS"]}
    for name, table in (("mentions", mention), ("relations", link)):
        for side in ("gold", "predicted"):
            tables.write(pa.table(table), folder / f"{side}_{name}.parquet")
    run("gold_mentions.parquet", "predicted_mentions.parquet", "--kind", "mentions", "--metric", "micro-f1", "--json")
    assert json.loads(capsys.readouterr().out)["metrics"] == {
        "micro-f1": {"value": 1.0, "low": None, "high": None, "why": "1 cluster: an interval needs 10"}
    }
    both = ("--gold-mentions", "gold_mentions.parquet", "--predicted-mentions", "predicted_mentions.parquet")
    run("gold_relations.parquet", "predicted_relations.parquet", "--kind", "relations", *both, "--json")
    assert json.loads(capsys.readouterr().out)["metrics"]["overlap-micro-f1"]["value"] == 1.0


def test_policies_reach_the_scores_of_mentions(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "marks.csv").write_text("unit_id,start,end,label\nu,0,4,A\n", encoding="utf-8")
    (folder / "found.csv").write_text("unit_id,start,end,label\nu,0,4,A\nu,5,6,B\nv,0,4,A\n", encoding="utf-8")
    both = ("marks.csv", "found.csv", "--kind", "mentions", "--json")
    with pytest.raises(GoldwireError, match=r"^the predictions are of units that are not in the gold: 1 \(v\) of 2"):
        run(*both)
    with pytest.raises(GoldwireError, match=r"^the predictions have labels that the gold has not"):
        run(*both, "--extra", "wrong")
    run(*both, "--extra", "wrong", "--unknown", "wrong")
    found = json.loads(capsys.readouterr().out)
    assert (found["predicted"], found["metrics"]["precision"]["value"]) == (3, 0.333333)
    (folder / "none.csv").write_text("unit_id,start,end,label\n", encoding="utf-8")
    run("marks.csv", "none.csv", "--kind", "mentions", "--missing", "wrong", "--json")
    assert json.loads(capsys.readouterr().out)["predicted"] == 0


@pytest.mark.parametrize(
    ("form", "delimiter", "name"),
    [
        (".csv", ";", "semicolons"),
        (".csv", "\t", "tabs"),
        (".csv", "|", "vertical bars"),
        (".tsv", ",", "commas"),
    ],
)
def test_a_table_whose_fields_are_apart_by_something_else_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, form: str, delimiter: str, name: str
) -> None:
    text = PREDICTED.replace(",", delimiter)
    (folder / f"other{form}").write_text(text, encoding="utf-8")
    with pytest.raises(GoldwireError) as error:
        run("gold.csv", f"other{form}")
    said = f"the whole first line is one column: its fields are apart by {name}"
    assert (error.value.where, error.value.message) == (f"other{form}", said)
    assert error.value.hint == "Save it with commas between the fields, as .csv, or with tabs, as .tsv."
    if delimiter in ";|":
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        with pytest.raises(GoldwireError) as error:
            run("gold.csv", "-")
        assert (error.value.where, error.value.message) == ("stdin", said)


def test_a_metric_below_its_limit_ends_with_3_after_the_scores(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("gold.csv", "ours.csv", "--fail-under", "accuracy=0.75")
    with pytest.raises(CheckFailedError) as error:
        run("gold.csv", "ours.csv", "--fail-under", "accuracy=0.76", "--fail-under", "macro-f1=0.1", "--json")
    assert error.value.exit_code == 3
    assert "accuracy" in str(error.value)
    assert "macro-f1" not in str(error.value)
    assert json.loads(capsys.readouterr().out.split("seed:0\n", 1)[1])["n"] == 4


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["gold.csv"], "GOLD needs PREDICTIONS beside it"),
        (
            ["gold.csv", "ours.csv", "--not-worse-than", "HEAD"],
            "--not-worse-than goes with a study; of files, see goldwire eval compare",
        ),
        (["--label", "x"], "--label goes with GOLD and PREDICTIONS"),
        (["gold.csv", "ours.csv", "--labels", "a,,b"], "--labels names each label once, with commas between"),
        (["gold.csv", "ours.csv", "--labels", "a,b,a"], "--labels names each label once, with commas between"),
        (["gold.csv", "ours.csv", "--kind", "mentions", "--type", "tree"], "--type goes with --kind labels"),
        (["gold.csv", "ours.csv", "--gold-mentions", "x.csv"], "--gold-mentions goes with --kind relations"),
        (
            ["gold.csv", "ours.csv", "--kind", "relations", "--gold-mentions", "x.csv"],
            "--gold-mentions and --predicted-mentions go together",
        ),
        (
            ["gold.csv", "ours.csv", "--kind", "mentions", "--id", "a", "--id", "b"],
            "mentions and relations are of a unit, which is one --id",
        ),
        (["gold.csv", "ours.csv", "--kind", "mentions", "--align", "order"], "--align order goes with --kind labels"),
        (
            ["gold.csv", "ours.csv", "--kind", "relations", "--missing", "ignore"],
            "--missing ignore goes with --kind labels",
        ),
        (
            ["gold.csv", "ours.csv", "--extra", "wrong"],
            "--extra wrong goes with --kind mentions and --kind relations",
        ),
        (["--seed", "0"], "--seed goes with GOLD and PREDICTIONS"),
        (["--resamples", "10"], "--resamples goes with GOLD and PREDICTIONS"),
        (["--level", "0.9"], "--level goes with GOLD and PREDICTIONS"),
        (["--missing", "wrong"], "--missing goes with GOLD and PREDICTIONS"),
        (["--kind", "mentions"], "--kind goes with GOLD and PREDICTIONS"),
    ],
)
def test_options_that_do_not_fit_are_refused(folder: Path, arguments: list[str], message: str) -> None:
    with pytest.raises(UsageError) as error:
        run(*arguments)
    assert str(error.value) == message


def test_of_a_study_gates_look_at_the_best_model_after_the_results_are_written(
    predicted: Study, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(predicted.root)
    run("--fail-under", "macro-f1=0.01", "--json")
    assert json.loads(capsys.readouterr().out)["files"] == [str(path) for path in sorted(predicted.results.iterdir())]
    with pytest.raises(CheckFailedError) as error:
        run("--fail-under", "macro-f1=1")
    assert [text.split(": ")[0].split(",")[0] for text in str(error.value).split("; ")] == [
        "events-small.main_event",
        "stance-small.stance",
    ]
    capsys.readouterr()
    run("--not-worse-than", str(predicted.root), "--json")
    listed = json.loads(capsys.readouterr().out)["not_worse_than"]["models"]
    assert {row["difference"] for row in listed} == {0.0}


def test_of_a_study_the_main_figure_of_each_model_stands_below_the_files(
    predicted: Study, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(predicted.root)
    run()
    files, table = capsys.readouterr().out.rstrip("\n").split("\n\n")
    assert files.splitlines() == [str(path) for path in sorted(predicted.results.iterdir())]
    expected = [
        [each.key, model.name, output.figure(main.value, main.low, main.high)]
        for each in result.read_all(predicted.results)[0]
        for model in each.models
        for main in [model.metrics["macro-f1"]]
    ]
    header, *rows = (re.split(r" {2,}", line) for line in table.splitlines())
    assert header == ["question", "model", "macro-f1"]
    assert rows == expected
    assert len({row[0] for row in rows}) == 2


def test_a_limit_is_asked_of_the_questions_that_have_its_metric_and_the_others_are_named(
    predicted: Study, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(predicted.root)
    with pytest.raises(CheckFailedError) as error:
        run("--fail-under", "semeval-favg=1", "--fail-under", "accuracy=0.01")
    assert str(error.value).startswith("stance-small.stance, tfidf-logreg: semeval-favg is ")
    assert "; " not in str(error.value)
    assert (
        "Warning: --fail-under semeval-favg=1 is not asked of events-small.main_event: no semeval-favg there\n"
        in capsys.readouterr().err
    )
    with pytest.raises(UsageError, match=r"^no question here has the metric hierarchical-f1$"):
        run("--fail-under", "hierarchical-f1=0.1")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--fail-under", "nope=0.1"),
        ("gold.csv", "none.csv", "--metric", "nope"),
        ("gold.csv", "none.csv", "--fail-under", "nope=0.1"),
        ("gold.csv", "none.csv", "--fail-over", "nope=0.1"),
        ("gold.csv", "none.csv", "--kind", "mentions", "--fail-under", "nope=0.1"),
    ],
)
def test_a_metric_that_there_is_not_is_usage_before_the_work(folder: Path, arguments: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match=r'^there is no metric "nope"$'):
        run(*arguments)


def test_a_limit_of_a_label_is_asked_where_it_is_and_a_label_that_there_is_not_is_usage_before_the_work(
    predicted: Study, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(predicted.root)
    with pytest.raises(UsageError, match=r'^there is no label "nobody" for --fail-under f1:nobody=0.5$'):
        run("--fail-under", "f1:nobody=0.5")
    assert not predicted.results.exists()
    with pytest.raises(CheckFailedError, match=r"^stance-small.stance, tfidf-logreg: f1:against is .*, below 1$"):
        run("--fail-under", "f1:against=1")
    assert "Warning: --fail-under f1:against=1 is not asked of events-small.main_event" in capsys.readouterr().err


def test_a_model_that_is_gone_ends_with_3(
    predicted: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import shutil

    before = Path(shutil.copytree(predicted.root, tmp_path / "before"))
    for path in predicted.predictions.glob("stance-small.*.majority.parquet"):
        path.unlink()
    monkeypatch.chdir(predicted.root)
    with pytest.raises(CheckFailedError) as error:
        run("--not-worse-than", str(before), "--json")
    assert error.value.exit_code == 3
    assert str(error.value) == (
        f"stance-small.stance, majority: {before} has its predictions, and the study has them no more"
    )
    assert json.loads(capsys.readouterr().out)["not_worse_than"]["gone"] == [
        {"question": "stance-small.stance", "model": "majority"}
    ]


def test_of_files_losses_and_labels_have_limits(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UsageError, match=r"^of hamming-loss less is better$"):
        run("gold.csv", "none.csv", "--fail-under", "hamming-loss=0.1")
    with pytest.raises(UsageError, match=r"^macro-f1 is from 0 to 1, and the limit 60$"):
        run("gold.csv", "none.csv", "--fail-under", "macro-f1=60")
    with pytest.raises(UsageError, match=r"^ece was not measured$"):
        run("gold.csv", "ours.csv", "--fail-over", "ece=0.1")
    assert "macro-f1" in capsys.readouterr().out


def test_a_revision_that_there_is_not_is_usage(predicted: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(predicted.root)
    with pytest.raises(UsageError):
        run("--not-worse-than", "nowhere")
    assert not predicted.results.exists()


def test_a_file_in_the_way_of_the_results_is_named_and_stays(
    predicted: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(predicted.root)
    predicted.results.write_text("my notes")
    with pytest.raises(GoldwireError) as error:
        run()
    assert (error.value.where, predicted.results.read_text()) == (str(predicted.results), "my notes")
    assert not [path for path in predicted.eval.iterdir() if path.name.startswith(".")]
