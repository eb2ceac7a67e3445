"""A dataset without texts gets them back from somebody's own copies, and never another text."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goldwire import tables
from goldwire.errors import GoldwireError, UsageError
from goldwire.files import write_json
from goldwire.labels.dataset.copies import match
from goldwire.labels.dataset.digest import digest_of
from goldwire.labels.dataset.rehydrate import rehydrate
from goldwire.labels.dataset.texts import RECORD
from goldwire.labels.dataset.verify import stated_and_actual
from goldwire.study import Params
from reachable import built, reachable
from small_dataset import build, contents

PIECES = ("Omar", "Айша", "hit the", "Title", "met her", "حضر")


def copies_of(rows: dict[str, dict[str, object]] | None = None, drop: tuple[str, ...] = ()) -> pa.Table:
    """The articles as somebody has them, some changed."""
    listed = [row for row in reachable()["articles"].to_pylist() if row["article_id"] not in drop]
    for row in listed:
        row |= (rows or {}).get(row["article_id"], {})
    return tables.build("articles", listed)


@pytest.fixture
def without(tmp_path: Path) -> Path:
    return built(tmp_path / "without", texts=False).folder


def test_nothing_of_the_texts_is_in_a_dataset_without_them(without: Path, tmp_path: Path) -> None:
    paths = {path.relative_to(without): pq.read_table(path) for path in sorted(without.rglob("*.parquet"))}
    said = json.dumps([table.to_pylist() for table in paths.values()], default=str, ensure_ascii=False)
    assert [piece for piece in PIECES if f'"{piece}' in said or f" {piece}" in said] == []
    full = built(tmp_path / "full").folder
    for path, table in paths.items():
        there = pq.read_schema(full / path).names
        gone = {"articles": ["title", "text", "meta"], "mentions": ["text"], "votes": [], "relations": []}
        gone |= {"gold": ["text"], "events": ["text", "actor", "recipient", "place", "date"]}
        wanted = gone.get(path.parent.name, ["text", "title"])
        assert table.column_names == [name for name in there if name not in wanted], path
    ids = pq.read_table(without / "articles" / "train.parquet")
    assert {"article_id", "url", "content_hash", "outlet", "published_at"} <= set(ids.column_names)
    assert json.loads((without / RECORD).read_text(encoding="utf-8"))["scrubbed"] is False


@pytest.mark.parametrize("scrub", [False, True])
def test_with_all_copies_it_is_the_dataset_with_its_texts(scrub: bool, tmp_path: Path) -> None:
    full = built(tmp_path / "full", scrub=scrub)
    without = built(tmp_path / "without", texts=False, scrub=scrub).folder
    copies = match(without, copies_of())
    assert (copies.articles, sorted(copies.found), copies.missing, copies.changed) == (
        8, [f"a{i}" for i in range(8)], [], [],
    )  # fmt: skip
    digest = rehydrate(without, copies, tmp_path / "again")
    assert digest == full.digest == digest_of(tmp_path / "again")
    before, after = contents(full.folder), contents(tmp_path / "again")
    assert before.keys() - after.keys() == {"croissant.json"}
    assert after.keys() <= before.keys()
    assert {name for name in after if before[name] != after[name]} == {"README.md"}
    assert stated_and_actual(tmp_path / "again") == (full.digest, full.digest)


def test_copies_are_found_by_id_by_text_and_by_address(without: Path) -> None:
    """a1 has another id and no address, a2 has another id, a3 has the id of a4 and the address of none."""
    renamed = {
        "a1": {"article_id": "x1", "url": None},
        "a2": {"article_id": "x2"},
        "a3": {"article_id": "a4", "url": None},
        "a4": {"article_id": "x4"},
    }
    copies = match(without, copies_of(renamed))
    assert (sorted(copies.found), copies.missing, copies.changed) == ([f"a{i}" for i in range(8)], [], [])
    mine = {row["article_id"]: row["text"] for row in copies_of().to_pylist()}
    assert {name: row["text"] for name, row in copies.found.items()} == mine


def test_a_copy_with_another_text_is_never_used(without: Path, tmp_path: Path) -> None:
    """Whatever the copy's own columns say: the hash is taken of its text."""
    rows = {row["article_id"]: row for row in reachable()["articles"].to_pylist()}
    changed = {
        "a0": {"text": rows["a0"]["text"] + "!"},
        "a1": {"title": "Another"},
        "a2": {"body_start": 3},
        "a5": {"text": "Put before. " + rows["a5"]["text"], "body_start": rows["a5"]["body_start"] + 12},
        "a6": {"text": None},
    }
    copies = match(without, copies_of(changed, drop=("a3",)))
    assert (sorted(copies.found), copies.missing, copies.changed) == (
        ["a4", "a7"], ["a3", "a6"], ["a0", "a1", "a2", "a5"],
    )  # fmt: skip
    rehydrate(without, copies, tmp_path / "again")
    found = {
        value
        for path in (tmp_path / "again").rglob("*.parquet")
        for value in pq.read_table(path, partitioning=None)["article_id"].to_pylist()
    }
    assert found == {"a4", "a7"}
    card = (tmp_path / "again" / "README.md").read_text(encoding="utf-8")
    assert "6 of 8 articles could not be filled in, and are not in it." in card


def test_the_new_folder_loads_like_any(without: Path, tmp_path: Path) -> None:
    rehydrate(without, match(without, copies_of()), tmp_path / "again")
    code = (
        "import sys, datasets\n"
        "wide = datasets.load_dataset(sys.argv[1], 'gold-event-small', split='train')\n"
        "events = datasets.load_dataset(sys.argv[1], 'events', split='train')\n"
        "print(datasets.load_dataset(sys.argv[1]).num_rows, wide.features['main'].names, wide[1]['text'])\n"
        "print([(row['text'], row['actor'], row['recipient']) for row in events])"
    )
    environment = {**os.environ, "HF_DATASETS_OFFLINE": "1", "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "hf")}
    command = [sys.executable, "-c", code, str(tmp_path / "again")]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    text = reachable()["articles"]["text"][1].as_py()
    assert run.stdout == (
        f"{{'train': 21, 'validation': 2, 'test': 6}} ['MEET', 'HIT', 'none'] {text}\n"
        "[('met', ['Айша'], ['author', 'айша.k@newsroom.example']), ('hit', [], [])]\n"
    )


def test_without_any_copy_nothing_is_written(without: Path, tmp_path: Path) -> None:
    copies = match(without, copies_of().slice(0, 0))
    with pytest.raises(GoldwireError, match="none of the 8 articles of the dataset is in the table"):
        rehydrate(without, copies, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_dataset_that_has_its_texts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GoldwireError, match=f"nothing was left out of this dataset: it has no {RECORD}"):
        match(built(tmp_path / "full").folder, copies_of())
    with pytest.raises(GoldwireError, match="no dataset is here"):
        match(tmp_path / "nowhere", copies_of())


def test_no_folder_but_an_empty_one_or_a_dataset_is_replaced(without: Path, tmp_path: Path) -> None:
    copies = match(without, copies_of())
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("Years of work.", encoding="utf-8")
    for folder in (mine, mine / "thesis.txt", without, without / "new", tmp_path):
        with pytest.raises(UsageError):
            rehydrate(without, copies, folder)
    assert (mine / "thesis.txt").read_text(encoding="utf-8") == "Years of work."
    (tmp_path / "empty").mkdir()
    assert rehydrate(without, copies, tmp_path / "empty") == rehydrate(without, copies, tmp_path / "empty")


def test_card_and_citation_name_the_data_that_is_there(tmp_path: Path) -> None:
    card = {"authors": ["Marchand, Odile"], "title": "Harbours"}
    params = Params.model_validate({"dataset": {"texts": False}, "card": card})
    given = build(tmp_path / "without", params=params, **reachable())
    after = rehydrate(given.folder, match(given.folder, copies_of()), tmp_path / "again")
    for name in ("README.md", "CITATION.cff"):
        text = (tmp_path / "again" / name).read_text(encoding="utf-8")
        assert (after in text, given.digest in text) == (True, False), name


@pytest.mark.parametrize("form", [".csv", ".jsonl"])
def test_copies_may_be_a_table_of_any_form(form: str, without: Path, tmp_path: Path) -> None:
    tables.write(copies_of(), tmp_path / f"articles{form}")
    copies = match(without, tables.read(tmp_path / f"articles{form}", "articles"))
    assert (len(copies.found), copies.missing, copies.changed) == (8, [], [])


def test_of_copies_with_one_id_the_one_with_the_text_is_used(without: Path) -> None:
    rows = [
        {**row, "text": f"{row['text']} {n}" if n else row["text"]} for row in copies_of().to_pylist() for n in (1, 0)
    ]
    copies = match(without, tables.build("articles", rows))
    assert {name: row["text"] for name, row in copies.found.items()} == {
        row["article_id"]: row["text"] for row in copies_of().to_pylist()
    }


@pytest.mark.parametrize(
    "change",
    [
        {"columns": {}},
        {"left_out": {}},
        {"columns": {"../../elsewhere": ["article_id"]}, "left_out": {"../../elsewhere": []}},
        {"columns": []},
        {"scrubbed": "no"},
    ],
)
def test_a_record_of_other_configs_is_refused_and_nothing_written(
    change: dict[str, object], without: Path, tmp_path: Path
) -> None:
    record = json.loads((without / RECORD).read_text(encoding="utf-8"))
    write_json(without / RECORD, record | change)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(GoldwireError, match="does not say what was left out of the configs that are here"):
        rehydrate(without, match(without, copies_of()), tmp_path / "again")
    assert sorted(tmp_path.rglob("*")) == before


KILLED = """
import os, sys
from pathlib import Path
from goldwire import tables
from goldwire.labels.dataset import rehydrate as room
from goldwire.labels.dataset.copies import match
room.digest_of = lambda folder: os.kill(os.getpid(), 9)
dataset, articles, into = map(Path, sys.argv[1:])
room.rehydrate(dataset, match(dataset, tables.read(articles, "articles")), into)
"""


def test_one_that_was_killed_leaves_the_old_folder_and_the_next_clears_up(without: Path, tmp_path: Path) -> None:
    tables.write(copies_of(), tmp_path / "articles.parquet")
    into = tmp_path / "place" / "again"
    rehydrate(without, match(without, copies_of(drop=("a0",))), into)
    before = contents(into)
    command = [sys.executable, "-c", KILLED, str(without), str(tmp_path / "articles.parquet"), str(into)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == -9
    assert contents(into) == before
    rehydrate(without, match(without, copies_of()), into)
    assert [path.name for path in into.parent.iterdir()] == ["again"]
    assert contents(into) != before
