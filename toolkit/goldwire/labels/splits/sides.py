"""Sides: where units share values of several fields, each value gets a split, and units between two splits drop out.

FNC-1's pairs of bodies and headlines are one connected component, so no component can be kept whole. To drop few
pairs is to cut a hypergraph (values are its nodes, units its edges) into parts of given weights and classes, for
which no fast exact way is known: see `sides_cooling`, `sides_groups` and `sides_moves` for the search, `sides_worth`
for what it makes large. The classes of each part follow those of the whole, label by label, as in Sechidis,
Tsoumakas and Vlahavas 2011, "On the stratification of multi-label data".
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from goldwire.labels.splits.sides_cooling import cooled
from goldwire.labels.splits.sides_groups import together
from goldwire.labels.splits.sides_moves import climbed, moved
from goldwire.labels.splits.sides_pool import ANY, NOWHERE, Ints, Pool, pool
from goldwire.labels.splits.sides_starts import at_random, following, with_large
from goldwire.labels.splits.sides_worth import worth

_SWEEPS = 80
_STARTS = 6  # at most, and as many as make for
_CLIMBED = 3
_WORK = 400_000  # values and rows together


def assign_sides(
    fields: Mapping[str, Sequence[str | None]],
    labels: Sequence[Collection[str]],
    shares: Mapping[str, float],
    seed: int,
    fixed: Mapping[str, Mapping[str, str]] | None = None,
) -> dict[str, dict[str, str]]:
    """Return the split of every value of every field, so that many units have all their values in one split.

    A unit is *kept* when all its values are in one split; the others are the caller's to drop. Of what is kept, each
    split has the wanted share within half a point, and of every question each label has its share of all the units
    within one point (within three tenths of it, when the label is rare), and one unit more in either case: as far as
    that is possible, since what lies beyond costs four units each. All this holds of the units that have a value.

    Parameters
    ----------
    fields : mapping of str to sequence of (str or None)
        For each field (story, headline, target, ...) the value of every unit. None is no constraint; a unit that is
        None in all fields has no part in this.
    labels : sequence of collection of str
        The labels of every unit, as ``QUESTION\\0LABEL``; a unit may have none, or several of a question.
    shares : mapping of str to float
        The wanted share of each split, above 0; they are taken relative to their sum.
    seed : int
        Settles where the search begins, 0 or above.
    fixed : mapping of str to mapping of str to str, optional
        Field, value, split: values that have one already, and keep it, also where it is not among `shares`.

    Returns
    -------
    dict of str to dict of str to str
        Field, value, split: of every value that a unit has. The same for the same units, in whatever order they,
        their labels and the fields come.

    Raises
    ------
    ValueError
        When fields or labels differ in length, or a share is not above 0.
    """
    if len({len(labels), *map(len, fields.values())}) > 1:
        raise ValueError("fields and labels must have one element for each unit")
    if not shares or min(shares.values()) <= 0:
        raise ValueError("there must be shares, above 0")
    names = sorted(fields)
    splits = sorted(shares, key=lambda split: (-shares[split], split))
    wanted = np.array([shares[split] for split in splits], float)
    values = [sorted({value for value in fields[name] if value is not None}) for name in names]
    given = [(fixed or {}).get(name, {}) for name in names]
    place = {split: index for index, split in enumerate(splits)}
    held = [
        np.array([*(place.get(have[v], NOWHERE) if v in have else ANY for v in listed), ANY], np.int64)
        for have, listed in zip(given, values, strict=True)
    ]
    sides = held
    if any((side[:-1] == ANY).any() for side in held):
        sides = _best(pool([fields[name] for name in names], values, labels, wanted / wanted.sum(), held), seed)
    return {
        name: {v: have[v] if v in have else splits[at] for v, at in zip(listed, side[:-1].tolist(), strict=True)}
        for name, have, listed, side in zip(names, given, values, sides, strict=True)
    }


def _best(units: Pool, seed: int) -> list[Ints]:
    """Return the best of several searches, the first of them where they are worth the same."""

    def value(sides: list[Ints]) -> float:
        return float(worth(units, units.counts(sides)))

    found = sorted((moved(units, sides) for sides in _searched(units, seed)), key=value, reverse=True)
    return max((climbed(units, sides) for sides in found[:_CLIMBED]), key=value)


def _searched(units: Pool, seed: int) -> Iterator[list[Ints]]:
    work = len(units.weight) + sum(map(len, units.fixed))
    shared = _several(units)
    for start in range(max(1, min(_STARTS, _WORK // work))):
        draw = np.random.default_rng([seed, start])
        held = with_large(units, draw)
        sides = at_random(units, held, draw)
        yield cooled(units, sides, held, _SWEEPS, draw) if shared else sides
    if shared:
        yield together(units, np.random.default_rng([seed, _STARTS + 1]))
    if any((side[:-1] != ANY).any() for side in units.fixed):
        yield following(units, np.random.default_rng([seed, _STARTS]))


def _several(units: Pool) -> bool:
    """Tell whether any unit has values in two fields; otherwise all are kept, wherever they go."""
    return bool((np.sum([codes >= 0 for codes in units.codes], axis=0) > 1).any())
