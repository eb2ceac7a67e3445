"""The answers to one question as they are simulated, and whether they are enough to begin with."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goldwire.labels.answers import Answers
from goldwire.labels.enough.held_out import MINIMUM, counts_of
from goldwire.stats.alpha import alphas, ordinal_alpha
from goldwire.stats.cells import Cells
from goldwire.stats.dawid_skene import MOST_CELLS
from goldwire.stats.distance import Nominal
from goldwire.stats.enough import Measure

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Given:
    """The answers to one question that take one label, coded without gaps: one element an answer, sorted by unit."""

    unit: Codes
    annotator: Codes
    label: Codes
    units: list[str]
    annotators: int
    labels: int
    ordinal: bool

    @property
    def counts(self) -> Codes:
        """How often each label was given to each unit: units x labels."""
        return counts_of(self.unit, self.label, len(self.units), self.labels)

    @property
    def measure(self) -> Measure:
        """How alpha is computed."""
        if self.ordinal:
            return lambda counts: ordinal_alpha(Cells.of_counts(counts))
        return lambda counts: alphas(Cells.of_counts(counts), {"nominal": Nominal(self.labels)})


def given_of(answers: Answers, label: Codes) -> Given:
    """Return the answers with `label` as what each says; units and annotators without an answer are left out."""
    units, unit = np.unique(answers.unit, return_inverse=True)
    annotators, annotator = np.unique(answers.annotator, return_inverse=True)
    labels, code = np.unique(label, return_inverse=True)
    names = [answers.units[i] for i in units]
    return Given(unit, annotator, code, names, len(annotators), len(labels), answers.type == "ordinal")


def says(given: str, label: str, tree: bool) -> bool:
    """Return whether an answer says a label; in a tree it also says every path above its own."""
    return given == label or (tree and given.startswith(f"{label}/"))


def too_little(given: Given, size: Codes) -> str | None:
    """Return why nothing can be said of other rounds, or None."""
    if given.annotators < 2:
        return "one annotator only" if given.annotators else "nobody answered it"
    if given.labels < 2:
        return "all answers are the same"
    paired = int((size >= 2).sum())
    if paired < MINIMUM:
        units = "1 unit has" if paired == 1 else f"{paired} units have"
        return f"{units} two answers: {MINIMUM} are needed"
    if max(given.annotators * given.labels, len(given.units)) * given.labels > MOST_CELLS // 5:
        return f"{given.labels:,} labels are too many to say how each is taken for another: merge some with recode"
    return None
