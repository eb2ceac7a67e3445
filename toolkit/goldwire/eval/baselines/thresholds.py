"""The share from which a label is given, for questions with several answers: learnt for each label by itself.

The threshold of best F1 on held-out rows is noise where a label has few of them. So its log odds are drawn to those
of one half, as much as if there were so many more rows that know nothing: a label with n rows keeps n / (n + 50).
"""

import numpy as np

from goldwire.eval.task import Array, Marks

DRAWN = 50  # rows of a label at which its own threshold weighs one half
_NEAREST = 1e-6  # to 0 and 1


def thresholds(marks: Marks, shares: Array) -> Array:
    """Return the threshold of each label.

    Parameters
    ----------
    marks : array of bool, rows x labels
        Which labels are right.
    shares : array, rows x labels
        Of rows that the model had not learnt from.

    Returns
    -------
    array of length labels
        Above 0, below 1; one half for a label that no row has.
    """
    count = marks.sum(axis=0)
    own = np.array([_best(marks[:, at], shares[:, at]) for at in range(marks.shape[1])])
    return expit(logit(own) * count / (count + DRAWN))


def micro_f1(marks: Marks, given: Marks) -> float:
    """Return the F1 of all labels counted together; 0 where there are none."""
    both = int(marks.sum()) + int(given.sum())
    return 2 * int((marks & given).sum()) / both if both else 0.0


def logit(shares: Array) -> Array:
    """Return the log odds of shares, which are kept a millionth away from 0 and 1."""
    kept = np.clip(shares, _NEAREST, 1 - _NEAREST)
    return np.asarray(np.log(kept / (1 - kept)))


def expit(odds: Array) -> Array:
    """Return the shares of log odds."""
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -500, 500))))


def _best(marks: Marks, shares: Array) -> float:
    """Return the threshold of best F1, half way between two shares; of equal ones the highest."""
    if not marks.any():
        return 0.5
    order = np.argsort(-shares, kind="stable")
    ranked = shares[order]
    hits = np.cumsum(marks[order])
    f1 = 2 * hits / (marks.sum() + np.arange(1, len(ranked) + 1))
    following = np.append(ranked[1:], 0.0)
    f1 = np.where(ranked > following, f1, -1.0)  # equal shares are given together
    at = int(f1.argmax())
    return float((ranked[at] + following[at]) / 2)
