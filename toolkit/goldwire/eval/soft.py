"""Models beside votes that differ: distance of their shares to the votes, and figures where people agree or do not.

Where annotators disagree with reason, the shares of their votes are what a model should give (Uma, Fornaciari, Hovy,
Paun, Plank and Poesio, 2021, Learning from disagreement, JAIR 72; Leonardelli et al. 2023, SemEval-2023 task 11).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from goldwire.eval.measure import Bootstrap, Gold, Names, codes, measure
from goldwire.eval.metrics.sums import Array
from goldwire.eval.probabilities import checked, drawn
from goldwire.eval.task import Answer, Task
from goldwire.stats.resample import Interval

NAMES = ("cross-entropy", "jensen-shannon", "manhattan")
_LEAST = float(np.finfo(np.float64).eps)  # a share of 0 counts as this
_ALL = 1 - 1e-9
_NO_VOTES = "no row has votes"


def soft(
    task: Task, votes: Sequence[Mapping[str, float] | None], shares: Array, clusters: Names, bootstrap: Bootstrap
) -> dict[str, dict[str, Any]]:
    """Measure a model's shares against those of the votes; means over the rows that have votes.

    - cross-entropy: - sum of share of the votes x ln(share of the model);
    - jensen-shannon: the Jensen-Shannon distance to base 2, 0 to 1: the root of the divergence of Lin (1991), and a
      metric, which the divergence is not (Endres and Schindelin, 2003, A new metric for probability distributions);
    - manhattan: the sum of the absolute differences, 0 to 2.

    Where answers can be several, each label is given or not, and a row's figure is the mean of its labels'.

    Parameters
    ----------
    votes : sequence of mapping, or None
        Of each row, label -> share of its votes; None for a row without votes. Labels that the task has not are left
        out. Of a question with one answer the rest is made to sum to one, and a row with no rest has no votes; where
        answers can be several, an empty mapping says that everybody voted for none of the labels.
    shares : array, rows x labels
        In the order of `task.labels`; see `probabilities.checked`.

    Returns
    -------
    dict
        ``{name: {"value", "low", "high"}}``; None, with "why", where no row has votes.
    """
    shares, given = checked(task, shares), _matrix(task, votes)
    voted = ~np.isnan(given).any(axis=1)
    if not voted.any():
        return {name: Interval(None, why=_NO_VOTES).as_dict() for name in NAMES}
    p, q = shares[voted], given[voted]
    if task.several:
        p, q = np.stack([p, 1 - p], axis=2), np.stack([q, 1 - q], axis=2)
    middle = (p + q) / 2
    entropy = -(q * np.log(np.clip(p, _LEAST, 1))).sum(axis=-1)
    divergence = (_entropy(middle) - (_entropy(p) + _entropy(q)) / 2) / np.log(2)
    distances = entropy, np.sqrt(np.maximum(divergence, 0)), np.abs(p - q).sum(axis=-1)
    figures = [each.mean(axis=1) if task.several else each for each in distances]
    statistics = np.column_stack([np.ones(len(p)), *figures])
    intervals = drawn(bootstrap, codes(clusters)[voted], statistics, lambda sums: sums[:, 1:] / sums[:, :1])
    return {name: interval.as_dict() for name, interval in zip(NAMES, intervals, strict=True)}


def by_votes(
    task: Task,
    actual: Sequence[Answer],
    predicted: Sequence[Answer],
    votes: Sequence[Mapping[str, float] | None],
    clusters: Names,
    bootstrap: Bootstrap,
    metric: str = "macro-f1",
    numbers: Sequence[int | None] | None = None,
) -> dict[str, dict[str, Any]]:
    """Return one metric on the rows whose votes are unanimous and on those whose votes are not.

    Votes are as in `soft`: where answers can be several, those for none of the labels are unanimous too. One vote
    says nothing of agreement, so rows that have one are apart from both.

    Parameters
    ----------
    numbers : sequence of int or None, optional
        How many votes each row has; where that is not known, rows count as having several.

    Returns
    -------
    dict
        ``{"unanimous", "contested": {"value", "low", "high"}}``; None, with "why", where there is no such row. Where
        rows have one vote, "one vote" as well.
    """
    given = _matrix(task, votes)
    voted = ~np.isnan(given).any(axis=1)
    settled = np.asarray(((given >= _ALL) | (given <= 1 - _ALL)).all(axis=1))
    alone = np.array([number == 1 for number in numbers or [None] * len(votes)], dtype=bool)
    groups = {"unanimous": settled & ~alone, "contested": voted & ~settled & ~alone}
    if (voted & alone).any():
        groups["one vote"] = voted & alone
    found = {}
    for name, chosen in groups.items():
        rows = np.flatnonzero(chosen).tolist()
        if not rows:
            found[name] = Interval(None, why=f"no row is {name}").as_dict()
            continue
        part = Gold.of(task, [actual[row] for row in rows], codes(clusters)[rows], metrics=[metric])
        found[name] = measure(part, [predicted[row] for row in rows], bootstrap)[0][metric]
    return found


def _matrix(task: Task, votes: Sequence[Mapping[str, float] | None]) -> Array:
    """Return the votes as rows x labels; NaN in rows without votes."""
    positions = {label: at for at, label in enumerate(task.labels)}
    found = np.zeros((len(votes), len(positions)))
    for row, given in enumerate(votes):
        for label, share in (given or {}).items():
            if label in positions:
                found[row, positions[label]] = share
    empty = np.array([given is None for given in votes], dtype=bool)
    if not task.several:
        sums = found.sum(axis=1, keepdims=True)
        empty |= sums[:, 0] <= 0
        found = found / np.where(sums > 0, sums, 1)
    found[empty] = np.nan
    return found


def _entropy(shares: Array) -> Array:
    return np.asarray(-(shares * np.log(np.where(shares > 0, shares, 1))).sum(axis=-1))
