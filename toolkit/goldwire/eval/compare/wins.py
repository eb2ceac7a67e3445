"""Units on which one model alone is right: of whole answers, or of one label yes or no."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from goldwire.eval.compare.mcnemar import mcnemar
from goldwire.eval.task import Answer, Marks


@dataclass(frozen=True)
class Tally:
    """How often the first of two models alone was right, both or neither, and the second alone."""

    wins: int
    ties: int
    losses: int

    @property
    def p(self) -> float:
        """McNemar's exact test; see `goldwire.eval.compare.mcnemar`."""
        return mcnemar(self.wins, self.losses)


@dataclass(frozen=True)
class Right:
    """Which units each model has right.

    Attributes
    ----------
    whole : mapping
        Model -> array of bool, length n: it gave the labels of gold and no other.
    """

    actual: tuple[frozenset[str], ...]
    given: Mapping[str, tuple[frozenset[str], ...]]
    whole: Mapping[str, Marks]

    @classmethod
    def of(cls, actual: Sequence[Answer], predicted: Mapping[str, Sequence[Answer]]) -> "Right":
        """Compare each model's answers with those of gold, whatever the order of their labels."""
        gold = _sets(actual)
        given = {name: _sets(answers) for name, answers in predicted.items()}
        whole = {
            name: np.array([a == b for a, b in zip(gold, answers, strict=True)], dtype=bool)
            for name, answers in given.items()
        }
        return cls(gold, given, whole)

    def of_label(self, label: str) -> dict[str, Marks]:
        """Return which units each model has right about one label, given or not; of a tree without those above it."""
        there = np.array([label in answer for answer in self.actual], dtype=bool)
        return {
            name: there == np.array([label in answer for answer in answers], dtype=bool)
            for name, answers in self.given.items()
        }


def tally(a: Marks, b: Marks) -> Tally:
    """Count the units that `a` alone has right, that neither alone has, and that `b` alone has."""
    wins, losses = int((a & ~b).sum()), int((b & ~a).sum())
    return Tally(wins, len(a) - wins - losses, losses)


def _sets(answers: Sequence[Answer]) -> tuple[frozenset[str], ...]:
    made: dict[Answer, frozenset[str]] = {}
    return tuple(made.setdefault(answer, frozenset(answer)) for answer in answers)
