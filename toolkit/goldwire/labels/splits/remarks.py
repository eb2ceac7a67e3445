"""What is remarkable about a division, from where its units came to stand: the same places, the same sentences."""

from collections.abc import Sequence

import numpy as np

from goldwire.labels.splits.components import connected
from goldwire.labels.splits.items import NONE, SPLITS, Flags, Ints, Items
from goldwire.labels.splits.notes import are, counted, have, joined, listed, short
from goldwire.labels.splits.touched import values_of

_OFF = 0.03  # a share may be off by so much before it is said


def of_shares(items: Items, splits: Ints, shares: Sequence[float]) -> list[str]:
    """Say where shares are not what was wanted."""
    counts = np.bincount(splits[splits != NONE], minlength=len(SPLITS))
    total = int(counts.sum())
    if not total:
        return [f"None of {counted(len(splits), items.noun)} is in a split."] if len(splits) else []
    owner = items.fields[items.owner].codes
    columns = [np.where(splits == NONE, NONE, codes) for codes in (owner, *_whole(items))]
    if total > 1 and len(np.unique(connected(columns, len(splits))[splits != NONE])) == 1:
        where = SPLITS[int(counts.argmax())]
        what = f"one {items.owner}" if len(np.unique(owner[splits != NONE])) == 1 else "one component"
        return [f"All {counted(total, items.noun)} are of {what}, so that only {where} has any."]
    off = [abs(n - share * total) for n, share in zip(counts.tolist(), shares, strict=True)]
    if max(off) <= max(1, _OFF * total):
        return []
    found = joined([f"{n / total:.0%} {name}" for name, n in zip(SPLITS, counts.tolist(), strict=True)])
    wanted = joined([f"{share:.0%}" for share in shares])
    return [f"The shares came out as {found}; {wanted} were wanted."]


def of_labels(items: Items, splits: Ints, shares: Sequence[float] | None) -> list[str]:
    """Say which labels are not in every split that has a share, or a unit where no shares are wanted."""
    labels = items.labels
    if not labels.names:
        return []
    where = splits[labels.units]
    counts = np.zeros((len(SPLITS) + 1, len(labels.names)), np.int64)
    np.add.at(counts, (where, labels.columns), 1)
    sizes = np.bincount(splits[splits != NONE], minlength=len(SPLITS)).tolist()
    used = [code for code, share in enumerate(sizes if shares is None else shares) if share > 0]
    missing = np.flatnonzero((counts[used] == 0).any(axis=0)).tolist()
    if not missing or not used:
        return []
    shown = []
    for column in missing:
        question, _, label = labels.names[column].rpartition("\0")
        places = [SPLITS[code] for code in used if counts[code, column]]
        total = int(counts[:, column].sum())
        dotted = question.replace("\0", ".")
        shown.append(f'{dotted} "{short(label)}" ({counted(total, items.noun)}: {joined(places) or "no split"})')
    return [f"{counted(len(missing), 'label')} {are(len(missing))} not in every split: {listed(shown)}."]


def of_time(items: Items, dated: Flags, names: Sequence[str], cuts: Sequence[str]) -> list[str]:
    """Say where the cuts are, and what has no date."""
    until = []
    for name, cut, earlier in zip(names, cuts, [None, *cuts], strict=False):
        until.append(f"{name} has nothing" if cut == earlier else f"{name} has what was published up to {cut}")
    found = [f"Divided by time: {joined([*until, f'{names[-1]} what is later'])}."] if cuts and dated.any() else []
    return found + _outside(items, ~dated, "no date")


def of_torn(items: Items, torn: Flags, sides: Sequence[str], *, timed: bool) -> list[str]:
    """Say what is in no split because it would connect two, and which fields chained."""
    found = []
    if sides:
        found.append(
            f"Too many {items.noun}s are connected by {joined(sides)} for any split, so that the values of each were "
            "assigned by themselves."
        )
    if n := int(torn.sum()):
        why = "what they share stands in two"
        if timed:
            why += ", or in one that is earlier than they are"
        which = "" if sides else f": {_owners(items, torn)}"
        found.append(f"{_of(items, torn)} {are(n)} in no split, since {why}{which}.")
    return found


def of_official(items: Items, splits: Ints, before: Ints, where: str) -> list[str]:
    """Say what has no official split, what stands in two, and what has moved."""
    found = _outside(items, splits == NONE, f'no official split in "{where}"')
    crossing = []
    for name, field in items.fields.items():
        if n := int(values_of(field.codes, splits).several.sum()):
            crossing.append(counted(n, name))
    if crossing:
        stand = "stands" if len(crossing) == 1 and crossing[0].startswith("1 ") else "stand"
        found.append(
            f"The official division was kept as it is: {joined(crossing)} {stand} in more than one split of it."
        )
    if n := int(((before != NONE) & (before != splits)).sum()):
        found.append(
            f"{counted(n, items.noun)} {are(n)} not in the split of before, since the official one has changed."
        )
    return found


def of_folds(items: Items, folds: Ints, count: int, pool: Flags, chained: Sequence[str]) -> list[str]:
    """Say which units of train and validation have no fold, and where folds are empty or uneven."""
    found = []
    if n := int((pool & (folds == NONE)).sum()):
        by = f" ({joined(sorted(set(chained)))} connect too many for any fold)" if chained else ""
        found.append(
            f"{counted(n, items.noun)} of train and validation {have(n)} no fold, since what they share stands in "
            f"two{by}."
        )
    counts = np.bincount(folds[folds != NONE], minlength=count)
    if counts.any() and (n := int((counts == 0).sum())):
        found.append(f"{n} of {count} folds {have(n)} no {items.noun}s.")
    total, most = int(counts.sum()), int(counts.max())
    too_many = most > total / 2 and most - total / count > max(1, _OFF * total)
    if too_many and len(items.owners(folds != NONE)) > 1:
        found.append(f"Fold {counts.argmax()} has {most:,} of {counted(total, items.noun)}.")
    return found


def _whole(items: Items) -> list[Ints]:
    return [field.codes for field in items.fields.values() if field.whole]


def _outside(items: Items, outside: Flags, what: str) -> list[str]:
    n = int(outside.sum())
    if not n:
        return []
    return [f"{_of(items, outside)} {have(n)} {what} and {are(n)} in no split: {_owners(items, outside)}."]


def _owners(items: Items, at: Flags) -> str:
    return listed([short(owner) for owner in items.owners(at)])


def _of(items: Items, at: Flags) -> str:
    """Return ``3 units of 2 articles``."""
    found = counted(int(at.sum()), items.noun)
    return found if items.owner == items.noun else f"{found} of {counted(len(items.owners(at)), items.owner)}"
