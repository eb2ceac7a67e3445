"""Objects of an array, read while its bytes arrive."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldwire.labels.server import json_array

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.lists(st.dictionaries(st.text(), VALUES, max_size=4), max_size=6)


def chunked(data: bytes, size: int) -> list[bytes]:
    return [data[place : place + size] for place in range(0, len(data), size)]


@given(OBJECTS, st.integers(1, 40), st.sampled_from([None, 1]), st.booleans())
def test_objects_come_back_however_their_bytes_are_cut(
    objects: list[dict[str, Any]], size: int, indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(objects, ensure_ascii=ascii_only, indent=indent)
    data = text.encode("utf-8", "replace") if not ascii_only else text.encode()
    wanted = json.loads(data)
    gather, json_array.GATHER = json_array.GATHER, size
    try:
        assert list(json_array.objects(chunked(data, 3))) == wanted
    finally:
        json_array.GATHER = gather


@given(OBJECTS.filter(bool), st.data())
def test_what_is_cut_off_is_an_error_after_what_was_whole(objects: list[dict[str, Any]], data: st.DataObject) -> None:
    text = json.dumps(objects).encode()
    cut = text[: data.draw(st.integers(0, len(text) - 1))]
    seen = []
    with pytest.raises(ValueError, match="not a whole array"):
        for value in json_array.objects([cut]):
            seen.append(value)
    assert seen == objects[: len(seen)]


@pytest.mark.parametrize("text", ["", "{}", "[1]", "[{} {}]", "[{},]", "[{}] x", "[[{}]]", '[{"a": tru}]', "[,{}]"])
def test_anything_else_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="not a whole array"):
        list(json_array.objects([text.encode()]))


def test_a_mark_of_the_byte_order_and_half_a_character_pass() -> None:
    assert list(json_array.objects(['\ufeff [\n{} , {"a": "\\ud800"}]\n'.encode()])) == [{}, {"a": "\ud800"}]
