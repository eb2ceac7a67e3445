"""Which component goes to which split, so that units and labels come near the wanted shares.

Components go greedily, biggest first, to where their labels are needed most (iterative stratification: Sechidis,
Tsoumakas and Vlahavas, "On the stratification of multi-label data", ECML PKDD 2011), and are then moved singly as
long as that helps.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from goldwire.provenance import digest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PASSES = 10  # over all components, when they are moved singly; it mostly ends after three


def assign(
    members: Mapping[str, Sequence[str]],
    placed: Mapping[str, str],
    labels: Mapping[str, Sequence[str]],
    shares: Mapping[str, float],
    seed: int,
) -> dict[str, str]:
    """Return the split of every component that has none yet.

    What is made small is the sum, over splits and features (all units, and each label), of
    (count - wanted)^2 / total, where the units weigh as much as all the questions together.

    Parameters
    ----------
    members : mapping
        The units of each component.
    placed : mapping
        The split of components that have one; they count, and stay.
    labels : mapping
        The labels of each unit, as ``QUESTION\\0LABEL``; a unit may have none.
    shares : mapping
        The wanted share of each split, above 0.
    seed : int
        Settles the order of components of equal size.
    """
    import numpy as np

    counts = {root: Counter(x for u in units for x in ["", *labels.get(u, [])]) for root, units in members.items()}
    total: Counter[str] = Counter()
    for counted in counts.values():
        total.update(counted)
    column = {feature: index for index, feature in enumerate(sorted(total))}
    totals = np.array([total[feature] for feature in column], dtype=float)
    weight = 1 / totals
    if "" in column:
        weight[column[""]] *= max(1, len({feature.rpartition("\0")[0] for feature in column if feature}))
    names = list(shares)
    surplus = -np.outer(list(shares.values()), totals)  # per split and feature: what it has, less what it should have
    vectors = {
        root: (np.array([column[feature] for feature in counted]), np.array(list(counted.values()), dtype=float))
        for root, counted in counts.items()
    }
    for root, split in placed.items():
        if split in shares:
            at, n = vectors[root]
            surplus[names.index(split), at] += n
    free = members.keys() - placed.keys()
    order = sorted(free, key=lambda root: (-len(members[root]), digest(str(seed), min(members[root]))))
    chosen: dict[str, int] = {}
    for root in order:
        at, n = vectors[root]
        chosen[root] = int(np.argmin(surplus[:, at] @ (weight[at] * n)))
        surplus[chosen[root], at] += n
    for _ in range(_PASSES):
        if not _improve(order, vectors, weight, surplus, chosen):
            break
    return {root: names[index] for root, index in chosen.items()}


def _improve(
    order: Sequence[str],
    vectors: "Mapping[str, tuple[NDArray[np.int64], NDArray[np.float64]]]",
    weight: "NDArray[np.float64]",
    surplus: "NDArray[np.float64]",
    chosen: dict[str, int],
) -> bool:
    """Move each component to where it does most good; tell whether any moved. Changes `surplus` and `chosen`."""
    moved = False
    for root in order:
        at, n = vectors[root]
        here = chosen[root]
        cost = (surplus[:, at] - surplus[here, at] + n) @ (weight[at] * n)
        cost[here] = -1e-9  # a move must help, or rounding would send components to and fro
        there = int(cost.argmin())
        if there != here:
            surplus[here, at] -= n
            surplus[there, at] += n
            chosen[root], moved = there, True
    return moved
