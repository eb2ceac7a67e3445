"""The lead: what happened is mostly told in the first paragraph, and the rest can distract."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from goldwire.eval.baselines.base import Baseline, Shared
from goldwire.eval.baselines.features import Features, Fitted
from goldwire.eval.baselines.one_vs_rest import OneVsRest
from goldwire.eval.baselines.tfidf import Tfidf
from goldwire.eval.task import TYPES
from goldwire.text.paragraphs import paragraphs
from goldwire.text.words import words

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 25  # words; a headline, a byline or a dateline alone is no lead


def lead(text: str) -> str:
    """Return the text up to the end of the first paragraph with which there are 25 words; all of it, if never."""
    for _, end in paragraphs(text):
        if len(words(text[:end])) >= FEWEST:
            return text[:end]
    return text


class _FittedLead(Fitted):
    def __init__(self, of_lead: Fitted) -> None:
        self._of_lead = of_lead

    def matrix(self, rows: "pd.DataFrame", shared: Shared) -> Any:
        return self._of_lead.matrix(cut(rows), shared)


class LeadTfidf(Features):
    """The n-grams of the lead, and of no other field."""

    fields = ("text",)

    def fit(self, rows: "pd.DataFrame", shared: Shared, size: int) -> Fitted:
        """Learn the vocabulary of the leads."""
        return _FittedLead(Tfidf(self.fields).fit(cut(rows), shared, size))


def cut(rows: "pd.DataFrame") -> "pd.DataFrame":
    """Return rows whose text is the lead, under other ids, since what is kept of rows is found by their ids."""
    return rows.assign(text=[lead(text) for text in rows["text"]], unit_id=[f"{id_}/lead" for id_ in rows["unit_id"]])


class Lead(OneVsRest):
    """The lead alone, seen as the whole text is by one-vs-rest."""

    name = "lead"

    def features(self) -> Features:
        """Return the n-grams of the lead."""
        return LeadTfidf()


BASELINES: Sequence[Baseline] = (
    Baseline(
        "lead",
        "TF-IDF of the beginning, up to the first paragraph with 25 words; a logistic regression for each label",
        Lead,
        types=TYPES,
    ),
)
