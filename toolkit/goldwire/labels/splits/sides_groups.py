"""Groups: values that hang together, found by passing labels on, and put on sides as a whole.

Where a few units chain groups that are tight in themselves, single moves cannot bring a group from one side to
another: what is moved first loses all that it shares with the rest. Labels are passed as by Raghavan, Albert and
Kumara 2007 (Near linear time algorithm to detect community structures in large-scale networks).
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from goldwire.labels.splits.sides_moves import climbed, moved
from goldwire.labels.splits.sides_pool import ANY, NOWHERE, Ints, Pool
from goldwire.labels.splits.sides_starts import at_random, with_large

_ROUNDS = 20  # over the fields; it mostly ends after five


def together(pool: Pool, draw: np.random.Generator) -> list[Ints]:
    """Return sides that keep each group whole, so that what lies within groups has the wanted shares and classes."""
    groups = _passed(pool, draw)
    _, flat = np.unique(np.concatenate(groups), return_inverse=True)
    groups = np.split(flat, np.cumsum([len(group) for group in groups])[:-1])
    coarse = _coarse(pool, groups, int(flat.max()) + 1)
    (side,) = climbed(coarse, moved(coarse, at_random(coarse, with_large(coarse, draw), draw)))
    return [
        np.append(np.where(fixed[:-1] == ANY, side[group], fixed[:-1]), ANY)
        for fixed, group in zip(pool.fixed, groups, strict=True)
    ]


def _passed(pool: Pool, draw: np.random.Generator) -> list[Ints]:
    """Return the group of each value, by field: the one that most of its units have by their other values."""
    sizes = [len(side) - 1 for side in pool.fixed]
    groups = [ids.copy() for ids in np.split(draw.permutation(sum(sizes)), np.cumsum(sizes)[:-1])]
    for _ in range(_ROUNDS):
        before = [group.copy() for group in groups]
        for field, group in enumerate(groups):
            group[:] = _commonest(pool, groups, field)
        if all(np.array_equal(one, other) for one, other in zip(before, groups, strict=True)):
            break
    return groups


def _commonest(pool: Pool, groups: Sequence[Ints], field: int) -> Ints:
    """Return for each value of a field the group that most of its units' other values have, at a tie the lowest."""
    found = groups[field].copy()
    values, theirs, weights = [], [], []
    for other, codes in enumerate(pool.codes):
        rows = np.flatnonzero((pool.codes[field] >= 0) & (codes >= 0)) if other != field else np.empty(0, np.int64)
        values.append(pool.codes[field][rows])
        theirs.append(groups[other][codes[rows]])
        weights.append(pool.weight[rows])
    size = sum(map(len, groups))
    keys, where = np.unique(np.concatenate(values) * size + np.concatenate(theirs), return_inverse=True)
    counts = np.bincount(where, np.concatenate(weights), len(keys))
    order = np.lexsort((keys, -counts, keys // size))
    value, first = np.unique(keys[order] // size, return_index=True)
    found[value] = keys[order][first] % size
    return found


def _coarse(pool: Pool, groups: Sequence[Ints], count: int) -> Pool:
    """Return a pool of one field, the group, of the units whose values are all of one group."""
    agreed = pool.common([np.append(group, ANY) for group in groups])
    held = np.zeros((count, len(pool.shares)))
    for field, fixed in enumerate(pool.fixed):
        given = np.flatnonzero(fixed[:-1] >= 0)
        np.add.at(held, (groups[field][given], fixed[given]), pool.mass(field)[given])
    side = np.append(np.where(held.max(axis=1) > 0, held.argmax(axis=1), ANY), ANY)
    return replace(pool, codes=[np.where(agreed == NOWHERE, -1, agreed)], fixed=[side])
