"""JSON and JSON Lines: every shape that archives give, one object at a time, and what breaks off or is too long."""

import io
import json
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.corpus.readers.base import Record, Reject, Source
from goldwire.corpus.readers.json import READER as JSON
from goldwire.corpus.readers.jsonl import READER as JSONL


def read(content: str | bytes, name: str = "json") -> list[Record | Reject]:
    content = content.encode() if isinstance(content, str) else content
    return list((JSON if name == "json" else JSONL).read(Source(io.BytesIO(content), f"a.{name}")))


def records(*fields: dict[str, Any]) -> list[Record | Reject]:
    return [Record(item, "a.json") for item in fields]


ONE, TWO = {"title": "One", "content": "They met."}, {"title": "Two", "content": "They left."}


@pytest.mark.parametrize(
    "shape",
    [
        [ONE, TWO],
        {"status": "ok", "totalResults": 2, "articles": [ONE, TWO]},
        {"title": "A feed", "Items": [ONE, TWO]},
        {"response": {"status": "ok", "results": [ONE, TWO], "pages": 1}},
        {"hits": {"total": {"value": 2}, "hits": [ONE, TWO]}},
        {"nachrichten": [ONE, TWO], "anzahl": 2},
    ],
    ids=["array", "articles", "json feed", "response", "hits", "the only list"],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_a_list_of_articles_is_found_where_it_stands(shape: Any, indent: int | None) -> None:
    assert read(json.dumps(shape, indent=indent)) == records(ONE, TWO)


@pytest.mark.parametrize(
    "article",
    [
        {"title": "One", "text": "They met."},
        {"text": "They met.", "items": [{"name": "a"}], "tags": ["x", 1.5, None, True, {"a": []}]},
        {"title": "One", "text": [{"id": 1, "text": "They met."}]},
        {"headline": "One", "authors": [{"name": "A"}], "article": "They met."},
        {"a": [{"x": 1}], "b": [{"y": 1}]},
        {"id": 123456789012345678901234567890, "n": -1.5e3},
    ],
)
def test_an_object_that_is_an_article_is_one_record(article: dict[str, Any]) -> None:
    assert read(json.dumps(article)) == records(article)


def test_objects_may_follow_one_another() -> None:
    assert read(json.dumps(ONE, indent=2) + "\n" + json.dumps(TWO, indent=2)) == records(ONE, TWO)


def test_values_that_are_no_objects_are_rejected_in_their_place() -> None:
    assert read('[{"text": "one"}, 3, ["x"], null, {"text": "two"}]') == [
        Record({"text": "one"}, "a.json"),
        Reject("a.json", None, "item 2: is not a JSON object"),
        Reject("a.json", None, "item 3: is not a JSON object"),
        Reject("a.json", None, "item 4: is not a JSON object"),
        Record({"text": "two"}, "a.json"),
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('[{"text": "one"}, {"text": "tw', "file: is not valid JSON after item 1: parse error: premature EOF"),
        (
            '[{"text": "one"}, {"text": NaN}]',
            "file: is not valid JSON after item 1: lexical error: invalid char in json text.",
        ),
        ('[{"text": "one"}', "file: is not valid JSON after item 1: parse error: premature EOF"),
        (
            '{"text": "one"}]',
            "file: is not valid JSON after item 1: parse error: unallowed token at this point in JSON text",
        ),
    ],
)
def test_json_that_breaks_off_gives_what_is_before(content: str, reason: str) -> None:
    assert read(content) == [Record({"text": "one"}, "a.json"), Reject("a.json", None, reason)]


def test_an_empty_file_is_rejected_and_an_empty_list_has_no_article() -> None:
    assert read("") == [Reject("a.json", None, "file: is not valid JSON: parse error: premature EOF")]
    assert read("[]") == read('{"articles": []}') == []


def test_a_byte_that_is_not_utf8_costs_one_record() -> None:
    assert read(b'[{"text": "caf\xe9"}, {"text": "two \xe2\x82\xac"}]') == [
        Reject("a.json", None, "item 1: is not UTF-8 (byte 0xE9); convert the file to UTF-8"),
        Record({"text": "two €"}, "a.json"),
    ]


def test_other_encodings_are_read() -> None:
    text = "Die Bürgermeisterin erklärte am Dienstag, die Brücke müsse länger gesperrt bleiben, hieß es."
    for encoding, name in (("utf-16", "utf-16"), ("utf-8-sig", None), ("cp1252", "cp1252")):
        content = json.dumps([{"text": text}], ensure_ascii=False).encode(encoding)
        assert read(content) == records({"text": text, **({"encoding": name} if name else {})})
        content = (json.dumps({"text": text}, ensure_ascii=False) + "\n").encode(encoding)
        expected = {"text": text, **({"encoding": name} if name else {})}
        assert read(content, "jsonl") == [Record(expected, "a.jsonl", 1)]


def test_deep_nesting_costs_one_record() -> None:
    deep = "[" * 100_000 + "]" * 100_000
    assert read(f'[{{"a": {deep}}}, {{"text": "two"}}]') == [
        Reject("a.json", None, "item 1: is nested too deeply"),
        Record({"text": "two"}, "a.json"),
    ]


class Endless(io.RawIOBase):
    """A stream of a beginning, a piece over and over, and an end, which cannot be sought in."""

    def __init__(self, begin: bytes, piece: bytes, times: int, end: bytes) -> None:
        self._parts = iter([begin, *[piece] * times, end])
        self._left = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        self._left = self._left or next(self._parts, b"")
        given, self._left = self._left[:size], self._left[size:]
        return given


@pytest.mark.parametrize(
    ("begin", "piece", "end"),
    [
        (b'{"text":"', b"x" * 1_000_000, b'"'),
        (b'{"text":"\\', b"\\" * 1_000_000, b'n"'),
        (b'{"text":"x', b"\\u00e9\\n\\\\" * 100_000, b'"'),
        (b'{"', b"k" * 1_000_000, b'":1'),
        (b'{"n":["x"', b',"a phrase of some more words, as a list may hold many of them"' * 16_000, b"]"),
    ],
    ids=["text", "backslashes", "escapes", "key", "list"],
)
@pytest.mark.parametrize("name", ["json", "jsonl"])
def test_a_record_of_many_megabytes_is_one_reject_in_little_memory(
    begin: bytes, piece: bytes, end: bytes, name: str
) -> None:
    open_, part, close = (b"[", b",", b"]") if name == "json" else (b"", b"\n", b"\n")
    stream = Endless(
        open_ + b'{"text":"one"}' + part + begin, piece, 25, end + b"}" + part + b'{"text":"two"}' + close
    )
    tracemalloc.start()
    try:
        reader = JSON if name == "json" else JSONL
        found = list(reader.read(Source(stream, "a")))  # type: ignore[arg-type]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    place = "item 2" if name == "json" else "line"
    assert found == [
        Record({"text": "one"}, "a", None if name == "json" else 1),
        Reject("a", None if name == "json" else 2, f"{place}: is longer than 16,000,000 characters"),
        Record({"text": "two"}, "a", None if name == "json" else 3),
    ]
    assert peak < 150_000_000


def test_a_json_line_of_exactly_the_limit_is_read() -> None:
    text = "é" * (16_000_000 - len('{"t":""}') - 1)
    (record,) = read(f'{{"t":"{text}"}}\n', "jsonl")
    assert isinstance(record, Record)
    assert record.fields == {"t": text}
    assert read(f'{{"t":"{text}x"}}\n{{"t":"two"}}', "jsonl") == [
        Reject("a.jsonl", 1, "line: is longer than 16,000,000 characters"),
        Record({"t": "two"}, "a.jsonl", 2),
    ]


def test_a_part_of_a_file_counts_its_lines_from_where_it_begins() -> None:
    part = b'{"text": "one"}\n\n{"text": \n{"text": "two"}\n'
    assert list(JSONL.read(Source(io.BytesIO(part), "a.jsonl", first_line=101))) == [
        Record({"text": "one"}, "a.jsonl", 101),
        Reject("a.jsonl", 103, "line: is not valid JSON: Expecting value at character 9"),
        Record({"text": "two"}, "a.jsonl", 104),
    ]
    assert JSONL.by_line
    assert not JSON.by_line


@pytest.mark.parametrize(
    ("head", "json_", "jsonl"),
    [
        (b'{"text": "one"}\n{"text": "two"}\n', False, True),
        (b'\xef\xbb\xbf\n{"text": "one"}\r\n\r\n{"text": "tw', False, True),
        (b'[{"text": "one"},\n{"text": "two"}]', True, False),
        (b'[\n  {\n    "text": "one"', True, False),
        (b'{\n  "text": "one",\n', True, False),
        (b'{"articles": [\n{"text": "one"}', True, False),
        (b'{"text": "one"}\n', False, False),  # both: the name decides
        (b'{"text": \n{"text": "two"}\n', False, False),
        (b'["a", "list"]\n', False, False),
        (b"{curly text}\n{more}", False, False),
        (b"id,text\n", False, False),
        (b"", False, False),
        (b'[{"data": {"text": "one"}}]', False, False),  # Label Studio
    ],
)
def test_json_and_json_lines_are_told_apart_by_content(head: bytes, json_: bool, jsonl: bool) -> None:
    assert (JSON.recognises(head), JSONL.recognises(head)) == (json_, jsonl)


VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(rows=st.lists(st.dictionaries(st.text(max_size=5), VALUE, max_size=4), max_size=4), ascii_=st.booleans())
def test_what_the_json_module_writes_is_read_back(rows: list[dict[str, Any]], ascii_: bool) -> None:
    content = json.dumps(rows, ensure_ascii=ascii_).encode("utf-8", "surrogatepass")
    assert read(content) == records(*rows)
    lines = "".join(json.dumps(row, ensure_ascii=ascii_) + "\n" for row in rows).encode()
    assert [item.fields for item in read(lines, "jsonl") if isinstance(item, Record)] == rows


PIECES = st.lists(
    st.sampled_from(
        ['{"text":', '"a"', "[", "]", "{", "}", ",", ":", '"', "\\", "\\u", "\n", "1e9", "null", '"data":', "é"]
    )
)


@settings(deadline=None, max_examples=300)
@given(content=st.binary(max_size=200) | PIECES.map(lambda pieces: "".join(pieces).encode()))
def test_any_bytes_give_records_and_rejects(content: bytes) -> None:
    for name in ("json", "jsonl"):
        for item in read(content, name):
            assert isinstance(item, Record) or item.reason
    for reader in (JSON, JSONL):
        assert reader.recognises(content) in {True, False}


def test_100_000_json_lines_are_read_about_as_fast_as_json_reads_them() -> None:
    line = json.dumps({"id": "1", "title": "Talks", "date": "2021-03-04", "text": "They met again. " * 125}).encode()
    content = (line + b"\n") * 20_000
    start = time.process_time()
    for each in io.BytesIO(content):
        json.loads(each)
    bare = time.process_time() - start
    start = time.process_time()
    assert sum(1 for _ in JSONL.read(Source(io.BytesIO(content), "a.jsonl"))) == 20_000
    assert time.process_time() - start < 4 * bare + 0.1


@pytest.mark.shared
def test_real_json_is_read(shared_data: Path) -> None:
    with (shared_data / "muc4" / "muc4_docs.jsonl").open("rb") as stream:
        found = list(JSONL.read(Source(stream, "muc4")))
    assert (len(found), {type(item) for item in found}) == (1700, {Record})
    path = shared_data / "seesaw" / "articles" / "TRIPLET_100_DOCUMENT_1.json"
    (article,) = read(path.read_bytes())
    assert isinstance(article, Record)
    assert article.fields == json.loads(path.read_text(encoding="utf-8"))
    assert JSON.recognises(path.read_bytes()[:65_536])
    gold = shared_data / "plover_gsr" / "PLOVER_GSR_CAMEO.txt"
    assert [item.fields for item in read(gold.read_bytes()) if isinstance(item, Record)] == json.loads(
        gold.read_text(encoding="utf-8")
    )
