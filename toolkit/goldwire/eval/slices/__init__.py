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

from goldwire.eval.measure import Bootstrap, Gold, codes
from goldwire.eval.slices.by import LEAST, Flags, Kind, Masks, kinds
from goldwire.eval.slices.shuffle import shuffled
from goldwire.eval.task import Answer, Marks, Task
from goldwire.stats import draws
from goldwire.stats.draws import Array, Counts, Rows
from goldwire.stats.holm import holm
from goldwire.stats.resample import Function

if TYPE_CHECKING:
    import pandas as pd

Key = tuple[str, str]
Figures = dict[str, dict[str, Any]]

MOST = 50
"""Slices of one kind that are looked at, those with the most stories: which ones does not depend on the figures."""

_BLOCK = 10_000_000  # numbers held at once, 80 MB


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
        Labelled test units, as `goldwire.eval.inputs.Inputs.labelled` returns them: unit_id, labels, cluster, and
        what slices are made by (see `goldwire.eval.slices.by.masks`).
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
        kept, why = _kept(kind, stories)
        looked_at |= {(by, name): mask for name, mask in kept.items()}
        if why:
            left_out[by] = why
    measured = _measured(estimator.statistics, stories, looked_at, function, bootstrap)
    for (by, name), mask in _once(looked_at, measured, sign).items():
        p = shuffled(estimator.statistics, stories, mask, function, bootstrap.seed)
        about = {"by": by, "value": name, "n": int(mask.sum()), "stories": _stories(stories, mask)}
        found.append({**about, **measured[by, name], "p": None if p is None else round(p, 6)})
    for one, p in zip(found, holm([one["p"] for one in found]), strict=True):
        one["p_holm"] = None if p is None else round(p, 6)

    def worst(one: Mapping[str, Any]) -> tuple[bool, float, str, str]:
        difference = one["difference"]["value"]
        return difference is None, sign * (difference or 0.0), one["by"], one["value"]

    return {"metric": metric, "listed": sorted(found, key=worst), "left_out": left_out}


def _kept(kind: Kind, stories: Counts) -> tuple[Masks, str | None]:
    """Return the slices that are looked at, and what to say of the others."""
    listed = kind.masks
    if not listed and not kind.rare:
        return {}, "it is not known"
    if any(mask.all() for mask in listed.values()):
        return {}, f"it is the same everywhere: {next(name for name, mask in listed.items() if mask.all())}"
    unlike = {mask.tobytes(): name for name, mask in reversed(listed.items())}  # of equal ones the first
    large = {
        name: min(_stories(stories, mask), _stories(stories, ~mask))
        for name, mask in listed.items()
        if unlike[mask.tobytes()] == name
    }
    enough = [name for name, n in large.items() if n >= LEAST]
    most = sorted(enough, key=lambda name: (-_stories(stories, listed[name]), name))[:MOST]
    said = []
    if few := len(large) - len(enough) + kind.rare:
        said.append(
            f"{few} of {len(large) + kind.rare} are too small: fewer than {LEAST} stories in them, or in the rest"
        )
    if more := len(enough) - len(most):
        said.append(f"{more} more than the {MOST} largest")
    return {name: listed[name] for name in enough if name in most}, "; ".join(said) or None


def _once(looked_at: Mapping[Key, Marks], measured: Mapping[Key, Figures], sign: float) -> dict[Key, Marks]:
    """Leave out the better of two slices of one kind that are each other's rest."""
    rests = {(by, (~mask).tobytes()): (by, name) for (by, name), mask in looked_at.items()}

    def rank(key: Key) -> tuple[float, str]:
        difference = measured[key]["difference"]["value"]
        return sign * (difference or 0.0), key[1]

    def better(key: Key) -> bool:
        other = rests.get((key[0], looked_at[key].tobytes()))
        return other is not None and rank(key) > rank(other)

    return {key: mask for key, mask in looked_at.items() if not better(key)}


def _measured(
    rows: Rows, stories: Counts, looked_at: Mapping[Key, Marks], function: Function, bootstrap: Bootstrap
) -> dict[Key, Figures]:
    """Return the figures of slices, many from the same draws."""
    total = draws.by_cluster(stories, rows)
    at_once = max(1, _BLOCK // max(total.shape[0] * total.shape[1], 1))
    found: dict[Key, Figures] = {}
    for start in range(0, len(looked_at), at_once):
        keys = list(looked_at)[start : start + at_once]
        parts = [draws.by_cluster(stories, _where(rows, looked_at[key])) for key in keys]

        def figures(sums: Array, many: int = len(keys)) -> Array:
            whole, *inside = np.split(sums, many + 1, axis=1)
            both = [(function(one), function(whole - one)) for one in inside]
            return np.hstack([part for one, rest in both for part in (one, rest, one - rest)])

        intervals = bootstrap.intervals(None, draws.beside([total, *parts]), figures)
        listed = [interval.as_dict() for interval in intervals]
        for at, key in enumerate(keys):
            found[key] = dict(zip(("figure", "rest", "difference"), listed[3 * at : 3 * at + 3], strict=True))
    return found


def _where(rows: Rows, chosen: Marks) -> Rows:
    """Return the rows that are chosen, and zeros for the others."""
    if isinstance(rows, np.ndarray):
        return rows * chosen[:, None]
    from scipy.sparse import diags_array

    return diags_array(chosen.astype(np.float64)) @ rows


def _stories(stories: Counts, chosen: Marks) -> int:
    return len(np.unique(stories[chosen]))
