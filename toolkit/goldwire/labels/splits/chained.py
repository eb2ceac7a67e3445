"""Components too large for any split: refused where one value is the reason, else each side goes by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from goldwire.errors import GoldwireError
from goldwire.labels.splits.items import NONE, Ints, Items
from goldwire.labels.splits.notes import counted, short
from goldwire.labels.splits.touched import Touched, values_of

_HINTS = {
    "story": "Label more of other stories, raise stories.containment in params.yaml, or import finer groups.",
    "group": "Label more of other groups, import finer ones, or take group out of splits.group_by in params.yaml.",
    "headline": "Label more of other headlines, or take headline out of splits.group_by in params.yaml.",
    "target": "Label more of other targets, or have params.yaml divide by something else than target.",
    "outlet": "Label more of other outlets, or give splits.by another value in params.yaml.",
}


@dataclass(frozen=True)
class Chain:
    """Units that chain into one component: how many of all, and by which fields."""

    units: int
    total: int
    fields: Sequence[str]


def limit_of(shares: Sequence[float], total: int) -> float:
    """Return the most units that a component may have: the largest share, or half of them all."""
    return total * max(*shares, 0.5)


def chain_of(items: Items, at: Ints, total: int, limit: float, *, refuse: bool) -> Chain | None:
    """Return the chain of a component with more units than `limit`, or None where it goes as it is.

    It does where it is one owner, or all there is and one story, or has one value that is too large already; the
    last is an error with `refuse`.

    Raises
    ------
    GoldwireError
        When one value alone has more units than the limit; the message names it.
    """
    owners = items.owners(at)
    if len(owners) < 2:
        return None
    fields = []
    for name, field in items.fields.items():
        codes = field.codes[at]
        counts = np.bincount(codes[codes != NONE])
        if name != items.owner and counts.max(initial=0) > limit:
            if not refuse or (name == "story" and field.whole and counts.max() == total):
                return None
            raise _refused(items, len(at), total, name, int(counts.argmax()), owners)
        if counts.max(initial=0) > 1 and not (field.whole and name == items.owner and "story" in items.fields):
            fields.append(name)
    return Chain(len(at), total, fields)


def by_sides(items: Items, at: Ints, splits: Ints, names: Sequence[str], shares: Sequence[float], seed: int) -> Ints:
    """Return the split of the units of a component, `NONE` where their values go to different ones.

    Values that have a split already keep it; see `goldwire.labels.splits.sides.assign_sides`.
    """
    from goldwire.labels.splits.sides import assign_sides

    values: dict[str, list[str | None]] = {}
    fixed: dict[str, dict[str, str]] = {}
    for name, codes in _sides(items).items():
        bound = values_of(codes, splits)
        known = np.intersect1d(codes[at], np.flatnonzero(bound.low == bound.high))
        if not len(known) and np.bincount(codes[at] + 1)[1:].max(initial=0) < 2:
            continue  # nothing is shared by it
        values[name] = [None if code == NONE else str(code) for code in codes[at].tolist()]
        fixed[name] = {str(code): names[int(bound.low[code])] for code in known.tolist()}
    wanted = dict(zip(names, shares, strict=True))
    found = assign_sides(values, _labels(items, at), wanted, seed, fixed if any(fixed.values()) else None)
    code_of = {name: code for code, name in enumerate(names)}
    columns = []
    for name, column in values.items():
        side_of = {value: code_of[split] for value, split in found[name].items()}
        columns.append(np.array([NONE if value is None else side_of[value] for value in column], np.int64))
    return _agreed(columns)


def by_latest(codes: Mapping[str, Ints], touched: Touched, late: Ints, at: Ints) -> Ints:
    """Return the split of the units of a component, where each value goes by its latest unit.

    Parameters
    ----------
    codes, touched
        See `goldwire.labels.splits.touched.open_fields`; values that are bound to a split keep it.
    late : array of int64
        The first split that a unit may be in.
    at : array of int64
        The units.
    """
    columns = [np.where(touched.none, NONE, touched.low)[at]]
    for column in (column[at] for column in codes.values()):
        latest = np.full(int(column.max(initial=NONE)) + 2, NONE)  # the last is that of NONE
        has = column != NONE
        np.maximum.at(latest, column[has], late[at][has])
        columns.append(latest[column])
    return _agreed(columns)


def _agreed(columns: Sequence[Ints]) -> Ints:
    """Return what all columns say that say anything, and `NONE` where two say different things."""
    low = np.minimum.reduce([np.where(column == NONE, np.iinfo(np.int64).max, column) for column in columns])
    high = np.maximum.reduce(list(columns))
    return np.where(low == high, high, NONE)


def _sides(items: Items) -> dict[str, Ints]:
    """Return the fields to assign one by one; a story has all units of its owners, so it stands for them."""
    fields = {name: field.codes for name, field in items.fields.items()}
    if "story" in fields and items.fields["story"].whole:
        owner, story = fields.pop(items.owner), fields["story"]
        fields["story"] = np.where(story == NONE, owner + len(items.fields["story"].names), story)
    return fields


def _labels(items: Items, at: Ints) -> list[list[str]]:
    rank = np.full(len(items.ids), NONE)
    rank[at] = np.arange(len(at))
    units = rank[items.labels.units]
    found: list[list[str]] = [[] for _ in at]
    for unit, column in zip(units.tolist(), items.labels.columns.tolist(), strict=True):
        if unit != NONE:
            found[unit].append(items.labels.names[column])
    return found


def _refused(items: Items, units: int, total: int, name: str, code: int, owners: Sequence[str]) -> GoldwireError:
    which = (
        "" if items.owner == items.noun else f" ({counted(len(owners), items.owner)}, {short(owners[0])} among them)"
    )
    return GoldwireError(
        f"no split is possible: {units} of {total} {items.noun}s are connected, most of them by {name} "
        f'"{short(items.fields[name].names[code])}"{which}',
        hint=_HINTS.get(name, "Have more units of other values, or do not divide by it."),
    )
