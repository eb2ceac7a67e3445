"""Shingles: the distinct runs of so many words that a text has, as numbers, for comparing texts with one another.

The words are those of `goldwire.text.words`. Doing it for many texts at once, over their characters in an array, is
what makes a million articles comparable: a word's number is the difference of two prefix sums of a polynomial over
its characters, brought back to its beginning (Karp and Rabin 1987, Efficient randomized pattern-matching algorithms),
and a shingle's number is a polynomial over those.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from goldwire.text.spans import batches, codes, together, word_spans

BITS = 44
"""Bits of a shingle's number. Two texts of a thousand shingles have one in common by chance once in 10 million."""

Numbers = NDArray[np.uint64]

_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so that it has an inverse
_POWERS = 1 << 18  # that are kept, since every batch needs them
_INVERSE = np.uint64(pow(int(_BASE), -1, 2**64))


def shingles(texts: Sequence[str], size: int, *, seed: int = 0) -> tuple[NDArray[np.int64], Numbers]:
    """Return the distinct shingles of every text as numbers of `BITS` bits.

    Parameters
    ----------
    texts : sequence of str
    size : int
        Words in a shingle, at least 1. A text with fewer words has none.
    seed : int
        Another seed gives every shingle another number.

    Returns
    -------
    offsets : array of int64, one more than there are texts
    numbers : array of uint64
        Those of text k are ``numbers[offsets[k]:offsets[k + 1]]``, ascending.
    """
    counts: list[NDArray[np.int64]] = [np.zeros(1, np.int64)]
    numbers: list[Numbers] = [np.empty(0, np.uint64)]
    for begin, end in batches(texts):
        count, found = _of_batch(texts[begin:end], size, seed)
        counts.append(count)
        numbers.append(found)
    return np.cumsum(np.concatenate(counts)), np.concatenate(numbers)


def _of_batch(texts: Sequence[str], size: int, seed: int) -> tuple[NDArray[np.int64], Numbers]:
    folded = [text.casefold() for text in texts]
    joined, ends = together(folded)
    starts, stops = word_spans(joined)
    owner = np.repeat(np.arange(len(texts)), np.diff(np.searchsorted(starts, ends), prepend=0))

    prefix = np.append(np.uint64(0), _character_numbers(codes(joined)))
    prefix *= _powers(_BASE, len(prefix))
    np.cumsum(prefix, out=prefix)  # unsigned numbers wrap around, which is what a polynomial over 2**64 needs
    word = (prefix[stops] - prefix[starts]) * _powers(_INVERSE, len(prefix))[starts]
    word ^= word >> np.uint64(29)
    word *= np.uint64(0xFF51AFD7ED558CCD)  # else a shingle's number would be the same wherever a word ends in it
    word ^= word >> np.uint64(32)

    runs = max(len(word) - size + 1, 0)
    number: Numbers = np.zeros(runs, np.uint64)
    for step in range(size):
        number *= _BASE
        number += word[step : step + runs]
    number = _mixed(number ^ _mixed(np.array([seed + 1], np.uint64)))
    inside = owner[:runs] == owner[len(owner) - runs :]  # a run never crosses into the next text
    local = owner[:runs][inside].astype(np.uint64)
    keys = np.sort(local << np.uint64(BITS) | number[inside] >> np.uint64(64 - BITS))
    keys = keys[np.append(True, keys[1:] != keys[:-1])[: len(keys)]]
    counts = np.bincount((keys >> np.uint64(BITS)).astype(np.int64), minlength=len(texts))
    return counts, keys & np.uint64(2**BITS - 1)


def _character_numbers(characters: NDArray[np.uint8] | NDArray[np.uint32]) -> Numbers:
    if characters.dtype == np.uint8:
        return np.take(_ascii_numbers(), characters, mode="clip")
    return _mixed(characters.astype(np.uint64))


@lru_cache(maxsize=1)
def _ascii_numbers() -> Numbers:
    return _mixed(np.arange(128, dtype=np.uint64))


def _mixed(numbers: Numbers) -> Numbers:
    """Return numbers whose every bit depends on every bit (MurmurHash3's finaliser, with 1 added so that 0 moves)."""
    numbers = numbers + np.uint64(1)
    numbers ^= numbers >> np.uint64(33)
    numbers *= np.uint64(0xFF51AFD7ED558CCD)
    numbers ^= numbers >> np.uint64(33)
    numbers *= np.uint64(0xC4CEB9FE1A85EC53)
    numbers ^= numbers >> np.uint64(33)
    return numbers


def _powers(base: np.uint64, count: int) -> Numbers:
    """Return base to the power 0, 1, 2, ..."""
    return _kept_powers(int(base))[:count] if count <= _POWERS else _made_powers(base, count)


@lru_cache(maxsize=2)
def _kept_powers(base: int) -> Numbers:
    return _made_powers(np.uint64(base), _POWERS)


def _made_powers(base: np.uint64, count: int) -> Numbers:
    powers = np.full(count, base, np.uint64)
    powers[0] = 1
    return np.multiply.accumulate(powers, out=powers)
