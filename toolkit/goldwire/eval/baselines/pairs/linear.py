"""The words of a text and of a target, each in a linear model, as features for trees: its shares on rows it did
not learn from (stacked generalisation, Wolpert 1992).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from goldwire.eval.baselines.pairs.text import Pairs, Parsed
from goldwire.eval.task import Array

Codes = npt.NDArray[np.int64]
_FEATURES = 20_000
_FEWEST = 200  # texts, from which a word must be in more than one


class Words:
    """TF-IDF of single words and pairs of words of one side, and a logistic regression.

    The vocabulary and its weights are learnt on distinct texts: a text counts no more for having many targets.
    """

    def __init__(self, labels: Sequence[str], side: str, *, longest: int, strength: float, least: int) -> None:
        self.labels, self.side = list(labels), side
        self.longest, self.strength, self.least = longest, strength, least
        self._vectoriser: Any = None
        self._model: Any = None

    def fit(self, parsed: Pairs, rows: Codes, actual: Sequence[str]) -> "Words":
        """Learn from these rows of pairs; with one label only, or no word, nothing is learnt."""
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression

        texts, places = self._texts(parsed)
        own = np.unique(places[rows])
        self._model = None
        vectoriser = TfidfVectorizer(
            analyzer=Runs(self.longest),
            min_df=self.least if len(own) >= _FEWEST else 1,
            max_df=0.6 if len(own) >= _FEWEST else 1.0,
            sublinear_tf=True,
            max_features=_FEATURES,
        )
        if len(set(actual)) > 1 and any(len(texts[at].stems) for at in own):
            vectoriser.fit([_named(parsed, texts[at]) for at in own])
            vectors = vectoriser.transform([_named(parsed, texts[at]) for at in own])
            self._vectoriser = vectoriser
            self._model = LogisticRegression(C=self.strength, max_iter=100, tol=1e-3)
            self._model.fit(vectors[np.searchsorted(own, places[rows])], list(actual))
        return self

    def shares(self, parsed: Pairs, rows: Codes) -> Array:
        """Return the share of each label, rows x labels; equal shares where nothing was learnt."""
        if self._model is None:
            return np.full((len(rows), len(self.labels)), 1 / len(self.labels))
        texts, places = self._texts(parsed)
        own = np.unique(places[rows])
        found = np.zeros((len(own), len(self.labels)))
        columns = [self.labels.index(label) for label in self._model.classes_]
        found[:, columns] = self._model.predict_proba(
            self._vectoriser.transform([_named(parsed, texts[at]) for at in own])
        )
        return np.asarray(found[np.searchsorted(own, places[rows])])

    def _texts(self, parsed: Pairs) -> tuple[list[Parsed], Codes]:
        return (parsed.texts, parsed.text_of) if self.side == "text" else (parsed.targets, parsed.target_of)


class Stack:
    """Linear models of the two sides, and their shares on the rows they learnt from as if they had not."""

    def __init__(self, labels: Sequence[str]) -> None:
        self._labels = list(labels)
        self._models: list[Words] = []

    def _untrained(self) -> list[Words]:
        return [
            Words(self._labels, "text", longest=2, strength=1.0, least=8),
            Words(self._labels, "target", longest=2, strength=0.3, least=4),
        ]

    def fit(self, parsed: Pairs, rows: Codes, actual: Sequence[str], folds: Codes) -> Array:
        """Learn from these rows, and return the shares of models that had not learnt from a row's fold."""
        named = np.array(actual)
        self._models = self._untrained()
        crossed = np.zeros((len(rows), len(self._models) * len(self._labels)))
        for fold in np.unique(folds):
            apart, inside = folds != fold, folds == fold
            others = self._untrained()
            if apart.any():
                for model in others:
                    model.fit(parsed, rows[apart], named[apart].tolist())
            crossed[inside] = np.hstack([model.shares(parsed, rows[inside]) for model in others])
        for model in self._models:
            model.fit(parsed, rows, list(actual))
        return crossed

    def shares(self, parsed: Pairs, rows: Codes) -> Array:
        """Return the shares of all labels by each model, side by side."""
        return np.hstack([model.shares(parsed, rows) for model in self._models])


class Runs:
    """Words and runs of words of a list; a class, so that it can be pickled."""

    def __init__(self, longest: int) -> None:
        self.longest = longest

    def __call__(self, words: Sequence[str]) -> list[str]:
        found = list(words)
        for size in range(2, self.longest + 1):
            found += [" ".join(run) for run in zip(*(words[at:] for at in range(size)), strict=False)]
        return found


def _named(parsed: Pairs, text: Parsed) -> list[str]:
    return [parsed.vocabulary.stems[at] for at in text.stems.tolist()]
