"""`goldwire eval report`: the page, its Markdown, tables for a paper, and the schema of a result."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goldwire.cli import names, output, wrote

if TYPE_CHECKING:
    from goldwire.study import Study


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
        bool, typer.Option("--schema", help="Print the JSON Schema of the files of eval/results.")
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

    study = find(Path.cwd())
    if latex is not None:
        if link is not None:
            raise UsageError("--link is for the page, and --latex writes none", hint="Run it twice.")
        if latex.exists() and not latex.is_dir():
            raise UsageError(f"--latex {latex} is a file", hint="Name a folder.")
        written = renderers.write_latex(study, latex)
    else:
        written = renderers.write(study, link=link)
    _warn_of_old(study)
    wrote.say(written, as_json)


def _warn_of_old(study: "Study") -> None:
    """Say which results are of a scheme that was changed since."""
    from goldwire.files import read_json

    for path in sorted(study.results.glob("*.*.json")):
        value = read_json(path)
        if "scheme_hash" in value and names.changed(study, value["scheme"], value["scheme_hash"]):
            output.say(
                f"Warning: {path.stem} was scored with another version of scheme {value['scheme']}; "
                "after labels gold and labels dataset, run: goldwire eval train, predict and score"
            )
