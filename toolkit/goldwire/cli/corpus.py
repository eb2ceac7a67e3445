"""`goldwire corpus`: articles in, once."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from goldwire.cli import output

if TYPE_CHECKING:
    from goldwire.corpus.compare import Comparing
    from goldwire.study import Study

group = typer.Typer(name="corpus", help="Bring articles in, and know what is there.", no_args_is_help=True)

Articles = Annotated[
    Path | None,
    typer.Argument(
        metavar="[ARTICLES]", help="An articles table; that of the study, else articles.parquet.", show_default=False
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Containment = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=1,
        help="Near-duplicates: least share of the shorter one's shingles found in the longer; params.yaml, else 0.5.",
        show_default=False,
    ),
]
Shingle = Annotated[
    int | None,
    typer.Option(min=1, help="Near-duplicates: words in a shingle; params.yaml, else 5.", show_default=False),
]
Mask = Annotated[
    bool | None,
    typer.Option(
        "--mask/--no-mask",
        help="Near-duplicates: leave out datelines and notes of agencies and publishers; params.yaml, else no.",
        show_default=False,
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        help="Near-duplicates: what is sampled for finding candidates; params.yaml, else 0.", show_default=False
    ),
]


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
    containment: Containment = None,
    shingle: Shingle = None,
    mask: Mask = None,
    seed: Seed = None,
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

    if "" in paths:
        raise UsageError("a path is empty", hint="The current folder is .")
    pairs = [item.partition("=") for item in mapping or []]
    if wrong := ["".join(pair) for pair in pairs if not (pair[0] and pair[2])]:
        raise UsageError(f'--map takes FIELD=COLUMN, not "{wrong[0]}"')
    table = table_of(into)
    comparing = comparing_of(into, containment, shingle, mask, seed)
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


def table_of(given: Path | None) -> Path:
    """The articles table that is named, else that of the study that we are in, else articles.parquet."""
    study = None if given is not None else _study()
    return given or (study.articles if study else Path("articles.parquet"))


def comparing_of(
    given: Path | None, containment: float | None, shingle: int | None, mask: bool | None, seed: int | None
) -> "Comparing":
    """What makes two articles near-duplicates: what is said, else what the study says, unless a table is named."""
    from goldwire.corpus.compare import Comparing

    study = None if given is not None else _study()
    said = {"containment": containment, "shingle": shingle, "mask": mask, "seed": seed}
    if study is not None:
        params = study.params()
        said = {**params.stories.model_dump(), "seed": params.seed} | {k: v for k, v in said.items() if v is not None}
    return Comparing(**{name: value for name, value in said.items() if value is not None})  # type: ignore[arg-type]


def _study() -> "Study | None":
    from goldwire.errors import GoldwireError
    from goldwire.study import find

    try:
        return find(Path.cwd())
    except GoldwireError:
        return None


def _summary(value: dict[str, Any]) -> str:
    lines = [
        f"{value['read']} read, {value['written']} written, {value['duplicates']} already there, "
        f"{value['rejected']} rejected"
    ]
    for reject in value["rejects"]:
        line = f":{reject['line']}" if reject["line"] else ""
        lines.append(f"  {reject['file']}{line}: {reject['reason']}")
    return "\n".join(lines + [f"  warning: {warning}" for warning in value.get("warnings", [])])
