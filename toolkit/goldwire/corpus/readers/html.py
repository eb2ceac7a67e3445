"""HTML: one article a page, its title, date, site, address and paragraphs.

The page's own word comes first: the element that holds the article, and the metadata. Where a page does not say,
trafilatura (Barbaresi 2021) finds them.
"""

import logging
import re
from collections.abc import Iterator
from copy import deepcopy
from functools import lru_cache
from pathlib import PurePath
from typing import Any

from goldwire.corpus.readers.base import LONGEST, TOO_LONG, Reader, Record, Reject, Source
from goldwire.corpus.readers.markup import opening, utf16
from goldwire.corpus.readers.page_metadata import PageMetadata, page_metadata
from goldwire.corpus.readers.paragraphs import article_element, extracted, paragraphs

_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
# Browsers read these names as Windows-1252 (WHATWG Encoding Standard), and so do pages that use them.
_WINDOWS = frozenset({"iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii", "ascii"})
_BYTES = 4 * LONGEST  # no encoding takes more for a character
_SHORT = 100  # characters of an article's element below which it may be a stub and the article elsewhere
# The parser takes time in the square of a tag's attributes, and trafilatura's second opinion in that of the elements.
_MOST_TAGS = 100_000
_SECOND_OPINION = 10_000  # tags
_MOST_ATTRIBUTES = 1_000
_ATTRIBUTE = re.compile(r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?)?""")
_TAG = re.compile(rf"<[a-zA-Z][^\s/>]*+(?:{_ATTRIBUTE.pattern})*")


def read(source: Source) -> Iterator[Record | Reject]:
    """Yield the page as one record, with the columns of `extract` and `file`."""
    found = extract(source.stream.read(_BYTES + 1))
    if isinstance(found, str):
        yield Reject(source.file, None, found)
    else:
        yield Record({**found, "file": PurePath(source.file).name}, source.file)


def extract(page: bytes, charset: str | None = None) -> dict[str, Any] | str:
    """Return the columns of a page's article, or the reason why it gives none.

    `title`, `text`, `date`, `outlet` and `url` are always there, None where the page does not say; `author` and
    `language` (ISO 639, without the region) only where it does. The date is as the page has it, with time and zone.
    Paragraphs, headings, quotations and list items become paragraphs; navigation and comments are left out. The
    page's one ``article`` element or ``articleBody`` decides what belongs to the article, whole; else an
    ``articleBody`` of JSON-LD that has paragraphs; else trafilatura.

    Parameters
    ----------
    page : bytes
        The page in UTF-8, UTF-16, or the encoding that it declares.
    charset : str, optional
        What the server said the encoding is, which comes before what the page says.
    """
    if len(page) > _BYTES:
        return f"page: {TOO_LONG}"
    try:
        text = decode(page, charset)
    except ValueError as error:
        return f"encoding: {error}"
    if problem := _too_much(text):
        return f"page: {problem}"
    tree = _parse(text)
    if isinstance(tree, str):
        return f"page: {tree}"
    element = None if tree is None else article_element(tree)
    said = PageMetadata() if tree is None else page_metadata(tree, element)
    body = [] if element is None else paragraphs(element)
    document = None
    if sum(map(len, body)) < _SHORT:
        whole = _lines(said.body)
        document = None if len(whole) > 1 else _trafilatura(text)
        if found := whole if len(whole) > 1 else list(extracted(document.body)) if document is not None else whole:
            body = found
    if not body:
        return "text: no article was found in the page"
    guessed = document if document is not None else _guess(tree)
    title = said.title or guessed.title
    names = [name.split() for name in (title, guessed.title, *said.titles) if name]
    if body[0].split() in names and len(body) > 1:
        del body[0]  # the heading is the title over again
    columns = {
        "title": title,
        "text": "\n\n".join(body),
        "date": said.date,
        "outlet": said.outlet or guessed.sitename,
        "url": said.url or guessed.url,
    }
    optional = {"author": said.author or guessed.author, "language": said.language}
    return columns | {name: value for name, value in optional.items() if value}


def decode(page: bytes, charset: str | None) -> str:
    """Return the page as text: UTF-8 where it is, else as it is declared."""
    if wide := utf16(page):
        try:
            return page.decode(wide)
        except UnicodeDecodeError as error:
            raise ValueError(f"is not UTF-16 (at byte {error.start}), which the page begins as") from None
    try:
        return page.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = _DECLARED.search(page, 0, 4096)
        if charset is None and found is None:
            raise ValueError(
                f"is not UTF-8 (byte 0x{page[error.start]:02X}), and the page declares no other"
            ) from None
    name = (charset or (found[1].decode("ascii", "replace") if found else "")).strip().lower()
    try:
        return page.decode("cp1252" if name in _WINDOWS else name)
    except (LookupError, UnicodeError, ValueError):
        raise ValueError(f"is not {name[:80]}, which the page declares") from None


def _too_much(page: str) -> str | None:
    """Return why a page would take too long to read, or None."""
    if len(page) > LONGEST:
        return TOO_LONG
    if page.count("<") > _MOST_TAGS:
        return f"has more than {_MOST_TAGS:,} tags"
    for tag in _TAG.finditer(page):
        if len(tag[0]) > _MOST_ATTRIBUTES and sum(1 for _ in _ATTRIBUTE.finditer(tag[0])) > _MOST_ATTRIBUTES:
            return f"has a tag with more than {_MOST_ATTRIBUTES:,} attributes"
    return None


def _parse(page: str) -> Any:
    """Return the page's tree, None when there is nothing in it, or as text why it cannot be read whole."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        tree = html.document_fromstring(page.encode("utf-8"), parser=parser)
    except etree.ParserError:
        return None
    fatal = [error.message for error in parser.error_log if error.level == etree.ErrorLevels.FATAL]
    if not fatal:
        return tree
    # the parser leaves out what follows, silently
    return (
        "has elements that are nested too deeply" if "depth" in fatal[0] else "has a text that is too long to parse"
    )


def _lines(text: str | None) -> list[str]:
    return [line for part in (text or "").splitlines() if (line := " ".join(part.split()))]


def _trafilatura(page: str) -> Any:
    """Return trafilatura's document, or None."""
    import trafilatura

    _hush()
    try:
        return trafilatura.bare_extraction(
            page,
            fast=page.count("<") > _SECOND_OPINION,
            with_metadata=True,
            include_comments=False,
            include_tables=False,
            date_extraction_params=_NO_DATE,
            config=_config(),
        )
    except ValueError:  # it copies texts into XML, which has no place for control characters
        return None


def _guess(tree: Any) -> Any:
    """Return trafilatura's metadata of a page, for what the page does not say by itself."""
    import trafilatura

    _hush()
    try:
        return trafilatura.extract_metadata(tree, date_config=_NO_DATE, extensive=False)
    except ValueError:  # as above
        return trafilatura.settings.Document()


# A date found in the text of a page may be any date; `page_metadata` looks where pages say theirs.
_NO_DATE = {"extensive_search": False, "original_date": True}


def _hush() -> None:
    for name in ("trafilatura", "htmldate"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what they could not parse is our reject


@lru_cache(maxsize=1)
def _config() -> Any:
    """Return trafilatura's settings, with short articles trusted: below this size it takes the whole page, flat."""
    from trafilatura.settings import DEFAULT_CONFIG

    config = deepcopy(DEFAULT_CONFIG)
    config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "100"
    return config


def recognises(head: bytes) -> bool:
    """Whether a file opens with a doctype of HTML, or with the element ``html``."""
    return opening(head)[:1] in (["!html"], ["html"])


READER = Reader("html", (".html", ".htm", ".xhtml"), read, recognises)
