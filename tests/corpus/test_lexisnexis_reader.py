"""LexisNexis exports of both generations. The articles are written for the tests."""

import io
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.corpus import dates
from goldwire.corpus.readers import lexisnexis
from goldwire.corpus.readers.base import Record, Reject, Source
from lexis import FULL, UNI_BARE, UNI_FULL, UNI_PLAIN, academic, body, fields, labelled, line, read, uni

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
