"""Bags of words and character n-grams with complement naive Bayes: the quickest to train."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from goldwire.eval.baselines.base import Baseline
from goldwire.eval.baselines.tempered import Tempered
from goldwire.eval.baselines.tfidf_logreg import seeing
from goldwire.eval.task import Array


class ComplementBayes(Tempered):
    """Naive Bayes that learns each label from the rows of all others (Rennie et al. 2003)."""

    name = "alpha"
    grid = (0.03, 0.1, 0.3, 1.0)
    fixed = 0.1

    def learn(self, prepared: Any, labels: Sequence[str], parameter: float) -> Any:
        """Train with this much added to every count."""
        from sklearn.naive_bayes import ComplementNB

        return ComplementNB(alpha=parameter).fit(prepared, labels)

    def scores(self, classifier: Any, matrix: Any) -> Array:
        """Return the logarithm of the unweighed shares."""
        return np.asarray(classifier.predict_log_proba(matrix))


BASELINES = (
    Baseline(
        "tfidf-nb",
        "TF-IDF of words and character n-grams, complement naive Bayes",
        seeing(ComplementBayes, "holder", "target", "text"),
        probes=("tfidf-nb-text-only", "tfidf-nb-target-only"),
    ),
    Baseline(
        "tfidf-nb-text-only",
        "tfidf-nb, blind to holder and target",
        seeing(ComplementBayes, "text"),
        needs_target=True,
    ),
    Baseline(
        "tfidf-nb-target-only",
        "tfidf-nb, holder and target without the text",
        seeing(ComplementBayes, "holder", "target"),
        needs_target=True,
    ),
)
