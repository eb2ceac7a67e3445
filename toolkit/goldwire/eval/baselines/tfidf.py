"""Bags of words and character n-grams, weighed by TF-IDF: each field of a unit on its own, each vector of length 1.

Vocabularies and IDF come from the rows that are given to `fit` and from no others. A bag is made once for the same
rows, however many models look at it, and the n-grams of a text are counted once, however many folds it stands in.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from goldwire.eval.baselines.base import Shared
from goldwire.eval.baselines.features import Features, Fitted, joined
from goldwire.eval.baselines.ngrams import Counts
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

    @property
    def ngrams(self) -> Hashable:
        """What its n-grams are, whatever the field: by this, `Shared.texts` has their counts."""
        return "ngrams", self.analyzer, self.shortest, self.longest

    def learn(self, texts: Sequence[str], shared: Shared) -> tuple[Any, Any]:
        """Return a vectoriser that has learnt from these texts, and what it makes of them."""
        vectoriser = self.vectoriser()
        if self.ngrams not in shared.texts:
            shared.texts[self.ngrams] = Counts(self.vectoriser().build_analyzer())
        counts: Counts = shared.texts[self.ngrams]
        if not counts.keep(texts) or not (vocabulary := counts.vocabulary(texts, self.least, _MOST)):
            return vectoriser, vectoriser.fit_transform(texts)
        vectoriser.vocabulary_ = vocabulary
        counted = counts.matrix(texts, vocabulary)
        weights = _weights().fit(counted)
        vectoriser.idf_ = weights.idf_
        return vectoriser, weights.transform(counted)

    def matrix(self, vectoriser: Any, texts: Sequence[str], shared: Shared) -> Any:
        """Return what a trained vectoriser makes of texts: of counts, where something was learnt by these counts."""
        counts: Counts | None = shared.texts.get(self.ngrams)
        if counts is None or not counts.keep(texts):
            return vectoriser.transform(texts)
        weights = _weights()
        weights.idf_ = vectoriser.idf_
        return weights.transform(counts.matrix(texts, vectoriser.vocabulary_))


def _weights() -> Any:
    from sklearn.feature_extraction.text import TfidfTransformer

    return TfidfTransformer(sublinear_tf=True)


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
                shared.once(
                    rows,
                    ("tfidf", bag, self._learnt_from),
                    partial(bag.matrix, vectoriser, list(rows[bag.field]), shared),
                )
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
            vectoriser, made = bag.learn(list(rows[bag.field]), shared)
            shared.once(rows, ("tfidf", bag, learnt_from), lambda: made)
            # scikit-learn keeps a memory address there: without it, the same rows make the same file
            vectoriser.__dict__.pop("_stop_words_id", None)
            return vectoriser

        bags = [bag for field in self.used(rows) for bag in bags_of(field, size)]
        return FittedTfidf(
            learnt_from, [(bag, shared.once(rows, ("vectoriser", bag), partial(learn, bag))) for bag in bags]
        )
