"""Words, for counting and comparing texts: in any script, without case and punctuation."""

import re
import unicodedata
from functools import lru_cache
from itertools import chain

# Scripts written without spaces: Thai and Lao, Myanmar, Khmer, kana, Han with its extensions.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U000323af"
)


def words(text: str) -> list[str]:
    """Return the words of a text in order, casefolded.

    A word is a run of letters and digits with their combining marks (so vowel signs do not part Hindi words); an
    apostrophe or hyphen parts words. In a script without spaces every letter with its marks is a word, so that
    comparing and counting work on Chinese or Thai as well, also inside a text of another script.
    """
    if text.isascii():
        return _ASCII.findall(text.lower())
    return _pattern().findall(text.casefold())


_ASCII = re.compile("[a-z0-9]+")


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    marks = _mark_ranges()
    letter = rf"[^\W_{_UNSPACED}]"
    return re.compile(rf"(?!\W)[{_UNSPACED}][{marks}]*|{letter}(?:{letter}|[{marks}])*")


def _mark_ranges() -> str:
    """Return the combining marks of Unicode as the inside of a character class."""
    ranges: list[list[int]] = []
    for code in chain(range(0x300, 0x20000), range(0xE0000, 0xE0200)):  # the planes that have any
        if unicodedata.category(chr(code))[0] == "M":
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)
