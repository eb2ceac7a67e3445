"""The figures of one question: agreement on all its labels, on each label, of each annotator, of each two."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from goldwire.labels.agreement import scales
from goldwire.labels.agreement.figure import ALL_THE_SAME, because
from goldwire.labels.agreement.people import of_annotators, of_pairs
from goldwire.labels.answers import Answers, Codes
from goldwire.labels.clusters import stories_of
from goldwire.labels.tally import Tally, tally
from goldwire.stats import consensus
from goldwire.stats import pairs as pairs_of
from goldwire.stats.agreement import observed
from goldwire.stats.alpha import alphas, of_labels, ordinal_alpha
from goldwire.stats.cells import Cells
from goldwire.stats.distance import Distance
from goldwire.stats.kappa import of_many
from goldwire.stats.resample import MINIMUM_CLUSTERS, Estimator, Interval, resample_each, together, too_few


def figures_of(
    answers: Answers,
    clusters: Mapping[str, str],
    resamples: int,
    seed: int,
    level: float,
    *,
    distance: str | None = None,
    pairs: bool | None = None,
) -> dict[str, Any]:
    """Return every figure of one question; see `goldwire.labels.agreement.measure.agreement` for the keys."""
    cells, place = cells_of(answers)
    said = marks_of(answers, cells)
    paired, cluster = cells.size >= 2, stories_of(answers.units, clusters)
    chosen, why = scales.own(answers, distance), _why(answers, cells)
    bootstrap: dict[str, Any] = {"resamples": resamples, "seed": seed, "level": level}
    partly = _partly(answers, chosen)
    estimator, names = alphas_of(answers, cells, chosen)
    labels = of_labels(Cells(said.unit, said.label, said.count, len(answers.units), len(said.labels)), said.size)
    parts = [_only(one, paired) for one in (estimator, observed(cells, partly), labels)]
    whole = together(parts)
    found = resample_each(cluster[paired], whole.statistics, whole.function, **bootstrap)
    by_name = dict(zip(names, found[: len(names)], strict=True))
    alpha = {name: because(by_name[name], why or ALL_THE_SAME) for name in scales.names(answers, chosen)}
    people = of_annotators(answers, cells, place, partly, cluster, bootstrap)
    two, left_out = of_pairs(answers, cluster, chosen in ("ordinal", "interval"), pairs, len(people), bootstrap)
    intervals = {
        "observed": because(found[len(names)], why or ALL_THE_SAME),
        **_chance(answers, cells, chosen, paired, cluster, bootstrap, why),
    }
    result: dict[str, Any] = {
        "units": int((cells.size > 0).sum()),
        "units_with_two": int(paired.sum()),
        "annotators": len(people),
        "votes": len(answers.answer),
        "unsure": answers.unsure,
        "ties": _ties(answers, said),
        "clusters": len(np.unique(cluster[paired])),
        "distance": chosen,
        "alpha": alpha[chosen],
        "alphas": alpha,
        **{name: one["value"] for name, one in intervals.items()},
        "intervals": intervals,
        "per_label": _per_label(said, found[len(names) + 1 :], why),
        "per_annotator": people,
        "pairs": two,
    }
    if left_out:
        result["pairs_left_out"] = left_out
    if reasons := {name: one["why"] for name, one in intervals.items() if one["value"] is None}:
        result["why"] = reasons
    if answers.scheme and answers.foreign:
        result["outside_scheme"] = answers.foreign
    return result


def cells_of(answers: Answers) -> tuple[Cells, Codes]:
    """Return how often each distinct answer was given to each unit, and the place of each answer in that."""
    return Cells.of_codes(answers.unit, answers.answer, len(answers.units), len(answers.sets))


def marks_of(answers: Answers, cells: Cells) -> Tally:
    """Return how many answers include each label."""
    if not answers.takes_one:
        return tally(answers)
    sets: list[tuple[int, ...]] = [(i,) for i in range(len(answers.labels))]
    return Tally(answers.labels, sets, cells.unit, cells.answer, cells.n, cells.size)


def alphas_of(answers: Answers, cells: Cells, chosen: str) -> tuple[Estimator, list[str]]:
    """Return alpha with every distance that applies to the question, and the name of each."""
    names = scales.names(answers, chosen)
    distances = {name: scales.distance(answers, name) for name in names if name != "ordinal"}
    parts = [alphas(cells, distances)]
    if "ordinal" in names:
        parts.append(ordinal_alpha(cells))
    return together(parts), [*distances, *(["ordinal"] if "ordinal" in names else [])]


def _only(estimator: Estimator, units: Any) -> Estimator:
    return estimator if units.all() else Estimator(estimator.statistics[units], estimator.function)


def _partly(answers: Answers, chosen: str) -> Distance | None:
    """Return what observed agreement is weighed by: answers that are sets, or paths, may agree in part."""
    return scales.distance(answers, chosen) if chosen in ("masi", "tree") else None


def _chance(
    answers: Answers,
    cells: Cells,
    chosen: str,
    paired: Any,
    cluster: Codes,
    bootstrap: dict[str, Any],
    why: str | None,
) -> dict[str, Any]:
    """Return kappa (Fleiss', or Cohen's for two annotators), AC1 and AC2; they count units with one answer too."""
    answered = cells.size > 0
    estimator = of_many(cells.of(answered), None if chosen == "nominal" else scales.distance(answers, chosen))
    found = resample_each(cluster[answered], estimator.statistics, estimator.function, **bootstrap)
    if len(np.unique(answers.annotator)) == 2:
        pairs = pairs_of.of_two(answers.unit, answers.annotator, answers.answer, cluster, False, **bootstrap)
        found[0] = next((pair.kappa for pair in pairs), Interval(None))
    clusters = len(np.unique(cluster[paired]))
    if clusters < MINIMUM_CLUSTERS:
        found = [Interval(one.value, why=one.why if one.value is None else too_few(clusters)) for one in found]
    reasons = (ALL_THE_SAME, "there is one label only", "there is one label only")
    return {
        name: because(one, why or reason)
        for name, one, reason in zip(("kappa", "ac1", "ac2"), found, reasons, strict=True)
    }


def _per_label(said: Tally, found: list[Interval], why: str | None) -> dict[str, Any]:
    votes = np.bincount(said.label, weights=said.count, minlength=len(said.labels)).astype(int).tolist()
    keep = said.size[said.unit] >= 2
    shared = np.bincount(said.label[keep], weights=said.count[keep], minlength=len(said.labels)).tolist()
    none = why or "no unit with two answers has it"
    alpha, positive = found[: len(votes)], found[len(votes) :]
    return {
        label: {
            "alpha": because(one, why or "every answer has it" if given else none),
            "positive_agreement": because(two, none),
            "votes": n,
        }
        for label, one, two, n, given in zip(said.labels, alpha, positive, votes, shared, strict=True)
    }


def _ties(answers: Answers, said: Tally) -> int:
    """Count the units of which `goldwire.labels.decide` says that the majority is tied."""
    if answers.takes_one:
        return int(consensus.highest(said.unit, said.count, len(answers.units))[1].sum())
    half = consensus.more_than_half(said.count, said.size[said.unit])[1]
    return len(np.unique(said.unit[half]))


def _why(answers: Answers, cells: Cells) -> str | None:
    if len(answers.answer) == 0:
        return "every answer is unsure" if answers.unsure else "nobody answered it"
    if (answers.annotator == answers.annotator[0]).all():
        return "one annotator only: agreement needs two"
    return None if (cells.size >= 2).any() else "no unit has answers of two annotators"
