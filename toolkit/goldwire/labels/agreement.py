"""How well annotators agree: from votes to figures with intervals over stories.

In: the votes table, or a plain file with one answer a row. Out: a dictionary, which is labels/tables/agreement.json
and what ``goldwire labels agreement --json`` prints.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goldwire.errors import GoldwireError
from goldwire.labels.answers import Answers
from goldwire.labels.ballots import COLUMNS, Duplicates, Recode, columns_of, of_frame, of_votes
from goldwire.labels.decide import decide
from goldwire.scheme import Scheme
from goldwire.stats import agreement as figures
from goldwire.stats import alpha
from goldwire.stats.distance import masi
from goldwire.stats.resample import Array, Interval, resample_each

Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]
Groups = NDArray[np.str_]

DIGITS = 6
_ALL_THE_SAME = "all answers are the same: there is nothing to agree on beyond chance"


def agreement(
    votes: pa.Table,
    *,
    unit: str | None = None,
    annotator: str | None = None,
    label: str | None = None,
    clusters: Mapping[str, str] | None = None,
    schemes: Mapping[str, Scheme] | None = None,
    recode: Recode | None = None,
    duplicates: Duplicates | None = None,
    resamples: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> dict[str, Any]:
    """Return the agreement on one question, or on each of several.

    Parameters
    ----------
    votes : pa.Table
        The votes table, of which the rows that count are used; or any table with one answer a row.
    unit, annotator, label : str, optional
        Columns of a plain table, by default unit_id or task, annotator or worker, label. Naming any of them makes
        the table a plain one.
    clusters : mapping, optional
        unit -> story (see `clusters_of`): what is drawn for the intervals. A unit that is not in it is its own.
    schemes : mapping, optional
        The schemes of the votes, by name: which labels there are, in which order, and which mean "unsure".
    recode : mapping, optional
        Scheme -> question -> old label -> new label, applied first.
    duplicates : "first" or "last", optional
        In a plain table, which answer counts when an annotator answered a unit twice; None refuses.
    resamples, seed, level
        Of the bootstrap; see `goldwire.stats.resample`.

    Returns
    -------
    dict
        For one question: units (with an answer), units_with_two, annotators, votes (answers without the unsure),
        unsure, ties (units where majority decides nothing or leaves a label out for a tie), clusters, distance
        (alpha's: nominal, ordinal, masi), observed, alpha ``{"value", "low", "high"}``, kappa (Fleiss', or Cohen's
        for two; nominal), ac1 (nominal), per_label (alpha against the rest, votes), per_annotator (agreement with
        the others' answers, n of his answers that others answered too, votes), why (the reason of each figure that
        is null), outside_scheme (labels). For several: ``{"questions": {NAME: the same}}``, NAME being
        ``scheme.question`` when there are several schemes.

    Raises
    ------
    GoldwireError
        When there are no answers at all, a column is missing or has gaps, or an annotator answered a unit twice.
    """
    names = votes.column_names
    if unit or annotator or label or not set(COLUMNS) <= set(names):
        hint = f'A row needs a label in the column "{label or "label"}".'
        answers = [
            of_frame(
                votes,
                *columns_of(votes, unit, annotator, label),
                duplicates,
            )
        ]
    else:
        hint = "Pull and fold first: goldwire labels pull ROUND, then goldwire labels build"
        answers = [found for found in of_votes(votes, schemes or {}, recode or {}) if found.type != "text"]
    if not any(len(found.unit) or found.unsure for found in answers):
        what = f"there is no answer in these {votes.num_rows} rows" if votes.num_rows else "there are no votes"
        raise GoldwireError(what, hint=hint)
    results = [_of_question(found, clusters or {}, resamples, seed, level) for found in answers]
    if len(results) == 1:
        return results[0]
    several = len({found.scheme for found in answers}) > 1
    keys = [f"{found.scheme}.{found.question}" if several else found.question for found in answers]
    return {"questions": dict(zip(keys, results, strict=True))}


def clusters_of(units: pa.Table, articles: pa.Table) -> dict[str, str]:
    """Return the story of each unit, or its article where that has no story."""
    story = {
        article: story or article
        for article, story in zip(articles["article_id"].to_pylist(), articles["story_id"].to_pylist(), strict=True)
    }
    pairs = zip(units["unit_id"].to_pylist(), units["article_id"].to_pylist(), strict=True)
    return {unit: story.get(article, article) for unit, article in pairs}


def _of_question(
    answers: Answers, clusters: Mapping[str, str], resamples: int, seed: int, level: float
) -> dict[str, Any]:
    paired = answers.size >= 2
    groups = np.array([clusters.get(unit, f"\0{unit}") for unit in answers.units])[paired]
    distance = None if answers.takes_one else masi(answers.sets)
    why = _why(answers, paired)
    scalars, reasons = _scalars(answers, distance, why)
    overall, by_label = _alphas(
        answers, paired, distance, groups, {"resamples": resamples, "seed": seed, "level": level}
    )
    result: dict[str, Any] = {
        "units": int((answers.size > 0).sum()),
        "units_with_two": int(paired.sum()),
        "annotators": len(np.unique(answers.annotator)),
        "votes": len(answers.answer),
        "unsure": answers.unsure,
        "ties": int(decide(answers).tied.sum()),
        "clusters": len(np.unique(groups)),
        "distance": "ordinal" if answers.type == "ordinal" else "nominal" if answers.takes_one else "masi",
        "alpha": _because(overall, why or _ALL_THE_SAME),
        **scalars,
        "per_label": _per_label(answers, paired, by_label, why),
        "per_annotator": _per_annotator(answers, distance),
    }
    if reasons:
        result["why"] = reasons
    if answers.scheme and answers.foreign:
        result["outside_scheme"] = answers.foreign
    return result


def _alphas(
    answers: Answers, paired: Flags, distance: Array | None, groups: Groups, bootstrap: dict[str, Any]
) -> tuple[Interval, list[Interval]]:
    """Return alpha and the alpha of each label, from the same draws of stories."""
    counts = answers.counts[paired]
    ordinal = answers.type == "ordinal"
    statistics = alpha.ordinal_statistics(counts) if ordinal else alpha.statistics(counts, distance)
    figure = alpha.ordinal if ordinal else alpha.figure(distance)
    of_labels = alpha.label_statistics(answers.marks[paired], answers.size[paired])
    width = statistics.shape[1]
    overall, *by_label = resample_each(
        groups,
        np.hstack([statistics, of_labels]),
        lambda sums: np.column_stack([figure(sums[:, :width]), alpha.each_label(sums[:, width:])]),
        **bootstrap,
    )
    return overall, by_label


def _per_label(answers: Answers, paired: Flags, intervals: list[Interval], why: str | None) -> dict[str, Any]:
    reasons = [
        why or ("no unit with two answers has it" if given == 0 else "every answer has it")
        for given in answers.marks[paired].sum(axis=0)
    ]
    votes = answers.marks.sum(axis=0).tolist()
    return {
        label: {"alpha": _because(interval, reason), "votes": n}
        for label, interval, reason, n in zip(answers.labels, intervals, reasons, votes, strict=True)
    }


def _per_annotator(answers: Answers, distance: Array | None) -> dict[str, Any]:
    shares, n = figures.against_the_rest(
        answers.counts, answers.unit, answers.annotator, answers.answer, len(answers.annotators), distance
    )
    votes = np.bincount(answers.annotator, minlength=len(answers.annotators)).tolist()
    return {
        name: {"agreement": _rounded(float(share)), "n": shared, "votes": given}
        for name, share, shared, given in zip(answers.annotators, shares, n.tolist(), votes, strict=True)
        if given
    }


def _scalars(
    answers: Answers, distance: Array | None, why: str | None
) -> tuple[dict[str, float | None], dict[str, str]]:
    """Return observed agreement, kappa and AC1, and the reason of each that is null."""
    nan = float("nan")
    values = {"observed": figures.observed_agreement(answers.counts, distance), "kappa": nan, "ac1": nan}
    otherwise = "an answer may have several labels, and this figure takes one; see alpha"
    if answers.takes_one:
        two = len(np.unique(answers.annotator)) == 2
        values["kappa"] = figures.cohen_kappa(_pairs(answers)) if two else figures.fleiss_kappa(answers.counts)
        values["ac1"] = figures.gwet_ac1(answers.counts)
        otherwise = _ALL_THE_SAME
    reasons = {name: why or otherwise for name, value in values.items() if np.isnan(value)}
    return {name: _rounded(value) for name, value in values.items()}, reasons


def _pairs(answers: Answers) -> Counts:
    """Cross the answers of two annotators: on the units with both, answers stand in turn, sorted as they are."""
    both = answers.answer[answers.size[answers.unit] == 2]
    k = len(answers.labels)
    return np.bincount(both[::2] * k + both[1::2], minlength=k * k).reshape(k, k)


def _why(answers: Answers, paired: Flags) -> str | None:
    if len(answers.answer) == 0:
        return "every answer is unsure" if answers.unsure else "nobody answered it"
    if len(np.unique(answers.annotator)) == 1:
        return "one annotator only: agreement needs two"
    return None if paired.any() else "no unit has answers of two annotators"


def _because(interval: Interval, why: str) -> dict[str, Any]:
    return (Interval(None, why=why) if interval.value is None else interval).as_dict(DIGITS)


def _rounded(value: float) -> float | None:
    return None if np.isnan(value) else round(value, DIGITS) + 0.0
