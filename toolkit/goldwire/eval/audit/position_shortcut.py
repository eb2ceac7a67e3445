"""GW304: how much of the label the place gives away: of a part in its article, or of the target in the text."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from goldwire.eval.audit import probe
from goldwire.eval.audit.answered import answered, parts
from goldwire.eval.audit.finding import Check, NotApplicable, Outcome
from goldwire.eval.audit.subject import Subject

if TYPE_CHECKING:
    import pandas as pd


def look(subject: Subject) -> Outcome:
    """Answer from the place alone, for units of other stories."""
    what, place = _places(subject)
    placed = replace(subject, units=subject.units.assign(place=place))
    rows = answered(placed)
    if len(rows) and not rows["place"].notna().any():
        return NotApplicable("the units are whole articles, and their texts do not name a target")
    sample = probe.sample(placed, "place")
    if isinstance(sample, NotApplicable):
        return sample
    value = sample.rows["place"].to_numpy(dtype=np.float64)
    if value.min() == value.max():
        return NotApplicable("all units have the same place")
    seen = probe.found(sample, probe.by_value(sample, probe.bins(value)))
    usual = {
        label: f"median {np.median(value[has]):.2f} of the way"
        for label, has in zip(sample.labels, sample.truth.T, strict=True)
    }
    return probe.outcome(sample, seen, what, usual)


def _places(subject: Subject) -> tuple[str, "pd.Series"]:
    """Return what the place is, and the place of each unit from 0 to 1; NaN where there is none."""
    import pandas as pd

    units = subject.units
    part = parts(subject)
    if part.any():
        articles = subject.articles[subject.articles["text"].notna()]
        whole = articles.set_index("article_id")["text"].map(len)
        ends = units["start"] + units["text"].map(len, na_action="ignore").fillna(1).astype(float)
        length = units["article_id"].map(whole).fillna(ends.groupby(units["article_id"]).transform("max"))
        return "the place of the part in its article alone", (units["start"] / length).where(part).astype(float)
    named = [_first(text, target) for text, target in zip(units["text"], units["target"], strict=True)]
    return "the place where the text first names the target alone", pd.Series(named, units.index, dtype=float)


def _first(text: Any, target: Any) -> float:
    """Return where the text first names the target, 0 to 1; NaN where it does not, or one is not there."""
    if not isinstance(text, str) or not isinstance(target, str) or not target:
        return np.nan
    at = text.casefold().find(target.casefold())
    return at / len(text) if at >= 0 else np.nan


CHECK = Check("GW304", "position_shortcut", "The place in the article gives the label away", "warning", True, look)
