"""Differences between models on the same gold: paired, by story, and corrected for how often one looks.

The interval of a difference is a paired bootstrap over clusters. Its p-value is that of a paired randomisation test
by cluster (see `goldwire.eval.compare.swaps`). McNemar's test stands beside it, and ignores clusters.

Holm's correction (1979) is made for each figure over the pairs of models; the F1 of the labels are one family
together. Where each model is compared with the first, that is the pairs compared. As soon as the best one is looked
for, it is all pairs, listed or not: the best was found on the same units by looking at all of them.

A comparison is settled when its adjusted p-value is below 1 - the level of the intervals. Its own interval, which
is not adjusted, can leave zero out before that.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Literal

import numpy as np

from goldwire.errors import GoldwireError
from goldwire.eval.compare.needed import needed
from goldwire.eval.compare.swaps import draws_for, swapped
from goldwire.eval.compare.wins import Right, Tally, tally
from goldwire.eval.measure import Bootstrap, Gold
from goldwire.eval.metrics import Array
from goldwire.eval.task import Answer
from goldwire.stats import draws
from goldwire.stats.holm import holm
from goldwire.stats.resample import Estimator

Against = Literal["first", "best", "both", "all"]
Pair = tuple[str, str]

FIGURES = ("macro-f1", "accuracy")

_DIGITS = 6


@dataclass(frozen=True)
class _Column:
    """A figure of the estimators: a metric, or the F1 of a label."""

    at: int
    metric: str
    label: str | None = None


@dataclass(frozen=True)
class _Test:
    """A p-value, adjusted, and how many of its family are not smaller: what Holm multiplies it by, or more."""

    p: float | None
    holm: float | None
    family: int


def differences(
    gold: Gold,
    predicted: Mapping[str, Sequence[Answer]],
    bootstrap: Bootstrap,
    figures: Sequence[str] = FIGURES,
    *,
    against: Against = "first",
    labels: bool = True,
) -> list[dict[str, Any]]:
    """Compare models in pairs.

    Parameters
    ----------
    gold : Gold
        With the metrics that are compared.
    predicted : mapping
        Model -> answers, in the rows of `gold`.
    figures : sequence of str
        Metrics; the first decides which model is the best.
    against : {"first", "best", "both", "all"}
        first: every other model less the first. best: the best model less every other. both: these and those. all:
        every later model less every earlier one.
    labels : bool
        Whether to compare the F1 of each label with support, too.

    Returns
    -------
    list of dict
        In the shape of `goldwire.eval.result.Comparison`: one a pair and metric, then one a pair and label with the
        metric "f1". The difference is a less b; None where a figure is not defined. A row without an interval has
        "why". Of a label, wins and losses are about that label, given or not. A row that is settled has no number of
        units needed; where one that is not has none either, "needed_why" says the reason.

    Raises
    ------
    GoldwireError
        When the gold lacks a metric.
    """
    names = list(predicted)
    if len(names) < 2:
        return []
    gold, columns = _narrowed(gold, figures, labels)
    estimators = dict(zip(names, gold.estimators(list(predicted.values())), strict=True))
    values = {name: one.values() for name, one in estimators.items()}
    pairs = _pairs(against, names, _best(gold, values))
    looked_at = pairs if against == "first" else pairs + _others(names, pairs)
    intervals = _intervals(estimators, pairs, bootstrap)
    largest = len(looked_at) * max(1, sum(column.label is not None for column in columns))
    most = draws_for(largest, level=bootstrap.level)
    drawn = {
        pair: swapped(*(estimators[name] for name in pair), seed=bootstrap.seed, most=most) for pair in looked_at
    }
    right = Right.of(gold.actual, predicted)
    tallies = {column.label: _tallies(right, column.label, looked_at) for column in columns}
    swaps = _adjusted(columns, looked_at, lambda column, pair: drawn[pair][column.at])
    exact = _adjusted(columns, looked_at, lambda column, pair: tallies[column.label][pair].p)

    def row(pair: Pair, column: _Column) -> dict[str, Any]:
        bounds, counted = intervals[pair][column.at], tallies[column.label][pair]
        test, exactly = swaps[pair, column], exact[pair, column]
        units, why = None, None
        if test.holm is None or test.holm >= round(1 - bootstrap.level, _DIGITS):
            limits = bounds["value"], bounds["low"], bounds["high"]
            units, why = needed(len(gold.actual), *limits, level=bootstrap.level, family=test.family)
        return {
            "a": pair[0],
            "b": pair[1],
            "metric": column.metric,
            "label": column.label,
            "difference": bounds["value"],
            "low": bounds["low"],
            "high": bounds["high"],
            "p": _rounded(test.p),
            "p_holm": _rounded(test.holm),
            "wins": counted.wins,
            "ties": counted.ties,
            "losses": counted.losses,
            "mcnemar": _rounded(exactly.p),
            "mcnemar_holm": _rounded(exactly.holm),
            "needed": units,
            **({"needed_why": why} if why else {}),
            **({"why": bounds["why"]} if "why" in bounds else {}),
        }

    of_metrics, of_labels = (
        [row(pair, column) for pair in pairs for column in columns if (column.label is None) == metric]
        for metric in (True, False)
    )
    return of_metrics + of_labels


def _narrowed(gold: Gold, figures: Sequence[str], labels: bool) -> tuple[Gold, list[_Column]]:
    """Return the gold with these metrics alone, and the columns of its estimators that are compared."""
    measured = {metric.name: metric for metric in gold.metrics}
    if lacking := [name for name in figures if name not in measured]:
        raise GoldwireError(f"{lacking[0]} was not measured", hint=f"Measured: {', '.join(measured)}")
    gold = replace(gold, metrics=tuple(measured[name] for name in dict.fromkeys(figures)))
    supported = {label for answer in gold.actual for label in answer}
    columns = [_Column(at, metric.name) for at, metric in enumerate(gold.metrics)]
    if labels:
        first = len(columns)
        every = enumerate(gold.task.labels, first)
        columns += [_Column(at, "f1", label) for at, label in every if label in supported]
    return gold, columns


def _best(gold: Gold, values: Mapping[str, Array]) -> str:
    """Return the model that is best by the first metric; of equals the first."""
    sign = -1.0 if gold.metrics and gold.metrics[0].better == "less" else 1.0
    return max(values, key=lambda name: -np.inf if np.isnan(values[name][0]) else sign * values[name][0])


def _pairs(against: Against, names: Sequence[str], best: str) -> list[Pair]:
    first, *others = names
    if against == "all":
        return [(b, a) for a, b in combinations(names, 2)]
    found = [(name, first) for name in others] if against in ("first", "both") else []
    if against in ("best", "both"):
        listed = {frozenset(pair) for pair in found}
        found += [(best, name) for name in names if name != best and {best, name} not in listed]
    return found


def _others(names: Sequence[str], pairs: Sequence[Pair]) -> list[Pair]:
    """Return all pairs that are not listed."""
    listed = {frozenset(pair) for pair in pairs}
    return [(b, a) for a, b in combinations(names, 2) if {a, b} not in listed]


def _intervals(
    estimators: Mapping[str, Estimator], pairs: Sequence[Pair], bootstrap: Bootstrap
) -> dict[Pair, list[dict[str, Any]]]:
    """Return the differences of each pair with their intervals, all from the same draws."""
    function = next(iter(estimators.values())).function
    names = list(estimators)

    def differing(sums: Array) -> Array:
        of_model = dict(zip(names, map(function, np.split(sums, len(names), axis=1)), strict=True))
        return np.hstack([of_model[a] - of_model[b] for a, b in pairs])

    found = bootstrap.intervals(None, draws.beside([one.statistics for one in estimators.values()]), differing)
    width = len(found) // len(pairs)
    listed = [interval.as_dict() for interval in found]
    return {pair: listed[at * width : (at + 1) * width] for at, pair in enumerate(pairs)}


def _tallies(right: Right, label: str | None, pairs: Sequence[Pair]) -> dict[Pair, Tally]:
    of_model = right.whole if label is None else right.of_label(label)
    return {pair: tally(of_model[pair[0]], of_model[pair[1]]) for pair in pairs}


def _adjusted(
    columns: Sequence[_Column], pairs: Sequence[Pair], p_of: Callable[[_Column, Pair], float | None]
) -> dict[tuple[Pair, _Column], _Test]:
    """Adjust the p-values of each metric over the pairs, and those of all labels together."""
    families = [[column] for column in columns if column.label is None]
    families.append([column for column in columns if column.label is not None])
    found: dict[tuple[Pair, _Column], _Test] = {}
    for family in families:
        keys = [(pair, column) for column in family for pair in pairs]
        ps = [p_of(column, pair) for pair, column in keys]
        for key, p, adjusted in zip(keys, ps, holm(ps), strict=True):
            found[key] = _Test(p, adjusted, sum(p is not None and other is not None and other >= p for other in ps))
    return found


def _rounded(p: float | None) -> float | None:
    return None if p is None else round(p, _DIGITS)
