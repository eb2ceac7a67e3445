"""One-vs-rest: it learns several labels, its thresholds come from training alone, and odd training is no accident."""

import pickle

import numpy as np
import pytest

from goldwire.eval.baselines import folds as folding
from goldwire.eval.baselines.base import Shared
from goldwire.eval.baselines.combined import Combined
from goldwire.eval.baselines.folds import sampled
from goldwire.eval.baselines.hierarchical import Hierarchical
from goldwire.eval.baselines.keyword_counts import KeywordCounts
from goldwire.eval.baselines.keyword_trees import KeywordTrees
from goldwire.eval.baselines.labelwise import Labelwise
from goldwire.eval.baselines.lead import Lead
from goldwire.eval.baselines.one_vs_rest import OneVsRest
from goldwire.eval.baselines.sentences import Sentences
from goldwire.eval.baselines.thresholds import micro_f1
from goldwire.eval.task import Task
from storied import TASK, articles, framed

KINDS = (OneVsRest, Lead, Sentences, KeywordCounts, KeywordTrees)


@pytest.mark.parametrize("kind", [OneVsRest, Sentences, KeywordCounts, KeywordTrees])
def test_several_labels_are_learnt_and_told_of_new_articles(kind: type[Labelwise]) -> None:
    train, new = articles(150, seed=1), articles(60, seed=2)
    model = kind(TASK, 0)
    shared = Shared()
    model.fit(train, shared)
    answers = model.decide(model.shares(new.drop(columns=["labels", "label"]), shared))
    assert micro_f1(TASK.marks(list(new["labels"])), TASK.marks(answers)) > 0.95
    assert model.thresholds is not None
    assert set(model.parameters["thresholds"]) == set(TASK.labels)


@pytest.mark.parametrize("kind", [OneVsRest, KeywordCounts, Combined])
def test_with_more_rows_than_are_tuned_on_every_label_still_has_a_threshold(
    kind: type[Labelwise], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = articles(150, seed=1)
    monkeypatch.setattr(folding, "MOST", 120)
    model = kind(TASK, 0)
    model.fit(rows, Shared())
    assert model.parameters["tuned_on"] == len(sampled(rows, 0)) <= 120
    assert set(model.parameters["thresholds"]) == set(TASK.labels)
    assert model.thresholds is not None
    assert (model.thresholds != 0.5).any()
    answers = model.decide(model.shares(articles(60, seed=2), Shared()))
    assert micro_f1(TASK.marks(list(articles(60, seed=2)["labels"])), TASK.marks(answers)) > 0.95


def test_shuffled_labels_cannot_be_learnt() -> None:
    train, new = articles(150, seed=1), articles(60, seed=2)
    train["labels"] = list(np.random.default_rng(0).permutation(train["labels"].to_numpy()))
    model = OneVsRest(TASK, 0)
    model.fit(train, Shared())
    answers = model.decide(model.shares(new, Shared()))
    assert micro_f1(TASK.marks(list(new["labels"])), TASK.marks(answers)) < 0.6


@pytest.mark.parametrize("kind", KINDS)
def test_capitals_make_no_difference(kind: type[Labelwise]) -> None:
    train, new = articles(60, seed=1), articles(20, seed=2)
    model = kind(TASK, 0)
    model.fit(train, Shared())
    shouted = new.assign(text=new["text"].str.upper())
    np.testing.assert_allclose(model.shares(shouted, Shared()), model.shares(new, Shared()))


@pytest.mark.parametrize("kind", KINDS)
def test_a_label_with_one_example_or_none_and_one_that_all_have_are_no_error(kind: type[Labelwise]) -> None:
    task = Task(("ALL", "ONE", "NONE"), "multiple")
    train = articles(120, seed=1)
    train["labels"] = [("ALL", "ONE")] + [("ALL",)] * 119
    model = kind(task, 0)
    model.fit(train, Shared())
    shares = model.shares(articles(5, seed=2), Shared())
    assert shares[:, 0].tolist() == [1] * 5
    assert shares[:, 2].tolist() == [0] * 5
    assert all("ALL" in answer and "NONE" not in answer for answer in model.decide(shares))


@pytest.mark.parametrize("kind", KINDS)
def test_empty_texts_are_answered_and_no_rows_give_no_shares(kind: type[Labelwise]) -> None:
    train = articles(60, seed=1)
    train.loc[:4, "text"] = ""
    model = kind(TASK, 0)
    model.fit(train, Shared())
    shares = model.shares(framed(["", "   ", "?!"]), Shared())
    assert np.isfinite(shares).all()
    assert ((shares >= 0) & (shares <= 1)).all()
    assert model.shares(train.iloc[:0], Shared()).shape == (0, 3)


@pytest.mark.parametrize("kind", KINDS)
def test_training_without_any_word_gives_the_shares_of_the_labels(kind: type[Labelwise]) -> None:
    model = kind(TASK, 0)
    model.fit(framed(["", "", "", ""], [("FIRE",), ("FIRE", "THEFT"), (), ()]), Shared())
    np.testing.assert_allclose(model.shares(framed(["The mill burned."]), Shared()), [[0.5, 0.25, 0]])


@pytest.mark.parametrize("kind", [Lead, Sentences, KeywordCounts, KeywordTrees])
def test_where_one_answer_is_asked_for_the_shares_sum_to_one(kind: type[Labelwise]) -> None:
    task = Task(("FIRE", "THEFT", "FLOOD", "UNSEEN"))
    rows = articles(300, seed=3)
    rows = rows[rows["labels"].map(len) == 1].reset_index(drop=True)
    model = kind(task, 0)
    model.fit(rows.iloc[:100], Shared())
    new = rows.iloc[100:]
    shares = model.shares(new, Shared())
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    assert (shares[:, 3] == 0).all()
    if kind is not Lead:  # in which the sentence often is not
        assert np.mean([a == b for a, b in zip(model.decide(shares), new["labels"], strict=True)]) > 0.9
    assert model.thresholds is None


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_rows_and_seed_make_the_same_model_byte_for_byte(kind: type[Labelwise]) -> None:
    made = []
    for _ in range(2):
        model = kind(TASK, 7)
        model.fit(articles(110, seed=1), Shared())
        made.append(pickle.dumps(model.shares(articles(9, seed=2), Shared())) + repr(model.parameters).encode())
    assert made[0] == made[1]


def test_a_pickled_model_answers_alike_and_keeps_no_text() -> None:
    train, new = articles(120, seed=1), articles(9, seed=2)
    train.loc[0, "text"] += " Zyxwvut"
    for kind in KINDS:
        model = kind(TASK, 0)
        model.fit(train, Shared())
        stored = pickle.dumps(model)
        assert b"The council met on Monday" not in stored
        np.testing.assert_array_equal(pickle.loads(stored).shares(new, Shared()), model.shares(new, Shared()))


def test_few_rows_have_thresholds_of_one_half() -> None:
    model = OneVsRest(TASK, 0)
    model.fit(articles(40, seed=1), Shared())
    assert model.thresholds is None
    assert model.parameters == {"C": 10.0}


def test_two_questions_about_the_same_units_share_features_and_no_answers() -> None:
    rows, shared = articles(120, seed=1), Shared()
    other = rows.assign(labels=[() if answer else ("FIRE",) for answer in rows["labels"]])
    first, second = OneVsRest(TASK, 0), OneVsRest(TASK, 0)
    first.fit(rows, shared)
    second.fit(other, shared)
    alone = OneVsRest(TASK, 0)
    alone.fit(other, Shared())
    np.testing.assert_allclose(second.shares(rows, shared), alone.shares(rows, Shared()))
    assert not np.allclose(first.shares(rows, shared), second.shares(rows, shared))


def test_of_a_tree_no_path_has_more_than_the_path_above() -> None:
    task = Task(("Harm", "Harm/FIRE", "Harm/THEFT", "FLOOD"), "tree")
    rows = articles(130, seed=1)
    rows["labels"] = [tuple(x if x == "FLOOD" else f"Harm/{x}" for x in answer) for answer in rows["labels"]]
    for kind in (OneVsRest, Hierarchical):
        model = kind(task, 0)
        model.fit(rows, Shared())
        shares = model.shares(articles(40, seed=2), Shared())
        assert (shares[:, 1:3] <= shares[:, :1] + 1e-12).all()
        (answer,) = model.decide(model.shares(framed(["Thieves stole nine bicycles. Snow is expected."]), Shared()))
        assert answer == ("Harm/THEFT",)
