"""What sides are assigned over: units as rows of numbers, and what their counts should be near."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

ANY, NOWHERE = -2, -1  # in place of a split: of a value that is None or has none yet; of values that do not agree

CLASS = 0.01  # a label's share of a split may differ by so much from its share of the pool,
RELATIVE = 0.3  # and a rare label's by at most this part of its share
SHARE = 0.005  # a split's share of what is kept may differ by so much from the wanted one

_ALL = (0, "")  # the first column; then come questions as (1, name) and labels as (2, name)


@dataclass(frozen=True)
class Pool:
    """Units that share values, those that are alike in everything as one row, in an order that depends on them only.

    Attributes
    ----------
    shares : floats
        The wanted share of each split; they sum to 1.
    codes : list of ints
        For each field, the position of each row's value among the field's values; -1 for None.
    fixed : list of ints
        For each field, the split of each value that is given; ANY where it is free, NOWHERE where what it is given is
        no wanted split. One element more than there are values, ANY, for what `codes` has as -1.
    weight : floats
        How many units each row stands for.
    profile : ints
        Which labels each row has, as a row of `features`.
    features : sparse array
        1 where the units of a profile count: first column all, then one for each question, then one for each label.
    part, whole, wanted, tolerance : arrays
        One element for each question and label: of the units in the column `whole`, the share `wanted` should be in
        the column `part`, in every split, give or take `tolerance`.
    """

    shares: Floats
    codes: list[Ints]
    fixed: list[Ints]
    weight: Floats
    profile: Ints
    features: "csr_array[Any]"
    part: Ints
    whole: Ints
    wanted: Floats
    tolerance: Floats

    def common(self, sides: Sequence[Ints], without: int = -1) -> Ints:
        """Return for each row the split that its values agree on (but for one field's), else NOWHERE, or ANY."""
        agreed: Ints = np.full(len(self.weight), ANY)
        for field, (codes, side) in enumerate(zip(self.codes, sides, strict=True)):
            if field != without:
                own = side[codes]
                agreed = np.where(agreed == ANY, own, np.where((own == ANY) | (own == agreed), agreed, NOWHERE))
        return agreed

    def counts(self, sides: Sequence[Ints]) -> Floats:
        """Return how many units are kept, a row for each split and a column for each feature."""
        agreed = self.common(sides)
        kept = agreed >= 0
        size = self.features.shape[0]
        cells = np.bincount(agreed[kept] * size + self.profile[kept], self.weight[kept], len(self.shares) * size)
        found: Floats = cells.reshape(-1, size) @ self.features
        return found

    def gains(self, sides: Sequence[Ints], field: int, worth: Floats) -> Floats:
        """Return what each value of a field would keep in each split, the other fields given.

        Parameters
        ----------
        worth : floats
            What a unit of each profile counts in each split (splits x profiles).
        """
        codes, agreed, splits = self.codes[field], self.common(sides, without=field), len(self.shares)
        found = np.zeros((len(self.fixed[field]) - 1) * splits)
        sure = np.flatnonzero((codes >= 0) & (agreed >= 0))
        own = worth[agreed[sure], self.profile[sure]] * self.weight[sure]
        found += np.bincount(codes[sure] * splits + agreed[sure], own, len(found))
        anywhere = np.flatnonzero((codes >= 0) & (agreed == ANY))
        for split in range(splits if len(anywhere) else 0):
            own = worth[split, self.profile[anywhere]] * self.weight[anywhere]
            found += np.bincount(codes[anywhere] * splits + split, own, len(found))
        return found.reshape(-1, splits)

    def mass(self, field: int) -> Floats:
        """Return how many units each value of a field has."""
        codes = self.codes[field]
        has = codes >= 0
        found: Floats = np.bincount(codes[has], self.weight[has], len(self.fixed[field]) - 1).astype(float)
        return found


def pool(
    fields: Sequence[Sequence[str | None]],
    values: Sequence[Sequence[str]],
    labels: Sequence[Collection[str]],
    shares: Floats,
    fixed: Sequence[Ints],
) -> Pool:
    """Return the pool of these units, without those that have no value; `values` are those of each field, sorted."""
    places = [{value: index for index, value in enumerate(listed)} for listed in values]
    codes = [
        np.array([-1 if value is None else place[value] for value in given], np.int64)
        for given, place in zip(fields, places, strict=True)
    ]
    kinds = [tuple(sorted(set(listed))) for listed in labels]
    known = {kind: index for index, kind in enumerate(sorted(set(kinds)))}
    table = np.column_stack([*codes, np.array([known[kind] for kind in kinds], np.int64)])
    table = table[(table[:, :-1] >= 0).any(axis=1)]
    rows, weight = np.unique(table, axis=0, return_counts=True)
    sizes: Floats = np.bincount(rows[:, -1], weight, len(known)).astype(float)
    return Pool(
        shares,
        [np.ascontiguousarray(rows[:, field]) for field in range(len(codes))],
        list(fixed),
        weight.astype(float),
        np.ascontiguousarray(rows[:, -1]),
        *_features(list(known), sizes),
    )


def _features(kinds: Sequence[Sequence[str]], sizes: Floats) -> "tuple[csr_array[Any], Ints, Ints, Floats, Floats]":
    from scipy.sparse import csr_array

    has = [sorted({_ALL, *(name for label in kind for name in (_question(label), (2, label)))}) for kind in kinds]
    counts: Counter[tuple[int, str]] = Counter()
    for names, size in zip(has, sizes.tolist(), strict=True):
        counts.update(dict.fromkeys(names, size))
    column = {name: index for index, name in enumerate(sorted({_ALL, *counts}))}
    whole = {name: _ALL if name[0] == 1 else _question(name[1]) for name in column if name != _ALL and counts[name]}
    features = csr_array(
        (
            np.ones(sum(map(len, has))),
            np.array([column[name] for names in has for name in names], np.int64),
            np.cumsum([0, *map(len, has)]),
        ),
        shape=(len(kinds), len(column)),
    )
    wanted = np.array([counts[name] / counts[of] for name, of in whole.items()], float)
    return (
        features,
        np.array([column[name] for name in whole], np.int64),
        np.array([column[of] for of in whole.values()], np.int64),
        wanted,
        np.minimum(CLASS, RELATIVE * wanted),
    )


def _question(label: str) -> tuple[int, str]:
    return 1, label.rpartition("\0")[0]
