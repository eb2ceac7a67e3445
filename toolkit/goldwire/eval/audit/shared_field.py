"""GW101: a value of a field that should stand in one split stands in two, such as a body that many pairs share."""

from typing import TYPE_CHECKING

from goldwire.eval.audit.finding import Check, Fired, NotApplicable, Outcome, Silent
from goldwire.eval.audit.subject import Subject
from goldwire.eval.audit.wording import counted, in_turn, portion, shortened

if TYPE_CHECKING:
    import pandas as pd


def look(subject: Subject) -> Outcome:
    """Count, field by field, the values in more than one split and the units that have one."""
    units = subject.units[subject.units["split"].notna()]
    if units["split"].nunique() < 2:
        return NotApplicable("the units are not in two splits or more")
    known = [field for field in subject.shared if units[field].notna().any()]
    if not known:
        return NotApplicable("no field is known that units share, such as an article, a story or a group")
    said, listed, values = [], [], 0
    for field in known:
        text, cases = _field(units[["split", field]].dropna(), field)
        values += len(cases)
        listed.append(cases)
        if cases:
            said.append(text)
    if not values:
        return Silent(f"{counted(len(units), 'unit')} compared by {', '.join(known)}.")
    return Fired(" ".join(said), values, in_turn(*listed))


def _field(rows: "pd.DataFrame", field: str) -> tuple[str, list[str]]:
    """Return a sentence with the counts, and each value in several splits: those of the most units first."""
    per = rows.groupby([field, "split"], sort=True).size()
    several = per.groupby(level=0).size() > 1
    inside = per[several.reindex(per.index.get_level_values(0)).to_numpy()]
    sizes = inside.groupby(level=0).sum()
    text = (
        f"{field}: {portion(len(sizes), len(several))} values stand in more than one split, "
        f"with {portion(int(sizes.sum()), len(rows))} units."
    )
    where: dict[str, list[str]] = {}
    values, splits = (inside.index.get_level_values(level) for level in (0, 1))
    for value, split, number in zip(values, splits, inside, strict=True):
        where.setdefault(value, []).append(f"{split} ({number:,})")
    ordered = sorted(where, key=lambda value: (-sizes[value], str(value)))
    return text, [f'{field} "{shortened(str(value))}" is in {", ".join(where[value])}' for value in ordered]


CHECK = Check("GW101", "shared_field", "A value that belongs in one split stands in several", "error", False, look)
