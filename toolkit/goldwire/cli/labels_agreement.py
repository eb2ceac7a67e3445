"""`goldwire labels agreement`: how well annotators agree."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from goldwire.cli import output, votes_file
from goldwire.cli.votes_file import Annotator, Duplicates, Label, Recode, Source, Unit

if TYPE_CHECKING:
    from goldwire.labels.agreement.plain import Columns, Reading
    from goldwire.labels.agreement.study import Wanted


def register(group: typer.Typer) -> None:
    """Add the command to `goldwire labels`."""
    group.command()(agreement)


def agreement(
    source: Source = None,
    unit: Unit = None,
    annotator: Annotator = None,
    label: Label = None,
    by: Annotated[
        list[str] | None,
        typer.Option(metavar="COL", help="With VOTES: figures for each value of this column of the unit."),
    ] = None,
    distance: Annotated[
        Literal["nominal", "ordinal", "interval"] | None,
        typer.Option(help="With VOTES: how alpha takes labels to differ.", show_default=False),
    ] = None,
    order: Annotated[
        str | None, typer.Option(metavar="A,B,C", help="With VOTES: the labels from low to high.", show_default=False)
    ] = None,
    duplicates: Duplicates = None,
    recode: Recode = None,
    easy: Annotated[
        str | None,
        typer.Option(
            metavar="LABEL",
            help="The easy label, left out of the hard subset; else the negative one, or the most frequent.",
            show_default=False,
        ),
    ] = None,
    pairs: Annotated[bool, typer.Option("--pairs", help="Figures of each two annotators.")] = False,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="PART", help="With ROUND: as it was after this pull, and what came after it.", show_default=False
        ),
    ] = None,
    details: Annotated[bool, typer.Option("--details", help="Print every figure.")] = False,
    resamples: Annotated[
        int | None,
        typer.Option(
            min=100, max=1_000_000, help="Of the intervals; those of params.yaml, or 1000.", show_default=False
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Of the intervals; that of params.yaml, or 0.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say how well the annotators agree: alpha with an interval, kappa, AC1, per label, on the hard units.

    For a study the figures of all rounds also go into labels/tables/agreement.json, unless --resamples, --seed,
    --easy or --pairs ask for others. What ends in .csv, .tsv, .parquet or .jsonl, or is a file here, is a table; all
    else a round.

    Example: goldwire labels agreement votes.csv --unit task --annotator worker --label label
    """
    from goldwire.errors import UsageError
    from goldwire.labels.agreement import text
    from goldwire.labels.agreement.plain import Columns
    from goldwire.labels.agreement.study import Wanted

    wanted = Wanted(easy, pairs, resamples, seed)
    if source is not None and votes_file.is_table(source):
        if as_of is not None:
            raise UsageError("--as-of goes with ROUND, not with a table", hint="Name a round of the study.")
        votes_file.check_columns(unit=unit, annotator=annotator, label=label)
        columns = Columns(unit, annotator, label, tuple(by or ()))
        value = _of_file(Path(source), columns, _reading(distance, order, duplicates, recode), wanted)
    else:
        votes_file.only_with_votes(
            unit=unit, annotator=annotator, label=label, by=by or None, distance=distance, order=order,
            duplicates=duplicates, recode=recode,
        )  # fmt: skip
        if as_of is not None and source is None:
            raise UsageError("--as-of goes with ROUND", hint="Name the round whose part it is.")
        value = _of_study(source, as_of, wanted)
    output.emit(value, as_json, lambda: "\n".join(text.lines(value, output.table, details, pairs)))


def _of_study(name: str | None, as_of: str | None, wanted: "Wanted") -> dict[str, Any]:
    from goldwire.labels import stages
    from goldwire.labels.agreement.study import Wanted, of_study
    from goldwire.study import find

    study = find(Path.cwd())
    if name is None and wanted == Wanted():
        return stages.agreement(study)
    return of_study(study, name, as_of, wanted)


def _of_file(path: Path, columns: "Columns", reading: "Reading", wanted: "Wanted") -> dict[str, Any]:
    from goldwire.labels.agreement.plain import of_table

    table = votes_file.read(path)
    with votes_file.in_file(path):
        value = of_table(table, columns, reading, wanted)
    if reading.recode:
        votes_file.say_recoding(value["recoded"], value["unknown"])
    return value


def _reading(
    distance: Literal["nominal", "ordinal", "interval"] | None,
    order: str | None,
    duplicates: Literal["first", "last", "error"] | None,
    recode: Path | None,
) -> "Reading":
    from goldwire.errors import UsageError
    from goldwire.labels.agreement.plain import Reading
    from goldwire.labels.typed_labels import read_map

    labels = tuple(one.strip() for one in order.split(",")) if order is not None else ()
    if order is not None and distance == "nominal":
        raise UsageError("--order goes with --distance ordinal or interval", hint="Leave one of the two out.")
    if order is not None and (len(set(labels)) < len(labels) or "" in labels or len(labels) < 2):
        raise UsageError(
            f'--order takes different labels with commas between them, not "{order}"',
            hint="Name the lowest first: --order low,mid,high",
        )
    return Reading(distance, labels, duplicates, read_map(recode) if recode is not None else {})
