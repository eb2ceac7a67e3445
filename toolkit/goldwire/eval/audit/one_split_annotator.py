"""GW401: what is peculiar to an annotator who answered one split only is a difference between splits."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from goldwire.eval.audit.answered import clusters
from goldwire.eval.audit.finding import Check, Fired, NotApplicable, Outcome, Silent
from goldwire.eval.audit.subject import Subject
from goldwire.eval.audit.wording import counted, listed
from goldwire.stats.holm import holm

if TYPE_CHECKING:
    import pandas as pd

ALPHA = 0.05


def look(subject: Subject) -> Outcome:
    """Find annotators all of whose stories are in one split, where by the others' that would be unlikely."""
    if subject.votes is None or not len(subject.votes):
        return NotApplicable("the votes are not there")
    rows = _stories(subject)
    people = sorted(rows["annotator"].unique())
    if not len(rows) or rows["split"].nunique() < 2:
        return NotApplicable("the units that were voted on are not in two splits or more")
    if len(people) < 2:
        return NotApplicable("there is one annotator only")
    splits = rows.groupby("annotator")["split"].nunique()
    alone = [name for name in people if splits[name] == 1]
    chance = _chances(rows, alone)
    found = [name for name, p in zip(alone, _adjusted(chance, len(people)), strict=True) if p < ALPHA]
    if not found:
        return Silent(f"{counted(len(people), 'annotator')}: none keeps to one split by more than chance.")
    cases = []
    for name in found:
        own = rows[rows["annotator"] == name]
        split, stories = own["split"].iloc[0], counted(len(own), "story")
        cases.append(f"{name}: {counted(int(own['units'].sum()), 'unit')} of {stories}, all in {split}")
    text = f"{counted(len(found), 'annotator')} of {len(people)} in one split only: {listed(found)}."
    return Fired(text, len(found), cases)


def _stories(subject: Subject) -> "pd.DataFrame":
    """Return one row an annotator, story and split, with the number of units."""
    assert subject.votes is not None
    units = subject.units.assign(cluster=clusters(subject.units))
    votes = subject.votes[["annotator", "unit_id"]].drop_duplicates()
    rows = votes.merge(units[["unit_id", "split", "cluster"]].dropna(), on="unit_id")
    return rows.groupby(["annotator", "cluster", "split"], as_index=False).agg(units=("unit_id", "count"))


def _chances(rows: "pd.DataFrame", names: Sequence[str]) -> list[float]:
    """Return how likely it is that all stories of each are in their split, drawn from the others' stories."""
    people = rows.groupby(["cluster", "split"])["annotator"].transform("size")
    first = ~rows.duplicated(["cluster", "split"])
    stories = rows.loc[first, "split"].value_counts()
    found = []
    for _, own in rows.assign(only=people == 1)[rows["annotator"].isin(names)].groupby("annotator"):
        alone = int(own["only"].sum())  # stories that nobody else answered
        split = own["split"].iloc[0]
        found.append(float((stories[split] - alone) / (stories.sum() - alone)) ** len(own))
    return found


def _adjusted(chance: list[float], people: int) -> list[float]:
    """Adjust by Holm for all annotators; those in several splits count as not unlikely."""
    return [p for p in holm([*chance, *[1.0] * (people - len(chance))]) if p is not None][: len(chance)]


CHECK = Check(
    "GW401", "one_split_annotator", "Some annotators answered units of one split only", "warning", False, look
)
