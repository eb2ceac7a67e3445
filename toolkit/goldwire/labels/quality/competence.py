"""How good an annotator is by models of all answers together: Dawid-Skene and MACE.

For a question that takes several labels Dawid-Skene is asked about each label that somebody gave, yes or no, all
labels together, as if each were a unit of its own. Most of these answers are "no", so the accuracy is high there, and
how often a true label is found (`finds`) says more. MACE is left out: that somebody always guesses "no" explains such
answers as well as that they know it.
"""

from typing import Any

import numpy as np

from goldwire.errors import GoldwireError
from goldwire.labels.answers import Codes
from goldwire.labels.quality.observed import Observed
from goldwire.labels.quality.rest import rounded
from goldwire.stats.dawid_skene import dawid_skene
from goldwire.stats.mace import mace

MOST_ROWS = 3_000_000
"""Yes-or-no answers that the models are asked about at most."""
MOST_LABELS = 60
"""Above this many labels the confusions of the model are left out of the result."""

NO_MACE = "an answer may have several labels, and MACE takes one"
YES_NO = ["no", "yes"]


def competence(seen: Observed, labels: list[int], seed: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Estimate each annotator's competence from the units that two or more answered.

    Returns
    -------
    all : dict
        of: "labels", or "each label, yes or no"; units; why, when there is nothing to estimate from; why_no_mace,
        where MACE is left out.
    annotators : list of dict
        dawid_skene {"accuracy", "confusion" {true label: {given label: probability}}} or null: accuracy is how often
        they are expected to be right, the sum over labels of how common the label is times the chance that they
        give it where it is true; for yes or no also finds, the chance of yes where yes is true. mace: the chance
        that they know and do not guess. These are estimates of models, without an interval.
    """
    takes_one = seen.answers.takes_one
    why = _why(seen, labels)
    if why is not None:
        return {"of": None, "units": 0, "why": why}, [{"dawid_skene": None, "mace": None} for _ in seen.of]
    shared = seen.size > 1
    unit, who, given = (code[shared] for code in (seen.answers.unit, seen.answers.annotator, seen.answers.answer))
    names = seen.answers.labels if takes_one else YES_NO
    units = len(np.unique(unit))
    if not takes_one:
        unit, who, given = _yes_no(seen, labels, shared)
    unit = np.unique(unit, return_inverse=True)[1]
    size: dict[str, int] = {"units": int(unit.max()) + 1, "annotators": len(seen.of), "labels": len(names)}
    try:
        model = dawid_skene(unit, who, given, **size)
        knows = mace(unit, who, given, **size, seed=seed).competence if takes_one else None
        errors = model.confusion
    except GoldwireError as error:
        return {"of": None, "units": 0, "why": str(error)}, [{"dawid_skene": None, "mace": None} for _ in seen.of]
    heard = np.bincount(who, minlength=len(seen.of)) > 0
    likely = [i for i in range(len(names)) if model.prior[i] > 0]
    rows: list[dict[str, Any]] = []
    for number in range(len(seen.of)):
        if not heard[number]:
            rows.append({"dawid_skene": None, "mace": None, "why": "nobody else answered their units"})
            continue
        accuracy = float(model.prior @ np.diagonal(errors[number]))
        confusion = (
            {names[i]: {names[j]: rounded(errors[number, i, j], 4) for j in likely} for i in likely}
            if len(likely) <= MOST_LABELS
            else None
        )
        finds = {} if takes_one else {"finds": rounded(errors[number, 1, 1], 4)}
        rows.append(
            {
                "dawid_skene": {"accuracy": rounded(min(accuracy, 1.0), 4), **finds, "confusion": confusion},
                "mace": None if knows is None else rounded(knows[number], 4),
            }
        )
    if takes_one:
        return {"of": "labels", "units": units}, rows
    return {"of": "each label, yes or no", "units": units, "why_no_mace": NO_MACE}, rows


def _why(seen: Observed, labels: list[int]) -> str | None:
    shared = seen.size > 1
    if not shared.any():
        return "no unit has answers of two annotators"
    if len(labels) < 2 and seen.answers.takes_one:
        return "one label only: everybody always gives it"
    if not seen.answers.takes_one and (not labels or int(shared.sum()) * len(labels) > MOST_ROWS):
        return "too many answers times labels" if labels else "no label was given"
    return None


def _yes_no(seen: Observed, labels: list[int], shared: Any) -> tuple[Codes, Codes, Codes]:
    n = int(shared.sum())
    columns = range(len(labels))
    unit = np.concatenate([seen.answers.unit[shared] * len(labels) + column for column in columns])
    given = np.concatenate([seen.has(label)[shared] for label in labels]).astype(np.int64)
    return unit, np.tile(seen.answers.annotator[shared], len(labels)) if n else unit, given
