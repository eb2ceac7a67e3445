"""A linear model of features: what its kinds have in common, and how each of its choices is made."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from goldwire.eval.baselines.base import TUNED_ON, Model, Shared
from goldwire.eval.baselines.features import Features, Fitted
from goldwire.eval.baselines.folds import folds, macro_f1, sampled
from goldwire.eval.task import Array, Task

if TYPE_CHECKING:
    import pandas as pd


class Linear(Model):
    """Features, a classifier of one label, and one parameter of it that is chosen over folds.

    The parameter is chosen by macro-F1 over folds of the training rows that keep stories whole, when there are
    enough of them (of many, over a part of the stories); of equal ones, the first of the grid. Features are learnt
    inside each fold.
    """

    name: str
    grid: tuple[float, ...] = ()
    fixed: float = 1.0

    def __init__(self, task: Task, seed: int, features: Features) -> None:
        super().__init__(task, seed)
        self._unfitted = features
        self._features: Fitted | None = None
        self._classifier: Any = None
        self._only: str | None = None

    def prepare(self, matrix: Any) -> Any:
        """Return what is done once with the rows to learn from, whatever the parameter."""
        return matrix

    @abstractmethod
    def learn(self, prepared: Any, labels: Sequence[str], parameter: float) -> Any:
        """Return a trained classifier of scikit-learn."""

    @abstractmethod
    def scores(self, classifier: Any, matrix: Any) -> Array:
        """Return the score of each of the classifier's classes, rows x classes; the largest is the answer."""

    def settle(self, scores: Array, labels: Sequence[str], classes: Sequence[str]) -> None:
        """Choose what else depends on the scores of held-out rows, given in the order of `classes`."""

    @abstractmethod
    def as_shares(self, scores: Array) -> Array:
        """Return the scores as shares, each row of sum 1."""

    def fit(self, rows: "pd.DataFrame", shared: Shared) -> None:
        """Choose the parameter, then learn from all rows. With one label only, that label is the answer."""
        self.parameters, self._only = {}, None
        used = self._unfitted.used(rows)
        labels = list(rows["label"])
        if len(set(labels)) == 1 or not used:
            self._only = rows["label"].mode()[0]
            self.parameters = {"constant": self._only}
            return
        chosen, tried = self._choose(rows, shared)
        self._features = self._unfitted.fit(rows, shared, len(rows))
        matrix = self._features.matrix(rows, shared)
        self._classifier = self.learn(self.prepare(matrix), labels, chosen)
        self.parameters = {self.name: chosen, "fields": list(used), "features": matrix.shape[1], **self.parameters}
        if tried:
            if (count := len(sampled(rows, self.seed))) < len(rows):
                self.parameters[TUNED_ON] = count
            self.parameters[f"macro_f1_by_{self.name}"] = {f"{p:g}": round(score, 6) for p, score in tried.items()}

    def shares(self, rows: "pd.DataFrame", shared: Shared) -> Array:
        """Return the share of each label; 0 for a label that was not in training."""
        shares = np.zeros((len(rows), len(self.task.labels)))
        if self._only is not None:
            shares[:, self.task.labels.index(self._only)] = 1
        elif len(rows):
            assert self._features is not None
            scores = self.scores(self._classifier, self._features.matrix(rows, shared))
            shares[:, [self.task.labels.index(label) for label in self._classifier.classes_]] = self.as_shares(scores)
        return shares

    def _choose(self, rows: "pd.DataFrame", shared: Shared) -> tuple[float, dict[float, float]]:
        """Return the chosen parameter, and the macro-F1 over folds of each of the grid (empty without folds)."""
        size, rows = len(rows), sampled(rows, self.seed)
        divided = folds(rows, self.seed)
        if not divided:
            return self.fixed, {}
        actual = list(rows["label"])
        classes = sorted(set(actual))
        scores = {parameter: np.full((len(rows), len(classes)), -np.inf) for parameter in self.grid}
        for learnt, held_out in divided:
            seen, asked = rows.iloc[learnt], rows.iloc[held_out]
            features = self._unfitted.fit(seen, shared, size)
            prepared, unseen = self.prepare(features.matrix(seen, shared)), features.matrix(asked, shared)
            for parameter, found in scores.items():
                classifier = self.learn(prepared, list(seen["label"]), parameter)
                at = np.array([classes.index(label) for label in classifier.classes_])
                found[held_out[:, None], at] = self.scores(classifier, unseen)
        tried = {
            parameter: macro_f1(actual, [classes[at] for at in found.argmax(axis=1)])
            for parameter, found in scores.items()
        }
        best = max(self.grid, key=lambda parameter: tried[parameter])
        self.settle(scores[best], actual, classes)
        return best, tried
