"""Models that judge each label by itself: what they have in common, for questions of one answer and of several."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from goldwire.eval.baselines.base import TUNED_ON, Model, Shared
from goldwire.eval.baselines.folds import folds, macro_f1, sampled
from goldwire.eval.baselines.thresholds import micro_f1, thresholds
from goldwire.eval.task import Array, Marks, Task
from goldwire.provenance import digest

if TYPE_CHECKING:
    import pandas as pd


class Trained(ABC):
    """What has been learnt from rows; pickled with the model, so it keeps none of them."""

    @abstractmethod
    def shares(self, rows: "pd.DataFrame", shared: Shared) -> Array:
        """Return the share of each label by itself, rows x labels, 0 to 1."""


@dataclass(frozen=True)
class Prior(Trained):
    """The shares of the labels in training, for rows that show nothing."""

    share: Array

    def shares(self, rows: "pd.DataFrame", shared: Shared) -> Array:
        """Return the same shares for each row."""
        return np.tile(self.share, (len(rows), 1))


@dataclass(frozen=True)
class Choice:
    """What folds of the training rows decided.

    Attributes
    ----------
    parameter : float
    tried : dict
        F1 by parameter: micro-F1 over labels where several are possible, else macro-F1. Empty without folds.
    held_out : array, rows x labels, or None
        The shares that each row had while it was held out, with that parameter: of the rows that `folds.sampled`
        gives.
    marks : array of bool, rows x labels, or None
        Which labels are right for these rows.
    """

    parameter: float
    tried: dict[float, float]
    held_out: Array | None = None
    marks: Marks | None = None


class Labelwise(Model):
    """A classifier for each label: this one or not.

    Its parameter, and with several answers the thresholds of the labels, are chosen over folds of the training rows
    that keep stories whole (of many rows, over a part of the stories); whatever is learnt from rows is learnt inside
    each fold. Without folds (fewer than 100 rows, say) the parameter is `fixed` and every threshold one half. Of a
    tree every path is a label, and none has a larger share than the path above it. Where one answer is asked for, the
    shares are divided by their sum.

    Attributes
    ----------
    name : str
        Of the model, by which what it made of the same rows is found again.
    called : str
        What the parameter is called.
    grid : tuple of float
    fixed : float
    """

    name: str
    called = "C"
    grid: tuple[float, ...]
    fixed: float

    def __init__(self, task: Task, seed: int = 0) -> None:
        super().__init__(task, seed)
        self._prior: Array = np.zeros(len(task.labels))
        self._trained: Trained = Prior(self._prior)

    @abstractmethod
    def learn(self, rows: "pd.DataFrame", shared: Shared, size: int, parameter: float) -> Trained:
        """Learn from these rows alone.

        `size` is the number of rows in all when these are a part of them: it decides what counts as rare.
        """

    def fit(self, rows: "pd.DataFrame", shared: Shared) -> None:
        """Choose what is to be chosen, then learn from all rows."""
        marks = self.task.marks(list(rows["labels"]))
        self._prior = marks.mean(axis=0) if len(rows) else np.zeros(len(self.task.labels))
        choice, self._trained = self.learnt(rows, shared)
        self.parameters = {self.called: choice.parameter, **self._described()}
        if len(choice.tried) > 1:
            what = "micro_f1" if self.task.several else "macro_f1"
            found = {f"{parameter:g}": round(f1, 6) for parameter, f1 in choice.tried.items()}
            self.parameters[f"{what}_by_{self.called}"] = found
        self.thresholds = None
        if choice.marks is not None and len(choice.marks) < len(rows):
            self.parameters[TUNED_ON] = len(choice.marks)
        if self.task.several and choice.held_out is not None and choice.marks is not None:
            self.thresholds = thresholds(choice.marks, choice.held_out)
            found = dict(zip(self.task.labels, self.thresholds.tolist(), strict=True))
            self.parameters["thresholds"] = {label: round(threshold, 6) for label, threshold in found.items()}

    def learnt(self, rows: "pd.DataFrame", shared: Shared) -> tuple[Choice, Trained]:
        """Return the choice and what is learnt with it, made once for these rows and their answers."""
        answers = digest(*("\0".join(answer) for answer in rows["labels"]))
        key = (self.name, self.task.labels, self.task.type, self.seed, answers)
        choice = shared.once(rows, (*key, "choice"), lambda: self.choose(rows, shared))
        trained = shared.once(rows, (*key, "trained"), lambda: self.learn(rows, shared, len(rows), choice.parameter))
        return choice, trained

    def shares(self, rows: "pd.DataFrame", shared: Shared) -> Array:
        """Return the share of each label; where one answer is asked for, the sum of a row is 1."""
        if not len(rows):
            return np.zeros((0, len(self.task.labels)))
        return self.fitting(self._trained.shares(rows, shared))

    def fitting(self, shares: Array) -> Array:
        """Return shares of labels by themselves as those of the question."""
        if self.task.type == "tree":
            return _under_parents(shares, self.task.labels)
        if self.task.several:
            return shares
        total = shares.sum(axis=1, keepdims=True)
        prior = (
            self._prior / self._prior.sum() if self._prior.any() else np.full(len(self._prior), 1 / len(self._prior))
        )
        return np.asarray(np.where(total > 0, shares / np.where(total > 0, total, 1), prior / prior.sum()))

    def choose(self, rows: "pd.DataFrame", shared: Shared) -> Choice:
        """Return the parameter of best F1 on rows held out; of equal ones, the first of the grid."""
        size, rows = len(rows), sampled(rows, self.seed)
        divided = folds(rows, self.seed)
        if not divided:
            return Choice(self.fixed, {})
        answers = list(rows["labels"])
        marks = self.task.marks(answers)
        held_out = {parameter: np.zeros(marks.shape) for parameter in self.grid}
        for learnt, kept in divided:
            seen, asked = rows.iloc[learnt], rows.iloc[kept]
            for parameter, found in held_out.items():
                found[kept] = self.learn(seen, shared, size, parameter).shares(asked, shared)
        tried = {}
        for parameter, found in held_out.items():
            fitting = held_out[parameter] = self.fitting(found)
            decided = self.task.decide(fitting, thresholds(marks, fitting) if self.task.several else None)
            if self.task.several:
                tried[parameter] = micro_f1(marks, self.task.marks(decided))
            else:
                tried[parameter] = macro_f1([answer[0] for answer in answers], [answer[0] for answer in decided])
        best = max(self.grid, key=lambda parameter: tried[parameter])
        return Choice(best, tried, held_out[best], marks)

    def _described(self) -> dict[str, object]:
        """Return what else was settled in training, as JSON."""
        return {}


def _under_parents(shares: Array, labels: tuple[str, ...]) -> Array:
    capped = shares.copy()
    place = {label: at for at, label in enumerate(labels)}
    for at in sorted(range(len(labels)), key=lambda at: labels[at].count("/")):
        parent = place.get(labels[at].rpartition("/")[0])
        if parent is not None:
            capped[:, at] = np.minimum(capped[:, at], capped[:, parent])
    return capped
