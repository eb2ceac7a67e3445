"""E-mail addresses and phone numbers in a text: where they stand.

They are found by their form, not by whether they exist. Every search is bounded, so the time grows with the length of
the text, whatever is in it.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

from goldwire.text.phones import phones

Kind = Literal["e-mail", "phone"]
Contact = tuple[int, int, Kind]

_LOCAL_LONGEST = 64  # characters before the "@", RFC 5321
_LOCAL_SIGNS = frozenset("._%+-&~!#$*=?^'’")  # with letters and digits; "/" and ":" end it, as in mailto:
_NO_END = "._-%+&~!#$*=?^'’"
_AT = re.compile(r"[@＠]|%40|&#(?:64|x40);|(?P<spelt> ?[\[({<] ?(?:at|ät|arroba) ?[\])}>] ?)", re.IGNORECASE)
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_TOP = r"(?:xn--[A-Za-z0-9-]{2,59}|[^\W\d_]{2,24})(?![\w-])"
_HOST = re.compile(rf"(?:{_LABEL}[.．。]){{1,8}}{_TOP}")
_SPELT_HOST = re.compile(
    rf"(?:{_LABEL}(?:\.| ?[\[({{<] ?(?:dot|punkt|punto|point|\.) ?[\])}}>] ?| (?:dot|punkt|punto) )){{1,8}}{_TOP}",
    re.IGNORECASE,
)
_ODD = re.compile(r"[^\x00-\x7f\w\s]")
_NEXT_SENTENCE = re.compile(r"(?<=\.[a-z]{2}|[a-z]{3})\.[A-Z][a-z]+\Z")  # "a@b.org.The" lacks a space


def contacts(text: str) -> list[Contact]:
    """Return every e-mail address and phone number: (start, end, kind), by place, none over another.

    Offsets are Unicode code points, end-exclusive. An address may have letters of any script and may be written with
    "(at)" and "(dot)"; the full stop that ends its sentence is no part of it. What a phone number is, `phones` says.
    Signs that cannot be seen (soft hyphens, marks of direction) hide neither.
    """
    unseen = _unseen(text)
    if not unseen:
        return _contacts(text)
    places = [place for place, sign in enumerate(text) if sign not in unseen]
    found = _contacts("".join(text[place] for place in places))
    return [(places[start], _after(text, places[end - 1] + 1), kind) for start, end, kind in found]


def _unseen(text: str) -> set[str]:
    """Return the signs of a text that stand on letters (as in Arabic or Hindi) or are not seen: none is a letter."""
    if text.isascii():
        return set()
    return {sign for sign in set(_ODD.findall(text)) if unicodedata.category(sign) in ("Mn", "Mc", "Me", "Cf")}


def _after(text: str, end: int) -> int:
    """Return the end with the marks that stand on the last letter."""
    while end < len(text) and unicodedata.category(text[end]).startswith("M"):
        end += 1
    return end


def _contacts(text: str) -> list[Contact]:
    found: list[Contact] = [(start, end, "e-mail") for start, end in _addresses(text)]
    numbers = phones(text)
    if not found or not numbers:
        return found + [(start, end, "phone") for start, end in numbers]
    place = 0
    for start, end in numbers:
        while place < len(found) and found[place][1] <= start:
            place += 1
        if place == len(found) or found[place][0] >= end:  # no number inside an address
            found.insert(place, (start, end, "phone"))
            place += 1
    return found


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    last = 0
    for at in _AT.finditer(text):
        host = (_HOST if at["spelt"] is None else _SPELT_HOST).match(text, at.end())
        if host is None:
            continue
        start = lowest = max(last, at.start() - _LOCAL_LONGEST)
        for place in range(at.start() - 1, lowest - 1, -1):
            if not (text[place].isalnum() or text[place] in _LOCAL_SIGNS):
                start = place + 1
                break
        while start < at.start() and text[start] in _NO_END:
            start += 1
        if start == at.start():
            continue
        end = host.end()
        if next_sentence := _NEXT_SENTENCE.search(text, at.end(), end):
            end = next_sentence.start()
        yield start, end
        last = end
