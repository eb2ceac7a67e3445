"""Slices: parts of the test split on which a model does worse than on the rest, and whether that is more than luck.

A slice is looked at when it and the rest each have units of `LEAST` stories: with fewer there is no interval. Every
slice that is looked at is another chance to find something, so Holm's correction runs over all of them. Of two
slices that are each other's rest only the worse is listed, since both are one comparison.

What differs may be the labels that a slice has and not how well a model tells them: macro-F1 is over the labels with
support in the slice.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from goldwire.eval.compare.swaps import draws_for
from goldwire.eval.measure import Bootstrap, Gold, codes
from goldwire.eval.slices.by import LEAST, MOST, Flags, Kind, kinds
from goldwire.eval.slices.shuffle import Blocks, shuffled
from goldwire.eval.task import Answer, Marks, Task
from goldwire.stats import draws
from goldwire.stats.draws import Array, Counts, Rows
from goldwire.stats.holm import holm
from goldwire.stats.resample import Function

if TYPE_CHECKING:
    import pandas as pd

Key = tuple[str, str]
Figures = dict[str, dict[str, Any]]

BY_TARGET = ("target", "target seen")
"""Kinds whose slices take the units of a target in a story whole; those of other kinds take articles."""

_DENSE = 1_000_000  # numbers, 8 MB: of more, zeros are left out, since a story is in few slices
_BLOCK = 32_000_000  # numbers at once, with the zeros: to draw stories takes longer than to sum them


def slices(
    rows: "pd.DataFrame",
    seen: Collection[str],
    flags: Flags,
    task: Task,
    predicted: Sequence[Answer],
    bootstrap: Bootstrap,
    metric: str = "macro-f1",
) -> dict[str, Any]:
    """Compare a model on each slice with the same model on the rest.

    Parameters
    ----------
    rows : DataFrame
        Labelled test units, as `goldwire.eval.inputs.Inputs.labelled` returns them: unit_id, labels, cluster,
        article_id (without it each unit is an article), and what slices are made by (see
        `goldwire.eval.slices.by.kinds`).
    seen : collection of str
        Targets of the train split.
    flags : mapping
        Unit -> flags; see `goldwire.eval.slices.by.flags`.
    task : Task
    predicted : sequence of answers
        In the rows of `rows`.
    bootstrap : Bootstrap
    metric : str

    Returns
    -------
    dict
        In the shape of `goldwire.eval.result.Slices`, the worst slice first. The difference is the slice less the
        rest, with a bootstrap interval by story; p is that of `goldwire.eval.slices.shuffle`.
    """
    gold = Gold.of(task, list(rows["labels"]), np.arange(len(rows)), metrics=[metric])
    (estimator,) = gold.estimators([predicted])  # a row a unit
    sign = -1.0 if gold.metrics[0].better == "less" else 1.0
    stories = codes(list(rows["cluster"]))

    def function(sums: Array) -> Array:
        return estimator.function(sums)[:, :1]

    found: list[dict[str, Any]] = []
    left_out: dict[str, str] = {}
    looked_at: dict[tuple[str, str], Marks] = {}
    for by, kind in kinds(rows, seen, flags, task).items():
        if why := _left_out(kind):
            left_out[by] = why
        if not any(mask.all() for mask in kind.masks.values()):
            looked_at |= {(by, name): mask for name, mask in kind.masks.items()}
    measured = _measured(estimator.statistics, stories, looked_at, function, bootstrap)
    listed = _once(looked_at, measured, sign)
    articles, targets = (Blocks(stories, _codes(rows, column)) for column in ("article_id", "target"))
    most = draws_for(len(listed), len(np.unique(stories)))
    for (by, name), mask in listed.items():
        blocks = targets if by in BY_TARGET else articles
        p = shuffled(estimator.statistics, blocks, mask, function, bootstrap.seed, most=most)
        about = {"by": by, "value": name, "n": int(mask.sum()), "stories": _stories(stories, mask)}
        found.append({**about, **measured[by, name], "p": None if p is None else round(p, 6)})
    for one, p in zip(found, holm([one["p"] for one in found]), strict=True):
        one["p_holm"] = None if p is None else round(p, 6)

    def worst(one: Mapping[str, Any]) -> tuple[bool, float, str, str]:
        difference = one["difference"]["value"]
        return difference is None, sign * (difference or 0.0), one["by"], one["value"]

    return {"metric": metric, "listed": sorted(found, key=worst), "left_out": left_out}


def _left_out(kind: Kind) -> str | None:
    """Return what to say of the slices that are not looked at."""
    if not kind.masks and not kind.rare:
        return "it is not known"
    if everywhere := next((name for name, mask in kind.masks.items() if mask.all()), None):
        return f"it is the same everywhere: {everywhere}"
    said = []
    if kind.rare:
        every = len(kind.masks) + kind.rare + kind.more
        them = "all" if kind.rare == every else f"{kind.rare} of {every}"
        said.append(f"{them} are too small: fewer than {LEAST} stories in them, or in the rest")
    if kind.more:
        said.append(f"{kind.more} more than the {MOST} largest")
    return "; ".join(said) or None


def _codes(rows: "pd.DataFrame", column: str) -> Counts:
    """Return the codes of a column; units of which it is not known are each their own."""
    names = list(rows[column]) if column in rows else [""] * len(rows)
    return codes([f"named {name}" if name else f"unit {at}" for at, name in enumerate(names)])


def _once(looked_at: Mapping[Key, Marks], measured: Mapping[Key, Figures], sign: float) -> dict[Key, Marks]:
    """Leave out the better of two slices of one kind that are each other's rest."""
    rests = {(by, np.packbits(~mask).tobytes()): (by, name) for (by, name), mask in looked_at.items()}

    def rank(key: Key) -> tuple[float, str]:
        difference = measured[key]["difference"]["value"]
        return sign * (difference or 0.0), key[1]

    def better(key: Key) -> bool:
        other = rests.get((key[0], np.packbits(looked_at[key]).tobytes()))
        return other is not None and rank(key) > rank(other)

    return {key: mask for key, mask in looked_at.items() if not better(key)}


def _measured(
    rows: Rows, stories: Counts, looked_at: Mapping[Key, Marks], function: Function, bootstrap: Bootstrap
) -> dict[Key, Figures]:
    """Return the figures of slices, many from the same draws."""
    total = _sums(rows, stories)
    at_once = max(1, _BLOCK // max(total.shape[0] * total.shape[1], 1))
    found: dict[Key, Figures] = {}
    for start in range(0, len(looked_at), at_once):
        keys = list(looked_at)[start : start + at_once]
        parts = [_sums(rows, stories, looked_at[key]) for key in keys]

        def figures(sums: Array, many: int = len(keys)) -> Array:
            whole, *inside = np.split(sums, many + 1, axis=1)
            both = [(function(one), function(whole - one)) for one in inside]
            return np.hstack([part for one, rest in both for part in (one, rest, one - rest)])

        if total.shape[0] * total.shape[1] * (len(keys) + 1) > _DENSE:
            from scipy.sparse import csr_array

            parts = [csr_array(part) for part in parts]
        intervals = bootstrap.intervals(None, draws.beside([total, *parts]), figures)
        listed = [interval.as_dict() for interval in intervals]
        for at, key in enumerate(keys):
            found[key] = dict(zip(("figure", "rest", "difference"), listed[3 * at : 3 * at + 3], strict=True))
    return found


def _sums(rows: Rows, stories: Counts, chosen: Marks | None = None) -> Rows:
    """Return for each story the sums of its rows, or of those that are chosen."""
    many = int(stories.max(initial=-1)) + 1
    at = np.arange(len(stories)) if chosen is None else np.flatnonzero(chosen)
    if isinstance(rows, np.ndarray):
        of = stories[at]
        found = np.zeros((many, rows.shape[1]))
        for to, column in zip(found.T, rows.T, strict=True):
            to[:] = np.bincount(of, weights=column[at], minlength=many)
        return found
    from scipy.sparse import csr_array

    member = csr_array((np.ones(len(at)), (stories[at], at)), shape=(many, len(stories)))
    return (member @ rows).tocsr()


def _stories(stories: Counts, chosen: Marks) -> int:
    return len(np.unique(stories[chosen]))
