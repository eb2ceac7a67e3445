"""Cohen's kappa of every two annotators, for the picture."""

from itertools import pairwise
from typing import Any

import numpy as np

from goldwire.labels.agreement.people import MOST, of_pairs
from goldwire.labels.answers import Codes
from goldwire.labels.quality.observed import Observed
from goldwire.labels.quality.rest import Bootstrap
from goldwire.stats.draws import Array
from goldwire.stats.resample import Interval, ratio

MANY = f"more than {MOST} annotators: ask for these intervals with goldwire labels agreement --pairs"
SAME = "both gave one answer throughout"


def pair_rows(seen: Observed, bootstrap: Bootstrap) -> list[dict[str, Any]]:
    """Return a, b, n (units that both answered), observed (share of equal answers), kappa, for pairs with a unit.

    Both are as `goldwire.labels.agreement.people.of_pairs` has them, and of more than `MOST` annotators they have no
    interval. Kappa is not defined where both gave one and the same answer throughout. Answers that are sets are the
    same when all of their labels are.
    """
    names = seen.answers.annotators
    if len(names) <= MOST:
        return of_pairs(seen.answers, seen.cluster, False, True, len(names), bootstrap)[0]
    found = zip(*(each.tolist() for each in _shared(seen)), strict=True)
    return [
        {
            "a": names[a],
            "b": names[b],
            "n": int(n),
            "observed": Interval(observed, why=MANY).as_dict(),
            "kappa": (Interval(None, why=SAME) if np.isnan(kappa) else Interval(kappa, why=MANY)).as_dict(),
        }
        for a, b, n, observed, kappa in found
    ]


def _shared(seen: Observed) -> tuple[Codes, Codes, Array, Array, Array]:
    """Return a, b, units in common, observed agreement and Cohen's kappa (1960; see `goldwire.stats.agreement`), of
    those pairs that have a unit in common.

    The share of a label in what `a` said on the units of `b` is a product of two sparse matrices, so that nothing is
    done for each pair by itself, and nothing for those without a unit.
    """
    from scipy.sparse import csr_array, triu

    answers = seen.answers
    shape = (len(answers.annotators), len(answers.units))
    order = np.argsort(answers.answer, kind="stable")
    bounds = np.searchsorted(answers.answer[order], np.arange(len(answers.sets) + 1))
    everything = csr_array((np.ones(len(order)), (answers.annotator, answers.unit)), shape=shape)
    upper = triu(everything @ everything.T, 1).tocsr()
    upper.sort_indices()
    a, b = upper.nonzero()
    same, chance = (csr_array((shape[0], shape[0])) for _ in range(2))
    for start, end in pairwise(bounds.tolist()):
        if start == end:
            continue
        of = order[start:end]
        gave = csr_array((np.ones(len(of)), (answers.annotator[of], answers.unit[of])), shape=shape)
        said = gave @ everything.T
        same += gave @ gave.T
        chance += said.multiply(said.T)
    n, equal, by_chance = (np.asarray(each[a, b], dtype=float).ravel() for each in (upper, same, chance))
    observed, expected = ratio(equal, n), ratio(by_chance, n * n)
    return a, b, n, observed, ratio(observed - expected, np.where(1 - expected > 1e-12, 1 - expected, 0))
