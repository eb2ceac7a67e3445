"""`goldwire labels push --predictions`: the options, and what is said of them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from goldwire.cli import output

Predictions = Annotated[
    list[Path] | None,
    typer.Option(
        "--predictions",
        metavar="FILE",
        help="Predictions from which annotators start: unit_id, question, label; may be given several times.",
    ),
]
Mentions = Annotated[
    list[Path] | None,
    typer.Option("--mentions", metavar="FILE", help="Predicted spans: unit_id, start, end, text, label."),
]
Relations = Annotated[
    list[Path] | None,
    typer.Option("--relations", metavar="FILE", help="Predicted links between spans: unit_id, from, to, label."),
]
Model = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Who predicted, where the files do not say; of several models, from which annotators start.",
        show_default=False,
    ),
]
Extra = Annotated[
    Literal["error", "ignore"], typer.Option(help="What becomes of predictions for units that the round has not.")
]


def check(files: Sequence[Sequence[Path] | None], model: str | None) -> bool:
    """Return whether there are predictions to send.

    Raises
    ------
    UsageError
        When only --model is given.
    """
    from goldwire.errors import UsageError

    if any(files):
        return True
    if model is not None:
        raise UsageError("--model goes with --predictions FILE", hint="Name the file, or leave --model out.")
    return False


def text(value: Mapping[str, Any]) -> str:
    """Return what was sent as one line; what was left out is a warning."""
    if value["left_out"]:
        output.say(
            f"Warning: {value['left_out']} rows of the predictions were left out: not of this round and scheme"
        )
    counts = ", ".join(f"{value[name]} {name}" for name in ("created", "replaced", "unchanged", "deleted"))
    return f"predictions: {counts}; the page starts from {value['model']}"
