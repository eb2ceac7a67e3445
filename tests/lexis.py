"""Exports of LexisNexis, written for the tests in the form of the real ones."""

import io
from typing import Any

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
