"""Swaps: where no component would do good by moving alone, one may against another that goes the other way."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from goldwire.labels.splits.items import Ints

Floats = NDArray[np.float64]


@dataclass
class Profile:
    """Components with the same counts: of which features, which components, and how many of them each split has."""

    columns: Ints
    values: Floats
    members: Ints
    given: Ints


class Swaps:
    """All swaps of two components between two splits."""

    def __init__(self, profiles: Sequence[Profile], weight: Floats) -> None:
        self._profiles = profiles
        self._weight = weight
        self._vectors = np.zeros((len(profiles), len(weight)))
        for row, profile in zip(self._vectors, profiles, strict=True):
            row[profile.columns] = profile.values
        shared = (self._vectors * weight) @ self._vectors.T
        own = shared.diagonal()
        self._apart = own[:, None] + own - 2 * shared  # how unlike two profiles are: the squared distance

    def best(self, surplus: Floats) -> bool:
        """Do the swap that does most good; tell whether any did. Changes `surplus` and the profiles."""
        worth = surplus @ (self._vectors * self._weight).T
        given = np.stack([profile.given for profile in self._profiles], axis=1)
        most, found = 1e-9, None
        for one, other in combinations(range(len(surplus)), 2):
            gain = worth[one] - worth[other]
            good = np.where(
                (given[one] > 0)[:, None] & (given[other] > 0), gain[:, None] - gain - self._apart, -np.inf
            )
            at = int(good.argmax())
            if good.flat[at] > most:
                most, found = float(good.flat[at]), (one, other, *divmod(at, len(self._profiles)))
        if found is None:
            return False
        one, other, away, back = found
        change = self._vectors[away] - self._vectors[back]
        surplus[one] -= change
        surplus[other] += change
        for profile, step in ((self._profiles[away], 1), (self._profiles[back], -1)):
            profile.given[one] -= step
            profile.given[other] += step
        return True
