"""How much is enough: the interval of alpha and the accuracy of gold that k annotators and n units will have.

Getting another label of the same unit pays or not, depending on how good annotators are: Sheng, Provost and
Ipeirotis, 2008, Get Another Label? Improving Data Quality and Data Mining Using Multiple, Noisy Labelers, KDD; for
annotators found online: Snow, O'Connor, Jurafsky and Ng, 2008, Cheap and Fast - But is it Good?, EMNLP. How many
units an alpha needs: Krippendorff, 2004, Content Analysis, 2nd edition, section 11.4.

Rounds are simulated (see `goldwire.stats.simulate`). A unit's part in alpha is its influence: the statistics of the
unit times the slope of alpha (the infinitesimal jackknife: Davison and Hinkley, 1997, Bootstrap Methods and their
Application, section 2.7). The variance of alpha over units is their variance by n, so that one simulation says it
for every n.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from goldwire.stats.dawid_skene import dawid_skene
from goldwire.stats.draws import Array
from goldwire.stats.resample import MINIMUM_CLUSTERS, Estimator, ratio
from goldwire.stats.simulate import Codes, People, answers, crew

Design = Literal["team", "rotation"]
Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]
Measure = Callable[[Counts], Estimator]
"""From a count matrix, units x labels, to alpha; see `goldwire.stats.alpha`."""


@dataclass(frozen=True)
class Outlook:
    """What rounds with k annotators a unit are expected to give.

    Parameters
    ----------
    alpha : float
        Mean over the rounds; NaN where it is not defined.
    alpha_unit : float
        Variance of alpha over units, times n.
    alpha_people : float
        Variance of alpha over who the annotators are, beyond that.
    score, score_unit, score_people : float
        The same of the accuracy of gold; a tie of t labels, one of them true, counts 1/t.
    undecided : float
        The share of the units with a tie.
    decided : float
        The accuracy of the others.
    """

    alpha: float
    alpha_unit: float
    alpha_people: float
    score: float
    score_unit: float
    score_people: float
    undecided: float
    decided: float


def alpha_of(counts: Counts, measure: Measure) -> float:
    """Return alpha of a count matrix, units x labels; NaN where it is not defined."""
    return float(measure(counts).values()[0])


def influence(estimator: Estimator) -> Array:
    """Return the influence of each row on the first figure, whose squares sum to the variance of the figure.

    NaN where the figure is not defined.
    """
    sums = np.asarray(estimator.statistics.sum(axis=0), dtype=np.float64)
    step = 1e-4 * max(estimator.statistics.shape[0], 1)
    moved = step * np.eye(len(sums))
    slope = (estimator.function(sums + moved)[:, 0] - estimator.function(sums - moved)[:, 0]) / (2 * step)
    parts = np.asarray(estimator.statistics @ slope)
    return np.asarray(parts - parts.mean())


def design_effect(groups: NDArray[Any], estimator: Estimator) -> float | None:
    """Return how many times wider the variance of a figure is by cluster than by row, at least 1; None if not known.

    Kish, 1965, Survey Sampling, section 5.4. It is not known with fewer than 10 clusters, and 1 where all rows are
    alike, since the figure has no variance then.
    """
    names, code = np.unique(groups, return_inverse=True)
    if len(names) < MINIMUM_CLUSTERS:
        return None
    parts = influence(estimator)
    by_cluster = np.bincount(code, weights=parts)
    effect = float(ratio((by_cluster**2).sum(), (parts**2).sum()))
    return 1.0 if np.isnan(effect) else max(1.0, effect)


def outlooks(
    people: People,
    numbers: Sequence[int],
    measure: Measure,
    *,
    design: Design,
    units: int,
    simulations: int = 200,
    seed: int = 0,
) -> dict[int, Outlook]:
    """Simulate rounds, and say what to expect of each number of annotators.

    Parameters
    ----------
    people : People
        Who answers.
    numbers : sequence of int
        Answers a unit. The rounds with 3 are those with 2 and one more answer, so that rows can be compared.
    measure : Measure
        Of alpha.
    design : "team" or "rotation"
        Whether the same annotators answer every unit, or each unit has its own.
    units, simulations : int
        Units of a round, and rounds; about a thousand units say enough, whatever n will be.
    seed : int
        Of the draws.
    """
    generator = np.random.default_rng(seed)
    found: dict[int, list[tuple[float, ...]]] = {k: [] for k in numbers}
    row = np.arange(units)
    for _ in range(simulations):
        _, said, truth = _round(people, max(numbers), design, units, generator)
        counts = np.zeros((units, len(people.prior)), dtype=np.int64)
        for k in range(1, max(numbers) + 1):
            counts[row, said[:, k - 1]] += 1
            if k in found:
                found[k].append((*_of_alpha(counts, measure), *_of_gold(counts, truth)))
    return {k: _outlook(np.array(rows), units) for k, rows in found.items()}


def gold_by_model(
    people: People, k: int, n: int, *, design: Design, simulations: int, seed: int = 0
) -> tuple[float, float, float]:
    """Return the accuracy of gold by Dawid-Skene, and its variance over units (times n) and over people.

    Each round's answers are fitted anew, so that it counts how well n units tell who is good at what.
    """
    generator = np.random.default_rng((seed, k, n))
    scores = []
    for _ in range(simulations):
        who, said, truth = _round(people, k, design, n, generator)
        posterior = dawid_skene(
            np.repeat(np.arange(n), k),
            np.unique(who, return_inverse=True)[1].ravel(),
            said.ravel(),
            units=n,
            annotators=len(np.unique(who)),
            labels=len(people.prior),
        ).posterior
        scores.append(float((posterior.argmax(axis=1) == truth).mean()))
    mean = float(np.mean(scores))
    within = mean * (1 - mean)
    return mean, within, max(0.0, float(np.var(scores)) - within / n)


def right(counts: Counts, truth: Codes) -> tuple[Array, Flags]:
    """Return each unit's score, 1/t where t labels are at the top and one of them is true, and whether it is tied."""
    top = counts == counts.max(axis=1, keepdims=True)
    at_top = top.sum(axis=1)
    return np.asarray(top[np.arange(len(counts)), truth] / at_top), np.asarray(at_top > 1)


def _round(
    people: People, width: int, design: Design, n: int, generator: np.random.Generator
) -> tuple[Codes, Codes, Codes]:
    """Return who answered (units x width), what they said, and what is true."""
    confusions = people.confusions(width, generator)
    truth = people.truths(n, generator)
    seats = crew(people, 1 if design == "team" else n, width, generator)
    who = np.broadcast_to(seats, (n, width))
    return who, answers(people, confusions, truth, who, generator), truth


def _of_alpha(counts: Counts, measure: Measure) -> tuple[float, float]:
    """Return alpha, and its variance over units times their number."""
    if counts[0].sum() < 2:
        return float("nan"), float("nan")
    estimator = measure(counts)
    parts = influence(estimator)
    return float(estimator.values()[0]), float(len(counts) * (parts**2).sum())


def _of_gold(counts: Counts, truth: Codes) -> tuple[float, float, float, float]:
    """Return the accuracy of the majority, its variance over units times n, the tied, and the right of the others."""
    score, tied = right(counts, truth)
    return float(score.mean()), float(score.var()), float(tied.mean()), float(score[~tied].sum() / len(score))


def _outlook(rounds: Array, units: int) -> Outlook:
    """Part the variance over rounds into that over units and that over people."""
    defined = rounds[~np.isnan(rounds[:, 0])]
    alpha = (float("nan"),) * 3 if 2 * len(defined) < len(rounds) else _parted(defined[:, 0], defined[:, 1], units)
    undecided = float(rounds[:, 4].mean())
    decided = float(rounds[:, 5].mean() / (1 - undecided)) if undecided < 1 else float("nan")
    return Outlook(*alpha, *_parted(rounds[:, 2], rounds[:, 3], units), undecided, decided)


def _parted(values: Array, of_unit: Array, units: int) -> tuple[float, float, float]:
    within = float(of_unit.mean())
    return float(values.mean()), within, max(0.0, float(values.var()) - within / units)
