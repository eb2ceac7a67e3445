"""The most frequent label: what a score must be above before it means anything."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from goldwire.eval.baselines.base import Baseline, Model, Shared
from goldwire.eval.task import TYPES, Answer, Array, Task

if TYPE_CHECKING:
    import pandas as pd


class Majority(Model):
    """Give every unit the shares of the labels in training.

    The answer is the most frequent one, of equals that which is first in the scheme; with several answers, every
    label that at least half of the units have.
    """

    def __init__(self, task: Task, seed: int = 0) -> None:
        super().__init__(task, seed)
        self._share: Array = np.zeros(len(task.labels))

    def fit(self, rows: "pd.DataFrame", shared: Shared) -> None:
        """Count the labels."""
        self._share = shares_of(list(rows["labels"]), self.task)
        (answer,) = self.decide(self._share[None, :])
        self.parameters = {"labels": list(answer)}

    def shares(self, rows: "pd.DataFrame", shared: Shared) -> Array:
        """Return the same shares for each row."""
        return np.tile(self._share, (len(rows), 1))


class MajorityPerTarget(Model):
    """Give a unit the shares of its target's labels in training, and of all labels for a target not seen there."""

    def __init__(self, task: Task, seed: int = 0) -> None:
        super().__init__(task, seed)
        self._overall: Array = np.zeros(len(task.labels))
        self._by_target: dict[str, Array] = {}

    def fit(self, rows: "pd.DataFrame", shared: Shared) -> None:
        """Count the labels of each target."""
        self._overall = shares_of(list(rows["labels"]), self.task)
        self._by_target = {
            str(target): shares_of(list(group["labels"]), self.task) for target, group in rows.groupby("target")
        }
        self.parameters = {"targets": len(self._by_target)}

    def shares(self, rows: "pd.DataFrame", shared: Shared) -> Array:
        """Return the shares of each row's target."""
        found = [self._by_target.get(str(target), self._overall) for target in rows["target"]]
        return np.array(found, dtype=np.float64).reshape(len(rows), len(self.task.labels))


def shares_of(answers: Sequence[Answer], task: Task) -> Array:
    """Return the share of the answers that have each label."""
    return np.asarray(task.marks(answers).sum(axis=0) / max(1, len(answers)))


BASELINES = (
    Baseline(
        "majority",
        "the most frequent label of the train split; of several, those that half of its units or more have",
        Majority,
        types=TYPES,
    ),
    Baseline(
        "majority-per-target",
        "majority among the units of the same target; over all targets for one not seen",
        MajorityPerTarget,
        types=TYPES,
        needs_target=True,
    ),
)
