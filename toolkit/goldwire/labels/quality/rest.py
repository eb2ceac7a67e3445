"""Each answer beside the others' answers to the same unit."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from goldwire.labels.agreement import scales
from goldwire.labels.answers import Answers, Codes
from goldwire.labels.quality.observed import Observed
from goldwire.stats.agreement import with_the_rest
from goldwire.stats.cells import Cells
from goldwire.stats.draws import Array
from goldwire.stats.resample import Interval, ratio, resample

Bootstrap = dict[str, Any]


def same_as_rest(seen: Observed) -> Array:
    """Return, for each answer, its agreement with the others' answers to its unit; NaN where there are none.

    Of answers that are one label it is the share of the others' that are the same; of sets, the mean of 1 less the
    distance that `goldwire labels agreement` has for the question.
    """
    answers = seen.answers
    distance = None if answers.takes_one else scales.distance(answers, scales.own(answers))
    cells, place = _cells(answers)
    return with_the_rest(cells, place, distance)


def pair_weights(seen: Observed) -> tuple[Codes, Codes, Codes, Array]:
    """Return each answer against the others': annotator, their answer, another's answer, and the weight.

    Each answer to a unit that others answered weighs 1 in all, 1 / (m - 1) for each of the m - 1 others'. Rows are
    sorted and distinct.
    """
    answers = seen.answers
    cells, _ = _cells(answers)
    found, times = cells.answer, cells.n
    row, cell = _beside(answers.unit, np.searchsorted(cells.unit, np.arange(len(answers.units) + 1)))
    others = seen.size[row] - 1
    mine, theirs = answers.answer[row], found[cell]
    weight = ratio(times[cell] - (mine == theirs), others)
    keep = (others > 0) & (weight > 0)
    width = max(len(answers.sets), 1)
    key, code = np.unique(((answers.annotator[row] * width + mine) * width + theirs)[keep], return_inverse=True)
    return (
        key // width**2,
        key // width % width,
        key % width,
        np.bincount(code, weights=weight[keep]).astype(np.float64),
    )


def mean_with_interval(seen: Observed, places: Codes, values: Array, bootstrap: Bootstrap, why: str) -> Interval:
    """Return the mean of some answers' values that are defined, with its interval over stories."""
    places = places[~np.isnan(values[places])]
    if not len(places):
        return Interval(None, why=why)
    rows = np.column_stack([values[places], np.ones(len(places))])
    return resample(seen.story[places], rows, lambda sums: ratio(sums[:, 0], sums[:, 1]), **bootstrap)


def rounded(value: float | None, digits: int = 6) -> float | None:
    """Round what is defined; no minus zero."""
    return None if value is None else round(float(value), digits) + 0.0


def listed(rows: Sequence[dict[str, Any]], adjusted: Sequence[float | None]) -> None:
    """Write adjusted p-values beside the others."""
    for row, p in zip(rows, adjusted, strict=True):
        row["p"], row["p_holm"] = rounded(row["p"]), rounded(p)


def _cells(answers: Answers) -> tuple[Cells, Codes]:
    return Cells.of_codes(answers.unit, answers.answer, len(answers.units), len(answers.sets))


def _beside(unit: Codes, first: Codes) -> tuple[Codes, Codes]:
    """Pair each answer with every cell of its unit: the place of the answer, and the cell."""
    count = first[unit + 1] - first[unit]
    row = np.repeat(np.arange(len(unit)), count)
    within = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    return row, first[unit][row] + within
