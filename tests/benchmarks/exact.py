"""Every pair of neighbours, exactly and in memory: what the engine is measured against.

It shares nothing with `goldwire.text.neighbours` but the definition of a word: shingles are numbered without hashes,
and candidates come from prefix filtering, which misses none.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goldwire.text.words import words

_Ints = NDArray[np.int64]
_PRODUCTS = 5_000_000  # multiplications a block: bounds the memory of the candidate search
_VERIFIED = 20_000  # candidates a block


@dataclass(frozen=True, order=True)
class Neighbours:
    """Two texts by their positions, `first` before `second`, and how much they share (both 0 to 1)."""

    first: int
    second: int
    containment: float
    jaccard: float


def neighbours(texts: Sequence[str], *, containment: float = 0.5, shingle: int = 5) -> list[Neighbours]:
    """Return every pair of texts with at least this containment, in order. Exact: no pair is missed or guessed.

    Parameters
    ----------
    texts : sequence of str
        The texts; see `words` for what counts as a word.
    containment : float
        The threshold, above 0 and at most 1.
    shingle : int
        Words in a shingle, at least 1. A text with fewer words has no shingle; it pairs only with an equal text.

    Notes
    -----
    If two texts share at least the fraction t of the smaller one's n shingles, then any n - ceil(t n) + 1 of these
    include a shared one. So candidates are looked up by that many of each text's rarest shingles only (prefix
    filtering: Chaudhuri, Ganti and Kaushik 2006, A primitive operator for similarity joins), and boilerplate that
    stands in every article costs nothing. Every candidate is then counted in full.
    """
    owner, shingles = _shingles(texts, shingle)
    sizes = np.bincount(owner, minlength=len(texts)).astype(np.int64)
    found = [*_equal(texts, sizes), *_sharing(owner, shingles, sizes, containment)]
    return sorted(found)


def _equal(texts: Sequence[str], sizes: _Ints) -> list[Neighbours]:
    """Pairs among the texts that are too short for a shingle."""
    same: dict[str, list[int]] = defaultdict(list)
    for index in np.flatnonzero(sizes == 0):
        if texts[index]:
            same[texts[index]].append(int(index))
    return [Neighbours(a, b, 1.0, 1.0) for group in same.values() for a, b in combinations(group, 2)]


def _shingles(texts: Sequence[str], size: int) -> tuple[_Ints, _Ints]:
    """Return (text, shingle) for every distinct shingle of every text, sorted; equal shingles have equal numbers.

    Numbers are made by renumbering (run, next word) pairs, so there is no hash and no collision.
    """
    vocabulary: defaultdict[str, int] = defaultdict(int)
    vocabulary.default_factory = vocabulary.__len__  # a new word gets the next number
    numbered = [np.array([vocabulary[word] for word in words(text)], np.int64) for text in texts]
    lengths = np.array([len(numbers) for numbers in numbered], np.int64)
    tokens = np.concatenate([np.empty(0, np.int64), *numbered])
    owner = np.repeat(np.arange(len(texts), dtype=np.int64), lengths)
    ends = np.repeat(np.cumsum(lengths), lengths)
    starts = np.flatnonzero(np.arange(len(tokens)) + size <= ends)  # a run never crosses into the next text
    runs = tokens[starts]
    for step in range(1, size):
        runs = np.unique(runs * len(vocabulary) + tokens[starts + step], return_inverse=True)[1].reshape(-1)
    count = int(runs.max()) + 1 if len(runs) else 1
    distinct = np.unique(owner[starts] * count + runs)
    return distinct // count, distinct % count


def _sharing(owner: _Ints, shingles: _Ints, sizes: _Ints, containment: float) -> list[Neighbours]:
    if not len(owner):
        return []
    from scipy.sparse import csr_array

    frequency = np.bincount(shingles)[shingles]
    needed = np.ceil(sizes * containment - 1e-9).astype(np.int64)  # .28 * 25 must not round up to 8
    rarest_first = np.lexsort((frequency, owner))
    rank = np.empty(len(owner), np.int64)
    rank[rarest_first] = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    shared = frequency > 1
    in_prefix = shared & (rank <= (sizes - needed)[owner])

    def matrix(chosen: NDArray[np.bool_]) -> Any:
        ones = np.ones(int(chosen.sum()), np.int32)
        shape = (len(sizes), int(shingles.max()) + 1)
        return csr_array((ones, (owner[chosen], shingles[chosen])), shape=shape)

    whole, prefix = matrix(shared), matrix(in_prefix)
    cost = np.bincount(owner[in_prefix], weights=frequency[in_prefix], minlength=len(sizes)).astype(np.float64)
    candidates: list[_Ints] = [np.empty((2, 0), np.int64)]
    for begin, end in _blocks(cost):
        smaller, larger = (prefix[begin:end] @ whole.T).nonzero()
        smaller = smaller + begin
        is_smaller = (sizes[smaller] < sizes[larger]) | ((sizes[smaller] == sizes[larger]) & (smaller < larger))
        candidates.append(np.stack([smaller[is_smaller], larger[is_smaller]]).astype(np.int64))
    smaller, larger = np.concatenate(candidates, axis=1)

    found = []
    for begin in range(0, len(smaller), _VERIFIED):
        a, b = smaller[begin : begin + _VERIFIED], larger[begin : begin + _VERIFIED]
        both = np.asarray(whole[a].multiply(whole[b]).sum(axis=1)).reshape(-1)
        contained, jaccard = both / sizes[a], both / (sizes[a] + sizes[b] - both)
        found += [
            Neighbours(min(int(a[k]), int(b[k])), max(int(a[k]), int(b[k])), float(contained[k]), float(jaccard[k]))
            for k in np.flatnonzero(contained >= containment)
        ]
    return found


def _blocks(cost: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Ranges of rows whose costs sum to about _PRODUCTS; a row that costs more stands alone."""
    number = np.cumsum(cost) // _PRODUCTS
    edges = [0, *(np.flatnonzero(np.diff(number)) + 1).tolist(), len(cost)]
    return list(pairwise(edges))
