"""GW301: where a model that does not know the target is as good as one that does, the target is not asked about."""

from dataclasses import replace

import numpy as np

from goldwire.eval.audit import probe, probe_text
from goldwire.eval.audit.answered import answered
from goldwire.eval.audit.finding import Check, Fired, NotApplicable, Outcome, Silent
from goldwire.eval.audit.probe import Array, Flags, Sample
from goldwire.eval.audit.subject import Subject
from goldwire.stats.resample import Interval, ratio, resample

SHARE = 0.95
"""Of the macro-F1 of the model that sees text and target."""
LABELS = 20
"""Those of the most units; each is fitted fifteen times."""
MOST = 4000
"""Units; to read takes longer than to look up."""


def look(subject: Subject) -> Outcome:
    """Compare models that see the text, the target with its holder, and both, and the majority of each target."""
    units = subject.units
    rows = answered(subject)
    if len(rows) and not rows["target"].notna().any():
        return NotApplicable("the units do not ask about a target")
    if len(rows) and not rows["text"].notna().any():
        return NotApplicable("the texts are not there")
    both_known = units["target"].where(units["text"].notna() & (units["target"] != ""))
    sample = probe.sample(replace(subject, units=units.assign(asked=both_known)), "asked", MOST, LABELS)
    if isinstance(sample, NotApplicable):
        return sample
    names, target = np.unique(np.array(probe_text.asked_about(sample)), return_inverse=True)
    if len(names) == 1:
        return NotApplicable(f'all units outside of test ask about "{names[0]}"')
    blind = probe_text.answers(sample, probe_text.of_text(sample))
    both = probe_text.answers(sample, probe_text.of_both(sample))
    only = probe_text.answers(sample, probe_text.of_target(sample))
    usual = probe.by_majority(sample, target.astype(np.int64))
    text_f1, both_f1, target_f1, usual_f1 = (_macro_f1(sample, given) for given in (blind, both, only, usual))
    seen = probe.found(sample, blind).mean
    text = (
        f"Macro-F1 {text_f1:.3f} from the text alone, {both_f1:.3f} with the target "
        f"({_signed(_difference(sample, both, blind))}); {target_f1:.3f} from the target alone, {usual_f1:.3f} from "
        f"each target's majority; the text alone has J {probe.said(seen)}. On {sample.size}, {len(names):,} targets."
    )
    if not probe.surely(seen, probe.MARGIN) or text_f1 < SHARE * both_f1:
        return Silent(text)
    return Fired(f"The text alone reaches {text_f1 / both_f1:.0%} of both. {text}", 1)


def _difference(sample: Sample, a: Flags, b: Flags) -> Interval:
    """Return by how much the macro-F1 of `a` is above that of `b`."""
    rows = np.hstack([sample.truth, a, a & sample.truth, b, b & sample.truth]).astype(np.float64)

    def difference(sums: Array) -> Array:
        has, *parts = np.split(sums, 5, axis=1)
        return _mean_f1(has, *parts[:2]) - _mean_f1(has, *parts[2:])

    cluster = list(sample.rows["cluster"])
    return resample(cluster, rows, difference, resamples=sample.resamples, seed=sample.seed, level=sample.level)


def _macro_f1(sample: Sample, given: Flags) -> float:
    sums = [part.sum(axis=0, dtype=np.float64)[None, :] for part in (sample.truth, given, given & sample.truth)]
    return float(_mean_f1(*sums)[0])


def _mean_f1(has: Array, given: Array, hits: Array) -> Array:
    """Return the mean F1 of the labels that are there, as `goldwire.eval.metrics.macro_f1` does."""
    f1 = np.where(has > 0, np.nan_to_num(ratio(2 * hits, has + given)), 0)
    return ratio(f1.sum(axis=1), (has > 0).sum(axis=1))


def _signed(interval: Interval) -> str:
    if interval.low is None or interval.high is None:
        return f"{interval.value:+.3f}"
    return f"{interval.value:+.3f}, {interval.low:+.3f} to {interval.high:+.3f}"


CHECK = Check("GW301", "target_blind", "The question can be answered without its target", "warning", True, look)
