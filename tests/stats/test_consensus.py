import numpy as np

from goldwire.stats.consensus import more_than_half, plurality


def test_plurality_takes_strictly_the_most_and_flags_ties():
    counts = np.array([[2, 1, 0], [1, 1, 1], [0, 2, 2], [0, 0, 0], [1, 0, 0], [2, 1, 1]])
    winner, tied = plurality(counts)
    assert winner.tolist() == [0, -1, -1, -1, 0, 0]
    assert tied.tolist() == [False, True, True, False, False, False]


def test_plurality_without_labels_decides_nothing():
    winner, tied = plurality(np.zeros((2, 0), dtype=np.int64))
    assert (winner.tolist(), tied.tolist()) == ([-1, -1], [False, False])


def test_more_than_half_keeps_a_label_and_exactly_half_is_a_tie():
    kept, half = more_than_half(np.array([[2, 1, 3], [1, 2, 0], [0, 0, 0]]), np.array([3, 2, 0]))
    assert kept.tolist() == [[True, False, True], [False, True, False], [False, False, False]]
    assert half.tolist() == [[False, False, False], [True, False, False], [False, False, False]]
