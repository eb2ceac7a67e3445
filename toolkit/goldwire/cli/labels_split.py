"""`goldwire labels split`: train, validation and test for a table of one's own."""

from pathlib import Path
from typing import Annotated, Any

import typer

from goldwire.cli import output, votes_file
from goldwire.cli.votes_file import Unit


def register(group: typer.Typer) -> None:
    """Add the command to `goldwire labels`."""
    group.command()(split)


def split(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="A table: .parquet, .csv, .tsv or .jsonl.", show_default=False),
    ] = None,
    unit: Unit = None,
    label: Annotated[
        list[str] | None,
        typer.Option(metavar="COL", help="Column with labels to spread evenly; several.", show_default=False),
    ] = None,
    group_by: Annotated[
        list[str] | None,
        typer.Option(metavar="COL", help="Column whose values stay in one split; several.", show_default=False),
    ] = None,
    story: Annotated[
        str | None, typer.Option(metavar="COL", help="Column with the story.", show_default=False)
    ] = None,
    text: Annotated[
        str | None,
        typer.Option(metavar="COL", help="Column with texts: near-duplicates are one story.", show_default=False),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            metavar="random|time|official|COL",
            help="What divides; a column has each of its values in one split, as outlet. Else random, or time with "
            "--date and official with --official.",
            show_default=False,
        ),
    ] = None,
    date: Annotated[
        str | None, typer.Option(metavar="COL", help="By time: column with the date.", show_default=False)
    ] = None,
    official: Annotated[
        str | None,
        typer.Option(metavar="COL", help="Column with a split that is taken as it is.", show_default=False),
    ] = None,
    train: Annotated[float, typer.Option(min=0, max=1, help="Share of train.")] = 0.6,
    validation: Annotated[float, typer.Option(min=0, max=1, help="Share of validation.")] = 0.15,
    test: Annotated[float, typer.Option(min=0, max=1, help="Share of test.")] = 0.25,
    folds: Annotated[
        int, typer.Option(min=0, max=100, help="Folds of train and validation together; 0 is none.")
    ] = 0,
    seed: Annotated[int, typer.Option(min=0, help="Draws which of like rows go where.")] = 0,
    into: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Where the divided table goes.", show_default=False),
    ] = None,
    alone: Annotated[
        bool, typer.Option("--alone", help="With -o: write the unit (or row), split and fold alone.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Divide a table into train, validation and test, with nothing shared across them.

    Rows that share a value of any column that is named stay together. Where that chains too many together, the
    values of each column are assigned by themselves, and rows whose values stand in two splits are dropped (their
    split is empty), and counted.

    Example: goldwire labels split pairs.csv --label stance --group-by headline --text body -o divided.csv
    """
    from goldwire import tables
    from goldwire.errors import UsageError

    if file is None:
        raise UsageError(
            "FILE is missing", hint="Name a table. In a study, goldwire labels dataset divides, as params.yaml says."
        )
    if alone and into is None:
        raise UsageError("--alone says what is written, and nothing is", hint="Give -o FILE, too.")
    votes_file.check_columns(unit=unit, story=story, text=text, by=by, date=date, official=official)
    for columns in [{"label": name} for name in label or ()] + [{"group-by": name} for name in group_by or ()]:
        votes_file.check_columns(**columns)
    votes_file.check_output(into, file)
    if into is not None:
        tables.ending(into)
    named: dict[str, Any] = {"unit": unit, "story": story, "text": text, "date": date, "official": official}
    named["by"] = by or ("time" if date else "official" if official else "random")
    shares = {"train": train, "validation": validation, "test": test, "folds": folds}
    value = _divided(
        file, {**named, "labels": label or (), "group_by": group_by or (), "seed": seed}, shares, into, alone
    )
    for note in value["notes"]:
        output.say(note)
    output.emit(value, as_json, lambda: _text(value))


def _divided(
    file: Path, named: dict[str, Any], shares: dict[str, float], into: Path | None, alone: bool
) -> dict[str, Any]:
    from pydantic import ValidationError

    from goldwire import tables
    from goldwire.corpus import dates
    from goldwire.errors import UsageError
    from goldwire.labels.splits import plain
    from goldwire.study import Splits

    try:
        params = Splits.model_validate(shares)
    except ValidationError as error:
        raise UsageError(
            "; ".join(item["msg"].removeprefix("Value error, ") for item in error.errors()),
            hint="Give --train, --validation and --test, and --folds of 0 or from 2.",
        ) from None
    options = plain.Options(**named, params=params).checked()
    table = votes_file.read(file)
    with votes_file.in_file(file):
        made = plain.divide_table(table, options, dates.parse)
    if into is not None:
        with votes_file.writing(into):
            tables.write(made.alone if alone else made.table, into)
    return made.summary


def _text(value: dict[str, Any]) -> str:
    rows = [[name, n, n / value["units"] if value["units"] else 0.0] for name, n in value["splits"].items()]
    lines = [output.table(["split", "rows", "share"], rows)]
    if "folds" in value:
        lines.append("folds: " + ", ".join(map(str, value["folds"])))
    if outside := value["dropped"] + value["left_out"]:
        lines.append(f"in none: {outside} ({value['dropped']} dropped, {value['left_out']} left out)")
    return "\n".join(lines)
