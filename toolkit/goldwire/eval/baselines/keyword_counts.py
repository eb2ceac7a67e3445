"""Keyword counts: the words of the codebook, and those that training says tell labels apart, simply counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from goldwire.eval.baselines.base import Baseline, Shared
from goldwire.eval.baselines.labelwise import Labelwise, Prior, Trained
from goldwire.eval.baselines.lexicon import Lexicon, lexicon, stemmed
from goldwire.eval.task import TYPES, Array, Marks, Task

if TYPE_CHECKING:
    import pandas as pd

_WORDS = 60  # that are chosen for a label
_LEAST = 5  # texts that a chosen word must stand in, of many
_MANY = 200  # rows that are many


@dataclass(frozen=True)
class Counting:
    """What is counted: the lexicon's phrases for every label, and for each the words chosen for it."""

    lexicon: Lexicon
    vectoriser: Any
    chosen: Sequence[Any]

    def columns(self, rows: "pd.DataFrame", shared: Shared) -> list[Array]:
        """Return ``log(1 + count)`` of what is counted for each label, rows x columns."""
        phrases = self.lexicon.counts(rows, shared)
        found = self.vectoriser.transform(stemmed(rows, shared))
        return [np.log1p(np.hstack([phrases, found[:, chosen].toarray()])) for chosen in self.chosen]


@dataclass(frozen=True)
class Counted(Trained):
    """A classifier of the counts for each label; a share of 0 or 1 instead where training was all alike."""

    counting: Counting
    each: Sequence[Any]

    def shares(self, rows: "pd.DataFrame", shared: Shared) -> Array:
        """Return the probability of each label by itself."""
        columns = self.counting.columns(rows, shared)
        found = [
            np.full(len(rows), one) if isinstance(one, float) else one.predict_proba(counts)[:, 1]
            for one, counts in zip(self.each, columns, strict=True)
        ]
        return np.stack(found, axis=1)


class KeywordCounts(Labelwise):
    """Counts of words, and a small logistic regression for each label.

    The words are those of the codebook (see `lexicon`), and for each label the sixty stems whose occurrence depends
    most on it in training (chi-squared).
    """

    name = "keyword-counts"
    grid: tuple[float, ...] = (0.1, 0.3, 1.0)
    fixed = 0.3

    def __init__(self, task: Task, seed: int = 0) -> None:
        super().__init__(task, seed)
        self._lexicon = lexicon(task)

    def learn(self, rows: "pd.DataFrame", shared: Shared, size: int, parameter: float) -> Trained:
        """Choose the words, and learn a classifier for each label."""
        marks = self.task.marks(list(rows["labels"]))
        counting = _counting(rows, shared, size, marks, self._lexicon)
        if counting is None:
            return Prior(marks.mean(axis=0) if len(rows) else np.zeros(len(self.task.labels)))
        each = [
            float(column.all()) if column.all() or not column.any() else self.classifier(counts, column, parameter)
            for counts, column in zip(counting.columns(rows, shared), marks.T, strict=True)
        ]
        return Counted(counting, each)

    def classifier(self, counts: Array, marks: Marks, parameter: float) -> Any:
        """Return what tells the rows of a label from the others, trained."""
        from sklearn.linear_model import LogisticRegression

        regression = LogisticRegression(C=parameter, class_weight="balanced", max_iter=2000, random_state=self.seed)
        return regression.fit(counts, marks)


def _counting(rows: "pd.DataFrame", shared: Shared, size: int, marks: Marks, known: Lexicon) -> Counting | None:
    """Return what is to be counted, or None when the texts have no word."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.feature_selection import chi2

    vectoriser = CountVectorizer(
        token_pattern=r"(?u)\b[^\W\d_]{3,}\b", lowercase=False, min_df=_LEAST if size >= _MANY else 1
    )
    try:
        there = vectoriser.fit_transform(stemmed(rows, shared)) > 0
    except ValueError:  # scikit-learn's answer to an empty vocabulary
        return None
    vectoriser.__dict__.pop("_stop_words_id", None)
    chosen = []
    for column in marks.T:
        alike = column.all() or not column.any()
        dependence = np.zeros(there.shape[1]) if alike else chi2(there.astype(np.float64), column)[0]
        chosen.append(np.sort(np.argsort(-dependence, kind="stable")[:_WORDS]))
    return Counting(known, vectoriser, chosen)


BASELINES = (
    Baseline(
        "keyword-counts",
        "counts of the codebook's words and of sixty chosen for each label, a small logistic regression for each",
        KeywordCounts,
        types=TYPES,
    ),
)
