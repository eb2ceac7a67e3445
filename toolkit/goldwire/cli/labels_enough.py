"""`goldwire labels enough`: how many annotators and units are enough."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from goldwire.cli import output, votes_file
from goldwire.cli.votes_file import Annotator, Duplicates, Label, Recode, Source, Unit

if TYPE_CHECKING:
    from goldwire.labels.enough.options import Options


def register(group: typer.Typer) -> None:
    """Add the command to `goldwire labels`."""
    group.command()(enough)


def enough(
    source: Source = None,
    unit: Unit = None,
    annotator: Annotator = None,
    label: Label = None,
    duplicates: Duplicates = None,
    recode: Recode = None,
    question: Annotated[
        str | None, typer.Option(metavar="NAME", help="The only question to look at.", show_default=False)
    ] = None,
    annotators: Annotated[str, typer.Option(metavar="NUMBERS", help="Annotators a unit: 2-10, or 2,3,5.")] = "2-10",
    more: Annotated[str, typer.Option(metavar="NUMBERS", help="Units to add to those there are.")] = "0,100,500,1000",
    half_width: Annotated[
        float | None,
        typer.Option(help="Say what is enough for an interval of alpha no wider than ± this.", show_default=False),
    ] = None,
    accuracy: Annotated[
        float | None, typer.Option(help="Say what is enough for gold this accurate.", show_default=False)
    ] = None,
    method: Annotated[Literal["majority", "dawid-skene"], typer.Option(help="How votes become gold.")] = "majority",
    simulations: Annotated[int, typer.Option(help="Rounds that are simulated.")] = 200,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Of the draws; that of params.yaml, else 0.", show_default=False)
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="A page (.html) or a picture (.svg).", show_default=False
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say how many annotators and units are enough: alpha's interval and gold's accuracy in rounds of several sizes.

    Rounds are simulated with annotators and units like those there are. What ends in .csv, .tsv, .parquet or .jsonl,
    or is a file here, is a table; all else a round.

    Example: goldwire labels enough events-1 --half-width 0.05 --accuracy 0.95 -o enough.html
    """
    from goldwire.labels.enough import page
    from goldwire.labels.enough.options import Options, numbers

    if into is not None:
        page.check(into)
        votes_file.check_output(into, recode)
    asked: dict[str, Any] = {
        "annotators": numbers(annotators, "--annotators"),
        "more": numbers(more, "--more"),
        "simulations": simulations,
        "method": method,
        "half_width": half_width,
        "accuracy": accuracy,
    }
    columns: dict[str, Any] = {"unit": unit, "annotator": annotator, "label": label, "duplicates": duplicates}
    if source is not None and votes_file.is_table(source):
        votes_file.check_columns(unit=unit, annotator=annotator, label=label)
        options = Options(**asked, seed=seed or 0)
        value = _of_file(Path(source), options, question, columns, recode)
    else:
        from goldwire.labels.enough.study import of_study
        from goldwire.study import find

        votes_file.only_with_votes(**columns, recode=recode)
        study = find(Path.cwd())
        params = study.params()
        options = Options(
            **asked,
            seed=params.seed if seed is None else seed,
            resamples=params.eval.resamples,
            level=params.eval.level,
        )
        value = of_study(study, options, source, question)
    if into is not None:
        with votes_file.writing(into):
            page.write(into, value, options)
        output.say(f"Written: {into}")
    output.emit(value, as_json, lambda: _text(value))


def _of_file(
    path: Path, options: "Options", question: str | None, columns: dict[str, Any], recode: Path | None
) -> dict[str, Any]:
    from goldwire.labels.enough.plain import of_table
    from goldwire.labels.typed_labels import read_map

    known = None if recode is None else read_map(recode)
    table = votes_file.read(path)
    with votes_file.in_file(path):
        value = of_table(table, options, question=question, recode=known, **columns)
    if known is not None:
        votes_file.say_recoding(value["recoded"], value["unknown"])
    return value


def _text(value: dict[str, Any]) -> str:
    if "questions" in value:
        return "\n\n".join(f"{name}\n{_text(one)}" for name, one in value["questions"].items())
    if "labels" in value:
        return _labels(value)
    if not value["rows"]:
        return f"Nothing can be said of other rounds: {value['why']}"
    header = ["annotators", "units", "answers", "new", "alpha", "half-width", "accuracy", "tied"]
    rows = [
        [
            row["annotators"],
            row["units"],
            row["answers"],
            row["new_answers"],
            output.figure(*(row["alpha"][name] for name in ("value", "low", "high"))),
            row["alpha"]["half_width"],
            output.figure(*(row["accuracy"][name] for name in ("value", "low", "high"))),
            row["undecided"],
        ]
        for row in value["rows"]
    ]
    lines = [*value["words"], *_enough(value.get("recommended")), "", output.table(header, rows)]
    if value["measured"]:
        lines += ["", "Measured, with so many answers of units that have more:", output.table(*_measured(value))]
    return "\n".join([*lines, "", *(f"- {note}" for note in value["notes"])])


def _labels(value: dict[str, Any]) -> str:
    """Return a line a label: as it is, with the most units, and with the most annotators; all is in the JSON."""
    from goldwire.labels.enough.words import present

    rows = []
    for name, one in value["labels"].items():
        if known := [row for row in one["rows"] if row["alpha"]["half_width"] is not None]:
            now = present(one, known)
            wide = [row for row in known if row["annotators"] == now["annotators"]][-1]
            deep = [row for row in known if row["more"] == now["more"]][-1]
            halves = [row["alpha"]["half_width"] for row in (now, wide, deep)]
            gold = [row["accuracy"]["value"] for row in (now, deep)]
            rows.append([name, one["alpha"]["value"], *halves, *gold, _few(one.get("recommended"))])
        else:
            rows.append([name, one.get("alpha", {}).get("value"), *[None] * 5, one.get("why", "")])
    header = ["label", "alpha", "half-width", "most units", "most annotators", "accuracy", "most annotators", ""]
    return "\n".join([*value["notes"], output.table(header, rows)])


def _few(found: dict[str, Any] | None) -> str:
    if found is None or "why" in found:
        return "" if found is None else "not enough"
    return f"enough: {found['annotators']} x {found['units']:,}"


def _measured(value: dict[str, Any]) -> tuple[list[str], list[list[Any]]]:
    header = ["annotators", "units", "alpha", "half-width", "same as all", "simulated"]
    rows = [
        [
            row["annotators"],
            row["units"],
            output.figure(*(row["alpha"][name] for name in ("value", "low", "high"))),
            row["alpha"]["half_width"],
            row["same_as_all"],
            row["expected_same_as_all"],
        ]
        for row in value["measured"]
    ]
    return header, rows


def _enough(found: dict[str, Any] | None) -> list[str]:
    if found is None:
        return []
    if "why" in found:
        return [f"Not enough: {found['why']}."]
    return [
        f"Enough: {found['annotators']} annotators and {found['units']:,} units, {found['answers']:,} answers, "
        f"{found['new_answers']:,} of them new."
    ]
