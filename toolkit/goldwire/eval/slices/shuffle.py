"""How often a slice would look so unlike the rest by luck: a permutation test by story.

If being in a slice told nothing about how well a model does, then any other stories could have been in it. A draw
therefore puts as many whole stories into the slice, out of those that lie wholly within or wholly without; and of
each story that the slice cuts through, as many blocks of that story (permutations within blocks: Pesarin and Salmaso,
2010, Permutation Tests for Complex Data). A block is what goes right or wrong together in a story: the units of an
article, or those of a target in all wire copies. Of a block that the slice cuts through, as many of its own units are
put into the slice. So macro-F1 on a small slice, which is off even where nothing differs, is compared with
macro-F1 on small ones. The p-value is twice that of the smaller tail.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from goldwire.eval.compare.swaps import LARGEST, sequential
from goldwire.eval.task import Marks
from goldwire.stats import draws
from goldwire.stats.draws import Array, Counts, Rows
from goldwire.stats.resample import Function

_ENOUGH = 50
_EXACT = 2**24
_DEARER = 12  # a hypergeometric number takes as long as so many lots
_BLOCK = 1_000_000  # numbers held at once, 8 MB
_MANY, _RARE = 1_000, 8  # of so many stories at most one in so many: they are drawn one by one


@dataclass(frozen=True)
class Blocks:
    """The story of each unit, and what moves together in it.

    Attributes
    ----------
    stories, within : array of int, length n
        Units of a story with the same number in `within` are a block.
    """

    stories: Counts
    within: Counts

    @cached_property
    def each(self) -> Counts:
        """The block of each unit."""
        whole = self.stories * (int(self.within.max(initial=0)) + 1) + self.within
        return np.asarray(np.unique(whole, return_inverse=True)[1])


@dataclass(frozen=True)
class _Whole:
    """Stories that lie wholly within or without, and how many of them are within.

    Attributes
    ----------
    rows : array
        The sums of each story; or the distinct ones, where few are.
    times : array of int, or None
        How often each distinct one comes.
    """

    rows: Rows
    times: Counts | None
    within: int

    @classmethod
    def of(cls, rows: Rows, within: int) -> "_Whole":
        unlike, times = draws.distinct(rows)
        few = int(times.sum()) > _DEARER * len(times)
        return cls(_short(unlike), times, within) if few else cls(_short(rows), None, within)

    @property
    def width(self) -> int:
        """Numbers of a draw that are held at once."""
        return int(self.rows.shape[0])

    def draw(self, generator: np.random.Generator, size: int) -> Array:
        chosen: Any
        if self.times is None and 0 < self.within * _RARE <= self.width and self.width >= _MANY:
            return _one_by_one(generator, self.rows, self.within, size)
        if self.times is not None:
            chosen = generator.multivariate_hypergeometric(self.times, self.within, size=size)
        elif self.within:
            lots = generator.random((size, self.rows.shape[0]), dtype=np.float32)
            chosen = lots <= np.partition(lots, self.within - 1, axis=1)[:, self.within - 1 : self.within]
        else:
            chosen = np.zeros((size, self.rows.shape[0]))
        return draws.weighted(chosen.astype(self.rows.dtype), self.rows)


@dataclass(frozen=True)
class _Cut:
    """Stories, or blocks, that the slice cuts through: what stands at each place, of those that have that many.

    Attributes
    ----------
    rows : list of arrays
        For each place, the sums of the blocks of stories, or the units of blocks, there; longer ones come first.
    size, within : array of int
        Of each story or block, its places and those in the slice.
    """

    rows: list[Rows]
    size: Counts
    within: Counts

    @classmethod
    def of(cls, rows: Rows, groups: Counts, inside: Marks) -> "_Cut":
        """Arrange members, of which each has a row, a group, and whether it is in the slice."""
        names, code, size = np.unique(groups, return_inverse=True, return_counts=True)
        within = np.bincount(code, weights=inside).astype(np.int64)
        largest_first = np.argsort(-size, kind="stable")
        size, within = size[largest_first], within[largest_first]
        by_group = np.argsort(code, kind="stable")
        first = np.searchsorted(code[by_group], np.arange(len(names)))[largest_first]
        places = [by_group[first[size > place] + place] for place in range(int(size[0]))]
        rows = _short(rows)
        return cls([rows[at] for at in places], size, within)

    @property
    def width(self) -> int:
        """Numbers of a draw that are held at once."""
        return len(self.size)

    def draw(self, generator: np.random.Generator, size: int) -> Array:
        """Go through the places and take what is there by the share that is still to be had (Knuth, algorithm S)."""
        left = np.tile(self.within.astype(np.float32), (size, 1))
        found = np.zeros((size, self.rows[0].shape[1]))
        for place, rows in enumerate(self.rows):
            many = rows.shape[0]
            still = (self.size[:many] - place).astype(np.float32)
            taken = generator.random((size, many), dtype=np.float32) * still < left[:, :many]
            left[:, :many] -= taken
            found += draws.weighted(taken.astype(rows.dtype), rows)
        return found


def shuffled(
    rows: Rows, blocks: Blocks, inside: Marks, function: Function, seed: int, *, most: int = LARGEST
) -> float | None:
    """Return the p-value of the difference between a slice and the rest, of either sign; None where not defined.

    Parameters
    ----------
    rows : array or sparse array, n x k
        Sufficient statistics of each unit.
    blocks : Blocks
    inside : array of bool, length n
        Which units are in the slice.
    function : callable
        From sums, m x k, to the figure of each, m x 1.
    seed : int
    most : int
        Draws at most.
    """
    total = np.asarray(rows.sum(axis=0), dtype=np.float64).reshape(1, -1)
    generator = np.random.default_rng(seed)
    stay, parts = _parts(rows, blocks, inside)

    def difference(within: Array) -> Array:
        return function(within) - function(total - within)

    def draw(size: int) -> Array:
        at_once = max(1, _BLOCK // max(sum(part.width for part in parts), total.shape[1]))
        found = []
        for start in range(0, size, at_once):
            many = min(at_once, size - start)
            found.append(difference(sum((part.draw(generator, many) for part in parts), np.tile(stay, (many, 1)))))
        return np.concatenate(found)

    observed = float(difference(np.asarray(rows[inside].sum(axis=0), dtype=np.float64).reshape(1, -1))[0, 0])

    def both_ways(size: int) -> Array:
        found = draw(size)
        return np.hstack([found, -found])

    tails = [
        p for p in sequential(np.array([observed, -observed]), both_ways, most=most, enough=_ENOUGH) if p is not None
    ]
    return min(1.0, 2 * min(tails)) if tails else None


def _one_by_one(generator: np.random.Generator, rows: Rows, many: int, size: int) -> Array:
    """Return sums of so many rows each, drawn without replacement: what was drawn before is drawn again."""
    from scipy.sparse import csr_array

    drawn = np.sort(generator.integers(rows.shape[0], size=(size, many), dtype=np.int32), axis=1)
    open_: Counts = np.arange(size)
    while len(open_):
        part = drawn[open_]
        again = np.zeros(part.shape, dtype=bool)
        again[:, 1:] = part[:, 1:] == part[:, :-1]
        left = again.any(axis=1)
        open_, part, again = open_[left], part[left], again[left]
        part[again] = generator.integers(rows.shape[0], size=int(again.sum()), dtype=np.int32)
        drawn[open_] = np.sort(part, axis=1)
    ones = np.ones(drawn.size, dtype=rows.dtype)
    chosen = csr_array((ones, drawn.ravel(), np.arange(0, drawn.size + 1, many)), shape=(size, rows.shape[0]))
    found = chosen @ rows
    return np.asarray(found if isinstance(found, np.ndarray) else found.toarray())


def _parts(rows: Rows, blocks: Blocks, inside: Marks) -> tuple[Array, list[_Whole | _Cut]]:
    """Return the sums of what stays in the slice in every draw, and what is drawn."""
    parts: list[_Whole | _Cut] = []
    cut = _cut(blocks.stories, inside)
    moves = ~cut
    if moves.any():
        of_story = blocks.stories[moves]
        parts.append(_Whole.of(draws.by_cluster(of_story, rows[moves]), len(np.unique(of_story[inside[moves]]))))
    block = blocks.each
    cut_block = _cut(block, inside)
    for chosen, groups, members in (
        (cut & ~cut_block, blocks.stories, block),
        (cut_block, block, np.arange(len(block))),
    ):
        at = np.flatnonzero(chosen)
        at = at[_cut(groups[at], inside[at])]  # of others all members stay within or without
        moves[at] = True
        if len(at):
            _, first = np.unique(members[at], return_index=True)
            one = at[first]
            parts.append(_Cut.of(draws.by_cluster(members[at], rows[at]), groups[one], inside[one]))
    stay = np.asarray(rows[inside & ~moves].sum(axis=0), dtype=np.float64).reshape(1, -1)
    return stay, parts


def _short(rows: Rows) -> Rows:
    """Return rows of counts as numbers of half the length, where all their sums are exact."""
    whole = isinstance(rows, np.ndarray) and bool((rows == np.rint(rows)).all())
    return rows.astype(np.float32) if whole and np.abs(rows).sum() < _EXACT else rows


def _cut(groups: Counts, inside: Marks) -> Marks:
    """Return which rows are of a group that has rows within and without."""
    size = np.bincount(groups)
    within = np.bincount(groups, weights=inside, minlength=len(size))
    return np.asarray(((within > 0) & (within < size))[groups])
