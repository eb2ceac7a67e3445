"""The figures of some of the answers to a question: those of an outlet, a month, a round, or the hard units."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goldwire.labels.agreement import scales
from goldwire.labels.agreement.figure import ALL_THE_SAME, DIGITS, because
from goldwire.labels.answers import Answers, Codes
from goldwire.labels.clusters import stories_of
from goldwire.stats import agreement, alpha, kappa
from goldwire.stats.cells import Cells
from goldwire.stats.resample import MINIMUM_CLUSTERS, Estimator, Interval, resample_each, together, too_few

Flags = NDArray[np.bool_]

NAMES = ("observed", "alpha", "kappa")


def of_answers(answers: Answers, keep: Flags) -> Answers:
    """Return some of the answers; units and annotators that none of them has are left out, and so are labels.

    Labels that have an order stay, since what lies between two of them says how far they are apart.

    Parameters
    ----------
    keep : array of bool
        One element an answer.
    """
    units, unit = np.unique(answers.unit[keep], return_inverse=True)
    annotators, annotator = np.unique(answers.annotator[keep], return_inverse=True)
    found = replace(
        answers,
        units=[answers.units[code] for code in units],
        annotators=[answers.annotators[code] for code in annotators],
        unit=unit,
        annotator=annotator,
        answer=answers.answer[keep],
        unsure=0,
    )
    if answers.type == "ordinal":
        return found
    given, answer = np.unique(found.answer, return_inverse=True)
    sets = [answers.sets[code] for code in given]
    has = {label for one in sets for label in one}
    return replace(
        found,
        labels=[label for label in answers.labels if label in has],
        foreign=[label for label in answers.foreign if label in has],
        sets=sets,
        answer=answer,
    )


@dataclass(frozen=True)
class Figures:
    """How the figures of a part are measured.

    Parameters
    ----------
    clusters : mapping
        unit -> story, which is drawn for the intervals; a unit that is not in it is its own.
    resamples, seed, level
        See `goldwire.stats.resample`.
    distance : str, optional
        Alpha's; without it, that of the question. See `goldwire.labels.agreement.scales`.
    """

    clusters: Mapping[str, str] = field(default_factory=dict)
    resamples: int = 1000
    seed: int = 0
    level: float = 0.95
    distance: str | None = None

    def of(self, answers: Answers) -> dict[str, Any]:
        """Return units (with an answer), units_with_two, votes, and observed, alpha, kappa with intervals by story.

        Kappa is Fleiss' for any number of annotators, so that the parts of a question compare. Fewer than two units
        with two answers have no figures.
        """
        cells, _ = Cells.of_codes(answers.unit, answers.answer, len(answers.units), len(answers.sets))
        two = int((cells.size >= 2).sum())
        counted = {"units": int((cells.size > 0).sum()), "units_with_two": two, "votes": len(answers.answer)}
        if two < 2:
            return {**counted, **{name: Interval(None, why=too_few_units(two)).as_dict(DIGITS) for name in NAMES}}
        name, cluster = scales.own(answers, self.distance), stories_of(answers.units, self.clusters)
        paired = cells.size >= 2
        distance = scales.distance(answers, name)
        plain = [
            agreement.observed(cells, distance if name in ("masi", "tree") else None),
            alpha.ordinal_alpha(cells) if name == "ordinal" else alpha.alphas(cells, {name: distance}),
        ]
        chance = kappa.of_many(cells)  # its first figure; AC1 and AC2 come with it
        if paired.all():
            found = self._drawn(cluster, [*plain, chance])[:3]
        else:  # units with one answer tell how often labels are given, and nothing else
            found = self._drawn(cluster[paired], [Estimator(one.statistics[paired], one.function) for one in plain])
            found.append(self._drawn(cluster, [chance])[0])
        if (clusters := len(np.unique(cluster[paired]))) < MINIMUM_CLUSTERS and found[2].value is not None:
            found[2] = Interval(found[2].value, why=too_few(clusters))
        shown = zip(NAMES, found, strict=True)
        return {**counted, **{name: because(interval, ALL_THE_SAME) for name, interval in shown}}

    def _drawn(self, groups: Codes, estimators: list[Estimator]) -> list[Interval]:
        whole = together(estimators)
        return resample_each(
            groups,
            whole.statistics,
            whole.function,
            resamples=self.resamples,
            seed=self.seed,
            level=self.level,
        )


def too_few_units(two: int) -> str:
    """Say that so few units with two answers give no figure."""
    return f"{two or 'no'} unit{'' if two == 1 else 's'} with two answers: a figure needs two"
