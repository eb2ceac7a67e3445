"""What text and target of a pair share: the features that tell whether they are about the same matter."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from goldwire.eval.baselines.pairs.text import Pairs, Parsed
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
Vectors = npt.NDArray[np.float32]


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
    sentences: npt.NDArray[np.int64]
    shares: Array


def overlap(parsed: Pairs, rows: npt.NDArray[np.int64], weights: Array, company: Vectors) -> Overlap:
    """Compare text and target of these rows, with the weights and vectors of a background.

    Rows of the same text and target have the same features, which are computed once.
    """
    features = np.zeros((len(rows), len(NAMES)), np.float32)
    tops = np.full((len(rows), _TOP), -1)
    shares = np.zeros((len(rows), _TOP))
    order = np.lexsort((parsed.target_of[rows], parsed.text_of[rows]))
    targets = {at: Target(parsed.targets[at], parsed, weights) for at in set(parsed.target_of[rows].tolist())}
    text, last, done = None, -1, (-1, -1)
    for row, at, wanted in zip(
        order.tolist(), parsed.text_of[rows][order].tolist(), parsed.target_of[rows][order].tolist(), strict=True
    ):
        if text is None or at != last:
            text, last = Text(parsed.texts[at], parsed, weights, company), at
        if (at, wanted) != done:
            found = text.compare(targets[wanted])
            done = (at, wanted)
        features[row], tops[row], shares[row] = found
    return Overlap(features, tops, shares)


class Target:
    """A target, ready to be compared."""

    def __init__(self, parsed: Parsed, pairs: Pairs, weights: Array) -> None:
        self.stems = np.unique(parsed.stems)
        self.weights = weights[self.stems]
        self.total = max(float(self.weights.sum()), 1e-9)
        self.number = np.array([pairs.vocabulary.stems[at].isdigit() for at in self.stems.tolist()], bool)
        self.runs = [runs(parsed.stems, size) for size in (2, 3)]
        joined = " ".join(parsed.sentences).lower()
        self.characters = [grams(joined, size) for size in (5, 10)]
        self.order = parsed.stems


class Text:
    """A text, ready to be compared with many targets."""

    def __init__(self, parsed: Parsed, pairs: Pairs, weights: Array, company: Vectors) -> None:
        size = len(pairs.vocabulary)
        self.weights, self.company = weights, company
        self.count = max(1, len(parsed.sentences))
        self.length = len(parsed.stems)
        self.times = np.bincount(parsed.stems, minlength=size) if self.length else np.zeros(size, np.int64)
        self.first = np.full(size, self.count)
        self.last = np.full(size, -1)
        np.minimum.at(self.first, parsed.stems, parsed.sentence_of)
        np.maximum.at(self.last, parsed.stems, parsed.sentence_of)
        self.names = np.zeros(size, bool)
        self.names[parsed.names] = True
        keys = np.unique(parsed.sentence_of.astype(np.int64) * size + parsed.stems)
        self.of, self.stems = keys // size, keys % size
        self.distinct = np.unique(parsed.stems)
        squared = weights[self.stems] ** 2
        self.norms = np.sqrt(np.bincount(self.of, weights=squared, minlength=self.count)) + 1e-9
        frequency = 1 + np.log(np.maximum(1, self.times[self.distinct]))
        self.norm = float(np.sqrt(((frequency * weights[self.distinct]) ** 2).sum())) + 1e-9
        self.runs = [runs(parsed.stems, length) for length in (2, 3)]
        joined = " ".join(parsed.sentences).lower()
        self.characters = [grams(joined, length) for length in (5, 10)]
        self.vectors = company[self.distinct]
        self.whole = _mean(self.vectors, weights[self.distinct])
        lead = np.unique(self.stems[self.of < _TOP])
        self.lead = _mean(company[lead], weights[lead])
        self.mask = np.zeros(size)

    def compare(self, target: Target) -> tuple[list[float], npt.NDArray[np.int64], Array]:
        """Return the features of a pair, the best sentences, and how much of the target each of them has."""
        stems, weight, total = target.stems, target.weights, target.total
        times, first = self.times[stems], self.first[stems]
        hit = times > 0
        self.mask[stems] = weight
        by_sentence = np.bincount(self.of, weights=self.mask[self.stems], minlength=self.count) / total
        self.mask[stems] = weight**2
        squared = np.bincount(self.of, weights=self.mask[self.stems], minlength=self.count)
        self.mask[stems] = 0
        size = float(np.sqrt((weight**2).sum())) + 1e-9
        cosines = squared / (self.norms * size)
        tops = np.argsort(-by_sentence, kind="stable")[:_TOP]
        padded = np.full(_TOP, -1)
        padded[: len(tops)] = tops
        shares = np.zeros(_TOP)
        shares[: len(tops)] = by_sentence[tops]
        frequency = np.where(hit, 1 + np.log(np.maximum(1, times)), 0)
        bm25 = times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * self.length / _USUAL))
        hits, misses = np.sort(weight[hit])[::-1], np.sort(weight[~hit])[::-1]
        numbers = target.number
        two = np.isin(stems, self.stems[np.isin(self.of, tops[:2])])
        places = first[hit] / self.count
        features = [
            float((weight * hit).sum() / total),
            float((weight * (first < 1)).sum() / total),
            float((weight * (first < _TOP)).sum() / total),
            float((weight * (self.last[stems] >= max(0, self.count - _TOP))).sum() / total),
            float((weight * self.names[stems]).sum() / total),
            float(hit[numbers].mean()) if numbers.any() else -1.0,
            float((weight * bm25).sum() / total / (_K1 + 1)),
            float((weight**2 * frequency).sum() / (self.norm * size)),
            *shares.tolist(),
            float(cosines.max()),
            float((by_sentence > shares[0] / 2).sum()),
            float((by_sentence > 0.3).sum()),
            float(tops[0] / self.count) if len(tops) else 1.0,
            float(places.min()) if hit.any() else 1.0,
            float((places * weight[hit]).sum() / max(1e-9, weight[hit].sum())) if hit.any() else 1.0,
            float((weight * two).sum() / total),
            *_largest(hits),
            *_largest(misses),
            float(hit.sum()),
            float((~hit).sum()),
            float((misses > _RARE).sum()),
            *(_share(a, b) for a, b in zip(target.runs, self.runs, strict=True)),
            *(_share(a, b) for a, b in zip(target.characters, self.characters, strict=True)),
            float(self._longest(target.order)),
            *self._company(target, hit, tops),
            float(len(stems)),
            float(self.length),
            float(self.count),
            total,
        ]
        return features, padded, shares

    def _longest(self, order: npt.NDArray[np.int32]) -> int:
        """Return the longest run of the target's words of which each two neighbours are neighbours in the text."""
        best = run = 0
        pairs = self.runs[0]
        for pair in zip(order[:-1].tolist(), order[1:].tolist(), strict=True):
            run = run + 1 if pair in pairs else 0
            best = max(best, run)
        return best

    def _company(self, target: Target, hit: npt.NDArray[np.bool_], tops: npt.NDArray[np.int64]) -> list[float]:
        vectors = self.company[target.stems]
        own = _mean(vectors, target.weights)
        best = self.stems[self.of == tops[0]] if len(tops) else self.stems[:0]
        nearest = (vectors @ self.vectors.T).max(axis=1) if len(self.vectors) and len(vectors) else hit.astype(float)
        soft = np.where(hit, 1.0, np.maximum(nearest, 0))
        missing = target.weights * ~hit
        return [
            float(own @ self.whole),
            float(own @ self.lead),
            float(own @ _mean(self.company[best], self.weights[best])),
            float((target.weights * soft).sum() / target.total),
            float((missing * soft).sum() / max(1e-9, missing.sum())) if missing.any() else 1.0,
        ]


def runs(stems: npt.NDArray[np.int32], size: int) -> frozenset[tuple[int, ...]]:
    """Return the distinct runs of so many stems."""
    listed = stems.tolist()
    return frozenset(zip(*(listed[at:] for at in range(size)), strict=False))


def grams(text: str, size: int) -> frozenset[str]:
    """Return the distinct runs of so many characters."""
    return frozenset(text[at : at + size] for at in range(len(text) - size + 1))


def _share(of: frozenset[object], among: frozenset[object]) -> float:
    return len(of & among) / len(of) if of else 0.0


def _largest(ordered: Array) -> tuple[float, float]:
    return float(ordered[0]) if len(ordered) else 0.0, float(ordered[1]) if len(ordered) > 1 else 0.0


def _mean(vectors: Vectors, weights: Array) -> Vectors:
    """Return the weighted sum of vectors, of length 1."""
    found = weights.astype(np.float32) @ vectors
    length = float(np.linalg.norm(found))
    return np.asarray(found / length if length > 1e-9 else found)
