"""The learning curve: how a baseline grows with the labels there are, and what more of them would bring."""

from typing import Any

import numpy as np

from goldwire import files
from goldwire.eval.baselines.base import Baseline
from goldwire.eval.curve.draws import Curves, curves
from goldwire.eval.curve.fit import Laws, fit, fits
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
        from so many. `gain` is what `more` labels add to `now`. `fit` has ceiling, scale, exponent (with intervals),
        and what the same law, fitted without the largest part, said of it (`backtest`). Where nothing can be
        forecast, those are null or empty, and `why` says the reason; so where only `gain` cannot.
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
    """Fit the inverse power law to what was learnt, and say what it forecasts; see `curve`."""
    value: dict[str, Any] = {"model": model, "metric": metric, "on": learnt.on, "judged": learnt.judged}
    value |= {"effort": round(learnt.effort, 1), "points": [], **_EMPTY}
    try:
        seen = curves(learnt, bootstrap.resamples, bootstrap.seed)
    except ValueError as error:
        return {**value, "why": str(error)}
    level = bootstrap.level
    value["points"] = [
        {"n": round(float(n)), **_figure(at, drawn, level)}
        for n, at, drawn in zip(seen.sizes, seen.value, seen.drawn.T, strict=True)
    ]
    if reason := _flat(seen, level):
        return {**value, "why": reason}
    one = fit(seen.sizes, seen.value[None, :], seen.weights)
    laws = fits(seen.sizes, seen.drawn, seen.weights)
    backtest = _backtest(seen)
    value["fit"] = {
        **{name: _figure(getattr(one, name)[0], getattr(laws, name), level) for name in ("ceiling", "exponent")},
        "scale": _figure(_scale(one)[0], _scale(laws), level),
        "backtest": backtest,
    }
    if not backtest["low"] <= backtest["reached"] <= backtest["high"]:
        told = "fitted without the largest part, the power law does not forecast it: "
        told += f"{_interval(backtest)} against {backtest['reached']:.3f}"
        return {**value, "why": told}
    total = learnt.total
    listed = [{"n": round(n), **_figure(one.at(n)[0], laws.at(n), level)} for n in (total * t for t in TIMES)]
    if listed[-1]["high"] - listed[-1]["low"] > _WIDEST:
        told = f"the points say too little: twice the labels would give {_interval(listed[-1])}"
        return {**value, "why": told}
    value |= {"now": {"n": total, **_figure(one.at(total)[0], laws.at(total), level)}, "forecast": listed}
    if total + more > _FARTHEST * seen.sizes[-1]:
        told = f"{more} more labels are too far from the {round(seen.sizes[-1])} that were learnt from"
        return {**value, "why": f"{told}: a power law is trusted up to {_FARTHEST:g} times as many"}
    gains = laws.at(total + more) - laws.at(total)
    value["gain"] = {"labels": more, **_figure(float(one.at(total + more)[0] - one.at(total)[0]), gains, level)}
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


def _backtest(seen: Curves) -> dict[str, Any]:
    """Forecast the largest part from the others: by what the forecast and that part would differ in the draws."""
    sizes, weights = seen.sizes[:-1], seen.weights[:-1]
    said = float(fit(sizes, seen.value[None, :-1], weights).at(seen.sizes[-1])[0])
    errors = fits(sizes, seen.drawn[:, :-1], weights).at(seen.sizes[-1]) - seen.drawn[:, -1]
    errors = errors - np.median(errors)
    low, high = (said + float(np.quantile(errors, q)) for q in ((1 - _BACKTEST) / 2, (1 + _BACKTEST) / 2))
    figures = {"value": said, "low": min(low, said), "high": max(high, said), "reached": float(seen.value[-1])}
    return {"n": round(float(seen.sizes[-1])), **{name: round(at, _DIGITS) for name, at in figures.items()}}


def _scale(laws: Laws) -> Any:
    return laws.scale * laws.reference**laws.exponent


def _figure(value: float, drawn: Any, level: float) -> dict[str, float]:
    """Return the value and its percentile interval, which is widened to hold it."""
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    figures = {"value": float(value), "low": min(float(low), float(value)), "high": max(float(high), float(value))}
    return {name: round(at, _DIGITS) + 0.0 for name, at in figures.items()}


def _interval(figure: dict[str, Any]) -> str:
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"
