"""How often a slice would look so unlike the rest by luck: a permutation test by story.

If being in a slice told nothing about how well a model does, then any other stories could have been in it. A draw
therefore puts as many whole stories into the slice, out of those that lie wholly within or wholly without; and of
each story that the slice cuts through, as many units of that story (permutations within blocks: Pesarin and Salmaso,
2010, Permutation Tests for Complex Data). So macro-F1 on a small slice, which is off even where nothing differs, is
compared with macro-F1 on equally small ones. The p-value is twice that of the smaller tail.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from goldwire.eval.compare.swaps import sequential
from goldwire.eval.task import Marks
from goldwire.stats import draws
from goldwire.stats.draws import Array, Counts, Rows
from goldwire.stats.resample import Function

_ENOUGH = 50
_DEARER = 12  # a hypergeometric number takes as long as so many lots
_BLOCK = 4_000_000  # numbers held at once, 32 MB


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
        return cls(unlike, times, within) if few else cls(rows, None, within)

    def draw(self, generator: np.random.Generator, size: int) -> Array:
        chosen: Any
        if self.times is not None:
            chosen = generator.multivariate_hypergeometric(self.times, self.within, size=size)
        elif self.within:
            lots = generator.random((size, self.rows.shape[0]), dtype=np.float32)
            chosen = lots <= np.partition(lots, self.within - 1, axis=1)[:, self.within - 1 : self.within]
        else:
            chosen = np.zeros((size, self.rows.shape[0]))
        return draws.weighted(chosen.astype(np.float64), self.rows)


@dataclass(frozen=True)
class _Cut:
    """Stories that the slice cuts through: the units at each place of a story, of those stories that have that many.

    Attributes
    ----------
    rows : list of arrays
        For each place, the statistics of the units there; longer stories come first.
    size, within : array of int
        Of each story, its units and those in the slice.
    """

    rows: list[Rows]
    size: Counts
    within: Counts

    def draw(self, generator: np.random.Generator, size: int) -> Array:
        """Go through each story and take a unit by the share that is still to be had (Knuth, algorithm S)."""
        left = np.tile(self.within.astype(np.float32), (size, 1))
        found = np.zeros((size, self.rows[0].shape[1]))
        for place, rows in enumerate(self.rows):
            many = rows.shape[0]
            still = (self.size[:many] - place).astype(np.float32)
            taken = generator.random((size, many), dtype=np.float32) * still < left[:, :many]
            left[:, :many] -= taken
            found += draws.weighted(taken.astype(np.float64), rows)
        return found


def shuffled(rows: Rows, stories: Counts, inside: Marks, function: Function, seed: int) -> float | None:
    """Return the p-value of the difference between a slice and the rest, of either sign; None where not defined.

    Parameters
    ----------
    rows : array or sparse array, n x k
        Sufficient statistics of each unit.
    stories : array of int, length n
    inside : array of bool, length n
        Which units are in the slice.
    function : callable
        From sums, m x k, to the figure of each, m x 1.
    seed : int
    """
    total = np.asarray(rows.sum(axis=0), dtype=np.float64).reshape(1, -1)
    generator = np.random.default_rng(seed)
    parts = _parts(rows, stories, inside)

    def difference(within: Array) -> Array:
        return function(within) - function(total - within)

    def draw(size: int) -> Array:
        most = max(1, _BLOCK // max(len(stories), total.shape[1]))
        found = []
        for start in range(0, size, most):
            sums = [part.draw(generator, min(most, size - start)) for part in parts]
            found.append(difference(sum(sums[1:], sums[0])))
        return np.concatenate(found)

    observed = float(difference(np.asarray(rows[inside].sum(axis=0), dtype=np.float64).reshape(1, -1))[0, 0])

    def both_ways(size: int) -> Array:
        found = draw(size)
        return np.hstack([found, -found])

    tails = [p for p in sequential(np.array([observed, -observed]), both_ways, enough=_ENOUGH) if p is not None]
    return min(1.0, 2 * min(tails)) if tails else None


def _parts(rows: Rows, stories: Counts, inside: Marks) -> list[_Whole | _Cut]:
    size = np.bincount(stories)
    within = np.bincount(stories, weights=inside, minlength=len(size)).astype(np.int64)
    cut = (within > 0) & (within < size)
    parts: list[_Whole | _Cut] = []
    whole = ~cut[stories]
    if whole.any():
        sums = draws.by_cluster(stories[whole], rows[whole])
        parts.append(_Whole.of(sums, int((within[~cut] > 0).sum())))
    if cut.any():
        names = np.flatnonzero(cut)
        names = names[np.argsort(-size[names], kind="stable")]
        by_story = np.argsort(stories, kind="stable")
        first = np.searchsorted(stories[by_story], names)
        places = range(int(size[names[0]]))
        units = [by_story[first[size[names] > place] + place] for place in places]
        parts.append(_Cut([rows[at] for at in units], size[names], within[names]))
    return parts
