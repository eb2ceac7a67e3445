"""Paragraphs of an HTML page that says where its article is, in one ``article`` element or one ``articleBody``."""

import re
from collections.abc import Iterator
from typing import Any

from goldwire.corpus.readers.page_metadata import tokens

# What stands in an article's element and is not its text. Tables are none either: their cells are no sentences.
_LEFT_OUT = frozenset(
    "address article aside audio button canvas dialog embed figcaption figure footer form header iframe input map "
    "menu nav noscript object picture script select style svg table template textarea video".split()
)
_ROLES = frozenset("banner complementary contentinfo dialog form menu navigation search toolbar".split())
# Words in a class or id that name such a part of a page.
_NAMED = frozenset(
    "ad ads advert advertisement author breadcrumb breadcrumbs byline caption comment comments cookie credit disqus "
    "footer hidden menu nav navigation navbar newsletter outbrain paywall popup promo recirculation recommended "
    "recommendations related respond share sharing sharedaddy sidebar signup social sponsored subscribe subscription "
    "taboola tags toolbar".split()
)
_KEPT = frozenset("p h1 h2 h3 h4 h5 h6 blockquote pre dd dt summary".split())
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q ruby rb rt rp s samp small "
    "span strike strong sub sup time tt u var wbr".split()
)
_BESIDE = frozenset({"a", "time", "label"})  # no text of an article by themselves, outside a paragraph
_BREAK = "\ue000"  # not a line end, since those of the page's source mean nothing


def article_element(tree: Any) -> Any:
    """Return the one element that holds the page's article, or None where there is none or more than one.

    That is the element marked ``itemprop="articleBody"``, else the ``article``; of such elements inside one another
    the outermost counts, since comments and related stories are articles inside the article.
    """
    marked = tree.xpath(
        "//*[contains(concat(' ', normalize-space(@itemprop), ' '), ' articleBody ')][not(self::meta)]"
    )
    for found in (_outermost(marked), _outermost(tree.iter("article"))):
        if len(found) == 1:
            return found[0]
        if found:
            return None
    return None


def _outermost(elements: Any) -> list[Any]:
    found: set[Any] = set()
    outer = []
    for element in elements:  # in the order of the page: an element comes after those around it
        if not any(around in found for around in element.iterancestors()):
            outer.append(element)
            found.add(element)
    return outer


def paragraphs(article: Any) -> list[str]:
    """Return the paragraphs of an article's element in order.

    Paragraphs, headings, quotations and definitions are kept, whatever is in them, links too; a text outside of them
    and a list item are kept unless all of it is links. Left out are elements that are not text (navigation, asides,
    headers and footers, figures, forms, tables, scripts), hidden ones, articles inside the article, and elements
    whose role, class or id names them as such a part, unless they hold half of the text. A line break stays one, and
    two of them part paragraphs.
    """
    walk = _Walk(half=sum(map(len, article.itertext())) / 2)
    walk.into(article)
    walk.flush(kept=False)
    return walk.found


class _Walk:
    """A walk through an element: the paragraphs found, and the text that is to be the next one."""

    def __init__(self, half: float) -> None:
        self.half = half
        self.found: list[str] = []
        self.pieces: list[str] = []
        self.own = False  # whether some of it is text outside of links

    def into(self, element: Any, *, kept: bool = False, beside: bool = False) -> None:
        """Take an element's content; `kept` inside a paragraph, `beside` inside a link."""
        self.add(element.text, beside)
        for child in element:
            self.child(child, kept=kept, beside=beside)
            self.add(child.tail, beside)

    def child(self, child: Any, *, kept: bool, beside: bool) -> None:
        tag = child.tag
        if tag == "br":
            self.pieces.append(_BREAK)
        elif tag == "hr":
            self.flush(kept=kept)
        elif self.left_out(child):
            if tag not in _INLINE:
                self.flush(kept=kept)
        elif tag in _INLINE:
            self.into(child, kept=kept, beside=beside or tag in _BESIDE)
        else:
            self.flush(kept=kept)
            inner = tag in _KEPT or (kept and tag != "li")
            self.into(child, kept=inner)
            self.flush(kept=inner)

    def add(self, text: str | None, beside: bool) -> None:
        if text:
            self.pieces.append(text)
            self.own = self.own or (not beside and any(character.isalnum() for character in text))

    def flush(self, *, kept: bool) -> None:
        if kept or self.own:
            self.found += split("".join(self.pieces))
        self.pieces.clear()
        self.own = False

    def left_out(self, element: Any) -> bool:
        if element.tag in _LEFT_OUT or element.get("role") in _ROLES:
            return True
        hidden = element.get("hidden") is not None or element.get("aria-hidden") == "true"
        if hidden or re.search(r"display\s*:\s*none", element.get("style", "")):
            return True
        named = bool(element.get("class") or element.get("id")) and not _NAMED.isdisjoint(tokens(element))
        return named and sum(map(len, element.itertext())) < self.half


def split(text: str | None) -> Iterator[str]:
    """Yield the paragraphs of a text in which line breaks are `_BREAK` and other white space means nothing."""
    lines = [" ".join(line.split()) for line in (text or "").split(_BREAK)]
    yield from filter(None, re.split("\n\n+", "\n".join(lines).strip()))


def extracted(element: Any) -> Iterator[str]:
    """Yield the text of every block of a tree from trafilatura in order."""
    if any(child.tag in _BLOCKS for child in element):
        yield from split(element.text)
        for child in element:
            yield from extracted(child)
            yield from split(child.tail)
    else:
        for line_break in element.iter("lb"):
            line_break.tail = f"{_BREAK}{line_break.tail or ''}"
        yield from split("".join(element.itertext()))


_BLOCKS = frozenset({"p", "head", "item", "quote", "list", "div", "code"})
