"""Options of the commands that read a table of gold and tables of predictions, each declared once."""

from typing import Annotated, Any, Literal

import typer


def option(name: str, metavar: str, help_text: str) -> Any:
    """Return an option that has no default to show."""
    return typer.Option(f"--{name}", metavar=metavar, help=help_text, show_default=False)


Ids = Annotated[list[str] | None, option("id", "COL", "Column(s) that identify a row.")]
Label = Annotated[str | None, option("label", "COL", "Column with the label, or the list of labels.")]
Target = Annotated[str | None, option("target", "COL", "Column with the target.")]
Cluster = Annotated[str | None, option("cluster", "COL", "Column with the story, drawn for the intervals.")]
Type = Annotated[
    Literal["single", "multiple", "tree", "ordinal"] | None,
    typer.Option(
        "--type", help="Of the question: single, or multiple where lists of labels stand.", show_default=False
    ),
]
Labels = Annotated[str | None, option("labels", "A,B,C", "All labels, in their order; others are then unknown.")]
Separator = Annotated[str | None, option("separator", "TEXT", "What stands between several labels.")]
Align = Annotated[
    Literal["id", "order"], typer.Option(help="Pair rows by id, or row with row while comparing the ids.")
]
Extra = Annotated[
    Literal["error", "ignore"], typer.Option(help="What becomes of predictions whose ids the gold has not.")
]
ExtraOrWrong = Annotated[
    Literal["error", "ignore", "wrong"],
    typer.Option(help="What becomes of predictions whose ids the gold has not; wrong: of mentions and relations."),
]
Missing = Annotated[
    Literal["error", "wrong", "ignore"], typer.Option(help="What becomes of gold rows without a prediction.")
]
Unknown = Annotated[
    Literal["error", "wrong", "label"],
    typer.Option(help="What becomes of predicted labels that --labels, or without it the gold, has not."),
]
Resamples = Annotated[int, typer.Option(min=1, help="Draws for the intervals.")]
Level = Annotated[float, typer.Option(min=0.01, max=0.999, help="Coverage of the intervals.")]
Seed = Annotated[int, typer.Option(min=0, help="Seed of the draws.")]


def listed(labels: str | None) -> list[str]:
    """Return the labels of a list with commas; one that has a comma itself stands in double quotes."""
    import csv

    if labels is None:
        return []
    from goldwire.errors import UsageError

    found = [label for row in csv.reader([labels], skipinitialspace=True) for label in row]
    if not found or not all(found) or len(set(found)) < len(found):
        raise UsageError("--labels names each label once, with commas between", hint="--labels low,middle,high")
    return found
