"""The majority of each unit's answers: one rule for gold, for the ties that agreement counts, for what comes after.

- A question that takes one label: the label with strictly most answers. Labels that share the highest count are a
  tie, which decides nothing.
- A question that takes several, or a tree: each label (each path) alone, kept when more than half of the answers
  include it. Exactly half is a tie, and the label is left out. Where nothing is kept, "none of them" is decided
  only if the question may be left empty and there is no tie.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goldwire.labels.answers import Answers
from goldwire.stats import consensus


@dataclass(frozen=True)
class Decisions:
    """One element a unit of the answers.

    Parameters
    ----------
    labels : list of list of str
        What was decided, in the order of the labels; empty where nothing was, or where the answer is "none of them".
    decided_by : list of str
        unanimous (all answers are the same, be it one), majority, or unresolved (a tie, or no answer).
    tied : array of bool
        Whether a tie left something undecided.
    shares : list of list of (str, float)
        Each label's share of the answers, in the order of the labels; of a question that takes one label they sum
        to 1. Labels without an answer are left out.
    """

    labels: list[list[str]]
    decided_by: list[str]
    tied: NDArray[np.bool_]
    shares: list[list[tuple[str, float]]]


def decide(answers: Answers) -> Decisions:
    """Return the majority of every unit."""
    if answers.takes_one:
        winner, tied = consensus.plurality(answers.counts)
        labels = [[] if i < 0 else [answers.labels[i]] for i in winner.tolist()]
        decided = np.asarray(winner >= 0)
    else:
        kept, half = consensus.more_than_half(answers.marks, answers.size)
        tied = np.asarray(half.any(axis=1))
        labels = [[answers.labels[i] for i in np.flatnonzero(row)] for row in kept]
        none_of_them = ~tied & (answers.size > 0) if answers.may_be_empty else np.zeros_like(tied)
        decided = np.asarray(kept.any(axis=1)) | none_of_them
    same = (answers.counts > 0).sum(axis=1) == 1
    decided_by = np.where(same, "unanimous", np.where(decided, "majority", "unresolved")).tolist()
    return Decisions(labels, decided_by, tied, _shares(answers))


def _shares(answers: Answers) -> list[list[tuple[str, float]]]:
    shares: list[list[tuple[str, float]]] = [[] for _ in answers.units]
    for unit, label in np.argwhere(answers.marks > 0).tolist():
        shares[unit].append((answers.labels[label], float(answers.marks[unit, label] / answers.size[unit])))
    return shares
