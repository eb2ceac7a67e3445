"""Stories among plain texts: those that are near-duplicates of one another at any length."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from goldwire.labels.splits.items import NONE, Ints
from goldwire.text.neighbours import Joined, neighbours
from goldwire.text.shingles import shingles
from goldwire.text.store import Store


def stories(texts: Sequence[str | None], *, containment: float = 0.5, size: int = 5) -> Ints:
    """Return the story of every text as a number, `NONE` where there is no text.

    Parameters
    ----------
    texts : sequence of str or None
    containment : float
        The least share of the shorter text's shingles that the longer one has, above 0 and at most 1.
    size : int
        Words in a shingle. Texts that are too short for one are of one story only when they are equal.
    """
    known: dict[str, int] = {}
    at = np.array([NONE if text is None else known.setdefault(text, len(known)) for text in texts], np.int64)
    offsets, numbers = shingles(list(known), size)
    joined, counts = Joined(len(known)), np.diff(offsets)
    first: dict[bytes, int] = {}
    new = np.zeros(len(known), bool)
    for index, (begin, end) in enumerate(zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)):
        same = first.setdefault(numbers[begin:end].tobytes(), index) if end > begin else index
        new[index] = same == index
        joined.join(same, index)
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "shingles", len(known)) as store:
        store.add(np.flatnonzero(new), counts[new], numbers[np.repeat(new, counts)])
        for pair in neighbours(store, containment=containment, every=False):
            joined.join(pair.first, pair.second)
    roots = np.array([*(joined.root(index) for index in range(len(known))), NONE], np.int64)
    return roots[at]
