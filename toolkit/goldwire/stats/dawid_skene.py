"""Dawid-Skene: each annotator's confusion of each true label, and what is true of each unit, estimated together.

A. P. Dawid and A. M. Skene, Maximum likelihood estimation of observer error-rates using the EM algorithm, Applied
Statistics 28 (1979), 20-28. Start, clipping and stopping rule are those of crowd-kit's DawidSkene (D. Ustalov,
N. Pavlichenko and B. Tseitlin, Learning from crowds with Crowd-Kit, JOSS 9 (2024), 6227), and so are the results.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from goldwire.errors import GoldwireError

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]

LEAST = 1e-10
"""Probabilities are no smaller, so that nothing is ever impossible."""

MOST_CELLS = 25_000_000
"""Of one array (200 MB); three or four of them are in memory together."""


@dataclass(frozen=True)
class DawidSkene:
    """What was estimated.

    Parameters
    ----------
    posterior : array, units x labels
        The probability that a label is the true one. The row of a unit without an answer is 0.
    prior : array, labels
        The share of the units of which each label is true; 0 for a label that nobody gave.
    pair_annotator, pair_label : arrays of int, pairs
        The pairs of an annotator and a label that this annotator gave.
    errors : array, pairs x labels
        The probability that the annotator gives the label where another (the column) is true.
    annotators : int
    iterations : int
        Estimates made after the first.
    converged : bool
        Whether the last of them improved the bound on the likelihood (per answer) by less than the tolerance.
    """

    posterior: Floats
    prior: Floats
    pair_annotator: Codes
    pair_label: Codes
    errors: Floats
    annotators: int
    iterations: int
    converged: bool

    @cached_property
    def confusion(self) -> Floats:
        """Annotators x true label x given label; rows sum to 1.

        Where there is nothing to go by, the row of an annotator is even over the labels that this annotator gave;
        that of an annotator without answers, over all.

        Raises
        ------
        GoldwireError
            When it has more than `MOST_CELLS` cells.
        """
        labels = len(self.prior)
        refuse_large(self.annotators * labels, labels, "annotators and labels")
        found = np.zeros((self.annotators, labels, labels))
        found[self.pair_annotator, :, self.pair_label] = self.errors
        silent = np.bincount(self.pair_annotator, minlength=self.annotators) == 0
        found[silent] = 1 / max(labels, 1)
        return found


def dawid_skene(
    unit: Codes,
    annotator: Codes,
    label: Codes,
    *,
    units: int,
    annotators: int,
    labels: int,
    iterations: int = 100,
    tolerance: float = 1e-5,
) -> DawidSkene:
    """Estimate the true label of every unit, and how each annotator confuses labels.

    The start is each unit's shares of the votes. Labels that nobody gave take no part.

    Parameters
    ----------
    unit, annotator, label : arrays of int
        One element an answer: codes from 0.
    units, annotators, labels : int
        How many there are of each.
    iterations : int
        The most there can be.
    tolerance : float
        The least improvement of the bound, per answer, to go on for.

    Raises
    ------
    GoldwireError
        When units times labels, or pairs of annotator and label times labels, are more than `MOST_CELLS`: a label
        that nobody gave to a unit can be the true one, so no cell can be left out.
    """
    from scipy.sparse import csr_array

    given, code = np.unique(label, return_inverse=True)
    pairs, pair = np.unique(annotator * len(given) + code, return_inverse=True)
    refuse_large(units, labels, "units and labels")
    refuse_large(len(pairs), labels, "annotators' labels and labels")
    pair_annotator, pair_label = pairs // max(len(given), 1), pairs % max(len(given), 1)
    size = np.bincount(unit, minlength=units).astype(float)
    answered = size > 0
    ones = np.ones(len(unit))
    votes = csr_array((ones, (unit, pair)), shape=(units, len(pairs)))
    of_pair = csr_array(votes.T)
    by_label = csr_array((ones, (pair_label[pair], unit)), shape=(len(given), units)).toarray().T
    posterior = by_label / np.maximum(size, 1)[:, None]
    done, converged = 0, False
    bound = -np.inf
    prior = _prior(posterior, answered)
    errors = _errors(of_pair @ posterior, pair_annotator, annotators)
    evidence = votes @ np.log(errors)
    while len(unit) and done < iterations and not converged:
        posterior = _posterior(evidence, prior, answered)
        prior = _prior(posterior, answered)
        errors = _errors(of_pair @ posterior, pair_annotator, annotators)
        evidence = votes @ np.log(errors)
        new_bound = _bound(posterior, evidence, prior, size) / len(unit)
        converged = bool(new_bound - bound < tolerance)
        bound, done = new_bound, done + 1
    return DawidSkene(
        _spread(posterior, given, labels),
        _spread(prior[None], given, labels)[0],
        pair_annotator,
        given[pair_label],
        _spread(errors, given, labels, 1 / np.bincount(pair_annotator, minlength=annotators)[pair_annotator]),
        annotators,
        done,
        converged,
    )


def refuse_large(rows: int, columns: int, what: str) -> None:
    """Raise when rows x columns are more than `MOST_CELLS`."""
    if rows * columns > MOST_CELLS:
        raise GoldwireError(
            f"{rows:,} x {columns:,} {what} are too many for this method (at most {MOST_CELLS:,} cells)",
            hint="Take --method majority, or merge labels with recode in params.yaml",
        )


def _prior(posterior: Floats, answered: NDArray[np.bool_]) -> Floats:
    return np.asarray(posterior.sum(axis=0) / max(int(answered.sum()), 1))


def _errors(expected: Floats, pair_annotator: Codes, annotators: int) -> Floats:
    """Return expected counts as probabilities over the labels that the annotator gave. Pairs go by annotator."""
    expected = np.maximum(expected, LEAST)
    starts = np.searchsorted(pair_annotator, np.arange(annotators))
    some = np.bincount(pair_annotator, minlength=annotators) > 0
    total = np.ones((annotators, expected.shape[1]))
    if some.any():
        total[some] = np.add.reduceat(expected, starts[some], axis=0)
    return np.asarray(expected / total[pair_annotator])


def _posterior(evidence: Floats, prior: Floats, answered: NDArray[np.bool_]) -> Floats:
    likelihood: Floats = evidence + np.log(np.maximum(prior, LEAST))
    likelihood -= likelihood.max(axis=1, keepdims=True)
    np.exp(likelihood, out=likelihood)
    likelihood /= likelihood.sum(axis=1, keepdims=True)
    likelihood[~answered] = 0
    return likelihood


def _bound(posterior: Floats, evidence: Floats, prior: Floats, size: Floats) -> float:
    """Return the bound that decides when to stop: crowd-kit's, in which the prior counts once for each answer."""
    expected = np.vdot(posterior, evidence) + (size @ posterior) @ np.log(np.maximum(prior, LEAST))
    sure = np.maximum(posterior[size > 0], LEAST)
    return float(expected - np.vdot(np.log(sure), sure))


def _spread(columns: Floats, given: Codes, labels: int, rest: Floats | None = None) -> Floats:
    """Return the columns of the labels that were given among those of all; in the others, `rest` or 0."""
    if len(given) == labels:
        return columns
    spread = np.zeros((len(columns), labels))
    if rest is not None:
        spread += rest[:, None]
    spread[:, given] = columns
    return spread
