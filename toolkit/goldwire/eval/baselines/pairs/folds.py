"""Folds of rows that pair texts with targets, such that neither a story nor a target stands on two sides."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from goldwire.text.neighbours import Joined

Codes = npt.NDArray[np.int64]

_LARGEST = 0.4  # of the rows, that one group may have before targets are no longer kept apart


def folds_of(
    clusters: Sequence[str], targets: Sequence[str], together: npt.NDArray[np.bool_], folds: int, seed: int
) -> tuple[Codes, Codes]:
    """Return the fold of each row's cluster and of each row's target.

    Clusters and targets that meet in a row of `together` (rows that are about the same matter) are in one fold. A row
    whose cluster and target differ in theirs straddles: it belongs to neither side where the two are parted. Where
    nearly all would hang together, as with a few targets that all texts are about, only clusters are kept apart, and
    a target has the fold of its row's cluster.

    Parameters
    ----------
    together : array of bool, shape (n,)
    folds : int
        How many, at least 2.
    """
    names = [dict.fromkeys(sorted(set(values))) for values in (clusters, targets)]
    place = [{name: at for at, name in enumerate(group)} for group in names]
    cluster = np.array([place[0][name] for name in clusters], np.int64)
    target = np.array([place[1][name] for name in targets], np.int64) + len(place[0])
    joined = Joined(len(place[0]) + len(place[1]))
    for a, b in set(zip(cluster[together].tolist(), target[together].tolist(), strict=True)):
        joined.join(a, b)
    roots = np.array([joined.root(at) for at in range(len(place[0]) + len(place[1]))])
    sizes = np.bincount(roots[cluster[together]], minlength=len(roots))
    if sizes.max(initial=0) > _LARGEST * max(1, together.sum()) or not together.any():
        weights = np.bincount(cluster, minlength=len(place[0]))
        fold = _dealt(np.arange(len(place[0])), weights, folds, seed)[cluster]
        return fold, fold
    weights = np.bincount(roots[cluster], minlength=len(roots)) + sizes * len(cluster)
    dealt = _dealt(roots, weights, folds, seed)
    return dealt[cluster], dealt[target]


def _dealt(roots: Codes, weights: Codes, folds: int, seed: int) -> Codes:
    """Deal groups out to folds, the largest first, each to the fold that has least; of equals by the seed."""
    groups = np.unique(roots)
    shuffled = np.random.default_rng(seed).permutation(len(groups))
    fold = np.zeros(len(weights), np.int64)
    full = np.zeros(folds, np.int64)
    for group in sorted(groups[shuffled].tolist(), key=lambda group: -int(weights[group])):
        fold[group] = full.argmin()
        full[fold[group]] += max(1, weights[group])
    dealt: Codes = fold[roots]
    return dealt
