"""Which labels are likely errors, by confident learning, and how likely each is right; cleanlab does both.

Northcutt, Jiang and Chuang (2021), Confident learning: estimating uncertainty in dataset labels, Journal of
Artificial Intelligence Research 70. For several labels: Thyagarajan, Snorrason, Northcutt and Mueller (2022),
Identifying incorrect annotations in multi-label classification data.
"""

from collections.abc import Sequence

import numpy as np

from goldwire.eval.task import Answer, Array, Marks, Task


def issues(task: Task, answers: Sequence[Answer], shares: Array) -> Marks:
    """Return which answers are likely wrong.

    Labels are judged that some answers have and others have not: of the rest there is nothing to tell errors by.

    Parameters
    ----------
    task : Task
    answers : sequence of n answers
    shares : array, n x labels
        Of a model that has not seen the units.
    """
    from cleanlab.filter import find_label_issues
    from cleanlab.multilabel_classification.filter import find_label_issues as find_several

    marks = task.marks(answers)
    used = np.flatnonzero(marks.any(axis=0) & ~marks.all(axis=0))
    if not len(used):
        return np.zeros(len(answers), dtype=bool)
    if task.several:
        several = [np.flatnonzero(row).tolist() for row in marks[:, used]]
        return np.asarray(find_several(several, _inside(shares[:, used]), n_jobs=1), dtype=bool)
    codes = marks[:, used].argmax(axis=1)
    return np.asarray(find_label_issues(codes, _summing(shares[:, used]), n_jobs=1), dtype=bool)


def quality(task: Task, answers: Sequence[Answer], shares: Array) -> Array:
    """Return how likely each answer is right, 0 to 1, by these shares: that of its label.

    With several labels, those that it has and those that it lacks are pooled, the least likely ones weighing most.
    """
    from cleanlab.multilabel_classification.rank import get_label_quality_scores

    marks = task.marks(answers)
    if task.several and len(task.labels) == 1:  # cleanlab takes two labels or more
        return np.where(marks, _inside(shares), 1 - _inside(shares))[:, 0]
    if task.several:
        several = [np.flatnonzero(row).tolist() for row in marks]
        return np.asarray(get_label_quality_scores(several, _inside(shares)), dtype=np.float64)
    return np.asarray(shares[marks], dtype=np.float64)


def _summing(shares: Array) -> Array:
    """Labels that no answer has are left out, so what is left must be made to sum to 1 again."""
    total = shares.sum(axis=1, keepdims=True)
    return np.where(total > 0, shares / np.where(total > 0, total, 1), 1 / shares.shape[1])


def _inside(shares: Array) -> Array:
    return np.clip(shares, 0.0, 1.0)
