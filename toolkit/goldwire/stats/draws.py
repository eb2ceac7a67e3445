"""What a bootstrap draws: how often each distinct row of sums comes when clusters are drawn with replacement.

Rows are an array, or a scipy sparse array where they have many columns and mostly zeros.
"""

from collections.abc import Hashable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Counts = NDArray[np.int64]
Rows = Any  # an Array, or a scipy.sparse csr array of the same: scipy is imported only where it is needed

_DENSE = 1_000_000  # numbers, 8 MB: up to here zeros cost less than leaving them out
_NARROW = 32  # columns
_WEIGHTS = 2_000_000  # numbers held at once, 16 MB
_SUMS = 8_000_000  # numbers held at once, 64 MB
_AT_ONCE = 100_000  # clusters drawn at once: what is counted stays in the processor's cache
_SMALL = 5_000  # numbers: up to here rows are sorted as they are
_DEARER = 12  # a binomial number takes as long as drawing and counting so many clusters


def table(row: Counts, column: Counts, value: ArrayLike, shape: tuple[int, int]) -> Rows:
    """Return rows with these values at these places, and zeros; what stands at the same place is summed."""
    weights = np.broadcast_to(np.asarray(value, dtype=np.float64), row.shape)
    if shape[1] <= _NARROW or shape[0] * shape[1] <= _DENSE:
        cells = np.bincount(row * shape[1] + column, weights=weights, minlength=shape[0] * shape[1])
        return cells.reshape(shape)
    from scipy.sparse import csr_array

    return csr_array((weights, (row, column)), shape=shape)


def beside(parts: Sequence[Rows]) -> Rows:
    """Return the columns of all of them, one after the other."""
    if all(isinstance(part, np.ndarray) for part in parts):
        return np.hstack(parts)
    from scipy.sparse import csr_array, hstack

    return hstack([csr_array(part) for part in parts], format="csr")


def by_cluster(groups: Sequence[Hashable] | NDArray[Any] | None, statistics: Rows) -> Rows:
    """Return the sums of each cluster; without groups each row is one."""
    sparse = hasattr(statistics, "tocsr")
    rows: Rows = statistics.tocsr().astype(np.float64) if sparse else np.asarray(statistics, dtype=np.float64)
    if rows.ndim != 2:
        raise ValueError(f"statistics must be rows x columns, not of shape {rows.shape}")
    if groups is None:
        return rows
    names, code = np.unique(np.asarray(groups), return_inverse=True)
    if len(code) != rows.shape[0]:
        raise ValueError(f"{len(code)} groups for {rows.shape[0]} rows")
    if len(names) == len(code):
        return rows
    if isinstance(rows, np.ndarray):
        columns = [np.bincount(code, weights=column, minlength=len(names)) for column in rows.T]
        return np.column_stack(columns) if columns else np.zeros((len(names), 0))
    from scipy.sparse import csr_array

    member = csr_array((np.ones(len(code)), (code, np.arange(len(code)))), shape=(len(names), len(code)))
    return (member @ rows).tocsr()


def distinct(rows: Rows) -> tuple[Rows, Counts]:
    """Return the distinct rows, in an order that does not depend on theirs, and how often each comes."""
    if isinstance(rows, np.ndarray) and 0 < rows.size <= _SMALL:
        return _sorted(rows, np.ones(len(rows), dtype=np.int64))
    _, first, times = np.unique(_prints(rows), return_index=True, return_counts=True)
    return _sorted(rows[first], times) if isinstance(rows, np.ndarray) else (rows[first], times)


def _sorted(rows: Array, times: Counts) -> tuple[Array, Counts]:
    """Sort rows, and count equal ones that then stand together."""
    if not rows.size:
        return rows, times
    order = np.lexsort(rows.T[::-1])
    rows, times = rows[order], times[order]
    first = np.flatnonzero(np.concatenate([[True], (rows[1:] != rows[:-1]).any(axis=1)]))
    return rows[first], np.add.reduceat(times, first)


def sums(rows: Rows, times: Counts, resamples: int, seed: int) -> Iterator[Array]:
    """Yield the sums of so many resamples, m x columns, some at a time."""
    generator = np.random.default_rng(seed)
    many = max(1, _SUMS // max(rows.shape[1], 1))
    for start in range(0, resamples, many):
        found = np.empty((min(many, resamples - start), rows.shape[1]))
        few = max(1, _WEIGHTS // max(int(times.sum()) if _one_by_one(times) else len(times), 1))
        for begin in range(0, len(found), few):
            block = found[begin : begin + few]
            block[:] = weighted(_weights(generator, times, len(block)), rows)
        yield found


def weighted(weights: Array, rows: Rows) -> Array:
    """Return the weighted sums of the rows: m x rows, times rows x columns."""
    return np.asarray(weights @ rows)


def _weights(generator: np.random.Generator, times: Counts, size: int) -> Array:
    """Draw as many clusters as there are, and count the distinct rows among them; size x distinct rows."""
    clusters = int(times.sum())
    if not _one_by_one(times):
        return generator.multinomial(clusters, times / clusters, size=size).astype(np.float64)
    found = np.empty((size, len(times)))
    starts, many = np.cumsum(times) - times, max(1, _AT_ONCE // clusters)
    for start in range(0, size, many):
        rows = min(many, size - start)
        drawn = generator.integers(clusters, size=(rows, clusters)) + clusters * np.arange(rows)[:, None]
        weights = np.bincount(drawn.ravel(), minlength=rows * clusters).reshape(rows, clusters)
        found[start : start + rows] = weights if len(times) == clusters else np.add.reduceat(weights, starts, axis=1)
    return found


def _one_by_one(times: Counts) -> bool:
    """Whether it is faster to draw each cluster than how often each distinct row comes."""
    return bool(times.sum() < _DEARER * len(times))


def _prints(rows: Rows) -> NDArray[np.uint64]:
    """Return a number for each row: equal for equal rows, and (but for one chance in 2^64) for no others."""
    if isinstance(rows, np.ndarray):
        keys = _mixed(np.arange(1, rows.shape[1] + 1, dtype=np.uint64))
        found = np.zeros(len(rows), dtype=np.uint64)
        for column, key in zip(rows.T, keys, strict=True):
            found += _mixed((column + 0.0).view(np.uint64) ^ key)
        return found
    rows.sum_duplicates()
    rows.eliminate_zeros()
    keys = _mixed(rows.indices.astype(np.uint64) + np.uint64(1))
    total = np.concatenate([np.zeros(1, np.uint64), np.cumsum(_mixed(rows.data.view(np.uint64) ^ keys))])
    found = total[rows.indptr[1:]] - total[rows.indptr[:-1]]
    return np.asarray(found)


def _mixed(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scatter bits: the finaliser of SplitMix64 (Steele, Lea and Flood, 2014, Fast splittable generators)."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(bits ^ (bits >> np.uint64(31)))
