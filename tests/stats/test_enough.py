"""Simulated rounds: equal to what can be worked out, and to what real votes with a known truth give."""

import csv
from itertools import product
from math import comb
from pathlib import Path

import numpy as np
import pytest

from goldwire.stats.alpha import alphas, ordinal_alpha
from goldwire.stats.cells import Cells
from goldwire.stats.distance import Nominal
from goldwire.stats.enough import alpha_of, design_effect, gold_by_model, influence, outlooks, right
from goldwire.stats.resample import resample_each
from goldwire.stats.simulate import People, again, answers, calibrated, crew, people_of


def nominal(counts):
    return alphas(Cells.of_counts(counts), {"nominal": Nominal(counts.shape[1])})


def alike(accuracy, annotators=40, labels=2, answers=1e7, shared=0.0):
    """Annotators who are right with the same probability, and of whom everything is known."""
    usual = np.full((labels, labels), (1 - accuracy) / (labels - 1))
    np.fill_diagonal(usual, accuracy)
    given = np.tile(usual * answers, (annotators, 1, 1))
    return People(np.full(labels, 1 / labels), given, usual, 1.0, np.full(annotators, 1 / annotators), shared)


def condorcet(p, k):
    """The probability that the majority of k is right; half of it where they are tied."""

    def times(right):
        return comb(k, right) * p**right * (1 - p) ** (k - right)

    return sum(times(n) for n in range(k // 2 + 1, k + 1)) + (times(k // 2) / 2 if k % 2 == 0 else 0)


@pytest.mark.parametrize("design", ["team", "rotation"])
def test_majority_of_equal_annotators_is_condorcets(design):
    found = outlooks(alike(0.75), range(1, 8), nominal, design=design, units=1000, simulations=100)
    for k in range(1, 8):
        assert found[k].score == pytest.approx(condorcet(0.75, k), abs=0.006)
        # with two labels and equal annotators alpha is (2p - 1)^2, whatever k
        if k > 1:
            assert found[k].alpha == pytest.approx(0.25, abs=0.01)
    assert np.isnan(found[1].alpha)
    assert found[2].undecided == pytest.approx(2 * 0.75 * 0.25, abs=0.01)
    assert found[2].decided == pytest.approx(0.75**2 / (0.75**2 + 0.25**2), abs=0.01)
    assert found[3].undecided == 0


def test_the_variance_of_alpha_by_n_is_that_over_many_rounds():
    people, n = alike(0.8, labels=3), 150
    found = outlooks(people, [3], nominal, design="rotation", units=1000, simulations=50)[3]
    generator = np.random.default_rng(1)
    values = []
    for _ in range(1500):
        truth = people.truths(n, generator)
        said = answers(people, people.confusions(3, generator), truth, crew(people, n, 3, generator), generator)
        values.append(alpha_of(np.stack([(said == label).sum(axis=1) for label in range(3)], axis=1), nominal))
    assert (found.alpha_unit / n) ** 0.5 == pytest.approx(np.std(values), rel=0.06)
    # people who are all the same bring no variance of their own
    assert found.alpha_people < 0.1 * found.alpha_unit / 1000


def test_who_answers_matters_where_people_differ():
    usual = np.array([[0.7, 0.3], [0.3, 0.7]])
    good, bad = np.array([[0.99, 0.01], [0.01, 0.99]]), np.array([[0.41, 0.59], [0.59, 0.41]])
    people = People(np.array([0.5, 0.5]), np.stack([good, bad] * 10) * 1e6, usual, 1.0, np.full(20, 0.05))
    team, rotation = (
        outlooks(people, [3], nominal, design=design, units=500, simulations=100)[3]
        for design in ("team", "rotation")
    )
    assert team.alpha_people > 10 * team.alpha_unit / 500
    assert rotation.alpha_people < 0.01


@pytest.mark.parametrize("measure", [nominal, lambda counts: ordinal_alpha(Cells.of_counts(counts))])
def test_influence_gives_the_interval_of_the_bootstrap(measure):
    generator = np.random.default_rng(0)
    counts = generator.multinomial(4, [0.6, 0.3, 0.1], size=400)
    counts[:200] = [4, 0, 0]
    estimator = measure(counts)
    interval, *_ = resample_each(None, estimator.statistics, estimator.function, resamples=4000)
    half = 1.96 * (influence(estimator) ** 2).sum() ** 0.5
    assert half == pytest.approx((interval.high - interval.low) / 2, rel=0.05)


def test_the_design_effect_is_that_of_two_bootstraps():
    generator = np.random.default_rng(2)
    hard = np.repeat(generator.random(60) < 0.4, 6)  # stories of six units, all hard or all easy
    first = np.where(hard, 0.5, generator.choice([0.02, 0.98], size=360))
    counts = np.array([generator.multinomial(3, [p, 1 - p]) for p in first])
    groups = np.repeat(np.arange(60).astype(str), 6)
    estimator = nominal(counts)
    widths = []
    for by in (groups, None):
        interval, *_ = resample_each(by, estimator.statistics, estimator.function, resamples=4000)
        widths.append(interval.high - interval.low)
    found = design_effect(groups, estimator)
    assert found == pytest.approx((widths[0] / widths[1]) ** 2, rel=0.15)
    assert found > 1.5
    assert design_effect(np.arange(360).astype(str), estimator) == pytest.approx(1, abs=1e-9)
    assert design_effect(np.repeat(np.arange(9), 40).astype(str), estimator) is None


def test_units_that_are_all_alike_have_a_design_effect_of_one():
    assert design_effect(np.arange(20).astype(str), nominal(np.ones((20, 2), dtype=np.int64))) == 1


def test_a_crew_has_nobody_twice_and_each_as_often_as_before():
    weight = np.array([0.4, 0.2, 0.1, 0.1, 0.1, 0.1])
    people = People(np.ones(1), np.ones((6, 1, 1)), np.ones((1, 1)), 1.0, weight)
    chosen = crew(people, 30_000, 2, np.random.default_rng(0))
    assert (chosen[:, 0] != chosen[:, 1]).all()
    for place in (0, 1):
        assert np.bincount(chosen[:, place]) / 30_000 == pytest.approx(weight, abs=0.02)
    # of three, nobody can answer more than every unit: 0.4 becomes 1/3, and the others get the rest
    of_three = np.bincount(crew(people, 30_000, 3, np.random.default_rng(0)).ravel()) / 90_000
    assert of_three == pytest.approx([1 / 3, *np.array([2, 1, 1, 1, 1]) / 9], abs=0.02)
    # more than there are: everybody once, then newcomers
    many = crew(people, 100, 9, np.random.default_rng(0))
    assert (np.sort(many[:, :6], axis=1) == np.arange(6)).all()
    assert (many[:, 6:] // 6 == [1, 2, 3]).all()


def test_what_is_shared_makes_errors_coincide_but_not_more_frequent():
    alone, together = (
        outlooks(alike(0.75, shared=shared), [1, 5], nominal, design="rotation", units=1000, simulations=60)
        for shared in (0.0, 0.6)
    )
    assert together[1].score == pytest.approx(alone[1].score, abs=0.01)
    assert together[5].score < alone[5].score - 0.04
    assert together[5].alpha > alone[5].alpha + 0.1


def test_what_is_shared_is_found_again():
    people, n = alike(0.75, shared=0.5), 3000
    generator = np.random.default_rng(3)
    unit = np.repeat(np.arange(n), 5)
    annotator = crew(people, n, 5, generator).ravel()
    said, _ = again(people, unit, annotator, n, generator)

    def agreement(label):
        return alpha_of(np.bincount(unit * 2 + label, minlength=2 * n).reshape(n, 2), nominal)

    measured = agreement(said)
    found = calibrated(alike(0.75), unit, annotator, n, agreement, measured, measured - 0.02)
    assert found.shared == pytest.approx(0.5, abs=0.06)
    # what may be chance is not taken for shared
    assert calibrated(alike(0.75), unit, annotator, n, agreement, 0.26, 0.24).shared == 0


def test_a_tie_counts_by_how_many_share_it():
    score, tied = right(np.array([[2, 2, 0], [2, 2, 0], [1, 1, 1], [0, 3, 0]]), np.array([0, 2, 1, 1]))
    assert score.tolist() == [0.5, 0, 1 / 3, 1]
    assert tied.tolist() == [True, True, True, False]


def test_people_are_known_by_their_answers():
    people, n = alike(0.8, annotators=6), 2000
    generator = np.random.default_rng(5)
    unit, annotator = np.repeat(np.arange(n), 6), np.tile(np.arange(6), n)
    said, _ = again(people, unit, annotator, n, generator)
    found = people_of(unit, annotator, said, n, 6, 2)
    assert found.usual == pytest.approx(people.usual, abs=0.02)
    assert found.prior == pytest.approx([0.5, 0.5], abs=0.04)
    assert found.given.sum() == pytest.approx(6 * n)
    assert found.concentration == 1024  # they are all the same


def test_dawid_skene_does_as_well_as_the_majority_of_equals_and_better_where_people_differ():
    equal, _, _ = gold_by_model(alike(0.8, annotators=5), 3, 1000, design="team", simulations=8)
    assert equal == pytest.approx(condorcet(0.8, 3), abs=0.03)
    good, bad = np.array([[0.97, 0.03], [0.03, 0.97]]), np.array([[0.6, 0.4], [0.4, 0.6]])
    given = np.stack([good, bad, bad, bad, bad]) * 1e6
    people = People(np.array([0.5, 0.5]), given, good, 1.0, np.full(5, 0.2))
    model, _, _ = gold_by_model(people, 5, 1000, design="team", simulations=8)
    assert model > outlooks(people, [5], nominal, design="team", units=1000, simulations=20)[5].score + 0.05


def rte(shared_data: Path):
    with (shared_data / "snow2008_rte" / "rte_votes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    tasks, task = np.unique([row["task"] for row in rows], return_inverse=True)
    workers, worker = np.unique([row["worker"] for row in rows], return_inverse=True)
    label = np.array([int(row["label"]) for row in rows])
    truth = np.zeros(len(tasks), dtype=np.int64)
    truth[task] = [int(row["gold"]) for row in rows]
    order = np.argsort(task, kind="stable")
    return task[order], worker[order], label[order], truth, len(workers)


def test_votes_without_gold_foretell_the_accuracy_of_gold_and_the_interval_of_alpha(shared_data):
    task, worker, label, truth, workers = rte(shared_data)
    n = len(truth)

    def agreement(said):
        return alpha_of(np.bincount(task * 2 + said, minlength=2 * n).reshape(n, 2), nominal)

    people = people_of(task, worker, label, n, workers, 2)
    people = calibrated(people, task, worker, n, agreement, agreement(label), 0.22)
    found = outlooks(people, range(1, 11), nominal, design="rotation", units=800)
    generator = np.random.default_rng(0)
    votes = label.reshape(n, 10)
    accuracy, alphas_of = {k: [] for k in range(1, 11)}, {k: [] for k in range(2, 11)}
    for _ in range(60):
        drawn = generator.permuted(votes, axis=1)
        for k in range(1, 11):
            ones = drawn[:, :k].sum(axis=1)
            counts = np.stack([k - ones, ones], axis=1)
            accuracy[k].append(right(counts, truth)[0].mean())
            if k > 1:
                alphas_of[k].append(alpha_of(counts, nominal))
    assert {k: found[k].score for k in accuracy} == pytest.approx(
        {k: np.mean(values) for k, values in accuracy.items()}, abs=0.01
    )
    assert {k: found[k].alpha for k in alphas_of} == pytest.approx(
        {k: np.mean(values) for k, values in alphas_of.items()}, abs=0.01
    )
    for units, k in product((200, 400, 800), (3, 5, 10)):
        spread = []
        for _ in range(1000):
            drawn = generator.permuted(votes[generator.integers(n, size=units)], axis=1)[:, :k].sum(axis=1)
            spread.append(alpha_of(np.stack([k - drawn, drawn], axis=1), nominal))
        # the standard deviation of 1000 draws is itself known to 2%
        assert (found[k].alpha_unit / units) ** 0.5 == pytest.approx(np.std(spread), rel=0.08)
