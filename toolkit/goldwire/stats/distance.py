"""How far two answers are from each other: the distances of Krippendorff's alpha and of weighted agreement.

A distance is told by what it needs to be summed over many answers without all pairs of them: `features` of each
answer whose sums give the differences of all pairs (`expected`), and the differences within units (`differing`).
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from goldwire.stats.cells import Cells, Counts
from goldwire.stats.draws import Array, Rows

Sets = Sequence[Collection[str]]

_BLOCK = 512  # sets that are compared with all others at once


class Distance(Protocol):
    """What a distance of answers 0 ... k - 1 has."""

    @property
    def largest(self) -> float:
        """The distance that counts as no agreement at all."""

    @property
    def features(self) -> Rows | None:
        """What is summed for each answer, answers x q; None is how often each was given."""

    def expected(self, sums: Array) -> Array:
        """Return sum_ck n_c n_k d(c, k) of each row of sums of features, m x q."""

    def differing(self, cells: Cells) -> Array:
        """Return sum_k n_uk d(c, k) of each place (u, c): how far the unit's answers are from this one."""


@dataclass(frozen=True)
class Nominal:
    """Answers are the same or not."""

    answers: int
    largest: float = 1.0
    features: None = None

    def expected(self, sums: Array) -> Array:
        """Return n^2 - sum_c n_c^2."""
        return np.asarray(sums.sum(axis=1) ** 2 - (sums**2).sum(axis=1))

    def differing(self, cells: Cells) -> Array:
        """Return m_u - n_uc."""
        return np.asarray(cells.size[cells.unit] - cells.n, dtype=np.float64)


@dataclass(frozen=True)
class Numbers:
    """Answers are numbers; the distance is the square of their difference (Krippendorff's interval metric)."""

    values: Array
    features: None = None

    @cached_property
    def largest(self) -> float:
        """The square of the range."""
        return float(np.ptp(self.values)) ** 2 if len(self.values) else 0.0

    def expected(self, sums: Array) -> Array:
        """Return 2 n sum_c n_c (v_c - mean)^2."""
        if not len(self.values):
            return np.zeros(len(sums))
        n = sums.sum(axis=1)
        # from the answer given most often: where all are alike this is 0 exactly, which moments of v are not
        value = self.values - self.values[sums.argmax(axis=1)][:, None]
        mean = (sums * value).sum(axis=1) / np.where(n > 0, n, 1)
        return np.asarray(2 * n * (sums * (value - mean[:, None]) ** 2).sum(axis=1))

    def differing(self, cells: Cells) -> Array:
        """Return m_u v^2 - 2 v sum_k n_uk v_k + sum_k n_uk v_k^2, v from the lowest of the unit's answers."""
        # cells go by unit: the first of each is where its number would be put in
        value = self.values[cells.answer] - self.values[cells.answer[np.searchsorted(cells.unit, cells.unit)]]
        first, second = cells.by_unit(cells.n * value)[cells.unit], cells.by_unit(cells.n * value**2)[cells.unit]
        # never below 0, where the last digits would have it so
        return np.asarray(np.maximum(cells.size[cells.unit] * value**2 - 2 * value * first + second, 0.0))


def ranks(labels: int) -> Numbers:
    """Return the distance of labels in order, by the square of the difference of their places (quadratic weights)."""
    return Numbers(np.arange(labels, dtype=np.float64))


@dataclass(frozen=True)
class _OfSets(ABC):
    """Distances of sets of labels, between 0 and 1. An empty set is told by a label of its own."""

    sets: Sets
    largest: float = 1.0

    @cached_property
    def _has(self) -> Rows:
        from scipy.sparse import csr_array

        members = [self._members(labels) for labels in self.sets]
        column = {label: i for i, label in enumerate(sorted({label for labels in members for label in labels}))}
        rows = np.repeat(np.arange(len(members)), [len(labels) for labels in members])
        columns = np.array([column[label] for labels in members for label in labels], dtype=np.int64)
        return csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(members), len(column)))

    @cached_property
    def _size(self) -> Array:
        return np.asarray(self._has.sum(axis=1), dtype=np.float64)

    def _members(self, labels: Collection[str]) -> set[str]:
        return set(labels) or {""}

    @abstractmethod
    def _alike(self, shared: Array, one: Array, other: Array) -> Array:
        """Return 1 - d from the sizes of the intersection and of the two sets."""

    def between(self, one: Counts, other: Counts) -> Array:
        """Return the distance of these sets from those, by position."""
        pairs, code = np.unique(one * len(self.sets) + other, return_inverse=True)
        one, other = pairs // max(len(self.sets), 1), pairs % max(len(self.sets), 1)
        shared = np.asarray(self._has[one].multiply(self._has[other]).sum(axis=1), dtype=np.float64)
        return np.asarray(1 - self._alike(shared, self._size[one], self._size[other]))[code]

    def differing(self, cells: Cells) -> Array:
        """Sum the distances from the unit's other answers."""
        found = np.zeros(len(cells.n))
        for one, other in cells.pairs():
            distance = self.between(cells.answer[one], cells.answer[other])
            found[one] += cells.n[other] * distance
            found[other] += cells.n[one] * distance
        return found


@dataclass(frozen=True)
class Masi(_OfSets):
    """MASI: 1 - J * M, where J is the Jaccard coefficient and M is 1 for equal sets, 2/3 when one holds the other,
    1/3 when they only intersect, and 0 when they have nothing in common. Two empty sets are equal.

    Passonneau, 2006, Measuring Agreement on Set-Valued Items (MASI) for Semantic and Pragmatic Annotation, LREC.
    """

    features: None = None

    def _alike(self, shared: Array, one: Array, other: Array) -> Array:
        union = one + other - shared
        monotony = np.select([shared == union, shared == np.minimum(one, other)], [1.0, 2 / 3], 1 / 3)
        return np.asarray(shared / union * monotony)

    def expected(self, sums: Array) -> Array:
        """Return n^2 less the similarities, of which only those of sets with a label in common are not 0."""
        found = sums.sum(axis=1) ** 2
        for start in range(0, len(self.sets), _BLOCK):
            end = min(start + _BLOCK, len(self.sets))
            shared = (self._has[start:end] @ self._has[start:].T).tocoo()
            alike = self._alike(shared.data, self._size[shared.row + start], self._size[shared.col + start])
            alike *= np.where(shared.col < end - start, 1.0, 2.0)  # what is right of the block stands for both sides
            found -= _form(sums[:, start:end], shared.row, shared.col, alike, sums[:, start:])
        return np.asarray(found)


@dataclass(frozen=True)
class Tree(_OfSets):
    """Of sets of paths ("Battles/Armed clash"): 1 - Dice over the sets with all ancestors added.

    Between two paths 1 - Dice is that of Wu and Palmer, 1994, Verb Semantics and Lexical Selection, ACL; between
    sets it is 1 - the hierarchical F of Kiritchenko, Matwin and Famili, 2005, Functional Annotation of Genes Using
    Hierarchical Text Categorization, BioLINK. Two empty sets are equal.
    """

    def _members(self, labels: Collection[str]) -> set[str]:
        paths = [label.split("/") for label in labels]
        return {"/".join(path[: i + 1]) for path in paths for i in range(len(path))} or {""}

    def _alike(self, shared: Array, one: Array, other: Array) -> Array:
        return np.asarray(2 * shared / (one + other))

    @cached_property
    def _blocks(self) -> tuple[Rows, Array, Counts]:
        """One column for each label at each size of set; the sizes, and where the columns of each begin."""
        from scipy.sparse import csr_array

        has, width = self._has.tocoo(), self._has.shape[1]
        sizes, level = np.unique(self._size, return_inverse=True)
        shape = (len(self.sets), len(sizes) * width)
        return csr_array((has.data, (has.row, level[has.row] * width + has.col)), shape=shape), sizes, width

    @cached_property
    def features(self) -> Rows:
        """How often each label stands in a set of each size: then all pairs of two sizes are one product."""
        return self._blocks[0]

    def expected(self, sums: Array) -> Array:
        """Return n^2 - sum_st 2 / (s + t) sum_l N_sl N_tl; each set of size s counts s times in the sums."""
        _, sizes, width = self._blocks
        by_size = sums.reshape(len(sums), len(sizes), width)
        alike = np.einsum("msl,mtl,st->m", by_size, by_size, 2 / (sizes[:, None] + sizes), optimize=True)
        return np.asarray((by_size.sum(axis=2) / sizes).sum(axis=1) ** 2 - alike)


def _form(left: Array, row: Counts, column: Counts, value: Array, right: Array) -> Array:
    """Return sum_ij left_i value_ij right_j of each row of left and right."""
    from scipy.sparse import csr_array

    matrix = csr_array((value, (row, column)), shape=(left.shape[1], right.shape[1]))
    if len(value) > 0.1 * left.shape[1] * right.shape[1]:
        return np.asarray(((left @ matrix.toarray()) * right).sum(axis=1))
    return np.asarray(((left @ matrix) * right).sum(axis=1))
