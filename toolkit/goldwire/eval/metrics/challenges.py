"""Metrics of shared tasks, by their organisers' definitions. Labels are told by their names, in any case."""

import numpy as np

from goldwire.eval.metrics.sums import Array, Codes, Sums, ratio

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
    """Return the mean over targets of the mean F1 of favor and of against, as far as they come there.

    Of a target, those of the two count that are gold or predicted in its rows; a target with neither is left out, and
    so are rows without a target. For targets that have both it is the mean of their `semeval_favg`.
    """
    if sums.cells is None:
        raise TypeError("this metric is of answers that are one label")
    cells = sums.cells
    wanted = _wanted(sums)
    either = np.isin(cells.actual, wanted) | np.isin(cells.predicted, wanted)
    known = np.flatnonzero(either & (cells.target >= 0))
    known = known[np.argsort(cells.target[known], kind="stable")]
    if not len(known):
        return np.full(len(sums.rows), np.nan)
    actual, predicted, amounts = cells.actual[known], cells.predicted[known], cells.sums[:, known]
    starts = np.flatnonzero(np.diff(cells.target[known], prepend=-1))

    def of_targets(weights: Codes) -> Array:
        return np.asarray(np.add.reduceat(amounts * weights, starts, axis=1))

    total, many = np.zeros((2, len(amounts), len(starts)))
    for label in wanted:
        gold, given = (actual == label).astype(np.int64), (predicted == label).astype(np.int64)
        below = of_targets(gold + given)
        total += ratio(2 * of_targets(gold * given), below)
        many += below > 0
    return ratio(ratio(total, many).sum(-1), (many > 0).sum(-1).astype(np.float64), undefined=np.nan)


def _wanted(sums: Sums) -> list[int]:
    return [at for at, name in enumerate(sums.labels) if name.lower() in STANCE]
