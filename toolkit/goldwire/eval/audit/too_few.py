"""GW203: figures from few units or stories have wide intervals, or none."""

from goldwire.eval.audit.answered import FREE_TEXT, NO_GOLD, answered, counts, labels_of
from goldwire.eval.audit.finding import Check, Fired, NotApplicable, Outcome, Silent
from goldwire.eval.audit.subject import Subject
from goldwire.eval.audit.wording import counted, listed
from goldwire.stats.resample import MINIMUM_CLUSTERS

UNITS, STORIES = 100, 30
"""In test, for all labels together."""
OF_LABEL = 10
"""Units in test, for one label."""


def look(subject: Subject) -> Outcome:
    """Count units and stories in test, of all labels and of each; labels without any are those of GW202."""
    labels, rows = labels_of(subject), answered(subject)
    if not labels:
        return NotApplicable(FREE_TEXT)
    if not len(rows):
        return NotApplicable(NO_GOLD)
    rows = rows[rows["split"] == "test"]
    if not len(rows):
        return NotApplicable("no unit of a test split has a gold answer")
    stories = rows["cluster"].nunique()
    units_of, stories_of = counts(rows, labels), counts(rows, labels, "cluster")
    few = [x for x in labels if units_of[x] and (units_of[x] < OF_LABEL or stories_of[x] < MINIMUM_CLUSTERS)]
    size = f"{counted(len(rows), 'test unit')} from {counted(stories, 'story')}"
    small = len(rows) < UNITS or stories < STORIES
    if not small and not few:
        least = min(n for n in units_of.values() if n)
        return Silent(f"{size}; of each label that is there, at least {counted(least, 'unit')}.")
    parts = [f"{size}: fewer than {UNITS} units or {STORIES} stories."] if small else [f"{size}."]
    if few:
        parts.append(
            f"{counted(len(few), 'label')} of {len(labels)} with fewer than {OF_LABEL} units, or from fewer than "
            f"{MINIMUM_CLUSTERS} stories: {listed(few)}."
        )
    cases = [f"all labels: {size}"] if small else []
    cases += [f"{x}: {counted(units_of[x], 'unit')} from {counted(stories_of[x], 'story')}" for x in few]
    return Fired(" ".join(parts), len(cases), cases)


CHECK = Check("GW203", "too_few", "The test split is too small for some figures", "warning", True, look)
