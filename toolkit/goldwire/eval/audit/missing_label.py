"""GW202: a label without units cannot be learnt, or not be measured."""

from goldwire.eval.audit.answered import FREE_TEXT, NO_GOLD, answered, counts, labels_of
from goldwire.eval.audit.finding import Check, Fired, NotApplicable, Outcome, Silent
from goldwire.eval.audit.subject import Subject
from goldwire.eval.audit.wording import counted, listed


def look(subject: Subject) -> Outcome:
    """Find the labels that no unit has, in all or in one of the splits that a model is taught and tested on."""
    labels, rows = labels_of(subject), answered(subject)
    if not labels:
        return NotApplicable(FREE_TEXT)
    if not len(rows):
        return NotApplicable(NO_GOLD)
    there = counts(rows, labels)
    splits = [name for name in ("train", "test") if (rows["split"] == name).any()]
    within = {name: counts(rows[rows["split"] == name], labels) for name in splits}
    nowhere = [label for label in labels if not there[label]]
    lacking = {name: [x for x in labels if there[x] and not within[name][x]] for name in splits}
    cases = [f"{label}: no units" for label in nowhere]
    cases += [
        f"{label}: none of {counted(there[label], 'unit')} in {name}" for name in splits for label in lacking[name]
    ]
    if not cases:
        looked = f", in {' and in '.join(splits)}" if splits else ""
        return Silent(f"Each of {counted(len(labels), 'label')} has units{looked}.")
    said = {"train": "Nothing to learn from in train", "test": "Not measured, none in test"}
    parts = [f"Never given: {listed(nowhere)}."] if nowhere else []
    parts += [f"{said[name]}: {listed(lacking[name])}." for name in splits if lacking[name]]
    short = set(nowhere).union(*lacking.values())
    return Fired(
        f"{counted(len(short), 'label')} of {len(labels)} without units. {' '.join(parts)}", len(short), cases
    )


CHECK = Check(
    "GW202", "missing_label", "Some labels have no units to learn from or to test on", "warning", True, look
)
