"""RSS and Atom: one article an entry, found by feedparser."""

import io
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from goldwire.corpus.readers.base import LONGEST, TOO_LONG, Reader, Record, Reject, Source
from goldwire.corpus.readers.fragments import paragraphs
from goldwire.corpus.readers.markup import opening

LARGEST = 64 * 2**20
"""Bytes of a feed; feedparser holds all of it."""

_TEXTUAL = frozenset({"text/plain", "text/html", "application/xhtml+xml"})
_ATOM = (b"http://www.w3.org/2005/Atom", b"http://purl.org/atom/ns#")
_RSS_1 = (b"http://purl.org/rss/1.0/", b"http://my.netscape.com/rdf/simple/0.9/", b"http://channel.netscape.com/rdf/")


def read(source: Source) -> Iterator[Record | Reject]:
    """Yield every entry as one record: `id`, `title`, `text`, `url`, `date`, `outlet`, `language`, `author`, `tags`.

    An entry without its content has its summary as `text` and says so in `summary_only`. What feedparser recovers of
    a feed that is not well-formed goes through, with one reject that names the place.
    """
    content = source.stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        yield Reject(source.file, None, f"feed: is larger than {LARGEST // 2**20} MB; divide it")
        return
    if not content.strip():
        yield Reject(source.file, None, "feed: is empty")
        return
    if refused := _entity(content):
        name, line = refused
        reason = f'feed: declares the entity "{name}", which is not read, so the feed is refused'
        yield Reject(source.file, line, reason)
        return
    feed = _parse(content)
    if not feed.version and not feed.entries:
        yield Reject(source.file, None, "feed: is neither RSS nor Atom")
        return
    if feed.bozo:
        yield _broken(source.file, feed.bozo_exception)
    for number, entry in enumerate(feed.entries, 1):
        yield _record(number, entry, feed.feed, source.file)


def _entity(content: bytes) -> tuple[str, int] | None:
    """Return the name and line of the first entity that stands for a file or for other entities, if there is one.

    feedparser leaves these out, and a text would lack words without a sign of it. It reads those that are plain text.
    """
    root = _ROOT.search(content)
    head = content[: root.start() if root else 0].replace(b"\0", b"")  # UTF-16 is ASCII then
    for match in _ENTITY.finditer(head):
        if not _PLAIN.match(match["value"]):
            return match["name"].decode("utf-8", "replace")[:80], head.count(b"\n", 0, match.start()) + 1
    return None


_ROOT = re.compile(rb"<\0{0,3}\w")
_ENTITY = re.compile(rb"<!ENTITY\s+(?:%\s+)?(?P<name>[^\s\"'<>]{1,999})(?P<value>[^<>]{0,9999})")
_PLAIN = re.compile(rb"\s+(?:\"(?:&#\w+;|[^&\"]*)\"|'(?:&#\w+;|[^&']*)')\s*\Z")


def _parse(content: bytes) -> Any:
    import feedparser

    # A stream: text or bytes could be taken for an address or a path, and fetched.
    return feedparser.parse(io.BytesIO(content), sanitize_html=True, resolve_relative_uris=False)


def _broken(file: str, error: Exception) -> Reject:
    from xml.sax import SAXParseException

    if isinstance(error, SAXParseException):
        return Reject(file, error.getLineNumber(), f"feed: is not well-formed: {error.getMessage()}")
    return Reject(file, None, f"feed: is not well-formed: {error}")


def _record(number: int, entry: Any, feed: Any, file: str) -> Record | Reject:
    # feedparser's own `get` puts one date in the place of another
    get = dict(entry).get
    contents = [text for part in get("content", []) if part.get("type") in _TEXTUAL and (text := _text(part))]
    text = max(contents, key=len, default="") or _text(get("summary_detail") or {})
    if not text:
        return Reject(file, None, f"text: entry {number} has neither content nor summary")
    if len(text) > LONGEST:
        return Reject(file, None, f"text: entry {number} {TOO_LONG}")
    link = get("link") or ""
    language = _language(get("content", [{}]), dict(feed))
    fields = {
        "id": get("id"),
        "title": " ".join(_text(get("title_detail") or {}).split()),
        "text": text,
        "url": None if link == get("id") and "://" not in link else link,  # feedparser takes an id for a link
        "date": get("published") or get("updated"),
        "outlet": (get("source") or {}).get("title") or dict(feed).get("title"),
        "language": language.replace("_", "-").split("-")[0].lower(),
        "language_tag": language if len(language) > 3 else None,
        "author": get("author"),
        "tags": [tag["term"] for tag in get("tags", []) if tag.get("term")],
        "summary_only": None if contents else True,
    }
    return Record({name: value for name, value in fields.items() if value}, file)


def _text(part: Any) -> str:
    """Return a text of a feed without markup; a feed that says HTML and has none keeps its blank lines."""
    value = part.get("value") or ""
    if part.get("type") == "text/plain":
        return str(value).strip()
    return paragraphs(value) if "<" in value else unescape(value).strip()


def _language(contents: Any, feed: dict[str, Any]) -> str:
    return next((part["language"] for part in contents if part.get("language")), None) or feed.get("language") or ""


def recognises(head: bytes) -> bool:
    """Whether the root element is that of RSS or Atom."""
    root = "".join(opening(head)[-1:]).split(":")[-1]
    return (
        root == "rss"
        or (root == "feed" and any(space in head for space in _ATOM))
        or (root == "rdf" and any(space in head for space in _RSS_1))
    )


READER = Reader("feed", (".rss", ".atom", ".rdf"), read, recognises)
