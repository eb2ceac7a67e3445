"""Out-of-fold shares: what a baseline says of each labelled unit without having seen it, or its story."""

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from goldwire.eval.baselines.base import Baseline, Shared
from goldwire.eval.task import Answer, Array, Codes, Marks, Task

if TYPE_CHECKING:
    import pandas as pd

FOLDS = 5


@dataclass(frozen=True)
class Unseen:
    """What was said of rows that were not learnt from.

    Attributes
    ----------
    shares : array, rows x labels
    answers : list of tuple
    known : bool array, rows x labels
        Whether the label was among the rows that were learnt from.
    """

    shares: Array
    answers: list[Answer]
    known: Marks


def folds_of(rows: "pd.DataFrame", count: int, seed: int) -> list[tuple[Codes, Codes]]:
    """Divide labelled rows into folds, stories whole, labels as even as stories allow; positions learnt, held out."""
    from sklearn.model_selection import StratifiedGroupKFold

    answers = ["\0".join(answer) for answer in rows["labels"]]
    divide = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The least populated class", category=UserWarning)
        try:
            return [(a, b) for a, b in divide.split(rows, answers, rows["cluster"]) if len(b)]
        except ValueError:  # no answer is as frequent as there are folds
            return [(a, b) for a, b in divide.split(rows, [0] * len(rows), rows["cluster"]) if len(b)]


def unseen(task: Task, rows: "pd.DataFrame", baseline: Baseline, seed: int, folds: int = FOLDS) -> Unseen:
    """Have each fold of labelled rows answered by a model of the others.

    Raises
    ------
    GoldwireError
        When the baseline cannot be trained.
    """
    size = len(task.labels)
    shares, known = np.zeros((len(rows), size)), np.zeros((len(rows), size), dtype=bool)
    answers: list[Answer] = [()] * len(rows)
    texts = Shared()
    for learnt, asked in folds_of(rows, folds, seed):
        shared = Shared(beside=texts)
        model = baseline.make(task, seed)
        train, held_out = rows.iloc[learnt].reset_index(drop=True), rows.iloc[asked].reset_index(drop=True)
        model.fit(train, shared)
        given = model.shares(held_out, shared)
        shares[asked] = given
        known[asked] = task.marks(list(train["labels"])).any(axis=0)
        for place, answer in zip(asked, model.decide(given), strict=True):
            answers[place] = answer
    return Unseen(shares, answers, known)
