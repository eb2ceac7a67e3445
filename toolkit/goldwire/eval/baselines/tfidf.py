"""Bags of words and character n-grams, weighed by TF-IDF: each field of a unit on its own, each vector of length 1.

Vocabularies and IDF come from the rows that are given to `fit` and from no others. A bag is made once for the same
rows, however many models look at it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from goldwire.eval.baselines.base import Shared
from goldwire.eval.baselines.features import Features, Fitted, joined
from goldwire.provenance import digest

if TYPE_CHECKING:
    import pandas as pd

_MOST = 50_000  # n-grams of a bag
_MANY = 200  # rows from which an n-gram of the text must stand in two of them


@dataclass(frozen=True)
class Bag:
    """One kind of n-grams of one field."""

    field: str
    analyzer: str
    shortest: int
    longest: int
    least: int = 1

    def vectoriser(self) -> Any:
        """Return the vectoriser, not yet trained."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        return TfidfVectorizer(
            analyzer=self.analyzer,
            ngram_range=(self.shortest, self.longest),
            sublinear_tf=True,
            min_df=self.least,
            max_features=_MOST,
            token_pattern=r"(?u)\b\w+\b" if self.analyzer == "word" else None,
        )


def bags_of(field: str, size: int) -> tuple[Bag, ...]:
    """Return the bags of a field: a text as words and as characters, a name as characters."""
    if field != "text":
        return (Bag(field, "char_wb", 2, 4),)
    least = 2 if size >= _MANY else 1
    return Bag(field, "word", 1, 2, least), Bag(field, "char_wb", 3, 5, least)


class FittedTfidf(Fitted):
    """Vectorisers with the vocabularies of some rows."""

    def __init__(self, learnt_from: str, vectorisers: Sequence[tuple[Bag, Any]]) -> None:
        self._learnt_from = learnt_from
        self._vectorisers = list(vectorisers)

    def matrix(self, rows: "pd.DataFrame", shared: Shared) -> Any:
        """Return the bags side by side."""
        return joined(
            [
                shared.once(rows, ("tfidf", bag, self._learnt_from), partial(vectoriser.transform, rows[bag.field]))
                for bag, vectoriser in self._vectorisers
            ]
        )

    @property
    def vocabulary(self) -> set[str]:
        """The n-grams that are known, of all fields."""
        return {ngram for _, vectoriser in self._vectorisers for ngram in vectoriser.vocabulary_}


class Tfidf(Features):
    """The fields of a unit as bags, names before the text."""

    def __init__(self, fields: Sequence[str] = ("holder", "target", "text")) -> None:
        self.fields = tuple(fields)

    def fit(self, rows: "pd.DataFrame", shared: Shared, size: int) -> FittedTfidf:
        """Learn a vocabulary for each bag of each field that is used."""
        learnt_from = digest(*rows["unit_id"])

        def learn(bag: Bag) -> Any:
            vectoriser = bag.vectoriser()
            made = vectoriser.fit_transform(rows[bag.field])
            shared.once(rows, ("tfidf", bag, learnt_from), lambda: made)
            # scikit-learn keeps a memory address there: without it, the same rows make the same file
            vectoriser.__dict__.pop("_stop_words_id", None)
            return vectoriser

        bags = [bag for field in self.used(rows) for bag in bags_of(field, size)]
        return FittedTfidf(
            learnt_from, [(bag, shared.once(rows, ("vectoriser", bag), partial(learn, bag))) for bag in bags]
        )
