"""The probes that read: what a linear model sees of a text and of its target, and what it answers.

Words weigh by TF-IDF, whose document frequencies are those of the whole sample (they know no labels). The classifier
is a logistic regression for each label that gives as much weight to the units with the label as to the others.
"""

import re
import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np

from goldwire.eval.audit.probe import FOLDS, Flags, Sample, chosen

_READ = 3000  # characters of a text
_AROUND, _PLACES = 60, 10  # characters on each side of a place that names the target; places
_FEATURES = 2**18
_C = 1.0
_WORD = re.compile(r"\w+")


def of_text(sample: Sample) -> Any:
    """Return what a model that is blind to the target sees, units x features (sparse): the words of the text."""
    return _words(sample.rows["text"])


def of_target(sample: Sample) -> Any:
    """Return what a model that does not read the text sees: target and holder, whole and by their words."""
    return _words(f"{_joined(asked)} {asked}" for asked in asked_about(sample))


def of_both(sample: Sample) -> Any:
    """Return what a model sees that may know how they go together.

    The text, the target, the words around the places that name it, every word of the text together with the target,
    and the share of the target's words that the text has.
    """
    from scipy.sparse import csr_matrix, hstack

    texts, targets = sample.rows["text"].tolist(), sample.rows["target"].tolist()
    near = _words(_around(text, target) for text, target in zip(texts, targets, strict=True))
    crossed = _words(_crossed(text, asked) for text, asked in zip(texts, asked_about(sample), strict=True))
    overlap = np.array([[_overlap(text, target)] for text, target in zip(texts, targets, strict=True)])
    return csr_matrix(hstack([of_text(sample), of_target(sample), near, crossed, csr_matrix(overlap)]))


def asked_about(sample: Sample) -> list[str]:
    """Return the target of each unit, with its holder where there is one."""
    holders = sample.rows["holder"].where(sample.rows["holder"].notna(), "")
    return [f"{target} {holder}".strip() for target, holder in zip(sample.rows["target"], holders, strict=True)]


def answers(sample: Sample, features: Any) -> Flags:
    """Return what a model of these features answers for units of other stories, units x labels."""
    found = np.zeros(sample.truth.shape, dtype=bool)
    for fold in range(FOLDS):
        asked = sample.fold == fold
        if not asked.any():
            continue
        learnt, unseen = features[~asked], features[asked]
        scores = np.column_stack([_scores(learnt, has[~asked], unseen, sample.seed) for has in sample.truth.T])
        found[asked] = chosen(scores, sample.single)
    return found


def _scores(learnt: Any, has: Flags, unseen: Any, seed: int) -> Any:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    if has.all() or not has.any():
        return np.full(unseen.shape[0], np.inf if has.all() else -np.inf)
    model = LogisticRegression(
        C=_C, class_weight="balanced", solver="liblinear", dual=True, tol=1e-2, random_state=seed
    )
    with (
        warnings.catch_warnings()
    ):  # equal texts with unlike labels: the last digits do not settle, and do not matter
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(learnt, has).decision_function(unseen)


def _words(texts: Iterable[str]) -> Any:
    from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

    unique: dict[str, int] = {}
    place = np.array([unique.setdefault(text[:_READ], len(unique)) for text in texts])
    hashed = HashingVectorizer(n_features=_FEATURES, alternate_sign=False, norm=None, token_pattern=r"(?u)\w+")
    times = hashed.transform(list(unique))
    return TfidfTransformer(sublinear_tf=True).fit(times[place]).transform(times)[place]


def _joined(asked: str) -> str:
    return "_".join(_WORD.findall(asked.casefold()))


def _crossed(text: str, asked: str) -> str:
    one = _joined(asked)
    return " ".join(f"{one}__{word}" for word in dict.fromkeys(_WORD.findall(text[:_READ].casefold())))


def _around(text: str, target: str) -> str:
    text, name = text.casefold(), target.casefold()
    parts: list[str] = []
    at = text.find(name)
    while at >= 0 and len(parts) < _PLACES:
        end = at + len(name)
        parts.append(text[max(0, at - _AROUND) : end + _AROUND])
        at = text.find(name, max(end, at + 1))
    return " ".join(parts)


def _overlap(text: str, target: str) -> float:
    words = set(_WORD.findall(target.casefold()))
    return len(words.intersection(_WORD.findall(text.casefold()))) / max(1, len(words))
