"""Readers: what each format yields, and how each names what it cannot read."""

import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goldwire.corpus.readers import READERS, Record, Reject, Source, by_name, for_file
from goldwire.corpus.readers.base import Title
from goldwire.errors import UsageError


def read(name: str, content: bytes, title: Title = "none") -> list[Record | Reject]:
    return list(READERS[name].read(Source(io.BytesIO(content), f"in/a.{name}", title)))


def rejects(items: list[Record | Reject]) -> list[tuple[int | None, str]]:
    return [(item.line, item.reason) for item in items if isinstance(item, Reject)]


def fields(items: list[Record | Reject]) -> list[tuple[int | None, dict[str, object]]]:
    return [(item.line, item.fields) for item in items if isinstance(item, Record)]


# plain text


def test_a_plain_text_is_one_article_without_a_title() -> None:
    content = "\ufeffFirst line\r\n\r\nSecond “paragraph” 👩‍👧\n".encode()
    assert read("txt", content) == [
        Record({"text": "First line\r\n\r\nSecond “paragraph” 👩‍👧\n", "file": "a.txt"}, "in/a.txt", 1)
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"Talks resume\n\nThey met.\n", {"title": "Talks resume", "text": "\nThey met.\n"}),
        (b"\n\nTalks resume\r\nThey met.", {"title": "Talks resume\r", "text": "They met."}),
        (b"Only one line\n", {"text": "Only one line\n"}),
    ],
)
def test_the_first_line_of_a_plain_text_is_its_title_when_asked(content: bytes, expected: dict[str, str]) -> None:
    assert fields(read("txt", content, "first-line")) == [(1, {**expected, "file": "a.txt"})]


def test_a_plain_text_that_is_not_utf8_is_rejected_with_byte_and_line() -> None:
    assert read("txt", "One\nTwo café\n".encode("latin-1")) == [
        Reject("in/a.txt", 2, "text: is not UTF-8 (byte 0xE9); convert the file to UTF-8")
    ]


def test_a_plain_text_that_is_too_long_is_rejected() -> None:
    assert rejects(read("txt", b"word " * 3_300_000)) == [(1, "text: is longer than 16,000,000 characters")]


# JSON Lines


def test_bad_json_lines_are_rejected_and_the_others_go_through() -> None:
    lines = [
        b'{"text": "one"}',
        b"",
        b'{"text": "two"',
        b'["a", "list"]',
        b'{"text": "caf\xe9"}',
        b"null",
        b'{"text": "n", "x": NaN}',
        b"[" * 100_000,
        b'{"text": "last", "n": 1}',
    ]
    found = read("jsonl", b"\xef\xbb\xbf" + b"\r\n".join(lines))
    assert fields(found) == [(1, {"text": "one"}), (9, {"text": "last", "n": 1})]
    assert rejects(found) == [
        (3, "line: is not valid JSON: Expecting ',' delimiter at character 15"),
        (4, "line: is not a JSON object"),
        (5, "line: is not UTF-8 (byte 0xE9)"),
        (6, "line: is not a JSON object"),
        (7, "line: is not valid JSON: NaN is not JSON"),
        (8, "line: is nested too deeply"),
    ]


# CSV and TSV


def test_csv_fields_hold_quotes_delimiters_and_line_ends() -> None:
    content = '\ufeffid,text\r\n007,"He said ""no"",\r\nthen left"\r\n\r\n8,plain 5" pipe\n9,""\n'.encode()
    assert read("csv", content) == [
        Record({"id": "007", "text": 'He said "no",\r\nthen left'}, "in/a.csv", 2),
        Record({"id": "8", "text": 'plain 5" pipe'}, "in/a.csv", 5),
        Record({"id": "9", "text": ""}, "in/a.csv", 6),
    ]


def test_tsv_parts_fields_by_tabs() -> None:
    assert fields(read("tsv", b'id\ttext\n1\ta, b\n2\t"c\td"\n')) == [
        (2, {"id": "1", "text": "a, b"}),
        (3, {"id": "2", "text": "c\td"}),
    ]


def test_a_quote_that_never_closes_costs_its_row_only() -> None:
    content = b'id,text\n1,one\n2,"never closed\n3,three\n4,"four ""4"""\n'
    found = read("csv", content)
    assert rejects(found) == [(3, "row: a quote inside a quoted field is not doubled, or one opens and never closes")]
    assert fields(found) == [
        (2, {"id": "1", "text": "one"}),
        (4, {"id": "3", "text": "three"}),
        (5, {"id": "4", "text": 'four "4"'}),
    ]
    assert rejects(read("csv", b'id,text\n1,one\n2,"never closed\n3,three\n')) == [
        (3, "row: a quote opens and never closes")
    ]


def test_a_quote_that_is_not_doubled_is_rejected_not_mangled() -> None:
    found = read("csv", b'id,text\n1,"He said "no", then left"\n2,two\n')
    assert rejects(found) == [(2, "row: a quote inside a quoted field is not doubled, or one opens and never closes")]
    assert fields(found) == [(3, {"id": "2", "text": "two"})]


def test_rows_of_the_wrong_length_and_bad_bytes_are_rejected() -> None:
    found = read("csv", b"id,text\n1,one,more\n2\n3,caf\xe9\n4,four\n")
    assert rejects(found) == [
        (2, "row: has 3 fields, and the header has 2"),
        (3, "row: has 1 fields, and the header has 2"),
        (4, "text: is not UTF-8 (byte 0xE9); convert the file to UTF-8"),
    ]
    assert fields(found) == [(5, {"id": "4", "text": "four"})]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"text,id,text\na,b,c\n", (1, 'header: column "text" stands twice')),
        (b"t\xe9xt\na\n", (1, "header: is not UTF-8 (byte 0xE9); convert the file to UTF-8")),
        (b'te"xt,"id\na\n', (1, "row: a quote opens and never closes")),
    ],
)
def test_a_bad_header_rejects_the_file(content: bytes, expected: tuple[int, str]) -> None:
    found = read("csv", content)
    assert rejects(found) == [expected]
    assert fields(found) == []


def test_a_long_field_is_read_and_a_longer_row_is_refused() -> None:
    long = "word " * 100_000
    found = read("csv", f"id,text\n1,{long}\n2,{'x' * 17_000_000}\n3,three\n".encode())
    assert [line for line, _ in fields(found)] == [2, 4]
    assert rejects(found) == [(3, "row: is longer than 16,000,000 characters")]
    assert fields(found)[0][1]["text"] == long


def test_many_lost_quotes_are_read_in_linear_time() -> None:
    found = read("csv", b"id,text\n" + (b'a",b"c,"d' + b"x" * 200 + b"\n") * 5_000)
    assert rejects(found) == [(line, "row: a quote opens and never closes") for line in range(2, 5_002)]


# Parquet


def parquet(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def test_parquet_rows_are_records() -> None:
    table = pa.table({"id": [1, 2], "text": ["one", None], "tags": [["a"], []]})
    assert read("parquet", parquet(table)) == [
        Record({"id": 1, "text": "one", "tags": ["a"]}, "in/a.parquet", 1),
        Record({"id": 2, "text": None, "tags": []}, "in/a.parquet", 2),
    ]


def test_a_parquet_row_that_is_not_utf8_is_rejected_by_itself() -> None:
    buffers = pa.array([b"one", b"caf\xe9", b"three"]).buffers()
    text = pa.Array.from_buffers(pa.string(), 3, buffers)
    found = read("parquet", parquet(pa.table({"text": text})))
    assert fields(found) == [(1, {"text": "one"}), (3, {"text": "three"})]
    assert [line for line, _ in rejects(found)] == [2]


@pytest.mark.parametrize("cut", [0, 3, 100])
def test_a_damaged_parquet_file_is_rejected(cut: int) -> None:
    content = parquet(pa.table({"text": ["one"] * 100}))[:cut]
    ((line, reason),) = rejects(read("parquet", content))
    assert line is None
    assert reason.startswith("file: is not readable as Parquet: ")


def test_parquet_is_told_by_its_first_bytes_and_read_from_a_pipe() -> None:
    content = parquet(pa.table({"text": ["one", "x" * 16_000_001, "three"]}))
    assert READERS["parquet"].recognises(content)
    assert not READERS["parquet"].recognises(b"PK\x03\x04")

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    assert list(READERS["parquet"].read(Source(Pipe(content), "-"))) == [
        Record({"text": "one"}, "-", 1),
        Reject("-", 2, "text: is longer than 16,000,000 characters"),
        Record({"text": "three"}, "-", 3),
    ]


# HTML

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<title>Ferry crews end strike - Fjord Post</title>
<meta property="og:title" content="Ferry crews end strike"><meta property="og:site_name" content="Fjord Post">
<meta property="article:published_time" content="2021-03-04T10:20:00+01:00">
<link rel="canonical" href="https://fjordpost.example/a/1"></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav>
<article><h1>Ferry crews end strike</h1>
<p>Ferry crews in the north <b>ended</b> their strike on Thursday after eleven days,
the union said, and boats were to sail again from Friday morning.</p>
<p>“We agreed,” its head said. 👩‍👧</p>
<h2>What next</h2>
<p>A second round is planned for May.<br>Both sides will name an envoy.</p>
<p>They had no comment on 3 June 1999.</p>
<blockquote><p>It is a start, not an end.</p></blockquote>
<ul><li>Pay rises by three percent</li><li>Night shifts end at four</li></ul>
</article>
<footer>Copyright Fjord Post</footer></body></html>
"""


def test_a_page_gives_title_date_site_address_and_paragraphs() -> None:
    assert read("html", PAGE.encode()) == [
        Record(
            {
                "title": "Ferry crews end strike",
                "text": "Ferry crews in the north ended their strike on Thursday after eleven days, the union "
                "said, and boats were to sail again from Friday morning.\n\n"
                "“We agreed,” its head said. 👩‍👧\n\n"
                "What next\n\n"
                "A second round is planned for May.\nBoth sides will name an envoy.\n\n"
                "They had no comment on 3 June 1999.\n\n"
                "It is a start, not an end.\n\n"
                "Pay rises by three percent\n\n"
                "Night shifts end at four",
                "date": "2021-03-04T10:20:00+01:00",
                "outlet": "Fjord Post",
                "language": "en",
                "url": "https://fjordpost.example/a/1",
                "file": "a.html",
            },
            "in/a.html",
        )
    ]


def test_a_short_page_keeps_its_paragraphs_and_no_guessed_date() -> None:
    page = "<html><body><article><p>Rain fell all of Monday on the old harbour town, the weather office said.</p>"
    page += (
        "<p>On 3 June 1999 it had rained as much, and the streets had stood under water.</p></article></body></html>"
    )
    ((_, found),) = fields(read("html", page.encode()))
    assert found == {
        "title": None,
        "text": "Rain fell all of Monday on the old harbour town, the weather office said.\n\n"
        "On 3 June 1999 it had rained as much, and the streets had stood under water.",
        "date": None,
        "outlet": None,
        "url": None,
        "file": "a.html",
    }


def test_a_page_in_the_encoding_that_it_declares_is_read() -> None:
    page = PAGE.replace("👩‍👧", "Café").replace('charset="utf-8"', 'charset="iso-8859-1"')
    ((_, found),) = fields(read("html", page.encode("cp1252")))
    assert "“We agreed,” its head said. Café" in str(found["text"])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "text: no article was found in the page"),
        (b"<html></html>", "text: no article was found in the page"),
        (b"<p>caf\xe9</p>", "encoding: is not UTF-8 (byte 0xE9), and the page declares no other"),
        (b'<meta charset="utf-8"><p>caf\xe9</p>', "encoding: is not utf-8, which the page declares"),
        (b'<meta charset="hex"><p>caf\xe9</p>', "encoding: is not hex, which the page declares"),
        (b'<meta charset="klingon"><p>caf\xe9</p>', "encoding: is not klingon, which the page declares"),
    ],
)
def test_a_page_without_article_or_encoding_is_rejected(content: bytes, reason: str) -> None:
    assert read("html", content) == [Reject("in/a.html", None, reason)]


# the registry


def test_formats_are_told_by_name_and_by_ending() -> None:
    assert list(READERS) == [
        *("parquet", "warc", "label-studio", "semeval-xml", "feed", "lexisnexis", "html"),
        *("json", "jsonl", "csv", "tsv", "markdown", "txt", "dataset"),
    ]
    endings = ["a.TXT", "a.ndjson", "a.csv", "a.tsv", "a.parquet", "a.htm", "a.md", "a.json", "a.pdf", "a"]
    found = [for_file(Path(name)) for name in endings]
    assert [reader and reader.name for reader in found] == [
        *("txt", "jsonl", "csv", "tsv", "parquet", "html", "markdown", "json"),
        *(None, None),
    ]
    with pytest.raises(UsageError) as refused:
        by_name("docx")
    assert (refused.value.message, refused.value.hint) == (
        '"docx" is not a format',
        f"Formats: {', '.join(READERS)}.",
    )


def test_readers_leave_the_stream_open() -> None:
    for name, content in {"txt": b"a", "csv": b"text\na\n", "jsonl": json.dumps({"text": "a"}).encode()}.items():
        stream = io.BytesIO(content)
        list(READERS[name].read(Source(stream, "-")))
        assert not stream.closed
