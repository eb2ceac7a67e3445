"""How often each label was given to each unit, where it was: what every way of deciding starts from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from goldwire.labels.answers import Answers, Codes


@dataclass(frozen=True)
class Tally:
    """One element for each unit and label that some answer gives, by unit, then label.

    Parameters
    ----------
    labels : list of str
        In scheme order; of a tree every path that was given, and every one above it.
    sets : list of tuple of int
        What each distinct answer says, as indices into `labels`: in a tree, the paths above it too.
    unit, label, count : arrays of int
        How many answers to the unit say the label.
    size : array of int
        How many answers each unit has.
    """

    labels: list[str]
    sets: list[tuple[int, ...]]
    unit: Codes
    label: Codes
    count: Codes
    size: Codes


def tally(answers: Answers) -> Tally:
    """Count the labels of each unit. In a tree an answer also says every path above its own."""
    labels = with_ancestors(answers.labels) if answers.type == "tree" else answers.labels
    place = {label: i for i, label in enumerate(labels)}
    sets = [
        tuple(sorted({place[path] for label in said for path in (_up(label) if answers.type == "tree" else [label])}))
        for said in answers.sets
    ]
    width = max(len(labels), 1)
    length = np.array([len(said) for said in sets], dtype=np.int64)[answers.answer]
    flat = np.array([label for said in sets for label in said], dtype=np.int64)
    first = np.cumsum([0, *(len(said) for said in sets)])[:-1].astype(np.int64)
    before = np.cumsum(length) - length
    at = np.repeat(first[answers.answer] - before, length) + np.arange(length.sum())
    keys, count = np.unique(np.repeat(answers.unit, length) * width + flat[at], return_counts=True)
    size = np.bincount(answers.unit, minlength=len(answers.units))
    return Tally(labels, sets, keys // width, keys % width, count, size)


def with_ancestors(paths: Sequence[str]) -> list[str]:
    """Return the paths, each after those above it, else in their order."""
    return list(dict.fromkeys(above for path in paths for above in _up(path)))


def deepest(paths: Iterable[str]) -> list[str]:
    """Return the paths that have none of the others below them, in their order."""
    listed = list(paths)
    above = {path for one in listed for path in _up(one)[:-1]}
    return [path for path in listed if path not in above]


@dataclass(frozen=True)
class Listed:
    """Some labels of each unit, each with a number: one element a label, by unit, then label.

    Parameters
    ----------
    names : list of str
        What the codes in `label` mean.
    unit, label : arrays of int
    share : array
    units : int
        How many there are, with labels or without.
    """

    names: list[str]
    unit: Codes
    label: Codes
    share: NDArray[np.float64]
    units: int

    @property
    def ends(self) -> Codes:
        """Where the labels of each unit begin, and where those of the last end."""
        return np.searchsorted(self.unit, np.arange(self.units + 1))

    def lists(self) -> list[list[tuple[str, float]]]:
        """Return the labels of each unit with their numbers."""
        pairs = list(zip(map(self.names.__getitem__, self.label.tolist()), self.share.tolist(), strict=True))
        return [pairs[a:b] for a, b in pairwise(self.ends.tolist())]


def _up(path: str) -> list[str]:
    """Return the paths above a path, the topmost first, then itself."""
    parts = path.split("/")
    return ["/".join(parts[: i + 1]) for i in range(len(parts))]
