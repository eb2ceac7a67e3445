"""Units that would connect two splits only together: one after the other comes in, unless it is the one too many."""

from collections.abc import Mapping

import numpy as np

from goldwire.labels.splits.items import NONE, Flags, Ints
from goldwire.labels.splits.touched import Touched


def left_out(codes: Mapping[str, Ints], touched: Touched, late: Ints, at: Ints) -> Flags:
    """Return for each unit whether it must be left out, so that those that are not connect no two splits.

    Parameters
    ----------
    codes : mapping
        By field, the value of every unit that is not bound to a split, else `NONE`.
    touched : Touched
        What every unit is bound to: to one split, or to none.
    late : array of int64
        The first split that a unit may be in.
    at : array of int64
        The units that are asked about; the first come in first.
    """
    begins = np.cumsum([0, *(int(column.max(initial=NONE)) + 1 for column in codes.values())])
    rows = [
        [value + begin if value != NONE else NONE for value in column[at].tolist()]
        for column, begin in zip(codes.values(), begins.tolist(), strict=False)
    ]
    parent: dict[int, int] = {}
    split: dict[int, int] = {}  # of roots: the split that they are bound to
    least: dict[int, int] = {}  # of roots: the first split that they may be in

    def root(node: int) -> int:
        while (above := parent.setdefault(node, node)) != node:
            parent[node] = node = parent[above]
        return node

    out = np.zeros(len(at), bool)
    bound = np.where(touched.none, NONE, touched.low)[at].tolist()
    for index, (own, first, *values) in enumerate(zip(bound, late[at].tolist(), *rows, strict=True)):
        roots = {root(value) for value in values if value != NONE}
        splits = {split[one] for one in roots if one in split} | ({own} if own != NONE else set())
        first = max([first, *(least[one] for one in roots if one in least)])
        if len(splits) > 1 or (splits and first > min(splits)):
            out[index] = True
            continue
        if roots:
            top = min(roots)
            parent.update(dict.fromkeys(roots, top))
            least[top] = first
            if splits:
                split[top] = min(splits)
    return out
