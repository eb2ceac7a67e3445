"""The figures of parts of what annotators marked: of an outlet, a month, a round, and without the easy label.

Slices are those of questions (see `goldwire.labels.agreement.slices`). A slice compares the submissions that are in
it, two of a unit at a time, from the sums over the pairs that the figures of all of it come from.

Where it is hard. With questions that is the units that are not of the easy label. A text with spans has many labels,
and units without any disagreement are no choice: leaving these out would choose by the very outcome. So it is the
spans with other labels than the easy one, in all units: that which was given most often, or which the user names. It
is chosen by how often it was given, not by whether annotators agree on it, and no unit is left out.

It is biased downwards all the same, as with questions. A span that one calls easy and the other something else stays,
as one that the other does not have, and a span that both call easy goes: every confusion with the easy label counts
against, and no agreement on it counts for. So it says how little of the agreement overall is about the other labels,
not what the same annotators would reach in texts without the easy one. F1 does not depend on how frequent a label is;
alpha_u does, and takes what is marked with the easy label as not marked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from goldwire.labels.agreement.part import too_few_units
from goldwire.labels.agreement.slices import Slicing, by_value
from goldwire.labels.agreement.span_pairs import Figure, Flags, Pairwise
from goldwire.stats.resample import Interval
from goldwire.stats.span_agreement import Codes


@dataclass(frozen=True)
class Breakdowns:
    """What is asked for beside the figures of everything.

    Parameters
    ----------
    slicings : mapping
        See `goldwire.labels.agreement.slices`.
    easy : str, optional
        The label that is taken as easy, where a layer has it.
    blind : mapping
        Scheme -> ROUND -> whether its annotators could not see each other's answers; null is not known.
    """

    slicings: Mapping[str, Slicing] = field(default_factory=dict)
    easy: str | None = None
    blind: Mapping[str, Mapping[str, bool | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Parts:
    """What the figures of parts of a layer, or of the relations, are made from.

    Parameters
    ----------
    compared : Pairwise
    measures : tuple of str
        Those of `compared` that a part has.
    noun : str
        What is counted: spans or links.
    submission, label : arrays
        Of each of these.
    labels : list of str
    nobody : str
        Why nothing can be compared, when nothing is marked.
    alpha_of, alpha_of_labels : callable, optional
        alpha_u of submissions, or labels, that are kept, and the reason when nothing is marked there.
    """

    compared: Pairwise
    measures: tuple[str, ...]
    noun: str
    submission: Codes
    label: Codes
    labels: list[str]
    nobody: str
    alpha_of: Callable[[Flags, str], Figure] | None = None
    alpha_of_labels: Callable[[Flags, str], Figure] | None = None

    def broken_down(self, asked: Breakdowns) -> dict[str, Any]:
        """Return slices, not_in_slices, hard, and blind.

        Returns
        -------
        dict
            slices: SLICING -> VALUE -> units (that anybody submitted, of those that two annotators submitted in
            all), units_with_two, spans (or links), and the figures; those are null with fewer than two units that
            two submitted. not_in_slices: as for questions. hard: easy (the label), because, then units (with another
            label), spans (with another), easy_spans, and the figures; easy alone is null, with because, where
            nothing is marked. blind: of the rounds of the scheme.
        """
        submitted = self.compared.submitted
        slices, rest = by_value(submitted, asked.slicings, self._slice)
        blind = asked.blind.get(submitted.scheme, {})
        return {"slices": slices, "not_in_slices": rest, "hard": self._hard(asked.easy), "blind": dict(blind)}

    def _slice(self, kept: Flags) -> dict[str, Any]:
        units, times = np.unique(self.compared.submitted.unit[kept], return_counts=True)
        two = int((times >= 2).sum())
        counted = {"units": len(units), "units_with_two": two, self.noun: int(kept[self.submission].sum())}
        if two < 2:
            names = [*self.measures, *(["alpha_u"] if self.alpha_of else [])]
            return {**counted, **{name: Interval(None, why=too_few_units(two)).as_dict() for name in names}}
        figures = self.compared.of(kept, self.measures, self.nobody)
        return {**counted, **figures, **({"alpha_u": self.alpha_of(kept, self.nobody)} if self.alpha_of else {})}

    def _hard(self, named: str | None) -> dict[str, Any]:
        given = np.bincount(self.label, minlength=len(self.labels))
        if not given.any():
            return {"easy": None, "because": "no label was given"}
        easy = self.labels.index(named) if named in self.labels else int(given.argmax())
        kept = np.arange(len(self.labels)) != easy
        others = kept[self.label]
        why = "nobody gave another label in a unit that two submitted"
        figures = self.compared.of_labels(kept, self.measures, why)
        return {
            "easy": self.labels[easy],
            "because": "named" if named in self.labels else "it was given most often",
            "units": len(np.unique(self.compared.submitted.unit[self.submission[others]])),
            self.noun: int(others.sum()),
            f"easy_{self.noun}": int((~others).sum()),
            **figures,
            **({"alpha_u": self.alpha_of_labels(kept, why)} if self.alpha_of_labels else {}),
        }
