"""What every baseline is: a model that learns from units of the train split, and how it is named."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from goldwire.eval.task import Answer, Array, Task, Type
from goldwire.provenance import digest

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")

TUNED_ON = "tuned_on"
"""The key of `Model.parameters` for the number of rows by which the others were chosen, where it is not all."""


class Shared:
    """What several models make of the same rows, such as a matrix of n-grams: made once, kept while it lives.

    Parameters
    ----------
    beside : Shared, optional
        One of other rows, say of another fold, with which `texts` is in common and nothing else.

    Attributes
    ----------
    texts : dict
        What is made of single texts, by whoever makes it: the same whatever rows they stand among, so nothing that
        is learnt from rows, such as a vocabulary.
    """

    def __init__(self, beside: "Shared | None" = None) -> None:
        self._kept: dict[Hashable, Any] = {}
        self.texts: dict[Hashable, Any] = {} if beside is None else beside.texts

    def once(self, rows: "pd.DataFrame", name: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` gave for these rows (known by their unit_id) under this name, at the first call."""
        key = (digest(*rows["unit_id"]), name)
        if key not in self._kept:
            self._kept[key] = make()
        found: T = self._kept[key]
        return found


class Model(ABC):
    """What a baseline trains. Rows are those of `inputs.Inputs.rows`; it is pickled, so it keeps no rows.

    Attributes
    ----------
    task : Task
    seed : int
    parameters : dict
        What was chosen in training, as JSON.
    thresholds : array of length labels, or None
        For questions with several answers: the share from which a label is given.
    """

    def __init__(self, task: Task, seed: int = 0) -> None:
        self.task = task
        self.seed = seed
        self.parameters: dict[str, Any] = {}
        self.thresholds: Array | None = None

    @abstractmethod
    def fit(self, rows: "pd.DataFrame", shared: Shared) -> None:
        """Learn from rows that all have an answer; nothing outside of them may be used (no vocabulary, no IDF)."""

    @abstractmethod
    def shares(self, rows: "pd.DataFrame", shared: Shared) -> Array:
        """Return the share of each label for each row, rows x labels, 0 to 1; of one label they sum to 1."""

    @property
    def notes(self) -> list[str]:
        """What a reader of its latest predictions should know, in whole sentences."""
        return []

    def decide(self, shares: Array) -> list[Answer]:
        """Return the answers that go with the shares."""
        return self.task.decide(shares, self.thresholds)


@dataclass(frozen=True)
class Baseline:
    """A baseline that can be named in params.yaml.

    Attributes
    ----------
    summary : str
        What it sees and does, in a few words for the report.
    make : callable
        From a task and a seed to an untrained model.
    types : tuple of str
        The types of questions that it can answer.
    needs_target : bool
        Whether it is for units that ask about a target only.
    needs_labels : tuple of str
        Labels that the question must have, in any case.
    extra : str or None
        The extra of the package that it needs.
    probes : tuple of str
        Baselines that are trained beside it, where they apply, to show what it could do without looking.
    """

    name: str
    summary: str
    make: Callable[[Task, int], Model]
    types: tuple[Type, ...] = ("single", "ordinal")
    needs_target: bool = False
    needs_labels: tuple[str, ...] = ()
    extra: str | None = None
    probes: tuple[str, ...] = ()

    def applies(self, task: Task, *, has_targets: bool) -> bool:
        """Return whether it can answer this question."""
        return self.unfit(task, has_targets=has_targets) is None

    def unfit(self, task: Task, *, has_targets: bool) -> str | None:
        """Return why it cannot answer this question, or None."""
        known = {label.lower() for label in task.labels}
        if task.type not in self.types:
            return f"is of type {task.type}, and it answers {' and '.join(self.types)}"
        if self.needs_target and not has_targets:
            return "does not ask about targets"
        if lost := [label for label in self.needs_labels if label not in known]:
            return f'has no label "{lost[0]}"'
        return None
