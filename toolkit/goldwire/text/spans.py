"""Where the words of texts stand, for many texts at once: the words of `goldwire.text.words`, without making them."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from goldwire.text.words import LETTER, MARK, UNSPACED, character_classes

Ints = NDArray[np.int64]

_TOGETHER = 131_072  # characters that are worked on at once: their arrays fit in a processor's cache
_TEXTS = 100_000


def word_spans(text: str) -> tuple[Ints, Ints]:
    """Return where words start and stop, in order: code points, end-exclusive.

    ``[text[start:stop].casefold() for start, stop in zip(*word_spans(text))]`` is ``words(text)``.
    """
    kind = np.take(character_classes(), codes(f"\n{text}\n"), mode="clip")
    if text.isascii():
        edges = np.flatnonzero(kind[1:] != kind[:-1])
        return edges[::2], edges[1::2]
    # A mark belongs to what stands before it, and to nothing where no word does.
    base = kind[np.maximum.accumulate(np.where(kind != MARK, np.arange(len(kind)), 0))]
    begins = (kind[1:] == UNSPACED) | ((kind[1:] == LETTER) & (base[:-1] != LETTER))
    last = (base[:-1] != 0) & (begins | (base[1:] == 0))
    return np.flatnonzero(begins), np.flatnonzero(last)


def word_counts(texts: Sequence[str]) -> Ints:
    """Return the number of words of each text, ``len(words(text))``."""
    found: list[Ints] = [np.empty(0, np.int64)]
    for begin, end in batches(texts):
        joined, ends = together(texts[begin:end])
        found.append(np.diff(np.searchsorted(word_spans(joined)[0], ends), prepend=0))
    return np.concatenate(found)


def batches(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Return ranges of texts that are best worked on together; a long one stands alone."""
    edges, length = [0], 0
    for index, text in enumerate(texts):
        length += len(text) + 1
        if length > _TOGETHER or index - edges[-1] == _TEXTS:
            edges.append(index + 1)
            length = 0
    if edges[-1] != len(texts):
        edges.append(len(texts))
    return list(pairwise(edges))


def together(texts: Sequence[str]) -> tuple[str, Ints]:
    """Return the texts as one, so that no word crosses from one into the next, and where each ends in it."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    return "\n".join(texts), np.cumsum(lengths + 1)


def codes(text: str) -> NDArray[np.uint8] | NDArray[np.uint32]:
    """Return the code points of a text."""
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), np.uint8)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
