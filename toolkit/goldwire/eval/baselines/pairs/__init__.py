"""The features of rows that pair a text with a target: what the two share, and what the text makes of the target.

Features of training rows come from backgrounds of other folds, those of new rows from all training rows; see
`pairs_background`. They are computed once for all models that use them.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from goldwire.eval.baselines.base import Shared
from goldwire.eval.baselines.pairs import cues as pairs_cues
from goldwire.eval.baselines.pairs import overlaps as pairs_overlap
from goldwire.eval.baselines.pairs.background import Background, background, combinations, without
from goldwire.eval.baselines.pairs.folds import folds_of
from goldwire.eval.baselines.pairs.overlaps import Overlap, overlap
from goldwire.eval.baselines.pairs.text import Pairs, pairs
from goldwire.provenance import digest

if TYPE_CHECKING:
    import pandas as pd

NAMES = (*pairs_overlap.NAMES, *pairs_cues.NAMES)
OVERLAP = len(pairs_overlap.NAMES)
"""So many features, the first ones, tell what is shared."""
FOLDS = 5
UNRELATED = "unrelated"
Codes = npt.NDArray[np.int64]
Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Described:
    """Rows as features, and as the words of their two sides.

    Attributes
    ----------
    features : array, shape (n, len(NAMES))
    parsed : Pairs
        Of the same n rows.
    """

    features: Matrix
    parsed: Pairs


@dataclass(frozen=True)
class Learnt:
    """Training rows as features.

    Attributes
    ----------
    described : Described
    background : Background
        Of all texts, for new rows.
    text_fold, target_fold : integer arrays, shape (n,)
        The fold of each row's text and target; a row whose two differ straddles.
    key : str
        What it was learnt from.
    """

    described: Described
    background: Background
    text_fold: Codes
    target_fold: Codes
    key: str

    def divisions(self) -> list[tuple[Codes, Codes]]:
        """Return for each fold the rows to learn from, neither side of which is in it, and those wholly in it."""
        found = []
        for fold in range(FOLDS):
            apart = (self.text_fold != fold) & (self.target_fold != fold)
            inside = (self.text_fold == fold) & (self.target_fold == fold)
            found.append((np.flatnonzero(apart), np.flatnonzero(inside)))
        return [(learnt, held_out) for learnt, held_out in found if len(learnt) and len(held_out)]


def learn(rows: "pd.DataFrame", shared: Shared, seed: int) -> Learnt:
    """Return training rows as features. Rows that are not "unrelated" tell which texts and targets go together."""
    return shared.once(rows, ("pairs", seed), lambda: _learn(rows, seed))


def describe(rows: "pd.DataFrame", shared: Shared, known: Background, key: str) -> Described:
    """Return new rows as features, against a background that was learnt; `key` says from what."""
    return shared.once(rows, ("pairs", key), lambda: _describe(rows, known))


def _learn(rows: "pd.DataFrame", seed: int) -> Learnt:
    parsed = pairs(list(rows["text"]), list(rows["target"]))
    together = np.array([UNRELATED not in (label.lower() for label in answer) for answer in rows["labels"]], bool)
    text_fold, target_fold = folds_of(list(rows["cluster"]), list(rows["target"]), together, FOLDS, seed)
    of_text = np.zeros(len(parsed.texts), np.int64)
    of_text[parsed.text_of] = text_fold
    features = np.zeros((len(rows), len(NAMES)), np.float32)
    for folds, members in combinations(text_fold, target_fold):
        features[members] = _features(parsed, members, without(parsed, of_text, folds, seed=seed))
    whole = background(parsed, range(len(parsed.texts)), seed=seed)
    key = digest(str(seed), *rows["unit_id"], *("\0".join(answer) for answer in rows["labels"]))
    return Learnt(Described(features, parsed), whole, text_fold, target_fold, key)


def _describe(rows: "pd.DataFrame", known: Background) -> Described:
    parsed = pairs(list(rows["text"]), list(rows["target"]))
    return Described(_features(parsed, np.arange(len(rows)), known), parsed)


def _features(parsed: Pairs, members: Codes, known: Background) -> Matrix:
    found: Overlap = overlap(parsed, members, known.weights(parsed.vocabulary), known.company(parsed.vocabulary))
    return np.hstack([found.features, pairs_cues.cues(parsed, members, found)])
