import numpy as np

from goldwire.stats.consensus import highest, more_than_half


def test_the_highest_of_each_unit_and_where_several_share_it():
    unit = np.array([0, 0, 1, 1, 1, 3, 4, 4])
    count = np.array([2, 1, 1, 2, 2, 1, 3, 3])
    top, several = highest(unit, count, 5)
    assert top.tolist() == [True, False, False, True, True, True, True, True]
    assert several.tolist() == [False, True, False, False, True]


def test_without_answers_nothing_is_highest():
    none = np.zeros(0, dtype=np.int64)
    top, several = highest(none, none, 2)
    assert (top.tolist(), several.tolist()) == ([], [False, False])


def test_more_than_half_keeps_a_label_and_exactly_half_is_a_tie():
    kept, half = more_than_half(np.array([2, 1, 3, 1, 2, 0]), np.array([3, 3, 3, 2, 2, 0]))
    assert kept.tolist() == [True, False, True, False, True, False]
    assert half.tolist() == [False, False, False, True, False, False]
