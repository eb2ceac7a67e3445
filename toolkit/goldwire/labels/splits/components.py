"""Components: units that share a value, directly or through others."""

from collections.abc import Sequence

import numpy as np

from goldwire.labels.splits.items import NONE, Ints


def connected(columns: Sequence[Ints], count: int) -> Ints:
    """Return the component of each of `count` units as a number, from 0 as they come.

    Parameters
    ----------
    columns : sequence of arrays of int64
        The value of every unit in each field, `NONE` where it has none.
    count : int
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    begins, ends, size = [], [], count
    for codes in columns:
        at = np.flatnonzero(codes != NONE)
        begins.append(at)
        ends.append(codes[at] + size)
        size += int(codes.max(initial=NONE)) + 1
    begin, end = (np.concatenate([np.empty(0, np.int64), *parts]) for parts in (begins, ends))
    if not count:
        return np.empty(0, np.int64)
    graph = coo_array((np.ones(len(begin), np.int8), (begin, end)), shape=(size, size))
    _, found = connected_components(graph.tocsr(), directed=False)
    return in_order(found[:count])


def in_order(codes: Ints) -> Ints:
    """Return codes numbered anew, from 0 as they come."""
    _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    rank: Ints = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse.reshape(-1)]
