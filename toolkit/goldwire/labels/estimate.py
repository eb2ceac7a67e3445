"""A model of the annotators, asked about any items: units with their labels, or matched spans with yes and no.

A model can be wrong in ways that a majority cannot: it may take a good annotator for a bad one, and then it holds
what this annotator says against itself. `Fit.doubts` says where that may be so.
"""

import hashlib
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from goldwire.labels.answers import Codes
from goldwire.stats.dawid_skene import DawidSkene, dawid_skene
from goldwire.stats.mace import mace

Floats = NDArray[np.float64]
Method = Literal["majority", "dawid-skene", "mace"]

NO, YES = 0, 1

LEVEL = 1e-3
"""Posteriors of MACE that are closer to the highest than this become, with it, their mean.

MACE starts at random and stops after some iterations, so that labels between which the answers do not decide come out
a little apart, one or the other ahead by the seed.
"""

_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Fit:
    """How a model came to its result.

    Parameters
    ----------
    scheme, question : str
        What was asked: a question, a layer of mentions, or "relation". Empty for a plain file.
    method : str
    items, answers : int
        What it was fitted on; of a question that takes several labels, an item is one label of one unit.
    iterations : int
        Of each start.
    converged : bool or None
        Whether the stopping rule ended it; None for a method without one.
    restarts : int
        Starts that were tried; the likeliest stands.
    doubts : tuple of str
        What speaks against taking the result for gold.
    """

    scheme: str
    question: str
    method: str
    items: int
    answers: int
    iterations: int
    converged: bool | None
    restarts: int
    doubts: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON; doubts only where there are any."""
        found = asdict(self)
        doubts = list(found.pop("doubts"))
        return {**found, "doubts": doubts} if doubts else found


def estimate(
    method: Method,
    name: tuple[str, str],
    item: Codes,
    annotator: Codes,
    label: Codes,
    *,
    items: int,
    labels: int,
    seed: int = 0,
) -> tuple[Floats, Fit]:
    """Return the posterior, items x labels, and how it came about. See `LEVEL` for that of MACE.

    Annotators are taken in an order that their answers give, so that their names change nothing.

    Parameters
    ----------
    method : "dawid-skene" or "mace"
    name : (str, str)
        Scheme and question, for the account.
    item, annotator, label : arrays of int
        One element an answer.
    items, labels : int
        How many there are.
    seed : int
        Of the starts of MACE.

    Raises
    ------
    GoldwireError
        When there are too many items and labels; see `goldwire.stats.dawid_skene`.
    """
    order = np.lexsort((label, item))
    item, annotator, label = item[order], annotator[order], label[order]
    renamed, annotators = _by_content(item, annotator, label)
    size = {"units": items, "annotators": annotators, "labels": labels}
    doubts = _of_so_few(annotators)
    if method == "dawid-skene":
        found = dawid_skene(item, renamed, label, **size)
        fit = Fit(*name, method, items, len(item), found.iterations, found.converged, 1)
        fit = replace(fit, doubts=(*doubts, *_backwards(found)))
        return found.posterior, fit
    restarts, iterations = 10, 50
    best = mace(item, renamed, label, **size, restarts=restarts, iterations=iterations, seed=seed)
    return _levelled(best.posterior), Fit(*name, method, items, len(item), iterations, None, restarts, doubts)


def _of_so_few(annotators: int) -> tuple[str, ...]:
    if annotators == 2:
        return ("two annotators: where they differ, the answers do not say who is right",)
    return ("one annotator: a model adds nothing to the answers",) if annotators == 1 else ()


def _backwards(found: DawidSkene) -> tuple[str, ...]:
    """Name how many annotators are right less often than somebody who gives the same labels at random."""
    who, given, prior = found.pair_annotator, found.pair_label, found.prior
    right = np.bincount(who, weights=prior[given] * found.errors[np.arange(len(given)), given])
    by_chance = np.bincount(who, weights=prior[given] * (found.errors @ prior))
    n = int((right < by_chance - _TOLERANCE).sum())
    if not n:
        return ()
    is_ = "annotator is" if n == 1 else "annotators are"
    return (f"{n} {is_} taken to be right less often than by chance: what they say counts against itself",)


def _levelled(posterior: Floats) -> Floats:
    """Make equal what is next to the highest of an item; see `LEVEL`."""
    most = posterior.max(axis=1, keepdims=True, initial=0.0)
    near = (posterior >= most - LEVEL) & (posterior > 0)
    times = near.sum(axis=1, keepdims=True)
    level = np.where(near, posterior, 0).sum(axis=1, keepdims=True) / np.maximum(times, 1)
    return np.where(near & (times > 1), level, posterior)


def _by_content(item: Codes, annotator: Codes, label: Codes) -> tuple[Codes, int]:
    """Number the annotators by a digest of what they said; the answers are sorted by item."""
    codes, compact = np.unique(annotator, return_inverse=True)
    order = np.argsort(compact, kind="stable")
    ends = np.cumsum(np.bincount(compact, minlength=len(codes)))
    said = np.stack([item, label], axis=1)[order].astype("<i8")
    digests = [hashlib.sha256(part.tobytes()).digest() for part in np.split(said, ends[:-1])] if len(codes) else []
    place = np.empty(len(codes), dtype=np.int64)
    place[sorted(range(len(codes)), key=digests.__getitem__)] = np.arange(len(codes))
    return place[compact], len(codes)
