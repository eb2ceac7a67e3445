"""Which component goes to which split, so that units and labels come near the wanted shares.

Components go greedily, biggest first and of equal ones those with the rarest label, to where their labels are needed
most (iterative stratification: Sechidis, Tsoumakas and Vlahavas, "On the stratification of multi-label data", ECML
PKDD 2011), and are then moved singly, and one against another, as long as that helps. Components with equal counts
are interchangeable, so what is decided is how many of them each split gets; the seed draws which.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from goldwire.labels.splits.items import Ints
from goldwire.labels.splits.swaps import Profile, Swaps
from goldwire.provenance import digest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_PASSES = 50  # over all profiles, when components are moved singly; it mostly ends after three
_SWAPPED = 300  # profiles, of so many at most every two are looked at


@dataclass(frozen=True)
class Counts:
    """How many units with each feature a component has: those of component k are in starts[k]:starts[k + 1].

    Feature 0 is all units; every component has it.
    """

    starts: Ints
    columns: Ints
    values: Ints


def counted(component: Ints, units: Ints, columns: Ints, count: int, features: int) -> Counts:
    """Return the counts of components.

    Parameters
    ----------
    component : array of int64
        Of every unit, from 0.
    units, columns : arrays of int64
        Pairs of a unit's position and a feature, 1 or more.
    count, features : int
        How many components and features there are, feature 0 among them.
    """
    keys = np.concatenate([component * features, component[units] * features + columns])
    found, values = np.unique(keys, return_counts=True)
    starts = np.searchsorted(found, np.arange(count + 1) * features)
    return Counts(starts, found % features, values.astype(np.int64))


def assign(counts: Counts, base: "Floats", shares: Sequence[float], questions: int, names: Sequence[str]) -> Ints:
    """Return the split of every component, as a position in `shares`.

    What is made small is the sum, over splits and features, of (count - wanted)^2 / total, where the units weigh as
    much as all the questions together.

    Parameters
    ----------
    counts : Counts
    base : array of float64, splits x features
        What the splits have already; it counts, and stays.
    shares : sequence of float
        The wanted share of each split, above 0.
    questions : int
        How many questions the labels answer.
    names : sequence of str
        Settles which of the components with equal counts goes where; see `drawn`.
    """
    totals = base.sum(axis=0) + np.bincount(counts.columns, counts.values, base.shape[1])
    weight = 1 / np.maximum(totals, 1)
    weight[0] *= max(1, questions)
    surplus = base - np.outer(np.asarray(shares), totals)
    profiles = _profiles(counts, len(shares), weight)
    for profile in profiles:
        _fill(profile, weight, surplus)
    if len(profiles) > 0:
        singles = _Singles(profiles, weight)
        singles.settle(surplus)
        if len(profiles) <= _SWAPPED:
            swaps = Swaps(profiles, weight)
            for _ in range(_PASSES):
                if not swaps.best(surplus):
                    break
                singles.settle(surplus)
    chosen: Ints = np.empty(len(counts.starts) - 1, np.int64)
    for profile in profiles:
        order = sorted(profile.members.tolist(), key=lambda member: names[member])
        chosen[order] = np.repeat(np.arange(len(shares)), profile.given)
    return chosen


def drawn(seed: int, ids: Sequence[str]) -> list[str]:
    """Return a name for every component by the seed, from an id that it alone has: their order is a fair draw."""
    return [digest(str(seed), one) for one in ids]


def _profiles(counts: Counts, splits: int, weight: "Floats") -> list[Profile]:
    members: dict[bytes, list[int]] = defaultdict(list)
    both = np.stack([counts.columns, counts.values], axis=1)
    for component, (begin, end) in enumerate(pairwise(counts.starts.tolist())):
        members[both[begin:end].tobytes()].append(component)
    found = []
    for key, listed in members.items():
        columns, values = np.frombuffer(key, np.int64).reshape(-1, 2).T
        rank = (-int(values[0]), -float(weight[columns[1:]].max(initial=0)), values.tolist(), columns.tolist())
        profile = Profile(columns.copy(), values.astype(float), np.array(listed), np.zeros(splits, np.int64))
        found.append((rank, profile))
    return [profile for _, profile in sorted(found, key=lambda one: one[0])]


def _fill(profile: Profile, weight: "Floats", surplus: "Floats") -> None:
    """Give each component where it is needed most: one after the other, since every one makes the next dearer."""
    at, n, many = profile.columns, profile.values, len(profile.members)
    cost = surplus[:, at] @ (weight[at] * n)
    if many == 1:
        there = int(cost.argmin())
        profile.given[there] = 1
        surplus[there, at] += n
        return
    dearer = float(n @ (weight[at] * n))
    costs = (cost[:, None] + dearer * np.arange(many)).reshape(-1)
    cheapest = np.argsort(costs, kind="stable")[:many]
    profile.given += np.bincount(cheapest // many, minlength=len(cost))
    surplus[:, at] += np.outer(profile.given, n)


class _Singles:
    """All moves of one component to another split."""

    def __init__(self, profiles: Sequence[Profile], weight: "Floats") -> None:
        from scipy.sparse import csr_array

        self._profiles, self._weight = profiles, weight
        columns = np.concatenate([profile.columns for profile in profiles])
        values = np.concatenate([profile.values for profile in profiles])
        starts = np.cumsum([0, *(len(profile.columns) for profile in profiles)])
        self._weighted = csr_array((values * weight[columns], columns, starts), shape=(len(profiles), len(weight)))
        self._dearer = np.add.reduceat(values * weight[columns] * values, starts[:-1])

    def settle(self, surplus: "Floats") -> None:
        """Move until no move does good, those first that do. Changes `surplus` and the profiles."""
        given = np.stack([profile.given for profile in self._profiles])
        for _ in range(_PASSES):
            cost = self._weighted @ surplus.T
            gain = np.where(given > 0, cost, -np.inf).max(axis=1) - cost.min(axis=1) - self._dearer
            if not len(good := np.flatnonzero(gain > 1e-9)):
                return
            for index in good.tolist():
                _improve(self._profiles[index], self._weight, surplus)
                given[index] = self._profiles[index].given


def _improve(profile: Profile, weight: "Floats", surplus: "Floats") -> None:
    """Move components one by one to where they do most good. Changes `surplus`."""
    at, n = profile.columns, profile.values
    weighted = weight[at] * n
    dearer = float(n @ weighted)
    while True:
        cost = surplus[:, at] @ weighted
        there = int(cost.argmin())
        here = int(np.where(profile.given > 0, cost, -np.inf).argmax())
        gain = float(cost[here] - cost[there] - dearer)
        if gain <= 1e-9:  # a move must help, or rounding would send components to and fro
            return
        many = min(int(profile.given[here]), math.ceil(gain / dearer / 2))
        profile.given[here] -= many
        profile.given[there] += many
        surplus[here, at] -= many * n
        surplus[there, at] += many * n
