"""Metrics of single-choice labels, from confusion matrices: of one, or of thousands of resampled ones at once.

A confusion matrix is the sufficient statistic of every metric here. Its rows are gold labels, its columns are
predicted ones. Arrays have the shape ``(..., labels, labels)``; leading axes are resamples, models or targets.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from goldwire.errors import GoldwireError

Array = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Metric:
    """A named metric; `function` takes matrices and the label names and returns one value a matrix.

    Attributes
    ----------
    labels : tuple of str
        The labels that it is defined for, in any case; empty: any.
    by_target : bool
        Whether it is the mean over targets, of matrices that have an axis of targets before the last two.
    """

    name: str
    title: str
    function: Callable[[Array, Sequence[str]], Array]
    labels: tuple[str, ...] = ()
    by_target: bool = False


def per_label(matrices: Array) -> tuple[Array, Array, Array, Array]:
    """Return precision, recall, F1 and support, each ``(..., labels)``; a ratio with nothing below the line is 0."""
    hits = np.diagonal(matrices, axis1=-2, axis2=-1)
    support, given = matrices.sum(-1), matrices.sum(-2)
    return _ratio(hits, given), _ratio(hits, support), _ratio(2 * hits, support + given), support


def accuracy(matrices: Array, _: Sequence[str]) -> Array:
    """Return the share of rows whose prediction is the gold label."""
    return _ratio(np.trace(matrices, axis1=-2, axis2=-1), matrices.sum((-2, -1)), undefined=np.nan)


def macro_f1(matrices: Array, _: Sequence[str]) -> Array:
    """Return the mean F1 over the labels that have support in the gold of the same matrix."""
    *_unused, f1, support = per_label(matrices)
    return _ratio((f1 * (support > 0)).sum(-1), (support > 0).sum(-1).astype(np.float64), undefined=np.nan)


def weighted_f1(matrices: Array, _: Sequence[str]) -> Array:
    """Return the mean F1 over labels, weighted by their support."""
    *_unused, f1, support = per_label(matrices)
    return _ratio((f1 * support).sum(-1), support.sum(-1), undefined=np.nan)


def mcc(matrices: Array, _: Sequence[str]) -> Array:
    """Return Matthews' correlation for many classes (Gorodkin 2004); 0 when either side has one label only."""
    total, support, given = matrices.sum((-2, -1)), matrices.sum(-1), matrices.sum(-2)
    covariance = np.trace(matrices, axis1=-2, axis2=-1) * total - (support * given).sum(-1)
    spread = (total**2 - (support**2).sum(-1)) * (total**2 - (given**2).sum(-1))
    return np.clip(_ratio(covariance, np.sqrt(spread)), -1, 1)


def kappa(matrices: Array, _: Sequence[str]) -> Array:
    """Return Cohen's kappa; NaN when both sides have the same one label, where chance explains everything."""
    total = matrices.sum((-2, -1))
    observed = _ratio(np.trace(matrices, axis1=-2, axis2=-1), total, undefined=np.nan)
    expected = _ratio((matrices.sum(-1) * matrices.sum(-2)).sum(-1), total**2, undefined=np.nan)
    return _ratio(observed - expected, 1 - expected, undefined=np.nan)


def fnc(matrices: Array, names: Sequence[str]) -> Array:
    """Return the score of the Fake News Challenge, stage 1, relative to the best that can be reached.

    A row earns 0.25 when related (agree, disagree, discuss) and unrelated are told apart, and 0.75 more when it
    is related and the label is the exact one (Pomerleau and Rao 2017).
    """
    lowered = [name.lower() for name in names]
    related = np.isin(np.array(lowered), ["agree", "disagree", "discuss"])
    other = np.array([name == "unrelated" for name in lowered])
    same_side = np.outer(related, related) + np.outer(other, other)
    worth = 0.25 * same_side + 0.75 * np.diag(related.astype(np.float64))
    best = matrices.sum(-1) @ (related + 0.25 * other)
    return _ratio((matrices * worth).sum((-2, -1)), best, undefined=np.nan)


def semeval_favg(matrices: Array, names: Sequence[str]) -> Array:
    """Return the mean of the F1 of favor and of against, the metric of SemEval-2016 task 6 (Mohammad et al. 2016)."""
    *_unused, f1, support = per_label(matrices)
    wanted = [i for i, name in enumerate(names) if name.lower() in ("favor", "against")]
    return np.where(support.sum(-1) > 0, f1[..., wanted].mean(-1), np.nan)


def _by_target(matrices: Array, names: Sequence[str]) -> Array:
    values = semeval_favg(matrices, names)
    there = ~np.isnan(values)
    return _ratio(np.where(there, values, 0).sum(-1), there.sum(-1).astype(np.float64), undefined=np.nan)


_FNC = ("agree", "disagree", "discuss", "unrelated")
_STANCE = ("favor", "against")
METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("accuracy", "accuracy", accuracy),
        Metric("macro-f1", "macro-F1", macro_f1),
        Metric("micro-f1", "micro-F1", accuracy),  # the same, where every row has one label
        Metric("weighted-f1", "weighted F1", weighted_f1),
        Metric("mcc", "MCC", mcc),
        Metric("kappa", "kappa", kappa),
        Metric("fnc", "FNC score", fnc, _FNC),
        Metric("semeval-favg", "F-avg favor/against", semeval_favg, _STANCE),
        Metric("semeval-favg-by-target", "F-avg, mean over targets", _by_target, _STANCE, by_target=True),
    )
}


def choose(names: Sequence[str], labels: Sequence[str], *, targets: bool = False) -> list[Metric]:
    """Return the metrics of these names; for none, every metric that is defined for the labels.

    Raises
    ------
    GoldwireError
        When a name is unknown, or its metric is not defined for the labels or needs targets.
    """
    lowered = {label.lower() for label in labels}
    if not names:
        return [m for m in METRICS.values() if set(m.labels) <= lowered and (targets or not m.by_target)]
    chosen = []
    for name in names:
        if name not in METRICS:
            raise GoldwireError(f'there is no metric "{name}"', hint=f"There are: {', '.join(METRICS)}")
        metric = METRICS[name]
        if not set(metric.labels) <= lowered:
            raise GoldwireError(
                f"{name} is defined for the labels {', '.join(metric.labels)}, and these are {', '.join(labels)}"
            )
        if metric.by_target and not targets:
            raise GoldwireError(f"{name} needs the target of each row", hint="Name its column with --target.")
        chosen.append(metric)
    return chosen


def _ratio(above: Array, below: Array, undefined: float = 0.0) -> Array:
    """Divide; where there is nothing below the line (all sums are of whole numbers), the answer is `undefined`."""
    safe = np.where(np.abs(below) > 1e-12, below, 1)
    return np.where(np.abs(below) > 1e-12, above / safe, undefined)
