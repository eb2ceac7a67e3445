"""The dataset folder loads as intended, holds what the tables hold, and is the same for the same rows."""

import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goldwire import tables
from goldwire.labels.dataset.build import Dataset
from goldwire.labels.dataset.digest import digest_of
from small_dataset import SCHEMES, answer, build, contents, study


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return build(tmp_path_factory.mktemp("study") / "labels" / "dataset")


@pytest.fixture
def load(built: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Load a config offline, as a stranger would."""
    monkeypatch.setenv("HF_DATASETS_OFFLINE", "1")
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_OFFLINE", True)
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)

    def load(name: str | None = None, folder: Path = built.folder, **more: Any) -> Any:
        return datasets.load_dataset(str(folder), name, cache_dir=str(tmp_path / "cache"), **more)

    return load


def test_every_config_has_a_file_for_every_split(built: Dataset) -> None:
    names = ["articles", "events", "gold", "gold-event-small", "gold-stance-small", "mentions", "relations", "votes"]
    files = {f"{name}/{split}.parquet" for name in names for split in ("train", "validation", "test")}
    assert contents(built.folder).keys() == files | {"README.md", "croissant.json", "articles/unassigned.parquet"}
    assert built.rows == {
        "gold": {"train": 8 + 13, "validation": 2, "test": 2 + 4},
        "gold-event-small": {"train": 4, "validation": 1, "test": 1},
        "gold-stance-small": {"train": 3, "validation": 0, "test": 1},
        "votes": {"train": 9, "validation": 2, "test": 2},
        "mentions": {"train": 2, "validation": 0, "test": 1},
        "relations": {"train": 1, "validation": 0, "test": 0},
        "events": {"train": 1, "validation": 0, "test": 1},
        "articles": {"train": 4, "validation": 1, "test": 2, "unassigned": 1},
    }


def test_the_default_config_is_gold(load: Any) -> None:
    loaded = load()
    assert {name: part.num_rows for name, part in loaded.items()} == {"train": 21, "validation": 2, "test": 6}
    row = next(row for row in loaded["train"] if (row["unit_id"], row["question"]) == ("a0/document", "contexts"))
    assert row == {
        "unit_id": "a0/document",
        "article_id": "a0",
        "scheme": "event-small",
        "scheme_hash": SCHEMES[0].hash,
        "question": "contexts",
        "labels": ["war/sea", "trade"],
        "value": None,
        "decided_by": "unanimous",
        "n_votes": 2,
        "tied": False,
        "distribution": [{"label": "war/sea", "share": 1.0}, {"label": "trade", "share": 1.0}],
        "posterior": None,
        "adjudicator": None,
        "reason": None,
        "method": "majority",
        "annotation_ids": ["0", "1"],
        "rounds": ["first", "first"],
        "kind": "document",
        "start": None,
        "end": None,
        "target": None,
        "target_aliases": None,
        "holder": None,
        "probability": None,
        "text": "Title 0 👩‍👧\n\nOmar 🎈 met Айша.",
        "fold": None,
        "split": "train",
    }


def test_a_stranger_without_network_loads_it(built: Dataset, tmp_path: Path) -> None:
    code = (
        "import sys, datasets\n"
        "rows = datasets.load_dataset(sys.argv[1])\n"
        "wide = datasets.load_dataset(sys.argv[1], 'gold-event-small', split='train')\n"
        "print(rows.num_rows, wide.features['main'].names, wide[2]['main'])"
    )
    environment = {**os.environ, "HF_DATASETS_OFFLINE": "1", "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "hf")}
    command = [sys.executable, "-c", code, str(built.folder)]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert run.stdout == "{'train': 21, 'validation': 2, 'test': 6} ['MEET', 'HIT', 'none'] 1\n"


def test_questions_are_label_classes_in_scheme_order_without_unsure(load: Any) -> None:
    import datasets

    features = load("gold-event-small")["train"].features
    assert features["main"] == datasets.ClassLabel(names=["MEET", "HIT", "none"])
    assert features["contexts"] == datasets.List(datasets.ClassLabel(names=["war", "war/sea", "trade"]))
    assert features["published_at"] == datasets.Value("timestamp[us, tz=UTC]")
    assert features["main_soft"] == datasets.List(datasets.Value("float64"), length=3)
    stance = load("gold-stance-small")["train"].features
    assert stance["stance"] == datasets.ClassLabel(names=["favor", "against"])
    assert stance["strength"] == datasets.ClassLabel(names=["1", "2"])
    assert stance["frames"] == datasets.List(datasets.ClassLabel(names=["money", "law"]))
    assert stance["why"] == datasets.Value("string")
    assert not {"why_soft", "main_posterior"} & (stance.keys() | features.keys())


def test_a_wide_row_holds_each_answer_and_null_where_unresolved(load: Any) -> None:
    loaded = load("gold-event-small")
    rows = {row["unit_id"]: row for part in loaded.values() for row in part}
    assert {unit: (row["main"], row["contexts"]) for unit, row in rows.items()} == {
        "a0/document": (0, [1, 2]),
        "a1/document": (0, [0]),
        "a2/document": (1, []),
        "a3/document": (None, None),
        "a4/document": (2, [2]),
        "a5/document": (1, []),
    }
    assert rows["a3/document"]["main_decided_by"] == "unresolved"
    assert rows["a1/document"]["text"] == "Title 1 👩‍👧\n\nحضر عمر الاجتماع ثم met her."
    assert rows["a1/document"]["outlet"] == "Курьер | East"
    stance = {row["unit_id"]: row for row in load("gold-stance-small")["train"]}
    assert [stance[f"a{i}/target/00"]["frames"] for i in range(3)] == [[1, 0], [], [1, 0]]
    assert [stance[f"a{i}/target/00"]["why"] for i in range(3)] == ["weil’s 🎈 ist", None, None]
    assert stance["a0/target/00"]["target"] == "порт"


def test_a_question_called_like_a_column_gets_another_name(load: Any) -> None:
    row = load("gold-stance-small")["train"][0]
    assert (row["language"], row["question_language"]) == ("en", 0)


def test_a_config_loads_though_some_of_its_splits_have_no_rows(built: Dataset, load: Any) -> None:
    loaded = load("relations")
    assert {name: part.num_rows for name, part in loaded.items()} == {"train": 1}
    assert load("gold-stance-small").keys() == {"train", "test"}
    full, empty = (pq.read_schema(built.folder / "relations" / f"{name}.parquet") for name in ("train", "test"))
    assert full.equals(empty, check_metadata=True)


def test_a_dataset_without_any_rows_streams_with_its_features(tmp_path: Path, load: Any) -> None:
    empty = {name: table.schema.empty_table() for name, table in study().items()}
    result = build(tmp_path / "dataset", **empty)
    assert all(n == 0 for sizes in result.rows.values() for n in sizes.values())
    for name in result.rows:
        streamed = load(name, folder=result.folder, streaming=True)
        assert list(streamed) == ["train"]
        assert list(streamed["train"]) == []
        assert streamed["train"].features == load(name)["train"].features
        for split in ("train", "validation", "test"):
            assert pq.read_table(result.folder / name / f"{split}.parquet").num_rows == 0


def test_configs_stream(load: Any) -> None:
    assert [row["annotation_id"] for row in load("votes", streaming=True)["test"]] == ["300", "301"]


def test_votes_tell_who_but_not_when(load: Any) -> None:
    loaded = load("votes")
    features = loaded["train"].features
    assert not {"created", "updated"} & features.keys()
    ids = [row["annotation_id"] for row in loaded["train"]]
    assert ids == ["0", "1", "100", "101", "200", "201", "902", "500", "501"]
    skipped = loaded["train"][6]
    assert (skipped["labels"], skipped["question"], skipped["comment"]) == (None, None, "⚠️ cut off")
    assert loaded["test"][1]["labels"] == ["unsure"]


def test_an_event_is_a_row_with_its_actor(load: Any) -> None:
    row = load("events")["train"][0]
    found = {name: row[name] for name in ("event_id", "text", "label", "mode", "historical", "actor", "recipient")}
    assert found == {
        "event_id": "m0-1",
        "text": "met",
        "label": "MEET",
        "mode": "visit",
        "historical": True,
        "actor": ["Айша"],
        "recipient": [],
    }


def test_mentions_are_the_text_at_their_place(load: Any) -> None:
    texts = {row["article_id"]: row["text"] for part in load("articles").values() for row in part}
    spans = [row for part in load("mentions").values() for row in part]
    assert len(spans) == 3
    assert all(texts[row["article_id"]][row["start"] : row["end"]] == row["text"] for row in spans)


def test_articles_without_units_have_the_split_of_their_story(load: Any) -> None:
    where = {row["article_id"]: row["split"] for part in load("articles").values() for row in part}
    assert where == {
        "a0": "train", "a1": "train", "a2": "train", "a3": "test", "a4": "validation", "a5": "train",
        "a6": "unassigned", "a7": "test",
    }  # fmt: skip


def test_a_part_of_an_article_has_its_own_text(tmp_path: Path) -> None:
    gold = pa.concat_tables(
        [study()["gold"], tables.build("gold", [answer(0, "a0/sentence/9-13", "main", ["MEET"])])]
    )
    folder = build(tmp_path / "dataset", gold=gold).folder
    rows = pq.read_table(folder / "gold-event-small" / "train.parquet").to_pylist()
    text = study()["articles"]["text"][0].as_py()
    assert {row["unit_id"]: row["text"] for row in rows}["a0/sentence/9-13"] == text[9:13]
    assert {row["unit_id"]: row["contexts"] for row in rows}["a0/sentence/9-13"] is None


def test_a_fold_is_beside_the_split(tmp_path: Path) -> None:
    splits = study()["splits"].to_pylist()
    folds = [{**row, "fold": n % 3 if row["split"] == "train" else None} for n, row in enumerate(splits)]
    folder = build(tmp_path / "dataset", splits=tables.build("splits", folds)).folder
    wanted = {row["unit_id"]: row["fold"] for row in folds}
    for name in ("gold", "gold-event-small", "gold-stance-small"):
        rows = [
            row
            for split in ("train", "test")
            for row in pq.read_table(folder / name / f"{split}.parquet").to_pylist()
        ]
        assert [row["fold"] for row in rows] == [wanted[row["unit_id"]] for row in rows]
        assert {row["fold"] for row in rows} == {0, 1, 2, None}


def test_the_same_rows_in_any_order_make_the_same_bytes(built: Dataset, tmp_path: Path) -> None:
    mixed = {}
    for name, table in study().items():
        order = list(range(table.num_rows))
        random.Random(3).shuffle(order)
        half, turned = len(order) // 2, table.take(order)
        mixed[name] = pa.concat_tables([turned.slice(half), table.take(order[:half] or pa.array([], pa.int64()))])
    again = build(tmp_path / "dataset", schemes=SCHEMES[::-1], **mixed)
    assert contents(again.folder) == contents(built.folder)
    assert (again.digest, again.signature) == (built.digest, built.signature)


def test_the_signature_stands_in_the_card_and_names_the_content(built: Dataset) -> None:
    assert built.digest == digest_of(built.folder)
    card = (built.folder / "README.md").read_text(encoding="utf-8")
    assert built.signature in card
    events, stance = (f"{scheme.name}:{scheme.version}:{scheme.hash}" for scheme in SCHEMES)
    assert built.signature == (
        f"goldwire:0.1.0|dataset:0.1.0|data:{built.digest}|scheme.{events}|scheme.{stance}|seed:0"
    )
