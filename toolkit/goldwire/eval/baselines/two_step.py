"""Two steps: whether a text is about its target at all, then what it makes of it."""

import numpy as np
import numpy.typing as npt

from goldwire.eval.baselines.base import Baseline
from goldwire.eval.baselines.pair_hgb import ENOUGH, PairModel
from goldwire.eval.baselines.pairs import OVERLAP, UNRELATED, Described, Division, Learnt
from goldwire.eval.baselines.pairs.choice import factors, standing_for
from goldwire.eval.baselines.pairs.stance import Stance
from goldwire.eval.baselines.pairs.trees import Trees
from goldwire.eval.task import Answer, Array, Task

_ROUNDS = 250  # of the first step, which has many rows
_RELATED = 0.35
"""The share from which a row is related. On folds of FNC-1 accuracy is as good as anywhere between .3 and .6, and a
related row that is missed has its stance missed as well."""
Names = npt.NDArray[np.str_]


class TwoStep(PairModel):
    """Related or not by what the two share; among the related, the other labels by all features and by words.

    The answer is found in the same two steps, so that one that wavers between two stances is not taken for unrelated.
    """

    def __init__(self, task: Task, seed: int = 0) -> None:
        super().__init__(task, seed)
        self._apart = next(at for at, label in enumerate(task.labels) if label.lower() == UNRELATED)
        self._places = [at for at in range(len(task.labels)) if at != self._apart]
        self._stances = [task.labels[at] for at in self._places]
        self._first = Trees(("related", UNRELATED), seed, rounds=_ROUNDS)
        self._second: Stance | None = None

    def decide(self, shares: Array) -> list[Answer]:
        """Return "unrelated", or of the stances the one of the largest share times its factor."""
        weighed = shares * self._factors
        weighed[:, self._apart] = np.where(shares[:, self._apart] > 1 - _RELATED, np.inf, -np.inf)
        return self.task.decide(weighed)

    def train(self, learnt: Learnt, labels: Names) -> None:
        """Train the first step on all rows, the second on the related ones."""
        related = self._related(labels)
        sides = np.where(related, "related", UNRELATED).tolist()
        self._first.fit(learnt.described.features[:, :OVERLAP], sides)
        self._second = (
            self._stance(learnt.described, learnt, labels, np.flatnonzero(related)) if related.any() else None
        )

    def predict(self, described: Described) -> Array:
        """Return the share of being related, parted among the stances, and that of the rest."""
        sides = self._first.shares(described.features[:, :OVERLAP])
        found = np.zeros((len(sides), len(self.task.labels)))
        found[:, self._apart] = sides[:, 1]
        if self._second is not None:
            found[:, self._places] = sides[:, :1] * self._second.shares(described, np.arange(len(sides)))
        return found

    def choose(self, learnt: Learnt, labels: Names) -> Array:
        """Return the factors of the stances, chosen among the related rows of the folds."""
        related = self._related(labels)
        found = np.ones(len(self.task.labels))
        divisions = [division.of(related) for division in learnt.divisions()]
        divisions = [one for one in divisions if len(one.learnt) >= ENOUGH and len(one.held_out)]
        if len(divisions) > 1:
            given = np.vstack([self._given(learnt, one, labels) for one in divisions])
            held_out = np.concatenate([one.held_out for one in divisions])
            actual = [self._stances.index(label) for label in labels[held_out].tolist()]
            found[self._places] = factors(given, actual, standing_for(labels.tolist(), held_out))
        return found

    def _given(self, learnt: Learnt, division: Division, labels: Names) -> Array:
        described = learnt.within(division)
        return self._stance(described, learnt, labels, division.learnt).shares(described, division.held_out)

    def _stance(self, described: Described, learnt: Learnt, labels: Names, rows: npt.NDArray[np.int64]) -> Stance:
        named = labels[rows].tolist()
        return Stance(self._stances, self.seed).fit(described, rows, named, learnt.text_fold[rows])

    def _related(self, labels: Names) -> npt.NDArray[np.bool_]:
        return np.asarray(labels != self.task.labels[self._apart])


BASELINES = (
    Baseline(
        "two-step",
        "related or not by what text and target share, then the stance by cue words and words; trees",
        TwoStep,
        needs_target=True,
        needs_labels=(UNRELATED,),
    ),
)
