"""Baselines that break, in training or in predicting: they are named, and nothing good is lost."""

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer

from goldwire.errors import GoldwireError
from goldwire.eval import models_store
from goldwire.eval.baselines import registry
from goldwire.eval.baselines.base import Baseline, Model, Shared
from goldwire.eval.models import predict_all, train_all
from goldwire.eval.task import TYPES, Array, Task
from goldwire.study import Study

MakeStudy = Callable[..., Study]


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


class Odd(Model):
    """Fails in the way that its class says."""

    problem: Exception | None = None
    given: Any = None

    def fit(self, rows: Any, shared: Shared) -> None:  # noqa: ARG002
        if self.problem and self.given is None:
            raise self.problem

    def shares(self, rows: Any, shared: Shared) -> Array:  # noqa: ARG002
        if self.problem:
            raise self.problem
        return np.asarray(self.given((len(rows), len(self.task.labels))))


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Have the registry know one more baseline, "odd"."""
    known = registry.known()
    monkeypatch.setattr(known, "_names", [*known, "odd"])

    def add(problem: Exception | None, given: Any = None, extra: str | None = None) -> None:
        monkeypatch.setattr(Odd, "problem", problem)
        monkeypatch.setattr(Odd, "given", staticmethod(given) if given else None)
        monkeypatch.setitem(known._loaded, "odd", Baseline("odd", "for this test", Odd, types=TYPES, extra=extra))

    return add


@pytest.mark.parametrize(
    ("problem", "extra", "message", "hint"),
    [
        (
            ModuleNotFoundError("No module named 'torch'"),
            "embeddings",
            "params.yaml: eval.baselines: baseline \"odd\" needs a package that is not here: No module named 'torch'",
            'Install it with: pip install "goldwire[embeddings]"',
        ),
        (
            ModuleNotFoundError("No module named 'them'"),
            None,
            "params.yaml: eval.baselines: baseline \"odd\" needs a package that is not here: No module named 'them'",
            "Install it, or take the baseline out.",
        ),
        (
            ValueError("empty vocabulary"),
            None,
            'events-small.main_event: baseline "odd" failed: ValueError: empty vocabulary',
            "Take it out of params.yaml (eval.baselines), or mend it.",
        ),
        (
            GoldwireError("no story has two labels", hint="Label more."),
            None,
            'events-small.main_event: baseline "odd": no story has two labels',
            "Label more.",
        ),
    ],
)
def test_a_baseline_that_cannot_be_trained_names_itself_and_old_models_stay(
    make_study: MakeStudy, odd: Callable[..., None], problem: Exception, extra: str | None, message: str, hint: str
) -> None:
    study = make_study()
    study.params_file.write_text("eval: {baselines: [majority]}\n")
    train_all(study)
    before = bytes_of(study.models)
    odd(problem, extra=extra)
    study.params_file.write_text("eval: {baselines: [majority, odd]}\n")
    with pytest.raises(GoldwireError) as error:
        train_all(study)
    assert (str(error.value), error.value.hint) == (message, hint)
    assert bytes_of(study.models) == before


@pytest.mark.parametrize(
    ("problem", "given", "message"),
    [
        (RuntimeError("no memory"), np.zeros, 'baseline "odd" failed: RuntimeError: no memory'),
        (None, lambda shape: np.full(shape, np.nan), 'baseline "odd" gave shares that are not from 0 to 1'),
        (None, lambda shape: np.full(shape, 1.5), 'baseline "odd" gave shares that are not from 0 to 1'),
        (None, lambda shape: np.full(shape, -0.1), 'baseline "odd" gave shares that are not from 0 to 1'),
        (None, lambda shape: np.zeros((shape[0], 1)), 'baseline "odd" gave shares of shape (30, 1), not (30, 4)'),
    ],
)
def test_a_baseline_that_cannot_predict_names_itself_and_nothing_is_written(
    make_study: MakeStudy, odd: Callable[..., None], problem: Exception | None, given: Any, message: str
) -> None:
    study = make_study()
    odd(problem, given)
    study.params_file.write_text("eval: {baselines: [odd]}\n")
    train_all(study)
    with pytest.raises(GoldwireError) as error:
        predict_all(study)
    assert error.value.message == message
    assert not study.predictions.exists()


class Holding(Model):
    """Keeps a vectoriser, which remembers an address in memory once it was used."""

    def fit(self, rows: Any, shared: Shared) -> None:  # noqa: ARG002
        self.vectoriser = CountVectorizer().fit(["some words", "and words"])

    def shares(self, rows: Any, shared: Shared) -> Array:  # noqa: ARG002
        return np.asarray(self.vectoriser.transform(list(rows)).toarray(), dtype=np.float64)


def test_addresses_in_memory_are_no_part_of_a_model(tmp_path: Path) -> None:
    model = Holding(Task(("a", "b")))
    model.fit(None, Shared())
    assert hasattr(model.vectoriser, "_stop_words_id")
    texts = dict.fromkeys(("model", "scheme", "scheme_version", "scheme_hash", "question", "train"), "x")
    recipe = {**texts, "type": "single", "labels": ["a", "b"], "n": 2, "seed": 0, "parameters": {}}
    recipe |= {"versions": models_store.versions(model)}
    models_store.save(model, recipe | {"signature": models_store.signed(recipe)}, tmp_path, "s.q.m")
    assert b"_stop_words_id" not in zlib.decompress((tmp_path / "s.q.m.joblib").read_bytes())
    again = models_store.load(tmp_path / "s.q.m.joblib").model
    assert again.shares(["words words some"], Shared()).tolist() == [[0, 1, 2]]
    assert joblib.load(tmp_path / "s.q.m.joblib").task == model.task
