"""Paragraphs, as offsets into the text."""

import re
from itertools import pairwise

MARKS = ".!?…。！？｡؟۔।॥።፧။։"
"""Characters that end a sentence, in the scripts that have one."""
CLOSERS = "\"'”’»›)]}」』）】〉》\u200e\u200f"
"""Closing quotation marks and brackets, which belong to the sentence before them, and direction marks."""

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_LINE_END = re.compile(r"\n\s*")


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of every paragraph, in order: code points, end-exclusive.

    Blank lines part paragraphs. In a text without a blank line every line is a paragraph, unless the lines are
    wrapped by hand (see `is_wrapped`); such a text is one paragraph.

    Paragraphs do not overlap, begin and end with a character that is not white space, and only white space lies
    between them.
    """
    if _BLANK_LINE.search(text) or is_wrapped(text):
        return parts(text, 0, len(text), _BLANK_LINE)
    return lines(text, 0, len(text))


def lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return (start, end) of every line in a part of the text, without the white space around it."""
    return parts(text, start, end, _LINE_END)


def parts(text: str, start: int, end: int, gap: re.Pattern[str]) -> list[tuple[int, int]]:
    """Return (start, end) of what the gaps part, without the white space around it; what is empty is left out."""
    found, begin = [], start
    for match in gap.finditer(text, start, end):
        found.append(strip(text, begin, match.start()))
        begin = match.end()
    found.append(strip(text, begin, end))
    return [part for part in found if part[0] < part[1]]


def strip(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the offsets without the white space at both ends; start is end when nothing else is there."""
    part = text[start:end].rstrip()
    return start + len(part) - len(part.lstrip()), start + len(part)


def is_wrapped(text: str) -> bool:
    """Whether the lines are wrapped by hand: most of those that another line follows end within a sentence."""
    ended = within = 0
    for line, following in pairwise(text.split("\n")):
        if line and following and not line[-1].isspace() and not following[0].isspace():
            if line.rstrip(CLOSERS)[-1:] in _LINE_ENDERS:
                ended += 1
            else:
                within += 1
    return ended < within


_LINE_ENDERS = frozenset(MARKS + ":")
