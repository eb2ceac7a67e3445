"""Markup: which element a file begins with, so that HTML, SemEval XML and feeds are told apart by content."""

import codecs
import re

_SKIPPED = re.compile(r"\s+|<!--.*?-->|<\?[^>]*>", re.DOTALL)
_DOCTYPE = re.compile(r"<!doctype\s++([\w:.-]++)[^>\[]*+(?:\[[^\]]*+\]\s*+)?>", re.IGNORECASE)
_ELEMENT = re.compile(r"<([a-zA-Z][\w:.-]*+)(?=[\s/>])")


def utf16(head: bytes) -> str | None:
    """Return the UTF-16 encoding that a file's first bytes show, by their mark or by ``<``, or None."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head.startswith(b"<\0"):
        return "utf-16-le"
    return "utf-16-be" if head.startswith(b"\0<") else None


def opening(head: bytes, elements: int = 1) -> list[str]:
    """Return the names in lower case that a file opens with: ``!name`` of a doctype, then the first elements.

    Before each, a byte order mark, white space, comments and processing instructions are passed over. The list ends
    where anything else stands, so that it is empty for a file that is not markup.

    Parameters
    ----------
    head : bytes
        The first bytes of the file.
    elements : int
        The number of elements to name at most; each after the first must follow its forerunner's start tag.
    """
    text = head.decode(utf16(head) or "utf-8", "replace").removeprefix("\ufeff")
    names: list[str] = []
    at = _past(text, 0)
    if doctype := _DOCTYPE.match(text, at):
        names.append(f"!{doctype[1].lower()}")
        at = _past(text, doctype.end())
    for _ in range(elements):
        element = _ELEMENT.match(text, at)
        if element is None:
            break
        names.append(element[1].lower())
        end = text.find(">", element.end())
        if end < 0:
            break
        at = _past(text, end + 1)
    return names


def _past(text: str, at: int) -> int:
    """Return where white space, comments and processing instructions end that begin at a place."""
    while skipped := _SKIPPED.match(text, at):
        at = skipped.end()
    return at
