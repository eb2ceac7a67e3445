"""GW204: a tie that a rule or a model settled is no decision of the annotators."""

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from goldwire.eval.audit.answered import labels_of
from goldwire.eval.audit.finding import Check, Fired, NotApplicable, Outcome, Silent
from goldwire.eval.audit.subject import Subject
from goldwire.eval.audit.wording import counted

if TYPE_CHECKING:
    import pandas as pd

RULE, MODEL, PERSON, OPEN = "by rule", "by model", "by an adjudicator", "not at all"
_HOW = {"unanimous": RULE, "majority": RULE, "aggregated": MODEL, "adjudicated": PERSON, "unresolved": OPEN}


def look(subject: Subject) -> Outcome:
    """Count tied units by how they were settled."""
    rows = subject.answers
    if not rows["decided_by"].notna().any():
        return NotApplicable("how gold was decided is not known")
    tied = rows[rows["tied"].fillna(False).astype(bool)].sort_values("unit_id")
    if not len(tied):
        return Silent(f"No tie among {counted(len(rows), 'unit')}.")
    how = tied["decided_by"].map(_HOW).fillna(RULE).where(tied["labels"].notna(), OPEN)
    times = Counter(how)
    said = ", ".join(f"{times[name]} {name}" for name in (RULE, MODEL, PERSON, OPEN) if times[name])
    text = f"{counted(len(tied), 'tied unit')} of {len(rows):,}; settled: {said}."
    settled = tied[how.isin([RULE, MODEL])]
    if not len(settled):
        return Silent(text)
    split = subject.units.set_index("unit_id")["split"]
    cases = [
        f"{unit}: {', '.join(labels) or 'none of them'}, {way}"
        for unit, labels, way in zip(settled["unit_id"], settled["labels"], how[settled.index], strict=True)
    ]
    if in_test := int((settled["unit_id"].map(split) == "test").sum()):
        text += f" {in_test} of those settled by rule or model are in test."
    return Fired(text + _first(subject, tied[how == RULE]), len(settled), cases)


def _first(subject: Subject, rows: "pd.DataFrame") -> str:
    """Say how many went to the first of the tied labels, where each vote has one label and votes are there."""
    votes = subject.votes
    if votes is None or not len(rows) or (votes["labels"].map(len) != 1).any():
        return ""
    place = {label: i for i, label in enumerate(labels_of(subject))}
    given: dict[str, Counter[str]] = defaultdict(Counter)
    for unit, labels in zip(votes["unit_id"], votes["labels"], strict=True):
        given[unit][labels[0]] += 1
    first = known = 0
    for unit, labels in zip(rows["unit_id"], rows["labels"], strict=True):
        times = given[unit]
        most = [label for label, n in times.items() if n == max(times.values(), default=0)]
        if len(most) > 1 and set(most) <= set(place):
            known += 1
            first += list(labels) == [min(most, key=place.__getitem__)]
    return (
        f" Of {known} settled by rule, {first} went to the tied label that is first in the scheme." if known else ""
    )


CHECK = Check("GW204", "ties", "Some gold labels were tied, and no person decided", "note", True, look)
