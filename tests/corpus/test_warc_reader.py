"""WARC: pages and texts of an archive that warcio writes, and how a damaged one is refused. Written for the test."""

import gzip
import io
import zlib
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from goldwire.corpus.readers import Record, Reject, Source, warc

DATE = "2021-03-05T06:07:08Z"
PAGE = """<!DOCTYPE html><html lang="en-GB"><head><title>Ferry crews end strike</title>
<meta property="article:published_time" content="2021-03-04T10:20:00+01:00">
<meta property="og:site_name" content="Fjord Post"><link rel="canonical" href="https://fjordpost.example/a/1"></head>
<body><article><p>Ferry crews in the north ended their strike on Thursday after eleven days, the union said.</p>
<p>Boats were to sail again from Friday morning, if the “sea” is calm.</p></article></body></html>"""
TEXT = (
    "Ferry crews in the north ended their strike on Thursday after eleven days, the union said.\n\n"
    "Boats were to sail again from Friday morning, if the “sea” is calm."
)


class Writer(WARCWriter):  # type: ignore[misc]
    """warcio's writer, whose temporary files it does not close, so that they are in memory."""

    @staticmethod
    def _create_temp_file() -> io.BytesIO:
        return io.BytesIO()


class Archive:
    """An archive being written."""

    def __init__(self, *, packed: bool = False) -> None:
        self.stream = io.BytesIO()
        self.writer = Writer(self.stream, gzip=packed)
        self.number = 0

    def add(
        self,
        payload: bytes,
        content_type: str = "text/html; charset=utf-8",
        *,
        kind: str = "response",
        status: str = "200 OK",
        http: dict[str, str] | None = None,
        **headers: str,
    ) -> "Archive":
        self.number += 1
        sent: Any = None
        if kind == "response":
            sent = StatusAndHeaders(status, [("Content-Type", content_type), *(http or {}).items()], "HTTP/1.1")
        record = self.writer.create_warc_record(
            f"https://fjordpost.example/{self.number}",
            kind,
            payload=io.BytesIO(payload),
            http_headers=sent,
            warc_content_type="" if kind == "response" else content_type,
            warc_headers_dict={
                "WARC-Date": DATE,
                "WARC-Record-ID": f"<urn:uuid:{self.number}>",
                **{name.replace("_", "-"): value for name, value in headers.items()},
            },
        )
        self.writer.write_record(record)
        return self

    def bytes(self) -> bytes:
        return self.stream.getvalue()


def read(content: bytes) -> list[Record | Reject]:
    return list(warc.read(Source(io.BytesIO(content), "a.warc")))


def page(number: int, **more: str) -> Record:
    fields = {
        "title": "Ferry crews end strike",
        "text": TEXT,
        "date": "2021-03-04T10:20:00+01:00",
        "outlet": "Fjord Post",
        "url": f"https://fjordpost.example/{number}",
        "canonical_url": "https://fjordpost.example/a/1",
        "language": "en",
        "fetched_at": DATE,
        "warc_record_id": f"<urn:uuid:{number}>",
    }
    return Record(fields | more, "a.warc", number)


def text(number: int, value: str) -> Record:
    fields = {
        "text": value,
        "url": f"https://fjordpost.example/{number}",
        "fetched_at": DATE,
        "warc_record_id": f"<urn:uuid:{number}>",
    }
    return Record(fields, "a.warc", number)


def reject(number: int, reason: str) -> Reject:
    return Reject("a.warc", number, reason)


def archive(*, packed: bool) -> bytes:
    made = Archive(packed=packed)
    made.add(b"software: x", "application/warc-fields", kind="warcinfo")  # 1
    made.add(PAGE.encode())
    made.add(b"GIF89a", "image/gif")
    made.add(PAGE.encode(), status="404 Not Found")
    made.add(b"<html><body></body></html>", "text/html")  # 5
    made.add("Café at five".encode("latin-1"), 'text/plain; charset="ISO-8859-1"')
    made.add(PAGE.encode(), "application/xhtml+xml", kind="resource")
    made.add("Only text “here”.\nTwo lines".encode(), "text/plain", kind="conversion")
    made.add(PAGE.encode("cp1252"), "text/html; charset=windows-1252")
    made.add(PAGE.encode("cp1252"), "text/html")  # 10
    return made.add(b'{"a": 1}', "application/json", kind="metadata").bytes()


READ = [
    page(2),
    reject(5, "text: no article was found in the page https://fjordpost.example/5"),
    text(6, "Café at five"),
    page(7),
    text(8, "Only text “here”.\nTwo lines"),
    page(9),
    reject(
        10,
        "encoding: is not UTF-8 (byte 0x93), and the page declares no other (in https://fjordpost.example/10)",
    ),
]


@pytest.mark.parametrize("packed", [False, True])
def test_pages_and_texts_are_read_and_other_records_passed_over(packed: bool) -> None:
    content = archive(packed=packed)
    assert content.startswith(b"\x1f\x8b") is packed
    assert read(content) == READ
    assert warc.recognises(content[:65_536])


def test_an_archive_packed_in_one_piece_is_read_too() -> None:
    assert read(gzip.compress(archive(packed=False))) == READ


def chunked(payload: bytes, size: int) -> bytes:
    parts = [payload[at : at + size] for at in range(0, len(payload), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in [*parts, b""])


def test_transfer_and_content_codings_are_undone(capfd: pytest.CaptureFixture[str]) -> None:
    brotli = import_module("brotli")
    body = PAGE.encode()
    made = Archive().add(chunked(body, 100), http={"Transfer-Encoding": "chunked"})
    made.add(gzip.compress(body), http={"Content-Encoding": "gzip"})
    made.add(chunked(gzip.compress(body), 7), http={"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"})
    made.add(zlib.compress(body), http={"Content-Encoding": "deflate"})
    made.add(brotli.compress(body), http={"Content-Encoding": "br"})
    made.add(body, http={"Content-Encoding": "gzip", "Transfer-Encoding": "chunked"})  # undone by the crawler
    made.add(b"\x28\xb5\x2f\xfd12", http={"Content-Encoding": "zstd"})
    made.add(gzip.compress(body)[:-20], http={"Content-Encoding": "gzip"})
    made.add(gzip.compress(body)[:30] + b"\xff" * 50, http={"Content-Encoding": "gzip"})
    made.add(gzip.compress(body)[:-20], http={"Content-Encoding": "gzip"}, WARC_Truncated="length")
    found = read(made.bytes())
    assert found[:6] == [page(number) for number in range(1, 7)]
    assert found[6:9] == [
        reject(7, "payload: its coding zstd is not supported (in https://fjordpost.example/7)"),
        reject(8, "payload: its gzip is cut short (in https://fjordpost.example/8)"),
        reject(9, "payload: its gzip is damaged (in https://fjordpost.example/9)"),
    ]
    (cut,) = found[9:]
    assert isinstance(cut, Record)
    assert (cut.line, cut.fields["warc_truncated"]) == (10, "length")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("coding", ["", "gzip", "br", "deflate"])
def test_a_payload_that_is_too_large_is_rejected_and_the_next_record_is_read(coding: str) -> None:
    packers: dict[str, Any] = {
        "": lambda value: value,
        "gzip": gzip.compress,
        "br": lambda value: import_module("brotli").compress(value, quality=1),
        "deflate": zlib.compress,
    }
    bomb = packers[coding](b" " * 60_000_000)
    content = Archive().add(bomb, http={"Content-Encoding": coding} if coding else {}).add(PAGE.encode()).bytes()
    assert read(content) == [
        reject(1, "payload: is larger than 16,000,000 bytes (in https://fjordpost.example/1)"),
        page(2),
    ]


def test_a_record_that_is_cut_off_is_rejected_and_those_before_it_go_through() -> None:
    two = Archive().add(PAGE.encode()).add(PAGE.encode()).bytes()
    assert read(two[:-300]) == [page(1), reject(2, "file: ends within a record; it is not read from there on")]
    packed = Archive(packed=True).add(PAGE.encode()).add(PAGE.encode()).bytes()
    assert read(packed[:-100]) == [
        page(1),
        reject(2, "file: is gzip that is cut short; it is not read from there on"),
    ]
    broken = packed[: len(packed) // 2 + 60] + b"\xff" * 200
    assert read(broken) == [page(1), reject(2, "file: is gzip that is damaged; it is not read from there on")]


def test_a_wrong_length_is_rejected_and_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    one = Archive().add(PAGE.encode()).bytes()
    length = f"Content-Length: {int(one.split(b'Content-Length: ')[1].split()[0]):d}".encode()
    shorter = one.replace(length, b"Content-Length: 200")
    reason = "file: has a record that is not as long as its Content-Length says; it is not read from there on"
    assert read(shorter) == [reject(1, reason)]
    none = one.replace(length, b"Content-Length: many")
    reason = "file: has a Content-Length that is no number; it is not read from there on"
    assert read(none) == [reject(1, reason)]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", [Reject("a.warc", None, "file: has no WARC record")]),
        (b"Talks resume\n", [reject(1, "file: is not readable as WARC from there on")]),
        (gzip.compress(b"Talks resume\n", mtime=0), [reject(1, "file: is not readable as WARC from there on")]),
        (b"\x1f\x8b", [reject(1, "file: is gzip that is cut short; it is not read from there on")]),
    ],
)
def test_a_file_that_is_no_archive_is_rejected(content: bytes, expected: list[Reject]) -> None:
    assert read(content) == expected


@pytest.mark.parametrize("start", [b"", b"WARC/1.0\r\n", b"WARC/1.0\r\nWARC-Type: "])
def test_an_endless_line_is_refused_in_bounded_memory(start: bytes) -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return start if start and self.given == size else b"a" * size

    stream = Endless()
    found = list(warc.read(Source(stream, "a.warc")))  # type: ignore[arg-type]
    assert found == [
        reject(1, "file: has a record with headers of more than 1,000,000 bytes; it is not read from there on")
    ]
    assert stream.given < 1_200_000


@pytest.mark.parametrize("error", [OSError("the disk is gone"), EOFError("the disk is gone")])
def test_a_stream_that_fails_says_so_itself(error: Exception) -> None:
    class Failing(io.RawIOBase):
        start = io.BytesIO(archive(packed=False)[:2_500])

        def read(self, size: int = -1) -> bytes:
            if found := self.start.read(size):
                return found
            raise error

    with pytest.raises(type(error), match="the disk is gone"):
        list(warc.read(Source(Failing(), "a.warc")))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"WARC/1.1\r\n", True),
        (gzip.compress(b"WARC/1.0\r\n", mtime=0)[:30], True),
        (b"WARC is an acronym", False),
        (gzip.compress(b"{}", mtime=0), False),
        (b"\x1f\x8bnoise", False),
        (b"", False),
    ],
)
def test_the_format_is_told_by_its_first_bytes(head: bytes, expected: bool) -> None:
    assert warc.recognises(head) is expected


WHOLE = archive(packed=False)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(WHOLE)), st.booleans())
def test_no_bytes_make_it_raise(noise: bytes, at: int, packed: bool) -> None:
    for damaged in (noise, WHOLE[:at] + noise + WHOLE[at + len(noise) :]):
        warc.recognises(damaged)
        content = gzip.compress(damaged) if packed else damaged
        assert all(isinstance(item, Record | Reject) for item in read(content))
