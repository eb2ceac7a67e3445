"""Units that a model chose: they are no random sample, so they train, and never test.

The others are divided as if they were not there, so that what tests stays as random as it was drawn.
"""

import numpy as np

from goldwire.labels.splits.items import NONE, SPLITS, Flags, Ints, Items
from goldwire.labels.splits.notes import are, counted, have, joined, listed, short
from goldwire.labels.splits.touched import open_fields

TRAIN = SPLITS.index("train")


def can_train(items: Items, splits: Ints, late: Ints | None = None) -> Flags:
    """Return which units can be in train: those that share nothing with another split, and are not later.

    Parameters
    ----------
    items : Items
    splits : array of int64
        The split of every unit as a position in `SPLITS`, or `NONE`.
    late : array of int64, optional
        By time: the first split that each may be in.
    """
    _, touched = open_fields(items, splits)
    found: Flags = touched.none | (touched.high == TRAIN)
    return found if late is None else found & (late == TRAIN)


def remark(items: Items, chosen: Flags, splits: Ints, *, timed: bool) -> list[str]:
    """Say where units stand that a model chose, and which are in no split since they cannot train."""
    n, outside = int(chosen.sum()), chosen & (splits == NONE)
    if not n:
        return []
    train = int((chosen & (splits == TRAIN)).sum())
    parts = [f"{train:,} {are(train)} in train"] if train else []
    if tested := int((chosen & (splits > TRAIN)).sum()):
        parts.append(f"{tested:,} {are(tested)} in validation or test, where an earlier version put them")
    if out := int(outside.sum()):
        why = "what they share stands in validation or test" + (", or they are later than train" if timed else "")
        owners = listed([short(owner) for owner in items.owners(outside)])
        parts.append(f"{out:,} {are(out)} in no split, since {why}: {owners}")
    return [f"{counted(n, items.noun)} {have(n)} been chosen by a model, and not drawn: {joined(parts)}."]


def of_official(items: Items, chosen: Flags, splits: Ints) -> list[str]:
    """Say how many units of an official validation or test split a model chose."""
    if not (n := int((chosen & (splits > TRAIN)).sum())):
        return []
    return [
        f"{counted(n, items.noun)} of the official validation and test splits {have(n)} been chosen by a model, and "
        "not drawn: figures on them say little of other texts."
    ]


def none(items: Items) -> Flags:
    """Return that no unit was chosen."""
    return np.zeros(len(items.ids), bool)
