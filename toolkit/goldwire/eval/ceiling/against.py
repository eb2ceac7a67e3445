"""Whether a model is below or above what people reach, or not told apart from it.

A model's figure beside the interval of the people's would be two mistakes: the model's figure is uncertain too, and
the two are made on other units, against other answers, since people can only be judged where the others agree and by
what the others say. So where the test split has enough answers that can be judged, the model is put in the place of
each annotator: on the same unit, against the same majority of the others. The difference is paired, with an interval
by story: the model is above people when the interval lies above zero, below when it lies below, and "within" when it
holds zero. Within says that the two are not told apart on these units, not that they are equally good: the fewer the
units, the more models are within. A difference that is the same in every resample decides by itself. A model whose
answers people were shown while they labelled had a part in the majority, and looks better than it is.

Where the people's figure is from all splits, the model has no answers there. The interval of the difference is then
put together from the two (Zou and Donner, 2008, Construction of confidence limits about effect measures, Statistics
in Medicine 27, 1693-1702), as if they were independent.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from goldwire.eval.ceiling.votes import clusters_of, judged
from goldwire.eval.inputs import Inputs
from goldwire.eval.measure import Bootstrap, Gold
from goldwire.eval.metrics import METRICS, Array
from goldwire.eval.task import Answer
from goldwire.stats import draws

Verdict = Literal["below", "within", "above"]
_HEADLINE = "macro-f1"


def apart(figure: Mapping[str, Any], people: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return the interval of the difference of two independent figures; None where a bound is not known.

    Parameters
    ----------
    figure, people : mapping
        ``{"value", "low", "high"}``, of the model and of the people.
    """
    value, low, high = (figure[name] for name in ("value", "low", "high"))
    other, other_low, other_high = (people[name] for name in ("value", "low", "high"))
    if None in (value, low, high, other, other_low, other_high):
        return None
    below = ((value - low) ** 2 + (other_high - other) ** 2) ** 0.5
    above = ((high - value) ** 2 + (other - other_low) ** 2) ** 0.5
    return value - other - below, value - other + above


def paired(
    inputs: Inputs, answers: Mapping[str, Answer], bootstrap: Bootstrap, metric: str = _HEADLINE
) -> dict[str, Any] | None:
    """Return the model less the people, on the same units against the same answers.

    Parameters
    ----------
    answers : mapping
        unit_id -> the model's answer, of all labelled test units.

    Returns
    -------
    dict or None
        ``{"value", "low", "high"[, "why"]}``, where bounds are the value when it is the same in every resample; None
        where people were not judged on the test split.
    """
    people = judged(inputs)
    if people.scope != "test" or not people.answers:
        return None
    clusters = clusters_of(inputs)
    of = [clusters.get(one.unit, one.unit) for one in people.answers]
    gold = Gold.of(inputs.task, [one.consensus for one in people.answers], of, metrics=[metric])
    model, annotators = gold.estimators(
        [[answers[one.unit] for one in people.answers], [one.answer for one in people.answers]]
    )
    width = model.statistics.shape[1]

    def difference(sums: Array) -> Array:
        return (model.function(sums[:, :width]) - annotators.function(sums[:, width:]))[:, :1]

    (found,) = bootstrap.bounds(None, draws.beside([model.statistics, annotators.statistics]), difference)
    return found.as_dict()


def verdict(
    inputs: Inputs,
    answers: Sequence[Answer],
    figure: Mapping[str, Any],
    people: Mapping[str, Any],
    bootstrap: Bootstrap,
    metric: str = _HEADLINE,
) -> Verdict | None:
    """Return the verdict on a model: paired where that can be, else from the two figures; None without an interval.

    Parameters
    ----------
    inputs : Inputs
    answers : sequence of answers
        In the rows of ``inputs.labelled("test")``.
    figure : mapping
        The model's ``{"value", "low", "high"}`` on the metric.
    people : mapping
        As `goldwire.eval.ceiling.ceiling` returns it.
    """
    units = inputs.labelled("test")["unit_id"]
    difference = paired(inputs, dict(zip(units, answers, strict=True)), bootstrap, metric)
    bounds: tuple[float, float] | None
    if difference is not None:
        bounds = None if difference["low"] is None else (difference["low"], difference["high"])
    else:
        other = people.get("metrics", {}).get(metric)
        bounds = None if other is None else apart(figure, other)
    if bounds is None:
        return None
    low, high = bounds
    if low <= 0 <= high:
        return "within"
    return "above" if (low > 0) == (METRICS[metric].better == "more") else "below"
