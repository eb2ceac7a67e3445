"""Dataset folders: what `datasets` saved, and folders like those of the Hub. The data are written for the tests."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goldwire.corpus.readers import dataset
from goldwire.corpus.readers.base import Record, Reject, Source

ROOT = Path(__file__).parents[2]


def read(folder: Path) -> list[Record | Reject]:
    return list(dataset.read(Source(io.BytesIO(), str(folder))))


def rows(items: list[Record | Reject], folder: Path) -> list[tuple[str, int | None, dict[str, Any]]]:
    assert [item for item in items if isinstance(item, Reject)] == []
    return [
        (item.file.removeprefix(f"{folder}/"), item.line, item.fields) for item in items if isinstance(item, Record)
    ]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A DatasetDict as `datasets` itself saves it."""
    import datasets

    features = datasets.Features(
        {
            "title": datasets.Value("string"),
            "text": datasets.Value("string"),
            "stance": datasets.ClassLabel(names=["against", "for"]),
            "topics": datasets.List(datasets.ClassLabel(names=["sea", "trade"])),
            "place": {"kind": datasets.ClassLabel(names=["town", "port"])},
            "photo": datasets.Image(decode=False),
        }
    )

    def split(*numbers: int) -> Any:
        return datasets.Dataset.from_list(
            [
                {
                    "title": f"Title {n}",
                    "text": f"Text {n}.",
                    "stance": (1, 0, -1)[n % 3],
                    "topics": [n % 2],
                    "place": {"kind": 1},
                    "photo": {"bytes": b"no picture", "path": None},
                }
                for n in numbers
            ],
            features=features,
        )

    folder = tmp_path / "saved"
    datasets.disable_progress_bars()
    datasets.DatasetDict({"train": split(*range(1, 2501)), "test": split(0)}).save_to_disk(
        folder, num_shards={"train": 2, "test": 1}
    )
    datasets.enable_progress_bars()
    return folder


def expected(n: int, split: str) -> dict[str, Any]:
    return {
        "split": split,
        "title": f"Title {n}",
        "text": f"Text {n}.",
        "stance": ("for", "against", None)[n % 3],
        "topics": [("sea", "trade")[n % 2]],
        "place": {"kind": "port"},
    }


def test_a_saved_dataset_dict_gives_every_row_of_every_split_with_names_for_labels(saved: Path) -> None:
    found = rows(read(saved), saved)
    assert found == [
        *(("train", n, expected(n, "train")) for n in range(1, 2501)),
        ("test", 1, expected(0, "test")),
    ]
    assert dataset.is_dataset(saved)


def test_a_saved_dataset_is_read_as_one_split(saved: Path) -> None:
    folder = saved / "test"
    assert rows(read(folder), folder) == [("train", 1, expected(0, "train"))]
    assert dataset.is_dataset(folder)


def hub(folder: Path, matter: str, **tables: dict[str, list[Any]]) -> Path:
    (folder / "data").mkdir(parents=True)
    (folder / "README.md").write_text(f"---\n{matter}\n---\n# Written for the test\n", encoding="utf-8")
    for name, columns in tables.items():
        pq.write_table(pa.table(columns), folder / "data" / f"{name}.parquet")
    return folder


def test_the_default_configuration_is_read_and_named_where_there_are_several(tmp_path: Path) -> None:
    matter = """
configs:
- config_name: other
  data_files: data/other.parquet
- config_name: main
  default: true
  data_files:
  - split: train
    path: [data/a.parquet, "data/b*.parquet"]
  - {split: test, path: data/t.parquet}
dataset_info:
- config_name: main
  features:
  - {name: text, dtype: string}
  - name: label
    dtype: {class_label: {names: {'0': no, '1': "yes"}}}
  - {name: scan, dtype: image}
"""
    columns = {"text": ["A."], "label": [1], "scan": [b"x"]}
    folder = hub(tmp_path / "hub", matter, a=columns, b1=columns, t=columns, other={"text": ["No."]})
    row = {"config": "main", "text": "A.", "label": "yes"}
    assert rows(read(folder), folder) == [
        ("train", 1, {"split": "train", **row}),
        ("train", 2, {"split": "train", **row}),
        ("test", 1, {"split": "test", **row}),
    ]
    assert dataset.is_dataset(folder)


def test_a_configuration_named_articles_comes_before_the_default(tmp_path: Path) -> None:
    matter = """
configs:
- {config_name: gold, default: true, data_files: data/gold.parquet}
- {config_name: articles, data_files: data/articles.parquet}
"""
    folder = hub(tmp_path / "hub", matter, gold={"label": ["x"]}, articles={"text": ["A."], "split": ["dev"]})
    assert rows(read(folder), folder) == [("train", 1, {"config": "articles", "text": "A.", "split": "dev"})]


def test_our_own_dataset_gives_its_articles() -> None:
    folder = ROOT / "labels" / "dataset"
    found = rows(read(folder), folder)
    written = [
        row
        for name in ("train", "validation", "test")
        for row in pq.read_table(folder / "articles" / f"{name}.parquet").to_pylist()
    ]
    assert [fields for _, _, fields in found] == [{**row, "config": "articles"} for row in written]
    assert len(found) > 10


def test_splits_are_told_by_names_where_the_readme_names_no_files(tmp_path: Path) -> None:
    folder = tmp_path / "hub"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "train-00000.jsonl").write_text(
        '{"text": "One."}\n{"text": \n{"text": "Two."}\n', encoding="utf-8"
    )
    (folder / "dev.jsonl").write_text('{"text": "Three."}\n', encoding="utf-8")
    (folder / "notes.csv").write_text("text\nnot read beside JSONL\n", encoding="utf-8")
    items = read(folder)
    train, dev = f"{folder}/data/train-00000.jsonl", f"{folder}/dev.jsonl"
    assert [item for item in items if isinstance(item, Record)] == [
        Record({"split": "train", "text": "One."}, train, 1),
        Record({"split": "train", "text": "Two."}, train, 3),
        Record({"split": "validation", "text": "Three."}, dev, 1),
    ]
    assert [(item.file, item.line) for item in items if isinstance(item, Reject)] == [(train, 2)]
    assert not dataset.is_dataset(folder)


@pytest.mark.parametrize(
    ("matter", "reason"),
    [
        (
            "configs: [{config_name: a, data_files: ../secret.parquet}]",
            'names "../secret.parquet", which is not in the folder',
        ),
        ("configs: [{config_name: a, data_files: /etc/passwd}]", 'names "/etc/passwd", which is not in the folder'),
        (
            "configs: [{config_name: a, data_files: 'https://example.org/a.parquet'}]",
            'names "https://example.org/a.parquet", which is not in the folder',
        ),
        ("configs: [{config_name: a, data_dir: ..}]", 'names "..", which is not in the folder'),
        ("configs: [{config_name: a, data_files: none/*.parquet}]", 'has no data files of "a"'),
        ("configs: [{config_name: a, data_files: [{split: x}]}]", "README.md has a data file without a path"),
        ("configs: [", "the front matter of README.md is not YAML"),
        ("pretty_name: nothing", "has no data files"),
    ],
)
def test_a_broken_readme_is_rejected_with_its_reason(tmp_path: Path, matter: str, reason: str) -> None:
    (tmp_path / "secret.parquet").write_bytes(b"")
    folder = hub(tmp_path / "hub", matter)
    assert read(folder) == [Reject(str(folder), None, f"dataset: {reason}")]


def test_a_broken_saved_dataset_is_rejected_with_its_reason(saved: Path) -> None:
    state = saved / "test" / "state.json"
    whole = state.read_text(encoding="utf-8")
    state.write_text("{", encoding="utf-8")
    assert [item.reason for item in read(saved) if isinstance(item, Reject)] == [
        "dataset: test/state.json cannot be read: "
        "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"
    ]
    state.write_text(json.dumps({**json.loads(whole), "_data_files": [{"filename": "../../x"}]}), encoding="utf-8")
    assert [item.reason for item in read(saved) if isinstance(item, Reject)] == [
        'dataset: names "../../x", which is not in the folder'
    ]
    state.write_text(whole, encoding="utf-8")
    arrow = next((saved / "train").glob("*-00001-*.arrow"))
    arrow.write_bytes(b"nonsense")
    items = read(saved)
    assert [(item.file, item.line) for item in items if isinstance(item, Reject)] == [(f"{saved}/train", 1251)]
    assert len([item for item in items if isinstance(item, Record)]) == 1251
    next((saved / "test").glob("*.arrow")).unlink()
    assert "No such file or directory" in str(read(saved)[-1])


def test_reading_imports_no_datasets_and_leaves_environment_and_home_alone(saved: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    code = (
        "import io, os, sys\n"
        "from goldwire.corpus.readers import dataset\n"
        "from goldwire.corpus.readers.base import Source\n"
        "before = dict(os.environ)\n"
        "count = sum(1 for _ in dataset.read(Source(io.BytesIO(), sys.argv[1])))\n"
        "print(count, 'datasets' in sys.modules, before == dict(os.environ))"
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "XDG_"))} | {"HOME": str(home)}
    run = subprocess.run(
        [sys.executable, "-c", code, str(saved)], capture_output=True, text=True, check=True, env=environment
    )
    assert run.stdout == "2501 False True\n"
    assert list(home.iterdir()) == []
