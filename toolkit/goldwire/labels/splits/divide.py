"""Divide: units with their fields, dates or official splits flow in, and a split and a fold of each flow out."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from goldwire.labels.splits import by_time, chosen, remarks
from goldwire.labels.splits.items import NONE, SPLITS, Flags, Ints, Items
from goldwire.labels.splits.place import Wanted, place


@dataclass(frozen=True)
class Asked:
    """How to divide.

    Attributes
    ----------
    shares : sequence of float
        Of train, validation and test; they sum to 1, and some may be 0.
    folds, seed : int
        0 folds is none.
    moments, dated : arrays of int64 and bool, optional
        To divide by time: when each unit was published, in microseconds since 1970, and whether that is known.
    official : array of int64, optional
        To take the splits as they are: the position in `SPLITS`, or `NONE`.
    where : str
        What names the official split.
    chosen : array of bool, optional
        Units that a model chose; they can only train.
    """

    shares: Sequence[float]
    folds: int
    seed: int
    moments: Ints | None = None
    dated: Flags | None = None
    official: Ints | None = None
    where: str = ""
    chosen: Flags | None = None


@dataclass(frozen=True)
class Before:
    """What was divided before: the split and the fold of every unit, or `NONE`, and what it was divided by."""

    splits: Ints
    folds: Ints
    cuts: Sequence[int] = ()
    sides: Sequence[str] = ()


@dataclass
class Divided:
    """The split (in `SPLITS`) and fold of every unit, or `NONE`.

    Attributes
    ----------
    splits, folds : arrays of int64
    torn : array of bool
        Units that are in no split because their values stand in two.
    cuts : list of int
        By time: the last moment of every split that has a share, but the last.
    sides : list of str
        The fields that chained, so that each was assigned by itself.
    notes : list of str
    """

    splits: Ints
    folds: Ints
    torn: Flags
    cuts: list[int] = field(default_factory=list)
    sides: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def nothing(items: Items) -> Before:
    """Return that nothing was divided before."""
    none = np.full(len(items.ids), NONE)
    return Before(none, none)


def divide(items: Items, asked: Asked, before: Before) -> Divided:
    """Return where units go: units that share a value together, and what has a place already keeps it.

    Units that a model chose go to train, or nowhere where they share something with another split; the others go
    where they would go without them.

    Raises
    ------
    GoldwireError
        When one value has more units than the largest split can take.
    """
    by_model = chosen.none(items) if asked.chosen is None else asked.chosen
    if asked.official is not None:
        made = Divided(asked.official, before.folds, np.zeros(len(items.ids), bool))
        made.notes += remarks.of_official(items, made.splits, before.splits, asked.where)
        made.notes += chosen.of_official(items, by_model, made.splits)
    else:
        made = _divided(items, asked, before, by_model)
        drawn = np.where(by_model & (made.splits == chosen.TRAIN), NONE, made.splits)
        made.notes += remarks.of_shares(items, drawn if (drawn != NONE).any() else made.splits, asked.shares)
    made.notes += remarks.of_labels(items, made.splits, asked.shares if asked.official is None else None)
    made.folds = np.full(len(items.ids), NONE)
    if asked.folds:
        _fold(items, asked, before, made)
    return made


def _divided(items: Items, asked: Asked, before: Before, by_model: Flags) -> Divided:
    used = [code for code, share in enumerate(asked.shares) if share > 0]
    names, shares = [SPLITS[code] for code in used], [asked.shares[code] for code in used]
    code_of = np.full(len(SPLITS) + 1, NONE)
    code_of[used] = np.arange(len(used))
    old = code_of[before.splits]
    usable: Flags = np.ones(len(items.ids), bool)
    late, cuts = None, []
    if asked.moments is not None and asked.dated is not None:
        usable = asked.dated
        drawn = usable & ~by_model
        cuts = _cuts(items, asked, before, old, shares, drawn if drawn.any() else usable)
        late = by_time.late_of(asked.moments, np.array(cuts, np.int64))
    placed = place(items, old, usable & ~by_model, Wanted(names, shares, asked.seed, late, uncounted=by_model))
    splits = np.append(np.array(used, np.int64), NONE)[placed.splits]
    if asked.shares[chosen.TRAIN] > 0:
        splits[by_model & usable & (splits == NONE) & chosen.can_train(items, splits, late)] = chosen.TRAIN
    made = Divided(splits, before.folds, usable & (splits == NONE), cuts)
    made.sides = sorted({*before.sides, *(name for chain in placed.chains for name in chain.fields)})
    if late is not None:
        made.notes += remarks.of_time(items, usable, names, [by_time.iso(cut) for cut in cuts])
    made.notes += remarks.of_torn(items, made.torn & ~by_model, made.sides, timed=late is not None)
    made.notes += chosen.remark(items, by_model & usable, made.splits, timed=late is not None)
    return made


def _cuts(
    items: Items, asked: Asked, before: Before, old: Ints, shares: Sequence[float], counted: Flags
) -> list[int]:
    assert asked.moments is not None
    assert asked.dated is not None
    if len(before.cuts) == len(shares) - 1 and (old != NONE).any():
        return list(before.cuts)
    if (old != NONE).any():
        found = by_time.cuts_before(asked.moments, asked.dated, old, len(shares))
    else:
        found = by_time.cuts_of(items, asked.moments, counted, shares)
    return [int(cut) for cut in found]


def _fold(items: Items, asked: Asked, before: Before, made: Divided) -> None:
    """Give a fold to every unit of train and validation; one that would connect two folds has none."""
    pool = (made.splits != NONE) & (made.splits != SPLITS.index("test"))
    old = np.where(pool & (before.folds < asked.folds), before.folds, NONE)
    names = [str(number) for number in range(asked.folds)]
    wanted = Wanted(names, [1 / asked.folds] * asked.folds, asked.seed, refuse=False)
    placed = place(items, old, pool, wanted)
    made.folds = placed.splits
    made.notes += remarks.of_folds(
        items, made.folds, asked.folds, pool, [name for chain in placed.chains for name in chain.fields]
    )
