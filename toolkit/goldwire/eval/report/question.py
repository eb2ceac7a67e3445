"""One question as the page shows it: what its templates need, ready made."""

from typing import Any

from goldwire.eval.report import confusion, pictures, titles, words
from goldwire.eval.report.advice import advice
from goldwire.eval.report.beside import Curve, Suspects
from goldwire.eval.report.summary import summary
from goldwire.eval.result import HEADLINE, ModelResult, Result, headline

SLICES, SUSPECTS, OTHERS = 15, 20, 5
"""Rows of the first table of slices, suspects, and models whose confusions are shown beside the best one's."""
_SECTIONS = (
    ("models", "Models"),
    ("labels", "Labels"),
    ("confusions", "Confusions"),
    ("people", "People"),
    ("slices", "Slices"),
    ("probabilities", "Probabilities"),
    ("votes", "Votes"),
    ("curve", "Learning curve"),
    ("suspects", "Suspects"),
    ("checks", "Checks"),
    ("data", "Data and splits"),
)


def view(result: Result, anchor: str, curve: Curve | None, suspects: Suspects | None) -> dict[str, Any]:
    """Return what the templates show of a question; `anchor` begins the ids of its elements."""
    best = result.best
    opened = confusion.opened(result, anchor)
    metrics = titles.ordered(name for model in result.models for name in model.metrics)
    listed = result.slices.listed if result.slices else []
    return {
        "anchor": anchor,
        "result": result,
        "best": best,
        "sections": [(f"{anchor}-{name}", title) for name, title in _SECTIONS],
        "name": name(result),
        "headline": best.metrics[HEADLINE],
        "sentences": summary(result)[1:],  # the first stands in large type
        "advice": advice(result, curve, suspects),
        "of_people": words.of_people(result),
        "left_out": words.left_out(result),
        "compared": sum(model.role != "probe" for model in result.models),
        "tested": words.tested(result),
        "warnings": words.warnings(result),
        "fired": words.fired(result),
        "quiet": words.quiet(result),
        "metrics": metrics[: titles.MAIN],
        "further": metrics[titles.MAIN :],
        "models_picture": pictures.models(result),
        "labels_picture": pictures.labels(result) if result.measured(best) else None,
        "labels_left": max(0, len(result.measured(best)) - pictures.LABELS),
        "headed": words.headed(result),
        "not_told": words.not_told(words.headed(result)),
        "by_label": words.by_label(result),
        "elsewise": words.elsewise(result),
        "several": confusion.several(result),
        "matrix": confusion.matrix(result, best, confusion.anchors(opened, best)),
        "opened": opened,
        "others": [(m, confusion.matrix(result, m, {})) for m in _others(result)],
        "alphas": _alphas(result),
        "agreement": words.agreement(result),
        "half": [(name, result.ceiling.split_half[name]) for name in titles.ordered(result.ceiling.split_half)],
        "slices": listed[:SLICES],
        "more_slices": listed[SLICES:],
        "slices_picture": pictures.slices(result, listed, result.slices.metric) if result.slices and listed else None,
        "calibrated": [m for m in result.models if m.calibration is not None],
        "calibration_picture": pictures.calibrated(result, best.name, best.calibration)
        if best.calibration and best.calibration.reliability
        else None,
        "softly": [m for m in result.models if m.soft],
        "soft_names": titles.ordered(name for m in result.models for name in m.soft),
        "voted": [m for m in result.models if m.by_votes],
        "vote_names": words.vote_groups(result),
        "votes_caption": words.votes_caption(result),
        "curve": curve,
        "curve_picture": pictures.learned(result, curve) if curve is not None and curve.points else None,
        "suspects": suspects,
        "suspects_shown": suspects.listed[:SUSPECTS] if suspects else [],
    }


def name(result: Result) -> str:
    """Return what a question is called."""
    return result.question.replace("_", " ")


def _others(result: Result) -> list[ModelResult]:
    """The next best models, whose confusions stand below those of the best."""
    others = [m for m in result.models if m.role != "probe" and m.name != result.best.name]
    return sorted(others, key=headline, reverse=True)[:OTHERS]


def _alphas(result: Result) -> dict[str, str]:
    """Return the annotators' agreement on each label, where it is known."""
    per_label = (result.agreement or {}).get("per_label") or {}
    found = {}
    for name, entry in per_label.items():
        alpha = entry.get("alpha") if isinstance(entry, dict) else None
        value = alpha.get("value") if isinstance(alpha, dict) else alpha
        found[name] = words.number(value)
    return found
