"""GW303: how much of the label the length of the text gives away."""

import numpy as np

from goldwire.eval.audit import probe
from goldwire.eval.audit.answered import answered
from goldwire.eval.audit.finding import Check, NotApplicable, Outcome
from goldwire.eval.audit.subject import Subject


def look(subject: Subject) -> Outcome:
    """Answer from the number of characters alone, for units of other stories."""
    rows = answered(subject)
    if len(rows) and not rows["text"].notna().any():
        return NotApplicable("the texts are not there")
    sample = probe.sample(subject, "text")
    if isinstance(sample, NotApplicable):
        return sample
    length = sample.rows["text"].map(len).to_numpy(dtype=np.float64)
    if length.min() == length.max():
        return NotApplicable("all texts have the same length")
    seen = probe.found(sample, probe.by_value(sample, probe.bins(length)))
    usual = {
        label: f"median {np.median(length[has]):,.0f} characters"
        for label, has in zip(sample.labels, sample.truth.T, strict=True)
    }
    return probe.outcome(sample, seen, "the length of the text alone", usual)


CHECK = Check("GW303", "length_shortcut", "The length of the text gives the label away", "warning", True, look)
