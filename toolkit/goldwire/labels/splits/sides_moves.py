"""Single moves: each value goes where the whole is worth most, for as long as any helps.

In a small pool, worse moves are made too, each value once, and taken back to where the whole was worth most, as by
Kernighan and Lin 1970 and Fiduccia and Mattheyses 1982 (A linear-time heuristic for improving network partitions).
What is off balance has its price in the gain of a move.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from goldwire.labels.splits.sides_pool import ANY, Floats, Ints, Pool
from goldwire.labels.splits.sides_worth import slope, worth

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_PASSES = 12  # over all fields
_SMALL = 2_000  # values, up to which every one is tried, and not only those that may keep more units
_BLOCK = 1_000_000  # numbers that are held at once
_MOST = 20_000  # moves of one field in a pass
_IN_VAIN = 100  # moves one after another that the moves before them have made useless, after which a pass ends
_LEAST = 1e-3  # units that a move must be worth
_FEW = 100  # values, up to which worse moves are made too


def moved(pool: Pool, start: Sequence[Ints]) -> list[Ints]:
    """Return the sides after all moves that help; what is fixed in the pool stays."""
    sides = [side.copy() for side in start]
    for _ in range(_PASSES):
        if not sum(_move(pool, sides, field) for field in range(len(sides))):
            break
    return sides


def climbed(pool: Pool, start: Sequence[Ints]) -> list[Ints]:
    """Return the sides after moves that help together, though one alone may not; in a small pool only."""
    sides = [side.copy() for side in start]
    free = [np.flatnonzero(side[:-1] == ANY) for side in pool.fixed]
    for _ in range(_PASSES if sum(map(len, free)) <= _FEW else 0):
        now, best = float(worth(pool, pool.counts(sides))), sides
        sides, left = [side.copy() for side in sides], list(free)
        top = now
        while any(map(len, left)):
            _, field, value, split = max(
                (_best(pool, sides, field, some) for field, some in enumerate(left) if len(some)),
                key=lambda move: (move[0], -move[1]),
            )
            sides[field][value], left[field] = split, left[field][left[field] != value]
            if (then := float(worth(pool, pool.counts(sides)))) > top + _LEAST:
                top, best = then, [side.copy() for side in sides]
        sides = best
        if top <= now + _LEAST:
            break
    return sides


def _best(pool: Pool, sides: Sequence[Ints], field: int, some: Ints) -> tuple[float, int, int, int]:
    """Return the best move of one of these values, even if it is worth less than nothing."""
    counts = pool.counts(sides)
    gain, _ = _gains(pool, sides[field][some], [cells[some] for cells in _kept(pool, sides, field)], counts)
    gain[sides[field][some], np.arange(len(some))] = -np.inf
    split, at = np.unravel_index(int(gain.argmax()), gain.shape)
    return float(gain[split, at]), field, int(some[at]), int(split)


def _move(pool: Pool, sides: list[Ints], field: int) -> bool:
    """Move values of one field, those that help most first; tell whether any moved. Changes `sides`."""
    counts = pool.counts(sides)
    values, splits, less, more, gain = _helping(pool, sides, field, counts)
    now, any_moved, in_vain = float(worth(pool, counts)), False, 0
    for index in np.lexsort((splits, values, -gain))[:_MOST].tolist():
        value, split = int(values[index]), int(splits[index])
        then = counts.copy()
        in_vain += 1
        then[sides[field][value]] -= less[index]
        then[split] += more[index]
        if (worth_then := float(worth(pool, then))) > now + _LEAST:
            sides[field][value], counts, now, any_moved, in_vain = split, then, worth_then, True, 0
        elif in_vain > _IN_VAIN:
            break
    return any_moved


def _helping(
    pool: Pool, sides: Sequence[Ints], field: int, counts: Floats
) -> tuple[Ints, Ints, Floats, Floats, Floats]:
    """Return the best move of each value that helps by itself: value, split, what it takes, brings and is worth."""
    side = sides[field]
    bound = pool.gains(sides, field, slope(pool, counts))
    hopeful = bound.max(axis=1) > bound[np.arange(len(bound)), side[:-1]] + _LEAST
    chosen = np.flatnonzero((hopeful | (len(bound) <= _SMALL)) & (pool.fixed[field][:-1] == ANY))
    kept = _kept(pool, sides, field)
    parts: list[tuple[Ints, Ints, Floats, Floats, Floats]] = []
    step = max(1, _BLOCK // counts.size)
    for begin in range(0, max(1, len(chosen)), step):
        some = chosen[begin : begin + step]
        gain, here = _gains(pool, side[some], [cells[some] for cells in kept], counts)
        best = gain.argmax(axis=0)
        helps = np.flatnonzero(gain[best, np.arange(len(some))] > _LEAST)
        to, at = best[helps], side[some[helps]]
        parts.append((some[helps], to, here[at, helps], here[to, helps], gain[to, helps]))
    values, splits, less, more, gains = (np.concatenate(column) for column in zip(*parts, strict=True))
    return values, splits, less, more, gains


def _gains(pool: Pool, at: Ints, kept: "Sequence[csr_array[Any]]", counts: Floats) -> tuple[Floats, Floats]:
    """Return what it is worth to move each value, from the splits `at` to each split, and what it keeps there.

    The first is splits x values, the second splits x values x features.
    """
    here = np.stack([cells.toarray() for cells in kept])
    rows = np.arange(len(at))
    gain = np.zeros((len(counts), len(at)))
    now = float(worth(pool, counts))
    for split in range(len(counts)):
        then = np.repeat(counts[None], len(at), axis=0)
        then[rows, at] -= here[at, rows]
        then[:, split] += here[split]
        gain[split] = np.where(at == split, 0, worth(pool, then) - now)
    return gain, here


def _kept(pool: Pool, sides: Sequence[Ints], field: int) -> "list[csr_array[Any]]":
    """Return for each split the features of the units that each value of a field would keep, values x features."""
    agreed = pool.common(sides, without=field)
    splits = range(len(pool.shares))
    return [_summed(pool, field, (agreed == split) | (agreed == ANY)) for split in splits]


def _summed(pool: Pool, field: int, chosen: NDArray[np.bool_]) -> "csr_array[Any]":
    from scipy.sparse import csr_array

    codes = pool.codes[field]
    rows = np.flatnonzero(chosen & (codes >= 0))
    shape = (len(pool.fixed[field]) - 1, pool.features.shape[0])
    return csr_array((pool.weight[rows], (codes[rows], pool.profile[rows])), shape=shape) @ pool.features
