"""What is audited: one dataset as frames, wherever it came from. A frame that is None is not known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Other:
    """Another dataset that may overlap with this one: its name and texts by id."""

    name: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Subject:
    """A dataset to look at.

    Attributes
    ----------
    units : DataFrame
        One row a unit, by unit_id: unit_id, article_id, split (None outside all), text (what was shown; None where it
        is not there), start (the offset of a part in its article, NaN of a whole), outlet, published_at (datetime64
        UTC or NaT), target, holder, story, and the columns of `shared`. What is not known is None.
    shared : list of str
        Columns of `units` whose values should stand in one split only, such as article_id, story, group, headline.
    answers : DataFrame
        Gold, one row a unit and question: question (``<scheme>.<question>``), unit_id, labels (sorted, [] where
        none fits, None while unresolved), decided_by, tied (bool), n_votes.
    labels : dict
        The labels that gold can have, by question, in scheme order; of several-choice questions too.
    votes : DataFrame or None
        Answers that count and do not abstain, after recoding: question, unit_id, annotator, labels.
    mentions : DataFrame or None
        Marked spans: mention_id, article_id, start, end (in the article's text), text.
    articles : DataFrame
        article_id, text (None where it is not there), split, licence (None where it is not known), outlet.
    others : sequence of Other
        Datasets to look for overlap with.
    digests : tuple of (str, str) or None
        What the dataset folder's card says its content is, and what it is; None where there is no folder.
    texts, scrub : bool
        Whether texts are published, and whether e-mail addresses and phone numbers are masked in them.
    seed, resamples, level
        Of probes and intervals.
    memo : dict
        What one check has found and another needs, such as near-duplicates; `of` hands it on.
    """

    units: "pd.DataFrame"
    shared: Sequence[str]
    answers: "pd.DataFrame"
    labels: Mapping[str, Sequence[str]]
    articles: "pd.DataFrame"
    votes: "pd.DataFrame | None" = None
    mentions: "pd.DataFrame | None" = None
    others: Sequence[Other] = field(default_factory=tuple)
    digests: tuple[str, str] | None = None
    texts: bool = True
    scrub: bool = False
    seed: int = 0
    resamples: int = 1000
    level: float = 0.95
    memo: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def of(self, question: str) -> "Subject":
        """Return the subject with the answers, labels and votes of one question, and all units."""
        return replace(
            self,
            answers=self.answers[self.answers["question"] == question].reset_index(drop=True),
            labels={question: self.labels[question]},
            votes=None
            if self.votes is None
            else self.votes[self.votes["question"] == question].reset_index(drop=True),
        )
