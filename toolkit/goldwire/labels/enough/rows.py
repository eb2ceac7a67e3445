"""The rows: what each number of annotators and of units would give."""

from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goldwire.labels.enough.given import Given
from goldwire.labels.enough.options import Options
from goldwire.stats.enough import Design, Outlook, gold_by_model, outlooks
from goldwire.stats.simulate import People

Codes = NDArray[np.int64]

SIMULATED_UNITS = (200, 1000)
"""Units of a simulated round; variances by n follow from them."""
FITTED_UNITS, FITS = 2000, 12
"""Of Dawid-Skene, which is fitted to every simulated round."""
DIGITS = 4


def rows_of(
    given: Given, people: People, design: Design, effect: float, size: Codes, options: Options
) -> list[dict[str, Any]]:
    """Return a row for each number of annotators and of more units; see `goldwire.labels.enough.measure.enough`.

    `effect` is the design effect, and `size` how many answers each unit has.
    """
    least, most = SIMULATED_UNITS
    found = outlooks(
        people,
        options.annotators,
        given.measure,
        design=design,
        units=min(max(len(given.units), least), most),
        simulations=options.simulations,
        seed=options.seed,
    )
    z = NormalDist().inv_cdf((1 + options.level) / 2)
    rows = []
    for k in options.annotators:
        there = int(np.maximum(k - size, 0).sum())
        for more in options.more:
            n = len(given.units) + more
            rows.append(
                {
                    "annotators": k,
                    "more": more,
                    "units": n,
                    "answers": k * n,
                    "new_answers": there + k * more,
                    "alpha": _alpha(found[k], n, effect, z),
                    **_gold(found[k], given, people, design, k, n, effect, z, options),
                }
            )
    return rows


def _alpha(found: Outlook, n: int, effect: float, z: float) -> dict[str, Any]:
    if np.isnan(found.alpha):
        nothing = dict.fromkeys(("value", "low", "high", "half_width", "other_people"))
        return {**nothing, "why": "not defined in most simulated rounds"}
    half = z * (effect * found.alpha_unit / n) ** 0.5
    others = z * (effect * found.alpha_unit / n + found.alpha_people) ** 0.5
    return {**between(found.alpha, half, -1.0), "other_people": rounded(others)}


def _gold(
    found: Outlook,
    given: Given,
    people: People,
    design: Design,
    k: int,
    n: int,
    effect: float,
    z: float,
    options: Options,
) -> dict[str, Any]:
    if given.annotators < 3:
        why = "of two annotators who differ, nobody can say who is right: a third is needed, on some units"
        nothing = dict.fromkeys(("value", "low", "high", "half_width", "decided"))
        return {"accuracy": {**nothing, "why": why}, "undecided": rounded(found.undecided)}
    value, of_unit, of_people = found.score, found.score_unit, found.score_people
    undecided, decided = found.undecided, found.decided
    if options.method == "dawid-skene":
        value, of_unit, of_people = gold_by_model(
            people, k, min(n, FITTED_UNITS), design=design, simulations=FITS, seed=options.seed
        )
        undecided, decided = 0.0, value
    half = z * (effect * of_unit / n + of_people) ** 0.5
    return {
        "accuracy": {**between(value, half, 0.0), "decided": rounded(decided)},
        "undecided": rounded(undecided),
    }


def between(value: float, half: float, least: float) -> dict[str, float | None]:
    """Return a figure with its interval, which is not below `least` nor above 1."""
    low, high = max(least, value - half), min(1.0, value + half)
    return {
        "value": rounded(value),
        "low": rounded(low),
        "high": rounded(high),
        "half_width": rounded(half),
    }


def rounded(value: float | None) -> float | None:
    """Return a figure as it is printed; None where it is not defined."""
    return None if value is None or np.isnan(value) else round(float(value), DIGITS) + 0.0
