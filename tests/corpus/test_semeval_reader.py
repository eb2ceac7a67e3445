"""SemEval XML: what the reader yields, and how a broken or harmful file is refused. Written for the test."""

import io
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldwire.corpus.readers import Record, Reject, Source, semeval

FILE = """\
<?xml version="1.0" encoding="UTF-8"?><articles>
\t<article id="01" published-at="2021-03-04" title="Ferry crews &quot;end&quot; strike &amp; sail">
From a boat: harbour <p>Crews <b>ended</b> their <a href="https://x.example/" type="external">strike</a>
on Thursday.</p>  <p>Fares &lt; 5 crowns &#8211; &#x201C;start&#x201D;.</p> <p> </p>Loose <a>words</a> here
<p>Last.<br/>Line</p></article>
\t<article id="02" title="Rain" bias="left"><a href="u"><p>It rained.</p></a><p><![CDATA[2 < 3]]></p></article>
</articles>
"""
RECORDS = [
    Record(
        {
            "id": "01",
            "title": 'Ferry crews "end" strike & sail',
            "date": "2021-03-04",
            "text": "From a boat: harbour\n\nCrews ended their strike on Thursday.\n\nFares < 5 crowns – “start”.\n\n"
            "Loose words here\n\nLast.\n\nLine",
        },
        "a.xml",
        2,
    ),
    Record(
        {"id": "02", "title": "Rain", "date": None, "bias": "left", "text": "It rained.\n\n2 < 3"},
        "a.xml",
        6,
    ),
]


def read(content: bytes) -> list[Record | Reject]:
    return list(semeval.read(Source(io.BytesIO(content), "a.xml")))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_paragraph_is_kept_in_order_with_its_entities(encoding: str) -> None:
    content = FILE.replace('encoding="UTF-8"', "" if encoding == "utf-16" else 'encoding="UTF-8"').encode(encoding)
    assert read(content) == RECORDS
    assert semeval.recognises(content)


def test_a_file_in_the_encoding_that_it_declares_is_read() -> None:
    content = '<?xml version="1.0" encoding="windows-1252"?><articles><article id="1">Café “x”</article></articles>'
    assert read(content.encode("cp1252")) == [
        Record({"id": "1", "title": None, "date": None, "text": "Café “x”"}, "a.xml", 1)
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", [Reject("a.xml", 1, "file: is not well-formed XML: no element found")]),
        (b"<rss><channel/></rss>", [Reject("a.xml", 1, 'file: begins with the element "rss", not with articles')]),
        (b"<articles>\n</articles>", [Reject("a.xml", None, "file: has no article element in an articles element")]),
        (
            b'<?xml version="1.0" encoding="klingon"?><articles/>',
            [Reject("a.xml", 1, "encoding: the file declares one that cannot be read; convert it to UTF-8")],
        ),
        (
            b'<!DOCTYPE articles SYSTEM "http://x.example/d"><articles>\n<article>a &nbsp; b</article></articles>',
            [Reject("a.xml", 2, "text: has the entity &nbsp;, which the file does not declare")],
        ),
        (
            b"<articles>" + b"<p>" * 2_000,
            [Reject("a.xml", 1, "file: has more than 1,000 elements inside one another")],
        ),
    ],
)
def test_a_file_that_is_something_else_is_rejected(content: bytes, expected: list[Reject]) -> None:
    assert read(content) == expected


@pytest.mark.parametrize(
    ("broken", "line", "reason"),
    [
        ("<article><p>never closed</article></articles>", 8, "mismatched tag"),
        ("<article><p>cut", 9, "no element found"),
        ("<article>AT&T</article></articles>", 8, "not well-formed (invalid token)"),
        ("<article>a &nbsp; b</article></articles>", 8, "undefined entity"),
    ],
)
def test_articles_before_a_break_go_through_and_the_rest_is_rejected_with_its_line(
    broken: str, line: int, reason: str
) -> None:
    content = FILE.replace("</articles>", f"\n{broken}")
    assert read(content.encode()) == [*RECORDS, Reject("a.xml", line, f"file: is not well-formed XML: {reason}")]


def test_an_article_that_is_too_long_costs_itself_only_and_no_memory() -> None:
    class Long(io.RawIOBase):
        parts = iter(
            [
                b'<articles><article id="1">one</article>\n<article id="2">',
                *[b"<p>" + b"word word " * 4_000 + b"</p>"] * 500,
                b'</article><article id="3">three</article></articles>',
            ]
        )

        def read(self, _size: int = -1) -> bytes:
            return next(self.parts, b"")

    tracemalloc.start()
    found = list(semeval.read(Source(Long(), "a.xml")))  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [item.fields["id"] if isinstance(item, Record) else item.reason for item in found] == [
        "1",
        "text: is longer than 16,000,000 characters",
        "3",
    ]
    assert peak < 150_000_000


@pytest.mark.parametrize("inside", [b'<article title="', b"<!-- "])
def test_a_tag_that_never_ends_is_refused_in_bounded_memory(inside: bytes) -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, _size: int = -1) -> bytes:
            self.given += 1
            return b"<articles>" + inside if self.given == 1 else b"a" * _size

    stream = Endless()
    (reject,) = semeval.read(Source(stream, "a.xml"))  # type: ignore[arg-type]
    assert reject == Reject("a.xml", 1, "file: has a tag or comment that is longer than 16,000,000 characters")
    assert stream.given < 20


@pytest.mark.parametrize(
    ("declared", "name"),
    [
        ('<!ENTITY steal SYSTEM "{secret}">', "steal"),
        ('<!ENTITY steal PUBLIC "-//X//Y" "http://127.0.0.1:9/x">', "steal"),
        ('<!ENTITY % outer SYSTEM "{secret}"> %outer;', "outer"),
        ('<!ENTITY a "ha"><!ENTITY steal "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">', "a"),
    ],
)
def test_entities_are_refused_by_name_and_nothing_is_opened(
    declared: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the harbour master's password")
    doctype = declared.replace("{secret}", secret.as_uri())
    content = f"<!DOCTYPE articles [{doctype}]>\n<articles><article>&steal;</article></articles>"
    (tmp_path / "evil.xml").write_text(content)
    # A process of its own, since an audit hook stays: it fails at any file or socket opened while reading.
    script = """
import io, sys
from goldwire.corpus.readers import Source, semeval
content = io.BytesIO(open(sys.argv[1], "rb").read())
opened = []
sys.addaudithook(lambda event, args: opened.append((event, args)) if event in ("open", "socket.connect") else None)
found = list(semeval.read(Source(content, "a.xml")))
print(found, opened)
"""
    run = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "evil.xml")], capture_output=True, text=True, check=True
    )
    reason = f'file: declares the entity "{name}"; entities are not read, so the file is refused'
    assert run.stdout == f"{[Reject('a.xml', 1, reason)]} []\n"


def test_a_stream_that_fails_says_so_itself() -> None:
    class Failing(io.RawIOBase):
        def read(self, _size: int = -1) -> bytes:
            raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        list(semeval.read(Source(Failing(), "a.xml")))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- c --><articles x='1'>\n<!-- d --><article id='1'>", True),
        (b"<!DOCTYPE articles SYSTEM 'a.dtd'><articles><article/></articles>", True),
        (b"<articles><item/></articles>", False),
        (b"<article>a</article>", False),
        (b"<html><articles><article></html>", False),
        (b"articles <articles><article>", False),
        (b"", False),
    ],
)
def test_the_format_is_told_by_its_first_elements(head: bytes, expected: bool) -> None:
    assert semeval.recognises(head) is expected


@given(st.binary(max_size=300), st.integers(0, len(FILE)))
def test_no_bytes_make_it_raise(noise: bytes, at: int) -> None:
    content = FILE.encode()
    for damaged in (noise, content[:at] + noise + content[at:]):
        semeval.recognises(damaged)
        assert all(isinstance(item, Record | Reject) for item in read(damaged))
