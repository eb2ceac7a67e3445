"""What text and target of a pair share: the features that tell whether they are about the same matter."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from goldwire.eval.baselines.pairs.index import LEAD, Codes, Index, spread
from goldwire.eval.task import Array

NAMES = (
    *("all", "first sentence", "first three", "last three", "names", "numbers", "bm25", "cosine"),
    *(
        "best sentence",
        "second sentence",
        "third sentence",
        "best cosine",
        "sentences over half",
        "sentences over .3",
    ),
    *("position of best", "position of first hit", "mean position", "best two sentences"),
    *("rarest hit", "second hit", "rarest miss", "second miss", "hits", "misses", "rare misses"),
    *("pairs of words", "threes of words", "5 characters", "10 characters", "longest run"),
    *("company", "company of lead", "company of best", "soft hits", "soft misses"),
    *("target length", "text length", "sentences", "target weight"),
)
_K1, _B = 1.2, 0.75  # BM25 (Robertson and Zaragoza 2009)
_USUAL = 350  # words of a text
_TOP = 3  # sentences
_RARE = 0.5
_AT_ONCE = 4096  # rows, so that memory is bounded
_LEAST = 1e-9
Vectors = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Overlap:
    """Features of rows, and for each the sentences that share most with the target.

    Attributes
    ----------
    features : array, shape (n, len(NAMES))
    sentences : array of int, shape (n, 3)
        Positions of the sentences of the text that share most with the target, the best first; -1 where there are
        fewer.
    shares : array, shape (n, 3)
        How much of the target's weight each of them has.
    """

    features: npt.NDArray[np.float32]
    sentences: Codes
    shares: Array


def overlap(index: Index, wording: Vectors, rows: Codes, weights: Array, company: Vectors) -> Overlap:
    """Compare text and target of these rows, with the weights and vectors of a background.

    Parameters
    ----------
    index, wording
        Of all rows, see `pairs.index`.
    weights : array, shape (stems,)
    company : array, shape (stems, dimensions)
    """
    weighed = _Weighed(index, weights, company)
    found = Overlap(
        np.zeros((len(rows), len(NAMES)), np.float32), np.full((len(rows), _TOP), -1), np.zeros((len(rows), _TOP))
    )
    for at in range(0, len(rows), _AT_ONCE):
        part = slice(at, at + _AT_ONCE)
        sentences, shares = found.sentences[part], found.shares[part]
        features = _compare(
            weighed, index.pairs.text_of[rows[part]], index.pairs.target_of[rows[part]], sentences, shares
        )
        features |= dict(zip(NAMES[25:30], wording[rows[part]].T, strict=True))
        found.features[part] = np.column_stack([features[name] for name in NAMES])
    return found


class _Weighed:
    """An index, and what a background makes of its texts and targets."""

    def __init__(self, index: Index, weights: Array, company: Vectors) -> None:
        self.index, self.weights, self.company = index, weights, company
        self.norms = np.sqrt(index.in_sentence @ weights**2) + _LEAST
        stems = index.in_text.indices
        frequency = (1 + np.log(index.times)) * weights[stems]
        text = np.repeat(np.arange(len(index.counts)), np.diff(index.in_text.indptr))
        self.norm = np.sqrt(np.bincount(text, weights=frequency**2, minlength=len(index.counts))) + _LEAST
        self._moved = weights.astype(np.float32)[:, None] * company
        self.texts, self.leads, self.targets = (
            self.mean(matrix) for matrix in (index.in_text, index.in_lead, index.in_target)
        )

    def mean(self, matrix: Any) -> Vectors:
        """Return the weighted sums of the vectors of stems, of length 1."""
        found = np.asarray(matrix @ self._moved, np.float32)
        length = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(np.divide(found, length, out=found, where=length > _LEAST))


def _compare(
    weighed: _Weighed, text: Codes, target: Codes, sentences: Codes, shares: Array
) -> dict[str, npt.NDArray[Any]]:
    """Return the features by name but for those of the wording, and fill in the best sentences and their shares."""
    index, n = weighed.index, len(text)
    row, at = spread(index.asked_from, target)
    stems = index.asked[at]
    place = index.find(text[row], stems)
    hit, weight, count = place >= 0, weighed.weights[stems], index.counts[text]

    def total(values: npt.NDArray[Any]) -> Array:
        return np.asarray(np.bincount(row, weights=values, minlength=n), np.float64)

    def share(values: npt.NDArray[Any]) -> Array:
        return np.asarray(total(weight * values) / whole)

    whole = np.maximum(total(weight), _LEAST)
    times, first, last = (
        np.append(values, missing)[place] for values, missing in ((index.times, 0), (index.first, 0), (index.last, 0))
    )
    size = np.sqrt(total(weight**2)) + _LEAST
    asked, hits = np.bincount(row, minlength=n), total(hit)
    of, among = spread(index.occurrences, place[hit])
    entry, sentence = np.flatnonzero(hit)[of], index.sentences[among]
    width = int(count.max(initial=1))
    beyond = np.arange(width) >= count[:, None]

    def by_sentence(values: Array) -> Array:
        slots = row[entry] * width + sentence
        found = np.bincount(slots, weights=values[entry], minlength=n * width)
        return np.asarray(found.reshape(n, width), np.float64)

    said = by_sentence(weight) / whole[:, None]
    said[beyond] = -1
    _tops(said, sentences, shares)
    norms = weighed.norms[np.minimum(index.begins[text][:, None] + np.arange(width), len(weighed.norms) - 1)]
    cosines = by_sentence(weight**2) / (norms * size[:, None])
    two = np.zeros(len(row), bool)
    two[entry[(sentence == sentences[row[entry], 0]) | (sentence == sentences[row[entry], 1])]] = True
    frequency = np.where(hit, 1 + np.log(np.maximum(1, times)), 0)
    bm25 = times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * index.lengths[text][row] / _USUAL))
    places = np.where(hit, first / count[row], 1.0)
    earliest = np.ones(n)
    np.minimum.at(earliest, row, places)
    weight_of_hits = total(weight * hit)
    digits = index.digits[stems]
    numbers = total(digits)
    rarest, missed = _largest(row, weight, hit, n), _largest(row, weight, ~hit, n)
    return {
        "all": weight_of_hits / whole,
        "first sentence": share(hit & (first < 1)),
        "first three": share(hit & (first < LEAD)),
        "last three": share(hit & (last >= np.maximum(0, count - LEAD)[row])),
        "names": share(index.named(text[row], stems)),
        "numbers": np.where(numbers > 0, total(hit & digits) / np.maximum(1, numbers), -1),
        "bm25": share(bm25) / (_K1 + 1),
        "cosine": total(weight**2 * frequency) / (weighed.norm[text] * size),
        **dict(zip(NAMES[8:11], shares.T, strict=True)),
        "best cosine": np.where(beyond, 0, cosines).max(axis=1),
        "sentences over half": (said > shares[:, :1] / 2).sum(axis=1),
        "sentences over .3": (said > 0.3).sum(axis=1),
        "position of best": sentences[:, 0] / count,
        "position of first hit": earliest,
        "mean position": np.where(hits > 0, total(places * weight * hit) / np.maximum(_LEAST, weight_of_hits), 1),
        "best two sentences": share(two),
        **dict(zip(NAMES[18:22], (*rarest.T, *missed.T), strict=True)),
        "hits": hits,
        "misses": asked - hits,
        "rare misses": total(~hit & (weight > _RARE)),
        **_company(weighed, text, target, sentences[:, 0], row, stems, hit),
        "target length": asked,
        "text length": index.lengths[text],
        "sentences": count,
        "target weight": whole,
    }


def _tops(said: Array, sentences: Codes, shares: Array) -> None:
    """Fill in the best sentences, of equals the first; a share below 0 is of no sentence."""
    left, rows = said.copy(), np.arange(len(said))
    for rank in range(_TOP):
        best = left.argmax(axis=1)
        there = left[rows, best] >= 0
        sentences[there, rank], shares[there, rank] = best[there], left[rows, best][there]
        left[rows, best] = -1


def _largest(row: Codes, weight: Array, chosen: Flags, n: int) -> Array:
    """Return the two largest weights of the chosen entries of each row, 0 where there are none, n x 2."""
    found = np.zeros((n, 2))
    order = np.lexsort((-weight, row))
    order = order[chosen[order]]
    rank = np.arange(len(order)) - np.searchsorted(row[order], row[order])
    kept = rank < 2
    found[row[order][kept], rank[kept]] = weight[order][kept]
    return found


def _company(
    weighed: _Weighed, text: Codes, target: Codes, best: Codes, row: Codes, stems: Codes, hit: Flags
) -> dict[str, Array]:
    """Return how near the target is to the text by the company their stems keep, and its stems one by one."""
    index, weight = weighed.index, weighed.weights[stems]
    own = weighed.targets[target]
    found, place = np.unique(index.begins[text] + best, return_inverse=True)
    sides = weighed.texts[text], weighed.leads[text], weighed.mean(index.in_sentence[found])[place]
    soft = np.where(hit, 1.0, 0.0)
    missing = np.flatnonzero(~hit)
    missing = missing[np.argsort(text[row[missing]], kind="stable")]
    first = np.flatnonzero(np.diff(text[row[missing]], prepend=-1))
    for one in np.split(missing, first[1:]) if len(missing) else []:
        at = text[row[one[0]]]
        said = index.in_text.indices[index.in_text.indptr[at] : index.in_text.indptr[at + 1]]
        if len(said):
            nearest = (weighed.company[stems[one]] @ weighed.company[said].T).max(axis=1)
            soft[one] = np.maximum(nearest, 0)
    whole, missed, softly, half = (
        np.bincount(row, weights=values, minlength=len(text))
        for values in (weight, weight * ~hit, weight * soft, weight * ~hit * soft)
    )
    return {
        **dict(zip(NAMES[30:33], (np.einsum("ij,ij->i", own, side) for side in sides), strict=True)),
        "soft hits": softly / np.maximum(whole, _LEAST),
        "soft misses": np.where(missed > 0, half / np.maximum(_LEAST, missed), 1),
    }
