"""Stems: English words without their commonest endings, so that a keyword finds its forms.

Far less than Porter's stemmer (Porter 1980), and only as good as counting keywords needs: what it makes of a word is
no word, and two forms of one word may still part. Words in other scripts stay as they are.
"""

from functools import lru_cache

from goldwire.text.words import words

# Ending, what stands for it, and how many letters must be left before it; the first that fits is taken.
_ENDINGS = (
    *((ending, "", 4) for ending in ("ations", "ation", "ators", "ator", "ating", "ated", "ates", "ate")),
    *((ending, "", 3) for ending in ("ings", "ing", "ments", "ment", "ers", "er", "ors", "or")),
    *((ending, "y", 3) for ending in ("ied", "ies")),
    *((ending, "", 3) for ending in ("ed", "es")),
    *((ending, "", 5) for ending in ("ions", "ion")),
    *((ending, "", 3) for ending in ("s", "e")),
)
_DOUBLED = frozenset("bdgmnprt")
_TWICE = 2  # kidnap-p-er-s, murd-er-ed


def stems(text: str) -> list[str]:
    """Return the stems of the words of a text, in order."""
    return [stem(word) for word in words(text)]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return a word, as `text.words` gives it, without its ending."""
    if not word.isascii() or not word.isalpha():
        return word
    for _ in range(_TWICE):
        for ending, instead, least in _ENDINGS:
            left = word.removesuffix(ending)
            if left != word and len(left) >= least and any(letter in "aeiouy" for letter in left):
                word = left + instead
                break
    if len(word) > len("bob") and word[-1] == word[-2] and word[-1] in _DOUBLED:
        word = word[:-1]
    return word
