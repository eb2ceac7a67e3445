"""Exports of Nexis Uni, as records."""

from goldwire.corpus.readers.base import Record, Reject
from lexis import UNI_BARE, UNI_FULL, UNI_PLAIN, read, uni


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
