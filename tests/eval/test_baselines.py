"""Baselines: ties, unseen targets, empty fields, one label, and that they learn at all."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from goldwire.errors import GoldwireError
from goldwire.eval.baselines.base import Shared
from goldwire.eval.baselines.registry import chosen, known
from goldwire.eval.baselines.rowspace import RowSpace
from goldwire.eval.baselines.tfidf import Tfidf
from goldwire.eval.baselines.tfidf_logreg import LogReg
from goldwire.eval.task import Task

LABELS = ["favor", "against", "none"]
TASK = Task(tuple(LABELS))


def frame(labels: Sequence[str | None], **columns: Any) -> pd.DataFrame:
    n = len(labels)
    base = {"text": ["t"] * n, "target": [""] * n, "holder": [""] * n, "cluster": [f"s{i}" for i in range(n)]}
    rows = pd.DataFrame({**base, "label": labels, **columns})
    answers = [None if label is None else (label,) for label in labels]
    return rows.assign(labels=pd.Series(answers, dtype=object), unit_id=[f"u{i}" for i in range(n)])


def test_majority_gives_the_shares_of_training_and_ties_go_to_the_first_in_the_scheme() -> None:
    model = known()["majority"].make(TASK, 0)
    model.fit(frame(["none", "against", "none", "against", "favor"]), Shared())
    assert model.parameters == {"labels": ["against"]}
    np.testing.assert_allclose(model.shares(frame([None, None]), Shared()), [[0.2, 0.4, 0.4]] * 2)


def test_majority_per_target_falls_back_to_all_targets() -> None:
    model = known()["majority-per-target"].make(TASK, 0)
    model.fit(frame(["favor", "favor", "none"], target=["tax", "tax", "dam"]), Shared())
    found = model.shares(frame([None] * 3, target=["tax", "dam", "new"]), Shared())
    np.testing.assert_allclose(found, [[1, 0, 0], [0, 0, 1], [2 / 3, 0, 1 / 3]])
    assert model.shares(frame([]), Shared()).shape == (0, 3)


def test_tfidf_learns_words_and_gives_shares_that_sum_to_one() -> None:
    words = {"favor": "welcomed praised", "against": "condemned rejected", "none": "said noted"}
    labels = [label for label in words for _ in range(4)]
    rows = frame(labels, text=[f"Paper {i} {words[label]} the plan" for i, label in enumerate(labels)])
    model = LogReg(TASK, 0, Tfidf(("text",)))
    model.fit(rows, Shared())
    asked = frame([None] * 3, text=["She praised it", "He condemned it", "They said so"])
    shares = model.shares(asked, Shared())
    assert [LABELS[i] for i in shares.argmax(1)] == LABELS
    np.testing.assert_allclose(shares.sum(1), 1)
    assert model.parameters == {"C": 10.0, "fields": ["text"], "features": model.parameters["features"]}


def test_tfidf_sees_only_its_fields() -> None:
    labels = ["favor", "against"] * 6
    rows = frame(labels, target=["dam" if x == "favor" else "tax" for x in labels], holder=["Ada"] * 12)
    asked = frame([None, None], target=["dam", "tax"], holder=["Ada", "Ada"])
    blind, seeing = LogReg(TASK, 0, Tfidf(("text",))), LogReg(TASK, 0, Tfidf(("holder", "target")))
    blind.fit(rows, Shared())
    seeing.fit(rows, Shared())
    assert np.ptp(blind.shares(asked, Shared())[:, 0]) == 0
    assert [LABELS[i] for i in seeing.shares(asked, Shared()).argmax(1)] == ["favor", "against"]


def test_a_label_that_is_not_in_training_gets_no_share_and_one_label_is_the_answer() -> None:
    model = LogReg(TASK, 0, Tfidf(("text",)))
    model.fit(frame(["favor", "none"] * 3, text=["good", "so"] * 3), Shared())
    assert model.shares(frame([None], text=["bad"]), Shared())[0, 1] == 0
    constant = LogReg(TASK, 0, Tfidf(("text",)))
    constant.fit(frame(["none", "none"]), Shared())
    assert constant.parameters == {"constant": "none"}
    assert constant.shares(frame([None]), Shared()).tolist() == [[0, 0, 1]]


def test_fields_that_are_empty_in_training_are_not_used() -> None:
    model = LogReg(TASK, 0, Tfidf(("holder", "target", "text")))
    model.fit(frame(["favor", "none"] * 3, text=["good", "so"] * 3), Shared())
    assert model.parameters["fields"] == ["text"]
    assert model.shares(frame([None], text=["good"], holder=["Ada"]), Shared()).argmax() == 0
    nothing = LogReg(TASK, 0, Tfidf(("holder", "target")))
    nothing.fit(frame(["favor", "none", "none"]), Shared())
    assert nothing.parameters == {"constant": "none"}


def test_with_enough_rows_the_penalty_is_chosen_over_folds_that_keep_stories_whole() -> None:
    generator = np.random.default_rng(0)
    labels = list(generator.choice(LABELS, 120))
    clusters = [f"s{i // 4}" for i in range(120)]
    # each story has a word of its own, so a fold that divided stories would look perfect
    texts = [
        f"story{c} {'plus' if x == 'favor' and generator.random() < 0.7 else 'x'}"
        for c, x in zip(clusters, labels, strict=True)
    ]
    model = LogReg(TASK, 0, Tfidf(("text",)))
    model.fit(frame(labels, text=texts, cluster=clusters), Shared())
    scores = model.parameters["macro_f1_by_C"]
    assert list(scores) == ["1", "10", "100"]
    assert max(scores.values()) < 0.75
    assert model.parameters["C"] == max(map(float, scores), key=lambda c: scores[f"{c:g}"])
    again = LogReg(TASK, 0, Tfidf(("text",)))
    again.fit(frame(labels, text=texts, cluster=clusters), Shared())
    assert again.parameters == model.parameters


def test_rows_rotated_into_their_space_give_the_same_model() -> None:
    generator = np.random.default_rng(0)
    texts = [" ".join(generator.choice(list("abcdefghij"), 8)) for _ in range(30)] + ["a b c"] * 3  # equal rows too
    labels = list(generator.choice(LABELS, 33))
    rows = TfidfVectorizer(token_pattern=r"\w", ngram_range=(1, 3)).fit_transform(texts)
    rotated = RowSpace(rows).fit(LogisticRegression(C=10, tol=1e-10, max_iter=5000), labels)
    direct = LogisticRegression(C=10, tol=1e-10, max_iter=5000).fit(rows, labels)
    np.testing.assert_allclose(rotated.predict_proba(rows), direct.predict_proba(rows), atol=1e-5)
    np.testing.assert_allclose(rotated.coef_, direct.coef_, atol=1e-4)


def test_chosen_adds_probes_where_they_apply() -> None:
    assert list(chosen(["majority", "tfidf-logreg"], TASK, has_targets=False)) == ["majority", "tfidf-logreg"]
    assert list(chosen(["tfidf-logreg"], TASK, has_targets=True)) == [
        "tfidf-logreg",
        "tfidf-logreg-text-only",
        "tfidf-logreg-target-only",
        "majority-per-target",
    ]
    assert list(chosen(["majority-per-target"], TASK, has_targets=False)) == []


def test_an_unknown_baseline_is_refused_with_those_there_are() -> None:
    with pytest.raises(GoldwireError) as error:
        chosen(["bert"], TASK, has_targets=True)
    assert str(error.value) == 'params.yaml: eval.baselines: there is no baseline "bert"'
    assert error.value.hint == f"There are: {', '.join(known())}"
