"""Hierarchical: a tree is answered from the top, each level among the units that have the one above."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from goldwire.eval.baselines.base import Baseline, Shared
from goldwire.eval.baselines.features import Fitted
from goldwire.eval.baselines.labelwise import Labelwise, Prior, Trained
from goldwire.eval.baselines.one_vs_rest import probabilities, regressions
from goldwire.eval.baselines.rowspace import RowSpace
from goldwire.eval.baselines.tfidf import Tfidf
from goldwire.eval.task import Array

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Nodes(Trained):
    """A regression for each path, of its share among the units of the path above."""

    features: Fitted
    labels: tuple[str, ...]
    each: Mapping[str, Any]

    def shares(self, rows: "pd.DataFrame", shared: Shared) -> Array:
        """Return the share of each path: the product of the shares from the top down to it."""
        given_parent = probabilities([self.each[label] for label in self.labels], self.features.matrix(rows, shared))
        place = {label: at for at, label in enumerate(self.labels)}
        found = given_parent.copy()
        for label in sorted(self.labels, key=lambda label: label.count("/")):
            parent = label.rpartition("/")[0]
            if parent in place:
                found[:, place[label]] *= found[:, place[parent]]
        return found


class Hierarchical(Labelwise):
    """TF-IDF of words and character n-grams, and a logistic regression for each node of the tree.

    A node's regression learns from the units that have its parent, so a rare branch is told from its siblings and
    not from everything else.
    """

    name = "hierarchical"
    grid = (1.0, 10.0, 100.0)
    fixed = 10.0

    def learn(self, rows: "pd.DataFrame", shared: Shared, size: int, parameter: float) -> Trained:
        """Learn a vocabulary, and the regressions of the children of each path."""
        labels = self.task.labels
        marks = self.task.marks(list(rows["labels"]))
        unfitted = Tfidf()
        if not len(rows) or not unfitted.used(rows):
            return Prior(marks.mean(axis=0) if len(rows) else np.zeros(len(labels)))
        features = unfitted.fit(rows, shared, size)
        matrix = features.matrix(rows, shared)
        children: dict[str, list[int]] = {}
        for at, label in enumerate(labels):
            parent = label.rpartition("/")[0]
            children.setdefault(parent if parent in labels else "", []).append(at)
        each: dict[str, Any] = {}
        for parent, below in children.items():
            having = marks[:, labels.index(parent)] if parent else np.ones(len(rows), bool)
            if not having.any():
                each.update(dict.fromkeys([labels[at] for at in below], 0.0))
                continue
            space = RowSpace(matrix[having])
            learnt = regressions(space, marks[having][:, below], parameter, self.seed)
            each.update(zip([labels[at] for at in below], learnt, strict=True))
        return Nodes(features, labels, each)


BASELINES = (
    Baseline(
        "hierarchical",
        "TF-IDF of words and character n-grams, the tree from the top, a logistic regression for each node",
        Hierarchical,
        types=("tree",),
    ),
)
