"""Unitised alpha of a layer, with intervals over stories."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goldwire.errors import GoldwireError
from goldwire.labels.agreement.figure import because
from goldwire.labels.agreement.marked import Layer, Submitted
from goldwire.stats import unitising
from goldwire.stats.draws import Array
from goldwire.stats.resample import Interval, resample_each
from goldwire.stats.span_agreement import Codes

_ALIKE = "all is marked alike: there is nothing to agree on beyond chance"
_NO_LENGTHS = "the length of a unit is not known"

Figure = dict[str, Any]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Unitised:
    """alpha_u of a layer (see `stats.unitising`).

    Attributes
    ----------
    layer : Layer
    submitted : Submitted
    group : array
        The story of each unit.
    lengths : array, optional
        The characters of each unit; without it nothing is defined.
    bootstrap : mapping
        resamples, seed, level: see `goldwire.stats.resample`.
    """

    layer: Layer
    submitted: Submitted
    group: Codes
    lengths: Codes | None
    bootstrap: Mapping[str, Any]

    def overall(self, why: str) -> dict[str, Figure]:
        """Return alpha_u and alpha_u_binary; `why` is the reason when nobody marked anything."""
        if self.lengths is None:
            unknown = self._unknown()
            return {"alpha_u": unknown, "alpha_u_binary": unknown}
        found = resample_each(self.group, self._units, _both, **self.bootstrap)
        reason = _ALIKE if self.layer.rows else why
        return {name: because(one, reason) for name, one in zip(("alpha_u", "alpha_u_binary"), found, strict=True)}

    def by_label(self, why: str) -> list[Figure]:
        """Return alpha_u of each label against all else; `why` is the reason where nobody marked it."""
        return [
            self._of_spans(self.layer.label == code, np.zeros(len(self.layer.rows), dtype=np.int64), 1, why)
            for code in range(len(self.layer.labels))
        ]

    def of_labels(self, kept: Flags, why: str) -> Figure:
        """Return alpha_u of some of the labels together; what is marked with the others is taken as not marked."""
        return self._of_spans(kept[self.layer.label], self.layer.label, len(self.layer.labels), why)

    def of(self, kept: Flags, why: str) -> Figure:
        """Return alpha_u between submissions that are kept; `why` is the reason when nothing is marked in them."""
        if self.lengths is None:
            return self._unknown()
        many = np.bincount(self.submitted.unit[kept], minlength=len(self.submitted.units))
        shared = many >= 2
        spans = kept[self._submission] & shared[self.layer.unit]
        if (many == self._many)[shared].all():
            units = self._units
        else:
            units = self._statistics(spans, self.layer.label, len(self.layer.labels), many)
        return self._figure(self.group[shared], units[shared], _ALIKE if spans.any() else why)

    @cached_property
    def _many(self) -> Codes:
        return self.submitted.who.size(len(self.submitted.units))

    @cached_property
    def _submission(self) -> Codes:
        """The submission of each span."""
        return self.submitted.who.of(self.layer.unit, self.layer.annotator)

    @cached_property
    def _units(self) -> Array:
        """What alpha is a function of the sums of, for each unit."""
        everything = np.ones(len(self.layer.rows), dtype=np.bool_)
        return self._statistics(everything, self.layer.label, len(self.layer.labels), self._many)

    def _of_spans(self, spans: Flags, label: Codes, labels: int, why: str) -> Figure:
        if self.lengths is None:
            return self._unknown()
        units = self._statistics(spans, label, labels, self._many)
        return self._figure(self.group, units, _ALIKE if spans.any() else why)

    def _figure(self, stories: Codes, units: Array, why: str) -> Figure:
        (interval,) = resample_each(stories, units, lambda sums: unitising.alpha(sums)[:, None], **self.bootstrap)
        return because(interval, why)

    def _statistics(self, spans: Flags, label: Codes, labels: int, many: Codes) -> Array:
        assert self.lengths is not None
        layer = self.layer
        unit, annotator, label = layer.unit[spans], layer.annotator[spans], label[spans]
        marked = unitising.segments(unit, annotator, label, layer.start[spans], layer.end[spans], labels)
        try:
            return unitising.statistics(marked, self.lengths, many)
        except ValueError as error:
            raise GoldwireError(
                f"{layer.name}: {error}", hint="Fold the pulls again with: goldwire labels build"
            ) from None

    def _unknown(self) -> Figure:
        return because(Interval(None), self.submitted.why() or _NO_LENGTHS)


def unitised(
    layer: Layer,
    submitted: Submitted,
    group: Codes,
    lengths: Mapping[str, int] | None,
    bootstrap: Mapping[str, Any],
) -> Unitised:
    """Put together what alpha_u needs; see `Unitised`.

    Parameters
    ----------
    lengths : mapping, optional
        unit -> characters; when one is missing nothing is defined.
    """
    known = None
    if lengths is not None and all(unit in lengths for unit in submitted.units):
        known = np.array([lengths[unit] for unit in submitted.units], dtype=np.int64)
    return Unitised(layer, submitted, group, known, bootstrap)


def _both(sums: Array) -> Array:
    return np.column_stack([unitising.alpha(sums), unitising.binary_alpha(sums)])
