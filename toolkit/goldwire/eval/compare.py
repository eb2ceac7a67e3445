"""Differences between models on the same gold: paired, by story, and corrected for how often one looks.

The interval of a difference is a paired bootstrap over clusters. Its p-value is that of a paired randomisation test
(Noreen 1989; Yeh 2000 for F-scores): if two models were the same, swapping their predictions on all units of a
story would change nothing. Holm's correction (1979) runs over the models compared, for each metric.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.eval.align import Pairs, pair
from goldwire.eval.measure import Bootstrap, Counts, Gold, evaluate, measure
from goldwire.eval.metrics import Array, Metric, choose
from goldwire.provenance import digest_json, signature
from goldwire.stats.holm import holm

_BLOCK = 4_000_000  # numbers held at once, 32 MB
_TIE = 1e-12


def differences(
    gold: Gold, predicted: Mapping[str, Sequence[str]], metrics: Sequence[Metric], bootstrap: Bootstrap
) -> list[dict[str, Any]]:
    """Compare every model with the first.

    Parameters
    ----------
    predicted : mapping
        Model -> predicted labels, in the rows of `gold`.

    Returns
    -------
    list of dict
        One a model and metric: ``{"a", "b", "metric", "difference", "low", "high", "p", "p_holm"}``. The
        difference is a less b, and b is the first model. None where a figure is not defined.
    """
    first, *others = predicted
    found: dict[str, list[dict[str, Any]]] = {metric.name: [] for metric in metrics}
    for name in others:
        for metric, values in zip(
            metrics, _pair_differences(gold, predicted[name], predicted[first], metrics, bootstrap), strict=True
        ):
            found[metric.name].append({"a": name, "b": first, "metric": metric.name, **values})
    for listed in found.values():
        for row, adjusted in zip(listed, holm([row["p"] for row in listed]), strict=True):
            row["p_holm"] = None if adjusted is None else round(adjusted, 6)
    return [row for i in range(len(others)) for row in (found[metric.name][i] for metric in metrics)]


def compare(
    gold: pa.Table,
    predictions: Mapping[str, pa.Table],
    *,
    metrics: Sequence[str] = ("macro-f1", "accuracy"),
    resamples: int = 1000,
    level: float = 0.95,
    seed: int = 0,
    **columns: Any,
) -> dict[str, Any]:
    """Compare two or more tables of predictions with the first of them.

    Parameters
    ----------
    gold, predictions
        See `score.score`; `columns` are the keyword arguments of `align.pair`.

    Returns
    -------
    dict
        ``{"n", "models": {name: {metric: {"value", "low", "high"}}}, "comparisons": [see `differences`],
        "signature"}``

    Raises
    ------
    GoldwireError
        When there are fewer than two, one does not match the gold, or they are not of the same question.
    """
    if len(predictions) < 2:
        raise GoldwireError("comparing takes two predictions or more")
    paired: dict[str, Pairs] = {}
    for name, table in predictions.items():
        try:
            paired[name] = pair(gold, table, **columns)
        except GoldwireError as error:
            raise GoldwireError(error.message, where=name, hint=error.hint) from None
    (against, first), *others = paired.items()
    for name, other in others:
        if (other.ids, other.actual) != (first.ids, first.actual):
            raise GoldwireError(
                f"the predictions answer another question, or on other rows, than those of {against}",
                where=name,
                hint="Compare predictions of one question on the same rows.",
            )
    labels = sorted(set(first.actual).union(*(p.predicted for p in paired.values())))
    coded = Gold.of(labels, first.actual, first.clusters, first.targets)
    chosen = choose(metrics, labels, targets=first.targets is not None)
    bootstrap = Bootstrap(resamples, level, seed)
    recipe = {
        "data": digest_json([first.ids, first.actual, first.clusters, *(p.predicted for p in paired.values())]),
        "n": len(first.ids),
        "cluster": first.clustered or "row",
        "bootstrap": resamples,
        "level": level,
        "seed": seed,
    }
    return {
        "n": len(first.ids),
        "models": {name: measure(coded, p.predicted, chosen, bootstrap)[0] for name, p in paired.items()},
        "comparisons": differences(coded, {name: p.predicted for name, p in paired.items()}, chosen, bootstrap),
        "signature": signature(recipe),
    }


def compare_files(gold: Path, predictions: Sequence[Path], **options: Any) -> dict[str, Any]:
    """Compare files of predictions, named by their paths; the options are those of `compare`."""
    return compare(tables.read(gold), {str(path): tables.read(path) for path in predictions}, **options)


def _pair_differences(
    gold: Gold, a: Sequence[str], b: Sequence[str], metrics: Sequence[Metric], bootstrap: Bootstrap
) -> list[dict[str, float | None]]:
    counts = Counts.of(gold, a), Counts.of(gold, b)
    width = counts[0].statistics.shape[1]
    statistics = np.concatenate([part.statistics for part in counts], axis=1)

    def difference(sums: Array) -> Array:
        left = evaluate(counts[0].matrices(sums[:, :width]), metrics, gold.labels)
        right = evaluate(counts[1].matrices(sums[:, width:]), metrics, gold.labels)
        return left - right

    intervals = bootstrap.intervals(np.arange(len(statistics)), statistics, difference)
    p_values = _randomised(gold, a, b, metrics, bootstrap)
    return [
        {
            "difference": interval.as_dict()["value"],
            "low": interval.as_dict()["low"],
            "high": interval.as_dict()["high"],
            "p": None if interval.value is None else round(p, 6),
        }
        for interval, p in zip(intervals, p_values, strict=True)
    ]


def _randomised(
    gold: Gold, a: Sequence[str], b: Sequence[str], metrics: Sequence[Metric], bootstrap: Bootstrap
) -> list[float]:
    """Return the two-sided p-value of each metric: how often swapping stories gives a difference as large."""
    both = Gold(
        gold.labels, np.tile(gold.actual, 2), np.tile(gold.clusters, 2), np.tile(gold.targets, 2)
    )  # one set of cells for both models, so that their statistics can be swapped
    together = Counts.of(both, [*a, *b])
    codes = np.searchsorted(together.occurring, np.stack([gold.cells(a), gold.cells(b)]))
    size, width = together.statistics.shape
    left, right = (
        np.bincount(gold.clusters * width + code, minlength=size * width).reshape(size, width).astype(np.float64)
        for code in codes
    )
    differ = (left != right).any(axis=1)  # swapping equal stories changes nothing
    change = (right - left)[differ]
    total = left.sum(0), right.sum(0)

    def difference(moved: Array) -> Array:
        one = evaluate(together.matrices(total[0] + moved), metrics, gold.labels)
        return one - evaluate(together.matrices(total[1] - moved), metrics, gold.labels)

    observed = np.abs(difference(np.zeros((1, width))))[0]
    generator = np.random.default_rng(bootstrap.seed)
    block = max(1, _BLOCK // max(1, len(change), width))
    as_large = np.zeros(len(metrics))
    for start in range(0, bootstrap.resamples, block):
        swapped = generator.integers(0, 2, (min(block, bootstrap.resamples - start), len(change)))
        drawn = np.abs(difference(swapped.astype(np.float64) @ change))
        as_large += (drawn >= observed - _TIE).sum(axis=0)
    return [float(p) for p in (as_large + 1) / (bootstrap.resamples + 1)]
