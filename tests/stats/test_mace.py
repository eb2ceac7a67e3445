import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.errors import GoldwireError
from goldwire.stats.mace import mace

ANSWERS = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 4), st.integers(0, 3)),
    min_size=1,
    max_size=40,
    unique_by=lambda row: row[:2],
)


def run(answers, units=12, annotators=5, labels=4, **more):
    unit, annotator, label = np.array(answers, dtype=np.int64).reshape(-1, 3).T
    return mace(unit, annotator, label, units=units, annotators=annotators, labels=labels, **more)


def in_order(answers):
    """Number annotators and labels as they come: crowd-kit takes its counts in one order and its codes in another."""
    people, labels = {}, {}
    return [
        (unit, people.setdefault(who, len(people)), labels.setdefault(label, len(labels)))
        for unit, who, label in sorted(answers)
    ], (len(people), len(labels))


@settings(deadline=None, max_examples=12)
@given(ANSWERS, st.integers(0, 3))
def test_one_start_equals_crowd_kit(answers, seed):
    numbered, (people, labels) = in_order(answers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from crowdkit.aggregation import MACE

        theirs = MACE(n_restarts=1, n_iter=8, random_state=seed)
        theirs.fit(pd.DataFrame(numbered, columns=["task", "worker", "label"]))
    ours = run(numbered, annotators=people, labels=labels, restarts=1, iterations=8, seed=seed)
    probas = theirs.probas_
    np.testing.assert_allclose(ours.posterior[np.ix_(probas.index, probas.columns)], probas.to_numpy(), atol=1e-9)
    np.testing.assert_allclose(ours.competence, theirs.spamming_[:, 1], atol=1e-9)
    np.testing.assert_allclose(ours.strategy, theirs.thetas_, atol=1e-9)


@settings(deadline=None, max_examples=40)
@given(ANSWERS)
def test_posteriors_sum_to_one_and_more_starts_are_no_worse(answers):
    one, several = run(answers, restarts=1, iterations=10), run(answers, restarts=4, iterations=10)
    answered = np.isin(np.arange(12), [row[0] for row in answers])
    for found in (one, several):
        np.testing.assert_allclose(found.posterior.sum(axis=1), answered, atol=1e-12)
        assert ((found.competence >= 0) & (found.competence <= 1)).all()
    assert several.log_likelihood >= one.log_likelihood


def test_the_starts_differ_and_the_seed_decides_them():
    answers = [(u, a, (u + a * u) % 3) for u in range(12) for a in range(4)]
    likelihoods = {run(answers, labels=3, restarts=n, iterations=0).log_likelihood for n in range(1, 6)}
    assert len(likelihoods) > 1
    assert run(answers, labels=3, seed=1).log_likelihood == run(answers, labels=3, seed=1).log_likelihood
    first = [run(answers, labels=3, restarts=1, iterations=0, seed=seed).log_likelihood for seed in (0, 1)]
    assert first[0] != first[1]


def test_the_order_of_rows_changes_nothing():
    answers = [(u, a, (u * 5 + a * u) % 3) for u in range(12) for a in range(4)]
    ours, other = run(answers, labels=3), run(answers[::-1], labels=3)
    assert (ours.posterior == other.posterior).all()
    assert (ours.competence == other.competence).all()


def test_who_guesses_has_little_competence():
    generator = np.random.default_rng(0)
    truth = generator.integers(0, 3, 300)
    knows = generator.random((300, 4)) < [0.9, 0.9, 0.8, 0.0]
    guess = generator.integers(0, 3, (300, 4))
    answers = [(u, a, int(truth[u] if knows[u, a] else guess[u, a])) for u in range(300) for a in range(4)]
    found = run(answers, units=300, annotators=4, labels=3)
    assert found.competence.tolist() == pytest.approx([0.9, 0.9, 0.8, 0.0], abs=0.07)
    assert (found.posterior.argmax(axis=1) == truth).mean() > 0.95
    np.testing.assert_allclose(found.strategy.sum(axis=1), 1, atol=0.02)


def test_labels_that_nobody_gave_take_no_part():
    answers = [(0, 0, 1), (0, 1, 1), (1, 0, 3), (1, 1, 1)]
    wide, narrow = run(answers, labels=5), run([(u, a, label // 2) for u, a, label in answers], labels=2)
    assert (wide.posterior[:, [0, 2, 4]] == 0).all()
    assert (wide.posterior[:, [1, 3]] == narrow.posterior).all()


def test_without_answers_there_is_no_posterior():
    assert run([], units=2, annotators=1, labels=2).posterior.tolist() == [[0, 0], [0, 0]]


def test_ten_thousand_labels_are_estimated_while_they_fit_and_refused_when_they_do_not():
    answers = [(u, a, u * 7 % 10_000) for u in range(300) for a in range(3)]
    found = run(answers, units=300, annotators=3, labels=10_000, restarts=1)
    assert found.posterior.argmax(axis=1).tolist() == [u * 7 % 10_000 for u in range(300)]
    with pytest.raises(GoldwireError, match="3,000 x 10,000 units and labels are too many for this method"):
        run(answers, units=3_000, annotators=3, labels=10_000)
    with pytest.raises(GoldwireError, match="3,000 x 10,000 annotators and labels are too many for this method"):
        run(answers, units=300, annotators=3_000, labels=10_000)


def test_no_start_is_refused():
    with pytest.raises(ValueError, match="restarts must be 1 or more"):
        run([(0, 0, 0)], restarts=0)
