"""Values with their intervals: every metric from the same draws of clusters."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
import numpy.typing as npt

from goldwire.eval.metrics import Metric, choose
from goldwire.eval.metrics.counts import Statistics, count_one, count_several
from goldwire.eval.metrics.sums import Array, Codes, Sums
from goldwire.eval.task import Answer, Task
from goldwire.stats.draws import Rows
from goldwire.stats.resample import Estimator, Function, Groups, Interval, resample_each

Names = Sequence[str] | npt.NDArray[Any]

_NO_WIDTH = 1e-9
_NO_SUPPORT = "no row of the gold has this label"


@dataclass(frozen=True)
class Bootstrap:
    """How intervals are made: `resamples` draws of clusters with replacement, percentiles at `level`, widened.

    Test splits have few stories, and some of them are large: there plain percentiles are too narrow (see
    `goldwire.stats.widen`).
    """

    resamples: int = 1000
    level: float = 0.95
    seed: int = 0

    def intervals(self, clusters: Groups, statistics: Rows, function: Function) -> list[Interval]:
        """Return the figures of `function` (sums, m x k, to m x p) with their intervals.

        A figure that is the same in every resample has no interval: what was seen is not all that can be. That is so
        where all clusters are alike, and of what is constant by construction, as the kappa of one answer for all.
        """
        many = int(statistics.shape[0]) if clusters is None else len(set(clusters))
        why = _alike(many, self.level)
        found = self.bounds(clusters, statistics, function)
        return [
            one
            if one.low is None or one.high is None or one.high - one.low > _NO_WIDTH
            else Interval(one.value, why=why)
            for one in found
        ]

    def bounds(self, clusters: Groups, statistics: Rows, function: Function) -> list[Interval]:
        """Return the same with bounds for figures that do not vary: both are the figure."""
        return resample_each(
            clusters, statistics, function, resamples=self.resamples, seed=self.seed, level=self.level, widen=True
        )


@dataclass(frozen=True)
class Gold:
    """Gold answers with their clusters: what every model is counted against.

    Attributes
    ----------
    task : Task
    metrics : tuple of Metric
    actual : tuple of answers, length n
    clusters, targets : integer arrays, length n
        Which cluster, by name, and which target each row is of. Targets are 0 where no metric needs them.
    """

    task: Task
    metrics: tuple[Metric, ...]
    actual: tuple[Answer, ...]
    clusters: Codes
    targets: Codes

    @classmethod
    def of(
        cls,
        task: Task,
        actual: Sequence[Answer],
        clusters: Names,
        targets: Names | None = None,
        metrics: Sequence[str] = (),
    ) -> "Gold":
        """Code rows.

        Parameters
        ----------
        actual : sequence of answers
            Of labels of the task.
        clusters : sequence of str, or array
            What is drawn together.
        targets : sequence of str, optional
            The target of each row.
        metrics : sequence of str
            Names of `metrics.METRICS`; without any, every one that is defined for the task.

        Raises
        ------
        GoldwireError
            When a metric is unknown or not defined here.
        """
        chosen = tuple(choose(metrics, task, targets=targets is not None))
        nowhere = np.zeros(len(actual), dtype=np.int64)
        needed = targets if any(metric.by_target for metric in chosen) else None
        named = nowhere if needed is None else codes(np.array([name or None for name in needed], dtype=object))
        return cls(task, chosen, tuple(actual), codes(clusters), named)

    @property
    def names(self) -> tuple[str, ...]:
        """The figures that are measured: the metrics, then ``f1:<label>`` of each label."""
        return (*(metric.name for metric in self.metrics), *(f"f1:{label}" for label in self.task.labels))

    def estimators(self, predictions: Sequence[Sequence[Answer]]) -> list[Estimator]:
        """Return one estimator a model, all with the same columns and the same function.

        Statistics have one row a cluster, sorted by name; they are arrays, or all sparse. The function takes sums, m
        x columns, to figures, m x p, in the order of `names`: so models can be subtracted, stacked, or swapped by
        cluster. The F1 of a label without support is not defined (NaN).
        """
        counted = self.counted(predictions)
        return [Estimator(statistics, self.function(counted)) for statistics in counted.of_models]

    def function(self, counted: Statistics) -> Function:
        """Return the figures of sums of these statistics."""

        def figures(sums: Array) -> Array:
            read = counted.read(sums)
            f1 = np.where(read.support > 0, read.f1, np.nan)
            return np.column_stack([*(metric.function(read) for metric in self.metrics), f1])

        return figures

    def counted(self, predictions: Sequence[Sequence[Answer]]) -> Statistics:
        """Return the sufficient statistics of each model; KeyError for a label that the task has not."""
        if self.task.several:
            return count_several(self.task, self.actual, predictions, self.clusters)
        codes_of = self.task.codes
        given = [codes_of(answers) for answers in predictions]
        return count_one(self.task.labels, codes_of(self.actual), given, self.clusters, self.targets)

    def sums(self, predicted: Sequence[Answer]) -> Sums:
        """Return the sums over all rows of one model; m is 1."""
        counted = self.counted([predicted])
        return counted.read(_total(counted.of_models[0]))


def measure(
    gold: Gold, predicted: Sequence[Answer], bootstrap: Bootstrap
) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Return the metrics and the figures per label of one model, in the shapes of `score`.

    Returns
    -------
    metrics : dict
        ``{name: {"value", "low", "high"}}``; bounds are None where it is not defined or the same in every
        resample, and then "why".
    per_label : dict
        ``{label: {"precision", "recall", "f1", "support", "f1_low", "f1_high"}}``. A label without support has
        no interval, nor has one whose F1 is the same in every resample; where there is none stands "why". Labels of
        a tree count as they are given, without those above them.
    """
    counted = gold.counted([predicted])
    (statistics,) = counted.of_models
    intervals = bootstrap.intervals(None, statistics, gold.function(counted))
    whole = counted.read(_total(statistics))
    values = {metric.name: i.as_dict() for metric, i in zip(gold.metrics, intervals, strict=False)}
    labels = {}
    for at, (label, interval) in enumerate(zip(gold.task.labels, intervals[len(gold.metrics) :], strict=True)):
        bounds, support = interval.as_dict(), int(whole.support[0, at])
        labels[label] = {
            "precision": round(float(whole.precision[0, at]), 6),
            "recall": round(float(whole.recall[0, at]), 6),
            "f1": round(float(whole.f1[0, at]), 6),
            "support": support,
            "f1_low": bounds["low"],
            "f1_high": bounds["high"],
            **({"why": bounds["why"] if support else _NO_SUPPORT} if "why" in bounds else {}),
        }
    return values, labels


def value(task: Task, actual: Sequence[Answer], predicted: Sequence[Answer], metric: str = "macro-f1") -> float:
    """Return one metric of one model without an interval; NaN where it is not defined."""
    gold = Gold.of(task, actual, np.zeros(len(actual), dtype=np.int64), metrics=[metric])
    return float(gold.metrics[0].function(gold.sums(predicted))[0])


def codes(values: Names) -> Codes:
    """Return the position of each value among the distinct ones, sorted."""
    import pandas as pd

    found = pd.factorize(values if isinstance(values, np.ndarray) else np.array(values, dtype=object), sort=True)[0]
    return np.asarray(found, dtype=np.int64)


def _alike(clusters: int, level: float) -> str:
    """Say why there is no interval, with the rule of three (Hanley and Lippman-Hand, 1983; see `stats.resample`).

    What none of n clusters shows, up to - ln(1 - level) / n of all may: 3 / n at .95.
    """
    share = min(1.0, -log(1 - level) / max(clusters, 1))
    shows = f"what none of {clusters:,} clusters shows, up to {100 * share:.2g}% of others may show"
    return f"the same in every resample: {shows}"


def _total(statistics: Rows) -> Array:
    return np.asarray(statistics.sum(axis=0), dtype=np.float64).reshape(1, -1)
