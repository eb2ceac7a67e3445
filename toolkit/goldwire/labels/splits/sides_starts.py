"""Where the search for sides begins."""

from collections.abc import Sequence

import numpy as np

from goldwire.labels.splits.sides_pool import ANY, Floats, Ints, Pool

_LARGE = 0.01  # of all units: what is larger is not moved while others find their place around it
_ROUNDS = 3  # over the fields


def with_large(pool: Pool, draw: np.random.Generator) -> list[Ints]:
    """Return `pool.fixed` with the large values placed, the largest first.

    Each goes to a split that has room for it in its field, with those that it shares units with; a drawn number lets
    one start differ from the next.
    """
    sides = [side.copy() for side in pool.fixed]
    masses = [pool.mass(field) for field in range(len(sides))]
    rooms = [_room(pool, side[:-1], mass) for side, mass in zip(sides, masses, strict=True)]
    least = _LARGE * float(pool.weight.sum())
    large = [
        (-float(mass[value]), field, value)
        for field, mass in enumerate(masses)
        for value in np.flatnonzero((mass > least) & (sides[field][:-1] == ANY)).tolist()
    ]
    for less, field, value in sorted(large):
        size, room = -less, rooms[field]
        agreed = pool.gains(sides, field, _ones(pool))[value] / size
        chance = draw.random(len(room)) / 2
        split = int(np.argmax(agreed + 2 * np.minimum(0, room / size - 1) + chance))
        sides[field][value] = split
        room[split] -= size
    return sides


def at_random(pool: Pool, sides: Sequence[Ints], draw: np.random.Generator) -> list[Ints]:
    """Return the sides with what has no split yet drawn by the wanted shares."""
    found = []
    for side in sides:
        drawn = np.append(draw.choice(len(pool.shares), len(side) - 1, p=pool.shares), ANY)
        found.append(np.where(side == ANY, drawn, side))
    return found


def following(pool: Pool, draw: np.random.Generator) -> list[Ints]:
    """Return sides where each value goes where most of its units are by what is fixed, directly or through others."""
    sides = [side.copy() for side in pool.fixed]
    for _ in range(_ROUNDS):
        for field, side in enumerate(sides):
            gain = pool.gains(sides, field, _ones(pool))
            told = (gain.max(axis=1) > gain.min(axis=1)) & (side[:-1] == ANY)
            side[:-1][told] = gain.argmax(axis=1)[told]
    return at_random(pool, sides, draw)


def _ones(pool: Pool) -> Floats:
    return np.ones((len(pool.shares), pool.features.shape[0]))


def _room(pool: Pool, side: Ints, mass: Floats) -> Floats:
    taken = np.bincount(side[side >= 0], mass[side >= 0], len(pool.shares))
    left: Floats = pool.shares * mass.sum() - taken
    return left
