"""Sentence embeddings with logistic regression: meaning where words differ. Needs the extra `embeddings`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from goldwire.eval.baselines.base import Baseline, Shared
from goldwire.eval.baselines.encoder import WINDOW, Encoder
from goldwire.eval.baselines.features import Features, Fitted
from goldwire.eval.baselines.per_target import PerTarget, PerTargetLogReg
from goldwire.eval.baselines.tfidf import Tfidf
from goldwire.eval.baselines.tfidf_logreg import LogReg

if TYPE_CHECKING:
    import pandas as pd


class FittedEmbeddings(Fitted):
    """Which fields are embedded, and whether the text's first window stands apart."""

    def __init__(self, fields: Sequence[str], *, long: bool) -> None:
        self._fields = tuple(fields)
        self._long = long

    def matrix(self, rows: "pd.DataFrame", shared: Shared) -> Any:
        """Return each field's vector, the text's first window where texts are long, and text times target."""
        from scipy.sparse import csr_matrix

        encoder = Encoder.of(rows, shared)
        found = {field: encoder.mean(list(rows[field])) for field in self._fields}
        if self._long:
            found["first"] = encoder.first(list(rows["text"]))
        if {"text", "target"} <= set(self._fields):
            product = found["text"] * found["target"]
            found["product"] = product / np.maximum(np.linalg.norm(product, axis=1, keepdims=True), 1e-12)
        return csr_matrix(np.hstack(list(found.values())))


class Embeddings(Features):
    """The fields of a unit as vectors of a model that was trained elsewhere; nothing is learnt from the rows."""

    def __init__(self, fields: Sequence[str] = ("holder", "target", "text")) -> None:
        self.fields = tuple(fields)

    def fit(self, rows: "pd.DataFrame", shared: Shared, size: int) -> FittedEmbeddings:
        """See which fields are used, and whether any text is longer than a window."""
        used = self.used(rows)
        long = "text" in used and any(len(text.split()) > WINDOW for text in rows["text"])
        return FittedEmbeddings(used, long=long)


BASELINES = (
    Baseline(
        "embeddings",
        "sentence embeddings (all-MiniLM-L6-v2), logistic regression",
        lambda task, seed: LogReg(task, seed, Embeddings()),
        extra="embeddings",
        probes=("embeddings-text-only",),
    ),
    Baseline(
        "embeddings-text-only",
        "embeddings, blind to holder and target",
        lambda task, seed: LogReg(task, seed, Embeddings(("text",))),
        needs_target=True,
        extra="embeddings",
    ),
    Baseline(
        "embeddings-per-target",
        "TF-IDF and sentence embeddings of the text, weights of each target's own, drawn towards those of all",
        lambda task, seed: PerTargetLogReg(task, seed, PerTarget(Tfidf(("text",)), Embeddings(("text",)))),
        needs_target=True,
        extra="embeddings",
        probes=("tfidf-per-target",),
    ),
)
