"""Bags of words and character n-grams with a linear support vector machine."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from goldwire.eval.baselines.base import Baseline
from goldwire.eval.baselines.tempered import Tempered
from goldwire.eval.baselines.tfidf_logreg import seeing
from goldwire.eval.task import Array


class Svm(Tempered):
    """One linear SVM a label against the others, labels weighed equally; the answer is the largest margin."""

    name = "C"
    grid = (0.1, 1.0, 10.0)
    fixed = 1.0

    def learn(self, prepared: Any, labels: Sequence[str], parameter: float) -> Any:
        """Train with the inverse of the penalty's strength."""
        from sklearn.svm import LinearSVC

        machine = LinearSVC(C=parameter, class_weight="balanced", max_iter=20_000, random_state=self.seed)
        return machine.fit(prepared, labels)

    def scores(self, classifier: Any, matrix: Any) -> Array:
        """Return the margin of each label; of two, one is the other's negative."""
        margins = np.asarray(classifier.decision_function(matrix))
        return np.column_stack([-margins, margins]) / 2 if margins.ndim == 1 else margins


BASELINES = (
    Baseline(
        "tfidf-svm",
        "TF-IDF of words and character n-grams, linear support vector machine",
        seeing(Svm, "holder", "target", "text"),
        probes=("tfidf-svm-text-only", "tfidf-svm-target-only"),
    ),
    Baseline("tfidf-svm-text-only", "tfidf-svm, blind to holder and target", seeing(Svm, "text"), needs_target=True),
    Baseline(
        "tfidf-svm-target-only",
        "tfidf-svm, holder and target without the text",
        seeing(Svm, "holder", "target"),
        needs_target=True,
    ),
)
