"""Bags of words and character n-grams with logistic regression: hard to beat on small data, and quick."""

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from goldwire.eval.baselines.rowspace import RowSpace
from goldwire.eval.measure import Gold
from goldwire.eval.metrics import Array, macro_f1

if TYPE_CHECKING:
    import pandas as pd

_GRID = (1.0, 10.0, 100.0)
_FIXED = 10.0
_FOLDS = 3
_ENOUGH = (
    100,
    5000,
)  # rows: below, folds are too small to choose by; above, the choice matters little and costs much
_FEATURES = 50_000


class TfidfLogreg:
    """TF-IDF of each field on its own, joined, and a logistic regression that weighs labels equally.

    The strength of the penalty is chosen by macro-F1 over folds of the training rows that keep stories whole, when
    there are enough of them; the vocabularies are learnt inside each fold.
    """

    def __init__(self, labels: list[str], seed: int, fields: tuple[str, ...]) -> None:
        self.labels = labels
        self.seed = seed
        self.fields = fields
        self.parameters: dict[str, Any] = {}
        self._features: Any = None
        self._classifier: Any = None
        self._only: str | None = None

    def fit(self, rows: "pd.DataFrame") -> None:
        """Choose C, then learn from all rows. With one label only, that label is the answer."""
        used = [field for field in self.fields if (rows[field] != "").any()]
        if len(set(rows["label"])) == 1 or not used:
            self._only = rows["label"].mode()[0]
            self.parameters = {"constant": self._only}
            return
        c, scores = self._choose(rows, used)
        self._features = _features(used, len(rows))
        space = RowSpace(self._features.fit_transform(rows))
        for _, vectoriser, _ in self._features.transformers_:
            # scikit-learn keeps a memory address there: without it, the same rows make the same file
            getattr(vectoriser, "__dict__", {}).pop("_stop_words_id", None)
        self._classifier = space.fit(self._regression(c), list(rows["label"]))
        self.parameters = {"C": c, "fields": used, "features": self._classifier.n_features_in_}
        if scores:
            self.parameters["macro_f1_by_C"] = scores

    def shares(self, rows: "pd.DataFrame") -> Array:
        """Return the probability of each label; 0 for a label that was not in training."""
        shares = np.zeros((len(rows), len(self.labels)))
        if self._only is not None:
            shares[:, self.labels.index(self._only)] = 1
        elif len(rows):
            columns = [self.labels.index(label) for label in self._classifier.classes_]
            shares[:, columns] = self._classifier.predict_proba(self._features.transform(rows))
        return shares

    def _choose(self, rows: "pd.DataFrame", used: list[str]) -> tuple[float, dict[str, float]]:
        from sklearn.model_selection import StratifiedGroupKFold

        if not _ENOUGH[0] <= len(rows) <= _ENOUGH[1] or rows["cluster"].nunique() < 2 * _FOLDS:
            return _FIXED, {}
        folds = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=self.seed)
        predicted = {c: np.empty(len(rows), dtype=object) for c in _GRID}
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="The least populated class", category=UserWarning)
            divisions = list(folds.split(rows, rows["label"], rows["cluster"]))
        for train, held_out in divisions:
            learnt, asked = rows.iloc[train], rows.iloc[held_out]
            if learnt["label"].nunique() == 1:
                return _FIXED, {}
            features = _features([field for field in used if (learnt[field] != "").any()], len(rows))
            space, unseen = RowSpace(features.fit_transform(learnt)), features.transform(asked)
            for c in _GRID:
                predicted[c][held_out] = space.fit(self._regression(c), list(learnt["label"])).predict(unseen)
        gold = Gold.of(self.labels, list(rows["label"]), list(rows["cluster"]))
        scores = {c: float(macro_f1(gold.matrices(list(given)), self.labels)[0]) for c, given in predicted.items()}
        return max(_GRID, key=lambda c: scores[c]), {f"{c:g}": round(score, 6) for c, score in scores.items()}

    def _regression(self, c: float) -> Any:
        from sklearn.linear_model import LogisticRegression

        return LogisticRegression(C=c, class_weight="balanced", max_iter=2000, tol=1e-6, random_state=self.seed)


def _features(fields: list[str], rows: int) -> Any:
    """Return an untrained vectoriser of the fields; each field's vectors have length 1, so none drowns another."""
    from sklearn.compose import ColumnTransformer
    from sklearn.feature_extraction.text import TfidfVectorizer

    least = 2 if rows >= 200 else 1

    def characters(low: int, high: int, least: int) -> Any:
        return TfidfVectorizer(
            analyzer="char_wb", ngram_range=(low, high), sublinear_tf=True, min_df=least, max_features=_FEATURES
        )

    words = TfidfVectorizer(
        ngram_range=(1, 2), sublinear_tf=True, min_df=least, max_features=_FEATURES, token_pattern=r"(?u)\b\w+\b"
    )
    parts = [(field, characters(2, 4, 1), field) for field in fields if field != "text"]
    if "text" in fields:
        parts += [("words", words, "text"), ("characters", characters(3, 5, least), "text")]
    return ColumnTransformer(parts, sparse_threshold=1.0)
