"""The only place that prints. Data goes to stdout, everything else to stderr."""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import typer

from goldwire.errors import GoldwireError

_WIDEST = 200
_LINES = "\n\t\u00a0\u200b\u200c\u200d"
"""Not printable to Python, and part of texts: ends of lines, and what joins letters or keeps them apart."""


def emit(value: Any, as_json: bool, text: Callable[[], str]) -> None:
    """Print a result: `value` as JSON with ``--json``, else the text that people read."""
    data(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) if as_json else _harmless(text()))


def data(text: str) -> None:
    """Print to stdout; a reader that has gone away, or never was, ends the command with 141, as it does filters."""
    if sys.stdout is None:  # closed, as by >&-
        raise typer.Exit(141)
    try:
        print(text)
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stdout = None  # or Python complains again when it closes it
        raise typer.Exit(141) from None


def say(message: str) -> None:
    """Print a remark to stderr."""
    print(_harmless(message), file=sys.stderr, flush=True)


def progress(message: str) -> None:
    """Print a remark to stderr on a terminal only."""
    if sys.stderr.isatty():
        say(message)


def error(problem: GoldwireError) -> None:
    """Print what happened, where, and what to do next."""
    say(f"Error: {problem}")
    if problem.hint:
        say(f"Hint: {problem.hint}")


def table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return rows as aligned columns, numbers to the right."""
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max([len(name), *(len(row[i]) for row in cells)]) for i, name in enumerate(header)]
    right = [bool(cells) and all(_is_number(row[i]) for row in cells) for i in range(len(header))]

    def line(row: Sequence[str]) -> str:
        padded = (c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, widths, right, strict=True))
        return "  ".join(padded).rstrip()

    return "\n".join([line(list(header)), *(line(row) for row in cells)])


def figure(value: float | None, low: float | None = None, high: float | None = None) -> str:
    """Return ``0.612 [0.540, 0.684]``, or ``-`` for a figure that is not defined."""
    if value is None:
        return "-"
    return f"{value:.3f}" if low is None or high is None else f"{value:.3f} [{low:.3f}, {high:.3f}]"


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else _line(str(value))


def _harmless(text: str) -> str:
    """Return a text without codes that steer a terminal: what people are shown may quote what was found in files."""
    return (
        text if text.isprintable() else "".join(c if c.isprintable() or c in _LINES else repr(c)[1:-1] for c in text)
    )


def _line(text: str) -> str:
    """Return a text as it may stand in a table: on one line, without codes that steer a terminal, and not endless."""
    shown = _harmless(text).replace("\n", "\\n").replace("\t", "\\t")
    return shown if len(shown) <= _WIDEST else f"{shown[: _WIDEST - 1]}…"


def _is_number(cell: str) -> bool:
    return cell == "-" or cell.replace(".", "", 1).replace("-", "", 1).isdigit()
