"""`goldwire labels export`: what it writes, prints and refuses."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from commanding import Command, in_empty_folder
from small_dataset import build


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
