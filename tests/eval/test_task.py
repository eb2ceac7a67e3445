"""Answers from shares: one label, several with thresholds, trees, and a label that says none of them."""

import numpy as np
import pytest

from goldwire.eval.task import Task

ONE = Task(("favor", "against", "none"))
SEVERAL = Task(("economy", "security", "nothing"), "multiple", negative="nothing")
TREE = Task(("Battles", "Battles/Clash", "Battles/Siege", "Riots"), "tree")


def test_of_one_label_the_largest_share_is_the_answer_and_of_equals_the_first() -> None:
    shares = np.array([[0.2, 0.5, 0.3], [0.4, 0.2, 0.4]])
    assert ONE.decide(shares) == [("against",), ("favor",)]
    assert ONE.decide(np.zeros((0, 3))) == []


def test_of_several_labels_those_that_reach_their_threshold() -> None:
    shares = np.array([[0.6, 0.5, 0.1], [0.6, 0.4, 0.9], [0.1, 0.1, 0.1]])
    assert SEVERAL.decide(shares) == [("economy", "security"), ("economy",), ("nothing",)]
    assert SEVERAL.decide(shares, np.array([0.7, 0.3, 0.5])) == [("security",), ("security",), ("nothing",)]


def test_without_a_negative_label_no_label_is_an_answer() -> None:
    assert Task(("a", "b"), "multiple").decide(np.array([[0.1, 0.2], [0.1, 0.9]])) == [(), ("b",)]


def test_of_a_tree_the_deepest_paths_are_the_answer() -> None:
    shares = np.array([[0.9, 0.8, 0.1, 0.6], [0.9, 0.2, 0.1, 0.1], [0.0, 0.0, 0.0, 0.0]])
    assert TREE.decide(shares) == [("Battles/Clash", "Riots"), ("Battles",), ()]


def test_marks_of_a_tree_have_the_paths_above_each_answer() -> None:
    marks = TREE.marks([("Battles/Clash", "Battles/Siege"), ("Riots",), ()])
    assert marks.astype(int).tolist() == [[1, 1, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0]]
    assert Task.upward(("A/b/c", "A/d")) == ["A", "A/b", "A/b/c", "A/d"]


def test_codes_are_positions_and_an_unknown_label_has_none() -> None:
    assert ONE.codes([("none",), ("favor",)]).tolist() == [2, 0]
    with pytest.raises(KeyError):
        ONE.codes([("maybe",)])
