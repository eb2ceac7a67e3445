"""Precision, recall and F1 of things that are found or not: mentions and relations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from goldwire.errors import GoldwireError
from goldwire.eval.measure import Bootstrap
from goldwire.eval.metrics.several import OTHER
from goldwire.eval.metrics.sums import Array, Codes, ratio
from goldwire.eval.spans.policies import Policy
from goldwire.provenance import digest_json, signature

_NAMES = ("precision", "recall", "micro-f1", "macro-f1")
NAMES = tuple(prefix + name for prefix in ("", "overlap-") for name in _NAMES)
"""The metrics there are: of exact matches, and of those that overlap."""

_NO_SUPPORT = "the gold has none of this label"


@dataclass(frozen=True)
class Items:
    """What was marked: arrays with one element each; side 0 is gold, 1 the model's."""

    label: Codes
    side: Codes
    cluster: Codes
    labels: list[str]


def figures(
    items: Items, matched: Mapping[str, Codes], bootstrap: Bootstrap
) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Return metrics and figures per label, in the shapes of `goldwire.eval.measure.measure`.

    Parameters
    ----------
    matched : mapping
        What a match is called, before the names of metrics, -> the gold items that are found so. `per_label` is of
        the first.

    Raises
    ------
    GoldwireError
        When the gold has nothing.
    """
    if not (items.side == 0).any():
        raise GoldwireError("there is nothing to score: the gold has no rows")
    size = len(items.labels)
    shape = int(items.cluster.max()) + 1, size

    def count(which: Any) -> Array:
        cells = np.bincount(items.cluster[which] * size + items.label[which], minlength=shape[0] * size)
        return cells.reshape(shape).astype(np.float64)

    statistics = np.hstack([count(items.side == 0), count(items.side == 1), *map(count, matched.values())])

    def function(sums: Array) -> Array:
        support, given, *hits = (sums[:, at : at + size] for at in range(0, sums.shape[1], size))
        columns = []
        for found in hits:
            total, f1, there = found.sum(-1), ratio(2 * found, support + given), support > 0
            columns += [
                ratio(total, given.sum(-1)),
                ratio(total, support.sum(-1), undefined=np.nan),
                ratio(2 * total, (support + given).sum(-1), undefined=np.nan),
                ratio((f1 * there).sum(-1), there.sum(-1).astype(np.float64), undefined=np.nan),
            ]
        exact = np.where(support > 0, ratio(2 * hits[0], support + given), np.nan)
        return np.hstack([np.stack(columns, axis=1), exact])

    intervals = [interval.as_dict() for interval in bootstrap.intervals(None, statistics, function)]
    names = [prefix + name for prefix in matched for name in _NAMES]
    support, given, hits = (statistics.sum(axis=0)[at : at + size] for at in (0, size, 2 * size))
    whole = ratio(hits, given), ratio(hits, support), ratio(2 * hits, given + support)
    per_label = {}
    for at, (label, bounds) in enumerate(zip(items.labels, intervals[len(names) :], strict=True)):
        per_label[label] = {
            **{name: round(float(of[at]), 6) for name, of in zip(("precision", "recall", "f1"), whole, strict=True)},
            "support": int(support[at]),
            "f1_low": bounds["low"],
            "f1_high": bounds["high"],
            **({"why": bounds["why"] if support[at] else _NO_SUPPORT} if "why" in bounds else {}),
        }
    return dict(zip(names, intervals, strict=False)), per_label


def result(
    items: Items,
    metrics: Mapping[str, Any],
    per_label: Mapping[str, Any],
    data: Any,
    kind: str,
    clustered: str | None,
    bootstrap: Bootstrap,
    policy: Policy,
    notes: Sequence[str],
) -> dict[str, Any]:
    """Return figures in the shape of `score.score`; notes are warnings that come first."""
    per_label = {name: figure for name, figure in per_label.items() if name != OTHER}
    gold, predicted = (int((items.side == side).sum()) for side in (0, 1))
    warnings = [] if clustered else ["units count as independent: name the column of stories with --cluster"]
    if strange := [name for name, figure in per_label.items() if not figure["support"]]:
        warnings.insert(0, f"predicted, and without support in the gold: {', '.join(strange)}")
    recipe = {
        "data": digest_json(data),
        "n": gold,
        "kind": kind,
        **policy.recipe(),
        "cluster": clustered or "unit",
        "bootstrap": bootstrap.resamples,
        "level": bootstrap.level,
        "seed": bootstrap.seed,
    }
    return {
        "n": gold,
        "predicted": predicted,
        "metrics": dict(metrics),
        "per_label": per_label,
        "kind": kind,
        "clusters": len(np.unique(items.cluster)),
        "warnings": [*notes, *warnings],
        "signature": signature(recipe),
    }
