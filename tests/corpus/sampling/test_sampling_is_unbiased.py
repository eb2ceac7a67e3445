"""Two thousand samples of each design from a corpus that is known: chances, estimates and intervals hold.

The corpus is made up: 2,000 articles in 1,300 stories and five outlets of very unequal size. A label is frequent
where the keyword stands and in one outlet, and copies of a story mostly share it.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pytest
from numpy.typing import NDArray

from goldwire.corpus.sampling.design import Design, Population, draw
from goldwire.stats.survey import rates, total

ARTICLES, SAMPLES = 2_000, 2_000
DESIGNS = {
    "random": Design(100),
    "proportional": Design(100, by=("outlet",)),
    "equal": Design(100, by=("outlet",), allocation="equal"),
    "keyword": Design(100, keywords=("w",), boost=5),
    "outlet and keyword": Design(100, by=("outlet",), keywords=("w",), boost=8),
    "story": Design(100, one_per_story=True),
    "story, outlet, keyword": Design(100, by=("outlet",), keywords=("w",), one_per_story=True, allocation="equal"),
}


@dataclass(frozen=True)
class Corpus:
    outlets: NDArray[np.int64]
    hits: NDArray[np.bool_]
    stories: NDArray[np.int64]
    labels: NDArray[np.bool_]

    def population(self, design: Design) -> Population:
        one = not design.by
        return Population(
            [f"a{i}" for i in range(ARTICLES)],
            np.zeros(ARTICLES, np.int64) if one else self.outlets,
            [None] if one else list("abcde"),
            self.hits if design.keywords else None,
            self.stories if design.one_per_story else None,
        )


@lru_cache
def corpus() -> Corpus:
    random = np.random.default_rng(4)
    outlets = random.choice(5, ARTICLES, p=[0.5, 0.25, 0.15, 0.07, 0.03])
    stories = np.concatenate([np.arange(1_300), random.integers(0, 300, ARTICLES - 1_300)])
    hits = random.random(1_300)[stories] < 0.1
    chance = np.where(hits, 0.7, np.where(outlets == 3, 0.5, 0.15))
    labels = np.where(random.random(ARTICLES) < 0.8, random.random(1_300)[stories], random.random(ARTICLES)) < chance
    return Corpus(outlets, hits, stories, labels)


@dataclass
class Runs:
    """Of each sample: estimates, the interval, the share without weights. Of each article: sums over the samples."""

    label_total: list[float]
    size: list[float]
    share: list[float]
    unweighted: list[float]
    covered: list[bool]
    times: NDArray[np.float64]
    weight: NDArray[np.float64]
    squares: NDArray[np.float64]
    probabilities: list[set[float]]


@lru_cache
def runs(name: str) -> Runs:
    design, known = DESIGNS[name], corpus()
    population, truth = known.population(design), known.labels.mean()
    zeros = np.zeros(ARTICLES)
    found = Runs([], [], [], [], [], zeros.copy(), zeros.copy(), zeros.copy(), [set() for _ in range(ARTICLES)])
    for seed in range(SAMPLES):
        drawn = draw(population, Design(**{**vars(design), "seed": seed}))
        labels, p = known.labels[drawn.places], drawn.probability
        assert len(set(drawn.places.tolist())) == design.n
        estimate = rates(
            [["x"] if label else [] for label in labels],
            p,
            names=["x"],
            clusters=known.stories[drawn.places].tolist(),
        )["x"]
        assert estimate.value is not None
        assert estimate.low is not None
        assert estimate.high is not None
        found.label_total.append(float((labels / p).sum()))
        found.size.append(float((1 / p).sum()))
        found.share.append(estimate.value)
        found.unweighted.append(float(labels.mean()))
        found.covered.append(bool(estimate.low <= truth <= estimate.high))
        found.times[drawn.places] += 1
        found.weight[drawn.places] += 1 / p
        found.squares[drawn.places] += 1 / p**2
        for place, probability in zip(drawn.places.tolist(), p.tolist(), strict=True):
            found.probabilities[place].add(probability)
    return found


def off(values: list[float], truth: float) -> float:
    """How far the mean of the samples is from the truth, in standard errors of the simulation."""
    error = float(np.std(values, ddof=1) / np.sqrt(len(values)))
    return (
        abs(float(np.mean(values)) - truth) / error if error > 1e-9 * truth else abs(float(np.mean(values)) - truth)
    )


@pytest.mark.parametrize("name", DESIGNS)
def test_totals_are_estimated_without_bias(name: str) -> None:
    assert off(runs(name).label_total, float(corpus().labels.sum())) < 4
    assert off(runs(name).size, ARTICLES) < 4


@pytest.mark.parametrize("name", DESIGNS)
def test_shares_are_estimated_with_hardly_any_bias(name: str) -> None:
    truth = float(corpus().labels.mean())
    error = np.mean(runs(name).share) - truth  # the ratio of two unbiased sums has a bias of the order 1/n
    assert abs(float(error)) < 0.1 * float(np.std(runs(name).share))


@pytest.mark.parametrize("name", ["keyword", "outlet and keyword", "equal", "story, outlet, keyword"])
def test_without_the_probabilities_the_share_would_be_wrong(name: str) -> None:
    assert off(runs(name).unweighted, float(corpus().labels.mean())) > 20


@pytest.mark.parametrize("name", [name for name in DESIGNS if not name.startswith("story,")])
def test_each_article_is_drawn_as_often_as_its_probability_says(name: str) -> None:
    found = runs(name)
    assert all(len(values) == 1 for values in found.probabilities)  # it hangs on the design alone, not on the draw
    p = np.array([values.copy().pop() for values in found.probabilities])
    z = (found.times - SAMPLES * p) / np.sqrt(SAMPLES * p * (1 - p) + 1e-12)
    z[p == 1] = found.times[p == 1] - SAMPLES
    assert np.abs(z).max() < 5.5
    # Chi-square: as many degrees of freedom as articles, about.
    assert abs((z**2).sum() - ARTICLES) < 6 * np.sqrt(2 * ARTICLES)


def test_in_two_phases_the_weights_of_each_article_are_1_in_the_mean() -> None:
    found = runs("story, outlet, keyword")
    assert max(len(values) for values in found.probabilities) > 1  # here it does hang on the first draw
    mean = found.weight / SAMPLES
    variance = (found.squares / SAMPLES - mean**2) / SAMPLES
    drawn_always = found.times == SAMPLES
    assert (mean[drawn_always] == 1).all()
    z = (mean - 1)[~drawn_always] / np.sqrt(variance[~drawn_always])
    assert np.abs(z).max() < 6
    assert abs((z**2).sum() - ARTICLES) < 6 * np.sqrt(2 * ARTICLES)


@pytest.mark.parametrize("name", DESIGNS)
def test_95_of_100_intervals_hold_the_truth(name: str) -> None:
    assert 0.94 <= np.mean(runs(name).covered) <= 0.995


def test_the_interval_of_a_total_holds_it_as_often() -> None:
    known, design = corpus(), DESIGNS["keyword"]
    covered = []
    for seed in range(400):
        drawn = draw(known.population(design), Design(**{**vars(design), "seed": seed}))
        found = total(known.labels[drawn.places].astype(float), drawn.probability)
        assert found.low is not None
        assert found.high is not None
        covered.append(found.low <= known.labels.sum() <= found.high)
    assert 0.91 <= np.mean(covered) <= 0.99
