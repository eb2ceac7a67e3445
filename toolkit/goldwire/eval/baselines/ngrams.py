"""Counts of the n-grams of texts, each text counted once, however many folds it stands in.

A count is of one text alone. Which n-grams are known, and how rare they are, is learnt from rows: see `tfidf`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from goldwire.eval.task import Array, Codes

_MOST = 2000
"""Texts that are kept. Where there are more, learning takes longer than counting, and memory is worth more."""


class Counts:
    """The n-grams of texts and how often each text has them.

    Parameters
    ----------
    analyse : callable
        From a text to its n-grams, in any order.
    """

    def __init__(self, analyse: Callable[[str], Iterable[str]]) -> None:
        self._analyse = analyse
        self._ids: dict[str, int] = {}
        self._of: dict[str, tuple[Codes, Codes]] = {}
        self._rank: Codes = np.zeros(0, dtype=np.int64)

    def keep(self, texts: Sequence[str]) -> bool:
        """Count these texts, unless there would be too many, and return whether they are counted."""
        new = dict.fromkeys(text for text in texts if text not in self._of)
        if len(self._of) + len(new) > _MOST:
            return False
        for text in new:
            counted = Counter(self._analyse(text))
            ids = [self._ids.setdefault(ngram, len(self._ids)) for ngram in counted]
            self._of[text] = np.array(ids, dtype=np.int64), np.fromiter(counted.values(), np.int64, len(ids))
        return True

    def vocabulary(self, texts: Sequence[str], least: int, most: int) -> dict[str, int]:
        """Return the n-grams that stand in `least` of these texts or more, and of them the `most` frequent.

        The same that a vectoriser of scikit-learn learns, which numbers them in alphabetical order.

        Parameters
        ----------
        texts : sequence of str
            Texts that are kept.
        """
        ids, counts, _ = self._entries(texts)
        size = len(self._ids)
        rank = self._ranked()
        texts_with = np.bincount(ids, minlength=size)
        chosen = np.flatnonzero(texts_with >= least)
        chosen = chosen[np.argsort(rank[chosen])]
        if len(chosen) > most:
            often = np.bincount(ids, weights=counts, minlength=size)[chosen].astype(np.int64)
            chosen = chosen[np.sort((-often).argsort()[:most])]
        names = list(self._ids)
        return {names[at]: place for place, at in enumerate(chosen.tolist())}

    def matrix(self, texts: Sequence[str], vocabulary: Mapping[str, int]) -> Any:
        """Return how often each of these texts, which are kept, has each n-gram of a vocabulary; sparse."""
        from scipy.sparse import csr_matrix

        column = np.full(len(self._ids), -1, dtype=np.int64)
        for ngram, place in vocabulary.items():
            if (at := self._ids.get(ngram)) is not None:
                column[at] = place
        ids, counts, rows = self._entries(texts)
        columns = column[ids]
        known = columns >= 0
        return csr_matrix((counts[known], (rows[known], columns[known])), shape=(len(texts), len(vocabulary)))

    def _entries(self, texts: Sequence[str]) -> tuple[Codes, Array | Codes, Codes]:
        kept = [self._of[text] for text in texts]
        none = np.zeros(0, dtype=np.int64)
        ids, counts = (np.concatenate([none, *(one[at] for one in kept)]) for at in (0, 1))
        return ids, counts, np.repeat(np.arange(len(kept)), [len(one[0]) for one in kept])

    def _ranked(self) -> Codes:
        """Return the place of each n-gram in alphabetical order."""
        if len(self._rank) < len(self._ids):
            names = list(self._ids)
            self._rank = np.empty(len(names), dtype=np.int64)
            self._rank[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
        return self._rank
