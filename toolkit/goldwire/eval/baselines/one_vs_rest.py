"""One against the rest: a logistic regression for each label, over the n-grams of the whole text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from goldwire.eval.baselines.base import Baseline, Shared
from goldwire.eval.baselines.features import Features, Fitted
from goldwire.eval.baselines.labelwise import Labelwise, Prior, Trained
from goldwire.eval.baselines.rowspace import RowSpace
from goldwire.eval.baselines.tfidf import Tfidf
from goldwire.eval.task import Array, Marks

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Regressions(Trained):
    """A regression for each label; a share of 0 or 1 instead where training had no or only rows of it."""

    features: Fitted
    each: Sequence[Any]

    def shares(self, rows: "pd.DataFrame", shared: Shared) -> Array:
        """Return the probability of each label by itself."""
        return probabilities(self.each, self.features.matrix(rows, shared))


class OneVsRest(Labelwise):
    """TF-IDF of words and character n-grams, and a logistic regression a label that weighs both sides equally."""

    name = "one-vs-rest"
    grid = (1.0, 10.0, 100.0)
    fixed = 10.0

    def features(self) -> Features:
        """Return what is seen of a unit, before it has seen any."""
        return Tfidf()

    def learn(self, rows: "pd.DataFrame", shared: Shared, size: int, parameter: float) -> Trained:
        """Learn a vocabulary, and a regression for each label."""
        marks = self.task.marks(list(rows["labels"]))
        unfitted = self.features()
        if not len(rows) or not unfitted.used(rows):
            return Prior(marks.mean(axis=0) if len(rows) else np.zeros(len(self.task.labels)))
        features = unfitted.fit(rows, shared, size)
        space = shared.once(rows, (self.name, "space", size), lambda: RowSpace(features.matrix(rows, shared)))
        return Regressions(features, regressions(space, marks, parameter, self.seed))


def regressions(space: RowSpace, marks: Marks, c: float, seed: int) -> list[Any]:
    """Return a regression for each column of marks, or the share 0.0 or 1.0 where all its rows are alike."""
    from sklearn.linear_model import LogisticRegression

    found: list[Any] = []
    for column in marks.T:
        if column.all() or not column.any():
            found.append(float(column.all()))
            continue
        regression = LogisticRegression(C=c, class_weight="balanced", max_iter=2000, tol=1e-6, random_state=seed)
        found.append(space.fit(regression, column))
    return found


def probabilities(each: Sequence[Any], matrix: Any) -> Array:
    """Return what `regressions` give for the rows of a matrix, rows x labels."""
    found = [
        np.full(matrix.shape[0], one) if isinstance(one, float) else one.predict_proba(matrix)[:, 1] for one in each
    ]
    return np.stack(found, axis=1)


BASELINES = (
    Baseline(
        "one-vs-rest",
        "TF-IDF of words and character n-grams, a logistic regression for each label, with a threshold of its own",
        OneVsRest,
        types=("multiple", "tree"),
    ),
)
