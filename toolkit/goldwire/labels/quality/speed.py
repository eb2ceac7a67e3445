"""Whether fast answers are worse: lead time against agreement with the rest."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from goldwire.labels.quality.observed import Observed
from goldwire.labels.quality.rest import Bootstrap, mean_with_interval, rounded
from goldwire.stats.draws import Array
from goldwire.stats.proportion import wilson
from goldwire.stats.resample import Interval, ratio, resample
from goldwire.stats.trend import spearman

FAST = 1 / 3
"""An answer is fast when it took less than this part of the median of all answers to the question."""


def speed(seen: Observed, same: Array, bootstrap: Bootstrap) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return how long answers take, and how well fast ones agree with the rest.

    Parameters
    ----------
    same : array
        From `goldwire.labels.quality.rest.same_as_rest`.

    Returns
    -------
    all : dict
        n (answers with a lead time), median_s, fast_below_s; why, when no lead time is known.
    annotators : list of dict
        n, median_s, fast (how many), share_fast, agreement_fast, agreement_slow, difference (fast less slow),
        spearman (between lead time and agreement with the rest; negative: who takes longer agrees less), each with
        its interval; why, when no lead time is known.
    """
    known = ~np.isnan(seen.seconds)
    if not known.any():
        why = "no lead time is known"
        return {"n": 0, "median_s": None, "fast_below_s": None, "why": why}, [{"n": 0, "why": why} for _ in seen.of]
    median = float(np.median(seen.seconds[known]))
    total = {"n": int(known.sum()), "median_s": rounded(median, 3), "fast_below_s": rounded(median * FAST, 3)}
    return total, [_of_one(seen, places[known[places]], same, median * FAST, bootstrap) for places in seen.of]


def _of_one(seen: Observed, places: Any, same: Array, below: float, bootstrap: Bootstrap) -> dict[str, Any]:
    if not len(places):
        return {"n": 0, "why": "no lead time is known"}
    seconds = seen.seconds[places]
    fast = seconds < below
    shared = places[~np.isnan(same[places])]
    quick = seen.seconds[shared] < below
    agreed = same[shared]
    rows = np.column_stack([agreed * quick, quick, agreed * ~quick, ~quick])
    nothing = Interval(None, why="nobody else answered these units")
    difference = (
        resample(seen.story[shared], rows, lambda s: ratio(s[:, 0], s[:, 1]) - ratio(s[:, 2], s[:, 3]), **bootstrap)
        if quick.any() and not quick.all()
        else Interval(None, why=_missing(quick) if len(shared) else str(nothing.why))
    )
    return {
        "n": len(places),
        "median_s": rounded(float(np.median(seconds)), 3),
        "fast": int(fast.sum()),
        "share_fast": wilson(int(fast.sum()), len(places), bootstrap["level"]).as_dict(),
        "agreement_fast": mean_with_interval(seen, places[fast], same, bootstrap, "no fast answer").as_dict(),
        "agreement_slow": mean_with_interval(seen, places[~fast], same, bootstrap, "no slow answer").as_dict(),
        "difference": difference.as_dict(),
        "spearman": (
            spearman(seen.seconds[shared], agreed, seen.story[shared], bootstrap["level"]) if len(shared) else nothing
        ).as_dict(),
    }


def _missing(quick: NDArray[np.bool_]) -> str:
    return "no slow answer to compare" if quick.all() else "no fast answer to compare"
