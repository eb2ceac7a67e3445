"""Neighbours: texts that say the same at different lengths, found by the word shingles that they share.

*Containment* is the share of the shorter text's shingles (its distinct runs of so many words) that the longer text
has too; *Jaccard* is the shared part of both together (Broder 1997, On the resemblance and containment of documents).
A wire story that one outlet cut to a third has a containment near 1 and a Jaccard near .3, so containment decides.

Candidates are texts that share *sampled* shingles. Of every text those shingles are sampled whose number is below a
bound, which is chosen so that two texts at the threshold share about 16 of them; since the bound of a short text is
above that of a long one, whatever is sampled of the shorter is looked for among all shingles of the longer. Pairs
that share at least 4 are counted in full, so none below the threshold is ever joined; a pair at the threshold is
missed with a chance of 1 in 10,000 (a Poisson variable of mean 16 below 4), one well above it never in practice, and
texts of up to ``16 / containment`` shingles are sampled whole. (Sampling below a bound, rather than the smallest so
many as in MinHash, is what keeps containment measurable between texts of unlike length: Irber et al. 2022,
Lightweight compositional analysis of metagenomes with FracMinHash and minimum metagenome covers.)
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goldwire.text.shingles import BITS, Numbers
from goldwire.text.store import Ints, Store

_SHARED = 16  # sampled shingles that two texts at the threshold share on average
_ENOUGH = 4  # for a candidate
_POSTINGS = 12_000_000  # sampled shingles that are sorted at once
_COUNTED = 6_000_000  # shingles that are compared at once
_NEXT = 64  # texts that a text meets under a shingle that more have, unless all pairs are wanted
_MOST = 1 << (64 - BITS)  # pairs in a block
_TABLE = 1 << 27  # slots that say whether a shingle was sampled
_KEYS = 20_000_000  # pairs that are held before they are counted together


@dataclass(frozen=True, order=True)
class Neighbours:
    """Two texts by their positions, `first` before `second`, and how much they share (both 0 to 1)."""

    first: int
    second: int
    containment: float
    jaccard: float


def neighbours(store: Store, *, containment: float, every: bool = True) -> Iterator[Neighbours]:
    """Yield the pairs of texts with at least this containment.

    Parameters
    ----------
    store : Store
        The shingles of the texts. A text without shingles has no neighbours here.
    containment : float
        The threshold, above 0 and at most 1.
    every : bool
        All pairs; otherwise just enough of them to join what belongs together, directly or through others, which
        stays fast where thousands of texts are made after one template. Then two texts that share little more than
        such a template can be missed: they meet only under what is their own.
    """
    joined = Joined(store.count)
    for first, second in _blocks(_candidates(store, containment, every), store):
        if not every:
            apart = joined.apart(first, second)
            first, second = first[apart], second[apart]
        for pair in _counted(store, first, second, containment):
            joined.join(pair.first, pair.second)
            yield pair


class Joined:
    """Which of `count` things are joined, directly or through others."""

    def __init__(self, count: int) -> None:
        self._root = list(range(count))

    def root(self, node: int) -> int:
        """Return the smallest thing that this one is joined with."""
        root = self._root
        while root[node] != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    def join(self, first: int, second: int) -> None:
        low, high = sorted((self.root(first), self.root(second)))
        self._root[high] = low

    def apart(self, first: Ints, second: Ints) -> NDArray[np.bool_]:
        """Return for every pair whether it is not joined yet."""
        pairs = zip(first.tolist(), second.tolist(), strict=True)
        return np.array([self.root(a) != self.root(b) for a, b in pairs], bool)


def _candidates(store: Store, containment: float, every: bool) -> Numbers:
    """Return pairs that share a sampled shingle, each once, as first << 32 | second."""
    sampled = math.ceil(_SHARED / containment)
    sizes = np.maximum(store.sizes, 1)
    bound = np.minimum(2.0**BITS, sampled / sizes * 2.0**BITS).astype(np.uint64)
    total = int(np.minimum(store.sizes, sampled).sum())
    slices = np.uint64(max(1, math.ceil(total / _POSTINGS)))
    pairs: Numbers = np.empty(0, np.uint64)
    shared: Ints = np.empty(0, np.int64)
    unmet: Ints = np.zeros(store.count, np.int64)
    for number in range(int(slices)):
        numbers, owners = _shared(*_postings(store, bound, np.uint64(number), slices, total))
        if not every:
            unmet += _crowded(numbers, owners, store.count)
        pairs, shared = _together(pairs, shared, *_meetings(numbers, owners, every))
    first, second = _both(pairs)
    least = np.ceil(np.minimum(store.sizes[first], store.sizes[second]) * containment - 1e-9)
    at_most = shared + np.minimum(unmet[first], unmet[second])
    enough: NDArray[np.bool_] = at_most >= np.minimum(_ENOUGH, least)
    return pairs[enough]


def _postings(store: Store, bound: Numbers, number: np.uint64, slices: np.uint64, total: int) -> tuple[Numbers, Ints]:
    """Return (shingle, text) for the shingles of one slice that were sampled of any text, and hardly any others."""
    slots = np.uint64(min(_TABLE, max(1024, 1 << (16 * total // int(slices)).bit_length())) - 1)
    sampled = np.zeros(int(slots) + 1, bool)
    for owners, numbers in store.blocks():
        chosen = numbers < bound[owners]
        if slices > 1:
            chosen &= numbers % slices == number
        sampled[numbers[chosen] & slots] = True
    kept_numbers, kept_owners = [np.empty(0, np.uint64)], [np.empty(0, np.int64)]
    for owners, numbers in store.blocks():
        chosen = sampled[numbers & slots]
        if slices > 1:
            chosen &= numbers % slices == number
        kept_numbers.append(numbers[chosen])
        kept_owners.append(owners[chosen])
    return np.concatenate(kept_numbers), np.concatenate(kept_owners)


def _shared(numbers: Numbers, owners: Ints) -> tuple[Numbers, Ints]:
    """Return what stands in more than one text, sorted by shingle and text.

    So the texts under a shingle are in one order everywhere, and of a thousand copies the same ones meet every time.
    """
    order = np.argsort(numbers)
    numbers, owners = numbers[order], owners[order]
    same = numbers[1:] == numbers[:-1]
    several = np.zeros(len(numbers), bool)
    several[1:] |= same
    several[:-1] |= same
    numbers, owners = numbers[several], owners[several]
    order = np.lexsort((owners, numbers))
    return numbers[order], owners[order]


def _crowded(numbers: Numbers, owners: Ints, count: int) -> Ints:
    """Return for every text how many of its shingles stand in so many texts that not all of them meet there."""
    begins = np.flatnonzero(np.append(True, numbers[1:] != numbers[:-1])[: len(numbers)])
    lengths = np.diff(np.append(begins, len(numbers)))
    return np.bincount(owners[np.repeat(lengths > _NEXT + 1, lengths)], minlength=count)


def _meetings(numbers: Numbers, owners: Ints, every: bool) -> tuple[Numbers, Ints]:
    """Return the pairs of texts that stand under one shingle, and under how many."""
    texts = owners.astype(np.uint64)
    pairs: Numbers = np.empty(0, np.uint64)
    shared: Ints = np.empty(0, np.int64)
    waiting: list[Numbers] = []
    step, held = 1, 0
    at: Ints = np.arange(len(numbers))
    while len(at) and (every or step <= _NEXT):
        at = at[at + step < len(numbers)]
        at = at[numbers[at] == numbers[at + step]]
        waiting.append(texts[at] << np.uint64(32) | texts[at + step])
        held += len(at)
        if held > _KEYS:
            pairs, shared = _together(pairs, shared, *_tally(waiting))
            held, waiting = 0, []
        step += 1
    return _together(pairs, shared, *_tally(waiting))


def _tally(keys: list[Numbers]) -> tuple[Numbers, Ints]:
    pairs, counts = np.unique(np.concatenate([np.empty(0, np.uint64), *keys]), return_counts=True)
    return pairs, counts.astype(np.int64)


def _together(pairs: Numbers, shared: Ints, more: Numbers, counts: Ints) -> tuple[Numbers, Ints]:
    """Return the union of two tallies, with the counts of what is in both added."""
    if not len(pairs):
        return more, counts
    keys, where = np.unique(np.concatenate([pairs, more]), return_inverse=True)
    sums = np.bincount(where.reshape(-1), weights=np.concatenate([shared, counts]), minlength=len(keys))
    return keys, sums.astype(np.int64)


def _both(pairs: Numbers) -> tuple[Ints, Ints]:
    return (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(2**32 - 1)).astype(np.int64)


def _blocks(pairs: Numbers, store: Store) -> Iterator[tuple[Ints, Ints]]:
    first, second = _both(pairs)
    begin, cost = 0, np.cumsum(store.sizes[first] + store.sizes[second])
    while begin < len(pairs):
        before = int(cost[begin - 1]) if begin else 0
        end = int(np.searchsorted(cost, before + _COUNTED, side="right"))
        end = min(max(end, begin + 1), begin + _MOST)
        yield first[begin:end], second[begin:end]
        begin = end


def _counted(store: Store, first: Ints, second: Ints, containment: float) -> Iterator[Neighbours]:
    """Yield the pairs that reach the threshold: a shingle is shared where it stands twice under one pair."""
    both = np.concatenate([first, second])
    pair = np.tile(np.arange(len(first)), 2)
    counts, numbers = store.take(both)
    keys = np.sort(np.repeat(pair, counts).astype(np.uint64) << np.uint64(BITS) | numbers)
    twice = keys[1:][keys[1:] == keys[:-1]] >> np.uint64(BITS)
    shared = np.bincount(twice.astype(np.int64), minlength=len(first))
    smaller = np.minimum(store.sizes[first], store.sizes[second])
    union = store.sizes[first] + store.sizes[second] - shared
    contained = shared / smaller
    for k in np.flatnonzero(contained >= containment).tolist():
        yield Neighbours(int(first[k]), int(second[k]), float(contained[k]), float(shared[k] / union[k]))
