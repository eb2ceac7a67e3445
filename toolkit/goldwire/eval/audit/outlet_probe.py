"""GW302: how much of the label the outlet gives away."""

import numpy as np

from goldwire.eval.audit import probe
from goldwire.eval.audit.answered import answered
from goldwire.eval.audit.finding import Check, NotApplicable, Outcome
from goldwire.eval.audit.subject import Subject


def look(subject: Subject) -> Outcome:
    """Answer from the outlet alone, for units of other stories."""
    rows = answered(subject)
    if len(rows) and not rows["outlet"].notna().any():
        return NotApplicable("the outlets are not known")
    sample = probe.sample(subject, "outlet")
    if isinstance(sample, NotApplicable):
        return sample
    names, outlet = np.unique(sample.rows["outlet"].to_numpy(dtype=str), return_inverse=True)
    if len(names) < 2:
        return NotApplicable(f"all units outside of test are from {names[0]}")
    seen = probe.found(sample, probe.by_value(sample, outlet.astype(np.int64)))
    return probe.outcome(sample, seen, f"the outlet alone ({len(names):,} of them)")


CHECK = Check("GW302", "outlet_probe", "The outlet gives the label away", "warning", True, look)
