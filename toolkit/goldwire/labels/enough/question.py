"""One question: what its answers say of those who gave them, and what other rounds would give."""

from collections.abc import Mapping
from dataclasses import replace
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goldwire.labels.answers import Answers
from goldwire.labels.clusters import stories_of
from goldwire.labels.enough.given import Given, given_of, says, too_little
from goldwire.labels.enough.held_out import MINIMUM, counts_of, hold_out, mean_of
from goldwire.labels.enough.options import LEAST_SIMULATIONS, Options
from goldwire.labels.enough.rows import DIGITS, between, rounded, rows_of
from goldwire.labels.enough.words import notes_on, recommend, say
from goldwire.stats.enough import Design, alpha_of, design_effect
from goldwire.stats.resample import Interval, resample_each
from goldwire.stats.simulate import People, again, calibrated, people_of

Codes = NDArray[np.int64]

_NO_ALPHA = {
    **dict.fromkeys(("value", "low", "high", "half_width")),
    "why": "not defined in most draws: their answers are all the same",
}
_NO_MAJORITY = {
    "same_as_all": "each of these units is tied with all its answers",
    "expected_same_as_all": "in most simulated rounds each of these units is tied with all its answers",
}


def of_question(answers: Answers, clusters: Mapping[str, str], options: Options) -> dict[str, Any]:
    """Return what is expected of one question; see `goldwire.labels.enough.measure.enough` for the keys."""
    if answers.takes_one:
        return _study(given_of(answers, answers.answer), clusters, options)
    tree = answers.type == "tree"  # where an answer also says every path above its own
    holds = np.array(
        [[any(says(given, label, tree) for given in labels) for label in answers.labels] for labels in answers.sets],
        dtype=np.int64,
    )
    found: dict[str, Any] = {}
    options = replace(options, simulations=max(LEAST_SIMULATIONS, options.simulations // 4))
    for column, label in enumerate(answers.labels):
        mark = holds[:, column][answers.answer] if len(holds) else np.zeros(0, dtype=np.int64)
        if mark.sum() < MINIMUM:
            found[label] = {"rows": [], "why": f"fewer than {MINIMUM} answers have it"}
        else:
            found[label] = _study(given_of(answers, mark), clusters, options)
    return {
        "question": answers.question,
        "labels": found,
        "notes": [
            "An answer may have several labels, so each label is taken alone: given, or not given; with "
            f"{options.simulations} simulated rounds for each."
        ],
    }


def _study(given: Given, clusters: Mapping[str, str], options: Options) -> dict[str, Any]:
    size = np.bincount(given.unit, minlength=len(given.units))
    facts: dict[str, Any] = {
        "units": len(given.units),
        "units_with_two": int((size >= 2).sum()),
        "annotators": given.annotators,
        "answers": len(given.unit),
    }
    if why := too_little(given, size):
        nothing = {"value": None, "low": None, "high": None, "why": why}
        return {**facts, "alpha": nothing, "design_effect": None, "rows": [], "why": why}
    counts, measure = given.counts, given.measure
    paired = size >= 2
    groups = stories_of(given.units, clusters)[paired]
    estimator = measure(counts[paired])
    measured, *_ = resample_each(
        groups,
        estimator.statistics,
        estimator.function,
        resamples=options.resamples,
        seed=options.seed,
        level=options.level,
    )
    if measured.value is None:
        why = "alpha is not defined on these answers"
        return {**facts, "alpha": measured.as_dict(DIGITS), "design_effect": None, "rows": [], "why": why}
    effect = design_effect(groups, estimator)
    design: Design = "team" if 2 * len(given.unit) >= given.annotators * len(given.units) else "rotation"
    people = _people(given, measured, options.seed)
    table = rows_of(given, people, design, effect or 1.0, size, options)
    result = {
        **facts,
        "design": design,
        "method": options.method,
        "alpha": measured.as_dict(DIGITS),
        "unanimous": rounded(_unanimous(counts)),
        "design_effect": rounded(effect),
        "model": _model(given, people, options),
        "rows": table,
        "measured": _measured(given, people, effect or 1.0, options),
    }
    if options.half_width is not None or options.accuracy is not None:
        result["recommended"] = recommend(table, options.half_width, options.accuracy)
    result["words"] = say(result)
    result["notes"] = notes_on(result, size)
    return result


def _people(given: Given, measured: Interval, seed: int) -> People:
    shape, measure = (len(given.units), given.labels), given.measure

    def agreement(label: Codes) -> float:
        return alpha_of(counts_of(given.unit, label, *shape), measure)

    people = people_of(given.unit, given.annotator, given.label, shape[0], given.annotators, shape[1])
    if measured.value is None or measured.low is None:
        return people
    return calibrated(people, given.unit, given.annotator, shape[0], agreement, measured.value, measured.low, seed)


def _model(given: Given, people: People, options: Options) -> dict[str, Any]:
    """What the model says of the answers there are, to be held against them."""
    generator = np.random.default_rng(options.seed)
    measure, shape = given.measure, (len(given.units), given.labels)
    values, unanimous = [], []
    for _ in range(20):
        said, _ = again(people, given.unit, given.annotator, shape[0], generator)
        counts = counts_of(given.unit, said, *shape)
        values.append(alpha_of(counts, measure))
        unanimous.append(_unanimous(counts))
    return {
        "alpha": rounded(mean_of(values)),
        "unanimous": rounded(float(np.mean(unanimous))),
        "shared": rounded(people.shared),
    }


def _measured(given: Given, people: People, effect: float, options: Options) -> list[dict[str, Any]]:
    z = NormalDist().inv_cdf((1 + options.level) / 2)
    shape = (len(given.units), given.labels)
    rows = []
    for k in options.annotators:
        generator = np.random.default_rng((options.seed, k))
        found = hold_out(given.unit, given.label, shape, k, given.measure, generator)
        if found is None:
            continue
        expected = []
        for _ in range(5):
            said, _ = again(people, given.unit, given.annotator, shape[0], generator)
            simulated = hold_out(given.unit, said, shape, k, given.measure, generator, 1)
            expected.append(np.nan if simulated is None else simulated.same)
        half = z * (effect * found.alpha_unit / found.units) ** 0.5
        same = {"same_as_all": rounded(found.same), "expected_same_as_all": rounded(mean_of(expected))}
        why = {name: _NO_MAJORITY[name] for name, value in same.items() if value is None}
        rows.append(
            {
                "annotators": k,
                "units": found.units,
                "alpha": _NO_ALPHA if np.isnan(found.alpha) else between(found.alpha, half, -1.0),
                **same,
                **({"why": why} if why else {}),
            }
        )
    return rows


def _unanimous(counts: Codes) -> float:
    """Return the share of the units with two answers or more whose answers are all the same."""
    size = counts.sum(axis=1)
    paired = size >= 2
    return float((counts.max(axis=1) == size)[paired].mean())
