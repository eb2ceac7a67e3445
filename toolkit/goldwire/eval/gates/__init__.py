"""Gates: models that must not have become worse; for limits that a figure must keep see `gates.limits`.

A model is significantly worse when a one-sided randomisation test by story (see `goldwire.eval.compare.swaps`), of
its figure now and before on the same units, has p below .05 after Holm's correction over all that is compared in
one run. One-sided, since a gate stops nobody for being better: p is about half of the two-sided one that
comparisons have, so a model can be significantly worse whose two-sided interval holds zero. Corrected, so that of a
gate without any change one run in twenty fails at most, however many models there are. Not being significantly
worse does not say "as good": with few units even a large loss is not significant, so the difference and its
interval are printed beside.

The resamples that a study or a command asks for are those of the intervals. A p-value takes as many draws as tell
it from the level: more the more models Holm's correction is over, as in comparisons (`swaps.draws_for`), and fewer
where it is plain that nothing became worse. Fewer than asked for would make a gate that cannot fail; more would not
move what is far from the level.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from goldwire.eval.compare.swaps import draws_for, swapped
from goldwire.eval.measure import Bootstrap, Gold
from goldwire.eval.metrics import METRICS, Array
from goldwire.eval.task import Answer
from goldwire.stats import draws
from goldwire.stats.holm import holm

ALPHA = 0.05


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
        Of the intervals, and the seed of the p-values.
    metric : str

    Returns
    -------
    dict
        Name -> ``{"metric", "n", "now", "before", "difference", "low", "high", "p", "p_holm", "worse"}``, now less
        before; p is one-sided. What is not defined is None, and then not worse.
    """
    found, ps, most = {}, [], draws_for(len(pairs))
    for name, (gold, now, before) in pairs.items():
        of_now, of_before = gold.estimators([now, before])
        width = of_now.statistics.shape[1]

        def figures(sums: Array, function: Any = of_now.function, width: int = width) -> Array:
            one, other = function(sums[:, :width])[:, 0], function(sums[:, width:])[:, 0]
            return np.stack([one, other, one - other], axis=1)

        both = draws.beside([of_now.statistics, of_before.statistics])
        at, was, difference = (one.as_dict() for one in bootstrap.intervals(None, both, figures))
        better_first = (of_before, of_now) if METRICS[metric].better == "less" else (of_now, of_before)
        ps.append(swapped(*better_first, seed=bootstrap.seed, sided=True, most=most)[0])
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
    bounds, beside = "", ""
    if row["low"] is not None:
        bounds = f" [{row['low']:.3f}, {row['high']:.3f}]"
        if row["low"] <= 0 <= row["high"]:
            beside = "; the interval is two-sided, and can hold 0 where the one-sided p is below .05"
    return (
        f"{name} is significantly worse than {before}: {row['metric']} {row['now']:.3f} against {row['before']:.3f}, "
        f"difference {row['difference']:.3f}{bounds}, one-sided p {row['p_holm']:.4f} (Holm) on {row['n']} units"
        f"{beside}"
    )
