"""What a question asks of a model: the answers that can be given, and how shares of labels become an answer.

An *answer* is a tuple of labels: one for a question of type single or ordinal, any number for multiple and tree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from goldwire.scheme import Question, Scheme

Answer = tuple[str, ...]
Array = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]
Type = Literal["single", "multiple", "tree", "ordinal"]
TYPES: tuple[Type, ...] = ("single", "multiple", "tree", "ordinal")

_HALF = 0.5


@dataclass(frozen=True)
class Task:
    """A question as models and metrics see it.

    Attributes
    ----------
    labels : tuple of str
        What can be decided, in scheme order; "unsure" is no such label. Of a tree all paths, those above others too.
    type : str
        single, multiple, tree or ordinal (labels in their order).
    negative : str or None
        Of a question with several answers, the label that says "none of them" and stands alone.
    codebook : Scheme, optional
        For models that read definitions.
    question : Question, optional
        The question in the codebook.
    """

    labels: tuple[str, ...]
    type: Type = "single"
    negative: str | None = None
    codebook: Scheme | None = None
    question: Question | None = None

    @property
    def several(self) -> bool:
        """Whether an answer can have more than one label."""
        return self.type in ("multiple", "tree")

    def codes(self, answers: Sequence[Answer]) -> Codes:
        """Return the position of each answer's one label; KeyError for one that is not there."""
        positions = {label: i for i, label in enumerate(self.labels)}
        return np.array([positions[label] for (label,) in answers], dtype=np.int64)

    def marks(self, answers: Sequence[Answer]) -> Marks:
        """Return which labels each answer has, answers x labels; of a tree also the paths above them."""
        positions = {label: i for i, label in enumerate(self.labels)}
        found = np.zeros((len(answers), len(self.labels)), dtype=bool)
        for row, answer in enumerate(answers):
            for label in self.upward(answer) if self.type == "tree" else answer:
                found[row, positions[label]] = True
        return found

    def decide(self, shares: Array, thresholds: Array | None = None) -> list[Answer]:
        """Return the answer of each row of shares, rows x labels, 0 to 1.

        Of one label, the largest share, and of equal ones the first in scheme order. Of several, those that reach
        their threshold (one half without any), of a tree the deepest of them; where none does, the negative label if
        there is one. The negative label never stands beside another.
        """
        if not self.several:
            return [(self.labels[at],) for at in (shares.argmax(axis=1) if len(shares) else ())]
        least = np.full(len(self.labels), _HALF) if thresholds is None else thresholds
        return [self._several([self.labels[at] for at in np.flatnonzero(row >= least)]) for row in shares]

    def _several(self, labels: list[str]) -> Answer:
        chosen = [label for label in labels if label != self.negative]
        if self.type == "tree":
            chosen = [label for label in chosen if not any(other.startswith(f"{label}/") for other in chosen)]
        return tuple(chosen) if chosen or self.negative is None else (self.negative,)

    @staticmethod
    def upward(answer: Answer) -> list[str]:
        """Return the paths of a tree that an answer says: its own and those above them, each once."""
        found: dict[str, None] = {}
        for path in answer:
            levels = path.split("/")
            found.update(dict.fromkeys("/".join(levels[:depth]) for depth in range(1, len(levels) + 1)))
        return list(found)
