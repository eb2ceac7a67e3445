"""Bags of words and character n-grams with logistic regression: hard to beat on small data, and quick."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from goldwire.eval.baselines.base import Baseline, Model
from goldwire.eval.baselines.linear import Linear
from goldwire.eval.baselines.rowspace import RowSpace
from goldwire.eval.baselines.tfidf import Tfidf
from goldwire.eval.task import Array, Task

_EXACT = 1e-6
_NEAR = 1e-4  # for many rows, where the next digits cost minutes


class LogReg(Linear):
    """A logistic regression that weighs labels equally; its shares are probabilities under that weighing."""

    name = "C"
    grid: tuple[float, ...] = (1.0, 10.0, 100.0)
    fixed = 10.0

    def prepare(self, matrix: Any) -> RowSpace:
        """Rotate the rows into their space."""
        return RowSpace(matrix)

    def learn(self, prepared: RowSpace, labels: Sequence[str], parameter: float) -> Any:
        """Train with the inverse of the penalty's strength."""
        from sklearn.linear_model import LogisticRegression

        regression = LogisticRegression(
            C=parameter,
            class_weight="balanced",
            max_iter=2000,
            tol=_EXACT if prepared.rotated else _NEAR,
            random_state=self.seed,
        )
        return prepared.fit(regression, labels)

    def scores(self, classifier: Any, matrix: Any) -> Array:
        """Return the probabilities."""
        return np.asarray(classifier.predict_proba(matrix))

    def as_shares(self, scores: Array) -> Array:
        """Return them as they are."""
        return scores


def seeing(kind: type[Linear], *fields: str) -> Callable[[Task, int], Model]:
    """Return how to make a linear model of this kind over the TF-IDF of these fields."""
    return lambda task, seed: kind(task, seed, Tfidf(fields))


BASELINES = (
    Baseline(
        "tfidf-logreg",
        "TF-IDF of words and character n-grams, logistic regression",
        seeing(LogReg, "holder", "target", "text"),
        probes=("tfidf-logreg-text-only", "tfidf-logreg-target-only", "majority-per-target"),
    ),
    Baseline(
        "tfidf-logreg-text-only",
        "tfidf-logreg, blind to holder and target",
        seeing(LogReg, "text"),
        needs_target=True,
    ),
    Baseline(
        "tfidf-logreg-target-only",
        "tfidf-logreg, holder and target without the text",
        seeing(LogReg, "holder", "target"),
        needs_target=True,
    ),
)
