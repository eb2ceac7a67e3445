"""What has a place already, and what it therefore binds: a value that stands in a split stays in it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from goldwire.labels.splits.items import NONE, Flags, Ints, Items

_HIGHEST = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Touched:
    """The splits that things are bound to: the first and the last of them; low is above high where there is none."""

    low: Ints
    high: Ints

    @property
    def none(self) -> Flags:
        """Where nothing is bound."""
        return self.low > self.high

    @property
    def several(self) -> Flags:
        """Where it is bound to more than one split."""
        return self.low < self.high

    def over(self, groups: Ints, count: int) -> "Touched":
        """Return what `count` groups are bound to, each by all its members; of `NONE` are those without a group."""
        low, high = _nothing(count)
        inside = groups != NONE
        np.minimum.at(low, groups[inside], self.low[inside])
        np.maximum.at(high, groups[inside], self.high[inside])
        return Touched(low, high)


def values_of(codes: Ints, splits: Ints) -> Touched:
    """Return what the values of a field are bound to by the units that have a split, by their codes."""
    placed = Touched(np.where(splits == NONE, _HIGHEST, splits), splits)
    return placed.over(codes, int(codes.max(initial=NONE)) + 1)


def open_fields(items: Items, splits: Ints) -> tuple[dict[str, Ints], Touched]:
    """Return what still decides about the units without a split: their values that are not bound, and the splits.

    A unit of an owner whose other units have one split belongs there: what else the owner shares is known there too.

    Returns
    -------
    codes : mapping
        By field, the value of every unit, `NONE` where it is bound already.
    touched : Touched
        What every unit is bound to by its values.
    """
    bound = {name: values_of(field.codes, splits) for name, field in items.fields.items()}
    owner = items.fields[items.owner]
    known = ~bound[items.owner].none & ~bound[items.owner].several
    follows = known[owner.codes]
    low, high = _nothing(len(splits))
    codes: dict[str, Ints] = {}
    for name, field in items.fields.items():
        counts = field.codes != NONE
        if field.whole and name != items.owner:
            counts &= ~follows
        at = np.flatnonzero(counts)
        low[at] = np.minimum(low[at], bound[name].low[field.codes[at]])
        high[at] = np.maximum(high[at], bound[name].high[field.codes[at]])
        codes[name] = np.full(len(splits), NONE)
        free = at[bound[name].none[field.codes[at]]]
        codes[name][free] = field.codes[free]
    return codes, Touched(low, high)


def without(codes: Mapping[str, Ints], left: Flags) -> list[Ints]:
    """Return the values of every field, `NONE` for units that are not `left`."""
    return [np.where(left, column, NONE) for column in codes.values()]


def _nothing(count: int) -> tuple[Ints, Ints]:
    return np.full(count, _HIGHEST), np.full(count, NONE)
