"""Which reader a file gets, by its content and its name, and what gets none."""

import gzip
import io
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldwire.corpus.readers import Reject
from goldwire.corpus.sources import Found

Told = Callable[[Found, Path], list[tuple[str, str]]]
TEXT = b"The council of Lunde met on Monday.\n"


def parquet() -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"text": ["A text."]}), sink)
    return sink.getvalue()


def rss() -> bytes:
    return b'<?xml version="1.0"?>\n<rss version="2.0"><channel><item><title>A</title></item></channel></rss>'


@pytest.mark.parametrize(
    ("name", "content", "reader"),
    [
        ("a.txt", parquet(), "parquet"),
        ("a", parquet(), "parquet"),
        ("a.csv", parquet(), "parquet"),
        ("page.php", b"<!DOCTYPE html>\n<html><body><p>A text.</p></body></html>", "html"),
        ("a.xml", rss(), "feed"),
        ("a.txt.gz", gzip.compress(rss(), mtime=0), "feed"),
        ("a.TXT", TEXT, "txt"),
        ("a.MD", b"# Title\n\nText.\n", "markdown"),
        ("a.ndjson", b'{"text": "a"}\n', "jsonl"),
        ("a.tsv.gz", gzip.compress(b"text\tid\na\tb\n", mtime=0), "tsv"),
        ("dump", b'{"id": 1, "text": "a"}\n{"id": 2, "text": "b"}\n', "jsonl"),
        ("dump", b"id,text\n1,a\n2,b\n", "csv"),
        ("dump.dat", b'"id"\t"Text"\r\n1\ta\r\n', "tsv"),
        ("a.txt", "Ein Text über Lunde.".encode("utf-16"), "txt"),
        ("a.txt", ("Ein Text über Lunde. " * 99).encode("utf-16-le"), "txt"),
        ("a.txt", "讲话 ".encode("gb18030") * 500, "txt"),
        ("a.txt", b"The text of Lunde\0 with one bad byte. " * 50, "txt"),
    ],
)
def test_the_content_tells_then_the_name_then_the_first_lines(
    tmp_path: Path,
    name: str,
    content: bytes,
    reader: str,
    put: Callable[..., Path],
    search: Callable[..., Found],
    told: Told,
) -> None:
    path = put(tmp_path / name, content)
    assert (told(search(path), tmp_path), told(search(tmp_path), tmp_path)) == ([(name, reader)], [(name, reader)])
    assert told(search(path, format_="tsv"), tmp_path) == [(name, "tsv")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("LICENSE", TEXT),
        ("a.log", b"1,2,3\n4,5,6\n"),
        ("a.log", b"id,name\n1,a\n"),
        ("a.conf", b"text, and more of it.\n"),
        ("a.log", b'{"level": 1}\n'),
        ("a.log", b'["text"]\n'),
        ("a.log", b'{"text": \n'),
        ("a.log", b'text,"unclosed\n\xff\n'),
        ("a.pdf", b"%PDF-1.7\n\xe2\xe3"),
    ],
)
def test_what_no_reader_is_for_is_a_reject_when_named_and_passed_over_in_a_folder(
    tmp_path: Path, name: str, content: bytes, put: Callable[..., Path], search: Callable[..., Found]
) -> None:
    path = put(tmp_path / name, content)
    ending = path.suffix or "a name without ending"
    assert search(path).rejects == [
        Reject(str(path), None, f"format: no reader is for {ending}; name one with --format")
    ]
    found = search(tmp_path)
    assert (found.files, found.rejects, found.skipped) == ([], [], {f"no reader for {ending}": 1})


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.txt", b"\x89PNG\r\n\x1a\n\0\0", "looks like a PNG image, not like .txt"),
        ("a.csv", b"%PDF-1.7\n", "looks like a PDF document, not like .csv"),
        ("a.html", b"\xff\xd8\xff\xe0", "looks like a JPEG image, not like .html"),
        (
            "a.jsonl.gz",
            gzip.compress(b"SQLite format 3\0", mtime=0),
            "looks like an SQLite database, not like .jsonl",
        ),
        ("a.jsonl", b"\x28\xb5\x2f\xfd....", "looks like zstd data, not like .jsonl"),
        ("a.txt", b"RIFF....WEBPVP8 ", "looks like an image, a sound or a film, not like .txt"),
        ("a.txt", bytes(range(256)) * 4, "looks like binary data, not like .txt"),
        ("a.txt", bytes(1000), "looks like binary data, not like .txt"),
        ("a.tsv", bytes(range(1, 256)) * 4, "looks like binary data, not like .tsv"),
    ],
)
def test_what_is_no_text_under_the_ending_of_one_is_a_reject(
    tmp_path: Path, name: str, content: bytes, what: str, put: Callable[..., Path], search: Callable[..., Found]
) -> None:
    path = put(tmp_path / name, content)
    for found in (search(path), search(tmp_path)):
        assert (found.files, found.rejects) == ([], [Reject(str(path), None, f"format: {what}")])


def test_an_empty_file_is_a_reject_where_it_would_be_read(
    tmp_path: Path, put: Callable[..., Path], search: Callable[..., Found]
) -> None:
    paths = [put(tmp_path / "a.txt", b""), put(tmp_path / "b.csv.gz", gzip.compress(b"")), put(tmp_path / "c", b"")]
    empty = [Reject(str(path), None, "file: is empty") for path in paths]
    assert search(*paths).rejects == empty
    found = search(tmp_path)
    assert (found.files, found.rejects) == ([], empty[:2])
    assert found.skipped == {"no reader for a name without ending": 1}


@given(st.binary(max_size=200))
def test_any_content_is_an_item_a_reject_or_passed_over(
    tmp_path_factory: pytest.TempPathFactory, put: Callable[..., Path], search: Callable[..., Found], content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("any")
    for name in ("a.txt", "b", "c.xml", "d.zip"):
        put(folder / name, content)
    found = search(folder)
    assert len(found.files) + len(found.rejects) + found.skipped.total() == 4
