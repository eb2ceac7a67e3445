"""The linear models of the words that stand below the trees."""

import numpy as np

from goldwire.eval.baselines.pairs.linear import Stack, Words
from goldwire.eval.baselines.pairs.text import pairs

TEXTS = ["it is true and fine", "it is a hoax and false"] * 6
LABELS = ["agree", "disagree"] * 6


def test_words_of_a_side_tell_the_label() -> None:
    parsed = pairs([f"{text} {at}" for at, text in enumerate(TEXTS)], ["head"] * 12)
    model = Words(("agree", "disagree", "discuss"), "text", longest=2, strength=10, least=1)
    model.fit(parsed, np.arange(12), LABELS)
    shares = model.shares(pairs(["a hoax it is", "so true"], ["", ""]), np.array([1, 0, 1]))
    assert [("agree", "disagree", "discuss")[at] for at in shares.argmax(axis=1)] == ["agree", "disagree", "agree"]
    assert (shares[:, 2] == 0).all()
    assert np.allclose(shares.sum(axis=1), 1)


def test_without_a_choice_or_a_word_shares_are_equal() -> None:
    for texts, labels in ((TEXTS, ["agree"] * 12), ([""] * 12, LABELS)):
        model = Words(("agree", "disagree"), "text", longest=1, strength=1, least=1)
        model.fit(pairs(texts, [""] * 12), np.arange(12), labels)
        assert model.shares(pairs(["a hoax"], [""]), np.array([0])).tolist() == [[0.5, 0.5]]


def test_stacked_shares_of_a_row_come_from_models_that_had_not_its_fold() -> None:
    # a word that is in no text of another fold tells those models nothing, though it tells the label of its own
    texts = ["zebra"] * 4 + ["quagga"] * 4 + ["it is true"] * 4 + ["it is false"] * 4
    labels = (["agree"] * 4 + ["disagree"] * 4) * 2
    parsed = pairs([f"{text} {at}" for at, text in enumerate(texts)], ["head"] * 16)
    stack = Stack(("agree", "disagree"))
    crossed = stack.fit(parsed, np.arange(16), labels, np.repeat([0, 1], 8))
    own = stack.shares(parsed, np.arange(16))
    assert crossed.shape == own.shape == (16, 4)
    assert np.allclose(crossed[:4, :2], crossed[4:8, :2], atol=0.05)
    assert (own[:4, 0] > 0.6).all()
    assert (own[4:8, 0] < 0.4).all()
