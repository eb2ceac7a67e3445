"""Cells of tables of predictions, read and checked: labels, probabilities, lists and objects as JSON."""

import json
import math
from collections.abc import Mapping
from typing import Any

from goldwire.labels.interface import Control

Row = Mapping[str, Any]


class MistakeError(Exception):
    """What does not fit in one column of one row."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


def labels(control: Control, given: list[str], column: str) -> list[str]:
    """Return labels in the order of the scheme; text as it is."""
    if control.type == "textarea":
        return given
    for label in given:
        if label not in control.labels:
            known = ", ".join(control.labels[:8]) + (", ..." if len(control.labels) > 8 else "")
            raise MistakeError(column, f'"{label}" is no label of {control.name} (it has {known})')
    if control.question and control.question.type in ("single", "ordinal") and len(set(given)) > 1:
        raise MistakeError(column, f"{control.name} takes one label, and has {', '.join(given)}")
    return [label for label in control.labels if label in given]


def scores(row: Row, given: list[str]) -> list[float]:
    """Return the probabilities of what was answered: one for the row, or that of each label."""
    if row.get("score") is not None:
        return [_share(row["score"], "score")]
    shares = parsed(row.get("scores"), "scores")
    if not shares:
        return []
    if isinstance(shares, list) and all(
        isinstance(item, dict) and {"label", "share"} <= item.keys() for item in shares
    ):
        shares = {item["label"]: item["share"] for item in shares}
    if not isinstance(shares, dict):
        raise MistakeError("scores", "is neither a list of {label, share} nor an object of label: probability")
    return [_share(shares[label], "scores") for label in given if shares.get(label) is not None]


def _share(value: Any, column: str) -> float:
    try:
        share = float(value)
    except (TypeError, ValueError):
        share = math.nan
    if not 0 <= share <= 1:
        raise MistakeError(column, f"{value} is no probability (0 to 1)")
    return share


def strings(value: Any) -> list[str]:
    """Return a cell as texts: one, a list of them, or a list as JSON; none when it is empty."""
    if isinstance(value, str) and value.startswith("["):
        try:
            read = json.loads(value)
        except ValueError:
            read = None
        if isinstance(read, list) and all(isinstance(item, str) for item in read):
            value = read
    given = value if isinstance(value, list) else [value]
    return [text for item in given if item is not None and (text := str(item).strip())]


def parsed(value: Any, column: str) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value else None
    except ValueError:
        raise MistakeError(column, "is not JSON") from None


def text(value: Any, column: str) -> str:
    if value is None or value == "":
        raise MistakeError(column, "is empty")
    return str(value)


def integer(value: Any, column: str) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise MistakeError(column, f"{value} is no whole number") from None
