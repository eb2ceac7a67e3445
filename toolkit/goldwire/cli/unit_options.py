"""Options of the commands that make units, each declared once."""

from pathlib import Path
from typing import Annotated, Literal

import typer

Unit = Annotated[
    Literal["document", "paragraph", "sentence"] | None,
    typer.Option(help="The texts that are asked about; without it, what the scheme says.", show_default=False),
]
Targets = Annotated[
    list[str] | None, typer.Option("--target", metavar="NAME", help="A target, with aliases: Russia|Moscow.")
]
TargetList = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Targets, one a line, with aliases: Russia|Moscow; or a table.", show_default=False
    ),
]
Unnamed = Annotated[bool, typer.Option("--unnamed", help="Ask about a target also where the text does not name it.")]
Pairs = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Table with article_id, target and holder, or article_id and headline.",
        show_default=False,
    ),
]
Overlap = Annotated[int, typer.Option(min=1, help="Annotators a unit.")]
