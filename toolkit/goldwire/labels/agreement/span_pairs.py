"""F1 between annotators, with intervals over stories: overall, of each label, annotator and pair, and of a part."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goldwire.labels.agreement.figure import because
from goldwire.labels.agreement.marked import Submitted
from goldwire.labels.agreement.people import MOST
from goldwire.stats.draws import Array
from goldwire.stats.resample import ratio, resample_each
from goldwire.stats.span_agreement import Codes, Compared

Figure = dict[str, Any]
ByMeasure = dict[str, Figure]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Pairwise:
    """Every item of every measure against every other annotator of its unit, summed up.

    Attributes
    ----------
    submitted : Submitted
    group : array
        The story of each unit.
    measures : list of str
        What the columns of `agreed` and `compared` are of. Those that regard the label stand first.
    partly : str
        Why a measure has nothing to compare where another has.
    bootstrap : mapping
        resamples, seed, level: see `goldwire.stats.resample`.
    agreed, compared : arrays, pairs of submissions x measures
    measure, unit, label : arrays, one element for each label in a unit, of the measures that regard it
    of_label : array, one row for each of these
        agreed, compared.
    """

    submitted: Submitted
    group: Codes
    measures: list[str]
    partly: str
    bootstrap: Mapping[str, Any]
    agreed: Codes
    compared: Codes
    measure: Codes
    unit: Codes
    label: Codes
    of_label: Codes

    def overall(self, why: str) -> ByMeasure:
        """Return the share that agrees, of each measure. `why` is the reason where there is nothing to compare."""
        return self._of_pairs(slice(None), self.measures, why)

    def of(self, kept: Flags, measures: Sequence[str], why: str) -> ByMeasure:
        """Return the same between submissions that are kept."""
        first, second = self.submitted.who.pairs
        return self._of_pairs(kept[first] & kept[second], measures, why)

    def of_labels(self, kept: Flags, measures: Sequence[str], why: str) -> ByMeasure:
        """Return the same of some of the labels together, over all stories; `kept` has one element a label."""
        places, stories = self._places(measures), np.unique(self.group)
        rows = np.flatnonzero(kept[self.label])
        width = len(self.measures)
        cell = np.searchsorted(stories, self.group[self.unit[rows]]) * width + self.measure[rows]
        sums = [np.bincount(cell, column, len(stories) * width) for column in self.of_label[rows].T]
        agreed, compared = (column.reshape(-1, width)[:, places] for column in sums)
        return self._figures(None, agreed, compared, measures, self.partly if len(rows) else why)

    def by_label(self, labels: Sequence[str], measures: Sequence[str], why: str) -> Iterator[ByMeasure]:
        """Yield the same of each label, over all stories."""
        for code in range(len(labels)):
            yield self.of_labels(np.arange(len(labels)) == code, measures, why)

    def by_annotator(self, measures: Sequence[str], why: str) -> Iterator[tuple[str, int, ByMeasure]]:
        """Yield each annotator's name, units shared with others, and agreement with the others."""
        who = self.submitted.who
        size = who.annotators
        pairs = _split(np.concatenate([who.annotator[side] for side in who.pairs]), size)
        for code, (units, found) in enumerate(zip(_split(who.annotator, size), pairs, strict=True)):
            if len(units):
                rows = found % len(self.agreed)
                yield self.submitted.annotators[code], len(units), self._of_pairs(rows, measures, why)

    def by_pair(
        self, measures: Sequence[str], count: str, why: str, wanted: bool | None
    ) -> Iterator[tuple[str, str, int, int, ByMeasure]]:
        """Yield each pair's names, shared units, comparisons of the measure `count`, and agreement, sorted.

        None of them when not `wanted`; when that is None, when there are more than `MOST` annotators.
        """
        n, names = self.submitted.who.annotators, self.submitted.annotators
        if not (n <= MOST if wanted is None else wanted):
            return
        codes, place = np.unique(self._two, return_inverse=True)
        for code, rows in zip(codes.tolist(), _split(place, len(codes)), strict=True):
            compared = int(self.compared[rows, self.measures.index(count)].sum())
            figures = self._of_pairs(rows, measures, why)
            yield names[code // n], names[code % n], len(rows), compared, figures

    @property
    def pairs_n(self) -> int:
        """How many pairs of annotators have a unit in common."""
        return len(np.unique(self._two))

    @property
    def _two(self) -> Codes:
        """The annotators of each pair of submissions, as one number."""
        first, second = (self.submitted.who.annotator[side] for side in self.submitted.who.pairs)
        return first * self.submitted.who.annotators + second

    def _places(self, measures: Sequence[str]) -> list[int]:
        return [self.measures.index(name) for name in measures]

    def _of_pairs(self, rows: Any, measures: Sequence[str], why: str) -> ByMeasure:
        """Return the figures of some of the pairs, drawing from their stories (those without an item as well)."""
        places = self._places(measures)
        agreed, compared = self.agreed[rows], self.compared[rows]
        stories = self.group[self.submitted.unit[self.submitted.who.pairs[0][rows]]]
        why = self.partly if compared.any() else why
        return self._figures(stories, agreed[:, places], compared[:, places], measures, why)

    def _figures(
        self, stories: Codes | None, agreed: Array | Codes, compared: Array | Codes, measures: Sequence[str], why: str
    ) -> ByMeasure:
        intervals = resample_each(stories, np.hstack([agreed, compared]), _share, **self.bootstrap)
        return {name: because(interval, why) for name, interval in zip(measures, intervals, strict=True)}


def pairwise(
    submitted: Submitted,
    group: Codes,
    blocks: Sequence[Mapping[str, Compared]],
    labelled: int,
    partly: str,
    bootstrap: Mapping[str, Any],
) -> Pairwise:
    """Put the measures together; see `Pairwise`.

    Parameters
    ----------
    blocks : sequence of mappings
        Measure -> comparisons, of the submissions of one block of units after the other.
    labelled : int
        How many of the measures, the first, regard the label.
    """
    measures = list(blocks[0])
    of_pair = np.concatenate([np.stack([block[name].of_pair for name in measures], axis=2) for block in blocks])
    cells = [(place, block[name]) for block in blocks for place, name in enumerate(measures[:labelled])]
    return Pairwise(
        submitted,
        group,
        measures,
        partly,
        bootstrap,
        of_pair[:, 0],
        of_pair[:, 1],
        np.concatenate([np.full(len(one.unit), place) for place, one in cells]),
        np.concatenate([one.unit for _, one in cells]),
        np.concatenate([one.label for _, one in cells]),
        np.concatenate([one.of_label for _, one in cells]),
    )


def _share(sums: Array) -> Array:
    half = sums.shape[1] // 2
    return ratio(sums[:, :half], sums[:, half:])


def _split(codes: Codes, size: int) -> Iterator[Codes]:
    """Yield where each code stands, from 0 to size - 1."""
    order = np.argsort(codes, kind="stable")
    edges = np.searchsorted(codes[order], np.arange(size + 1))
    for begin, end in itertools.pairwise(edges):
        yield order[begin:end]
