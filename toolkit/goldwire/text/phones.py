"""Phone numbers in a text: where they stand.

A phone number is more than digits: it has an international prefix, or a form that only phone numbers have, or a word
before it that says so. Dates, years, amounts, scores, times, ISBNs, coordinates, IP addresses, addresses of web pages
and the numbers of documents are left alone.
"""

import re
import unicodedata
from collections.abc import Iterator

# Whatever can stand in a number is taken whole, so that no character is looked at twice; patterns then search in it.
_RUN = re.compile(r"[+(0-9][0-9 ()./+-]{6,}")
_OTHER_FORM = re.compile("[\u00a0\u2007\u2009\u202f\u2010-\u2015\u2212＋（）／．－]|(?=[^\x00-\x7f])\\d")

_CODE = (  # country calling codes, ITU-T E.164
    r"(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]"
    r"|2[1-689][0-9]|3[578][0-9]|42[0-9]|5[09][0-9]|6[789][0-9]|80[08]|8[578][0-9]|9[679][0-9])"
)
_FREE = r"(?<![0-9])(?<![0-9][./+-])"  # not within a longer number
_END = r"(?![0-9])(?![./-][0-9])"
_AREA = r"[2-9][0-9]{2}"
_AMERICAN = re.compile(
    rf"{_FREE}(?:\+?1[ .-]{{1,2}})?(?:\({_AREA}\)[ -]{{0,2}}{_AREA}[ .-][0-9]{{4}}"
    rf"|{_AREA}([ .-]){_AREA}\1[0-9]{{4}}|{_AREA}/{_AREA}-[0-9]{{4}}){_END}"
)
_INTERNATIONAL = re.compile(
    rf"{_FREE}(?:\+ ?{_CODE}|\(\+ ?{_CODE}\)|00 ?{_CODE}(?=[ (/-]))(?:[ /.-]?\(0\))?"
    rf"(?:[ ()/.-]{{0,2}}[0-9]){{6,14}}(?![0-9])"
)
_NATIONAL = re.compile(
    rf"{_FREE}(?:\(0[1-9][0-9]{{0,4}}\)[ /-]{{0,2}}[0-9]{{2,8}}|0[1-9][0-9]{{0,4}}(?: ?[/-] ?|[ .])[0-9]{{2,8}}"
    rf"|0[1-9][0-9]{{8,10}})(?:[ ./-][0-9]{{1,8}}){{0,4}}{_END}"
)
_ANNOUNCED = re.compile(r"[+(]{0,2}[0-9](?:[ ()./-]{0,3}[0-9]){5,14}(?![0-9])")
_LETTERS = re.compile(
    r"(?<![\w.-])(?:1[ -])?8(?:00|33|44|55|66|77|88)-(?=[0-9-]{0,7}[A-Z])[A-Z0-9](?:-?[A-Z0-9]){5,9}(?![\w-])"
)

# What may stand before a number: at most so many characters of it are looked at.
_BEFORE = 40
_WORD = (
    r"(?:\b(?:tele)?phones?|\btele?|\btel[eé]fonos?|telefon[oe]?|\btfno|\b(?:tele)?fax|\bmobiles?|\bmobil"
    r"|\bcell(?:ular|phone|ulare)?|\bhandy|\bhotline|\bhelpline|\bwhatsapp|\bdurchwahl|\brufnummer|\btél(?:éphone)?"
    r"|\bportable|\bm[oó]vil|\bcelular|\btelemóvel|\bтел|\bтелефон|هاتف|تلفون|جوال)"
)
_SAID = re.compile(
    rf"{_WORD}(?: ?(?:no|nr|n[°ºo]|numbers?|nummer|line))?"
    r"(?:(?P<bare>[ -])|[.:]? ?[.:#]? ?|,? (?:is|at|on|unter) |/)\Z"
)
_CALL = re.compile(
    r"\b(?:call|calling|called|calls|dial|dialed|dialled|dialing|phone)"
    r"(?: (?:us|me|him|her|them|toll.free))?(?: (?:at|on))?(?P<bare>:? )\Z"
)
_HINT = re.compile(
    "tel|tél|phon|fax|mobil|cel|handy|line|whatsapp|durchwahl|nummer|portable|v[ie]l|тел|هاتف|تلفون|جوال|call|dial"
)
_AND = re.compile(r"(?: ?[,;/&] ?| (?:or|and|und|oder|et|ou|y|o|e) )\Z")
_NUMBERS_SOMETHING = re.compile(  # another thing than a phone, or the number begins before
    r"(?:\w-|[0-9][:,.]|(?:\b(?:isbn|issn|iban|isin|doi|pmid|swift|account|konto|case|docket|file|bill|resolution"
    r"|invoice|order|patent|ids?|ref|reference|serial|flight|nos?|nr|rule|art|section|sec|pp?|lat|lon|version)"
    r"|[№#§$€£¥₹%])[.:]? ?[:#]? ?)\Z"
)
_PAGE = re.compile(r"://|www\.|\w\.[a-z]{2,}/")
_PAGE_LONGEST = 400

_DATE = re.compile(
    r"\(?(?:[0-3]?[0-9]([ ./-])[0-3]?[0-9]\1(?:[12][0-9])?[0-9]{2}(?!\1?[0-9])"
    r"|[12][0-9]{3}([./-])[01]?[0-9]\2[0-3]?[0-9](?![0-9])|[12][0-9]{3} ?[/-] ?[12][0-9]{3}(?![0-9]))"
)
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:([ .])[0-9]{3}(?:\1[0-9]{3})*)\Z")


def phones(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of every phone number, by place: code points, end-exclusive.

    Found are, in digits of any script: a "+" or 00 with a country code and 8 to 15 digits; (202) 555-0173 and
    202-555-0173, with or without a 1; a leading zero and 9 to 12 digits, as 0664/123 45 67; 1-800-NEWSROOM; and 6 to
    15 digits after a word such as "Tel." or "call".
    """
    plain = text if text.isascii() else _OTHER_FORM.sub(lambda found: _ascii(found[0]), text)
    found = sorted([*_by_digits(plain), *(match.span() for match in _LETTERS.finditer(plain))])
    kept: list[tuple[int, int]] = []
    for start, end in found:
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def _by_digits(text: str) -> Iterator[tuple[int, int]]:
    last = -_BEFORE
    for found in _RUN.finditer(text):
        start, run = found.start(), found[0]
        free = start == 0 or not (text[start - 1].isalnum() or text[start - 1] == "_")
        before = text[max(0, start - _BEFORE) : start].lower() if free else ""
        first = _announced(run, before, text[last:start] if last > start - _BEFORE else "") if free else None
        if first:
            matches = [first]
        else:
            matches = [
                match for match in _by_form(run) if match.start() or (free and not _NUMBERS_SOMETHING.search(before))
            ]
        if matches and not _on_a_page(text, start):
            yield from ((start + match.start(), start + match.end()) for match in matches)
            last = start + max(match.end() for match in matches)


def _announced(run: str, before: str, since: str) -> "re.Match[str] | None":
    """Return the number at the start of the run, when a word before it, or another number, says that it is one.

    `before` is what stands before the run, `since` what stands between it and the number before it.
    """
    number = _ANNOUNCED.match(run)
    if not number or _DATE.match(number[0]):
        return None
    if _AND.fullmatch(since):
        return number
    said = (_SAID.search(before) or _CALL.search(before)) if _HINT.search(before) else None
    if not said or (said["bare"] is not None and _THOUSANDS.match(number[0])):
        return None
    return number


def _by_form(run: str) -> Iterator["re.Match[str]"]:
    yield from _AMERICAN.finditer(run)
    yield from (match for match in _INTERNATIONAL.finditer(run) if _is_international(match[0]))
    yield from (match for match in _NATIONAL.finditer(run) if _is_national(match[0]))


def _is_international(number: str) -> bool:
    """A decimal such as +48.20823456 is none, nor are two (+48.2082 16.3738)."""
    dots = number.count(".")
    return 8 <= _digits(number) <= 15 and (dots == 0 or (dots > 1 and " " not in number))


def _is_national(number: str) -> bool:
    groups = re.findall("[0-9]+", number)
    pairs = all(len(group) == 2 for group in groups)
    return (
        9 <= _digits(number) <= 12
        and not _DATE.match(number)
        and (not pairs or len(groups) == 5)  # as in France; other rows of pairs are times, dates or scores
        and ("." not in number or not set(number) & set(" -/"))
    )


def _digits(number: str) -> int:
    return sum(character.isdigit() for character in number)


def _on_a_page(text: str, place: int) -> bool:
    """Whether the place is within the address of a web page."""
    if place == 0 or text[place - 1].isspace():
        return False
    return _PAGE.search(text[max(0, place - _PAGE_LONGEST) : place].split()[-1]) is not None


def _ascii(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    wide = unicodedata.normalize("NFKC", character)
    if wide in {"+", "(", ")", "/", "."}:
        return wide
    return " " if character.isspace() else "-"
