"""Items: the parts of large files."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldwire.corpus.sources import STDIN, Item, parts


@given(
    st.lists(st.binary(max_size=40).map(lambda line: line.replace(b"\n", b" ")), max_size=30),
    st.booleans(),
    st.integers(1, 60),
)
def test_parts_are_whole_lines_that_make_the_file(
    tmp_path_factory: pytest.TempPathFactory, put: Callable[..., Path], lines: list[bytes], ended: bool, size: int
) -> None:
    content = b"x" + b"\n".join(lines) + (b"\n" if ended else b"")
    path = put(tmp_path_factory.mktemp("parts") / "a.jsonl", content)
    cut = parts(Item(path, None, "jsonl", "a.jsonl"), size)
    read = []
    for part in cut:
        with part.open() as stream:
            read.append(stream.read())
    assert b"".join(read) == content
    assert all(len(part) >= size and part.find(b"\n", size - 1) == len(part) - 1 for part in read[:-1])
    starts = [sum(map(len, read[:number])) for number in range(len(read))]
    assert [part.first_line for part in cut] == [content.count(b"\n", 0, start) + 1 for start in starts]


def test_a_line_of_200_mb_is_one_part(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.write(b'{"text": "First."}\n{"text": "')
        file.seek(200_000_000)
        file.write(b'"}\n{"text": "Last."}\n')
    item = Item(path, None, "jsonl", "a.jsonl")
    assert [(part.start, part.end, part.first_line) for part in parts(item)] == [
        (0, 200_000_003, 1),
        (200_000_003, 200_000_021, 3),
    ]


def test_what_is_not_read_by_lines_or_is_packed_or_small_stays_whole(
    tmp_path: Path, put: Callable[..., Path]
) -> None:
    lines = b'{"text": "a"}\n' * 100
    packed = gzip.compress(bytes(os.urandom(2000)))
    for name, reader, content in (
        ("a.csv", "csv", lines),
        ("a.jsonl", "jsonl", packed),
        ("b.jsonl", "jsonl", lines[:100]),
    ):
        item = Item(put(tmp_path / name, content), None, reader, name)
        assert parts(item, 100) == [item]
    for item in (Item(STDIN, None, "jsonl", "-"), Item(tmp_path / "gone.jsonl", None, "jsonl", "gone.jsonl")):
        assert parts(item, 100) == [item]
