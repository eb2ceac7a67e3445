"""Metrics of shared tasks, by their organisers' definitions. Labels are told by their names, in any case."""

import numpy as np

from goldwire.eval.metrics.sums import Array, Sums, ratio

FNC = ("agree", "disagree", "discuss", "unrelated")
STANCE = ("favor", "against")


def fnc(sums: Sums) -> Array:
    """Return the score of the Fake News Challenge, stage 1, relative to the best that can be reached.

    A row earns 0.25 when related (agree, disagree, discuss) and unrelated are told apart, and 0.75 more when it
    is related and the label is the exact one (Pomerleau and Rao 2017).
    """
    if sums.cells is None:
        raise TypeError("this metric is of answers that are one label")
    lowered = [name.lower() for name in sums.labels]
    related = np.isin(np.array(lowered), FNC[:3])
    other = np.array([name == FNC[3] for name in lowered])
    same_side = np.outer(related, related) + np.outer(other, other)
    worth = 0.25 * same_side + 0.75 * np.diag(related.astype(np.float64))
    best = sums.support @ (related + 0.25 * other)
    return ratio(sums.cells.weighed(worth), best, undefined=np.nan)


def semeval_favg(sums: Sums) -> Array:
    """Return the mean of the F1 of favor and of against, the metric of SemEval-2016 task 6 (Mohammad et al. 2016)."""
    return np.where(sums.rows > 0, sums.f1[..., _wanted(sums)].mean(-1), np.nan)


def semeval_favg_by_target(sums: Sums) -> Array:
    """Return the mean over targets, those that have rows, of each target's `semeval_favg`."""
    if sums.cells is None:
        raise TypeError("this metric is of answers that are one label")
    cells = sums.cells
    of_target = np.eye(int(cells.target.max(initial=0)) + 1)[cells.target]  # cells x targets
    total = np.zeros((len(sums.rows), of_target.shape[1]))
    for label in _wanted(sums):
        actual, predicted = (cells.actual == label)[:, None], (cells.predicted == label)[:, None]
        below = cells.sums @ (of_target * actual) + cells.sums @ (of_target * predicted)
        total += ratio(2 * (cells.sums @ (of_target * (actual & predicted))), below) / len(STANCE)
    there = cells.sums @ of_target > 0
    return ratio((total * there).sum(-1), there.sum(-1).astype(np.float64), undefined=np.nan)


def _wanted(sums: Sums) -> list[int]:
    return [at for at, name in enumerate(sums.labels) if name.lower() in STANCE]
