"""The LLM coder over a stand-in on this machine: no language model answers here, a function does."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.eval.baselines.base import Shared
from goldwire.eval.baselines.llm import Llm
from goldwire.eval.models import predict_all, train_all
from goldwire.eval.task import Answer, Task
from goldwire.study import Study
from llm_stand_in import Answered, Body, article, failed, said, stand_in

STANCE = Task(("favor", "against", "none"))
TOPICS = Task(("economy", "security", "neither"), type="multiple", negative="neither")


def rows_of(*texts: str, labels: list[Answer] | None = None) -> pd.DataFrame:
    n = len(texts)
    return pd.DataFrame(
        {
            "unit_id": [f"u{i:03}" for i in range(n)],
            "kind": "target",
            "text": list(texts),
            "target": "the tram",
            "holder": "author",
            "labels": labels or [("favor",)] * n,
            "cluster": [f"s{i // 2}" for i in range(n)],
        }
    )


TRAIN = rows_of(
    *("Yes to it.", "Yes, yes.", "Never.", "No, no.", "It runs.", "It stands."),
    labels=[("favor",), ("favor",), ("against",), ("none",), ("none",), ("none",)],
)


@pytest.fixture(autouse=True)
def _environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GOLDWIRE_LLM")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GOLDWIRE_LLM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("GOLDWIRE_LLM_MODEL", "stand-in")
    monkeypatch.chdir(tmp_path)


def fitted(task: Task = STANCE, examples: int = 0, train: pd.DataFrame = TRAIN) -> Llm:
    model = Llm(task, 0, examples)
    model.fit(train, Shared())
    return model


def by_word(body: Body) -> Answered:
    """Code as a keyword rule would."""
    text = article(body)
    return said(json.dumps({"label": "favor" if "yes" in text else "against" if "no" in text else "none"}))


def test_it_answers_in_the_order_of_the_rows_and_asks_about_equal_units_once(monkeypatch: pytest.MonkeyPatch) -> None:
    model = fitted()
    with stand_in(by_word) as server:
        monkeypatch.setenv("GOLDWIRE_LLM_URL", server.url)
        shares = model.shares(rows_of("yes", "no", "hm", "yes"), Shared())
        assert len(server.asked) == 3
    assert shares.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]
    assert model.decide(shares) == [("favor",), ("against",), ("none",), ("favor",)]
    assert model.notes == ["3 requests for 4 units"]


def test_a_second_run_needs_no_endpoint_and_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = rows_of("yes", "no", "hm")
    with stand_in(by_word) as server:
        monkeypatch.setenv("GOLDWIRE_LLM_URL", server.url)
        first = fitted().shares(rows, Shared())
    monkeypatch.delenv("GOLDWIRE_LLM_URL")
    again = fitted()
    assert np.array_equal(again.shares(rows, Shared()), first)
    assert again.notes == []
    with pytest.raises(GoldwireError) as error:
        again.shares(rows_of("yes", "new"), Shared())
    assert error.value.message == ("no endpoint is named, and the cache has not all answers: set GOLDWIRE_LLM_URL")


def test_another_model_seed_or_codebook_asks_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = rows_of("yes")
    with stand_in(by_word) as server:
        monkeypatch.setenv("GOLDWIRE_LLM_URL", server.url)
        fitted().shares(rows, Shared())
        other = Llm(STANCE, 1, 0)
        other.fit(TRAIN, Shared())
        other.shares(rows, Shared())
        fitted(Task(("favor", "against", "none", "both"))).shares(rows, Shared())
        monkeypatch.setenv("GOLDWIRE_LLM_MODEL", "another")
        fitted().shares(rows, Shared())
        assert [body["model"] for body in server.asked] == ["stand-in"] * 3 + ["another"]
        with pytest.raises(GoldwireError, match='is "another", and the model was trained for "stand-in"'):
            other.shares(rows, Shared())


def test_what_is_no_answer_is_asked_about_once_more_and_then_gets_the_shares_of_training(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def answer(body: Body) -> Answered:
        text, turns = article(body), len(body["messages"])
        if "mends" in text and turns > 2:
            return said('{"label": "against"}')
        if "refuses" in text:
            return said(None, finish_reason="content_filter")
        return said("I would say: favor")

    rows = rows_of("mends", "stays wrong", "refuses")
    model = fitted()
    with stand_in(answer) as server:
        monkeypatch.setenv("GOLDWIRE_LLM_URL", server.url)
        shares = model.shares(rows, Shared())
        assert len(server.asked) == 6
        second = next(b for b in server.asked if "mends" in article(b) and len(b["messages"]) > 2)
    assert [(turn["role"], turn["content"]) for turn in second["messages"][2:]] == [
        ("assistant", "I would say: favor"),
        (
            "user",
            "That is no answer of the form asked for. Code the text, and answer with the JSON object alone.",
        ),
    ]
    prior = [2 / 6, 1 / 6, 3 / 6]
    assert shares.tolist() == [[0, 1, 0], prior, prior]
    assert model.decide(shares) == [("against",), ("none",), ("none",)]
    assert model.notes == [
        "6 requests for 3 units",
        "2 of 3 units have no answer, and got the label of the majority",
    ]
    offline = fitted()
    assert np.array_equal(offline.shares(rows, Shared()), shares)
    assert offline.notes == ["2 of 3 units have no answer, and got the label of the majority"]


def test_questions_with_several_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(body: Body) -> Answered:
        text = article(body)
        labels = [label for label in ("security", "economy") if label in text]
        return said(json.dumps({"labels": labels or ["neither"]}))

    train = rows_of("a", "b", "c", labels=[("economy",), ("economy", "security"), ("neither",)])
    with stand_in(answer) as server:
        monkeypatch.setenv("GOLDWIRE_LLM_URL", server.url)
        model = fitted(TOPICS, train=train)
        shares = model.shares(rows_of("economy", "economy and security", "the weather"), Shared())
    assert shares.tolist() == [[1, 0, 0], [1, 1, 0], [0, 0, 1]]
    assert model.decide(shares) == [("economy",), ("economy", "security"), ("neither",)]


def test_of_a_tree_the_paths_above_an_answer_are_given_too(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = Task(("Riots", "Riots/Mob violence", "Protests"), type="tree")
    with stand_in(lambda _: said('{"labels": ["Riots/Mob violence"]}')) as server:
        monkeypatch.setenv("GOLDWIRE_LLM_URL", server.url)
        model = fitted(tree, train=rows_of("a", labels=[("Protests",)]))
        shares = model.shares(rows_of("They burnt it down."), Shared())
    assert shares.tolist() == [[1, 1, 0]]
    assert model.decide(shares) == [("Riots/Mob violence",)]


def test_examples_are_some_of_each_label_one_a_story_and_stand_before_the_unit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = fitted(examples=1)
    assert len(model.parameters["examples"]) == 3  # stories s0 (favor), s1 (against or none), s2 (none)
    with stand_in(by_word) as server:
        monkeypatch.setenv("GOLDWIRE_LLM_URL", server.url)
        model.shares(rows_of("hm"), Shared())
        (body,) = server.asked
    roles = [turn["role"] for turn in body["messages"]]
    assert roles == ["system", "user", "assistant", "user", "assistant", "user", "assistant", "user"]
    assert [turn["content"] for turn in body["messages"] if turn["role"] == "assistant"] == [
        '{"label": "favor"}',
        '{"label": "against"}',
        '{"label": "none"}',
    ]
    stories = [TRAIN.set_index("unit_id").loc[unit, "cluster"] for unit in model.parameters["examples"]]
    assert len(set(stories)) == 3


def test_no_more_are_asked_at_once_than_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(body: Body) -> Answered:
        time.sleep(0.05)
        return by_word(body)

    monkeypatch.setenv("GOLDWIRE_LLM_WORKERS", "3")
    with stand_in(slow) as server:
        monkeypatch.setenv("GOLDWIRE_LLM_URL", server.url)
        fitted().shares(rows_of(*(f"text {i}" for i in range(12))), Shared())
        assert server.at_once == 3


def test_a_spent_budget_keeps_the_answers_and_the_next_run_asks_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = rows_of(*(f"yes {i}" for i in range(7)))
    with stand_in(by_word) as server:
        monkeypatch.setenv("GOLDWIRE_LLM_URL", server.url)
        monkeypatch.setenv("GOLDWIRE_LLM_MOST", "4")
        with pytest.raises(GoldwireError) as error:
            fitted().shares(rows, Shared())
        assert error.value.message == "the budget of 4 requests is spent (GOLDWIRE_LLM_MOST)"
        assert len(server.asked) == 4
        assert (fitted().shares(rows, Shared())[:, 0] == 1).all()
        assert len(server.asked) == 7


def test_a_fatal_answer_ends_it_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with stand_in(lambda _: failed(401, "Incorrect API key provided")) as server:
        monkeypatch.setenv("GOLDWIRE_LLM_URL", server.url)
        monkeypatch.setenv("GOLDWIRE_LLM_WORKERS", "2")
        with pytest.raises(GoldwireError) as error:
            fitted().shares(rows_of(*(f"text {i}" for i in range(200))), Shared())
        assert len(server.asked) < 50
    assert error.value.message == "the endpoint refuses: 401 Incorrect API key provided"
    assert error.value.hint == "Check GOLDWIRE_LLM_API_KEY."


def test_training_without_the_name_of_a_model_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GOLDWIRE_LLM_MODEL")
    with pytest.raises(GoldwireError, match="the model is not named: set GOLDWIRE_LLM_MODEL"):
        fitted()


KILLED = """
import sys
import pandas as pd
from goldwire.eval.baselines.base import Shared
from goldwire.eval.baselines.llm import Llm
from goldwire.eval.task import Task
rows = pd.DataFrame({"unit_id": [f"u{i}" for i in range(40)], "text": [f"yes {i}" for i in range(40)],
                     "labels": [("favor",)] * 40, "cluster": [f"s{i}" for i in range(40)]})
model = Llm(Task(("favor", "against", "none")), 0, 0)
model.fit(rows, Shared())
shares = model.shares(rows, Shared())
print((shares[:, 0] == 1).all())
"""


def test_a_killed_run_goes_on_where_it_was(tmp_path: Path) -> None:
    def slow(body: Body) -> Answered:
        time.sleep(0.03)
        return by_word(body)

    cache = tmp_path / "cache" / "llm.jsonl"
    with stand_in(slow) as server:
        environment = {**os.environ, "GOLDWIRE_LLM_URL": server.url, "GOLDWIRE_LLM_WORKERS": "2"}
        first = subprocess.Popen([sys.executable, "-c", KILLED], env=environment, cwd=tmp_path)
        deadline = time.monotonic() + 60
        while not cache.exists() or cache.read_text().count("\n") < 10:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        first.send_signal(signal.SIGKILL)
        first.wait()
        kept = cache.read_text().count("\n")
        assert 10 <= kept < 40
        with cache.open("a") as stream:
            stream.write('{"key": "torn by the ki')
        asked = len(server.asked)
        second = subprocess.run(
            [sys.executable, "-c", KILLED], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert second.stdout == "True\n"
        assert len(server.asked) - asked == 40 - kept


MakeStudy = Callable[..., Study]


def test_in_a_study_training_sends_nothing_and_predicting_asks(
    make_study: MakeStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(body: Body) -> Answered:
        label = body["response_format"]["json_schema"]["schema"]["properties"]["label"]["enum"][0]
        return said(json.dumps({"label": label}))

    monkeypatch.delenv("GOLDWIRE_LLM_CACHE")
    study = make_study("")
    study.params_file.write_text("eval: {baselines: [majority, llm]}\n")
    monkeypatch.chdir(study.root)
    with stand_in(answer) as server:
        monkeypatch.setenv("GOLDWIRE_LLM_URL", server.url)
        assert "stance-small.stance.llm" in train_all(study).models
        assert server.asked == []
        written = predict_all(study)
        asked = len(server.asked)
    table = tables.read(study.predictions / "stance-small.stance.llm.parquet")
    assert set(map(tuple, table["labels"].to_pylist())) == {("favor",)}
    assert f"stance-small.stance.llm: {len(table)} requests for {len(table)} units" in written.notes
    assert (study.eval / "cache" / "llm.jsonl").read_text().count("\n") == asked
    before = {path.name: path.read_bytes() for path in study.predictions.iterdir()}
    monkeypatch.delenv("GOLDWIRE_LLM_URL")
    assert predict_all(study).notes == []
    assert {path.name: path.read_bytes() for path in study.predictions.iterdir()} == before
