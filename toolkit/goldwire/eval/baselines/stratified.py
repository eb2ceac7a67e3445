"""Answers drawn by their share in training: what guessing that knows the label rates reaches."""

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from goldwire.eval.baselines.base import Baseline, Model, Shared
from goldwire.eval.task import TYPES, Answer, Array, Task
from goldwire.provenance import digest

if TYPE_CHECKING:
    import pandas as pd


class Stratified(Model):
    """Give each unit the answer of a unit drawn from training.

    The draw depends on the seed and the unit's id alone, so that it is the same in any order and company. Its shares
    are 1 for the drawn labels and 0 for the others.
    """

    def __init__(self, task: Task, seed: int = 0) -> None:
        super().__init__(task, seed)
        self._answers: list[Answer] = []
        self._until: Array = np.zeros(0)

    def fit(self, rows: "pd.DataFrame", shared: Shared) -> None:
        """Count the answers."""
        counts = Counter(rows["labels"])
        self._answers = sorted(counts)
        self._until = np.cumsum([counts[answer] for answer in self._answers]) / len(rows)
        self.parameters = {"answers": len(self._answers)}

    def shares(self, rows: "pd.DataFrame", shared: Shared) -> Array:
        """Return the drawn answers as ones and zeros."""
        drawn = [self._draw(str(unit)) for unit in rows["unit_id"]]
        return self.task.marks(drawn).astype(np.float64)

    def _draw(self, unit: str) -> Answer:
        point = int(digest(str(self.seed), unit), 16) / 16**16
        return self._answers[min(int(np.searchsorted(self._until, point, side="right")), len(self._answers) - 1)]


BASELINES = (Baseline("stratified", "answers drawn by their share in training", Stratified, types=TYPES),)
