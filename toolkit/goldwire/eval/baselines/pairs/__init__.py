"""The features of rows that pair a text with a target: what the two share, and what the text makes of the target.

Features of training rows come from backgrounds of other folds, those of new rows from all training rows; see
`pairs.background`. Whatever is chosen on folds is chosen on features that were made anew inside each: the background
of a row to learn from leaves out the held-out fold as well as its own (`Learnt.within`). Features to train on are
computed once for all models that use them.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from goldwire.eval.baselines.base import Shared
from goldwire.eval.baselines.pairs import cues as pairs_cues
from goldwire.eval.baselines.pairs import overlaps as pairs_overlap
from goldwire.eval.baselines.pairs.background import Background, Backgrounds, combinations
from goldwire.eval.baselines.pairs.folds import folds_of
from goldwire.eval.baselines.pairs.index import index, wording
from goldwire.eval.baselines.pairs.overlaps import overlap
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
class Division:
    """Rows parted for a choice: those to learn from, neither side of which is in the fold, and those wholly in it."""

    fold: int
    learnt: Codes
    held_out: Codes

    def of(self, kept: npt.NDArray[np.bool_]) -> "Division":
        """Return the division of these rows only."""
        return Division(self.fold, self.learnt[kept[self.learnt]], self.held_out[kept[self.held_out]])


@dataclass(frozen=True)
class Learnt:
    """Training rows as features.

    Attributes
    ----------
    described : Described
        Each row against the texts outside of its own folds, to train on.
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
    _comparison: "_Comparison"
    _backgrounds: Backgrounds

    def divisions(self) -> list[Division]:
        """Return for each fold the rows to learn from and those held out, where there are both."""
        found = []
        for fold in range(FOLDS):
            apart = (self.text_fold != fold) & (self.target_fold != fold)
            inside = (self.text_fold == fold) & (self.target_fold == fold)
            found.append(Division(fold, np.flatnonzero(apart), np.flatnonzero(inside)))
        return [one for one in found if len(one.learnt) and len(one.held_out)]

    def within(self, division: Division) -> Described:
        """Return the rows of a division as features that know nothing of its fold.

        Those to learn from are compared against the texts outside of the fold and of their own folds, those held out
        against the texts outside of the fold. The features of all other rows are zeros.
        """
        features = np.zeros_like(self.described.features)
        features[division.held_out] = self.described.features[division.held_out]
        sides = self.text_fold[division.learnt], self.target_fold[division.learnt]
        for folds, members in combinations(*sides):
            rows = division.learnt[members]
            known = self._backgrounds.without(folds | {division.fold})
            features[rows] = self._comparison.features(rows, known)
        return Described(features, self.described.parsed)


class _Comparison:
    """Texts and targets of rows, with everything that does not depend on a background made once."""

    def __init__(self, rows: "pd.DataFrame") -> None:
        self.parsed = pairs(list(rows["text"]), list(rows["target"]))
        self._index = index(self.parsed)
        self._wording = wording(self.parsed)
        self._counted = pairs_cues.count(self.parsed)

    def features(self, rows: Codes, known: Background) -> Matrix:
        """Return the features of these rows against a background."""
        vocabulary = self.parsed.vocabulary
        found = overlap(self._index, self._wording, rows, known.weights(vocabulary), known.company(vocabulary))
        return np.hstack([found.features, pairs_cues.cues(self.parsed, self._counted, rows, found)])


def learn(rows: "pd.DataFrame", shared: Shared, seed: int) -> Learnt:
    """Return training rows as features. Rows that are not "unrelated" tell which texts and targets go together."""
    return shared.once(rows, ("pairs", seed), lambda: _learn(rows, seed))


def describe(rows: "pd.DataFrame", shared: Shared, known: Background, key: str) -> Described:
    """Return new rows as features, against a background that was learnt; `key` says from what."""
    return shared.once(rows, ("pairs", key), lambda: _describe(rows, known))


def _learn(rows: "pd.DataFrame", seed: int) -> Learnt:
    comparison = _Comparison(rows)
    parsed = comparison.parsed
    together = np.array([UNRELATED not in (label.lower() for label in answer) for answer in rows["labels"]], bool)
    text_fold, target_fold = folds_of(list(rows["cluster"]), list(rows["target"]), together, FOLDS, seed)
    backgrounds = Backgrounds(parsed, text_fold, seed)
    features = np.zeros((len(rows), len(NAMES)), np.float32)
    for folds, members in combinations(text_fold, target_fold):
        features[members] = comparison.features(members, backgrounds.without(folds))
    key = digest(str(seed), *rows["unit_id"], *("\0".join(answer) for answer in rows["labels"]))
    whole = backgrounds.without(())
    return Learnt(Described(features, parsed), whole, text_fold, target_fold, key, comparison, backgrounds)


def _describe(rows: "pd.DataFrame", known: Background) -> Described:
    comparison = _Comparison(rows)
    return Described(comparison.features(np.arange(len(rows)), known), comparison.parsed)
