"""`goldwire labels push --predictions`: the options, and what is said of them."""

from collections.abc import Mapping
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


Without = Annotated[
    bool, typer.Option("--no-predictions", help="Leave out the predictions that eval next put into the round.")
]

Files = tuple[list[Path], list[Path], list[Path]]


def files_of(given: Files, own: Path | None, model: str | None, *, without: bool) -> Files:
    """Return the files of predictions to send: those given, else the round's own.

    Parameters
    ----------
    given : tuple
        Files of --predictions, --mentions and --relations.
    own : Path or None
        What `goldwire eval next` left in the round.
    model : str or None
    without : bool
        --no-predictions.

    Raises
    ------
    UsageError
        When options do not go together.
    """
    from goldwire.errors import UsageError

    if any(given):
        if without:
            raise UsageError("--no-predictions does not go with files of predictions", hint="Use one of them.")
        return given
    if own is not None and not without:
        return [own], [], []
    if model is not None:
        raise UsageError("--model goes with --predictions FILE", hint="Name the file, or leave --model out.")
    return given


def text(value: Mapping[str, Any]) -> str:
    """Return what was sent as one line; what was left out is a warning."""
    if value["left_out"]:
        output.say(
            f"Warning: {value['left_out']} rows of the predictions were left out: not of this round and scheme"
        )
    counts = ", ".join(f"{value[name]} {name}" for name in ("created", "replaced", "unchanged", "deleted"))
    source = f" of {', '.join(value['files'])}" if value.get("files") else ""
    return f"predictions{source}: {counts}; the page starts from {value['model']}"
