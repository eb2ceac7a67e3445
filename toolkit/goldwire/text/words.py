"""Words, for counting and comparing texts: in any script, without case and punctuation."""

import re
import unicodedata
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

LETTER, MARK, UNSPACED = 1, 2, 3
"""Classes of characters that make words: see `character_classes`."""

# Scripts written without spaces: Thai and Lao, Myanmar, Khmer, kana, Han with its extensions.
_SCRIPTS = (
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
        return text.encode().translate(_ASCII).decode().split()
    return _pattern().findall(text.casefold())


# Characters of words in lower case, all others spaces.
_ASCII = bytes(ord(chr(code).lower()) if chr(code).isalnum() else 32 for code in range(128)) + bytes(128)


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    marks = _mark_ranges()
    letter = rf"[^\W_{_SCRIPTS}]"
    return re.compile(rf"(?!\W)[{_SCRIPTS}][{marks}]*|{letter}+(?:[{marks}]+{letter}*)*")


@lru_cache(maxsize=1)
def character_classes() -> NDArray[np.uint8]:
    """Return for every code point whether it is a letter or digit, a combining mark, a letter of a script without
    spaces, or 0, nothing of a word: what the pattern of `words` is made of.
    """
    # The planes that have letters or marks, without the surrogates.
    codes = [*range(0xD800), *range(0xE000, 0x33000), *range(0xE0000, 0xE0200)]
    characters = "".join(map(chr, codes))
    found = np.zeros(len(codes), np.uint8)
    for kind, pattern in (
        (LETTER, rf"[^\W_{_SCRIPTS}]+"),
        (UNSPACED, rf"(?:(?!\W)[{_SCRIPTS}])+"),
        (MARK, f"[{_mark_ranges()}]+"),
    ):
        for run in re.finditer(pattern, characters):
            found[run.start() : run.end()] = kind
    classes = np.zeros(0x110000, np.uint8)
    classes[codes] = found
    classes[0x345] = LETTER  # a mark below Greek letters that casefolding makes a letter
    return classes


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
