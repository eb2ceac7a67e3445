import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.errors import GoldwireError
from goldwire.stats.dawid_skene import MOST_CELLS, dawid_skene

ANSWERS = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 4), st.integers(0, 3)),
    min_size=1,
    max_size=40,
    unique_by=lambda row: row[:2],
)


def run(answers, units=12, annotators=5, labels=4, **more):
    unit, annotator, label = np.array(answers, dtype=np.int64).reshape(-1, 3).T
    return dawid_skene(unit, annotator, label, units=units, annotators=annotators, labels=labels, **more)


@settings(deadline=None, max_examples=25)
@given(ANSWERS, st.integers(1, 12))
def test_it_equals_crowd_kit(answers, iterations):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from crowdkit.aggregation import DawidSkene

        theirs = DawidSkene(iterations).fit(pd.DataFrame(answers, columns=["task", "worker", "label"]))
    ours = run(answers, iterations=iterations)
    np.testing.assert_allclose(
        ours.posterior[np.ix_(theirs.probas_.index, theirs.probas_.columns)], theirs.probas_.to_numpy(), atol=1e-9
    )
    np.testing.assert_allclose(ours.prior[theirs.priors_.index], theirs.priors_.to_numpy(), atol=1e-9)
    for (who, said), row in theirs.errors_.iterrows():
        np.testing.assert_allclose(ours.confusion[who, list(row.index), said], row.to_numpy(), atol=1e-9)
    assert ours.iterations == len(theirs.loss_history_)
    answered = sorted({row[0] for row in answers})
    np.testing.assert_allclose(ours.posterior.sum(axis=1), np.isin(np.arange(12), answered), atol=1e-12)
    np.testing.assert_allclose(ours.confusion.sum(axis=2), 1, atol=1e-12)


@settings(deadline=None, max_examples=30)
@given(ANSWERS, st.permutations(range(5)), st.randoms(use_true_random=False))
def test_order_and_names_change_nothing(answers, names, random):
    shuffled = [(unit, names[who], label) for unit, who, label in answers]
    random.shuffle(shuffled)
    ours, other = run(answers), run(shuffled)
    np.testing.assert_allclose(ours.posterior, other.posterior, atol=1e-9)
    np.testing.assert_allclose(ours.confusion, other.confusion[names], atol=1e-9)


def test_one_iteration_by_hand():
    """Annotators 0 and 1 agree on two units and differ on a third, where 2 says what 0 says."""
    answers = [(0, 0, 0), (0, 1, 0), (1, 0, 1), (1, 1, 1), (2, 0, 0), (2, 1, 1), (2, 2, 0)]
    found = run(answers, units=3, annotators=3, labels=2, iterations=1)
    # From the shares (1, 0), (0, 1), (2/3, 1/3): prior (5/9, 4/9). Annotator 0 gives 0 where 0 is true always, and
    # with 1/3 of 4/3 = 1/4 where 1 is; annotator 1 gives 1 with 2/3 of 5/3 = 2/5, and always; annotator 2 gives 0.
    zero, one = 5 / 9 * 1 * 2 / 5 * 1, 4 / 9 * 1 / 4 * 1 * 1
    assert found.posterior[2] == pytest.approx([zero / (zero + one), one / (zero + one)], abs=1e-9)
    assert (found.iterations, found.converged) == (1, False)
    assert found.confusion[2].tolist() == [[1, 0], [1, 0]]


def test_a_careful_annotator_outweighs_two_who_guess():
    generator = np.random.default_rng(0)
    truth = generator.integers(0, 2, 400)
    right = generator.random((400, 5)) < [0.97, 0.97, 0.97, 0.55, 0.55]
    answers = [(u, a, int(truth[u] if right[u, a] else 1 - truth[u])) for u in range(400) for a in (0, 3, 4)]
    answers += [(u, a, int(truth[u] if right[u, a] else 1 - truth[u])) for u in range(200) for a in (1, 2)]
    found = run(answers, units=400, annotators=5, labels=2)
    assert (found.posterior.argmax(axis=1) == truth).mean() > 0.93
    assert found.confusion[:, [0, 1], [0, 1]].mean(axis=1).tolist() == pytest.approx(
        [0.97, 0.97, 0.97, 0.55, 0.55], abs=0.06
    )


def test_labels_and_annotators_without_answers_take_no_part():
    found = run([(0, 0, 1), (0, 2, 1), (2, 0, 3)], units=3, annotators=4, labels=5)
    assert found.posterior.round(9).tolist() == [[0, 1, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 1, 0]]
    assert found.prior.tolist() == pytest.approx([0, 0.5, 0, 0.5, 0])
    assert found.confusion[1].tolist() == [[0.2] * 5] * 5
    assert found.confusion[0, 4].tolist() == [0, 0.5, 0, 0.5, 0]
    assert found.confusion[2, 4].tolist() == [0, 1, 0, 0, 0]


def test_without_answers_there_is_no_posterior():
    found = run([], units=2, annotators=1, labels=2)
    assert (found.posterior.tolist(), found.iterations, found.converged) == ([[0, 0], [0, 0]], 0, False)


def test_ten_thousand_labels_are_estimated_while_they_fit_and_refused_when_they_do_not():
    answers = [(u, a, u * 7 % 10_000) for u in range(300) for a in range(3)]
    found = run(answers, units=300, annotators=3, labels=10_000)
    assert found.posterior.argmax(axis=1).tolist() == [u * 7 % 10_000 for u in range(300)]
    with pytest.raises(GoldwireError, match="3,000 x 10,000 units and labels are too many for this method"):
        run(answers, units=3_000, annotators=3, labels=10_000)
    with pytest.raises(GoldwireError, match=f"at most {MOST_CELLS:,} cells"):
        found.confusion  # noqa: B018
