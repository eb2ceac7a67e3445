"""Sentences, as offsets into the text.

Rules, no model: a full stop, question or exclamation mark ends a sentence when white space and something that is not
a lower-case letter follow. Abbreviations are English ones. Marks that only ever end a sentence (the CJK full stop,
the danda, the Arabic question mark) need no white space after them. A blank line always ends a sentence, so headings
do not run into what follows; so does a single line end, unless the text is wrapped by hand (most of its lines end in
the middle of a sentence).
"""

import re

_CLOSERS = "\"'”’»›)\\]}」』）】〉》\u200e\u200f"
_ALWAYS = "。！？｡؟۔।॥።။"
_END = re.compile(f"(?P<mark>[{_ALWAYS}]+|[.!?…]+)[{_CLOSERS}]*")
_LINE_END = re.compile(r"\n\s*")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_INNER_LINE_END = re.compile(rf"(?P<ended>[{_ALWAYS}.!?…:][{_CLOSERS}]*)?(?<=\S)\n(?=\S)")
_OPENERS = "\"'“‘«‹([{¿¡—–-"
_LAST_WORD = re.compile(r"\S+$")
_DOTTED = re.compile(r"[^\W\d_](?:\.[^\W\d_])*")  # U.S, a.m, the initial J

_BEFORE_NAME = re.compile(
    "adm|brig|capt|cmdr|col|cpl|dr|fr|gen|gov|hon|lt|maj|messrs|mme|mr|mrs|ms|mt|pres|prof|rep|rev|sen|sgt|st"
)
_BEFORE_NUMBER = re.compile("art|fig|nos?|para|pp?|sec|vol")
# These may end a sentence: they do when a word follows that begins sentences and hardly ever names.
_EITHER = re.compile("bros|co|corp|dept|etc|inc|jr|ltd|sr|vs|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec")
_STARTER = re.compile(
    "a|after|all|although|an|and|as|at|before|both|but|by|during|each|even|every|few|for|from|he|her|his|how|however|"
    "if|in|it|its|last|many|meanwhile|more|most|no|nobody|none|on|one|or|others?|our|she|since|so|some|still|such|than|"
    "that|the|their|then|there|these|they|this|those|though|through|to|under|until|we|what|when|where|whether|which|"
    "while|who|why|with|you"
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of every sentence, in order: code points, end-exclusive.

    Sentences do not overlap, begin and end with a character that is not white space, and only white space lies
    between them.
    """
    found: list[tuple[int, int]] = []
    begin = 0
    for gap in (_BLANK_LINE if _is_wrapped(text) else _LINE_END).finditer(text):
        found += _in_block(text, begin, gap.start())
        begin = gap.end()
    return found + _in_block(text, begin, len(text))


def _is_wrapped(text: str) -> bool:
    line_ends = [match["ended"] is not None for match in _INNER_LINE_END.finditer(text)]
    return sum(line_ends) * 2 < len(line_ends)


def _in_block(text: str, begin: int, end: int) -> list[tuple[int, int]]:
    found = []
    for match in _END.finditer(text, begin, end):
        if _ends_sentence(text, begin, match, end):
            found.append((begin, match.end()))
            begin = match.end()
    found.append((begin, end))
    return [stripped for start, stop in found if (stripped := _strip(text, start, stop))]


def _strip(text: str, start: int, end: int) -> tuple[int, int] | None:
    part = text[start:end]
    inner = part.strip()
    return (start + len(part) - len(part.lstrip()), start + len(part.rstrip())) if inner else None


def _ends_sentence(text: str, begin: int, match: re.Match[str], end: int) -> bool:
    mark = match["mark"]
    if mark[0] in _ALWAYS or match.end() == end:
        return True
    following = text[match.end() : min(match.end() + 80, end)]
    after = following.lstrip()
    if after == following or after.lstrip(_OPENERS)[:1].islower():
        return False
    return mark != "." or _is_full_stop(text[max(begin, match.start() - 40) : match.start()], after)


def _is_full_stop(before: str, after: str) -> bool:
    """Whether the stop between these two ends a sentence, rather than an abbreviation."""
    last = _LAST_WORD.search(before)
    word = last.group().lstrip(_OPENERS) if last else ""
    if _BEFORE_NAME.fullmatch(word.lower()):
        return False
    if _BEFORE_NUMBER.fullmatch(word.lower()):
        return not after[:1].isdigit()
    if _EITHER.fullmatch(word.lower()) or _DOTTED.fullmatch(word):
        following = re.match(r"\w+", after.lstrip(_OPENERS))
        return following is not None and _STARTER.fullmatch(following.group().lower()) is not None
    return True
