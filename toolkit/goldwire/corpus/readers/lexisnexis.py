"""LexisNexis exports in HTML: several articles a file, of LexisNexis Academic or of Nexis Uni and Lexis+.

The layouts were learnt from what LexisNexisTools and tm.plugin.lexisnexis (both R) say of them; see `nexis_fields`.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from goldwire.corpus.readers.base import HEAD, LONGEST, TOO_LONG, Reader, Record, Reject, Source
from goldwire.corpus.readers.encoding import detect
from goldwire.corpus.readers.nexis_blocks import groups
from goldwire.corpus.readers.nexis_fields import columns

_PIECE = 1 << 20
_MARK = 200  # bytes of a mark at most
_DOC = re.compile(rb"<DOC NUMBER=\d+>")
_COUNT = re.compile(rb"(?<=>)\s{0,20}\d+ (?:of|de|von|van|di) \d+ DOCUMENT[A-Z]{0,3}\s{0,20}<")
_SPACES = rb"(?:\s|&nbsp;|&#160;|\xc2\xa0){1,5}"
_END = re.compile(rb">\s{0,20}End" + _SPACES + rb"of" + _SPACES + rb"Document\s{0,20}(?=<)")
_BODY = re.compile(rb">\s{0,20}Body\s{0,20}<")
_LENGTH = re.compile(rb">\s{0,20}Length:")
_BETWEEN = re.compile(rb"(?:\s++|</[^>]*+>|<[bh]r[^>]*+>|<a\b[^>]*+>)*", re.IGNORECASE)
_OPENED = re.compile(r"\A<DOC NUMBER=\d+>\s*(?:<DOCFULL>\s*)?(?:-->)?")
_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}["']?\s{0,5}([\w.:-]+)""", re.IGNORECASE)
_WINDOWS = frozenset({"iso-8859-1", "iso8859-1", "latin1", "us-ascii"})  # browsers read them as Windows-1252


def read(source: Source) -> Iterator[Record | Reject]:
    """Yield every document as one record, at the line where it begins.

    Its columns are `title`, `text`, `outlet`, `date` (as printed; what follows it is `edition`), `language` where its
    name is known, and `byline`, `section`, `length`, `load_date`, `publication_type`, `graphic` and the other fields
    that are printed. A document without a text is a reject.
    """
    head = source.stream.read(HEAD)
    number = 0
    for line, content in _documents(head, source.stream):
        number += 1
        if content is None:
            yield Reject(source.file, line, f"document {number}: {TOO_LONG}")
            continue
        try:
            markup = _decode(content, head)
        except ValueError as error:
            yield Reject(source.file, line, f"document {number}: {error}")
            continue
        fields = columns(groups(_without_marks(markup)))
        if "text" in fields:
            yield Record(fields, source.file, line)
        else:
            yield Reject(source.file, line, f"document {number}: has no body")
    if number == 0:
        yield Reject(source.file, None, "file: has no LexisNexis document")


def _documents(head: bytes, stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Yield the line and the bytes of every document, None in the place of one that is too long."""
    mark = next((mark for mark in (_DOC, _COUNT) if mark.search(head)), None)
    if mark is not None:
        parts = _parts(head, stream, mark, ends=False)
        next(parts, None)  # what is before the first document
        yield from parts
        return
    for line, part in _parts(head, stream, _END, ends=True):
        if part is not None and not (_END.search(part) or _BODY.search(part)):
            continue  # what is after the last document
        begin = _BETWEEN.match(part or b"").end()  # type: ignore[union-attr]  # it matches the empty string too
        yield line + (part or b"").count(b"\n", 0, begin), part


def _parts(
    head: bytes, stream: BinaryIO, mark: re.Pattern[bytes], *, ends: bool
) -> Iterator[tuple[int, bytes | None]]:
    """Yield a stream cut before every mark, or behind it, with the lines where the parts begin."""
    held, line, begun, long, searched = b"", 1, 1, False, 0
    piece = head
    while piece:
        held += piece
        while match := mark.search(held, searched):
            cut = match.end() if ends else match.start()
            yield begun, None if long else held[:cut]
            line += held.count(b"\n", 0, cut)
            begun, long, searched = line, False, match.end() - cut
            held = held[cut:]
        searched = max(searched, len(held) - _MARK)
        if len(held) > LONGEST:
            line += held.count(b"\n", 0, searched)
            held, long, searched = held[searched:], True, 0
        piece = stream.read(_PIECE)
    yield begun, None if long else held


def _decode(content: bytes, head: bytes) -> str:
    """Return a document as text: UTF-8 where it is, else as the file declares, else as it seems to be."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        problem = f"is not UTF-8 (byte 0x{content[error.start]:02X}); convert the file to UTF-8"
    declared = _DECLARED.search(head, 0, 4096)
    name = declared[1].decode("ascii", "replace").lower() if declared else ""
    if name in {"", "utf-8", "utf8"}:
        name = detect(content)
    try:
        return content.decode("cp1252" if name in _WINDOWS else name)
    except (LookupError, UnicodeError):
        raise ValueError(problem) from None


def _without_marks(markup: str) -> str:
    """Return a document without the end of the comment that it begins in and the start of the one that it ends in."""
    markup = _OPENED.sub("", markup, count=1)
    last = markup.rfind("<!--")
    return markup if last < 0 or "-->" in markup[last:] else markup[:last]


def recognises(head: bytes) -> bool:
    """Whether a file has the marks that LexisNexis leaves between documents or around their texts."""
    if not re.match(rb"(?:\xef\xbb\xbf)?\s*<", head):
        return False
    if (_DOC.search(head) and b"<DOCFULL>" in head) or _COUNT.search(head):
        return True
    return bool(_BODY.search(head) and (_END.search(head) or _LENGTH.search(head)))


READER = Reader("lexisnexis", (), read, recognises)
