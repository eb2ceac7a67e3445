"""A store of the shingles of many texts, in a file: those of a million texts are more than memory should hold."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Self

import numpy as np
from numpy.typing import NDArray

from goldwire.text.shingles import Numbers

Ints = NDArray[np.int64]
_BLOCK = 200_000  # numbers: what is done with a block stays in a processor's cache


class Store:
    """The shingles of `count` texts by position; texts may be added in any order, each once.

    Parameters
    ----------
    path : Path
        Of the file, 8 bytes a shingle; whoever names it removes it.
    count : int
        How many texts there are. One that is never added has no shingles.
    """

    def __init__(self, path: Path, count: int) -> None:
        self.count = count
        self.sizes = np.zeros(count, np.int64)
        self._starts = np.zeros(count, np.int64)
        self._order: list[Ints] = []
        self._length = 0
        self._file: IO[bytes] = path.open("w+b")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, positions: Ints, counts: Ints, numbers: Numbers) -> None:
        """Add the texts at these positions, each with so many of the numbers, in order and ascending within each."""
        self.sizes[positions] = counts
        self._starts[positions] = self._length + np.cumsum(counts) - counts
        self._order.append(positions)
        self._length += len(numbers)
        self._file.write(np.ascontiguousarray(numbers).data)

    def blocks(self) -> Iterator[tuple[Ints, Numbers]]:
        """Yield everything as (position of the text, number), a block at a time."""
        self._file.flush()
        order = np.concatenate([np.empty(0, np.int64), *self._order])
        ends = np.cumsum(self.sizes[order])
        begin = 0
        while begin < len(order):
            before = int(ends[begin - 1]) if begin else 0
            end = max(int(np.searchsorted(ends, before + _BLOCK, side="right")), begin + 1)
            chosen = order[begin:end]
            numbers = self._read(before, int(ends[end - 1]) - before)
            yield np.repeat(chosen, self.sizes[chosen]), numbers
            begin = end

    def take(self, positions: Ints) -> tuple[Ints, Numbers]:
        """Return how many numbers each of these texts has, and the numbers one text after another."""
        self._file.flush()
        parts = [
            self._read(start, count)
            for start, count in zip(self._starts[positions].tolist(), self.sizes[positions].tolist(), strict=True)
        ]
        return self.sizes[positions], np.concatenate([np.empty(0, np.uint64), *parts])

    def _read(self, start: int, count: int) -> Numbers:
        return np.frombuffer(os.pread(self._file.fileno(), count * 8, start * 8), np.uint64)
