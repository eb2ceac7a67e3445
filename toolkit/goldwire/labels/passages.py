"""Passages: an article's text as a whole, by paragraphs, or by sentences. What a unit about a text may show."""

from collections.abc import Mapping
from typing import Any, Literal, get_args

from goldwire.text.paragraphs import paragraphs
from goldwire.text.sentences import sentences

Passage = Literal["document", "paragraph", "sentence"]
PASSAGES: tuple[Passage, ...] = get_args(Passage)


def passages(article: Mapping[str, Any], kind: Passage) -> list[tuple[int, int]]:
    """Return (start, end) of every passage of a kind, in order: code points of the article's text, end-exclusive.

    A title is a paragraph, and a sentence, of its own, whatever marks stand in it: it is shown text, and spans may
    lie in it. Between two passages there is white space only.

    Parameters
    ----------
    article : mapping
        With text, and body_start where there is a title.
    kind : {"document", "paragraph", "sentence"}
    """
    text, body = article["text"], article.get("body_start") or 0
    if kind == "document":
        return [(0, len(text))]
    split = sentences if kind == "sentence" else paragraphs
    title = len(text[:body].rstrip())
    found = [(0, title)] if title else []
    return found + [(body + start, body + end) for start, end in split(text[body:])]
