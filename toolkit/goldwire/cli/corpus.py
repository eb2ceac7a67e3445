"""`goldwire corpus`: articles in, once."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from goldwire.cli import output

if TYPE_CHECKING:
    from goldwire.corpus.compare import Comparing

group = typer.Typer(name="corpus", help="Bring articles in, and know what is there.", no_args_is_help=True)

Articles = Annotated[
    Path | None,
    typer.Argument(
        metavar="[ARTICLES]", help="An articles table; that of the study, else articles.parquet.", show_default=False
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@group.command("import")
def import_(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH...", help="Files, folders, archives, patterns; - reads JSONL from stdin."),
    ],
    format_: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="F", help="Of every file; else what is in it tells. A wrong name lists them all."
        ),
    ] = None,
    mapping: Annotated[
        list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN", help="Read FIELD from the column COLUMN.")
    ] = None,
    title: Annotated[Literal["none", "first-line"], typer.Option(help="What the first line of a .txt is.")] = "none",
    language: Annotated[bool, typer.Option(help="Find out the language of a text that comes without.")] = True,
    mojibake: Annotated[
        Literal["report", "mend", "ignore"], typer.Option(help="Text that was read in a wrong encoding.")
    ] = "report",
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 3 when a record was rejected.")] = False,
    into: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="The articles table; that of the study, else articles.parquet.",
            show_default=False,
        ),
    ] = None,
    engine: Annotated[
        Literal["native", "ray"], typer.Option(help="Run on this machine, or on a Ray cluster.")
    ] = "native",
    address: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Of the Ray cluster, which shares this file system.", show_default=False
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Add articles to the articles table; what is there already stays as it is.

    Example: goldwire corpus import corpus/raw --map title=headline
    """
    from goldwire.corpus.article import Reading
    from goldwire.corpus.ingest import ingest
    from goldwire.errors import CheckFailedError, GoldwireError, UsageError

    pairs = [item.partition("=") for item in mapping or []]
    if wrong := ["".join(pair) for pair in pairs if not (pair[0] and pair[2])]:
        raise UsageError(f'--map takes FIELD=COLUMN, not "{wrong[0]}"')
    table, comparing = table_of(into)
    result = ingest(
        [Path(path) for path in paths],
        table,
        format=format_,
        mapping={field: column for field, _, column in pairs},
        title=title,
        reading=Reading(language=language, mojibake=mojibake),
        comparing=comparing,
        run_on=engine,
        address=address,
        stdin=sys.stdin.buffer,
        progress=lambda count: output.progress(f"{count} read"),
    )
    value = result.as_dict()
    output.emit(value, as_json, lambda: _summary(value))
    if not result.written and not result.duplicates:
        first, more = result.rejects[0], f" (and {result.rejected - 1} more)" if result.rejected > 1 else ""
        raise GoldwireError(
            f"{first.reason}{more}",
            where=first.file if first.line is None else f"{first.file}:{first.line}",
            hint="Nothing was written. Mend it, then import it again.",
        )
    if strict and result.rejected:
        hint = "The list names them. Mend them, then import again: what is there already stays."
        raise CheckFailedError(f"{result.rejected} rejected", hint=hint)


def table_of(given: Path | None) -> tuple[Path, "Comparing"]:
    """The articles table and what makes stories: those of the study that we are in, unless a table is named."""
    from goldwire.corpus.compare import Comparing
    from goldwire.errors import GoldwireError
    from goldwire.study import find

    if given is not None:
        return given, Comparing()
    try:
        study = find(Path.cwd())
    except GoldwireError:
        return Path("articles.parquet"), Comparing()
    params = study.params()
    stories = params.stories
    return study.articles, Comparing(stories.containment, stories.shingle, stories.mask, params.seed)


def _summary(value: dict[str, Any]) -> str:
    lines = [
        f"{value['read']} read, {value['written']} written, {value['duplicates']} already there, "
        f"{value['rejected']} rejected"
    ]
    for reject in value["rejects"]:
        line = f":{reject['line']}" if reject["line"] else ""
        lines.append(f"  {reject['file']}{line}: {reject['reason']}")
    return "\n".join(lines + [f"  warning: {warning}" for warning in value.get("warnings", [])])
