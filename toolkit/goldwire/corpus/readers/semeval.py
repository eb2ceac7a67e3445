"""SemEval XML: the articles of the hyperpartisan news task (Kiesel et al. 2019), ``articles/article``.

The file is read as a stream by expat, which opens no file and no address by itself; a file that declares an entity is
refused at the declaration, before anything could be expanded.
"""

import io
from collections.abc import Iterator, Mapping
from typing import Any
from xml.parsers import expat

from goldwire.corpus.readers.base import LONGEST, TOO_LONG, Reader, Record, Reject, Source
from goldwire.corpus.readers.encoding import available
from goldwire.corpus.readers.markup import opening

_CHUNK = 1_000_000  # bytes at a time; a tag that does not end is parsed anew with every one
_DEEPEST = 1000  # elements inside one another; the parser keeps every one that is open
# Elements inside a paragraph; every other one begins and ends a paragraph.
_INLINE = frozenset("a abbr b cite code del em i ins mark q s small span strong sub sup time u".split())
_COLUMNS = {"published-at": "date"}


def read(source: Source) -> Iterator[Record | Reject]:
    """Yield a record for every article: `id`, `title`, `date` and `text`, and its other attributes.

    Each paragraph, and each run of text between paragraphs, is one in the text; of a link its text stays. The line
    is that of the article's start tag. A file that is not well-formed is rejected from there on, with the line.
    """
    reading = _Reading(source.file)
    try:
        while chunk := available(source.stream, _CHUNK):
            yield from reading.feed(chunk)
        yield from reading.feed(b"", last=True)
    except _Refused as refused:
        yield from reading.taken()
        yield Reject(source.file, refused.line, refused.reason)


class _Refused(Exception):  # noqa: N818  # it is no error: it carries a reason to the one place that makes the reject
    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


class _Reading:
    """One file being read: what the parser has seen of the article it is in."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.items: list[Record | Reject] = []
        self.found = False  # an article, anywhere
        self.depth = 0
        self.silent = 0  # bytes that came since the parser last saw something
        self.line = 0
        self.fields: dict[str, Any] = {}
        self.size = 0
        self.paragraphs: list[str] = []
        self.pieces = io.StringIO()  # of the paragraph; a list of many short strings would be many times as large
        self.missing: str | None = None  # an entity that could not be read

        self.parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._entity
        parser.SkippedEntityHandler = self._skipped

    def feed(self, chunk: bytes, *, last: bool = False) -> Iterator[Record | Reject]:
        self.silent += len(chunk)
        try:
            self.parser.Parse(chunk, last)
        except expat.ExpatError as error:
            # expat's message ends with the place, which the reject has as its line
            reason = expat.ErrorString(error.code) or "an error"
            raise _Refused(error.lineno, f"file: is not well-formed XML: {reason}") from None
        except (LookupError, ValueError):
            raise _Refused(1, "encoding: the file declares one that cannot be read; convert it to UTF-8") from None
        if self.silent > LONGEST:
            line = self.parser.CurrentLineNumber
            raise _Refused(line, f"file: has a tag or comment that {TOO_LONG}")
        yield from self.taken()
        if last and not self.found:
            yield Reject(self.file, None, "file: has no article element in an articles element")

    def taken(self) -> list[Record | Reject]:
        """Return what is complete, and forget it."""
        items, self.items = self.items, []
        return items

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.silent = 0
        self.depth += 1
        if self.depth > _DEEPEST:
            line = self.parser.CurrentLineNumber
            raise _Refused(line, f"file: has more than {_DEEPEST:,} elements inside one another")
        if self.depth == 1 and name != "articles":
            line = self.parser.CurrentLineNumber
            raise _Refused(line, f'file: begins with the element "{name[:80]}", not with articles')
        if self.depth == 2 and name == "article":
            self.found = True
            self.line = self.parser.CurrentLineNumber
            self.fields = {"id": None, "title": None, "date": None}
            self.fields |= {_COLUMNS.get(key, key): value for key, value in attributes.items()}
            self.size = sum(map(len, attributes.values()))
            self.paragraphs, self.pieces, self.missing = [], io.StringIO(), None
        elif self.depth > 2:
            self._between(name)

    def _end(self, name: str) -> None:
        self.silent = 0
        self.depth -= 1
        if self.depth >= 2:
            self._between(name)
        elif self.depth == 1 and name == "article":
            self._flush()
            self.items.append(self._article())
            self.paragraphs = []

    def _article(self) -> Record | Reject:
        if self.size > LONGEST:
            return Reject(self.file, self.line, f"text: {TOO_LONG}")
        if self.missing is not None:
            reason = f"text: has the entity &{self.missing[:80]};, which the file does not declare"
            return Reject(self.file, self.line, reason)
        return Record({**self.fields, "text": "\n\n".join(self.paragraphs)}, self.file, self.line)

    def _characters(self, text: str) -> None:
        self.silent = 0
        if self.depth >= 2:
            self.size += len(text)
            if self.size <= LONGEST:
                self.pieces.write(text)
            else:
                self.pieces = io.StringIO()
                self.paragraphs.clear()

    def _between(self, name: str) -> None:
        if name not in _INLINE:
            self._flush()

    def _flush(self) -> None:
        if text := " ".join(self.pieces.getvalue().split()):
            self.paragraphs.append(text)
            self.size += 2  # the blank line between paragraphs
        if self.pieces.tell():
            self.pieces = io.StringIO()

    def _entity(self, name: str, *_: object) -> None:
        line = self.parser.CurrentLineNumber
        raise _Refused(
            line, f'file: declares the entity "{name[:80]}"; entities are not read, so the file is refused'
        )

    def _skipped(self, name: str, is_parameter: bool) -> None:
        if not is_parameter:
            self.missing = name


def recognises(head: bytes) -> bool:
    """Whether a file opens as ``articles`` with an ``article`` in it."""
    return [name for name in opening(head, elements=2) if not name.startswith("!")] == ["articles", "article"]


READER = Reader("semeval-xml", (".xml",), read, recognises)
