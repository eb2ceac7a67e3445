"""The units that have a gold answer to the question, and what moves together."""

from collections.abc import Iterable, Sequence, Set
from typing import TYPE_CHECKING

from goldwire.eval.audit.subject import Subject

if TYPE_CHECKING:
    import pandas as pd

NO_GOLD = "no unit has a gold answer to the question"
FREE_TEXT = "the answer is free text, not a label"
NO_SPLITS = "no unit with an answer is in a split"


def answered(subject: Subject) -> "pd.DataFrame":
    """Return the units with a gold answer, by unit_id: the columns of units, labels, decided_by, tied, n_votes, and
    cluster: the story, else the article, else the unit."""
    given = subject.answers[subject.answers["labels"].notna()]
    units = subject.units.drop(columns=["labels", "decided_by", "tied", "n_votes"], errors="ignore")
    rows = units.merge(given[["unit_id", "labels", "decided_by", "tied", "n_votes"]], on="unit_id")
    return rows.assign(cluster=clusters(rows)).sort_values("unit_id", ignore_index=True)


def clusters(units: "pd.DataFrame") -> "pd.Series":
    """Return what moves together with each unit: its story, else its article, else nothing but itself."""
    story, article = (units[name].where(units[name].notna(), None) for name in ("story", "article_id"))
    return story.fillna(article).fillna(units["unit_id"]).astype(str)


def parts(subject: Subject) -> "pd.Series":
    """Return whether each unit is a part of its article: it starts after 0, or ends before the article does."""
    units = subject.units
    articles = subject.articles[subject.articles["text"].notna()]
    whole = dict(zip(articles["article_id"], articles["text"].map(len), strict=True))
    length = units["text"].map(len, na_action="ignore").astype(float)
    return units["start"].notna() & ((units["start"] > 0) | (length < units["article_id"].map(whole).astype(float)))


def labels_of(subject: Subject) -> list[str]:
    """Return the labels of the one question that the subject is about, in scheme order."""
    (labels,) = subject.labels.values()
    return list(labels)


def with_paths(labels: Iterable[str], known: Set[str]) -> list[str]:
    """Return the labels and, of a tree, the paths above them: who answers A/x has said A."""
    found = set(labels)
    for label in labels:
        place = label.find("/")
        while place >= 0:
            found |= {label[:place]} & known
            place = label.find("/", place + 1)
    return sorted(found)


def counts(rows: "pd.DataFrame", labels: Sequence[str], column: str = "unit_id") -> dict[str, int]:
    """Return how many different units (or clusters) each label has."""
    found: dict[str, set[str]] = {label: set() for label in labels}
    known, paths = frozenset(labels), dict[tuple[str, ...], list[str]]()
    for given, value in zip(rows["labels"], rows[column], strict=True):
        key = tuple(given)
        if key not in paths:
            paths[key] = with_paths(key, known)
        for label in paths[key]:
            found.setdefault(label, set()).add(value)
    return {label: len(found[label]) for label in labels}
