"""HTML: one article a page, its title, date, site, address and paragraphs found by trafilatura."""

import logging
import re
from collections.abc import Iterator
from copy import deepcopy
from functools import lru_cache
from pathlib import PurePath
from typing import Any

from goldwire.corpus.readers.base import Reader, Record, Reject, Source

_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
# Browsers read these names as Windows-1252 (WHATWG Encoding Standard), and so do pages that use them.
_WINDOWS = frozenset({"iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii", "ascii"})
# From what the page says about itself only: a date guessed from its text may be any date.
_DATE = {"extensive_search": False, "original_date": True, "outputformat": "%Y-%m-%d"}


def read(source: Source) -> Iterator[Record | Reject]:
    """Yield the page as one record: `title`, `text`, `date`, `outlet` and `url` where it has them, and `file`.

    Paragraphs, headings, quotations and list items become paragraphs; navigation and comments are left out.
    """
    try:
        page = _decode(source.stream.read())
    except ValueError as error:
        yield Reject(source.file, None, f"encoding: {error}")
        return
    found = _extract(page)
    if found is None:
        yield Reject(source.file, None, "text: no article was found in the page")
        return
    paragraphs = list(_paragraphs(found.body))
    if found.title and paragraphs and paragraphs[0].split() == found.title.split():
        del paragraphs[0]  # the heading is the title over again
    fields = {
        "title": found.title,
        "text": "\n\n".join(paragraphs),
        "date": found.date,
        "outlet": found.sitename,
        "url": found.url,
        "file": PurePath(source.file).name,
    }
    yield Record(fields, source.file)


def _decode(page: bytes) -> str:
    """Return the page as text: UTF-8 where it is, else as it declares."""
    try:
        return page.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        declared = _DECLARED.search(page, 0, 4096)
        if declared is None:
            raise ValueError(
                f"is not UTF-8 (byte 0x{page[error.start]:02X}), and the page declares no other"
            ) from None
    name = declared[1].decode("ascii", "replace").lower()
    try:
        return page.decode("cp1252" if name in _WINDOWS else name)
    except (LookupError, UnicodeError):
        raise ValueError(f"is not {name}, which the page declares") from None


def _extract(page: str) -> Any:
    """Return trafilatura's document, or None."""
    for name in ("trafilatura", "htmldate"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what they could not parse is our reject
    import trafilatura

    return trafilatura.bare_extraction(
        page,
        with_metadata=True,
        include_comments=False,
        include_tables=False,
        date_extraction_params=_DATE,
        config=_config(),
    )


@lru_cache(maxsize=1)
def _config() -> Any:
    """Return trafilatura's settings, with short articles trusted: below this size it takes the whole page, flat."""
    from trafilatura.settings import DEFAULT_CONFIG

    config = deepcopy(DEFAULT_CONFIG)
    config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "100"
    return config


def _paragraphs(element: Any) -> Iterator[str]:
    """Yield the text of every block in order. A line break stays one, two of them part paragraphs."""
    if any(child.tag in _BLOCKS for child in element):
        yield from _split(element.text)
        for child in element:
            yield from _paragraphs(child)
            yield from _split(child.tail)
    else:
        for line_break in element.iter("lb"):
            line_break.tail = f"{_BREAK}{line_break.tail or ''}"
        yield from _split("".join(element.itertext()))


def _split(text: str | None) -> Iterator[str]:
    lines = [" ".join(line.split()) for line in (text or "").split(_BREAK)]
    yield from filter(None, re.split("\n\n+", "\n".join(lines).strip()))


_BLOCKS = frozenset({"p", "head", "item", "quote", "list", "div", "code"})
_BREAK = "\ue000"  # not a line end, since those of the page's source mean nothing; trafilatura leaves it alone

READER = Reader("html", (".html", ".htm"), read)
