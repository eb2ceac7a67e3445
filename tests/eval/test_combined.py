"""Combined: the mean of models by log odds, from the same folds as theirs."""

import numpy as np
import pytest

from goldwire.eval.baselines.base import Shared
from goldwire.eval.baselines.combined import Combined, mean
from goldwire.eval.baselines.one_vs_rest import OneVsRest
from goldwire.eval.baselines.thresholds import micro_f1, thresholds
from goldwire.eval.task import Task
from storied import TASK, articles


def test_the_mean_is_of_log_odds_and_no_member_is_surer_than_99_to_1() -> None:
    found = mean([np.array([[0.9, 0.0, 1.0, 0.5]]), np.array([[0.5, 0.0, 0.01, 0.0]])])
    np.testing.assert_allclose(found, [[0.75, 0, 0.5, 1 / (1 + 99**0.5)]])


def test_it_learns_and_reuses_what_a_member_was_trained_for() -> None:
    train, new, shared = articles(150, seed=1), articles(60, seed=2), Shared()
    alone = OneVsRest(TASK, 0)
    alone.fit(train, shared)
    model = Combined(TASK, 0)
    model.fit(train, shared)
    assert model._members[0].learnt(train, shared)[1] is alone._trained
    answers = model.decide(model.shares(new, shared))
    assert micro_f1(TASK.marks(list(new["labels"])), TASK.marks(answers)) > 0.97
    assert set(model.parameters) == {"members", "thresholds"}


def test_one_answer_and_few_rows() -> None:
    rows = articles(60, seed=3)
    rows = rows[rows["labels"].map(len) == 1].reset_index(drop=True)
    model = Combined(Task(TASK.labels), 0)
    model.fit(rows, Shared())
    shares = model.shares(rows, Shared())
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    assert model.decide(shares) == list(rows["labels"])


def test_a_threshold_is_that_of_best_f1_drawn_to_one_half_by_the_number_of_rows() -> None:
    shares = np.repeat([0.9, 0.2, 0.1], 50)[:, None]
    marks = np.repeat([True, True, False], 50)[:, None]
    odds = np.log(0.15 / 0.85) * 100 / (100 + 50)  # the best lies half way between 0.2 and 0.1
    assert thresholds(marks, shares)[0] == pytest.approx(1 / (1 + np.exp(-odds)))
    few = thresholds(marks[::50], shares[::50])[0]
    assert 0.45 < few < 0.5
    assert thresholds(np.zeros((3, 1), bool), shares[:3]).tolist() == [0.5]


def test_equal_shares_are_given_together() -> None:
    marks = np.array([True, False, False, True])[:, None]
    assert thresholds(np.tile(marks, (50, 1)), np.full((200, 1), 0.8))[0] < 0.5
