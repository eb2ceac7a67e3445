"""Mojibake: text that was read in another encoding than it was written in ("donâ€™t", "CafÃ©", "Ð¿Ñ€Ð¸Ð²ÐµÑ‚").

It must be looked for in the text as it came, since normalising removes control characters and soft hyphens, and in
mojibake they are parts of letters.
"""

import re
from functools import lru_cache

# Lines, and of a long line as much as ftfy takes at once. Only \n parts lines: NEL may be a part of a letter here.
_PART = re.compile(r"[^\n]{0,999999}(?:\n|\Z)|[^\n]{1,1000000}(?<= )|[^\n]{1,1000000}")
_AROUND = 6  # characters: ftfy's patterns are shorter


def found(text: str) -> bool:
    """Whether `mend` would change the text."""
    return any(part != _mended(part) for part in _suspects(text))


def mend(text: str) -> str:
    """Return the text with mojibake put right, and nothing else changed.

    ftfy (Speer 2019, doi:10.5281/zenodo.2591652) tells mojibake from ordinary text and undoes it line by line, also
    where it happened twice. Only its repair of encodings is used: quotation marks, ligatures, wide letters, HTML
    entities, terminal escapes and control characters stay. A C1 control character counts as mojibake, being a
    character of Windows-1252 read as Latin-1; NEL (U+0085) alone is a line end and stays.
    """
    if not _suspects(text):
        return text
    return "".join(map(_mended, _PART.findall(text)))


def _suspects(text: str) -> list[str]:
    """Return the parts that ftfy would look at more closely."""
    if text.isascii() or not _guard().search(text):
        return []
    return [part for part in _PART.findall(text) if _is_bad(part)]


def _is_bad(part: str) -> bool:
    """Whether ftfy calls it bad: the same as `ftfy.badness.is_bad`, which takes 400 µs for an article's text."""
    from ftfy.badness import BADNESS_RE

    return any(
        BADNESS_RE.search(part, max(0, match.start() - _AROUND), match.end() + _AROUND)
        for match in _guard().finditer(part)
    )


def _mended(part: str) -> str:
    import ftfy

    if not _is_bad(part):
        return part
    mended: str = ftfy.fix_encoding(part)
    return part if mended == part.replace("\x85", "…") else mended


@lru_cache(maxsize=1)
def _guard() -> re.Pattern[str]:
    """Return a pattern that finds a character in or beside all that ftfy calls bad, and little in ordinary text.

    Whatever ftfy calls bad has a C1 control character, œ before no letter, Ã or Â before a space, or two characters
    side by side that are not ASCII, one of which is rare. The pattern begins with a class of characters, which is
    what makes the search fast.
    """
    from ftfy import badness

    category = badness.MOJIBAKE_CATEGORIES
    start, accented = category["start_punctuation"], category["upper_accented"]
    rare = category["bad"] + category["box"] + category["numeric"] + "ÙЂ"
    # Quotation marks and currency signs stand beside letters of every script; only these letters make them suspect.
    marks = category["currency"] + category["end_punctuation"] + category["law"] + "°"
    beside = rare + accented + start + marks + category["lower_accented"] + category["common"] + "ВГРСΒΓΞΟвâó"
    alone = category["c1"] + "ÃÂ"
    other = "[^\x00-\x7f]"
    return re.compile(
        f"[{alone}Œœ{rare}{accented}{start}{marks}]"
        f"(?:(?<=[{alone}])|(?<=[Œœ])(?=[^A-Za-z])|(?<=[{rare}])(?:(?={other})|(?<={other}.))"
        f"|(?<=[{accented}])(?:(?={other})|(?<=[^\x00-\x7f{start}{category['common']}].))"
        f"|(?<=[{start}])(?:(?=[{rare}])|(?<=[{beside}].))"
        f"|(?<=[{marks}])(?:(?=[{beside}])|(?<=[{beside}].)))",
        re.DOTALL,
    )
