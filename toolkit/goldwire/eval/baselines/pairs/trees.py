"""Trees over pair features: gradient boosting by histograms, alone or averaged with randomised trees."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from goldwire.eval.task import Array

Matrix = npt.NDArray[np.float32]


class Trees:
    """Boosted trees (Friedman 2001), with `averaged` the mean of their shares and those of extremely randomised trees
    (Geurts, Ernst and Wehenkel 2006), which err elsewhere.
    """

    def __init__(self, labels: Sequence[str], seed: int, *, averaged: bool = False, rounds: int = 120) -> None:
        self.labels = list(labels)
        self.seed, self.averaged, self.rounds = seed, averaged, rounds
        self._models: list[tuple[Any, list[int]]] = []
        self._only: int | None = None

    def fit(self, features: Matrix, actual: Sequence[str]) -> "Trees":
        """Learn; with one label only, that label has the whole share."""
        from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier

        least = int(np.clip(len(actual) // 150, 3, 80))
        models: list[Any] = [
            HistGradientBoostingClassifier(
                max_iter=self.rounds,
                learning_rate=0.05 if self.averaged else 0.08,
                max_leaf_nodes=8 if self.averaged else 15,
                min_samples_leaf=least,
                l2_regularization=10,
                max_features=0.2,
                early_stopping=False,
                random_state=self.seed,
            )
        ]
        if self.averaged:
            leaf = int(np.clip(len(actual) // 2000, 1, 5))
            models.append(ExtraTreesClassifier(100, min_samples_leaf=leaf, max_features=0.15, random_state=self.seed))
        self._models = []
        if len(set(actual)) > 1:
            for model in models:
                model.fit(features, list(actual))
                self._models.append((model, [self.labels.index(label) for label in model.classes_]))
        self._only = None if self._models else self.labels.index(actual[0])
        return self

    def shares(self, features: Matrix) -> Array:
        """Return the share of each label, rows x labels."""
        found = np.zeros((len(features), len(self.labels)))
        if self._only is not None:
            found[:, self._only] = 1
        elif len(features):
            for model, columns in self._models:
                found[:, columns] += model.predict_proba(features) / len(self._models)
        return found
