"""What an assignment of sides is worth: units kept, less what their counts lack in balance."""

import numpy as np

from goldwire.labels.splits.sides_pool import SHARE, Floats, Pool

PRICE = 4.0  # units that one unit beyond a tolerance is worth


def worth(pool: Pool, counts: Floats) -> Floats:
    """Return the units kept, less PRICE for each unit beyond a tolerance, less something below 1 for the rest.

    Without a price all units would go to one split, where all are kept. At random, a split that takes a unit more
    from the others keeps at most 2 more of two fields and 4 of several; one unit is off there then, one elsewhere.

    Parameters
    ----------
    counts : floats
        Kept units, (...) x splits x features. The result has the shape (...).
    """
    kept = counts[..., 0].sum(axis=-1)
    shares, classes = _off(pool, counts)
    over, uneven = _beyond(pool, counts, shares, classes)
    lost = np.abs(over).sum(axis=-1) + np.abs(uneven).sum(axis=(-1, -2))
    size = counts[..., pool.whole]
    rest = ((shares / (kept[..., None] + 1)) ** 2).sum(axis=-1) + ((classes / (size + 1)) ** 2).sum(axis=(-1, -2))
    value: Floats = kept - PRICE * lost - rest / (rest + 1)
    return value


def slope(pool: Pool, counts: Floats) -> Floats:
    """Return what one unit more of each profile is worth in each split (splits x profiles), but for the rest.

    `worth` is concave but for the rest, so no move of units is worth more than this says.
    """
    over, uneven = _beyond(pool, counts, *_off(pool, counts))
    shares, classes = np.sign(over), np.sign(uneven)
    by = np.zeros_like(counts)
    by[:, 0] = 1 - PRICE * (shares - shares @ pool.shares - np.abs(shares).sum() * SHARE)
    np.subtract.at(by.T, pool.part, PRICE * classes.T)
    np.add.at(by.T, pool.whole, PRICE * (classes * pool.wanted + np.abs(classes) * pool.tolerance).T)
    found: Floats = by @ pool.features.T
    return found


def _off(pool: Pool, counts: Floats) -> tuple[Floats, Floats]:
    """Return how many units too many each split has: of all, and of each question and label."""
    own = counts[..., 0]
    size = counts[..., pool.whole]
    return own - own.sum(axis=-1, keepdims=True) * pool.shares, counts[..., pool.part] - size * pool.wanted


def _beyond(pool: Pool, counts: Floats, shares: Floats, classes: Floats) -> tuple[Floats, Floats]:
    """Return by how much of it they are beyond what is tolerated, which is one unit more than the tolerances."""
    kept = counts[..., 0].sum(axis=-1, keepdims=True)
    size = counts[..., pool.whole]
    return _outside(shares, SHARE * kept + 1), _outside(classes, size * pool.tolerance + 1)


def _outside(off: Floats, tolerated: Floats) -> Floats:
    found: Floats = off - np.clip(off, -tolerated, tolerated)
    return found
