"""Units that share anything are placed together, and beside those that have a place already."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from goldwire.labels.splits.chained import Chain, by_latest, by_sides, chain_of, limit_of
from goldwire.labels.splits.components import connected, in_order
from goldwire.labels.splits.greedy import left_out
from goldwire.labels.splits.items import NONE, Flags, Ints, Items
from goldwire.labels.splits.stratify import assign, counted, drawn
from goldwire.labels.splits.touched import Touched, open_fields, without

_WHOLE = 0.1  # of the smallest split: what is larger is not placed whole where chains are taken apart


@dataclass(frozen=True)
class Wanted:
    """Where units can go.

    Attributes
    ----------
    names : sequence of str
        The splits, or folds.
    shares : sequence of float
        Of units, one a split, each above 0.
    seed : int
    late : array of int64 or None
        With it units go by time: the first split that each may be in. Without it labels are spread evenly.
    refuse : bool
        Whether a value with more units than the largest split can take is an error; else it goes as it is.
    uncounted : array of bool, optional
        Units whose labels, where they have a place, do not count when the others' are spread.
    """

    names: Sequence[str]
    shares: Sequence[float]
    seed: int
    late: Ints | None = None
    refuse: bool = True
    uncounted: Flags | None = None


@dataclass
class Placed:
    """The split of every unit as a position in the names, or `NONE`, and the chains that were taken apart."""

    splits: Ints
    chains: list[Chain] = field(default_factory=list)


def place(items: Items, old: Ints, usable: Flags, wanted: Wanted) -> Placed:
    """Return where units go; those of `old` stay there, and units that are not `usable` go nowhere.

    A unit that would connect two splits goes nowhere, nor one that is later than the split that it is bound to.

    Raises
    ------
    GoldwireError
        When one value has more units than the largest split can take; see `goldwire.labels.splits.chained`.
    """
    placed = _apart(items, old, usable, wanted)
    placed.splits = _together(items, placed.splits, usable, wanted)
    return placed


def _apart(items: Items, old: Ints, usable: Flags, wanted: Wanted) -> Placed:
    """Place what chains into components that are too large for any split, and only that.

    Other large components go with them, since they could no longer be placed whole without upsetting the shares.
    """
    placed = Placed(old.copy())
    codes, touched, late, left = _open(items, old, usable, wanted)
    component = connected(without(codes, left), len(old))
    bound = touched.over(np.where(left, component, NONE), len(old))
    sizes = np.bincount(component[left], minlength=len(old))
    total = int(left.sum() + (old != NONE).sum())
    limit = limit_of(wanted.shares, total)
    large = sizes > limit
    for number in np.flatnonzero(large).tolist():
        refuse = wanted.refuse and bool(bound.none[number])
        chain = chain_of(items, np.flatnonzero(left & (component == number)), total, limit, refuse=refuse)
        if chain is None:
            large[number] = False
        else:
            placed.chains.append(chain)
    if placed.chains:
        large |= (sizes > min(wanted.shares) * total * _WHOLE) & (sizes <= limit)
        at = np.flatnonzero(left & large[component])
        if wanted.late is None:
            placed.splits[at] = by_sides(items, at, old, wanted.names, wanted.shares, wanted.seed)
        else:
            placed.splits[at] = by_latest(codes, touched, late, at)
    return placed


def _together(items: Items, old: Ints, usable: Flags, wanted: Wanted) -> Ints:
    """Place components whole, but for units without which they would connect no two splits."""
    codes, touched, late, left = _open(items, old, usable, wanted)
    component = connected(without(codes, left), len(old))
    bound, first = _bounds(component, left, touched, late)
    contested = bound.several | (~bound.none & (first > bound.low))
    if len(at := np.flatnonzero(left & contested[component])):
        left[at[left_out(codes, touched, late, at)]] = False
        component = connected(without(codes, left), len(old))
        bound, first = _bounds(component, left, touched, late)
    splits = old.copy()
    follows = left & ~bound.none[component]
    splits[follows] = bound.low[component[follows]]
    free = left & bound.none[component]
    if wanted.late is not None:
        splits[free] = first[component[free]]
    elif free.any():
        splits[free] = _spread(items, splits, in_order(component[free]), free, wanted)
    return splits


def _open(items: Items, old: Ints, usable: Flags, wanted: Wanted) -> tuple[dict[str, Ints], Touched, Ints, Flags]:
    """Return what decides about the units, see `open_fields`; the first split of each; and which can be placed."""
    codes, touched = open_fields(items, old)
    late = np.zeros(len(old), np.int64) if wanted.late is None else wanted.late
    left = usable & (old == NONE) & ~touched.several & (touched.none | (late <= touched.low))
    return codes, touched, late, left


def _bounds(component: Ints, left: Flags, touched: Touched, late: Ints) -> tuple[Touched, Ints]:
    """Return what each component is bound to, and the first split that it may be in."""
    first = np.zeros(len(component), np.int64)
    np.maximum.at(first, component[left], late[left])
    return touched.over(np.where(left, component, NONE), len(component)), first


def _spread(items: Items, splits: Ints, component: Ints, free: Flags, wanted: Wanted) -> Ints:
    """Return the split of each free unit, so that labels are spread evenly over all that are placed."""
    labels, features = items.labels, len(items.labels.names) + 1
    base = np.zeros((len(wanted.names), features))
    placed = splits != NONE
    if wanted.uncounted is not None:
        placed &= ~wanted.uncounted
    np.add.at(base, (splits[placed], 0), 1)
    pairs = placed[labels.units]
    np.add.at(base, (splits[labels.units[pairs]], labels.columns[pairs] + 1), 1)

    at = np.flatnonzero(free)
    rank = np.full(len(splits), NONE)
    rank[at] = np.arange(len(at))
    pairs = free[labels.units]
    count = int(component.max()) + 1
    counts = counted(component, rank[labels.units[pairs]], labels.columns[pairs] + 1, count, features)
    first = at[np.unique(component, return_index=True)[1]]
    names = drawn(wanted.seed, [items.ids[one] for one in first.tolist()])
    seen = np.unique(labels.columns[(free | placed)[labels.units]]).tolist()
    questions = len({labels.names[column].rpartition("\0")[0] for column in seen})
    return assign(counts, base, wanted.shares, questions, names)[component]
