"""N-grams counted once a text: what is learnt of the counts is what scikit-learn learns of the texts."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.eval.baselines import ngrams, tfidf
from goldwire.eval.baselines.base import Shared
from goldwire.eval.baselines.ngrams import Counts
from goldwire.eval.baselines.tfidf import Bag

WORDS = ["Dam", "dam", "flood", "la", "água", "水", "x1", "of the"]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join), min_size=2, max_size=8)
BAGS = [Bag("text", "word", 1, 2, 2), Bag("text", "char_wb", 3, 5), Bag("target", "char_wb", 2, 4)]


@pytest.mark.parametrize("bag", BAGS, ids=lambda bag: bag.analyzer)
@pytest.mark.parametrize("most", [5, 50_000])
@settings(max_examples=25)
@given(folds=st.tuples(TEXTS, TEXTS), asked=TEXTS)
def test_a_bag_of_a_fold_is_that_of_scikit_learn_whatever_was_counted_before(
    bag: Bag, most: int, folds: tuple[list[str], list[str]], asked: list[str]
) -> None:
    texts = Shared()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tfidf, "_MOST", most)
        for train in folds:
            shared, alone = Shared(beside=texts), bag.vectoriser()
            try:
                expected = alone.fit_transform(train)
            except ValueError as error:
                with pytest.raises(ValueError, match=str(error).split(".")[0]):
                    bag.learn(train, shared)
                continue
            vectoriser, made = bag.learn(train, shared)
            assert vectoriser.vocabulary_ == alone.vocabulary_
            np.testing.assert_allclose(made.toarray(), expected.toarray(), rtol=1e-14)
            expected = alone.transform(asked).toarray()
            for how in (shared, Shared()):  # counted, and as a model that was read from a file does it
                np.testing.assert_allclose(bag.matrix(vectoriser, asked, how).toarray(), expected, rtol=1e-14)


def test_each_text_is_counted_once() -> None:
    counted: Counter[str] = Counter()

    def analyse(text: str) -> list[str]:
        counted[text] += 1
        return text.split()

    counts = Counts(analyse)
    assert counts.keep(["a b a", "b"])
    assert counts.keep(["b", "c", "c"])
    assert counted == {"a b a": 1, "b": 1, "c": 1}
    assert counts.vocabulary(["a b a", "b"], 1, 9) == {"a": 0, "b": 1}
    assert counts.matrix(["c", "a b a"], {"a": 0, "b": 1}).toarray().tolist() == [[0, 0], [2, 1]]


def test_of_too_many_texts_none_is_kept_and_the_vectoriser_counts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ngrams, "_MOST", 2)
    shared, bag = Shared(), Bag("text", "word", 1, 1)
    vectoriser, made = bag.learn(["a b", "b", "c"], shared)
    assert shared.texts[bag.ngrams]._of == {}
    np.testing.assert_array_equal(made.toarray(), bag.vectoriser().fit_transform(["a b", "b", "c"]).toarray())
    there = bag.matrix(vectoriser, ["c", "z", "a"], shared).toarray() > 0
    assert there.tolist() == [[False, False, True], [False, False, False], [True, False, False]]


def test_beside_another_only_what_is_of_single_texts_is_in_common() -> None:
    import pandas as pd

    rows, one = pd.DataFrame({"unit_id": ["u1"]}), Shared()
    assert one.once(rows, "n", lambda: 1) == 1
    one.texts["t"] = "kept"
    two = Shared(beside=one)
    assert (two.texts["t"], two.once(rows, "n", lambda: 2)) == ("kept", 2)
