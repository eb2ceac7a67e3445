"""Agreement beside alpha: observed agreement, kappa, AC1, and each annotator against the rest.

`counts` is units x answers: how often each distinct answer was given to each unit. Annotators may be any number
and may differ from unit to unit. Figures are NaN where they are not defined.
"""

import numpy as np
from numpy.typing import NDArray

from goldwire.stats.resample import Array, ratio

Counts = NDArray[np.int64]
Codes = NDArray[np.int64]


def observed_agreement(counts: Counts, distance: Array | None = None) -> float:
    """Return the share of agreeing pairs of answers, meaned over the units that have a pair.

    With a `distance` (see `goldwire.stats.distance`) a pair agrees by 1 - distance.
    """
    size = counts.sum(axis=1)
    paired = counts[size >= 2]
    size = size[size >= 2]
    if len(paired) == 0:
        return float("nan")
    differ = (_differing(paired, distance) * paired).sum(axis=1) / (size * (size - 1))
    return float(1 - differ.mean())


def fleiss_kappa(counts: Counts) -> float:
    """Return Fleiss' kappa, for units with any number of answers.

    Fleiss, 1971, Measuring nominal scale agreement among many raters, Psychological Bulletin 76. With unequal
    numbers of answers: Gwet, 2014, Handbook of Inter-Rater Reliability, 4th edition, chapter 2. Agreement is
    meaned over the units with two answers or more, and the chance of a label is its share of a unit's answers,
    meaned over the units with any. For equal numbers this is Fleiss' own formula.
    """
    chance = float((_shares(counts) ** 2).sum())
    return _beyond_chance(observed_agreement(counts), chance)


def gwet_ac1(counts: Counts) -> float:
    """Return Gwet's AC1, for units with any number of answers.

    Gwet, 2008, Computing inter-rater reliability and its variance in the presence of high agreement, British
    Journal of Mathematical and Statistical Psychology 61. The columns of `counts` are all labels that could be
    given, also those that nobody gave: their number enters the formula.
    """
    labels = counts.shape[1]
    if labels < 2:
        return float("nan")
    share = _shares(counts)
    return _beyond_chance(observed_agreement(counts), float((share * (1 - share)).sum() / (labels - 1)))


def cohen_kappa(pairs: Counts) -> float:
    """Return Cohen's kappa of two annotators.

    Cohen, 1960, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20.

    Parameters
    ----------
    pairs : array, labels x labels
        On how many units the first annotator gave the row's label and the second the column's.
    """
    n = pairs.sum()
    if n == 0:
        return float("nan")
    chance = float(pairs.sum(axis=1) @ pairs.sum(axis=0)) / float(n) ** 2
    return _beyond_chance(float(np.trace(pairs) / n), chance)


def against_the_rest(
    counts: Counts, unit: Codes, annotator: Codes, answer: Codes, annotators: int, distance: Array | None = None
) -> tuple[Array, Counts]:
    """Return each annotator's agreement with the others' answers to the same units.

    Parameters
    ----------
    counts : array, units x answers
        The answers of all.
    unit, annotator, answer : arrays of int
        One element an answer: rows and columns of `counts`, and who gave it.
    annotators : int
        How many annotators there are.
    distance : array, answers x answers, optional
        None is nominal.

    Returns
    -------
    agreement : array, annotators
        Mean over his answers of the share of the others' that are the same (or of 1 - distance).
    n : array of int, annotators
        On how many of his answers that rests: those to units that somebody else answered too.
    """
    size = counts.sum(axis=1)
    shared = size[unit] >= 2
    unit, annotator, answer = unit[shared], annotator[shared], answer[shared]
    differ = _differing(counts, distance)[unit, answer] / (size[unit] - 1)
    n = np.bincount(annotator, minlength=annotators)
    return ratio(np.bincount(annotator, weights=1 - differ, minlength=annotators), n), n


def _differing(counts: Counts, distance: Array | None) -> Array:
    """Per unit and answer: how many of the unit's answers differ from it, or by how much in all."""
    differing = counts.sum(axis=1, keepdims=True) - counts if distance is None else counts @ distance
    return np.asarray(differing, dtype=np.float64)


def _shares(counts: Counts) -> Array:
    size = counts.sum(axis=1)
    answered = counts[size > 0] / size[size > 0, None]
    return np.asarray(answered.mean(axis=0)) if len(answered) else np.zeros(counts.shape[1])


def _beyond_chance(observed: float, chance: float) -> float:
    return float(ratio(observed - chance, 1 - chance))
