"""Values with their intervals: every metric from the same draws of clusters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from goldwire.eval.metrics import Array, Codes, Metric, per_label
from goldwire.stats.resample import Interval, resample_each


@dataclass(frozen=True)
class Bootstrap:
    """How intervals are made: `resamples` draws of clusters with replacement, percentiles at `level`."""

    resamples: int = 1000
    level: float = 0.95
    seed: int = 0

    def intervals(self, clusters: Codes, statistics: Array, function: Any) -> list[Interval]:
        """Return the figures of `function` (sums, m x k, to m x p) with their intervals."""
        return resample_each(
            clusters, statistics, function, resamples=self.resamples, seed=self.seed, level=self.level
        )


@dataclass(frozen=True)
class Gold:
    """Gold labels, clusters and targets as positions: what every model is counted against.

    Attributes
    ----------
    labels : tuple of str
        All labels, in the order of the matrices.
    actual, clusters, targets : integer arrays, shape (n,)
        Positions of each row's label, cluster and target.
    """

    labels: tuple[str, ...]
    actual: Codes
    clusters: Codes
    targets: Codes

    @classmethod
    def of(
        cls,
        labels: Sequence[str],
        actual: Sequence[str],
        clusters: Sequence[str],
        targets: Sequence[str] | None = None,
    ) -> "Gold":
        """Code rows; without targets all rows have the same one."""
        return cls(tuple(labels), encode(labels, actual), _codes(clusters), _codes(targets or [""] * len(actual)))

    @property
    def shape(self) -> tuple[int, int, int]:
        """Targets, labels, labels: the shape of one model's confusion matrices."""
        return int(self.targets.max()) + 1, len(self.labels), len(self.labels)

    def cells(self, predicted: Sequence[str]) -> Codes:
        """Return the cell of each row: its position in confusion matrices of the shape `shape`, laid out flat."""
        size = len(self.labels)
        return (self.targets * size + self.actual) * size + encode(self.labels, predicted)

    def matrices(self, predicted: Sequence[str]) -> Array:
        """Return the confusion matrices of all rows, targets x labels x labels."""
        counts = np.bincount(self.cells(predicted), minlength=int(np.prod(self.shape)))
        return counts.reshape(self.shape).astype(np.float64)


@dataclass(frozen=True)
class Counts:
    """Sufficient statistics: for each cluster, how often each cell occurs. Cells that never occur take no room."""

    statistics: Array
    occurring: Codes
    shape: tuple[int, int, int]

    @classmethod
    def of(cls, gold: Gold, predicted: Sequence[str]) -> "Counts":
        """Count one model's cells by cluster."""
        occurring, codes = np.unique(gold.cells(predicted), return_inverse=True)
        clusters = int(gold.clusters.max()) + 1
        flat = np.bincount(gold.clusters * len(occurring) + codes, minlength=clusters * len(occurring))
        return cls(flat.reshape(clusters, -1).astype(np.float64), occurring, gold.shape)

    def matrices(self, sums: Array) -> Array:
        """Lay sums, m x cells, out as confusion matrices, m x targets x labels x labels."""
        full = np.zeros((len(sums), int(np.prod(self.shape))))
        full[:, self.occurring] = sums
        return full.reshape(len(sums), *self.shape)


def measure(
    gold: Gold, predicted: Sequence[str], metrics: Sequence[Metric], bootstrap: Bootstrap
) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Return the metrics and the figures per label of one model, in the shapes of `score`.

    Returns
    -------
    metrics : dict
        ``{name: {"value", "low", "high"}}``; None where not defined, and then "why".
    per_label : dict
        ``{label: {"precision", "recall", "f1", "support", "f1_low", "f1_high"}}``. A label without support has
        no interval.
    """
    counts = Counts.of(gold, predicted)

    def figures(sums: Array) -> Array:
        matrices = counts.matrices(sums)
        hits = np.diagonal(matrices.sum(1), axis1=-2, axis2=-1)
        _, _, f1, support = per_label(matrices.sum(1))
        f1 = np.where((support > 0) | (hits > 0), f1, np.nan)
        return np.concatenate([evaluate(matrices, metrics, gold.labels), f1], axis=1)

    clusters = np.arange(len(counts.statistics))
    intervals = bootstrap.intervals(clusters, counts.statistics, figures)
    values = {m.name: i.as_dict() for m, i in zip(metrics, intervals, strict=False)}
    whole = per_label(gold.matrices(predicted).sum(0))
    labels = {}
    for at, (label, interval) in enumerate(zip(gold.labels, intervals[len(metrics) :], strict=True)):
        precision, recall, f1, support = (float(figure[at]) for figure in whole)
        labels[label] = {
            "precision": round(precision, 6),
            "recall": round(recall, 6),
            "f1": round(f1, 6),
            "support": int(support),
            "f1_low": interval.as_dict()["low"],
            "f1_high": interval.as_dict()["high"],
        }
    return values, labels


def evaluate(matrices: Array, metrics: Sequence[Metric], labels: Sequence[str]) -> Array:
    """Return every metric of confusion matrices, m x targets x labels x labels, as m x metrics."""
    pooled = matrices.sum(1)
    return np.stack([m.function(matrices if m.by_target else pooled, labels) for m in metrics], axis=1)


def encode(labels: Sequence[str], values: Sequence[str]) -> Codes:
    """Return the position of each value in `labels`; KeyError for one that is not there."""
    positions: Mapping[str, int] = {label: i for i, label in enumerate(labels)}
    return np.array([positions[value] for value in values], dtype=np.int64)


def _codes(values: Sequence[str]) -> Codes:
    codes: Codes = np.unique(np.array(values, dtype=str), return_inverse=True)[1].astype(np.int64)
    return codes
