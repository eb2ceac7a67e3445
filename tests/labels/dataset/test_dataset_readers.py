"""Every config is the same to datasets, pandas, Polars and DuckDB: rows, values, types, nulls."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goldwire.labels.dataset.build import Dataset
from small_dataset import build

CONFIGS = ("articles", "events", "gold", "gold-event-small", "gold-stance-small", "mentions", "relations", "votes")
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return build(tmp_path_factory.mktemp("study") / "dataset")


def by_arrow(path: Path) -> Rows:
    return pq.read_table(path).to_pylist()


def by_pandas(path: Path) -> Rows:
    import pandas as pd

    return pd.read_parquet(path, dtype_backend="pyarrow").to_dict("records")


def by_polars(path: Path) -> Rows:
    import polars as pl

    return pl.read_parquet(path).to_dicts()


def by_duckdb(path: Path) -> Rows:
    import duckdb

    with duckdb.connect() as connection:
        connection.sql("SET TimeZone = 'UTC'")
        found = connection.sql(f"FROM '{path}'")
        return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def plain(value: Any) -> Any:
    """Return a value as Python has it: the readers differ in what they call null, a list and a time."""
    import pandas as pd

    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple) or type(value).__name__ == "ndarray":
        return [plain(inner) for inner in value]
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if hasattr(value, "isoformat"):
        return pd.Timestamp(value).tz_convert("UTC").isoformat()
    return value


@pytest.mark.parametrize("config", CONFIGS)
@pytest.mark.parametrize("read", [by_pandas, by_polars, by_duckdb])
def test_each_reader_finds_the_same_rows(built: Dataset, config: str, read: Callable[[Path], Rows]) -> None:
    for split, rows in built.rows[config].items():
        path = built.folder / config / f"{split}.parquet"
        found = [plain(row) for row in read(path)]
        assert found == [plain(row) for row in by_arrow(path)]
        assert len(found) == rows
        assert [list(row) for row in found] == [pq.read_schema(path).names] * rows


def test_types_are_what_the_readers_call_them(built: Dataset) -> None:
    import duckdb
    import polars as pl

    path = built.folder / "gold-event-small" / "train.parquet"
    wanted = {
        "main": (pa.int64(), pl.Int64(), "BIGINT"),
        "contexts": (pa.list_(pa.int64()), pl.List(pl.Int64()), "BIGINT[]"),
        "main_soft": (pa.list_(pa.float64()), pl.List(pl.Float64()), "DOUBLE[]"),
        "published_at": (pa.timestamp("us", "UTC"), pl.Datetime("us", "UTC"), "TIMESTAMP WITH TIME ZONE"),
        "text": (pa.string(), pl.String(), "VARCHAR"),
        "fold": (pa.int64(), pl.Int64(), "BIGINT"),
    }
    arrow, polars = pq.read_schema(path), pl.read_parquet_schema(path)
    with duckdb.connect() as connection:
        found = connection.sql(f"FROM '{path}'")
        duck = dict(zip(found.columns, map(str, found.types), strict=True))
    types = {name: (arrow.field(name).type, polars[name], duck[name]) for name in wanted}
    assert {name: (str(a), b, c) for name, (a, b, c) in types.items()} == {
        name: (str(a).replace("item", "element"), b, c) for name, (a, b, c) in wanted.items()
    }


def test_a_query_over_all_splits_counts_and_joins(built: Dataset) -> None:
    import duckdb

    query = f"""
        SELECT g.unit_id, count(v.annotation_id) FROM '{built.folder}/gold/*.parquet' g
        JOIN '{built.folder}/votes/*.parquet' v ON list_contains(g.annotation_ids, v.annotation_id)
        WHERE g.question = 'main' AND v.counts GROUP BY 1 ORDER BY 1
    """
    with duckdb.connect() as connection:
        assert connection.sql(query).fetchall() == [
            ("a0/document", 2), ("a1/document", 2), ("a2/document", 2), ("a3/document", 1), ("a4/document", 2),
            ("a5/document", 2),
        ]  # fmt: skip


@pytest.mark.parametrize("config", CONFIGS)
def test_datasets_loads_and_streams_what_the_files_hold(
    built: Dataset, config: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_OFFLINE", True)
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    loaded = datasets.load_dataset(str(built.folder), config, cache_dir=str(tmp_path))
    streamed = datasets.load_dataset(str(built.folder), config, cache_dir=str(tmp_path), streaming=True)
    assert set(loaded) == set(streamed) == {name for name, rows in built.rows[config].items() if rows}
    for split in loaded:
        rows = [plain(row) for row in by_arrow(built.folder / config / f"{split}.parquet")]
        assert [plain(row) for row in loaded[split]] == rows
        assert [plain(row) for row in streamed[split]] == rows
