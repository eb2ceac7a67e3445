"""Which units to label next: those of which the model is unsure, each unlike what is labelled or chosen already.

Uncertainty times diversity, chosen one after the other: the greedy k-center choice (Sener and Savarese, 2018, Active
learning for convolutional neural networks: a core-set approach, ICLR), its distances weighed by uncertainty (Settles,
2009, Active learning literature survey, section 3.6: density and diversity).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from goldwire.eval.task import Array, Task

if TYPE_CHECKING:
    import pandas as pd

_CANDIDATES = 50
"""A unit of the batch is chosen among this many times as many units, the most uncertain."""

_FEWEST_CANDIDATES = 2000
_BLOCK = 500  # rows whose similarities are held at once
_FEATURES = 100_000


@dataclass(frozen=True)
class Choice:
    """A unit that was chosen, and why.

    Attributes
    ----------
    place : int
        Its position in the pool.
    uncertainty : float
        0 (sure) to 1.
    distance : float
        0 (the same words) to 1 (no word in common) from the nearest unit that is labelled or was chosen before.
    nearest : str or None
        That unit; None when there was none.
    """

    place: int
    uncertainty: float
    distance: float
    nearest: str | None


def uncertainty(task: Task, shares: Array) -> Array:
    """Return the entropy of each row of shares, 0 to 1, over that of even shares.

    With several labels it is the mean of each label's own, had or not.
    """
    if not len(shares):
        return np.zeros(0)
    if task.several:
        return np.asarray((_information(shares) + _information(1 - shares)).mean(axis=1) / np.log(2))
    total = shares.sum(axis=1, keepdims=True)
    even = np.where(total > 0, shares / np.where(total > 0, total, 1), 1 / shares.shape[1])
    return np.asarray(_information(even).sum(axis=1) / np.log(max(2, shares.shape[1])))


def choose(pool: "pd.DataFrame", labelled: "pd.DataFrame", unsure: Array, n: int, seed: int = 0) -> list[Choice]:
    """Choose up to n units, one of a story, the best first.

    Parameters
    ----------
    pool : DataFrame
        unit_id, text, target, holder, cluster of the units without an answer.
    labelled : DataFrame
        The same columns of the units that have one.
    unsure : array
        Uncertainty of each unit of the pool, 0 to 1.
    n : int
    seed : int
        Decides between equals.

    Returns
    -------
    list of Choice
        Fewer than n where there are not so many stories.
    """
    order = np.lexsort((np.random.default_rng(seed).random(len(pool)), -unsure))
    candidates = order[: max(_CANDIDATES * n, _FEWEST_CANDIDATES)]
    vectors, known = _vectors(pool.iloc[candidates], labelled)
    stories = pool["cluster"].to_numpy()[candidates]
    near, nearest = _nearest(vectors, known, list(labelled["unit_id"]))
    open_ = np.ones(len(candidates), dtype=bool)
    found: list[Choice] = []
    while open_.any() and len(found) < n:
        worth = np.where(open_, unsure[candidates] * (1 - near), -1.0)
        at = int(worth.argmax())  # of equals the first in the order that was drawn
        place = int(candidates[at])
        found.append(Choice(place, float(unsure[place]), float(1 - near[at]), nearest[at]))
        open_ &= stories != stories[at]
        similar = np.asarray((vectors @ vectors[[at]].T).todense()).ravel()
        closer = similar > near
        near = np.where(closer, similar, near)
        for other in np.flatnonzero(closer):
            nearest[other] = pool["unit_id"].iloc[place]
    return found


def _information(shares: Array) -> Array:
    inside = np.clip(shares, 0, 1)
    return np.asarray(-inside * np.log(np.where(inside > 0, inside, 1)))


def _vectors(pool: "pd.DataFrame", labelled: "pd.DataFrame") -> tuple[Any, Any]:
    """Return TF-IDF of the words of text and target, of length 1."""
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectoriser = TfidfVectorizer(sublinear_tf=True, max_features=_FEATURES, token_pattern=r"(?u)\b\w+\b")
    try:
        vectors = vectoriser.fit_transform([*_joined(pool), *_joined(labelled)]).tocsr()
    except ValueError:  # there is not one word
        vectors = csr_matrix((len(pool) + len(labelled), 1))
    return vectors[: len(pool)], vectors[len(pool) :]


def _joined(rows: "pd.DataFrame") -> list[str]:
    return [f"{text}\n{target}" for text, target in zip(rows["text"], rows["target"], strict=True)]


def _nearest(vectors: Any, known: Any, names: list[str]) -> tuple[Array, list[str | None]]:
    """Return how similar each row is to the nearest of those known, and its name."""
    near = np.zeros(vectors.shape[0])
    found: list[str | None] = [None] * vectors.shape[0]
    if not known.shape[0]:
        return near, found
    for start in range(0, vectors.shape[0], _BLOCK):
        similar = np.asarray((vectors[start : start + _BLOCK] @ known.T).todense())
        best = similar.argmax(axis=1)
        for row, at in enumerate(best):
            near[start + row] = min(1.0, float(similar[row, at]))
            found[start + row] = names[at] if similar[row, at] > 0 else None
    return near, found
