"""GW402: annotators who give a label more or less often than the others on the same units."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from goldwire.eval.audit.answered import clusters, labels_of, with_paths
from goldwire.eval.audit.finding import Check, Fired, NotApplicable, Outcome, Silent
from goldwire.eval.audit.subject import Subject
from goldwire.eval.audit.wording import counted, listed
from goldwire.stats.holm import holm
from goldwire.stats.within_units import within_units

if TYPE_CHECKING:
    import pandas as pd

LEAST = 20
"""Units with two answers or more; with fewer, nobody's rate is compared."""
ALPHA, MARGIN = 0.05, 0.05
MOST_LABELS = 60
"""Labels that are compared, those given most often."""


@dataclass(frozen=True)
class _Row:
    annotator: str
    label: str
    own: float
    others: float
    units: int
    p: float | None


def look(subject: Subject) -> Outcome:
    """Test every annotator's rate of every label against the others' on the same units."""
    if subject.votes is None or not len(subject.votes):
        return NotApplicable("the votes are not there")
    votes = subject.votes.drop_duplicates(["unit_id", "annotator"]).sort_values(["annotator", "unit_id"])
    votes = votes[votes.groupby("unit_id")["annotator"].transform("size") > 1].reset_index(drop=True)
    units = votes["unit_id"].nunique()
    if units < LEAST:
        return NotApplicable(f"{counted(units, 'unit')} with two answers or more, and {LEAST} are needed")
    rows = _compared(subject, votes)
    found = [
        row
        for row, p in zip(rows, holm([row.p for row in rows]), strict=True)
        if p is not None and p < ALPHA and abs(row.own - row.others) >= MARGIN
    ]
    people = votes["annotator"].nunique()
    size = f"{counted(people, 'annotator')} on {counted(units, 'unit')} that two or more answered"
    if not found:
        return Silent(f"{size}: no label rate differs by {MARGIN:.2f} or more and more than chance.")
    found.sort(key=lambda row: (-round(abs(row.own - row.others), 9), row.annotator, row.label))
    cases = [
        f"{row.annotator}, {row.label}: {row.own:.2f} of {counted(row.units, 'unit')}, the others {row.others:.2f}"
        for row in found
    ]
    names = sorted({row.annotator for row in found})
    rates = counted(len(found), "label rate")
    return Fired(f"{size}: {rates} of {listed(names)} differ from the others' on the same units.", len(found), cases)


def _compared(subject: Subject, votes: "pd.DataFrame") -> list[_Row]:
    known = frozenset(labels_of(subject))
    sets = [with_paths(labels, known) for labels in votes["labels"]]
    times = Counter(label for labels in sets for label in labels)
    compared = [label for label, _ in sorted(times.items(), key=lambda item: (-item[1], item[0]))[:MOST_LABELS]]
    unit, cluster = _codes(votes["unit_id"]), _codes(_clusters(subject, votes))
    size = np.bincount(unit)[unit]
    rows = []
    for label in compared:
        has = np.array([label in labels for labels in sets])
        given = np.bincount(unit, weights=has)[unit]
        chance = np.round(given / size, 12)
        others = (given - has) / (size - 1)
        for name, places in votes.groupby("annotator").indices.items():
            test = within_units(has[places], chance[places], cluster[places])
            own = float(has[places].mean())
            rows.append(_Row(str(name), label, own, float(others[places].mean()), len(places), test.p))
    return rows


def _clusters(subject: Subject, votes: "pd.DataFrame") -> "pd.Series":
    cluster = clusters(subject.units).set_axis(subject.units["unit_id"])
    return votes["unit_id"].map(cluster).fillna(votes["unit_id"])


def _codes(values: "pd.Series") -> NDArray[np.int64]:
    codes: NDArray[np.int64] = np.unique(values.to_numpy(dtype=str), return_inverse=True)[1].astype(np.int64)
    return codes


CHECK = Check(
    "GW402", "label_rates", "Annotators give labels at different rates to the same units", "warning", True, look
)
