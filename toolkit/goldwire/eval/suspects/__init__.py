"""Suspects: units whose gold is likely wrong, so that people look at them again.

A baseline answers each unit without having seen it or its story. Where confident learning holds the gold answer for
an error and the baseline gives another one, the unit is a suspect; first come those whose gold the baseline and the
votes together make least likely. So a unit on which annotators disagreed is suspected sooner than another.

The test split is left out unless asked for: if only those of its labels are corrected that a baseline doubts, the
test split comes to agree with that baseline.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from goldwire import files
from goldwire.eval.baselines.base import Baseline
from goldwire.eval.curve.learner import learner, unfit
from goldwire.eval.inputs import Inputs, load_all
from goldwire.eval.suspects.folds import FOLDS, unseen
from goldwire.eval.suspects.noise import issues, quality
from goldwire.eval.suspects.votes import weighed
from goldwire.eval.task import Answer, Array, Marks, Task
from goldwire.eval.threads import one_thread
from goldwire.study import Study

if TYPE_CHECKING:
    import pandas as pd

FILE = "suspects.json"
MOST = 50

_FEWEST_STORIES = 4 * FOLDS
_SHOWN = 300  # characters
_DIGITS = 6


@one_thread
def suspects_all(
    study: Study, *, model: str | None = None, most: int = MOST, with_test: bool = False
) -> dict[str, dict[str, Any]]:
    """Look for suspects in the gold of every question, and write eval/suspects.json.

    Parameters
    ----------
    study : Study
    model : str, optional
        A baseline; by default the first of params.yaml that reads the text and answers such a question.
    most : int
        Suspects of a question, at least 1.
    with_test : bool
        Judge the test split too.

    Returns
    -------
    dict
        ``{"<scheme>.<question>": suspects}``, see `suspects`.

    Raises
    ------
    GoldwireError
        When there is no gold, or the model is unknown or cannot be trained.
    """
    params = study.params()
    baseline = learner(model, params)
    inputs, skipped = load_all(study)
    found = {
        each.key: suspects(each, learner(model, params, each), most=most, with_test=with_test, seed=params.seed)
        for each in inputs
    }
    for item in skipped:
        found[item.key] = _nothing(baseline, item.reason)
    files.write_json(study.eval / FILE, found)
    return found


def suspects(
    inputs: Inputs, baseline: Baseline, *, most: int = MOST, with_test: bool = False, seed: int = 0
) -> dict[str, Any]:
    """Return the units of a question whose gold is likely wrong, the likeliest first.

    Returns
    -------
    dict
        ``{"model", "judged", "agrees", "found", "listed", "why"}``: judged and found are counts of units, and agrees
        is the share of the judged on which the baseline and gold say the same: where it is low, the baseline doubts
        much that is right. Units are not judged whose label no other story has, for it cannot know that.

        Of each listed unit: unit_id, title, text (its first 300 characters), outlet, target, holder, split, gold,
        suggested (what the baseline answers), share (what it gives that answer, 0 to 1; of several labels the least
        of those by which it differs from gold), quality (how likely gold is right, by baseline and votes), votes
        ({label: share}).
    """
    rows = inputs.rows[inputs.rows["labels"].notna()]
    if not with_test:
        rows = rows[rows["split"] != "test"]
    rows = rows.reset_index(drop=True)
    reason = unfit(baseline, inputs) or _lacking(rows)
    if reason:
        return _nothing(baseline, reason)
    task = inputs.task
    gold: list[Answer] = list(rows["labels"])
    given = unseen(task, rows, baseline, seed)
    marks = task.marks(gold)
    judged = (given.known | ~marks).all(axis=1)
    if not judged.any():
        return _nothing(baseline, "no label stands in several stories")
    doubted = np.zeros(len(rows), dtype=bool)
    at = np.flatnonzero(judged)
    doubted[at] = issues(task, [gold[i] for i in at], given.shares[at])
    same = np.array([set(a) == set(b) for a, b in zip(gold, given.answers, strict=True)])
    doubted &= ~same
    likely = quality(task, gold, _with_votes(task, rows, inputs.votes, given.shares))
    order = sorted(np.flatnonzero(doubted), key=lambda i: (likely[i], rows["unit_id"][i]))
    listed = [
        {
            **_unit(rows.iloc[i]),
            "gold": list(gold[i]),
            "suggested": list(given.answers[i]),
            "share": round(_share(task, marks[i], given.answers[i], given.shares[i]), _DIGITS),
            "quality": round(float(likely[i]), _DIGITS),
        }
        for i in order[:most]
    ]
    why = None if listed else "the baseline doubts no label"
    return {
        "model": baseline.name,
        "judged": int(judged.sum()),
        "agrees": round(float(same[judged].mean()), _DIGITS),
        "found": len(order),
        "listed": listed,
        "why": why,
    }


def _nothing(baseline: Baseline, why: str) -> dict[str, Any]:
    return {"model": baseline.name, "judged": 0, "agrees": None, "found": 0, "listed": [], "why": why}


def _lacking(rows: "pd.DataFrame") -> str | None:
    if not len(rows):
        return "no unit outside of the test split has a gold label"
    if len(set(rows["labels"])) == 1:
        return f"all labelled units have one answer: {', '.join(rows['labels'].iloc[0]) or 'none'}"
    if (stories := rows["cluster"].nunique()) < _FEWEST_STORIES:
        return f"the labelled units are of {stories} stories: a model of the others needs {_FEWEST_STORIES}"
    return None


def _with_votes(task: Task, rows: "pd.DataFrame", votes: "pd.DataFrame", shares: Array) -> Array:
    place = {unit: i for i, unit in enumerate(rows["unit_id"])}
    known = set(task.labels)
    meant = (u in place and set(a) <= known for u, a in zip(votes["unit_id"], votes["labels"], strict=True))
    kept = votes[np.fromiter(meant, dtype=bool)]
    units = np.array([place[unit] for unit in kept["unit_id"]], dtype=np.int64)
    _, annotators = np.unique(kept["annotator"].to_numpy(dtype=str), return_inverse=True)
    return weighed(task, shares, units, annotators.astype(np.int64), list(kept["labels"]))


def _share(task: Task, gold: Marks, suggested: Answer, shares: Array) -> float:
    given = task.marks([suggested])[0]
    if not task.several:
        return float(shares[given][0])
    return float(np.where(given, shares, 1 - shares)[given != gold].min(initial=1.0))


def _unit(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in ("unit_id", "title", "outlet", "target", "holder", "split")},
        "text": row["text"][:_SHOWN],
        "votes": {label: round(share, _DIGITS) for label, share in sorted(row["distribution"].items())},
    }
