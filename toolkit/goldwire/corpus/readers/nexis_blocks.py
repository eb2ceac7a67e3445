"""The blocks of a LexisNexis document: its paragraphs in groups, each with its label where it has one.

Exports name their classes anew in every file, so that only the elements count: a paragraph is a block element without
another in it, a group is what one ``<div>`` holds, and a label is a run of text of its own at the beginning
("LENGTH: " in one element, "512 words" in the next).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from goldwire.corpus import dates

# Names of fields as they are printed, by the column that they become; those that follow the text are in TRAILING.
_NAMES = {
    "title": "headline, titel, titre, título, titolo, kop",
    "byline": "byline, autor, auteur, author, autore",
    "section": "section, rubrik, rubrique, sección, sezione, rubriek",
    "length": "length, länge, longueur, longitud, extensión, lunghezza, lengte",
    "dateline": "dateline, ort, lieu",
    "highlight": "highlight, insert, encart, teaser, deck",
    "series": "series, series name",
    "column": "column, kicker",
    "body": "body",
    "graphic": "graphic, grafik, graphique, illustration",
    "caption": "caption",
    "correction": "correction",
    "correction_date": "correction-date",
    "notes": "notes, note",
    "url": "url",
    "load_date": "load-date, update, date-chargement, fecha de carga, datum geladen",
    "language": "language, sprache, langue, idioma, lingua, taal",
    "publication_type": "publication-type, pub-type, type-publication, publikationstyp, tipo de publicación",
    "document_type": "document-type, type",
    "distribution": "distribution",
    "journal_code": "journal-code, journal code, acc-no, acronym",
    "subject": "subject, sujet, thema",
    "person": "person",
    "organization": "organization",
    "company": "company, societe",
    "ticker": "ticker",
    "industry": "industry",
    "geographic": "geographic, geo-localization, localisation-geo",
    "city": "city",
    "state": "state",
    "country": "country",
    "issn": "issn",
    "copyright": "copyright",
}
LABELS = {name: column for column, names in _NAMES.items() for name in names.split(", ")}
TRAILING = frozenset(_NAMES) - frozenset(
    re.findall(r"\w+", "title byline section length dateline highlight series column body")
)
"""Columns whose fields follow the text; the others come before it."""

_BLOCKS = frozenset(
    re.findall(r"\w+", "div p h1 h2 h3 h4 h5 h6 li ul ol td th tr table tbody blockquote center body html")
)
_DROPPED = frozenset({"head", "style", "script", "title"})
_SPACE = re.compile(r"\s+")


@dataclass
class Paragraph:
    """The text of one paragraph, its label when the first run of text is one, and whether it is a main heading."""

    text: str
    label: str | None = None
    heading: bool = False

    @property
    def value_printed(self) -> str:
        """What follows the printed label."""
        return self.text.partition(":")[2].strip()


@dataclass
class Group:
    """Paragraphs that one element holds."""

    paragraphs: list[Paragraph] = field(default_factory=list)

    @property
    def label(self) -> str | None:
        return self.paragraphs[0].label

    @property
    def text(self) -> str:
        return "\n\n".join(paragraph.text for paragraph in self.paragraphs)


def printed(text: str) -> str | None:
    """Return the column of a field that is printed in one run, "LENGTH: 512 words", or None."""
    name, colon, value = text.partition(":")
    found = label(name + colon) if value.startswith(" ") and len(name) < 30 else None
    return _checked(found, text)


def _checked(column: str | None, text: str) -> str | None:
    """Return a column unless it is that of a date and the text has none: an article may begin with "UPDATE:"."""
    return None if column == "load_date" and dates.parse(text.partition(":")[2]) is None else column


def label(run: str) -> str | None:
    """Return the column that a printed name of a field stands for, or None: "LOAD-DATE:" is `load_date`."""
    name = run.strip()
    return LABELS.get(name[:-1].strip().casefold()) if name.endswith(":") and name[0].isupper() else None


def groups(markup: str) -> list[Group]:
    """Return what a document holds, in order; a group whose paragraphs are all labelled is parted into them."""
    from lxml import etree, html

    try:
        root = html.fragment_fromstring(_CONTROL.sub(" ", markup), create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError):
        return []
    found: list[Group] = []
    last = None
    for paragraph, holder in _paragraphs(root, etree):
        labelled = paragraph.label is not None and (last is None or all(p.label for p in found[-1].paragraphs))
        if holder is last and holder is not root and not labelled:
            found[-1].paragraphs.append(paragraph)
        else:
            found.append(Group([paragraph]))
        last = holder
    return found


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")  # characters that lxml refuses


def _paragraphs(root: Any, etree: Any) -> Iterator[tuple[Paragraph, Any]]:
    """Yield every paragraph and the ``<div>`` that holds it."""
    runs: list[str] = []
    holders = [root]
    dropped = 0
    heading = False

    def ended() -> Iterator[tuple[Paragraph, Any]]:
        text = " ".join("".join(runs).split())
        first = next((run for run in runs if run.strip()), "")
        runs.clear()
        if text:
            yield Paragraph(text, _checked(label(first), text), heading), holders[-1]

    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = element.tag
        if event == "start":
            if tag in _BLOCKS:
                yield from ended()
                heading = tag == "h1"
            if tag == "div":
                holders.append(element)
            dropped += tag in _DROPPED
            runs.append(" " if tag == "br" else "")
            text = element.text
        else:
            if event == "end" and tag in _BLOCKS:
                yield from ended()
                heading = False
            if event == "end" and tag == "div":
                holders.pop()
            dropped -= event == "end" and tag in _DROPPED
            text = None if element is root else element.tail
        if text and not dropped:
            runs.append(_SPACE.sub(" ", text))
