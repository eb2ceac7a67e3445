"""What figures are called where people read them, and whether more is better."""

from collections.abc import Iterable

from goldwire.eval.metrics import METRICS
from goldwire.eval.result import HEADLINE

_OTHERS = {
    "log-loss": "log loss",
    "brier": "Brier",
    "ece": "ECE",
    "cross-entropy": "cross-entropy",
    "jensen-shannon": "Jensen-Shannon",
    "manhattan": "Manhattan",
}
_LEADING = (HEADLINE, "accuracy", "subset-accuracy", "micro-f1", "hierarchical-f1", "balanced-accuracy", "mcc")
MAIN = 5
"""Metrics of the first table; the others have one of their own."""


def title(name: str) -> str:
    """Return what a figure is called in a table; "(less)" marks a metric of which less is better."""
    metric = METRICS.get(name)
    if metric is None:
        return _OTHERS.get(name, name)
    return f"{metric.title} (less)" if metric.better == "less" else metric.title


def ordered(names: Iterable[str]) -> list[str]:
    """Return names of metrics in the order in which they are shown, the headline metric first."""
    given = list(dict.fromkeys(names))
    return sorted(given, key=lambda name: _LEADING.index(name) if name in _LEADING else len(_LEADING))
