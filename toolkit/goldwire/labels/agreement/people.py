"""How well each annotator agrees with the others, and every two with each other."""

from typing import Any

import numpy as np

from goldwire.labels.agreement.figure import because
from goldwire.labels.answers import Answers, Codes
from goldwire.stats import pairs as pairs_of
from goldwire.stats.agreement import with_the_rest
from goldwire.stats.cells import Cells
from goldwire.stats.distance import Distance
from goldwire.stats.means import means
from goldwire.stats.resample import Interval

MOST = 30
"""With more annotators, pairs are listed only when they are asked for."""

_ALONE = "nobody else answered what this annotator answered"
_ONE_ANSWER = "both gave one and the same answer to all they share: there is nothing to agree on beyond chance"


def of_annotators(
    answers: Answers, cells: Cells, place: Codes, distance: Distance | None, cluster: Codes, bootstrap: dict[str, Any]
) -> dict[str, Any]:
    """Return, by name, each annotator's mean agreement with the others' answers to the same units.

    agreement, its interval over the clusters of their units, n (of their answers, those to units that others
    answered too), votes (all their answers).
    """
    votes = np.bincount(answers.annotator, minlength=len(answers.annotators)).tolist()
    shared = np.flatnonzero(cells.size[answers.unit] >= 2)
    shared = shared[np.argsort(answers.annotator[shared], kind="stable")]
    who, unit = answers.annotator[shared], answers.unit[shared]
    agreement = with_the_rest(cells, place[shared], distance)
    n = np.bincount(who, minlength=len(votes)).tolist()
    found = {}
    for i, interval in enumerate(means(who, cluster[unit], agreement, len(votes), **bootstrap)):
        one = because(interval if n[i] else Interval(None), _ALONE)
        if votes[i]:
            found[answers.annotators[i]] = {"agreement": one["value"], "interval": one, "n": n[i], "votes": votes[i]}
    return found


def of_pairs(
    answers: Answers, cluster: Codes, ordered: bool, wanted: bool | None, annotators: int, bootstrap: dict[str, Any]
) -> tuple[list[dict[str, Any]], int]:
    """Return how every two annotators who share units agree, sorted by name, and how many pairs were left out.

    A pair has a, b, n (units that both answered), observed (the share of them with equal answers), kappa (Cohen's)
    and, where labels have an order, weighted_kappa; each figure has its interval over the clusters of these units.
    """
    if not (annotators <= MOST if wanted is None else wanted):
        return [], pairs_of.count(answers.unit, answers.annotator, len(answers.annotators))
    listed = []
    for pair in pairs_of.of_two(answers.unit, answers.annotator, answers.answer, cluster, ordered, **bootstrap):
        figures = {"kappa": pair.kappa, **({"weighted_kappa": pair.weighted_kappa} if pair.weighted_kappa else {})}
        listed.append(
            {
                "a": answers.annotators[pair.a],
                "b": answers.annotators[pair.b],
                "n": pair.n,
                "observed": because(pair.observed, _ONE_ANSWER),
                **{name: because(one, _ONE_ANSWER) for name, one in figures.items()},
            }
        )
    return listed, 0
