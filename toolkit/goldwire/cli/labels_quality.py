"""`goldwire labels annotators report`: what each annotator does, against the rest, over time, and how fast."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goldwire.cli import output, votes_file
from goldwire.cli.votes_file import Annotator, Duplicates, Label, Source, Unit

if TYPE_CHECKING:
    from goldwire.study import Study


def register(annotators: typer.Typer) -> None:
    """Add the command to `goldwire labels annotators`."""
    annotators.command()(report)


def report(
    what: Source = None,
    unit: Unit = None,
    annotator: Annotator = None,
    label: Label = None,
    time: Annotated[
        str | None,
        typer.Option("--time", metavar="COL", help="Column with when, as 2026-03-31T14:05.", show_default=False),
    ] = None,
    seconds: Annotated[
        str | None, typer.Option("--seconds", metavar="COL", help="Column with how long it took.", show_default=False)
    ] = None,
    duplicates: Duplicates = None,
    names: Annotated[
        bool, typer.Option("--names", help="Show e-mail addresses beside pseudonyms; only in a study.")
    ] = False,
    into: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Write a page with pictures too.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what each annotator does: confusions, label rates and bias, drift, speed, known answers, competence.

    Annotators are compared on the same units only. Nothing is written but the page that -o names.

    Example: goldwire labels annotators report events-1 -o annotators.html
    """
    from goldwire.files import write_text
    from goldwire.labels.quality import measure, named, page

    columns = {"unit": unit, "annotator": annotator, "label": label, "time": time, "seconds": seconds}
    study, emails = None, {}
    if into is not None:
        _check_page(into)
    if what is not None and votes_file.is_table(what):
        votes_file.check_columns(**columns)
        value = _of_table(Path(what), names, {**columns, "duplicates": duplicates})
    else:
        study = _study({**columns, "duplicates": duplicates})
        if names:
            emails = named.addresses(study)
            if into is not None:
                named.refuse_shared(study, into)
        value = measure.of_study(study, what)
    if names:
        value = named.with_addresses(value, emails)
    if into is not None:
        text = page.render(value)
        with votes_file.writing(into):
            write_text(into, text)
        output.say(f"page: {into}")
    if names:
        output.say(f"Warning: {'this output' if into is None else f'this output, and {into},'} {named.WARNING}")
    output.emit(value, as_json, lambda: _text(value))


def _of_table(path: Path, names: bool, columns: dict[str, Any]) -> dict[str, Any]:
    from goldwire.errors import UsageError
    from goldwire.labels.quality import measure

    if names:
        raise UsageError("--names is for the annotators of a study", hint="A table has the names that it has.")
    table = votes_file.read(path)
    with votes_file.in_file(path):
        return measure.of_table(table, **columns)


def _study(columns: dict[str, str | None]) -> "Study":
    from goldwire.study import find

    votes_file.only_with_votes(**columns)
    return find(Path.cwd())


def _check_page(into: Path) -> None:
    """Refuse a file that is no page: -o votes.csv would write over votes."""
    from goldwire.errors import UsageError

    if into.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"{into}: a page ends in .html", hint="Name another -o FILE.")
    votes_file.check_output(into)


def _text(value: dict[str, Any]) -> str:
    parts = []
    for name, question in value["questions"].items():
        numbers = f"{question['answers']} answers, {question['units_with_two']} of {question['units']} units with two"
        parts += [f"{name}: {numbers}", *(f"- {sentence}" for sentence in question["findings"])]
        parts += ["", output.table(*_people(question)), ""]
    return "\n".join(parts).rstrip()


def _people(question: dict[str, Any]) -> tuple[list[str], list[list[Any]]]:
    people = question["annotators"]
    named = any("email" in row for row in people)
    header = ["annotator", *(["email"] if named else []), "answers", "shared", "agrees with the rest"]
    header += ["differs most in", "points", "p", "median s", "change", "dawid-skene", "mace", "control", "again"]
    return header, [
        [
            row["annotator"],
            *([row["email"]] if named else []),
            row["answers"],
            row["shared"],
            output.figure(*(row["agreement"][bound] for bound in ("value", "low", "high"))),
            *_differs(row["bias"]),
            None if row["speed"].get("median_s") is None else f"{row['speed']['median_s']:.1f}",
            _points(row["drift"]["trend"]["change"]["value"]),
            row["competence"]["dawid_skene"] and row["competence"]["dawid_skene"]["accuracy"],
            row["competence"]["mace"],
            _right(row["control"]),
            _again(row["retest"]),
        ]
        for row in people
    ]


def _differs(bias: dict[str, Any]) -> list[str | None]:
    """Return the label with the lowest p-value, the difference, and the adjusted p."""
    known = [
        (row["p"], -abs(row["difference"]["value"]), label) for label, row in bias.items() if row["p"] is not None
    ]
    if not known:
        return [None, None, None]
    label = min(known)[2]
    return [label, _points(bias[label]["difference"]["value"]), f"{bias[label]['p_holm']:.3f}"]


def _points(value: float | None) -> str | None:
    return None if value is None else f"{100 * value:.1f}"


def _right(rows: list[dict[str, Any]]) -> str | None:
    return f"{sum(row['right'] for row in rows)}/{sum(row['answered'] for row in rows)}" if rows else None


def _again(rows: list[dict[str, Any]]) -> str | None:
    return f"{sum(row['same'] for row in rows)}/{sum(row['units'] for row in rows)}" if rows else None
