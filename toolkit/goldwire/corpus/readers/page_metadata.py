"""What an HTML page says about itself: in meta elements, in JSON-LD (schema.org), in links and in its address."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from goldwire.corpus import dates

# In the order of trust: those that can only mean the day on which the article appeared come first.
_DATES = (
    "article:published_time og:published_time og:article:published_time article:published datepublished "
    "citation_publication_date parsely-pub-date sailthru.date cxenseparse:recs:publishtime pubdate publishdate "
    "publish-date publish_date published publication_date publication-date dcterms.issued dc.date.issued "
    "dcterms.created dc.date.created dcterms.date dc.date citation_date displaydate article:created date"
).split()
_DATED = frozenset("date published publishdate publishedat pubdate posted timestamp dateline".split())
_BEFORE_DATE = re.compile(r"(?:(?:first\s+)?(?:published|posted|updated)\b)?\s*(?:on\b)?\s*:?\s*", re.IGNORECASE)
_DAY_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?:/|-|$)")
_LANGUAGE = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_][\w-]*)?\s*")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")


@dataclass
class PageMetadata:
    """What a page declares; a field is None where it says nothing."""

    title: str | None = None
    date: str | None = None
    outlet: str | None = None
    url: str | None = None
    author: str | None = None
    language: str | None = None
    body: str | None = None
    titles: list[str] = field(default_factory=list)  # every name that the page has for the article


def page_metadata(tree: Any, article: Any) -> PageMetadata:
    """Return what a page says about its article.

    The title is that of Open Graph, else JSON-LD's headline; the outlet is Open Graph's, else JSON-LD's publisher.
    The date is the first that `goldwire.corpus.dates` understands of: meta elements, JSON-LD, an element marked
    ``datePublished``, the article's first ``time``, an element of the article whose class says that it is a date, and
    the day in the page's address. It is passed on as written, with time and zone. No date is looked for in the text.

    Parameters
    ----------
    tree : lxml element
        The page.
    article : lxml element or None
        The element that holds the article, where it is known.
    """
    meta = _meta(tree)
    linked = next(_json_articles(tree), {})
    link = tree.xpath("string(//link[@rel='canonical']/@href)").strip()
    url = next((u for u in (link, meta.get("og:url", "")) if re.match(r"https?://[^/\s]", u)), None)
    headline = _first_text(linked.get("headline"))
    return PageMetadata(
        title=meta.get("og:title") or headline,
        date=_date(tree, article, meta, linked, url),
        outlet=meta.get("og:site_name") or _name(linked.get("publisher")),
        url=url,
        author=_author(linked.get("author")),
        language=_language(tree, linked),
        body=_first_text(linked.get("articleBody")),
        titles=[title for title in (meta.get("og:title"), headline) if title],
    )


def tokens(element: Any) -> frozenset[str]:
    """Return the words in an element's class and id in lower case: "postShare-buttons" has post, share, buttons."""
    named = f"{element.get('class', '')} {element.get('id', '')}"
    return frozenset(word.lower() for word in _WORDS.findall(named))


def _meta(tree: Any) -> dict[str, str]:
    """Return the meta elements by name in lower case, the first of each name that says something."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = " ".join(element.get("content", "").split())
        for name in (element.get("property"), element.get("name"), element.get("itemprop")):
            if name and content:
                found.setdefault(name.strip().lower(), content)
    return found


def _json_articles(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield the articles that the page describes in JSON-LD; what is no JSON is passed over."""
    for script in tree.iter("script"):
        if "ld+json" not in script.get("type", "").lower():
            continue
        text = re.sub(r"^\s*(?:<!--|<!\[CDATA\[)|(?:-->|\]\]>)\s*$", "", script.text or "")
        try:
            found = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        for item in found if isinstance(found, list) else [found]:
            graph = item.get("@graph") if isinstance(item, dict) else None
            for node in graph if isinstance(graph, list) else [item]:
                if isinstance(node, dict) and _is_article(node.get("@type")):
                    yield node


def _is_article(kind: Any) -> bool:
    kinds = kind if isinstance(kind, list) else [kind]
    return any(isinstance(name, str) and name.endswith(("Article", "BlogPosting", "Report")) for name in kinds)


def _first_text(value: Any) -> str | None:
    values = value if isinstance(value, list) else [value]
    return next((text for item in values if isinstance(item, str) and (text := item.strip())), None)


def _name(value: Any) -> str | None:
    """Return the name of a person or organisation, which JSON-LD has as an object, a text, or a list of them."""
    values = value if isinstance(value, list) else [value]
    names = (item.get("name") if isinstance(item, dict) else item for item in values)
    return next((" ".join(text.split()) for name in names if (text := _first_text(name))), None)


def _author(value: Any) -> str | None:
    values = value if isinstance(value, list) else [value]
    return "; ".join(dict.fromkeys(name for item in values if (name := _name(item)))) or None


def _language(tree: Any, linked: dict[str, Any]) -> str | None:
    html = tree.xpath("string(/html/@lang)") or tree.xpath("string(/html/@*[name()='xml:lang'])")
    for value in (html, linked.get("inLanguage")):
        if isinstance(value, str) and (found := _LANGUAGE.fullmatch(value)):
            return found[1].lower()
    return None


def _date(tree: Any, article: Any, meta: dict[str, str], linked: dict[str, Any], url: str | None) -> str | None:
    declared = [meta[name] for name in _DATES if name in meta]
    declared += [text for name in ("datePublished", "dateCreated") if (text := _first_text(linked.get(name)))]
    declared += [_moment(element) for element in tree.xpath("//*[@itemprop='datePublished'][not(self::meta)]")]
    declared += [_moment(element) for element in tree.xpath("//time[@pubdate]")]
    declared = [value for value in declared if value]
    shown = (_moment(element) for element in _dated(tree, article))
    in_address = _DAY_IN_ADDRESS.search(url or "")
    day = ["-".join(part.zfill(2) for part in in_address.groups())] if in_address else []
    understood = (value for source in (declared, shown, day) for value in source if dates.parse(value))
    return next(understood, declared[0] if declared else None)


def _dated(tree: Any, article: Any) -> Iterator[Any]:
    """Yield the elements that show a date: those of the article, or the page's only ``time``."""
    if article is None:
        times = list(tree.iter("time"))
        yield from times if len(times) == 1 else ()
        return
    yield from article.iter("time")
    yield from (element for element in article.iter("span", "div", "p") if tokens(element) & _DATED)


def _moment(element: Any) -> str:
    """Return the date of an element as written: in its attributes, else its text without "Published on"."""
    given = element.get("datetime") or element.get("content")
    if given:
        return " ".join(given.split())
    text = " ".join("".join(element.itertext()).split()) if len(element) < 10 else ""
    return _BEFORE_DATE.sub("", text, count=1) if len(text) <= 100 else ""
