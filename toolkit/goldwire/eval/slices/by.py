"""The parts into which a test split is cut: by outlet, month, language, target, length, agreement, and flags.

Slices are masks, one element a unit. A unit of which something is not known is in no slice of that kind: it stands
with the rest of each.
"""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from goldwire.eval.task import Marks, Task
from goldwire.stats.resample import MINIMUM_CLUSTERS

if TYPE_CHECKING:
    import pandas as pd

Masks = dict[str, Marks]
LEAST = MINIMUM_CLUSTERS
"""Stories that a slice and its rest need."""

Flags = Mapping[str, Collection[str]]

BY = ("outlet", "month", "language", "target", "length", "target seen", "agreement", "flag")

_TWO_THIRDS = 2 / 3
_EQUAL = 1e-9


@dataclass(frozen=True)
class Kind:
    """The slices of one kind, and how many more there are of fewer units than stories are needed."""

    masks: Masks
    rare: int = 0


def kinds(
    rows: "pd.DataFrame", seen: Collection[str], flags: Flags, task: Task, least: int = LEAST
) -> dict[str, Kind]:
    """Return the slices of each kind in `BY`, by name; none where nothing is known.

    Parameters
    ----------
    rows : DataFrame
        As `goldwire.eval.inputs.Inputs.rows`; columns that it lacks are not known.
    seen : collection of str
        Targets of the train split.
    flags : mapping
        Unit -> flags; see `flags`.
    task : Task
        Which says how shares of votes are read.
    least : int
        Units without which an outlet, month, language or target is counted as rare, and not looked at.
    """
    targets = _texts(rows, "target")
    was_seen = [None if not target else "seen" if target in seen else "unseen" for target in targets]
    found = {
        "outlet": _each(_texts(rows, "outlet"), least),
        "month": _each([time[:7] for time in _texts(rows, "published_at")], least),
        "language": _each(_texts(rows, "language"), least),
        "target": _each(targets, least),
        "length": Kind(_thirds([len(text.split()) for text in _texts(rows, "text")])),
        "target seen": _each(was_seen, least),
        "agreement": Kind(_agreement(rows, task)),
        "flag": Kind(_flagged([set(flags.get(unit, ())) for unit in rows["unit_id"]])),
    }
    return {by: found[by] for by in BY}


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


def _each(values: Sequence[str | None], least: int) -> Kind:
    """Return a slice for each value, in their order; nothing is known of "" and None."""
    given = np.array(["" if value is None else value for value in values], dtype=object)
    units = Counter(value for value in values if value)
    large = sorted(value for value, n in units.items() if n >= least)
    return Kind({value: np.asarray(given == value) for value in large}, len(units) - len(large))


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


def _flagged(of_units: Sequence[set[str]]) -> Masks:
    names = sorted(set().union(*of_units))
    return {name: np.array([name in given for given in of_units], dtype=bool) for name in names}
