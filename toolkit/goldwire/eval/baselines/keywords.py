"""Keywords: rules made of the codebook's own words, which need no labelled unit at all."""

from typing import TYPE_CHECKING

import numpy as np

from goldwire.eval.baselines.base import Baseline, Model, Shared
from goldwire.eval.baselines.folds import macro_f1
from goldwire.eval.baselines.lexicon import lexicon, negative
from goldwire.eval.baselines.thresholds import thresholds
from goldwire.eval.task import TYPES, Array, Task

if TYPE_CHECKING:
    import pandas as pd

_GRID = (1.0, 0.25, 0.5, 2.0, 4.0, 8.0)


class Keywords(Model):
    """Find the words of each label in the text (see `lexicon`); nothing is learnt but how common they are.

    The evidence for a label is the sum over its phrases of weight times ``log2(1 + count)`` times the phrase's IDF
    over the training texts, relative to the mean of all phrases (1 without any). A share is ``evidence / (1 +
    evidence)``, so that one keyword found once makes one half. With several answers the threshold of each label is
    learnt from the training rows; where one answer is asked for, the label that says "nothing" has an evidence that
    is, of a few, the one of best macro-F1 there. Without training rows these are one half, and 1.
    """

    def __init__(self, task: Task, seed: int = 0) -> None:
        super().__init__(task, seed)
        self._lexicon = lexicon(task)
        self._negative = negative(task)
        self._common: Array = np.ones(len(self._lexicon.phrases))
        self._nothing = _GRID[0]

    def fit(self, rows: "pd.DataFrame", shared: Shared) -> None:
        """Count in how many of the texts each phrase stands, and choose the thresholds."""
        self.parameters = {"phrases": len(self._lexicon.phrases)}
        if not len(rows):
            return
        found = self._lexicon.counts(rows, shared)
        idf = np.log((1 + len(rows)) / (1 + (found > 0).sum(axis=0))) + 1
        self._common = idf / idf.mean() if len(idf) else idf
        answers = list(rows["labels"])
        if self.task.several:
            self.thresholds = thresholds(self.task.marks(answers), self.shares(rows, shared))
            each = dict(zip(self.task.labels, self.thresholds.tolist(), strict=True))
            self.parameters["thresholds"] = {label: round(threshold, 6) for label, threshold in each.items()}
        elif self._negative is not None:
            evidence = self._evidence(rows, shared)
            actual = [answer[0] for answer in answers]
            tried = {
                nothing: macro_f1(actual, [answer[0] for answer in self.decide(self._as_shares(evidence, nothing))])
                for nothing in _GRID
            }
            self._nothing = max(_GRID, key=lambda nothing: tried[nothing])
            self.parameters["nothing"] = self._nothing

    def shares(self, rows: "pd.DataFrame", shared: Shared) -> Array:
        """Return the share of each label; where one answer is asked for, the sum of a row is 1."""
        return self._as_shares(self._evidence(rows, shared), self._nothing)

    def _evidence(self, rows: "pd.DataFrame", shared: Shared) -> Array:
        evidence = (np.log2(1 + self._lexicon.counts(rows, shared)) * self._common) @ self._lexicon.weights
        if self.task.type == "tree":
            for at in sorted(range(len(self.task.labels)), key=lambda at: -self.task.labels[at].count("/")):
                parent = self.task.labels[at].rpartition("/")[0]
                if parent in self.task.labels:
                    above = self.task.labels.index(parent)
                    evidence[:, above] = np.maximum(evidence[:, above], evidence[:, at])
        return np.asarray(evidence)

    def _as_shares(self, evidence: Array, nothing: float) -> Array:
        if self.task.several:
            return np.asarray(evidence / (1 + evidence))
        evidence = evidence.copy()
        if self._negative is not None:
            evidence[:, self._negative] += nothing
        total = evidence.sum(axis=1, keepdims=True)
        even = 1 / len(self.task.labels)
        return np.asarray(np.where(total > 0, evidence / np.where(total > 0, total, 1), even))


BASELINES = (
    Baseline(
        "keywords",
        "the codebook's own words, found in the text; learnt are how rare they are, and how many it takes",
        Keywords,
        types=TYPES,
    ),
)
