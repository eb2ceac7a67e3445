"""JSON: an array of objects, an object with one list of objects in it, or one object that is an article.

Several of these may stand one after the other in a file. They are read with ijson, one object at a time.
"""

import re
from collections.abc import Iterator

from goldwire.corpus.readers import jsonstream, labelstudio
from goldwire.corpus.readers.base import Reader, Record, Reject, Source

_LISTS = frozenset(
    {"articles", "data", "docs", "documents", "entries", "hits", "items", "news", "posts", "records", "results"}
    | {"rows", "stories"}
)
_TEXT = frozenset({"text", "body", "content"})
SHAPE = jsonstream.Shape(_LISTS, frozenset({"feed", "response", "result"}), _TEXT, _TEXT | {"title", "headline"})
"""Which lists hold articles: those of the names that news interfaces use, else an object's only list of objects."""


def read(source: Source) -> Iterator[Record | Reject]:
    """Yield a record for every object; it has no line. A file that breaks off gives those before the break.

    What stands beside the list in an object is about the list, and is left out. A string that is longer than any
    record is passed over without being held. Where the file is not UTF-8, `encoding` is the one that was found.
    """
    yield from jsonstream.records(source, SHAPE)


def recognises(head: bytes) -> bool:
    """Say whether a file begins as an array of objects, or as an object that goes on in the next line."""
    text = head.removeprefix(b"\xef\xbb\xbf")
    return bool(_BEGINS.match(text)) and not labelstudio.recognises(head)


_BEGINS = re.compile(rb'\s*(?:\[\s*\{\s*["}]|\{\s*\n\s*"|\{\s*"(?:[^"\\\n]|\\.)*"\s*:[^\n]*[,\[{]\s*\n\s*["{\]])')

READER = Reader("json", (".json",), read, recognises)
