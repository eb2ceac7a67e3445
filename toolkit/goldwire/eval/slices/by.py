"""The parts into which a test split is cut: by outlet, month, language, target, length, agreement, and flags.

Slices are masks, one element a unit. A unit of which something is not known is in no slice of that kind: it stands
with the rest of each. A slice is looked at when it and the rest each have units of `LEAST` stories, and of one kind
at most `MOST` are: only of these are masks made.
"""

import json
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from goldwire.eval.measure import codes
from goldwire.eval.task import Marks, Task
from goldwire.stats.draws import Counts
from goldwire.stats.resample import MINIMUM_CLUSTERS

if TYPE_CHECKING:
    import pandas as pd

Masks = dict[str, Marks]
LEAST = MINIMUM_CLUSTERS
"""Stories that a slice and its rest need."""

MOST = 50
"""Slices of one kind that are looked at, those with the most stories: which ones does not depend on the figures."""

Flags = Mapping[str, Collection[str]]
_Units = dict[str, Counts]  # of each slice the places of its units, ascending

BY = ("outlet", "month", "language", "target", "length", "target seen", "agreement", "flag")

_TWO_THIRDS = 2 / 3
_EQUAL = 1e-9


@dataclass(frozen=True)
class Kind:
    """The slices of one kind that are looked at.

    Attributes
    ----------
    masks : dict
        By name, in the order in which they are made. One that has every unit stands alone.
    rare : int
        How many more there are that have, or whose rest has, units of too few stories.
    more : int
        How many more than `MOST` there are.
    """

    masks: Masks
    rare: int = 0
    more: int = 0


def kinds(
    rows: "pd.DataFrame", seen: Collection[str], flags: Flags, task: Task, least: int = LEAST
) -> dict[str, Kind]:
    """Return the slices of each kind in `BY`, by name; none where nothing is known.

    Parameters
    ----------
    rows : DataFrame
        As `goldwire.eval.inputs.Inputs.rows`; unit_id and cluster, and columns that it lacks are not known.
    seen : collection of str
        Targets of the train split.
    flags : mapping
        Unit -> flags; see `flags`.
    task : Task
        Which says how shares of votes are read.
    least : int
        Stories without which a slice, or the rest of it, is counted as rare, and not looked at.
    """
    targets = _texts(rows, "target")
    was_seen = [None if not target else "seen" if target in seen else "unseen" for target in targets]
    found = {
        "outlet": _each(_texts(rows, "outlet")),
        "month": _each(time[:7] for time in _texts(rows, "published_at")),
        "language": _each(_texts(rows, "language")),
        "target": _each(targets),
        "length": _places(_thirds([len(text.split()) for text in _texts(rows, "text")])),
        "target seen": _each(was_seen),
        "agreement": _places(_agreement(rows, task)),
        "flag": _grouped((at, flag) for at, unit in enumerate(rows["unit_id"]) for flag in set(flags.get(unit, ()))),
    }
    stories = codes(list(rows["cluster"]))
    return {by: _looked_at(found[by], stories, least) for by in BY}


def flags(mentions: pa.Table) -> dict[str, set[str]]:
    """Return the flags of each unit: what gold says about the mentions in it.

    Parameters
    ----------
    mentions : pa.Table
        gold_mentions; see `goldwire.tables`.

    Returns
    -------
    dict
        Unit -> answers to attributes of the name "flags" ("historical", "quoted"), and those to others with the name
        of the attribute ("mode: visit"). Who is meant (the attribute "entity") is no flag.
    """
    found: dict[str, set[str]] = {}
    for unit, attributes in zip(mentions["unit_id"].to_pylist(), mentions["attributes"].to_pylist(), strict=True):
        answers: Mapping[str, Any] = json.loads(attributes) if attributes else {}
        for attribute, values in answers.items():
            if attribute != "entity":
                named = "" if attribute == "flags" else f"{attribute}: "
                found.setdefault(unit, set()).update(f"{named}{value}" for value in values)
    return found


def _texts(rows: "pd.DataFrame", column: str) -> list[str]:
    return list(rows[column]) if column in rows else [""] * len(rows)


def _looked_at(units: _Units, stories: Counts, least: int) -> Kind:
    """Make masks of the slices that are large enough, at most `MOST` of them; of equal slices the first."""

    def mask(name: str) -> Marks:
        found = np.zeros(len(stories), dtype=bool)
        found[units[name]] = True
        return found

    if everywhere := next((name for name, at in units.items() if len(at) == len(stories)), None):
        return Kind({everywhere: mask(everywhere)})
    size = np.bincount(stories)
    unlike = {at.tobytes(): name for name, at in reversed(units.items())}
    large: dict[str, int] = {}
    for name, at in units.items():
        if len(at) >= least and unlike[at.tobytes()] == name:
            within, many = np.unique(stories[at], return_counts=True)
            rest = len(size) - int((many == size[within]).sum())
            if min(len(within), rest) >= least:
                large[name] = len(within)
    most = set(sorted(large, key=lambda name: (-large[name], name))[:MOST])
    masks = {name: mask(name) for name in large if name in most}
    return Kind(masks, len(unlike) - len(large), len(large) - len(most))


def _each(values: Iterable[str | None]) -> _Units:
    """Return a slice for each value; nothing is known of "" and None."""
    return _grouped((at, value) for at, value in enumerate(values) if value)


def _grouped(named: Iterable[tuple[int, str]]) -> _Units:
    """Return the places of each name, by name."""
    found: dict[str, array[int]] = {}
    for at, name in named:
        if name not in found:
            found[name] = array("q")
        found[name].append(at)
    return {name: np.array(found[name], dtype=np.int64) for name in sorted(found)}


def _places(masks: Masks) -> _Units:
    return {name: np.flatnonzero(mask) for name, mask in masks.items()}


def _thirds(words: Sequence[int]) -> Masks:
    if not any(words):
        return {}
    length = np.array(words)
    first, second = (int(bound) for bound in np.quantile(length, [1 / 3, 2 / 3], method="inverted_cdf"))
    found = {
        f"short: up to {first:,} words": length <= first,
        f"middle: {first + 1:,} to {second:,} words": (length > first) & (length <= second),
        f"long: more than {second:,} words": length > second,
    }
    return {name: mask for name, mask in found.items() if mask.any()}


def _agreement(rows: "pd.DataFrame", task: Task) -> Masks:
    """Return who was unanimous and who not, and of these, where both come, how far they agreed."""
    if not {"n_votes", "distribution"} <= set(rows.columns):
        return {}
    share = np.array(
        [
            _agreeing(shares, task) if n >= 2 and shares else np.nan
            for n, shares in zip(rows["n_votes"], rows["distribution"], strict=True)
        ]
    )
    contested = share < 1 - _EQUAL
    few = contested & (share < _TWO_THIRDS - _EQUAL)
    found = {"unanimous": share >= 1 - _EQUAL, "contested": contested}
    if few.any() and (contested & ~few).any():
        found["contested, two thirds or more agree"] = contested & ~few
        found["contested, fewer than two thirds agree"] = few
    return {name: mask for name, mask in found.items() if mask.any()}


def _agreeing(shares: Mapping[str, float], task: Task) -> float:
    """Return the share of the annotators who agree; where several labels are possible, about the worst label."""
    if not task.several:
        return max(shares.values())
    return min(max(share, 1 - share) for share in shares.values())
