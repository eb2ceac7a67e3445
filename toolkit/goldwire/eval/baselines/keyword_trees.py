"""Keyword trees: the same counts as in keyword counts, where one word may change what another says."""

from typing import Any

from goldwire.eval.baselines.base import Baseline
from goldwire.eval.baselines.keyword_counts import KeywordCounts
from goldwire.eval.task import TYPES, Array, Marks

_FEWEST = 20  # rows of a label, and others, that trees are grown for; a regression is fitted to fewer
_REGRESSION = 0.3


class KeywordTrees(KeywordCounts):
    """Counts of words, and boosted trees for each label (a small logistic regression for a rare one)."""

    name = "keyword-trees"
    called = "leaves"
    grid = (8.0,)
    fixed = 8.0

    def classifier(self, counts: Array, marks: Marks, parameter: float) -> Any:
        """Return what tells the rows of a label from the others, trained."""
        from sklearn.ensemble import HistGradientBoostingClassifier

        if min(marks.sum(), (~marks).sum()) < _FEWEST:
            return super().classifier(counts, marks, _REGRESSION)
        trees = HistGradientBoostingClassifier(
            learning_rate=0.05,
            max_iter=100,
            max_leaf_nodes=int(parameter),
            min_samples_leaf=10,
            class_weight="balanced",
            early_stopping=False,
            random_state=self.seed,
        )
        return trees.fit(counts, marks)


BASELINES = (
    Baseline(
        "keyword-trees",
        "the counts of keyword-counts, boosted trees for each label, a regression for a rare one",
        KeywordTrees,
        types=TYPES,
    ),
)
