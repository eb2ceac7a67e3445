"""Models of pair features learn on a small set made here, of stories that never repeat between train and test."""

import pickle

import numpy as np
import pandas as pd
import pytest

from goldwire.eval.baselines.base import Model, Shared
from goldwire.eval.baselines.pair_hgb import BASELINES as PAIR_HGB
from goldwire.eval.baselines.pairs import Division, learn
from goldwire.eval.baselines.two_step import BASELINES as TWO_STEP
from goldwire.eval.benchmarks.base import frame
from goldwire.eval.task import Task

TASK = Task(("agree", "disagree", "discuss", "unrelated"))
SAYS = {
    "agree": "The {a} of {b} has {c}, officials confirmed on Monday. Everybody in {b} saw it.",
    "disagree": "It is a hoax that the {a} of {b} has {c}. The report is false, police said.",
    "discuss": "The {a} of {b} has reportedly {c}, according to rumours. It is unconfirmed and unclear.",
}
DID = ("sunk", "burnt", "resigned", "vanished", "married", "escaped")


def made(stories: int, seed: int, first: int = 0) -> pd.DataFrame:
    """Return four rows a story: three bodies about its headline, and one that is about another."""
    rng = np.random.default_rng(seed)
    names = ["".join(rng.choice(list("abdeiklmnorstu"), 7)) for _ in range(2 * stories)]
    told = [{"a": names[2 * at], "b": names[2 * at + 1].title(), "c": DID[at % 6]} for at in range(stories)]
    rows = []
    for at, story in enumerate(told):
        headline = "{a} of {b} has {c}".format(**story).capitalize()
        for label, text in SAYS.items():
            rows.append((f"{text.format(**story)} Number {first + at}.", headline, label, at))
        rows.append((SAYS["agree"].format(**told[at - 1]), headline, "unrelated", (at - 1) % stories))
    return frame(
        {
            "unit_id": [f"{seed}-{at:04d}" for at in range(len(rows))],
            "text": [row[0] for row in rows],
            "target": [row[1] for row in rows],
            "labels": [(row[2],) for row in rows],
            "cluster": [f"{seed}-{row[3]}" for row in rows],
        },
        TASK,
    )


def trained(baseline: object, task: Task, rows: pd.DataFrame) -> Model:
    model: Model = baseline.make(task, 0)  # type: ignore[attr-defined]
    model.fit(rows, Shared())
    return model


@pytest.mark.parametrize("baseline", [*TWO_STEP, *PAIR_HGB], ids=lambda one: one.name)
def test_it_learns_what_new_stories_make_of_their_headlines(baseline: object) -> None:
    train, test = made(60, 1), made(20, 2, first=60)
    model = trained(baseline, TASK, train)
    shares = model.shares(test.drop(columns=["labels", "label"]), Shared())
    assert shares.shape == (80, 4)
    assert np.allclose(shares.sum(axis=1), 1)
    right = [given == actual for given, actual in zip(model.decide(shares), test["labels"], strict=True)]
    assert np.mean(right) > 0.95
    assert set(model.parameters["factors"]) == set(TASK.labels)
    again = trained(baseline, TASK, train)
    assert (again.shares(test, Shared()) == shares).all()
    restored: Model = pickle.loads(pickle.dumps(model))
    assert (restored.shares(test, Shared()) == shares).all()


def test_rows_are_predicted_alike_whatever_rows_come_beside() -> None:
    test = made(6, 2, first=60)
    model = trained(TWO_STEP[0], TASK, made(30, 1))
    whole = model.shares(test, Shared())
    assert np.allclose(model.shares(test.iloc[3:5].reset_index(drop=True), Shared()), whole[3:5])


def test_it_answers_where_training_had_one_label_only_or_asked_for_nothing() -> None:
    rows = made(12, 1)
    for kept in ("agree", "unrelated"):
        only = rows[rows["label"] == kept].reset_index(drop=True)
        model = trained(TWO_STEP[0], TASK, only)
        assert model.decide(model.shares(rows, Shared())) == [(kept,)] * len(rows)
    assert trained(TWO_STEP[0], TASK, rows).shares(rows.iloc[:0], Shared()).shape == (0, 4)


@pytest.mark.parametrize("baseline", [*TWO_STEP, *PAIR_HGB], ids=lambda one: one.name)
def test_what_other_held_out_rows_say_changes_no_share_that_factors_are_chosen_on(baseline: object) -> None:
    rows = made(30, 1)
    labels = np.array(rows["label"], dtype=str)
    related = labels != "unrelated"

    def given(rows: pd.DataFrame) -> tuple[Division, np.ndarray]:
        learnt = learn(rows, Shared(), 0)
        division = learnt.divisions()[0].of(related)
        return division, baseline.make(TASK, 0)._given(learnt, division, labels)  # type: ignore[attr-defined]

    division, before = given(rows)
    _, *others = division.held_out.tolist()
    changed = rows.copy()
    changed.loc[others, "text"] = [f"Aardvark {at}. It is a hoax, officials confirmed on Monday." for at in others]
    again, after = given(changed)
    assert again.held_out.tolist() == division.held_out.tolist()
    assert (before[0] == after[0]).all()
    assert (before[1:] != after[1:]).any()


def test_features_are_computed_once_for_both_models() -> None:
    rows, shared = made(12, 1), Shared()
    for baseline in (*TWO_STEP, *PAIR_HGB):
        baseline.make(TASK, 0).fit(rows, shared)
    assert len(shared._kept) == 1


def test_two_step_is_for_questions_with_unrelated_and_pairs_for_any_target() -> None:
    favor = Task(("favor", "against", "none"))
    assert not TWO_STEP[0].applies(favor, has_targets=True)
    assert TWO_STEP[0].applies(TASK, has_targets=True)
    assert PAIR_HGB[0].applies(favor, has_targets=True)
    assert not PAIR_HGB[0].applies(favor, has_targets=False)
