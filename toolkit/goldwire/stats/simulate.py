"""Rounds that did not take place: answers of annotators like those there are, to units like those there are.

The model begins with Dawid and Skene, 1979, Maximum Likelihood Estimation of Observer Error-Rates Using the EM
Algorithm, Applied Statistics 28(1), 20-28: a unit has one true label, drawn from the prior, and each annotator has
confusions of their own. Two things are added, because without them gold looks better than it is.

- Confusions come from a Dirichlet distribution around those of all annotators, so that an annotator with few answers
  is not taken at face value. Its concentration makes the answers the most likely (empirical Bayes).
- Some units are hard for everybody. With the probability `shared` an answer takes its chance from the unit, not from
  the annotator: on a hard unit all who take it err, the less able first (a common shock: Marshall and Olkin, 1967, A
  Multivariate Exponential Distribution, JASA 62). How often an annotator errs remains the same. `shared` is set so
  that simulated answers agree as much as those there are.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from goldwire.stats.dawid_skene import dawid_skene, refuse_large
from goldwire.stats.draws import Array

Codes = NDArray[np.int64]

CONCENTRATIONS = 2.0 ** np.arange(0, 11)
"""Answers that what is known of all annotators may count for, in what is thought of one."""

MOST_SHARED = 0.95

_ANSWERS = 200_000  # simulated at each try of `shared`, so that it is found within about .01


@dataclass(frozen=True)
class People:
    """What is known of the annotators and of the units, from their answers.

    Parameters
    ----------
    prior : array, labels
        The share of each true label.
    given : array, annotators x true x given
        How often each annotator gave a label where another was true (expected counts: the truth is estimated).
    usual : array, true x given
        The confusions of all annotators taken together; rows sum to 1.
    concentration : float
        How many answers `usual` counts for beside an annotator's own.
    weight : array, annotators
        The share of the answers that each gave.
    shared : float
        The probability that an answer takes its chance from the unit.
    """

    prior: Array
    given: Array
    usual: Array
    concentration: float
    weight: Array
    shared: float = 0.0

    def confusions(self, width: int, generator: np.random.Generator) -> Array:
        """Draw the confusions of everybody whom `crew` may name, cumulated over the labels given.

        Returns
        -------
        array, people x true x given
            First the annotators there are, then as many like them for each seat that they do not fill.
        """
        times = 1 + max(0, width - len(self.weight))
        likely = np.tile(self.given + self.concentration * self.usual, (times, 1, 1))
        drawn = np.maximum(generator.standard_gamma(likely), 1e-300).cumsum(axis=2)
        return np.asarray(drawn / drawn[:, :, -1:])

    def truths(self, n: int, generator: np.random.Generator) -> Codes:
        """Draw the true labels of n units."""
        return np.searchsorted(self.prior.cumsum()[:-1], generator.random(n), side="right").astype(np.int64)


def people_of(unit: Codes, annotator: Codes, label: Codes, units: int, annotators: int, labels: int) -> People:
    """Return what the answers say of those who gave them.

    Parameters
    ----------
    unit, annotator, label : arrays of int
        One element an answer: codes from 0. Every label was given by somebody.
    units, annotators, labels : int
        How many there are of each.

    Raises
    ------
    GoldwireError
        When there are too many annotators and labels to hold their confusions.
    """
    refuse_large(annotators * labels, labels, "annotators and labels")
    found = dawid_skene(unit, annotator, label, units=units, annotators=annotators, labels=labels)
    given = np.empty((annotators, labels, labels))
    for true in range(labels):
        expected = np.bincount(
            annotator * labels + label, weights=found.posterior[unit, true], minlength=annotators * labels
        )
        given[:, true] = expected.reshape(annotators, labels)
    of_all = given.sum(axis=0) + 1 / labels  # one answer more to each true label, so that none is without
    usual = of_all / of_all.sum(axis=1, keepdims=True)
    weight = np.bincount(annotator, minlength=annotators) / len(annotator)
    return People(found.prior / found.prior.sum(), given, usual, _concentration(given, usual), weight)


def crew(people: People, n: int, width: int, generator: np.random.Generator) -> Codes:
    """Draw `width` different annotators for each of n units: n x width codes.

    Each comes in proportion to the answers given, as far as nobody can answer a unit twice (systematic sampling with
    unequal probabilities: Madow, 1949, On the Theory of Systematic Sampling II, Annals of Mathematical Statistics
    20). The order within a unit is by chance, so the first k are such a draw as well. Where more are wanted than
    there are, the rest are newcomers, each like one of those there are (code modulo their number).
    """
    there = len(people.weight)
    chosen = np.empty((n, width), dtype=np.int64)
    filled = min(width, there)
    order = generator.permutation(there)
    ends = _capped(people.weight, filled)[order].cumsum()[:-1]
    points = (generator.random((n, 1)) + np.arange(filled)) / filled
    first = order[np.searchsorted(ends, points.ravel(), side="right")].reshape(n, filled)
    chosen[:, :filled] = generator.permuted(first, axis=1)
    for place in range(filled, width):
        like = np.searchsorted(people.weight.cumsum()[:-1], generator.random(n), side="right")
        chosen[:, place] = like + there * (place - there + 1)
    return chosen


def answers(people: People, confusions: Array, truth: Codes, who: Codes, generator: np.random.Generator) -> Codes:
    """Draw what annotators say: units x width codes of labels.

    Parameters
    ----------
    people : People
        Says how often the unit decides.
    confusions : array, annotators x true x given
        Cumulated, as `People.confusions` returns them.
    truth : array of int, units
    who : array of int, units x width
    """
    n, width = who.shape
    chance = np.where(
        generator.random((n, width)) < people.shared, generator.random((n, 1)), generator.random((n, width))
    )
    return _said(confusions, truth[:, None], who, chance)


def again(
    people: People, unit: Codes, annotator: Codes, units: int, generator: np.random.Generator
) -> tuple[Codes, Codes]:
    """Draw other answers of the same annotators to the same number of units; and what would be true of those.

    Parameters
    ----------
    unit, annotator : arrays of int
        One element an answer.
    """
    confusions = people.confusions(1, generator)
    truth = people.truths(units, generator)
    carried = generator.random(len(unit)) < people.shared
    chance = np.where(carried, generator.random(units)[unit], generator.random(len(unit)))
    return _said(confusions, truth[unit], annotator, chance), truth


def calibrated(
    people: People,
    unit: Codes,
    annotator: Codes,
    units: int,
    agreement: Callable[[Codes], float],
    measured: float,
    least: float,
    seed: int = 0,
) -> People:
    """Return the people with the `shared` under which simulated answers agree as those there are.

    It is 0 unless those agree beyond doubt more than simulated ones do without anything shared.

    Parameters
    ----------
    unit, annotator : arrays of int
        One element an answer.
    agreement : callable
        From labels, one element an answer, to alpha.
    measured, least : float
        What it should come to, and the lower end of its interval.
    """
    rounds = min(40, max(3, -(-_ANSWERS // len(unit))))

    def expected(shared: float) -> float:
        generator = np.random.default_rng(seed)  # the same draws for each try
        tried = replace(people, shared=shared)
        found = [agreement(again(tried, unit, annotator, units, generator)[0]) for _ in range(rounds)]
        return float(np.nanmean(found)) if not np.isnan(found).all() else float("nan")

    low, high = 0.0, MOST_SHARED
    if not expected(low) < least:
        return replace(people, shared=0.0)
    if expected(high) <= measured:
        return replace(people, shared=high)
    for _ in range(8):
        middle = (low + high) / 2
        low, high = (middle, high) if expected(middle) < measured else (low, middle)
    return replace(people, shared=(low + high) / 2)


def _said(confusions: Array, truth: Codes, who: Codes, chance: Array) -> Codes:
    said = np.zeros(chance.shape, dtype=np.int64)
    for label in range(confusions.shape[2] - 1):
        said += chance >= confusions[who, truth, label]
    return said


def _capped(weight: Array, draws: int) -> Array:
    """Return weights of which none is over 1 / draws; what is cut off goes to the others in proportion."""
    if draws >= len(weight):
        return np.full(len(weight), 1 / len(weight))
    full = np.zeros(len(weight), dtype=bool)
    while True:
        scaled = np.where(full, 1 / draws, weight * (1 - full.sum() / draws) / weight[~full].sum())
        over = ~full & (scaled > (1 + 1e-9) / draws)
        if not over.any():
            return np.asarray(scaled)
        full |= over


def _concentration(given: Array, usual: Array) -> float:
    """Return the concentration that makes the counts most likely: Dirichlet-multinomial, on a grid of powers of 2."""
    from scipy.special import gammaln

    total = given.sum(axis=2)

    def likelihood(c: float) -> float:
        around = c * usual
        return float((gammaln(given + around) - gammaln(around)).sum() - (gammaln(total + c) - gammaln(c)).sum())

    return float(CONCENTRATIONS[np.argmax([likelihood(c) for c in CONCENTRATIONS])])
