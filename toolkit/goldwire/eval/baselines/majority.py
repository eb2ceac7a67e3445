"""The most frequent label: what a score must be above before it means anything."""

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from goldwire.eval.metrics import Array

if TYPE_CHECKING:
    import pandas as pd


class Majority:
    """Give every unit the shares of the labels in training; ties go to the label that is first in the scheme."""

    def __init__(self, labels: list[str]) -> None:
        self.labels = labels
        self.parameters: dict[str, Any] = {}
        self._share: Array = np.zeros(len(labels))

    def fit(self, rows: "pd.DataFrame") -> None:
        """Count the labels."""
        self._share = shares_of(list(rows["label"]), self.labels)
        self.parameters = {"label": self.labels[int(self._share.argmax())]}

    def shares(self, rows: "pd.DataFrame") -> Array:
        """Return the same shares for each row."""
        return np.tile(self._share, (len(rows), 1))


class MajorityPerTarget:
    """Give a unit the shares of its target's labels in training, and of all labels for a target not seen there."""

    def __init__(self, labels: list[str]) -> None:
        self.labels = labels
        self.parameters: dict[str, Any] = {}
        self._overall: Array = np.zeros(len(labels))
        self._by_target: dict[str, Array] = {}

    def fit(self, rows: "pd.DataFrame") -> None:
        """Count the labels of each target."""
        self._overall = shares_of(list(rows["label"]), self.labels)
        self._by_target = {
            str(target): shares_of(list(group["label"]), self.labels) for target, group in rows.groupby("target")
        }
        self.parameters = {"targets": len(self._by_target)}

    def shares(self, rows: "pd.DataFrame") -> Array:
        """Return the shares of each row's target."""
        found = [self._by_target.get(str(target), self._overall) for target in rows["target"]]
        return np.array(found, dtype=np.float64).reshape(len(rows), len(self.labels))


def shares_of(values: list[str], labels: list[str]) -> Array:
    """Return the share of each label among the values."""
    counts = Counter(values)
    return np.array([counts[label] for label in labels], dtype=np.float64) / max(1, len(values))
