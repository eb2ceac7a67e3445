"""`goldwire labels export`: what it writes, prints and refuses."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from commanding import Command, in_empty_folder
from goldwire import tables
from small_dataset import build, contents, span


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    with in_empty_folder(["labels", "export"], tmp_path, monkeypatch, capsys) as run:
        yield run


def test_a_dataset_folder_is_written_outside_a_study(export: Command, tmp_path: Path) -> None:
    build(tmp_path / "dataset")
    done = export("jsonl", "dataset", "-o", "out", "--json")
    files = {"test.jsonl": 2, "train.jsonl": 7, "validation.jsonl": 1}
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out) == {"folder": "out", "files": files, "left_out": []}
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(files)


def test_what_is_written_is_listed(export: Command, tmp_path: Path) -> None:
    build(tmp_path / "dataset")
    done = export("conll", "dataset")
    assert done.out == (
        "file                                 rows\n"
        "export/event-small.test.conll           1\n"
        "export/event-small.train.conll          4\n"
        "export/event-small.validation.conll     1\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["csv", "--scheme", "x"], "--scheme goes with conll"),
        (["csv", "--no-people"], "--no-people goes with label-studio"),
        (["label-studio"], "label-studio needs a round"),
        (["csv", "d", "-o", "file"], "is a file, and a folder is wanted"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    export: Command, tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = export(*arguments)
    assert (done.code, done.out) == (2, "")
    assert message in done.err


def test_a_folder_that_is_no_dataset_is_a_known_failure(export: Command) -> None:
    done = export("csv", "nowhere")
    assert (done.code, done.out) == (1, "")
    assert "nowhere" in done.err
    assert "goldwire labels dataset" in done.err


def test_a_folder_in_the_dataset_is_refused(export: Command, tmp_path: Path) -> None:
    build(tmp_path / "dataset")
    before = contents(tmp_path / "dataset")
    for into in ("dataset", "dataset/csv"):
        done = export("csv", "dataset", "-o", into)
        assert (done.code, done.out) == (2, "")
        assert "is in the dataset" in done.err
    assert contents(tmp_path / "dataset") == before


def test_files_of_an_earlier_export_are_named(export: Command, tmp_path: Path) -> None:
    build(tmp_path / "dataset")
    (tmp_path / "export").mkdir()
    for name in ("old.jsonl", "notes.txt", "test.jsonl"):
        (tmp_path / "export" / name).write_text("", encoding="utf-8")
    assert export("jsonl", "dataset").err == (
        "Warning: beside this export there are files that are not of it: old.jsonl\n"
    )
    assert (tmp_path / "export" / "old.jsonl").read_text(encoding="utf-8") == ""


def test_spans_without_a_tag_are_named(export: Command, tmp_path: Path) -> None:
    inner, long = (
        span(0, "inner", 20, "met", "trigger", "HIT", None),
        span(0, "x", 13, "🎈 met", "trigger", "MEET", None),
    )
    long["start"], long["end"] = 18, 23
    inner["start"], inner["end"] = 20, 23
    marked = tables.build("gold_mentions", [inner, long])
    build(tmp_path / "dataset", gold_mentions=marked, gold_relations=tables.build("gold_relations", []))
    done = export("conll", "dataset", "--json")
    assert json.loads(done.out)["left_out"] == ["inner"]
    assert done.err == (
        "Warning: of 1 spans there are no tags, since they overlap a longer one of their layer, or "
        "hold no token: inner\n"
    )
