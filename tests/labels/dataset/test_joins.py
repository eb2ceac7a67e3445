"""Rows are found, ordered and taken as plain Python would do it."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldwire.errors import GoldwireError
from goldwire.labels.dataset.joins import known, order_by, ranks, taken

texts = st.none() | st.text(max_size=2)


def key(value: str | None) -> tuple[bool, bytes]:
    return value is None, (value or "").encode("utf-8", "surrogatepass")


@given(st.lists(st.tuples(texts, texts, texts), max_size=30))
def test_rows_are_ordered_by_several_keys_null_last(rows: list[tuple[str | None, ...]]) -> None:
    columns = [pa.array([row[i] for row in rows], pa.string()) for i in range(3)]
    order = order_by(map(ranks, columns), len(rows)).tolist()
    assert [rows[i] for i in order] == sorted(rows, key=lambda row: [key(value) for value in row])


def test_keys_too_many_for_one_number_are_ordered_all_the_same() -> None:
    draw = np.random.default_rng(0)
    keys = [draw.integers(0, 2**40, 200) for _ in range(4)]
    keys[0][:100] = keys[0][0]
    keys[1][:50] = 7
    order = order_by(iter(keys), 200)
    assert [tuple(k[i] for k in keys) for i in order] == sorted(zip(*(k.tolist() for k in keys), strict=True))


def test_a_key_is_asked_for_only_where_rows_are_not_told_apart() -> None:
    def keys():
        yield np.array([2, 0, 1])
        raise AssertionError("asked for")

    assert order_by(keys(), 3).tolist() == [1, 2, 0]


def test_all_rows_in_order_are_not_copied() -> None:
    table = pa.table({"a": pa.chunked_array([["x"], ["y", "z"]])})
    assert taken(table, np.arange(3)) is table
    assert taken(table, np.array([2, 0])).to_pylist() == [{"a": "z"}, {"a": "x"}]


def test_unknown_keys_are_counted_and_named() -> None:
    table = pa.table({"unit_id": ["u9", "u1", "u9", *(f"v{i}" for i in range(5))]})
    units = pa.table({"unit_id": ["u0", "u1"]})
    assert known(table.slice(1, 1), "unit_id", units, "votes", "units").tolist() == [1]
    with pytest.raises(GoldwireError) as error:
        known(table, "unit_id", units, "votes", "units")
    assert str(error.value) == "votes: 7 rows of 6 units not in units: u9, v0, v1, v2, v3, ..."
    assert error.value.hint == (
        "Fold the rounds again with: goldwire labels build, then decide with: goldwire labels gold"
    )
