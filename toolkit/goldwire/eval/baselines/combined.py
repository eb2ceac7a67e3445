"""Combined: models that look at different things are wrong at different places, so their mean is better than each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from goldwire.eval.baselines.base import Baseline, Shared
from goldwire.eval.baselines.folds import macro_f1, sampled
from goldwire.eval.baselines.keyword_trees import KeywordTrees
from goldwire.eval.baselines.labelwise import Choice, Labelwise, Trained
from goldwire.eval.baselines.one_vs_rest import OneVsRest
from goldwire.eval.baselines.sentences import Sentences
from goldwire.eval.baselines.thresholds import expit, logit, micro_f1, thresholds
from goldwire.eval.task import TYPES, Array, Task

if TYPE_CHECKING:
    import pandas as pd

_SUREST = 0.99  # a share; one model cannot outvote the others by being surer than that


@dataclass(frozen=True)
class Members(Trained):
    """The models that are combined."""

    each: Sequence[Trained]

    def shares(self, rows: "pd.DataFrame", shared: Shared) -> Array:
        """Return the share whose log odds are the mean of the members' log odds."""
        return mean([one.shares(rows, shared) for one in self.each])


class Combined(Labelwise):
    """The mean of one-vs-rest, sentences and keyword-trees, each with what its own folds chose."""

    name = "combined"
    called = "members"
    grid = (3.0,)
    fixed = 3.0

    def __init__(self, task: Task, seed: int = 0) -> None:
        super().__init__(task, seed)
        self._members: list[Labelwise] = [kind(task, seed) for kind in (OneVsRest, Sentences, KeywordTrees)]

    def learn(self, rows: "pd.DataFrame", shared: Shared, size: int, parameter: float) -> Trained:
        """Take the members as they are learnt from all rows."""
        return Members([member.learnt(rows, shared)[1] for member in self._members])

    def choose(self, rows: "pd.DataFrame", shared: Shared) -> Choice:
        """Combine what the members gave to rows held out, in the same folds."""
        each = [member.learnt(rows, shared)[0].held_out for member in self._members]
        there = [held_out for held_out in each if held_out is not None]
        if not there:
            return Choice(self.fixed, {})
        held_out = self.fitting(mean(there))
        answers = list(sampled(rows, self.seed)["labels"])
        marks = self.task.marks(answers)
        if self.task.several:
            decided = self.task.decide(held_out, thresholds(marks, held_out))
            return Choice(self.fixed, {self.fixed: micro_f1(marks, self.task.marks(decided))}, held_out, marks)
        decided = self.task.decide(held_out)
        f1 = macro_f1([answer[0] for answer in answers], [answer[0] for answer in decided])
        return Choice(self.fixed, {self.fixed: f1}, held_out, marks)


def mean(each: Sequence[Array]) -> Array:
    """Return the shares whose log odds are the mean of those of shares of one shape.

    A label that no member gives any share keeps 0.
    """
    odds = sum(logit(np.clip(shares, 1 - _SUREST, _SUREST)) for shares in each)
    return np.where(sum(shares > 0 for shares in each) > 0, expit(np.asarray(odds) / len(each)), 0.0)


BASELINES = (
    Baseline(
        "combined",
        "the mean of one-vs-rest, sentences and keyword-trees, by log odds",
        Combined,
        types=TYPES,
    ),
)
