"""The learning curve: how a baseline grows with the labels there are, and what more of them would bring.

What is forecast is the median, and the interval, of what the laws that fit the points say of drawn curves (see
`goldwire.eval.curve.fit`). With the power law alone intervals were too narrow by far, since which law holds is the
larger doubt: of 400 simulated runs, from 300 and 600 units, of eight curves that level off at once, soon or late,
or go on rising as a power law or a logarithm, the interval of 95 % held what 500 more units truly bring in .97
(with the power law alone in .61 of 149 that told a gain), and in .83 or more of each curve. It is wide, and holds
nearly nothing at its lower end where the curve may have levelled off.
"""

from typing import Any

import numpy as np

from goldwire import files
from goldwire.eval.baselines.base import Baseline
from goldwire.eval.curve.draws import Curves, curves
from goldwire.eval.curve.fit import fit, mixture
from goldwire.eval.curve.learner import learner, unfit
from goldwire.eval.curve.points import Learnt, TooAlikeError, lacking, learn
from goldwire.eval.inputs import Inputs, load_all
from goldwire.eval.measure import Bootstrap
from goldwire.eval.threads import one_thread
from goldwire.study import Study

FILE = "curve.json"
METRIC = "macro-f1"
MORE = 500
TIMES = (1.25, 1.5, 2.0)

_FARTHEST = 3.0  # times the units that were learnt from
_WIDEST = 0.25  # of the forecast at twice the labels
_BACKTEST = 0.99  # the level at which a law is given up
_DIGITS = 6


@one_thread
def curve_all(
    study: Study, *, model: str | None = None, metric: str = METRIC, more: int = MORE
) -> dict[str, dict[str, Any]]:
    """Learn from growing parts of the train split of every question, forecast, and write eval/curve.json.

    Parameters
    ----------
    study : Study
    model : str, optional
        A baseline; by default the first of params.yaml that reads the text and answers such a question.
    metric : str
    more : int
        Labels whose gain is forecast, at least 1.

    Returns
    -------
    dict
        ``{"<scheme>.<question>": curve}``, see `curve`.

    Raises
    ------
    GoldwireError
        When there is no gold, the model is unknown or cannot be trained, or no question has the metric.
    """
    params = study.params()
    baseline = learner(model, params)
    inputs, skipped = load_all(study)
    bootstrap = Bootstrap(params.eval.resamples, params.eval.level, params.seed)
    found = {
        each.key: curve(each, learner(model, params, each), metric=metric, more=more, bootstrap=bootstrap)
        for each in inputs
    }
    for item in skipped:
        found[item.key] = _nothing(baseline, metric, item.reason)
    files.write_json(study.eval / FILE, found)
    return found


def curve(
    inputs: Inputs, baseline: Baseline, *, metric: str = METRIC, more: int = MORE, bootstrap: Bootstrap
) -> dict[str, Any]:
    """Return the learning curve of a baseline for a question, and what more labels would bring.

    Figures are 0 to 1 and rounded to 6 digits. Intervals are those of the value on all articles like these, not of
    the value on the test split, which has a few articles only and so varies more.

    Returns
    -------
    dict
        ``{"model", "metric", "on", "judged", "effort", "points", "fit", "now", "forecast", "gain", "why"}``.
        `points` are ``{"n", "value", "low", "high"}``, n being labelled units. `forecast` has 1.25, 1.5 and 2 times
        the labelled units of the train split, and `now` all of them: where folds are judged, no model has learnt
        from so many. `gain` is what `more` labels add to `now`; its value is the median of the draws', not the
        difference of two medians. `fit` has ceiling, scale, exponent of the power law (with intervals), and what
        the laws, fitted without the largest part, said of it (`backtest`, null where none fits). Where nothing can
        be forecast, those are null or empty, and `why` says the reason; so where only `gain` cannot.
    """
    reason = unfit(baseline, inputs)
    train = inputs.labelled("train")
    reason = reason or lacking(train)
    if reason:
        return _nothing(baseline, metric, reason)
    try:
        learnt = learn(inputs.task, train, inputs.labelled("validation"), baseline, metric, bootstrap.seed)
    except TooAlikeError as error:
        return _nothing(baseline, metric, str(error))
    return forecast(learnt, baseline.name, metric, more=more, bootstrap=bootstrap)


def forecast(learnt: Learnt, model: str, metric: str, *, more: int = MORE, bootstrap: Bootstrap) -> dict[str, Any]:
    """Fit laws to what was learnt, and say what they forecast; see `curve`."""
    value: dict[str, Any] = {"model": model, "metric": metric, "on": learnt.on, "judged": learnt.judged}
    value |= {"effort": round(learnt.effort, 1), "points": [], **_EMPTY}
    try:
        seen = curves(learnt, bootstrap.resamples, bootstrap.seed)
    except ValueError as error:
        return {**value, "why": str(error)}
    level = bootstrap.level
    value["points"] = [
        {"n": round(float(n)), **_figure(drawn, level, at)}
        for n, at, drawn in zip(seen.sizes, seen.value, seen.drawn.T, strict=True)
    ]
    if reason := _flat(seen, level):
        return {**value, "why": reason}
    power = fit(seen.sizes, seen.drawn, seen.weights)
    backtest = _backtest(seen)
    value["fit"] = {
        **{name: _figure(getattr(power, name), level) for name in ("ceiling", "exponent")},
        "scale": _figure(power.scale * power.reference**power.exponent, level),
        "backtest": backtest,
    }
    laws = mixture(seen.sizes, seen.value, seen.drawn, seen.weights)
    if laws is None or backtest is None:
        return {**value, "why": "no law fits the points"}
    if not backtest["low"] <= backtest["reached"] <= backtest["high"]:
        told = "fitted without the largest part, the laws do not forecast it: "
        told += f"{_interval(backtest)} against {backtest['reached']:.3f}"
        return {**value, "why": told}
    total = learnt.total
    listed = [{"n": round(n), **_figure(laws.at(n), level)} for n in (total * t for t in TIMES)]
    if listed[-1]["high"] - listed[-1]["low"] > _WIDEST:
        told = f"the points say too little: twice the labels would give {_interval(listed[-1])}"
        return {**value, "why": told}
    value |= {"now": {"n": total, **_figure(laws.at(total), level)}, "forecast": listed}
    if total + more > _FARTHEST * seen.sizes[-1]:
        told = f"{more} more labels are too far from the {round(seen.sizes[-1])} that were learnt from"
        return {**value, "why": f"{told}: a law is trusted up to {_FARTHEST:g} times as many"}
    value["gain"] = {"labels": more, **_figure(laws.at(total + more) - laws.at(total), level)}
    return value


_EMPTY: dict[str, Any] = {"fit": None, "now": None, "forecast": [], "gain": None, "why": None}


def _nothing(baseline: Baseline, metric: str, why: str) -> dict[str, Any]:
    value: dict[str, Any] = {
        "model": baseline.name,
        "metric": metric,
        "on": None,
        "judged": 0,
        "effort": 0.0,
        "points": [],
    }
    return {**value, **_EMPTY, "why": why}


def _flat(seen: Curves, level: float) -> str | None:
    """Return why the curve is not one that rises, or None."""
    middle = len(seen.sizes) // 2
    last = seen.drawn[:, middle:].mean(axis=1) - seen.drawn[:, :middle].mean(axis=1)
    if np.quantile(last, (1 - level) / 2) > 0:
        return None
    return (
        f"the curve does not rise beyond doubt ({seen.value[0]:.3f} from {round(seen.sizes[0])} labels, "
        f"{seen.value[-1]:.3f} from {round(seen.sizes[-1])}): nothing follows for more of them"
    )


def _backtest(seen: Curves) -> dict[str, Any] | None:
    """Forecast the largest part from the others: by what the forecast and that part would differ in the draws."""
    rest = slice(None, -1)
    laws = mixture(seen.sizes[rest], seen.value[rest], seen.drawn[:, rest], seen.weights[rest])
    if laws is None:
        return None
    errors = laws.at(seen.sizes[-1]) - seen.drawn[:, -1] + seen.value[-1]
    figures = _figure(errors, _BACKTEST) | {"reached": round(float(seen.value[-1]), _DIGITS)}
    return {"n": round(float(seen.sizes[-1])), **figures}


def _figure(drawn: Any, level: float, value: float | None = None) -> dict[str, float]:
    """Return the value, by default the median of the draws, and the percentile interval, widened to hold it."""
    low, middle, high = (float(x) for x in np.quantile(drawn, [(1 - level) / 2, 0.5, (1 + level) / 2]))
    at = middle if value is None else float(value)
    figures = {"value": at, "low": min(low, at), "high": max(high, at)}
    return {name: round(number, _DIGITS) + 0.0 for name, number in figures.items()}


def _interval(figure: dict[str, Any]) -> str:
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"
