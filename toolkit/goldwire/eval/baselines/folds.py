"""Folds of training rows, for every choice that a baseline makes: stories stay whole, labels keep their shares.

What is learnt from rows (a vocabulary, an IDF, a bank of similar texts) is learnt inside the fold. FNC-1 shows why:
fitted over all training rows, relatedness looks like 99% on folds and is 93% on the test set.

Of many rows the choice is made on a part, drawn by whole stories: it is then as good and takes no longer.
"""

import warnings
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from goldwire.eval.task import Codes

if TYPE_CHECKING:
    import pandas as pd

FOLDS = 3
FEWEST = 100
MOST = 10_000
_LARGE = 50  # rows of a target that each fold gets its share of

Fold = tuple[Codes, Codes]


def sampled(rows: "pd.DataFrame", seed: int, *, most: int | None = None) -> "pd.DataFrame":
    """Return the rows on which a choice is made: all of them, or of more than `most` as many whole clusters as fit.

    The clusters are drawn by the seed, whatever the order of the rows, which is kept. One that is larger than what
    is left is passed over.

    Parameters
    ----------
    rows : DataFrame
        Rows with `cluster`.
    seed : int
    most : int, optional
        At least 0; without it, `MOST`.
    """
    left = MOST if most is None else most
    if len(rows) <= left:
        return rows
    sizes = Counter(rows["cluster"])
    names = sorted(sizes)
    taken = set()
    for at in np.random.default_rng(seed).permutation(len(names)):
        if sizes[names[at]] <= left:
            taken.add(names[at])
            left -= sizes[names[at]]
    return rows[rows["cluster"].isin(taken)].reset_index(drop=True)


def folds(rows: "pd.DataFrame", seed: int, *, count: int = FOLDS) -> list[Fold]:
    """Divide training rows into folds, or into none when a choice by them would be of no use.

    Parameters
    ----------
    rows : DataFrame
        Rows with `labels` (tuples), `target` and `cluster`. All rows of a cluster are in one fold; each fold has its
        part of each answer, and of each answer to a target of 50 rows and more.
    seed : int
    count : int
        How many folds.

    Returns
    -------
    list of (integer array, integer array)
        Positions of the rows to learn from and of those held out. Empty for fewer than 100 rows, fewer than
        two clusters a fold, or when all rows to learn from have one answer.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    if len(rows) < FEWEST or rows["cluster"].nunique() < 2 * count:
        return []
    answers = ["\0".join(answer) for answer in rows["labels"]]
    sizes = Counter(rows["target"])
    strata = [
        f"{answer}\0{target}" if sizes[target] >= _LARGE else answer
        for answer, target in zip(answers, rows["target"], strict=True)
    ]
    divide = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The least populated class", category=UserWarning)
        divided = list(divide.split(rows, strata, rows["cluster"]))
    if any(len({answers[at] for at in learnt}) == 1 for learnt, _ in divided):
        return []
    return divided


def macro_f1(actual: Sequence[str], predicted: Sequence[str]) -> float:
    """Return the mean F1 of the labels that occur in `actual`: by what choices are made."""
    from sklearn.metrics import f1_score

    occurring = sorted(set(actual))
    return float(f1_score(list(actual), list(predicted), labels=occurring, average="macro", zero_division=0))
