"""How likely what was decided is right, by what a model and the annotators say together.

CROWDLAB (Goh, Tkachenko and Mueller, 2022, CROWDLAB: supervised learning to infer consensus labels and quality scores
for data with multiple annotators, HCMM workshop at NeurIPS): a weighted mean of the model's shares and of the votes,
where the model weighs what it gets right among units with several votes, and an annotator what the others agree to.
The weights are cleanlab's; the mean is made here, for cleanlab gives it for the votes' consensus only, and gold can
be another label, by adjudication or by a model of the annotators.
"""

import warnings
from collections.abc import Sequence

import numpy as np

from goldwire.eval.task import Answer, Array, Codes, Marks, Task


def weighed(task: Task, shares: Array, units: Codes, annotators: Codes, answers: Sequence[Answer]) -> Array:
    """Return the shares, with the votes weighed in; of several labels each on its own.

    Parameters
    ----------
    task : Task
    shares : array, units x labels
        What a model says that has not seen the units; of one label they sum to 1.
    units, annotators : integer arrays, length n
        Whose vote each is, by position.
    answers : sequence of n answers

    Returns
    -------
    array, units x labels
        The model's shares where nobody voted, and everywhere when no unit has two votes: nothing says then how far
        to trust whom.
    """
    if not len(units):
        return shares
    size = (len(shares), int(annotators.max()) + 1)
    if not task.several:
        return _weighed(shares, _wide(size, units, annotators, task.codes(answers)))
    marks: Marks = task.marks(answers)
    columns = []
    for label in range(len(task.labels)):
        two = np.column_stack([1 - shares[:, label], shares[:, label]])
        columns.append(_weighed(two, _wide(size, units, annotators, marks[:, label].astype(np.int64)))[:, 1])
    return np.column_stack(columns)


def _wide(size: tuple[int, int], units: Codes, annotators: Codes, codes: Codes) -> Array:
    wide = np.full(size, np.nan)
    wide[units, annotators] = codes
    return wide


def _weighed(shares: Array, votes: Array) -> Array:
    from cleanlab.multiannotator import get_label_quality_multiannotator

    voted = ~np.isnan(votes).all(axis=1)
    asked = votes[voted]
    many = (~np.isnan(asked)).sum(axis=1)
    said = np.unique(asked[~np.isnan(asked)])
    if (many < 2).all() or len(said) < 2:
        return shares
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of annotators who share no unit: they get a weight by the others' mean
        given = get_label_quality_multiannotator(
            asked,
            shares[voted],
            consensus_method="majority_vote",
            return_detailed_quality=False,
            return_annotator_stats=False,
            return_weights=True,
            verbose=False,
        )
    right = float(given["label_quality"]["annotator_agreement"].to_numpy()[many > 1].mean())
    wrong = (1 - right) / (shares.shape[1] - 1)
    weight, model = np.asarray(given["annotator_weight"], dtype=np.float64), float(given["model_weight"])
    there = ~np.isnan(asked)
    total = there @ weight
    said_so = np.column_stack([(asked == label) @ weight for label in range(shares.shape[1])])
    found = shares.copy()
    mean = shares[voted] * model + said_so * right + (total[:, None] - said_so) * wrong
    found[voted] = mean / (total + model)[:, None]
    return found
