"""How good a model's shares are as probabilities: log loss, Brier score, calibration error, ranking."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from goldwire.errors import GoldwireError
from goldwire.eval.measure import Bootstrap, Names, codes
from goldwire.eval.metrics.sums import Array, Codes
from goldwire.eval.task import Answer, Marks, Task
from goldwire.stats.draws import by_cluster
from goldwire.stats.resample import Function, Interval

BINS = 10
TOLERANCE = 0.01
"""By how much the shares of a row may miss one, as rounding makes them; they are then made to sum to one."""

_LEAST = float(np.finfo(np.float64).eps)  # a share of 0 counts as this, as in scikit-learn's log_loss
_EXAMPLES = 3
_DIGITS = 9
_SLACK = 1e-9  # last digits
_AT_ONCE = 8_000_000  # comparisons of two labels of a row


def checked(task: Task, shares: Array, names: Sequence[str] | None = None) -> Array:
    """Return shares, rows x labels, as probabilities: those of a question with one answer sum to one.

    Parameters
    ----------
    names : sequence of str, optional
        What a row is called in an error; by default its number, from 1.

    Raises
    ------
    GoldwireError
        When a share is not a number, negative, or above one, or the shares of a row do not sum to one within
        `TOLERANCE`; with counts and examples.
    """
    if shares.ndim != 2 or shares.shape[1] != len(task.labels):
        raise ValueError(f"shares are rows x {len(task.labels)} labels, not of shape {shares.shape}")
    sums = shares.sum(axis=1)
    for bad, what in (
        (~np.isfinite(shares).all(axis=1), "are lacking or not numbers"),
        ((shares < 0).any(axis=1), "are negative"),
        ((np.abs(sums - 1) > TOLERANCE + _SLACK) & (not task.several), "do not sum to one"),
        ((shares > 1 + TOLERANCE + _SLACK).any(axis=1), "are above one"),
    ):
        if (rows := np.flatnonzero(bad)).size:
            shown = [str(row + 1) if names is None else names[row] for row in rows[:_EXAMPLES].tolist()]
            listed = ", ".join(shown) + (", ..." if len(rows) > _EXAMPLES else "")
            raise GoldwireError(f"the shares of {len(rows)} rows {what} ({listed})")
    return np.minimum(shares, 1.0) if task.several else shares / sums[:, None]


def calibration(
    task: Task, actual: Sequence[Answer], shares: Array, clusters: Names, bootstrap: Bootstrap
) -> dict[str, Any]:
    """Measure shares against gold.

    Of a question with one answer:

    - log-loss: the mean of - ln(share of the gold label);
    - brier: the mean over rows of the squared distance to the gold label's 1 and the others' 0, summed over labels
      (Brier 1950), 0 to 2;
    - ece: the expected calibration error of the largest share (Guo et al. 2017, On calibration of modern neural
      networks, ICML), in 10 bins of equal width, 0 to 1. It is biased upwards, the more so the fewer the rows are.

    Where answers can be several, log-loss, brier (0 to 1) and ece are of each label of each row, as a share that the
    label is given; and lrap is the label ranking average precision, where equal shares take the worse rank. Of a
    tree, labels above those in the gold count as gold.

    Parameters
    ----------
    shares : array, rows x labels
        In the order of `task.labels`.
    clusters : sequence of str
        What is drawn together.

    Returns
    -------
    dict
        ``{"metrics": {name: {"value", "low", "high"}}, "reliability": [{"low", "high", "share", "right", "n"}]}``;
        bins without rows are left out.

    Raises
    ------
    GoldwireError
        When shares are no probabilities; see `checked`.
    """
    shares = checked(task, shares)
    marks = task.marks(actual)
    if task.several:
        stated, right = shares.ravel(), marks.ravel()
        loss = -np.log(np.clip(np.where(marks, shares, 1 - shares), _LEAST, 1)).mean(axis=1)
        square = ((shares - marks) ** 2).mean(axis=1)
    else:
        stated, right = shares.max(axis=1), marks[np.arange(len(shares)), shares.argmax(axis=1)]
        loss = -np.log(np.clip(shares[marks], _LEAST, 1))
        square = ((shares - marks) ** 2).sum(axis=1)
    bins = np.digitize(stated, np.linspace(0, 1, BINS + 1)[1:-1], right=True)
    per_row = 1 if not task.several else len(task.labels)
    cells = np.repeat(np.arange(len(shares)), per_row) * BINS + bins
    gaps = np.bincount(cells, weights=(stated - right) / per_row, minlength=len(shares) * BINS).reshape(-1, BINS)
    columns = [np.ones(len(shares)), loss, square, *([_precision(marks, shares)] if task.several else [])]
    names = ("log-loss", "brier", *(["lrap"] if task.several else []), "ece")

    def function(sums: Array) -> Array:
        rows, means, gap = sums[:, :1], sums[:, 1 : len(columns)], sums[:, len(columns) :]
        return np.hstack([means, np.abs(gap).sum(axis=1, keepdims=True)]) / rows

    intervals = drawn(bootstrap, codes(clusters), np.column_stack([*columns, gaps]), function)
    return {
        "metrics": {name: interval.as_dict() for name, interval in zip(names, intervals, strict=True)},
        "reliability": _reliability(bins, stated, right),
    }


def drawn(bootstrap: Bootstrap, clusters: Codes, statistics: Array, function: Function) -> list[Interval]:
    """Return figures with intervals from sums of fractions, whose last digits depend on the order of the rows."""
    return bootstrap.intervals(None, np.round(by_cluster(clusters, statistics), _DIGITS), function)


def _reliability(bins: Any, stated: Array, right: Any) -> list[dict[str, Any]]:
    many, sums, hits = (np.bincount(bins, weights=weights, minlength=BINS) for weights in (None, stated, right))
    return [
        {
            "low": at / BINS,
            "high": (at + 1) / BINS,
            "share": round(float(sums[at] / many[at]), 6),
            "right": round(float(hits[at] / many[at]), 6),
            "n": int(many[at]),
        }
        for at in np.flatnonzero(many).tolist()
    ]


def _precision(marks: Marks, shares: Array) -> Array:
    """Return the label ranking average precision of each row: 1 where no label is gold, or all are."""
    found = np.ones(len(shares))
    many = max(1, _AT_ONCE // max(shares.shape[1], 1) ** 2)
    for start in range(0, len(shares), many):
        block, gold = shares[start : start + many], marks[start : start + many]
        ahead = block[:, None, :] >= block[:, :, None]  # row, label, label that ranks as high or higher
        precision = (ahead & gold[:, None, :]).sum(axis=2) / ahead.sum(axis=2)
        labels = gold.sum(axis=1)
        mean = (precision * gold).sum(axis=1) / np.maximum(labels, 1)
        found[start : start + many] = np.where(labels > 0, mean, 1.0)
    return found
