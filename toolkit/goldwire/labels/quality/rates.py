"""How often each annotator gives each label, and whether that differs from the others on the same units."""

from typing import Any

import numpy as np

from goldwire.labels.answers import Codes
from goldwire.labels.quality.observed import Observed
from goldwire.labels.quality.rest import Bootstrap, listed, rounded
from goldwire.stats.clustered_share import shares
from goldwire.stats.draws import Array
from goldwire.stats.holm import holm
from goldwire.stats.resample import Interval, ratio, resample
from goldwire.stats.within_units import within_units

MOST_LABELS = 60
"""Labels that are compared, those given most often; a codebook has fewer, typed answers may have thousands."""

NOBODY = "nobody else answered these units"


def compared_labels(seen: Observed) -> list[int]:
    """Return the labels to compare, in their order: those that somebody gave, the most frequent."""
    answers = seen.answers
    of_set = np.bincount(answers.answer, minlength=len(answers.sets))
    place = {label: i for i, label in enumerate(answers.labels)}
    times = np.zeros(len(answers.labels), dtype=np.int64)
    for found, n in zip(answers.sets, of_set.tolist(), strict=True):
        times[[place[label] for label in found]] += n
    order = np.argsort(-times, kind="stable")[:MOST_LABELS]
    return sorted(int(i) for i in order if times[i])


def rates(seen: Observed, labels: list[int], level: float) -> list[dict[str, Any]]:
    """Return, for each annotator, the share of their answers that have each label: n, value, low, high."""
    names, who = seen.answers.labels, seen.answers.annotator
    found: list[dict[str, Any]] = [{} for _ in seen.of]
    for label in labels:
        share = shares(seen.has(label), who, seen.story, len(found), level)
        for number, row in enumerate(found):
            if share.n[number]:
                row[names[label]] = {"n": int(share.n[number]), **share.interval(number).as_dict()}
    return found


def bias(seen: Observed, labels: list[int], bootstrap: Bootstrap) -> list[dict[str, Any]]:
    """Return, for each annotator and label, their share against that of the others on the same units.

    Returns
    -------
    list of dict
        For each annotator {label: row}; a row has n (their answers that others answered too), share (of them with the
        label), others (the mean over these units of the others' share), difference (share less others, with its
        interval over stories), p (see `goldwire.stats.within_units`), p_holm (adjusted over all annotators and labels
        of the question), test (exact, normal, clustered, or null), units (on which answers differ in it), and why
        where p is null.
    """
    answers = seen.answers
    found: list[dict[str, Any]] = [{} for _ in seen.of]
    for label in labels:
        has, others = against_others(seen, label)
        chance = (others * (seen.size - 1) + has) / seen.size
        for who, places in enumerate(seen.of):
            if len(places):
                row = _row(seen, places[seen.size[places] > 1], has, others, chance, bootstrap)
                found[who][answers.labels[label]] = row
    rows = [row for of_one in found for row in of_one.values()]
    listed(rows, holm([row["p"] for row in rows]))
    return found


def labels_per_answer(seen: Observed, bootstrap: Bootstrap) -> list[dict[str, Any] | None]:
    """Return how many labels each annotator's answers have, where an answer may have several: mean, others (the mean
    on the same units), difference with its interval. None for a question that takes one label, and without others."""
    found: list[dict[str, Any] | None] = [None] * len(seen.of)
    if seen.answers.takes_one:
        return found
    unit = seen.answers.unit
    size = np.array([len(labels) for labels in seen.answers.sets], dtype=np.float64)[seen.answers.answer]
    others = ratio(np.bincount(unit, weights=size)[unit] - size, seen.size - 1)
    for who, places in enumerate(seen.of):
        shared = places[seen.size[places] > 1]
        if len(shared):
            rows = np.column_stack([np.round(size - others, 12)[shared], np.ones(len(shared))])
            difference = resample(seen.story[shared], rows, lambda sums: ratio(sums[:, 0], sums[:, 1]), **bootstrap)
            means = {"mean": rounded(size[shared].mean()), "others": rounded(others[shared].mean())}
            found[who] = {**means, "difference": difference.as_dict()}
    return found


def against_others(seen: Observed, label: int) -> tuple[Array, Array]:
    """Return, for each answer, whether it has the label (1 or 0), and the others' share; NaN without others."""
    has = seen.has(label).astype(np.float64)
    unit = seen.answers.unit
    of_unit = np.bincount(unit, weights=has, minlength=len(seen.answers.units))
    return has, ratio(of_unit[unit] - has, seen.size - 1)


def _row(
    seen: Observed, places: Codes, has: Array, others: Array, chance: Array, bootstrap: Bootstrap
) -> dict[str, Any]:
    n = len(places)
    if not n:
        nothing = Interval(None, why=NOBODY)
        empty = {"share": None, "others": None, "difference": nothing.as_dict(), "p": None, "p_holm": None}
        return {"n": 0, **empty, "test": None, "units": 0, "why": NOBODY}
    story = seen.story[places]
    mine, theirs = has[places], others[places]
    # rounded, so that the same difference is the same row to the bootstrap
    rows = np.column_stack([np.round(mine - theirs, 12), np.ones(n)])
    difference = resample(story, rows, lambda sums: ratio(sums[:, 0], sums[:, 1]), **bootstrap)
    test = within_units(mine > 0, np.round(chance[places], 12), story)
    row = {
        "n": n,
        "share": rounded(mine.mean()),
        "others": rounded(theirs.mean()),
        "difference": difference.as_dict(),
        "p": test.p,
        "p_holm": None,
        "test": test.kind,
        "units": test.units,
    }
    return row if test.why is None else {**row, "why": test.why}
