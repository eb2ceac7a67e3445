"""Baselines of anybody's: whatever is wrong with what they give is an error that names them."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from goldwire.errors import GoldwireError
from goldwire.eval.baselines.base import Baseline, Model, Shared
from goldwire.eval.baselines.guarded import answered, fitted
from goldwire.eval.task import Answer, Array, Task

ROWS = pd.DataFrame({"unit_id": ["u1", "u2"]})
RIGHT = np.array([[0.2, 0.8], [1.0, 0.0]])


class Theirs(Model):
    """Gives what the test says."""

    gives: Any = RIGHT
    decides: Callable[[Array], Any] | None = None
    learns: Any = None

    def fit(self, rows: Any, shared: Shared) -> None:  # noqa: ARG002
        if isinstance(self.learns, Exception):
            raise self.learns
        self.parameters = {"learnt": self.learns}

    def shares(self, rows: Any, shared: Shared) -> Array:  # noqa: ARG002
        if isinstance(self.gives, Exception):
            raise self.gives
        return self.gives  # type: ignore[no-any-return]

    def decide(self, shares: Array) -> list[Answer]:
        return super().decide(shares) if self.decides is None else self.decides(shares)


def model_that(task: Task, gives: Any = RIGHT, decides: Callable[[Array], Any] | None = None) -> Theirs:
    model = Theirs(task, 0)
    model.gives, model.decides = gives, decides
    return model


def test_what_is_right_is_given_on() -> None:
    shares, answers = answered("theirs", model_that(Task(("a", "b"))), ROWS, Shared())
    np.testing.assert_array_equal(shares, RIGHT)
    assert answers == [("b",), ("a",)]
    several = model_that(Task(("a", "b"), "multiple"), decides=lambda _: [["a", "b"], []])
    assert answered("theirs", several, ROWS, Shared())[1] == [("a", "b"), ()]


@pytest.mark.parametrize(
    ("gives", "decides", "message"),
    [
        (RIGHT * np.nan, None, "gave shares that are not from 0 to 1"),
        (RIGHT * 2, None, "gave shares that are not from 0 to 1"),
        (RIGHT - 1, None, "gave shares that are not from 0 to 1"),
        (RIGHT[:1], None, "gave shares of shape (1, 2), not (2, 2)"),
        (None, None, "gave shares of shape (), not (2, 2)"),
        (KeyError("x"), None, "failed: KeyError: 'x'"),
        (
            ModuleNotFoundError("No module named 'them'"),
            None,
            "needs a package that is not here: No module named 'them'",
        ),
        (RIGHT, lambda _: [("a",)], "gave 1 answers for 2 units"),
        (RIGHT, lambda _: [("a",), ("c",)], 'gave the label "c", which the question has not'),
        (RIGHT, lambda _: [("a",), ()], "gave an answer of 0 labels to a question that has one"),
        (RIGHT, lambda _: [("a",), ("a", "b")], "gave an answer of 2 labels to a question that has one"),
    ],
)
def test_what_is_no_answer_is_refused(gives: Any, decides: Any, message: str) -> None:
    with pytest.raises(GoldwireError) as error:
        answered("theirs", model_that(Task(("a", "b")), gives, decides), ROWS, Shared())
    assert error.value.message == f'baseline "theirs" {message}'


@pytest.mark.parametrize(
    ("learns", "message", "hint"),
    [
        (ValueError("empty"), "failed: ValueError: empty", "Leave it out, or mend it."),
        (np.int64(3), "gave parameters that are not JSON: Object of type int64 is not JSON serializable", None),
        (float("nan"), "gave parameters that are not JSON: Out of range float values are not JSON compliant", None),
        (
            ImportError("no torch"),
            "needs a package that is not here: no torch",
            'Install it with: pip install "goldwire[embeddings]"',
        ),
    ],
)
def test_what_cannot_learn_is_named(
    monkeypatch: pytest.MonkeyPatch, learns: Any, message: str, hint: str | None
) -> None:
    monkeypatch.setattr(Theirs, "learns", learns)
    baseline = Baseline("theirs", "of somebody else", Theirs, extra="embeddings")
    with pytest.raises(GoldwireError) as error:
        fitted(baseline, Task(("a", "b")), ROWS, Shared(), 0)
    assert error.value.message.startswith(f'baseline "theirs" {message}')
    assert error.value.hint == hint
