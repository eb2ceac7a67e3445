"""MACE: how often each annotator knows the answer rather than guesses, and what is true of each unit.

D. Hovy, T. Berg-Kirkpatrick, A. Vaswani and E. Hovy, Learning whom to trust with MACE, NAACL-HLT 2013, 1120-1130. An
annotator knows, and gives the true label, with a probability (the competence), and else draws from labels by a
distribution of their own (the strategy). Estimated by variational Bayes with the priors of crowd-kit's MACE,
Beta(.5, .5) on the competence and Dirichlet(10, ..., 10) on the strategy; the first start is crowd-kit's, and so is
its result.

The prior of the true label is even, and cannot be learnt: where one label is rare, and answers are few or annotators
guess much, MACE takes the common label for a guess. With 40 units, 15 % of one label, and three annotators who are
right in 65 to 75 %, its labels were right in .69, those of the majority in .80 and of Dawid-Skene in .81 (means of 60
simulations).

Labels that nobody gave to a unit are all as likely as one another, so only those that were given are held.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from goldwire.stats.dawid_skene import Codes, Floats, refuse_large

KNOWS = GUESSES = 0.5
STRATEGY = 10.0
"""The priors' parameters."""


@dataclass(frozen=True)
class Mace:
    """What was estimated.

    Parameters
    ----------
    posterior : array, units x labels
        The probability that a label is the true one. The row of a unit without an answer is 0.
    competence : array, annotators
        The share of answers, 0 to 1, that the annotator knew; of an annotator without answers, the prior's.
    strategy : array, annotators x labels
        What the annotator gives when guessing: the model's other half, to compare with other implementations.
        Variational weights: a row sums to a little less than 1.
    log_likelihood : float
        Natural log; by it the best start was chosen.
    """

    posterior: Floats
    competence: Floats
    strategy: Floats
    log_likelihood: float


@dataclass(frozen=True)
class _Votes:
    """The answers as counts. A pair is an annotator with a label given, a cell is a unit with a label given."""

    cells: Any  # sparse, cells x pairs
    pairs: Any  # its transpose
    units: Any  # sparse, units x pairs
    cell_unit: Codes
    cell_label: Codes
    pair_annotator: Codes
    pair_label: Codes
    size: Floats  # answers of a pair
    others: Floats  # of each unit, labels that nobody gave to it
    starts: Codes  # the first cell of each unit that has answers
    answered: Codes  # these units
    annotators: int
    labels: int


def mace(
    unit: Codes,
    annotator: Codes,
    label: Codes,
    *,
    units: int,
    annotators: int,
    labels: int,
    restarts: int = 10,
    iterations: int = 50,
    seed: int = 0,
) -> Mace:
    """Estimate the true label of every unit and the competence of every annotator; the best of several starts.

    Labels that nobody gave take no part: they have posterior and strategy 0.

    Parameters
    ----------
    unit, annotator, label : arrays of int
        One element an answer: codes from 0.
    units, annotators, labels : int
        How many there are of each.
    restarts : int
        Starts, 1 or more: each its own draw; the likeliest result is returned, the first of equal ones.
    iterations : int
        Of each start; there is no stopping rule.
    seed : int

    Raises
    ------
    GoldwireError
        When units times labels, or annotators times labels, are more than `dawid_skene.MOST_CELLS`.
    """
    refuse_large(units, labels, "units and labels")
    refuse_large(annotators, labels, "annotators and labels")
    given, code = np.unique(label, return_inverse=True)
    votes = _votes(unit, annotator, code, units, annotators, len(given))
    best: tuple[float, Floats, Floats] | None = None
    for restart in range(restarts):
        knows, strategy = _start(annotators, len(given), seed, restart)
        for _ in range(iterations):
            knows, strategy = _estimate(votes, knows, strategy)
        likelihood = _likelihood(votes, knows, strategy)
        if best is None or likelihood > best[0]:
            best = likelihood, knows, strategy
    if best is None:
        raise ValueError("restarts must be 1 or more")
    likelihood, knows, strategy = best
    posterior = np.zeros((units, labels))
    cell, background, _ = _posterior(votes, knows, strategy)
    posterior[:, given] = background[:, None]
    posterior[votes.cell_unit, given[votes.cell_label]] = cell
    every = np.zeros((annotators, labels))
    every[:, given] = strategy
    return Mace(posterior, knows[:, 1].copy(), every, likelihood)


def _votes(unit: Codes, annotator: Codes, label: Codes, units: int, annotators: int, labels: int) -> _Votes:
    from scipy.sparse import csr_array

    width = max(labels, 1)
    pairs, pair = np.unique(annotator * width + label, return_inverse=True)
    cells, cell = np.unique(unit * width + label, return_inverse=True)
    ones = np.ones(len(unit))
    of_cells = csr_array((ones, (cell, pair)), shape=(len(cells), len(pairs)))
    cell_unit = cells // width
    answered, starts = np.unique(cell_unit, return_index=True)
    return _Votes(
        cells=of_cells,
        pairs=csr_array(of_cells.T),
        units=csr_array((ones, (unit, pair)), shape=(units, len(pairs))),
        cell_unit=cell_unit,
        cell_label=cells % width,
        pair_annotator=pairs // width,
        pair_label=pairs % width,
        size=np.bincount(pair, minlength=len(pairs)).astype(float),
        others=(labels - np.bincount(cell_unit, minlength=units)).astype(float),
        starts=starts,
        answered=answered,
        annotators=annotators,
        labels=labels,
    )


def _start(annotators: int, labels: int, seed: int, restart: int) -> tuple[Floats, Floats]:
    """Return a random (guesses, knows) for each annotator, and a strategy; the first start is crowd-kit's."""
    drawn = []
    for width in (2, labels):
        # crowd-kit draws both from one seed anew, so that they are not independent; the other starts are
        random = np.random.RandomState(seed) if restart == 0 else np.random.default_rng([seed, restart, width])
        values = random.uniform(1, 2.5, size=(annotators, width))
        drawn.append(values / values.sum(axis=1, keepdims=True) if width else values)
    return drawn[0], drawn[1]


def _weights(votes: _Votes, knows: Floats, strategy: Floats) -> tuple[Floats, Floats]:
    """Return, for each pair, the probability of the label as a guess, and as knowledge where it is true."""
    guess = knows[votes.pair_annotator, 0] * strategy[votes.pair_annotator, votes.pair_label]
    return guess, knows[votes.pair_annotator, 1]


def _posterior(votes: _Votes, knows: Floats, strategy: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the posterior of each cell, of each label not given to a unit, and the log of their sum by unit."""
    guess, known = _weights(votes, knows, strategy)
    gain = votes.cells @ np.log1p(known / guess)  # over a label that nobody gave
    most = np.zeros(len(votes.others))
    total = np.zeros(len(votes.others))
    if len(votes.starts):
        most[votes.answered] = np.maximum.reduceat(gain, votes.starts)
        weight = np.exp(gain - most[votes.cell_unit])
        none = np.exp(-most)
        total[votes.answered] = np.add.reduceat(weight, votes.starts)
        total[votes.answered] += (votes.others * none)[votes.answered]
    else:
        weight, none = gain, np.zeros(len(most))
    sums = np.where(total > 0, total, 1)
    return weight / sums[votes.cell_unit], np.where(total > 0, none / sums, 0), most + np.log(sums)


def _estimate(votes: _Votes, knows: Floats, strategy: Floats) -> tuple[Floats, Floats]:
    """One iteration: from the expected counts of knowing and of each guess to new parameters."""
    cell, _, _ = _posterior(votes, knows, strategy)
    guess, known = _weights(votes, knows, strategy)
    right = votes.pairs @ cell  # of each pair, the expected number of true labels
    knew = right * known / (guess + known)
    guessed = votes.size - knew
    guesses = np.zeros((votes.annotators, votes.labels))
    guesses[votes.pair_annotator, votes.pair_label] = guessed
    counts = np.zeros((votes.annotators, 2))
    for column, weights in enumerate((guessed, knew)):
        counts[:, column] = np.bincount(votes.pair_annotator, weights=weights, minlength=votes.annotators)
    return _variational(counts, np.array([GUESSES, KNOWS])), _variational(guesses, np.full(votes.labels, STRATEGY))


def _variational(counts: Floats, prior: Floats) -> Floats:
    from scipy.special import digamma

    counts = counts + prior
    return np.asarray(np.exp(digamma(counts) - digamma(counts.sum(axis=1, keepdims=True))))


def _likelihood(votes: _Votes, knows: Floats, strategy: Floats) -> float:
    guess, _ = _weights(votes, knows, strategy)
    _, _, log_sum = _posterior(votes, knows, strategy)
    by_unit = votes.units @ np.log(guess) + log_sum
    return float(by_unit[votes.answered].sum() - len(votes.answered) * np.log(max(votes.labels, 1)))
