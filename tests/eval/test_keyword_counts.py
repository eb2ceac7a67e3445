"""Keyword counts: words chosen inside the rows that are learnt from, beside those of the codebook."""

import numpy as np

from goldwire.eval.baselines.base import Shared
from goldwire.eval.baselines.keyword_counts import Counted, KeywordCounts
from goldwire.eval.baselines.keyword_trees import KeywordTrees
from goldwire.eval.task import Task
from goldwire.scheme import Label, Question
from storied import TASK, articles, framed


def test_the_words_that_tell_a_label_are_chosen_for_it() -> None:
    model = KeywordCounts(TASK, 0)
    model.fit(articles(150, seed=1), Shared())
    trained = model._trained
    assert isinstance(trained, Counted)
    words = trained.counting.vectoriser.get_feature_names_out()
    strongest = [
        words[chosen[one.coef_[0][len(trained.counting.lexicon.phrases) :].argmax()]]
        for chosen, one in zip(trained.counting.chosen, trained.each, strict=True)
    ]
    assert strongest[0] == "burn"
    assert strongest[1] in ("stol", "stole", "stolen")
    assert strongest[2] == "flood"


def test_no_word_of_rows_that_are_not_learnt_from_is_known() -> None:
    train = articles(60, seed=1)
    model = KeywordCounts(TASK, 0)
    shared = Shared()
    model.fit(train, shared)
    new = framed(["Arsonists burned it.", "Arsonists burned it. Quokkas quokkas quokkas."])
    shares = model.shares(new, shared)
    np.testing.assert_array_equal(shares[0], shares[1])


def test_a_keyword_of_the_codebook_counts_even_where_chance_would_not_choose_it() -> None:
    labels = [Label(name="FIRE", definition="x", keywords=["set alight"]), Label(name="OTHER", definition="x")]
    question = Question(name="q", text="?", type="multiple", labels=labels)
    task = Task(("FIRE", "OTHER"), "multiple", question=question)
    train = framed(["The barn set was alight.", "The barn was set alight."] * 30, [(), ("FIRE",)] * 30)
    model = KeywordCounts(task, 0)
    model.fit(train, Shared())
    shares = model.shares(framed(["It was set alight.", "Alight, a set."]), Shared())
    assert shares[0, 0] > 0.5 > shares[1, 0]


def test_trees_see_that_one_word_turns_another_and_a_rare_label_gets_a_regression() -> None:
    # one of the two, and not both; not so even that no first split is better than none
    texts = ["bomb"] * 60 + ["bomb threat"] * 20 + ["threat"] * 45 + [""] * 35
    answers = [("A", "RARE"), *[("A",)] * 59, *[()] * 20, *[("A",)] * 45, *[()] * 35]
    task = Task(("A", "RARE"), "multiple")
    trees, straight = KeywordTrees(task, 0), KeywordCounts(task, 0)
    for model in (trees, straight):
        model.fit(framed(texts, answers), Shared())
    asked = framed(["bomb", "bomb threat", "threat", ""])
    right = [True, False, True, False]
    assert ((trees.shares(asked, Shared())[:, 0] > 0.5) == right).all()
    assert not ((straight.shares(asked, Shared())[:, 0] > 0.5) == right).all()
    assert isinstance(trees._trained, Counted)
    assert [type(one).__name__ for one in trees._trained.each] == [
        "HistGradientBoostingClassifier",
        "LogisticRegression",
    ]
