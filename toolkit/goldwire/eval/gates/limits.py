"""Limits that a figure must keep: every figure that `score` prints, by its name there.

Where more is better a figure must not be under its limit, and where less is better (losses, errors and distances) not
over it. Each kind has its option, so that nobody asks an error to be large.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from goldwire.errors import UsageError
from goldwire.eval.metrics import METRICS

Figures = Mapping[str, Mapping[str, Any]]

UNDER, OVER = "--fail-under", "--fail-over"
PER_LABEL = ("f1", "precision", "recall")
"""What can be asked of a label, as f1:LABEL."""

_SIGNED = ("mcc", "kappa", "quadratic-kappa", "linear-kappa")


@dataclass(frozen=True)
class _Range:
    """Which way a figure is better, and what it can be."""

    less: bool = False
    low: float = 0.0
    high: float = 1.0


_OTHERS = {
    "log-loss": _Range(True, 0, math.inf),
    "brier": _Range(True, 0, 2),
    "lrap": _Range(),
    "ece": _Range(True),
    "cross-entropy": _Range(True, 0, math.inf),
    "jensen-shannon": _Range(True),
    "manhattan": _Range(True, 0, 2),
    "unanimous": _Range(),
    "contested": _Range(),
    "one vote": _Range(),
}
_TAKES = {
    **dict.fromkeys(("log-loss", "brier", "ece"), "shares of labels"),
    "lrap": "shares of labels, and answers of several",
    **dict.fromkeys(("cross-entropy", "jensen-shannon", "manhattan"), "shares of labels, and of votes in the gold"),
    **dict.fromkeys(("unanimous", "contested", "one vote"), "shares of votes in the gold"),
}
NAMES = (*METRICS, *_OTHERS)
"""Figures of answers, which need shares of labels or votes from log-loss on."""


@dataclass(frozen=True)
class Limit:
    """A figure's name, the value that it must keep, and which option gave it."""

    name: str
    value: float
    option: str = UNDER

    def __str__(self) -> str:
        """Return it as it is written."""
        return f"{self.option} {self.name}={self.value:g}"


def limits(under: Sequence[str], over: Sequence[str] = (), *, names: Collection[str] = NAMES) -> list[Limit]:
    """Return the limits written as NAME=VALUE; whether a label or a figure is there, `failed` sees later.

    Parameters
    ----------
    under, over : sequence of str
        Of `--fail-under` and `--fail-over`.
    names : collection of str
        Figures there can be, those of labels aside.

    Raises
    ------
    UsageError
        When one is not of this form, its value is no number or beyond what the figure can be, there is no such
        figure, or it is better the other way.
    """
    found = [_limit(text, option) for option, given in ((UNDER, under), (OVER, over)) for text in given]
    for one in found:
        if label_of(one.name) is None and one.name not in names:
            raise UsageError(f'there is no metric "{one.name}"', hint=f"There are: {_said(names)}")
        about = _range(one.name)
        if about.less != (one.option == OVER):
            other, way = (OVER, "less") if about.less else (UNDER, "more")
            raise UsageError(f"of {one.name} {way} is better", hint=f"{other} {one.name}={one.value:g}")
        if not about.low <= one.value <= about.high:
            where = f"from {about.low:g} to {about.high:g}" if math.isfinite(about.high) else f"{about.low:g} or more"
            raise UsageError(f"{one.name} is {where}, and the limit {one.value:g}")
    return found


def check_labels(asked: Sequence[Limit], labels: Collection[str]) -> None:
    """Refuse a figure of a label that is not one of these.

    Raises
    ------
    UsageError
    """
    for one in asked:
        if (label := label_of(one.name)) is not None and label not in labels:
            raise UsageError(f'there is no label "{label}" for {one}', hint=f"There are: {', '.join(labels)}")


def label_of(name: str) -> str | None:
    """Return the label of a figure of one label, or None."""
    figure, colon, label = name.partition(":")
    return label if figure in PER_LABEL and colon and label else None


def figures_of(scored: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return every figure of a score, or of a model of a result (`ModelResult.model_dump()`), by name."""
    found: dict[str, Mapping[str, Any]] = dict(scored["metrics"])
    for more in ((scored.get("calibration") or {}).get("metrics"), scored.get("soft"), scored.get("by_votes")):
        found |= more or {}
    for label, figures in scored["per_label"].items():
        for name in PER_LABEL:
            found[f"{name}:{label}"] = {"value": figures[name] if figures["support"] else None}
    return found


def failed(figures: Figures, asked: Sequence[Limit]) -> list[str]:
    """Return what fails, as sentences; the value counts, not its interval, and what is not defined fails.

    Parameters
    ----------
    figures : mapping
        See `figures_of`.
    asked : sequence of Limit

    Raises
    ------
    UsageError
        When a figure was not measured.
    """
    found = []
    for one in asked:
        if one.name not in figures:
            takes = f"It takes {_TAKES[one.name]}. " if one.name in _TAKES else ""
            raise UsageError(f"{one.name} was not measured", hint=f"{takes}Measured: {', '.join(figures)}")
        value, over = figures[one.name]["value"], one.option == OVER
        if value is None:
            found.append(f"{one.name} is not defined, and should be {one.value:g} or {'less' if over else 'more'}")
        elif value > one.value if over else value < one.value:
            found.append(f"{one.name} is {value:.6g}, {'above' if over else 'below'} {one.value:g}")
    return found


def _limit(text: str, option: str) -> Limit:
    name, equals, value = text.rpartition("=")
    try:
        limit = float(value)
    except ValueError:
        limit = math.nan
    if not (name.strip() and equals and math.isfinite(limit)):
        example = "ece=0.10" if option == OVER else "macro-f1=0.60"
        raise UsageError(f'a limit is NAME=VALUE, not "{text}"', hint=f"{option} {example}")
    return Limit(name.strip(), limit, option)


def _range(name: str) -> _Range:
    if name in _OTHERS:
        return _OTHERS[name]
    less = name in METRICS and METRICS[name].better == "less"
    return _Range(less, -1.0 if name in _SIGNED else 0.0, math.inf if name == "mae-ranks" else 1.0)


def _said(names: Collection[str]) -> str:
    return ", ".join([*names, *(f"{name}:LABEL" for name in PER_LABEL)])
