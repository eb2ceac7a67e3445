"""What the probes share: small models that see one thing only, and how much of the answer that gives away.

A probe learns from units outside of test and answers for units of other stories (`FOLDS` folds that keep stories
whole), so no label of the test split is looked at. What it finds of a label is Youden's J (1950, Index for rating
diagnostic tests, Cancer 3(1), 32-35): the share of the label's units that it finds, less the share of the others that
it takes for them. Who knows nothing has 0 whatever they answer, the constant answer too, and who knows all has 1;
that is not so of macro-F1, in which blind guesses beat the majority. Intervals are by story; since what is learnt in
one fold is nearly what is learnt in the others, they are widened as Nadeau and Bengio say (2003, Inference for the
generalization error, Machine Learning 52, 239-281): the variance times 1 + `FOLDS` / (`FOLDS` - 1).
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from goldwire.eval.audit.answered import FREE_TEXT, NO_GOLD, answered, labels_of, with_paths
from goldwire.eval.audit.finding import Fired, NotApplicable, Outcome, Silent
from goldwire.eval.audit.subject import Subject
from goldwire.eval.audit.wording import counted, listed
from goldwire.stats.resample import Interval, ratio, resample_each

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]

FOLDS = 5
MOST = 20_000
"""Units that a probe looks at; of more, whole stories are drawn by their digest."""
UNITS, STORIES = 100, 30
"""Units and stories that a probe needs at least."""
MOST_LABELS = 100
"""Labels that a probe looks at, those of the most units."""
OF_LABEL, STORIES_OF_LABEL = 20, 10
"""Units and stories that a label needs, with it and without it; other labels are not looked at."""
MARGIN, MARGIN_OF_LABEL = 0.1, 0.3
"""How much a probe must find to be worth a word: of the labels on average, or of one of them."""

_SHRINK = 5.0  # units' worth of what is so of all labels, added to what is so of one


@dataclass(frozen=True)
class Sample:
    """The units that a probe learns from and answers for, sorted by unit_id.

    Attributes
    ----------
    rows : DataFrame
        Those of `answered`.
    labels : list of str
        The labels with enough units, in scheme order; of a tree the paths above others, too.
    truth : array of bool, units x labels
        Which labels each unit has.
    single : bool
        Whether each unit has one label, so that a probe must give one.
    """

    rows: "pd.DataFrame"
    labels: list[str]
    truth: Flags
    single: bool
    seed: int
    resamples: int
    level: float

    @cached_property
    def fold(self) -> Codes:
        """The fold of each unit; stories are dealt out in the order of their digests."""
        names = sorted(set(self.rows["cluster"]), key=lambda name: _digest(self.seed, name))
        place = {name: i % FOLDS for i, name in enumerate(names)}
        return self.rows["cluster"].map(place).to_numpy(dtype=np.int64)

    @property
    def size(self) -> str:
        """Return how much was looked at, in words."""
        return f"{counted(len(self.rows), 'unit')} of {counted(self.rows['cluster'].nunique(), 'story')}"


@dataclass(frozen=True)
class Found:
    """What a probe finds: of the labels on average, and of each."""

    mean: Interval
    of: dict[str, Interval]

    @property
    def given_away(self) -> list[str]:
        """Return the labels that the probe finds by more than chance and `MARGIN_OF_LABEL`, best first."""
        found = [x for x, one in self.of.items() if surely(one, MARGIN_OF_LABEL)]
        return sorted(found, key=lambda label: -(self.of[label].value or 0))

    @property
    def fires(self) -> bool:
        """Whether it finds the labels on average by more than chance and `MARGIN`, or one of them."""
        return surely(self.mean, MARGIN) or bool(self.given_away)


def surely(interval: Interval, margin: float) -> bool:
    """Whether a figure is at least the margin, and its interval above 0."""
    return interval.value is not None and interval.value >= margin and interval.low is not None and interval.low > 0


def sample(
    subject: Subject, known: str | None = None, most: int = MOST, labels_most: int = MOST_LABELS
) -> Sample | NotApplicable:
    """Return the units outside of test that have gold and, where it is named, a value in the column `known`."""
    names = labels_of(subject)
    rows = answered(subject)
    if not names:
        return NotApplicable(FREE_TEXT)
    if not len(rows):
        return NotApplicable(NO_GOLD)
    rows = rows[rows["split"].isna() | (rows["split"] != "test")]
    if known is not None:
        rows = rows[rows[known].notna()]
    rows = _drawn(rows, subject.seed, most)
    if lacking := _lacking(rows):
        return NotApplicable(lacking)
    known_ = frozenset(names)
    paths = {key: with_paths(key, known_) for key in {tuple(labels) for labels in rows["labels"]}}
    given = [paths[tuple(labels)] for labels in rows["labels"]]
    times = Counter(label for labels in given for label in labels)
    whole = all(len(known_.intersection(labels)) == 1 for labels in given)
    names = [name for name in names if times[name] >= OF_LABEL]  # thousands of labels are rare where they are names
    place = {label: i for i, label in enumerate(names)}
    truth = np.zeros((len(rows), len(names)), dtype=bool)
    for row, labels in enumerate(given):
        truth[row, [place[label] for label in labels if label in place]] = True
    cluster = np.unique(rows["cluster"].to_numpy(dtype=str), return_inverse=True)[1]
    enough = [i for i in range(len(names)) if _enough(truth[:, i], cluster) and _enough(~truth[:, i], cluster)]
    enough = sorted(sorted(enough, key=lambda i: -times[names[i]])[:labels_most])
    if not enough:
        return NotApplicable(
            f"no label has {OF_LABEL} units of {STORIES_OF_LABEL} stories outside of test, with as many of others"
        )
    single = whole and len(enough) > 1
    return Sample(
        rows, [names[i] for i in enough], truth[:, enough], single, subject.seed, subject.resamples, subject.level
    )


def by_value(sample: Sample, values: Codes) -> Flags:
    """Return what a table of values would answer, units x labels: a label is given where its units have the value
    more often than units in all; of a single-choice question the label of which that is most so.

    Parameters
    ----------
    values : array of int
        Of each unit, 0 or more.
    """
    width = int(values.max()) + 1
    answers = np.zeros(sample.truth.shape, dtype=bool)
    for fold in range(FOLDS):
        asked = sample.fold == fold
        value, truth = values[~asked], sample.truth[~asked].astype(np.float64)
        times = np.column_stack([np.bincount(value, weights=has, minlength=width) for has in truth.T])
        every = np.bincount(value, minlength=width)[:, None] / max(len(value), 1)
        with_it = (times + _SHRINK * every) / (truth.sum(axis=0) + _SHRINK)
        lift = ratio(with_it, every)[values[asked]]
        answers[asked] = chosen(np.nan_to_num(lift, nan=1.0) - 1, sample.single)
    return answers


def by_majority(sample: Sample, values: Codes) -> Flags:
    """Return the labels that most units with the value have, units x labels; of a single-choice question the label
    that most of them have. A value that is not seen gets what most units in all have."""
    width = int(values.max()) + 1
    answers = np.zeros(sample.truth.shape, dtype=bool)
    for fold in range(FOLDS):
        asked = sample.fold == fold
        value, truth = values[~asked], sample.truth[~asked].astype(np.float64)
        times = np.column_stack([np.bincount(value, weights=has, minlength=width) for has in truth.T])
        units = np.bincount(value, minlength=width)[:, None]
        share = np.where(units > 0, times / np.maximum(units, 1), truth.mean(axis=0))[values[asked]]
        answers[asked] = chosen(share - 0.5, sample.single)
    return answers


def chosen(scores: Array, single: bool) -> Flags:
    """Return the labels with a score above 0, or of a single-choice question that with the highest, the first of
    several."""
    if not single:
        return scores > 0
    answers = np.zeros(scores.shape, dtype=bool)
    answers[np.arange(len(scores)), scores.argmax(axis=1)] = True
    return answers


def bins(values: Array, most: int = 10) -> Codes:
    """Return the quantile that each value is in; equal values are in the same one."""
    edges = np.unique(np.quantile(values, np.linspace(0, 1, most + 1)[1:-1]))
    return np.searchsorted(edges, values, side="left").astype(np.int64)


def found(sample: Sample, answers: Flags) -> Found:
    """Return what a probe finds, with intervals by story: that of each label as wide as their number asks for, so
    that all hold together (Bonferroni)."""
    truth, labels = sample.truth, sample.labels
    rows = np.hstack([truth & answers, answers, truth, np.ones((len(truth), 1))]).astype(np.float64)
    cluster = list(sample.rows["cluster"])

    def youden(sums: Array) -> Array:
        hits, given, has = np.split(sums[:, :-1], 3, axis=1)
        return np.asarray(ratio(hits, has) - ratio(given - hits, sums[:, -1:] - has))

    def mean(sums: Array) -> Array:
        each = youden(sums)
        there = ~np.isnan(each)
        return ratio(np.where(there, each, 0).sum(axis=1), there.sum(axis=1))[:, None]

    (overall,) = resample_each(cluster, rows, mean, resamples=sample.resamples, seed=sample.seed, level=sample.level)
    wide = 1 - (1 - sample.level) / len(labels)
    each = resample_each(cluster, rows, youden, resamples=sample.resamples, seed=sample.seed, level=wide)
    return Found(_widened(overall), {label: _widened(one) for label, one in zip(labels, each, strict=True)})


def _widened(interval: Interval) -> Interval:
    value, low, high = interval.value, interval.low, interval.high
    if value is None or low is None or high is None:
        return interval
    factor = (1 + FOLDS / (FOLDS - 1)) ** 0.5
    return Interval(value, max(-1.0, value - factor * (value - low)), min(1.0, value + factor * (high - value)))


def said(interval: Interval) -> str:
    """Return a figure with its interval: ".31 (.22 to .40)"."""
    if interval.value is None:
        return "not defined"
    if interval.low is None or interval.high is None:
        return f"{interval.value:.2f}"
    return f"{interval.value:.2f} ({interval.low:.2f} to {interval.high:.2f})"


def outcome(sample: Sample, seen: Found, what: str, usual: Mapping[str, str] | None = None) -> Outcome:
    """Say what a probe found; `usual` says for each label what its units have that the probe sees."""
    text = f"From {what}, J is {said(seen.mean)} on {sample.size}, where a guess or the most frequent label has 0."
    if not seen.fires:
        return Silent(text)
    named = [label for label, one in seen.of.items() if surely(one, MARGIN)]
    named = named or [label for label, one in seen.of.items() if (one.value or 0) >= MARGIN]
    named.sort(key=lambda label: -(seen.of[label].value or 0))
    cases = [f"{label}: J {said(seen.of[label])}{f', {usual[label]}' if usual else ''}" for label in named]
    most = f" Given away most: {listed(seen.given_away)}." if seen.given_away else ""
    return Fired(text + most, len(cases), cases)


def _drawn(rows: "pd.DataFrame", seed: int, most: int) -> "pd.DataFrame":
    """Return whole stories, in the order of their digests, until there are `most` units."""
    if len(rows) <= most:
        return rows.reset_index(drop=True)
    size = rows["cluster"].value_counts()
    names = sorted(size.index, key=lambda name: _digest(seed, name))
    kept, units = set(), 0
    for name in names:
        if units + size[name] <= most:
            kept.add(name)
            units += int(size[name])
    return rows[rows["cluster"].isin(kept)].reset_index(drop=True)


def _lacking(rows: "pd.DataFrame") -> str | None:
    units, stories = len(rows), rows["cluster"].nunique()
    if units >= UNITS and stories >= STORIES:
        return None
    size = f"{counted(units, 'unit')} of {counted(stories, 'story')}"
    return f"{size} outside of test, and {UNITS} of {STORIES} are needed"


def _enough(has: Flags, cluster: Codes) -> bool:
    return int(has.sum()) >= OF_LABEL and len(np.unique(cluster[has])) >= STORIES_OF_LABEL


def _digest(seed: int, name: str) -> bytes:
    return hashlib.sha256(f"{seed}\0{name}".encode("utf-8", "surrogatepass")).digest()
