"""The digest is what its docstring says, computed again here value by value; and nothing of the file shows in it."""

import hashlib
import json
import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.labels.dataset.digest import digest_of
from small_dataset import build

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SCHEMA = pa.schema(
    [
        ("flag", pa.bool_()),
        ("number", pa.int64()),
        ("share", pa.float64()),
        ("when", pa.timestamp("us", "UTC")),
        ("text", pa.string()),
        ("texts", pa.list_(pa.string())),
        ("shares", pa.list_(pa.struct([("label", pa.string()), ("share", pa.float64())]))),
    ]
)
KINDS: dict[str, Any] = {
    "flag": "bool",
    "number": "int",
    "share": "float",
    "when": "time",
    "text": "string",
    "texts": ["list", "string"],
    "shares": ["list", ["struct", [["label", "string"], ["share", "float"]]]],
}


def streams(values: list[Any], kind: Any) -> Iterator[bytes]:
    yield bytes(value is not None for value in values)
    if kind == "bool":
        yield bytes(bool(value) for value in values)
    elif kind == "int":
        yield b"".join(struct.pack("<q", value or 0) for value in values)
    elif kind == "float":
        yield b"".join(struct.pack("<d", 0.0 if value is None else value) for value in values)
    elif kind == "time":
        since = [0 if value is None else (value - EPOCH) for value in values]
        yield b"".join(struct.pack("<q", s and (s.days * 86_400 + s.seconds) * 10**6 + s.microseconds) for s in since)
    elif kind == "string":
        texts = [(value or "").encode() for value in values]
        yield b"".join(struct.pack("<q", len(text)) for text in texts)
        yield b"".join(texts)
    elif kind[0] == "list":
        yield b"".join(struct.pack("<q", len(value or [])) for value in values)
        yield from streams([item for value in values for item in value or []], kind[1])
    else:
        for name, inner in kind[1]:
            yield from streams([value[name] for value in values if value is not None], inner)


def by_hand(rows: list[dict[str, Any]], config: str, split: str) -> str:
    whole = hashlib.sha256()
    for name, kind in KINDS.items():
        head = [config, split, name, kind, len(rows), None]
        whole.update(json.dumps(head, separators=(",", ":")).encode() + b"\n")
        for stream in streams([row[name] for row in rows], kind):
            whole.update(hashlib.sha256(stream).digest())
    return whole.hexdigest()[:16]


texts = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
finite = st.none() | st.floats(allow_nan=False)
rows = st.lists(
    st.fixed_dictionaries(
        {
            "flag": st.none() | st.booleans(),
            "number": st.none() | st.integers(-(2**63), 2**63 - 1),
            "share": finite,
            "when": st.none() | st.datetimes(timezones=st.just(UTC)),
            "text": texts,
            "texts": st.none() | st.lists(texts, max_size=3),
            "shares": st.none()
            | st.lists(st.none() | st.fixed_dictionaries({"label": texts, "share": finite}), max_size=3),
        }
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(rows=rows, group=st.integers(1, 5))
def test_the_digest_is_what_its_definition_says(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]], group: int
) -> None:
    folder = tmp_path_factory.mktemp("dataset")
    (folder / "gold").mkdir()
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    pq.write_table(table, folder / "gold" / "train.parquet", row_group_size=group)
    assert digest_of(folder) == by_hand(rows, "gold", "train")


def written(folder: Path, values: pa.Array | pa.ChunkedArray, **options: Any) -> str:
    (folder / "gold").mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"column": values}), folder / "gold" / "train.parquet", **options)
    return digest_of(folder)


@pytest.mark.parametrize(
    ("values", "types"),
    [
        ([1, None, 3], [pa.int64(), pa.int8(), pa.uint16()]),
        ([0.5, None, 2.0], [pa.float64(), pa.float32()]),
        (["é", None, ""], [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())]),
        ([[1.0, 2.0], [3.0, 4.0]], [pa.list_(pa.float64()), pa.large_list(pa.float64()), pa.list_(pa.float64(), 2)]),
        ([datetime(2024, 5, 1, tzinfo=UTC), None], [pa.timestamp(unit, "UTC") for unit in ("s", "ms", "us", "ns")]),
    ],
)
def test_how_a_value_is_held_does_not_show(tmp_path: Path, values: list[Any], types: list[pa.DataType]) -> None:
    digests = [written(tmp_path, pa.array(values, type_)) for type_ in types]
    digests += [
        written(tmp_path, pa.array(values, types[0]), compression=name) for name in ("snappy", "gzip", "none")
    ]
    digests += [written(tmp_path, pa.array(values, types[0]), use_dictionary=False, row_group_size=1)]
    assert len(set(digests)) == 1


def test_what_differs_shows(tmp_path: Path) -> None:
    lists = pa.list_(pa.string())
    columns = [
        pa.array(["ab", "c"]),
        pa.array(["a", "bc"]),
        pa.array(["abc", None]),
        pa.array(["abc", ""]),
        pa.array([["ab"], ["c"]], lists),
        pa.array([["ab", "c"], []], lists),
        pa.array([["ab", "c"], None], lists),
        pa.array([["ab", "c"], [None]], lists),
        pa.array([1, 0]),
        pa.array([1, None]),
        pa.array([1.0, 0.0]),
        pa.array([1.0, float("nan")]),
        pa.array([True, False]),
    ]
    assert len({written(tmp_path, column) for column in columns}) == len(columns)


def test_more_rows_than_are_read_at_a_time_count_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = build(tmp_path / "dataset")
    monkeypatch.setattr("goldwire.labels.dataset.digest._BATCH", 2)
    assert digest_of(result.folder) == result.digest
