"""Near: the texts of a subject that say the same, found once and kept for the checks that ask for them.

Two texts are near-duplicates when the longer one has at least half of the shorter one's runs of five words; see
`goldwire.text.neighbours`. Units with equal texts share a text here, and it is texts that are compared.
"""

import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goldwire.eval.audit.subject import Subject
from goldwire.text.neighbours import Joined, Neighbours, neighbours
from goldwire.text.shingles import shingles
from goldwire.text.store import Ints, Store

CONTAINMENT = 0.5
WORDS = 5  # in a shingle
LARGE = 1_000
"""Of more texts than these that hang together only the pairs that join them are named: all grow with the square."""
PAIRS = 1_000_000
"""All pairs of texts that hang together are named, those of the smallest groups first, until they may be so many."""
_BATCH = 5_000  # texts whose shingles are in memory at once


@dataclass(frozen=True)
class Near:
    """The distinct texts of a subject's units, and which are near-duplicates.

    Attributes
    ----------
    of_unit : array of int64
        The position of each unit's text among the distinct texts, in the order of `Subject.units`; -1 without a text.
    texts : int
        How many distinct texts there are.
    enough : array of bool
        Whether each of them has the five words that it takes to be compared.
    pairs : list of Neighbours
        Positions of texts, sorted.
    crowded : int
        Texts of which not all pairs are listed; see `LARGE` and `PAIRS`.
    """

    of_unit: Ints
    texts: int
    enough: NDArray[np.bool_]
    pairs: list[Neighbours]
    crowded: int


def near(subject: Subject) -> Near:
    """Return the near-duplicates among the texts of the units, found once a subject."""
    if "near" not in subject.memo:
        place: dict[str, int] = {}
        texts = subject.units["text"].tolist()
        at = [place.setdefault(text, len(place)) if isinstance(text, str) else -1 for text in texts]
        enough, pairs, crowded = near_duplicates(list(place))
        subject.memo["near"] = Near(np.array(at, np.int64), len(place), enough, pairs, crowded)
    found = subject.memo["near"]
    assert isinstance(found, Near)
    return found


def near_duplicates(texts: Sequence[str]) -> tuple[NDArray[np.bool_], list[Neighbours], int]:
    """Return which texts have enough words to be compared, the near-duplicates, and how many texts are crowded.

    What hangs together is found first, which stays fast where thousands of texts are made after one template; then
    all pairs inside of it, unless there would be more than `LARGE` and `PAIRS` say.
    """
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "all", len(texts)) as store:
        for begin in range(0, len(texts), _BATCH):
            offsets, numbers = shingles(texts[begin : begin + _BATCH], WORDS)
            counts = np.diff(offsets)
            store.add(np.arange(begin, begin + len(counts)), counts, numbers)
        joined = Joined(len(texts))
        joining = []
        for pair in neighbours(store, containment=CONTAINMENT, every=False):
            if joined.root(pair.first) != joined.root(pair.second):
                joined.join(pair.first, pair.second)
                joining.append(pair)
        together: dict[int, set[int]] = defaultdict(set)
        for pair in joining:
            together[joined.root(pair.first)] |= {pair.first, pair.second}
        groups = sorted(map(sorted, together.values()), key=lambda group: (len(group), group))
        possible = accumulate(len(group) * (len(group) - 1) // 2 for group in groups)
        small = [g for g, pairs in zip(groups, possible, strict=True) if len(g) <= LARGE and pairs <= PAIRS]
        done = {group[0] for group in small if len(group) > 2}
        found = [pair for pair in joining if joined.root(pair.first) not in done]
        for group in small:
            if len(group) > 2:
                found += _all_pairs(store, np.array(group, np.int64))
        return store.sizes > 0, sorted(found), sum(map(len, groups[len(small) :]))


def _all_pairs(store: Store, group: Ints) -> list[Neighbours]:
    """Return every pair of a group, by counting the shingles that each two share.

    A group is compared by itself: with others there would be a pair for each two texts that share a footer.
    """
    from scipy.sparse import csr_array

    counts, numbers = store.take(group)
    columns = np.unique(numbers, return_inverse=True)[1]
    has = csr_array((np.ones(len(numbers), np.int32), columns, np.append(0, np.cumsum(counts))))
    shared = (has @ has.T).toarray()
    contained = shared / np.minimum.outer(counts, counts)
    jaccard = shared / (np.add.outer(counts, counts) - shared)
    return [
        Neighbours(int(group[i]), int(group[j]), float(contained[i, j]), float(jaccard[i, j]))
        for i, j in np.argwhere(np.triu(contained >= CONTAINMENT, 1)).tolist()
    ]
