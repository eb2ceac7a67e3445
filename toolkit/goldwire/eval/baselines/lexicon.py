"""A lexicon: the words by which the codebook itself tells its labels apart."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from goldwire.eval.baselines.base import Shared
from goldwire.eval.baselines.stems import stems
from goldwire.eval.task import Array, Task
from goldwire.scheme import Label

if TYPE_CHECKING:
    import pandas as pd

# scikit-learn counts these among the function words
_NO_FUNCTION_WORDS = frozenset({"bill", "computer", "cry", "detail", "fill", "fire", "mill", "system"})
_NAME, _DEFINITION, _EXAMPLE = 1.0, 0.5, 0.25  # how much a word from there says


@dataclass(frozen=True)
class Lexicon:
    """Phrases, as stems parted by spaces, and what each says for each label.

    Attributes
    ----------
    phrases : tuple of str
        Each once, in the order of the codebook.
    weights : array, phrases x labels
        0 to 1; a phrase that several labels have says less for each.
    """

    phrases: tuple[str, ...]
    weights: Array

    def counts(self, rows: "pd.DataFrame", shared: Shared) -> Array:
        """Return how often each phrase stands in each row's text, rows x phrases."""
        found = np.zeros((len(rows), len(self.phrases)))
        for at, text in enumerate(stemmed(rows, shared)):
            for number, phrase in enumerate(self.phrases):
                # two that touch share the space between them, and are counted still
                if phrase in text:
                    found[at, number] = text.replace(" ", "  ").count(f" {phrase.replace(' ', '  ')} ")
        return found


def stemmed(rows: "pd.DataFrame", shared: Shared) -> list[str]:
    """Return the stems of each row's text, parted by spaces and with one at both ends."""
    return shared.once(rows, "stems", lambda: [f" {' '.join(stems(text))} " for text in rows["text"]])


def lexicon(task: Task) -> Lexicon:
    """Return the lexicon of a question.

    A label's keywords are its phrases; of a label without keywords, the words of its name, its definition and its
    example, in this order of weight, without function words. A path of a tree is described by its last label; labels
    that the codebook does not have (after recoding, or without one) by their name.
    """
    each = [_phrases(_label(task, name)) for name in task.labels]
    having = Counter(phrase for phrases in each for phrase in phrases)
    place = {phrase: at for at, phrase in enumerate(having)}
    weights = np.zeros((len(having), len(each)))
    for column, phrases in enumerate(each):
        for phrase, weight in phrases.items():
            weights[place[phrase], column] = weight / having[phrase]
    return Lexicon(tuple(having), weights)


def negative(task: Task) -> int | None:
    """Return the position of the label that says "nothing", or None."""
    for at, name in enumerate(task.labels):
        if name == task.negative or _label(task, name).role == "negative":
            return at
    return None


def _label(task: Task, name: str) -> Label:
    if task.question is not None and name in set(task.question.label_names()):
        return task.question.label(name)
    return Label(name=name.rpartition("/")[2] or name, definition="-")


def _phrases(label: Label) -> dict[str, float]:
    if label.keywords:
        return dict.fromkeys([" ".join(stems(keyword)) for keyword in label.keywords if stems(keyword)], 1.0)
    if label.role == "negative":
        return {}  # what is said of "nothing" is mostly what else there could be
    found: dict[str, float] = {}
    name = label.name.replace("_", " ")
    for text, weight in ((name, _NAME), (label.definition, _DEFINITION), (label.example or "", _EXAMPLE)):
        for word in _telling(stems(text)):
            found.setdefault(word, weight)
    return found


def _telling(found: Sequence[str]) -> list[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    without = {stem for word in ENGLISH_STOP_WORDS - _NO_FUNCTION_WORDS for stem in stems(word)}
    return [stem for stem in found if stem not in without and len(stem) > len("is") and not stem.isdigit()]
