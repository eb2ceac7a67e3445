"""LexisNexis exports of both generations. The articles are written for the tests."""

import io
import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.corpus import dates
from goldwire.corpus.readers import lexisnexis
from goldwire.corpus.readers.base import Record, Reject, Source


def read(content: str | bytes) -> list[Record | Reject]:
    data = content.encode() if isinstance(content, str) else content
    return list(lexisnexis.read(Source(io.BytesIO(data), "in/export.html")))


def fields(content: str | bytes) -> list[dict[str, Any]]:
    items = read(content)
    assert [item for item in items if isinstance(item, Reject)] == []
    return [item.fields for item in items if isinstance(item, Record)]


# LexisNexis Academic

HEADER = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<HTML><HEAD><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<STYLE TYPE="text/css"><!--
.c0 { text-align: center; }
--></STYLE><TITLE>export</TITLE></HEAD>
<BODY>
"""


def line(text: str, outer: int, inner: int) -> str:
    return f'<BR><DIV CLASS="c{outer}"><P CLASS="c{outer + 1}"><SPAN CLASS="c{inner}">{text}</SPAN></P>\n</DIV>\n'


def labelled(name: str, value: str, c: int) -> str:
    label = f'<SPAN CLASS="c{c + 7}">{name}: </SPAN>'
    return f'<BR><DIV CLASS="c{c + 5}"><P CLASS="c{c + 6}">{label}<SPAN CLASS="c{c + 2}">{value}</SPAN></P>\n</DIV>\n'


def body(paragraphs: list[str], c: int) -> str:
    inner = "\n".join(f'<P CLASS="c{c + 8}"><SPAN CLASS="c{c + 2}">{text}</SPAN></P>' for text in paragraphs)
    return f'<BR><DIV CLASS="c{c + 4}">{inner}\n</DIV>\n'


def academic(*documents: str) -> str:
    """Documents as LexisNexis Academic parts them; each is number 1 of its own list."""
    total = len(documents)
    parts = [
        f'<A NAME="DOC_ID_0_{n}"></A>\n<!-- Hide XML section from browser\n<DOC NUMBER=1>\n<DOCFULL> -->\n'
        f"{line(f'{n + 1} of {total} DOCUMENTS', 0, 2)}{document}"
        "<!-- Hide XML section from browser\n</DOCFULL> -->\n<!-- Hide XML section from browser\n</DOC> -->\n"
        for n, document in enumerate(documents)
    ]
    return HEADER + "".join(parts) + "</BODY></HTML>\n"


FULL = "".join(
    [
        line("The Example Times", 0, 2),
        '<BR><DIV CLASS="c3"><P CLASS="c1"><SPAN CLASS="c4">December 11</SPAN><SPAN CLASS="c2">, 2017 Monday&nbsp;'
        "<BR>Late Edition - Final</SPAN></P>\n</DIV>\n",
        line("Ports &amp; ships: who pays?", 5, 7),
        labelled("BYLINE", "By ANN WRITER", 0),
        labelled("SECTION", "Section A; Column 1; Pg. 4", 0),
        labelled("LENGTH", "21 words", 0),
        labelled("DATELINE", "HARBOUR", 0),
        body(
            [
                'The <SPAN CLASS="c9">port</SPAN> of Harbour reopened.',
                "&ldquo;LENGTH: matters,&rdquo; he said.",
                "LOAD-DATE: that was on the crate, too.",
                "Body",
                "BYLINE: unknown",
            ],
            0,
        ),
        labelled("URL", "http://www.example.org/1", 0),
        labelled("GRAPHIC", "PHOTO: A ship. (PHOTOGRAPH BY EXAMPLE)", 0),
        labelled("LOAD-DATE", "December 12, 2017", 0),
        labelled("LANGUAGE", "ENGLISH", 0),
        labelled("PUBLICATION-TYPE", "Newspaper", 0),
        line("Copyright 2017 The Example Times Company<BR>All Rights Reserved", 3, 2),
    ]
)
FULL_FIELDS = {
    "outlet": "The Example Times",
    "date": "December 11, 2017 Monday",
    "edition": "Late Edition - Final",
    "title": "Ports & ships: who pays?",
    "byline": "By ANN WRITER",
    "section": "Section A; Column 1; Pg. 4",
    "length": "21 words",
    "dateline": "HARBOUR",
    "text": "The port of Harbour reopened.\n\n“LENGTH: matters,” he said.\n\n"
    "LOAD-DATE: that was on the crate, too.\n\nBody\n\nBYLINE: unknown",
    "url": "http://www.example.org/1",
    "graphic": "PHOTO: A ship. (PHOTOGRAPH BY EXAMPLE)",
    "load_date": "December 12, 2017",
    "language": "en",
    "publication_type": "Newspaper",
    "copyright": "Copyright 2017 The Example Times Company All Rights Reserved",
}
NO_HEADLINE = "".join(
    [
        line("Example Wire", 10, 12),
        line("Monday, December 11, 2017 4:05 PM GMT", 10, 12),
        labelled("LENGTH", "4 words", 10),
        body(["One paragraph.", "Another one."], 10),
        labelled("LANGUAGE", "Klingon", 10),
    ]
)
GERMAN = "".join(
    [
        line("Beispiel-Zeitung", 20, 22),
        line("Montag 11. Dezember 2017", 20, 22),
        line("Der Hafen öffnet", 20, 22),
        labelled("AUTOR", "Ute Muster", 20),
        labelled("RUBRIK", "POLITIK; S. 4", 20),
        labelled("LÄNGE", "6 Wörter", 20),
        body(["Größe zählt."], 20),
        labelled("UPDATE", "12. Dezember 2017", 20),
        labelled("SPRACHE", "GERMAN; DEUTSCH", 20),
    ]
)


def test_an_academic_export_gives_every_document_with_its_fields() -> None:
    content = academic(FULL, NO_HEADLINE, GERMAN)
    items = read(content)
    assert [item.fields if isinstance(item, Record) else item for item in items] == [
        FULL_FIELDS,
        {
            "outlet": "Example Wire",
            "date": "Monday, December 11, 2017 4:05 PM GMT",
            "length": "4 words",
            "text": "One paragraph.\n\nAnother one.",
            "language_name": "Klingon",
        },
        {
            "outlet": "Beispiel-Zeitung",
            "date": "Montag 11. Dezember 2017",
            "title": "Der Hafen öffnet",
            "byline": "Ute Muster",
            "section": "POLITIK; S. 4",
            "length": "6 Wörter",
            "text": "Größe zählt.",
            "load_date": "12. Dezember 2017",
            "language": "de",
        },
    ]
    lines = [n for n, text in enumerate(content.splitlines(), 1) if text == "<DOC NUMBER=1>"]
    assert [item.line for item in items] == lines
    for item in items:
        assert isinstance(item, Record)
        found = dates.parse(item.fields["date"])
        assert found is not None
        assert found.date().isoformat() == "2017-12-11"


def test_class_names_are_not_trusted() -> None:
    content = academic(FULL, NO_HEADLINE, GERMAN)
    other = content
    for n in range(40, -1, -1):
        other = other.replace(f'CLASS="c{n}"', f'CLASS="x{97 - n}"')
    assert fields(other) == fields(content)


def test_paragraphs_without_divisions_and_labels_in_one_run_are_told_by_their_place() -> None:
    document = (
        "<p>The Example Times</p><p>December 11, 2017 Monday</p><p>A headline</p><p>BYLINE: Ann Writer</p>"
        "<p>LENGTH: 9 words</p><p>First.</p><p>LENGTH: matters.</p><p>SECTION: eight was closed.</p>"
        "<p>LOAD-DATE: December 12, 2017</p><p>LANGUAGE: ENGLISH</p><p>Copyright 2017 Example</p>"
    )
    assert fields(academic(document)) == [
        {
            "outlet": "The Example Times",
            "date": "December 11, 2017 Monday",
            "title": "A headline",
            "byline": "Ann Writer",
            "length": "9 words",
            "text": "First.\n\nLENGTH: matters.\n\nSECTION: eight was closed.",
            "load_date": "December 12, 2017",
            "language": "en",
            "copyright": "Copyright 2017 Example",
        }
    ]


def test_headline_and_body_may_be_labelled() -> None:
    document = (
        line("Copyright 1989 Example Wire", 0, 2)
        + line("Example Wire", 0, 2)
        + line("DECEMBER 11, 1989, MONDAY, BC cycle", 0, 2)
        + labelled("SECTION", "International News", 0)
        + labelled("HEADLINE", "A harbour opens", 0)
        + labelled("BODY", "A first paragraph.", 0)
        + body(["A second one."], 0)
    )
    assert fields(academic(document)) == [
        {
            "copyright": "Copyright 1989 Example Wire",
            "outlet": "Example Wire",
            "date": "DECEMBER 11, 1989, MONDAY",
            "edition": "BC cycle",
            "section": "International News",
            "title": "A harbour opens",
            "text": "A first paragraph.\n\nA second one.",
        }
    ]


def test_a_document_without_fields_has_its_headline_before_its_text() -> None:
    document = line("The Example", 0, 2) + line("11 December 2017", 0, 2) + line("A headline", 0, 2)
    assert fields(academic(document + body(["One.", "Two."], 0))) == [
        {"outlet": "The Example", "date": "11 December 2017", "title": "A headline", "text": "One.\n\nTwo."}
    ]


def test_a_document_without_a_body_is_rejected_with_its_number_and_line() -> None:
    empty = line("The Example", 0, 2) + line("11 December 2017", 0, 2) + line("A headline", 0, 2)
    empty += labelled("LENGTH", "0 words", 0) + labelled("LOAD-DATE", "December 12, 2017", 0)
    items = read(academic(NO_HEADLINE, empty, GERMAN))
    content = academic(NO_HEADLINE, empty, GERMAN).splitlines()
    second = [n for n, text in enumerate(content, 1) if text == "<DOC NUMBER=1>"][1]
    assert [item for item in items if isinstance(item, Reject)] == [
        Reject("in/export.html", second, "document 2: has no body")
    ]
    assert len(items) == 3


def test_documents_are_parted_by_their_count_where_the_comments_are_gone() -> None:
    content = academic(FULL, NO_HEADLINE, GERMAN)
    bare = content.replace("<!-- Hide XML section from browser\n<DOC NUMBER=1>\n<DOCFULL> -->\n", "")
    assert fields(bare) == fields(content)
    assert lexisnexis.recognises(bare.encode())


def test_a_document_that_is_too_long_is_rejected_within_bounded_memory() -> None:
    class Endless(io.RawIOBase):
        """A good document, one of 200 MB, a good one; made as it is read."""

        def __init__(self) -> None:
            long = academic(NO_HEADLINE, body(["@"], 0), GERMAN).encode()
            self.start, self.end = long.split(b"@")
            self.left = 200_000_000

        def read(self, size: int = -1) -> bytes:
            if self.start:
                data, self.start = self.start[:size], self.start[size:]
            elif self.left:
                data = b"word " * (min(size, self.left) // 5)
                self.left = self.left - len(data) if len(data) else 0
            else:
                data, self.end = self.end[:size], self.end[size:]
            return data

    tracemalloc.start()
    items = list(lexisnexis.read(Source(Endless(), "in/export.html")))  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [type(item) for item in items] == [Record, Reject, Record]
    assert items[1] == Reject("in/export.html", items[1].line, "document 2: is longer than 16,000,000 characters")
    assert peak < 100_000_000


# Nexis Uni

COVER = """<html><head><meta charset="utf-8"><title>Files</title></head><body>
<p>User Name: = reader</p><p>Date and Time: = Monday, January 8, 2018 10:00:00 AM EST</p><p>Job Number: = 1</p>
<p>Documents (3)</p><p>1. Ports and ships</p><p>Client/Matter: -None-</p><p>Search Terms: harbour</p>
"""


def uni(*documents: str) -> str:
    return COVER + "\n".join(f"{text}<p><b>End of Document</b></p><br>" for text in documents) + "\n</body></html>\n"


UNI_FULL = """<h1 class="SS_x">Ports and ships</h1>
<p class="a1">The Example Times</p><p class="a1">December 11, 2017 Monday</p><p>Late Edition - Final</p>
<p>Copyright 2017 The Example Times Company All Rights Reserved</p>
<p><b>Section:</b> Section A; Column 1; Pg. 4</p><p><b>Length:</b> 21 words</p><p><b>Byline:</b> By ANN WRITER</p>
<p><b>Highlight:</b> Who pays?</p>
<p><b>Body</b></p>
<p>The <span class="hit">port</span> of Harbour reopened.</p>
<p>Length: matters, he said.</p><p>Graphic</p><p>was the word.</p>
<p>Load-Date: stood on the crate.</p>
<p>1</p><p>2</p><p>3</p><p>4</p><p>5</p><p>6</p><p>The end of it.</p>
<p><b>Graphic</b></p><p>PHOTO: A ship.</p>
<p><b>Classification</b></p><p><b>Language:</b> ENGLISH</p><p><b>Publication-Type:</b> Newspaper</p>
<p><b>Subject:</b> PORTS (90%); SHIPS (80%)</p><p><b>Load-Date:</b> December 12, 2017</p>
"""
UNI_PLAIN = """<p>Der Hafen öffnet</p><p>Beispiel-Zeitung</p><p>11. Dezember 2017</p>
<p>Copyright 2017 Beispiel</p><p>Length: 2 words</p><p>Body</p><div><p>Größe<br>zählt.</p></div>
<p>Load-Date: December 12, 2017</p>
"""
UNI_BARE = """<h1>Only a title</h1><p>Example Wire</p><p>Monday, December 11, 2017 4:05 PM GMT</p>
<h2>Body</h2><p>All of it.</p><p>And more.</p>
"""


def test_a_nexis_uni_export_gives_every_document_with_its_fields() -> None:
    items = read(uni(UNI_FULL, UNI_PLAIN, UNI_BARE))
    assert [item.fields if isinstance(item, Record) else item for item in items] == [
        {
            "title": "Ports and ships",
            "outlet": "The Example Times",
            "date": "December 11, 2017 Monday",
            "edition": "Late Edition - Final",
            "copyright": "Copyright 2017 The Example Times Company All Rights Reserved",
            "section": "Section A; Column 1; Pg. 4",
            "length": "21 words",
            "byline": "By ANN WRITER",
            "highlight": "Who pays?",
            "text": "The port of Harbour reopened.\n\nLength: matters, he said.\n\nGraphic\n\nwas the word.\n\n"
            "Load-Date: stood on the crate.\n\n1\n\n2\n\n3\n\n4\n\n5\n\n6\n\nThe end of it.",
            "graphic": "PHOTO: A ship.",
            "language": "en",
            "publication_type": "Newspaper",
            "subject": "PORTS (90%); SHIPS (80%)",
            "load_date": "December 12, 2017",
        },
        {
            "title": "Der Hafen öffnet",
            "outlet": "Beispiel-Zeitung",
            "date": "11. Dezember 2017",
            "copyright": "Copyright 2017 Beispiel",
            "length": "2 words",
            "text": "Größe zählt.",
            "load_date": "December 12, 2017",
        },
        {
            "title": "Only a title",
            "outlet": "Example Wire",
            "date": "Monday, December 11, 2017 4:05 PM GMT",
            "text": "All of it.\n\nAnd more.",
        },
    ]
    lines = uni(UNI_FULL, UNI_PLAIN, UNI_BARE).splitlines()
    begins = [n for n, text in enumerate(lines, 1) if text.startswith(("<p>Der Hafen", "<h1>Only"))]
    assert [item.line for item in items] == [1, *begins]


def test_a_nexis_uni_document_without_a_body_is_rejected_and_one_that_is_cut_off_goes_through() -> None:
    empty = (
        "<h1>No text</h1><p>Example Wire</p><p>December 11, 2017</p><p>Body</p><p>Load-Date: December 12, 2017</p>"
    )
    content = uni(UNI_BARE, empty, UNI_PLAIN)
    items = read(content[: content.rindex("<p><b>End of")])
    assert [item.reason if isinstance(item, Reject) else item.fields["text"] for item in items] == [
        "All of it.\n\nAnd more.",
        "document 2: has no body",
        "Größe zählt.",
    ]


# Any


def test_an_export_in_another_encoding_is_read_as_it_declares() -> None:
    content = academic(GERMAN).replace("charset=UTF-8", "charset=iso-8859-1").replace("zählt", "“zählt”")
    assert fields(content.encode("cp1252"))[0]["text"] == "Größe “zählt”."


def test_a_file_without_documents_is_rejected() -> None:
    expected = [Reject("in/export.html", None, "file: has no LexisNexis document")]
    assert read("<html><p>Nothing here</p></html>") == expected
    assert read("") == expected


@pytest.mark.parametrize("content", [academic(FULL), academic(GERMAN), uni(UNI_FULL), uni(UNI_PLAIN), uni(UNI_BARE)])
def test_an_export_is_told_by_its_marks(content: str) -> None:
    assert lexisnexis.recognises(content.encode())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><body><p>LexisNexis has 3 of 4 documents; see Load-Date: and End of Document.</p></body></html>",
        b"<html><body><h2>Body</h2><p>The body is a temple.</p></body></html>",
        b"plain text, >1 of 3 DOCUMENTS<",
    ],
)
def test_other_pages_are_not_told_to_be_exports(content: bytes) -> None:
    assert not lexisnexis.recognises(content)


PIECES = [
    *("<p>", "</p>", "<div>", "</div>", "<br>", "<h1>", "</h1>", "<b>", "</b>", "LENGTH: ", "BYLINE:", "LOAD-DATE: "),
    *("Body", "Graphic", "Classification", "December 11, 2017", "Late Edition", "words", "Copyright 2017", "\n"),
    *("<DOC NUMBER=1>", "<!--", "-->", "<p>End of Document</p>", "<p>1 of 3 DOCUMENTS</p>", "\0", "é", "<"),
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_any_arrangement_is_read_without_an_exception(pieces: list[str]) -> None:
    for item in read("".join(pieces)):
        assert isinstance(item, Reject) or item.fields["text"].strip()
