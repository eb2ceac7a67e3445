"""Whether annotators change over time: agreement with the rest, and label rates, by period."""

from typing import Any

import numpy as np

from goldwire.labels.quality.observed import Observed
from goldwire.labels.quality.periods import Periods
from goldwire.labels.quality.rates import against_others
from goldwire.labels.quality.rest import Bootstrap, listed, mean_with_interval, rounded
from goldwire.stats.clustered_share import shares
from goldwire.stats.draws import Array
from goldwire.stats.holm import holm
from goldwire.stats.trend import Trend, trends

PERIOD_LABELS = 12
"""Labels whose rates are given by period, the most frequent; the trend is tested for all."""

ALONE = "nobody else answered the units of this period"


def drift(
    seen: Observed, same: Array, labels: list[int], periods: Periods, bootstrap: Bootstrap
) -> list[dict[str, Any]]:
    """Return how each annotator changes over time.

    Agreement is compared as it is, so units that get harder show in it; label rates are compared with the others' on
    the same units, so that a corpus that changes does not.

    Parameters
    ----------
    same : array
        From `goldwire.labels.quality.rest.same_as_rest`.
    labels : list of int
        Those to compare.

    Returns
    -------
    list of dict
        For each annotator ``periods``: period, n, agreement (with the rest), rates {label: {value, low, high}} of the
        `PERIOD_LABELS` labels given most often;
        ``trend`` of agreement and ``label_trends`` {label: trend} of their share less the others': change (from
        their first to their last answer, with its interval), p (see `goldwire.stats.trend`), p_holm (over
        annotators; over annotators and labels).
    """
    overall = _trends(seen, same, bootstrap)
    listed(overall, holm([row["p"] for row in overall]))
    by_label = {}
    for label in labels:
        has, others = against_others(seen, label)
        by_label[seen.answers.labels[label]] = _trends(seen, has - others, bootstrap)
    rows = [row for of_label in by_label.values() for row in of_label]
    listed(rows, holm([row["p"] for row in rows]))
    return [
        {
            "periods": rows,
            "trend": overall[who],
            "label_trends": {name: of_label[who] for name, of_label in by_label.items()},
        }
        for who, rows in enumerate(_by_period(seen, same, labels, periods, bootstrap))
    ]


def of_all(seen: Observed, same: Array, periods: Periods, bootstrap: Bootstrap) -> list[dict[str, Any]]:
    """Return the agreement of all answers of each period with the others' answers to their units."""
    inside = (np.flatnonzero(periods.code == period) for period in range(len(periods.names)))
    return [mean_with_interval(seen, places, same, bootstrap, ALONE).as_dict() for places in inside]


def _by_period(
    seen: Observed, same: Array, labels: list[int], periods: Periods, bootstrap: Bootstrap
) -> list[list[dict[str, Any]]]:
    width, names = len(periods.names), seen.answers.labels
    often = sorted(sorted(labels, key=lambda label: -int(seen.has(label).sum()))[:PERIOD_LABELS])
    known = periods.code >= 0
    cell = (seen.answers.annotator * width + periods.code)[known]
    by_label = {
        names[label]: shares(
            seen.has(label)[known], cell, seen.story[known], len(seen.of) * width, bootstrap["level"]
        )
        for label in (often if width else [])
    }
    found: list[list[dict[str, Any]]] = []
    for who, places in enumerate(seen.of):
        rows = []
        for period in range(width):
            inside = places[periods.code[places] == period]
            if len(inside):
                rates = {name: share.interval(who * width + period) for name, share in by_label.items()}
                rows.append(
                    {
                        "period": periods.names[period],
                        "n": len(inside),
                        "agreement": mean_with_interval(seen, inside, same, bootstrap, ALONE).as_dict(),
                        "rates": {name: interval.as_dict() for name, interval in rates.items()},
                    }
                )
        found.append(rows)
    return found


def _trends(seen: Observed, value: Array, bootstrap: Bootstrap) -> list[dict[str, Any]]:
    """Return the trend of a value of each answer, for each annotator."""
    found = []
    for places in seen.of:
        own = places[~np.isnan(seen.time[places]) & ~np.isnan(value[places])]
        (one,) = trends(
            seen.time[own], value[own, None], seen.story[own], seed=bootstrap["seed"], level=bootstrap["level"]
        )
        found.append(_as_dict(one))
    return found


def _as_dict(trend: Trend) -> dict[str, Any]:
    return {"change": trend.change.as_dict(), "p": rounded(trend.p, 12), "p_holm": None}
