"""Sentences, as offsets into the text.

Rules, no model: a full stop, question or exclamation mark ends a sentence when white space and something that is not
a lower-case letter follow, unless the word before a full stop is an abbreviation that goes on (see `abbreviations`).
Marks that only ever end a sentence (the CJK full stop, the danda, the Arabic question mark) need no white space after
them. A blank line always ends a sentence, so headings do not run into what follows; so does a single line end,
unless the text is wrapped by hand.

Of the libraries, sentencex has exact offsets and is the best, but it keeps a quotation of many sentences as one,
which in news costs 6% of the boundaries, and it must be told the language.
"""

import re

from goldwire.text.abbreviations import (
    AFTER_ORDINAL,
    AFTER_TIME,
    BEFORE_NAME,
    BEFORE_NUMBER,
    BEFORE_ORDINAL,
    EITHER,
    PHRASES,
    STARTERS,
)
from goldwire.text.paragraphs import CLOSERS, MARKS, is_wrapped, lines, paragraphs, strip

_ALWAYS = MARKS.translate(dict.fromkeys(map(ord, ".!?…")))
_GREEK = "\u0370-\u03ff\u1f00-\u1fff"
_CLOSER = re.escape(CLOSERS)
# The Latin marks take in what opens a quotation elsewhere but closes one in German (“ ‘ «), and a French » after
# its space; after a CJK full stop such a mark opens the next sentence.
_END = re.compile(
    rf"(?:[{MARKS}]+|(?<=[{_GREEK}]);)"
    rf"(?:(?<=[{_ALWAYS}])[{_CLOSER}]*|[{_CLOSER}“‘«]*(?:[ \u00a0\u202f]»(?!\S)[{_CLOSER}]*)?)"
)
_OPENERS = "\"'“‘«‹„‚»([{¿¡—–-"
_DOTTED = re.compile(r"[^\W\d_](?:\.-?[^\W\d_])*")  # U.S, a.m, J.-C, the initial J
_PHRASE = re.compile(rf"(?<!\w){PHRASES}\Z", re.IGNORECASE)
_ITEM = re.compile(r"[•*⁃–-]?\s*(?:\d{1,3}|[A-Za-z])")  # the number of a list's item
_INITIAL = re.compile(r"\w\.")
_ROMAN = re.compile("[IVXLC]{2,}")
_WORD = re.compile(r"\w+")
_REPORTED = re.compile(  # "…", he said; 「…」と言った
    "(?:と|って)|[^，。！？：；“”「」]{0,6}(?:说|說|问|問|道|喊|表示|称|稱|回答)[。，！]"
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of every sentence, in order: code points, end-exclusive.

    Sentences do not overlap, begin and end with a character that is not white space, lie inside one paragraph (see
    `paragraphs`), and only white space lies between them.
    """
    blocks = paragraphs(text)
    if not is_wrapped(text):
        blocks = [line for block in blocks for line in lines(text, *block)]
    return [sentence for block in blocks for sentence in _in_block(text, *block)]


def _in_block(text: str, start: int, end: int) -> list[tuple[int, int]]:
    found, begin = [], start
    for match in _END.finditer(text, start, end):
        if _ends_sentence(text, begin, match, end):
            found.append(strip(text, begin, match.end()))
            begin = match.end()
    found.append(strip(text, begin, end))
    return [part for part in found if part[0] < part[1]]


def _ends_sentence(text: str, begin: int, match: re.Match[str], end: int) -> bool:
    at, stop = match.span()
    if stop == end:
        return True
    following = text[stop : min(stop + 80, end)]
    if text[at] in _ALWAYS:
        return not (text[stop - 1] in CLOSERS and _REPORTED.match(following))
    after = following.lstrip()
    if after == following:
        return False
    after = after.lstrip(_OPENERS + " \u00a0\u202f")
    if after[:1].islower() and not (after[:2].isascii() and after[1:2].isupper()):  # eBay begins a sentence
        return False
    if after[:1] in ".!?…" or (text[stop - 1] == "]" and text[at - 1 : at] in "[("):  # ". . .", "[...]"
        return False
    if text[at] != "." or (stop > at + 1 and text[stop - 1] != ")"):  # "...", '."'
        return True
    return _is_full_stop(text, begin, at, after)


def _is_full_stop(text: str, begin: int, at: int, after: str) -> bool:
    """Whether the stop there ends a sentence, rather than an abbreviation, an ordinal or the number of an item."""
    before = text[max(begin, at - 40) : at]
    if at - begin < 8 and _ITEM.fullmatch(before.strip()):
        return False
    earlier, _, last = before.rpartition(" ") if " " in before else ("", "", before)
    last = last[last.rfind("\n") + 1 :].lstrip(_OPENERS)
    word = last.lower()
    if word.isdigit() or _ROMAN.fullmatch(last):
        return not _is_ordinal(word, earlier, after)
    if word in BEFORE_NAME or _PHRASE.search(before):
        return False
    if word in BEFORE_NUMBER or word.endswith("str"):
        if after[:1].isdigit():
            return False
        if len(word) > 1:
            return True
    if word in EITHER or _DOTTED.fullmatch(last):
        following = _WORD.match(after)
        return following is not None and not _INITIAL.match(after) and _starts(word, following.group())
    return True


def _is_ordinal(number: str, earlier: str, after: str) -> bool:
    following = _WORD.match(after)
    if (len(number) > 2 and number.isdigit()) or following is None:
        return False
    if following.group().lower() in AFTER_ORDINAL:
        return True
    return earlier.rpartition(" ")[2].lower() in BEFORE_ORDINAL


def _starts(word: str, following: str) -> bool:
    """Whether this word, after such an abbreviation, begins a sentence."""
    lower = following.lower()
    if word in {"a.m", "p.m"}:
        return lower not in AFTER_TIME and lower not in BEFORE_NAME and not following[0].isdigit()
    return lower in STARTERS
