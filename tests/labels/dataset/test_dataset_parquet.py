"""Files have row groups of a bounded size, and the card gets the notes on the division and the findings."""

from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goldwire.eval.audit.finding import Finding
from goldwire.labels.dataset import parquet
from goldwire.labels.dataset.config import Config
from small_dataset import build, contents

ROWS = 50
TABLE = pa.table(
    {
        "unit_id": [f"u{i:02d}" for i in range(ROWS)],
        "text": pa.DictionaryArray.from_arrays(
            pa.array([i % 3 for i in range(ROWS)], pa.int32()), ["a", "ü", "c" * 9]
        ),
        "labels": pa.array([["x", None], [], None, ["y"], []] * 10, pa.list_(pa.string())),
        "flag": pa.array([True, None] * 25),
        "split": ["train"] * 40 + ["test"] * 10,
    }
)
CONFIG = Config("gold", "a row", TABLE)


def test_a_row_group_ends_when_it_is_large_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "_PIECE", 4)
    sizes = parquet.write(CONFIG, tmp_path, group=300)
    path = tmp_path / "gold" / "train.parquet"
    metadata = pq.read_metadata(path)
    rows = [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)]
    assert sum(rows) == 40
    assert set(rows[:-1]) == {12}  # 8 rows are too few bytes
    assert pq.read_table(path).to_pylist() == TABLE.slice(0, 40).to_pylist()
    assert pq.read_schema(path).field("text").type == pa.string()
    assert {name: size.rows for name, size in sizes.items()} == {"train": 40, "validation": 0, "test": 10}
    assert sizes["train"].disk == path.stat().st_size


def test_chunks_and_other_splits_between_the_rows_do_not_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "_PIECE", 4)
    at = TABLE.column_names.index("split")
    mixed = TABLE.set_column(at, "split", [["test", "train", "train", "validation", "train"] * 10])
    chunked = pa.concat_tables([mixed.slice(0, 7), mixed.slice(7, 1), mixed.slice(8)])
    for name, table in (("whole", mixed), ("chunked", chunked)):
        (tmp_path / name).mkdir()
        parquet.write(Config("gold", "a row", table), tmp_path / name, group=300)
    assert contents(tmp_path / "whole") == contents(tmp_path / "chunked")
    rows = pq.read_table(tmp_path / "chunked" / "gold" / "validation.parquet").to_pylist()
    assert rows == [row for row in mixed.to_pylist() if row["split"] == "validation"]


def test_bytes_in_memory_are_those_of_the_values() -> None:
    table = TABLE.slice(0, 40).cast(CONFIG.schema)
    fresh = pa.Table.from_pylist(table.to_pylist(), schema=table.schema)
    assert parquet.in_memory(table) == parquet.in_memory(fresh) == fresh.nbytes


def test_texts_are_shared_and_not_copied() -> None:
    parts = CONFIG.parts()
    assert {name: part.num_rows for name, part in parts.items()} == CONFIG.counts()
    held = {part["text"].chunk(0).dictionary.buffers()[2].address for part in parts.values() if part.num_rows}
    assert held == {TABLE["text"].chunk(0).dictionary.buffers()[2].address}


def test_notes_and_findings_stand_in_the_card(tmp_path: Path) -> None:
    text = "One decision of six is a tie."
    finding = Finding(
        "GW204", "ties", "Gold comes from ties", "note", "fired", text, 1, ["a3/document"], "event-small.main"
    )
    note = "Two units of a tie were left out."
    plain = (build(tmp_path / "plain").folder / "README.md").read_text(encoding="utf-8")
    full = build(tmp_path / "full", notes=[note], checks=[asdict(finding)])
    card = (full.folder / "README.md").read_text(encoding="utf-8")
    assert note in card
    assert finding.text in card
    assert note not in plain
    assert finding.text not in plain
    assert full.signature in plain
