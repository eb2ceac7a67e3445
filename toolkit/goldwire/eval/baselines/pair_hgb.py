"""Pair features with histogram gradient boosting: for any question that sets a text beside a target."""

from abc import abstractmethod
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from goldwire.eval.baselines.base import Baseline, Model, Shared
from goldwire.eval.baselines.pairs import Described, Division, Learnt, describe, learn
from goldwire.eval.baselines.pairs.background import Background
from goldwire.eval.baselines.pairs.choice import factors, standing_for
from goldwire.eval.baselines.pairs.trees import Trees
from goldwire.eval.task import Answer, Array, Task

if TYPE_CHECKING:
    import pandas as pd

Names = npt.NDArray[np.str_]

ENOUGH = 200  # rows to learn from in a fold; with fewer, factors would be noise


class PairModel(Model):
    """What models of pair features have in common: features, folds, and factors of labels chosen on the folds."""

    def __init__(self, task: Task, seed: int = 0) -> None:
        super().__init__(task, seed)
        self._background: Background | None = None
        self._key = ""
        self._factors: Array = np.ones(len(task.labels))

    def fit(self, rows: "pd.DataFrame", shared: Shared) -> None:
        """Learn from all rows, and choose the factors on folds in which neither stories nor targets are shared.

        Inside each of them features are made anew, so that none knows the texts that are held out.
        """
        learnt = learn(rows, shared, self.seed)
        labels = np.array([str(label) for label in rows["label"]])
        self._background, self._key = learnt.background, learnt.key
        self._factors = self.choose(learnt, labels)
        self.train(learnt, labels)
        self.parameters = {
            "factors": {name: float(f) for name, f in zip(self.task.labels, self._factors, strict=True)},
            "rows": len(rows),
        }

    def shares(self, rows: "pd.DataFrame", shared: Shared) -> Array:
        """Return the shares of the labels, before any factor."""
        if not len(rows) or self._background is None:
            return np.zeros((0, len(self.task.labels)))
        return self.predict(describe(rows, shared, self._background, self._key))

    def decide(self, shares: Array) -> list[Answer]:
        """Return the label of the largest share times its factor."""
        return self.task.decide(shares * self._factors)

    @abstractmethod
    def choose(self, learnt: Learnt, labels: Names) -> Array:
        """Return the factor of each label."""

    @abstractmethod
    def train(self, learnt: Learnt, labels: Names) -> None:
        """Train on all rows."""

    @abstractmethod
    def predict(self, described: Described) -> Array:
        """Return the shares of the labels."""


class PairHgb(PairModel):
    """All pair features in one model of all labels."""

    def __init__(self, task: Task, seed: int = 0) -> None:
        super().__init__(task, seed)
        self._trees = Trees(task.labels, seed)

    def train(self, learnt: Learnt, labels: Names) -> None:
        """Train on all rows."""
        self._trees.fit(learnt.described.features, labels.tolist())

    def predict(self, described: Described) -> Array:
        """Return the shares of the labels."""
        return self._trees.shares(described.features)

    def choose(self, learnt: Learnt, labels: Names) -> Array:
        """Return the factor of each label, chosen on the folds."""
        divisions = learnt.divisions()
        if len(divisions) < 2 or min(len(one.learnt) for one in divisions) < ENOUGH:
            return np.ones(len(self.task.labels))
        held_out = np.concatenate([one.held_out for one in divisions])
        actual = self.task.codes([(label,) for label in labels[held_out].tolist()])
        given = np.vstack([self._given(learnt, one, labels) for one in divisions])
        return factors(given, actual.tolist(), standing_for(labels.tolist(), held_out))

    def _given(self, learnt: Learnt, division: Division, labels: Names) -> Array:
        features = learnt.within(division).features
        trees = Trees(self.task.labels, self.seed)
        trees.fit(features[division.learnt], labels[division.learnt].tolist())
        return trees.shares(features[division.held_out])


BASELINES = (
    Baseline(
        "pair-hgb",
        "what text and target share, cue words, quotation and negation; histogram gradient boosting",
        PairHgb,
        needs_target=True,
    ),
)
