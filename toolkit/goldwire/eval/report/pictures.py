"""The pictures of a question, each for a wide page and for a phone.

One scaled picture would not do: letters would become too small to read.
"""

from collections.abc import Callable

from goldwire.eval.report import words
from goldwire.eval.report.beside import Curve
from goldwire.eval.report.titles import title
from goldwire.eval.result import HEADLINE, Calibration, Figure, LabelScore, Result, Slice
from goldwire.page import plots
from goldwire.page.growth import Step, growth
from goldwire.page.reliability import Point, reliability

LABELS, ANNOTATORS, SLICES = 30, 8, 12
"""Rows of a picture; the table beside it has all."""
_WIDE, _NARROW = (520, 220), (190, 120)  # pixels of the plot, of the names beside it

Picture = dict[str, str]


def models(result: Result) -> Picture:
    """Draw the headline metric of the models, and below them what people reach, on one axis."""
    rows = [
        plots.Row(m.name, m.metrics[HEADLINE], "quiet" if m.role == "probe" else "plain", m.against_people or "")
        for m in result.models
        if HEADLINE in m.metrics
    ]
    people = result.ceiling.metrics.get(HEADLINE)
    if people is not None:
        rows.append(plots.Row(words.POOLED, people, "people"))
    annotators = [(name, one.macro_f1) for name, one in result.ceiling.annotators.items()]
    if 1 < len(annotators) <= ANNOTATORS:
        rows += [plots.Row(name, figure, "people") for name, figure in annotators]
    half = result.ceiling.split_half.get(HEADLINE)
    if half is not None:
        rows.append(plots.Row("people, split in half", half, "people"))
    named = title(HEADLINE)
    said = f"{named} of each model and of people, with intervals: {result.key}"
    return _intervals(rows, said, named, None if people is None else plots.Band(people))


def labels(result: Result) -> Picture:
    """Draw the F1 of the best model on the labels with most test units, in scheme order."""
    rows = [
        plots.Row(name, Figure(value=score.f1, low=score.f1_low, high=score.f1_high))
        for name, score in drawn_labels(result)
    ]
    return _intervals(rows, f"F1 of {result.best.name} on each label with its interval: {result.key}", "F1", None)


def drawn_labels(result: Result) -> list[tuple[str, LabelScore]]:
    """Return the labels that the picture has room for, with their scores."""
    measured = result.measured(result.best)
    kept = {name for name, _ in sorted(measured, key=lambda one: -one[1].support)[:LABELS]}
    return [one for one in measured if one[0] in kept]


def slices(result: Result, listed: list[Slice], metric: str) -> Picture:
    """Draw the metric on the worst slices; the band is that on all units."""
    rows = [plots.Row(f"{one.by}: {one.value}", one.figure) for one in listed[:SLICES]]
    whole = result.best.metrics.get(metric)
    said = f"{title(metric)} of {result.best.name} on the worst slices: {result.key}"
    band = None if whole is None else plots.Band(whole, "all units", plots.QUIET)
    return _intervals(rows, said, title(metric), band)


def calibrated(result: Result, model: str, calibration: Calibration) -> Picture:
    """Draw how often a model is right over how sure it is."""
    points = [Point(one.share, one.right, one.n) for one in calibration.reliability if one.n]
    said = f"How often {model} is right, over its shares: {result.key}"
    return _both(lambda width, _: reliability(points, title=said, width=width), (300, 0), (220, 0))


def learned(result: Result, curve: Curve) -> Picture:
    """Draw the learning curve with its forecast."""
    measured, forecast = (
        [Step(point.n, point.value, point.low, point.high) for point in points]
        for points in (curve.points, ([] if curve.now is None else [curve.now]) + curve.forecast)
    )
    named = title(curve.metric or HEADLINE)
    said = f"{named} of {curve.model} by the number of labelled training units: {result.key}"
    return _both(lambda width, _: growth(measured, forecast, title=said, axis=named, width=width), (620, 0), (270, 0))


def _intervals(rows: list[plots.Row], said: str, axis: str, band: plots.Band | None) -> Picture:
    return _both(
        lambda width, names: plots.intervals(rows, title=said, axis=axis, width=width, band=band, label_width=names)
    )


def _both(
    drawn: Callable[[int, int], str], wide: tuple[int, int] = _WIDE, narrow: tuple[int, int] = _NARROW
) -> Picture:
    return {"wide": drawn(*wide), "narrow": drawn(*narrow)}
