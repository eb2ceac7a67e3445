"""What is decided on each unit: one rule for gold, for the ties that agreement counts, for what comes after.

- A question that takes one label: the label with strictly most answers, or with the highest posterior. Labels that
  share it are a tie, which decides nothing.
- A question that takes several: each label alone, kept when more than half of the answers include it, or when its
  posterior is above one half. Exactly half is a tie, and the label is left out. Where nothing is kept, "none of them"
  is decided only if the question may be left empty and there is no tie.
- A tree: as several, but an answer also says every path above its own, so that A/x, A/y and B are two of three for
  A. Of the paths that are kept the deepest stand.

A model (Dawid-Skene, MACE) takes the labels of a question that takes one as they are. Of the others it is asked about
each label of each unit, yes or no, all labels of the question together: an annotator has one reliability there, and
all labels have one base rate, so that posteriors of rare labels are rather high and those of common ones rather low.
A model for each label was no better in simulations of six labels (base rates .6 to .005, 300 units, three answers):
with labels equally hard micro F1 was .92 against .90, and macro F1 .79 against .82. Text has no list of labels to
model: there the majority decides, whatever the method.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from goldwire.labels.answers import Answers
from goldwire.labels.estimate import YES, Fit, Floats, Method, estimate
from goldwire.labels.tally import Listed, Tally, tally
from goldwire.stats import consensus
from goldwire.stats.dawid_skene import refuse_large

Ties = Literal["unresolved", "first-label", "random"]
Shares = list[list[tuple[str, float]]]
Flags = NDArray[np.bool_]

EQUAL = 1e-9
"""Posteriors that are closer than this are the same."""

SHOWN = 1e-6
"""A label that nobody gave to the unit is listed with its posterior from here on."""


@dataclass(frozen=True)
class Decisions:
    """One element a unit of the answers.

    Parameters
    ----------
    kept : Listed
        The labels that were decided; see `labels`. Its numbers mean nothing.
    decided_by : list of str
        unanimous (all answers are the same, be it one, and so is the decision), majority, aggregated (a model, where
        the answers differ or it differs from them), or unresolved (a tie, or no answer). What the rule for ties
        settled is majority or aggregated.
    tied : array of bool
        Whether the votes were tied, whatever the method and whatever was made of it.
    given : Listed
        Each label's share of the answers; of a question that takes one label they sum to 1. Labels without an answer
        are left out.
    estimated : Listed
        The same from the model; nothing for the majority. Of a question that takes one label, also the labels that
        nobody gave to the unit, from `SHOWN` on; of the others, those too that are kept.
    fit : Fit or None
        How the model came to it; None for the majority.
    """

    kept: Listed
    decided_by: list[str]
    tied: Flags
    given: Listed
    estimated: Listed
    fit: Fit | None

    @cached_property
    def labels(self) -> list[list[str]]:
        """What was decided, in the order of the labels; empty where nothing was, or the answer is "none of them"."""
        return [[label for label, _ in of_unit] for of_unit in self.kept.lists()]

    @cached_property
    def shares(self) -> Shares:
        """`given`, as lists."""
        return self.given.lists()

    @cached_property
    def posterior(self) -> Shares:
        """`estimated`, as lists."""
        return self.estimated.lists()


def decide(answers: Answers, *, method: Method = "majority", ties: Ties = "unresolved", seed: int = 0) -> Decisions:
    """Decide every unit.

    Parameters
    ----------
    answers : Answers
    method : str
        majority, dawid-skene or mace; see `goldwire.stats`.
    ties : str
        What becomes of a unit on which nothing was decided because of a tie: it stays unresolved, gets the first of
        the tied labels in scheme order, or one drawn by a digest of the seed and the unit. A tie that leaves out
        one label beside others that are kept leaves it out under every rule.
    seed : int
        Of the starts of MACE, and of what is drawn.

    Raises
    ------
    GoldwireError
        When there are too many units and labels for a model.
    """
    said, units = tally(answers), len(answers.units)
    keep, tied = _by_votes(answers, said)
    votes_tied = np.bincount(tied.unit, minlength=units) > 0
    estimated, fit = _none(said, units), None
    if method != "majority" and answers.type != "text":
        keep, tied, estimated, fit = _by_model(answers, said, method, seed)
    keep = _deepest(keep) if answers.type == "tree" else keep
    open_ = np.bincount(tied.unit, minlength=units) > 0
    none_of_them = answers.may_be_empty and not answers.takes_one
    decided = (np.bincount(keep.unit, minlength=units) > 0) | (none_of_them & ~open_ & (said.size > 0))
    if ties != "unresolved":
        open_ &= ~decided
        keep = _settled(answers, said, keep, _of(tied, open_[tied.unit]), ties, seed)
        decided |= open_
    by = np.where(decided, "majority" if fit is None else "aggregated", "unresolved")
    return Decisions(
        keep,
        np.where(_unanimous(answers, said, keep), "unanimous", by).tolist(),
        votes_tied,
        Listed(said.labels, said.unit, said.label, said.count / said.size[said.unit], units),
        estimated,
        fit,
    )


def _none(said: Tally, units: int) -> Listed:
    codes = np.zeros(0, dtype=np.int64)
    return Listed(said.labels, codes, codes, np.zeros(0), units)


def _of(listed: Listed, chosen: Flags) -> Listed:
    """Return some of the labels."""
    return Listed(listed.names, listed.unit[chosen], listed.label[chosen], listed.share[chosen], listed.units)


def _by_votes(answers: Answers, said: Tally) -> tuple[Listed, Listed]:
    """Return the labels that the votes keep, and those that are tied."""
    units = len(answers.units)
    if answers.takes_one:
        top, several = consensus.highest(said.unit, said.count, units)
        kept, tied = top & ~several[said.unit], top & several[said.unit]
    else:
        kept, tied = consensus.more_than_half(said.count, said.size[said.unit])
    every = Listed(said.labels, said.unit, said.label, said.count.astype(float), units)
    return _of(every, kept), _of(every, tied)


def _by_model(answers: Answers, said: Tally, method: Method, seed: int) -> tuple[Listed, Listed, Listed, Fit]:
    """Return the labels that the model keeps, those that it ties, the posteriors, and how it came to them."""
    units = len(answers.units)
    posterior, fit = (_of_one if answers.takes_one else _of_each)(answers, said, method, seed)
    given = np.zeros(posterior.shape, dtype=bool)
    given[said.unit, said.label] = True
    answered = (said.size > 0)[:, None]
    if answers.takes_one:
        most = posterior.max(axis=1, keepdims=True, initial=0.0)
        top = (posterior >= most - EQUAL) & answered
        several = (top.sum(axis=1) > 1)[:, None]
        kept, tied = top & ~several, top & several
        shown = given | ((posterior >= SHOWN) & answered)
    else:
        kept, tied = (posterior > 0.5 + EQUAL) & answered, (np.abs(posterior - 0.5) <= EQUAL) & answered
        shown = given | kept

    def listed(mask: Flags) -> Listed:
        unit, label = np.nonzero(mask)
        return Listed(said.labels, unit, label, posterior[unit, label], units)

    return listed(kept), listed(tied), listed(shown), fit


def _of_one(answers: Answers, said: Tally, method: Method, seed: int) -> tuple[Floats, Fit]:
    return estimate(
        method, (answers.scheme, answers.question), answers.unit, answers.annotator, answers.answer,
        items=len(answers.units), labels=len(said.labels), seed=seed,
    )  # fmt: skip


def _of_each(answers: Answers, said: Tally, method: Method, seed: int) -> tuple[Floats, Fit]:
    """Ask about each label of each unit, yes or no; labels that nobody gave are no items."""
    used, units = np.unique(said.label), len(answers.units)
    refuse_large(len(answers.unit), len(used), "answers and labels")
    says = np.zeros((len(said.sets), len(said.labels)), dtype=np.int64)
    for row, labels in enumerate(said.sets):
        says[row, list(labels)] = YES
    item = (answers.unit[:, None] * len(used) + np.arange(len(used))).ravel()
    posterior, fit = estimate(
        method, (answers.scheme, answers.question), item, np.repeat(answers.annotator, len(used)),
        says[:, used][answers.answer].ravel(), items=units * len(used), labels=2, seed=seed,
    )  # fmt: skip
    every = np.zeros((units, len(said.labels)))
    every[:, used] = posterior[:, YES].reshape(units, len(used))
    return every, fit


def _deepest(kept: Listed) -> Listed:
    """Leave out the paths of a tree above others of the unit."""
    place = {path: i for i, path in enumerate(kept.names)}
    above = np.array([place.get(path.rpartition("/")[0], -1) for path in kept.names], dtype=np.int64)
    width = max(len(kept.names), 1)
    unit, label = kept.unit, kept.label
    covered = np.zeros(0, dtype=np.int64)
    while len(label):
        up = above[label]
        unit, label = unit[up >= 0], up[up >= 0]
        covered = np.union1d(covered, unit * width + label)
    return _of(kept, ~np.isin(kept.unit * width + kept.label, covered))


def _settled(answers: Answers, said: Tally, kept: Listed, tied: Listed, ties: Ties, seed: int) -> Listed:
    """Keep one of the tied labels of each unit, or none of them where that is tied too."""
    tied = _deepest(tied) if answers.type == "tree" else tied
    empty = [i for i, labels in enumerate(answers.sets) if not labels]
    times = np.bincount(answers.unit[np.isin(answers.answer, empty)], minlength=len(answers.units))
    none_too = (2 * times == said.size) & (times > 0)
    chosen = []
    ends = tied.ends
    for unit in np.unique(tied.unit).tolist():
        first, last = int(ends[unit]), int(ends[unit + 1])
        place = 0
        if ties == "random":
            text = "\x1f".join([str(seed), answers.scheme, answers.question, answers.units[unit]])
            drawn = int.from_bytes(hashlib.sha256(text.encode()).digest())
            place = drawn % (last - first + int(none_too[unit]))
        chosen += [first + place] if first + place < last else []
    unit, label, share = (
        np.concatenate([getattr(kept, name), getattr(tied, name)[chosen]]) for name in ("unit", "label", "share")
    )
    order = np.lexsort((label, unit))
    return Listed(kept.names, unit[order], label[order], share[order], kept.units)


def _unanimous(answers: Answers, said: Tally, kept: Listed) -> Flags:
    """Return the units whose answers are all the same, and are what was decided."""
    units, width = len(answers.units), max(len(said.labels), 1)
    low, high = np.full(units, len(answers.sets)), np.full(units, -1)
    np.minimum.at(low, answers.unit, answers.answer)
    np.maximum.at(high, answers.unit, answers.answer)
    pairs = [(row, label) for row, labels in enumerate(said.sets) for label in labels]
    row, label = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    means = Listed(said.labels, row, label, np.zeros(len(row)), len(said.sets))
    means = _deepest(means) if answers.type == "tree" else means
    much = np.append(np.bincount(means.unit, minlength=len(said.sets)), -1)
    hit = np.isin(low[kept.unit] * width + kept.label, means.unit * width + means.label)
    same = np.bincount(kept.unit[hit], minlength=units) == much[low]
    return np.asarray((low == high) & same & (np.bincount(kept.unit, minlength=units) == much[low]))
