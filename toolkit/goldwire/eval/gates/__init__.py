"""Gates: limits that a metric must keep, and models that must not have become worse.

A model is significantly worse when a one-sided randomisation test by story (see `goldwire.eval.compare.swaps`), of
its figure now and before on the same units, has p below .05 after Holm's correction over all that is compared in one
run. One-sided, since a gate stops nobody for being better; corrected, so that of a gate without any change one run in
twenty fails at most, however many models there are. Not being significantly worse does not say "as good": with few
units even a large loss is not significant, so the difference and its interval are printed beside.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from goldwire.errors import UsageError
from goldwire.eval.compare.swaps import swapped
from goldwire.eval.measure import Bootstrap, Gold
from goldwire.eval.metrics import METRICS, Array
from goldwire.eval.task import Answer
from goldwire.stats import draws
from goldwire.stats.holm import holm

ALPHA = 0.05

Limit = tuple[str, float]


def limits_of(given: Sequence[str]) -> list[Limit]:
    """Return the limits written as METRIC=VALUE.

    Raises
    ------
    UsageError
        When one is not of this form, or its value is no number.
    """
    found = []
    for text in given:
        name, equals, value = text.rpartition("=")
        try:
            limit = float(value)
        except ValueError:
            limit = math.nan
        if not (name.strip() and equals and math.isfinite(limit)):
            raise UsageError(f'a limit is METRIC=VALUE, not "{text}"', hint="--fail-under macro-f1=0.60")
        found.append((name.strip(), limit))
    return found


def fail_under(metrics: Mapping[str, Mapping[str, Any]], limits: Sequence[str]) -> list[str]:
    """Return what fails, as sentences; the value counts, not its interval.

    Parameters
    ----------
    metrics : mapping
        Metric -> ``{"value", ...}``, as `goldwire.eval.measure.measure` returns them.
    limits : sequence of str
        METRIC=VALUE. Where less is better (losses and errors), it is failed by a value above. A metric that is not
        defined fails.

    Raises
    ------
    UsageError
        When a limit is malformed, or its metric was not measured.
    """
    failed = []
    for name, limit in limits_of(limits):
        if name not in metrics:
            raise UsageError(f'there is no metric "{name}"', hint=f"There are: {', '.join(metrics)}")
        value = metrics[name]["value"]
        less = name in METRICS and METRICS[name].better == "less"
        if value is None:
            failed.append(f"{name} is not defined, and should be {limit:g} or {'less' if less else 'more'}")
        elif value > limit if less else value < limit:
            failed.append(f"{name} is {value:.6g}, {'above' if less else 'below'} {limit:g}")
    return failed


def not_worse(
    pairs: Mapping[str, tuple[Gold, Sequence[Answer], Sequence[Answer]]],
    bootstrap: Bootstrap,
    metric: str = "macro-f1",
) -> dict[str, dict[str, Any]]:
    """Say of each pair whether the first answers are significantly worse than the second.

    Parameters
    ----------
    pairs : mapping
        Name -> gold with this one metric, the answers now, and those before.
    bootstrap : Bootstrap
    metric : str

    Returns
    -------
    dict
        Name -> ``{"metric", "n", "now", "before", "difference", "low", "high", "p", "p_holm", "worse"}``, now less
        before; p is one-sided. What is not defined is None, and then not worse.
    """
    found, ps = {}, []
    for name, (gold, now, before) in pairs.items():
        of_now, of_before = gold.estimators([now, before])
        width = of_now.statistics.shape[1]

        def figures(sums: Array, function: Any = of_now.function, width: int = width) -> Array:
            one, other = function(sums[:, :width])[:, 0], function(sums[:, width:])[:, 0]
            return np.stack([one, other, one - other], axis=1)

        both = draws.beside([of_now.statistics, of_before.statistics])
        at, was, difference = (one.as_dict() for one in bootstrap.intervals(None, both, figures))
        better_first = (of_before, of_now) if METRICS[metric].better == "less" else (of_now, of_before)
        ps.append(swapped(*better_first, seed=bootstrap.seed, sided=True)[0])
        found[name] = {
            "metric": metric,
            "n": len(gold.actual),
            "now": at["value"],
            "before": was["value"],
            "difference": difference["value"],
            "low": difference["low"],
            "high": difference["high"],
        }
    for row, p, adjusted in zip(found.values(), ps, holm(ps), strict=True):
        row["p"] = None if p is None else round(p, 6)
        row["p_holm"] = None if adjusted is None else round(adjusted, 6)
        row["worse"] = adjusted is not None and adjusted < ALPHA
    return found


def said(name: str, row: Mapping[str, Any], before: str) -> str:
    """Return a sentence on a model that became worse."""
    bounds = "" if row["low"] is None else f" [{row['low']:.3f}, {row['high']:.3f}]"
    return (
        f"{name} is significantly worse than {before}: {row['metric']} {row['now']:.3f} against {row['before']:.3f}, "
        f"difference {row['difference']:.3f}{bounds}, p {row['p_holm']:.4f} on {row['n']} units"
    )
