"""`goldwire eval report`: the page, its Markdown, tables for a paper, and the schema of a result."""

from pathlib import Path
from typing import Annotated

import typer

from goldwire.cli import output, wrote


def register(group: typer.Typer) -> None:
    """Add the command to `goldwire eval`."""
    group.command()(report)


def report(
    link: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="The Label Studio that units on the page link to, at their tasks.", show_default=False
        ),
    ] = None,
    latex: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the tables for a paper there, and nothing else.", show_default=False),
    ] = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of a file of eval/results.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write eval/report.html and report.md from eval/results, with what DVC shows.

    The page is one file that loads nothing. Tables for a paper need the LaTeX package booktabs.

    Example: goldwire eval report --link https://labels.example.org
    """
    from goldwire.errors import UsageError

    if schema:
        from goldwire.eval.schema import text

        if link is not None or latex is not None:
            raise UsageError("--schema goes alone", hint="It needs no study and writes nothing.")
        output.data(text().rstrip("\n"))
        return
    from goldwire.eval import report as renderers
    from goldwire.study import find

    if latex is not None:
        if link is not None:
            raise UsageError("--link is for the page, and --latex writes none", hint="Run it twice.")
        if latex.exists() and not latex.is_dir():
            raise UsageError(f"--latex {latex} is a file", hint="Name a folder.")
        wrote.say(renderers.write_latex(find(Path.cwd()), latex), as_json)
        return
    wrote.say(renderers.write(find(Path.cwd()), link=link), as_json)
