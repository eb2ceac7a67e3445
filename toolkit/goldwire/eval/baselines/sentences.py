"""Sentences: an article has a label when one of its sentences says so, whatever the others are about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from goldwire.eval.baselines.base import Baseline, Shared
from goldwire.eval.baselines.labelwise import Labelwise, Prior, Trained
from goldwire.eval.baselines.pooled import Bags, Pooled, fit
from goldwire.eval.task import TYPES, Array
from goldwire.text.sentences import sentences

if TYPE_CHECKING:
    import pandas as pd

_SHARPNESS = 3.0
_MOST = 50_000  # n-grams
_MANY = 200  # rows from which an n-gram must stand in two sentences


@dataclass(frozen=True)
class Evidence(Trained):
    """The n-grams of sentences, and their weights for each label; a share of 0 or 1 where training was all alike."""

    vectoriser: Any
    each: Sequence[Pooled | float]

    def shares(self, rows: "pd.DataFrame", shared: Shared) -> Array:
        """Return the probability of each label by itself."""
        parts, sizes = split(rows, shared)
        bags = Bags(self.vectoriser.transform(parts), sizes)
        found = [np.full(len(rows), one) if isinstance(one, float) else one.shares(bags) for one in self.each]
        return np.stack(found, axis=1)


class Sentences(Labelwise):
    """TF-IDF of words and pairs of words of each sentence, and a regression a label that pools its sentences."""

    name = "sentences"
    grid = (1.0, 3.0, 10.0)
    fixed = 3.0

    def learn(self, rows: "pd.DataFrame", shared: Shared, size: int, parameter: float) -> Trained:
        """Learn a vocabulary of sentences, and their evidence for each label."""
        marks = self.task.marks(list(rows["labels"]))
        made = shared.once(rows, (self.name, "bags", size), lambda: _bags(rows, shared, size))
        if made is None:
            return Prior(marks.mean(axis=0) if len(rows) else np.zeros(len(self.task.labels)))
        vectoriser, bags = made
        each: list[Pooled | float] = [
            float(column.all()) if column.all() or not column.any() else fit(bags, column, parameter, _SHARPNESS)
            for column in marks.T
        ]
        return Evidence(vectoriser, each)


def split(rows: "pd.DataFrame", shared: Shared) -> tuple[list[str], Any]:
    """Return the sentences of all rows one after another, and how many each row has."""

    def make() -> tuple[list[str], Any]:
        each = [[text[start:end] for start, end in sentences(text)] for text in rows["text"]]
        sizes = np.array([len(parts) for parts in each], np.int64)
        return [part for parts in each for part in parts], sizes

    return shared.once(rows, "sentences", make)


def _bags(rows: "pd.DataFrame", shared: Shared, size: int) -> tuple[Any, Bags] | None:
    """Return a vectoriser of sentences and what it makes of the rows, or None when no n-gram is left."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    parts, sizes = split(rows, shared)
    vectoriser = TfidfVectorizer(
        ngram_range=(1, 2),
        sublinear_tf=True,
        min_df=2 if size >= _MANY else 1,
        max_features=_MOST,
        token_pattern=r"(?u)\b\w+\b",
    )
    try:
        matrix = vectoriser.fit_transform(parts)
    except ValueError:  # scikit-learn's answer to an empty vocabulary
        return None
    # scikit-learn keeps a memory address there: without it, the same rows make the same file
    vectoriser.__dict__.pop("_stop_words_id", None)
    return vectoriser, Bags(matrix.tocsr(), sizes)


BASELINES = (
    Baseline(
        "sentences",
        "TF-IDF of each sentence, pooled to the article by a soft maximum, a regression for each label",
        Sentences,
        types=TYPES,
    ),
)
