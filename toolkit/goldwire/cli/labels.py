"""`goldwire labels`: from units to a dataset."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from goldwire.cli import output

if TYPE_CHECKING:
    from goldwire.study import Study

group = typer.Typer(name="labels", help="Units, annotators' answers, gold, dataset.", no_args_is_help=True)

Round = Annotated[str, typer.Argument(metavar="ROUND", help="The name of the round.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Unit = Annotated[str | None, typer.Option("--unit", metavar="COL", help="Column with the unit.", show_default=False)]
Annotator = Annotated[
    str | None, typer.Option("--annotator", metavar="COL", help="Column with the annotator.", show_default=False)
]
LabelColumn = Annotated[
    str | None, typer.Option("--label", metavar="COL", help="Column with the label.", show_default=False)
]
Duplicates = Annotated[
    Literal["first", "last"] | None,
    typer.Option(help="Which answer counts when an annotator answered a unit twice; without it that is an error."),
]


@group.command()
def tasks(
    round_: Round,
    scheme: Annotated[str, typer.Option("--scheme", metavar="NAME", help="The scheme that is asked.")],
    articles: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Articles, such as a sample; those of the study.", show_default=False),
    ] = None,
    unit: Annotated[
        Literal["document", "paragraph", "sentence"] | None,
        typer.Option(help="The texts that are asked about; without it, what the scheme says.", show_default=False),
    ] = None,
    target: Annotated[
        list[str] | None, typer.Option("--target", metavar="NAME", help="A target, with aliases: Russia|Moscow.")
    ] = None,
    target_list: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Targets, one a line, with aliases: Russia|Moscow; or a table.", show_default=False
        ),
    ] = None,
    unnamed: Annotated[
        bool, typer.Option("--unnamed", help="Ask about a target also where the text does not name it.")
    ] = False,
    pairs: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Table with article_id, target and holder, or article_id and headline.",
            show_default=False,
        ),
    ] = None,
    overlap: Annotated[int, typer.Option(min=1, help="Annotators a unit.")] = 1,
    overlap_share: Annotated[
        float, typer.Option(metavar="SHARE", help="Share of the units that --overlap answer; the rest, one.")
    ] = 1.0,
    blind: Annotated[
        bool, typer.Option("--blind", help="One project an annotator, so that nobody sees another's answers.")
    ] = False,
    annotator: Annotated[
        list[str] | None,
        typer.Option("--annotator", metavar="PSEUDONYM", help="Who answers; see: labels annotators assign."),
    ] = None,
    calibration: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Table of units with known answers, which everybody gets first.", show_default=False
        ),
    ] = None,
    control: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Table of units with known answers, hidden among the others.", show_default=False
        ),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="Share of the calibration units to get right.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make the units of a round, in labels/rounds/ROUND. Units that are there stay.

    From a sample (goldwire corpus sample) they take the probabilities with which it was drawn, and the dataset card
    then estimates shares in the whole corpus. A larger sample adds to the round, with the probabilities that it has.

    Example: goldwire labels tasks events-1 --scheme event-plover --unit sentence --overlap 3
    """
    from goldwire.labels.compose import compose

    study = _study()
    count = compose(
        study,
        round_,
        scheme,
        articles=articles,
        unit=unit,
        targets=target or [],
        target_list=target_list,
        unnamed=unnamed,
        pairs=pairs,
        overlap=overlap,
        overlap_share=overlap_share,
        blind=blind,
        annotators=annotator or [],
        calibration=calibration,
        control=control,
        threshold=threshold,
    )
    output.emit({"round": round_, "units": count}, as_json, lambda: f"{count} units in {study.rounds / round_}")


@group.command()
def build(as_json: AsJson = False) -> None:
    """Fold the pulled parts of all rounds into labels/tables: units, votes, mentions, relations.

    Example: goldwire labels build
    """
    from goldwire.labels import stages

    rows, problems = stages.build(_study())
    for problem in problems:
        output.say(f"Warning: {problem}")
    value = {"rows": rows, "problems": [str(problem) for problem in problems]}
    output.emit(value, as_json, lambda: output.table(["table", "rows"], list(rows.items())))


@group.command()
def agreement(
    votes: Annotated[
        Path | None,
        typer.Argument(metavar="[VOTES]", help="A table of votes; without it, the study's.", show_default=False),
    ] = None,
    unit: Unit = None,
    annotator: Annotator = None,
    label: LabelColumn = None,
    duplicates: Duplicates = None,
    as_json: AsJson = False,
) -> None:
    """Say how well the annotators agree: alpha with an interval, kappa, AC1, per label, per annotator.

    In a study the figures also go into labels/tables/agreement.json.

    Example: goldwire labels agreement votes.csv --unit task --annotator worker --label label
    """
    from goldwire import tables
    from goldwire.labels import stages
    from goldwire.labels.agreement import agreement as measure

    if votes is None:
        _only_with_votes(unit=unit, annotator=annotator, label=label, duplicates=duplicates)
        value = stages.agreement(_study())
    else:
        value = measure(tables.read(votes), unit=unit, annotator=annotator, label=label, duplicates=duplicates)
    output.emit(value, as_json, lambda: _agreement_text(value))


@group.command()
def gold(
    votes: Annotated[
        Path | None,
        typer.Argument(metavar="[VOTES]", help="A table of votes; without it, the study's.", show_default=False),
    ] = None,
    method: Annotated[Literal["majority"], typer.Option(help="How votes become gold.")] = "majority",  # noqa: ARG001 - one so far
    unit: Unit = None,
    annotator: Annotator = None,
    label: LabelColumn = None,
    duplicates: Duplicates = None,
    into: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="With VOTES: where gold goes.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Decide one answer from the votes; ties are flagged and left undecided.

    Example: goldwire labels gold votes.csv --unit task --annotator worker --label label -o gold.csv
    """
    from goldwire.labels import stages

    if votes is None:
        _only_with_votes(unit=unit, annotator=annotator, label=label, duplicates=duplicates, output=into)
        value = stages.gold(_study()).summary
    else:
        value = _gold_of_file(votes, unit, annotator, label, duplicates, into)
    output.emit(value, as_json, lambda: _counts(value))


@group.command()
def dataset(as_json: AsJson = False) -> None:
    """Divide the units by story and write labels/dataset, which Hugging Face datasets loads.

    Example: goldwire labels dataset
    """
    from goldwire.labels import stages

    made, division = stages.dataset(_study())
    for article in division.left_out:
        output.say(f"Warning: {article} joins units of two splits, and is left out")
    for group in division.straddling:
        output.say(f"Warning: the story or group of {group} was put in two splits before its articles were connected")
    if division.kept:
        output.say(
            f"{division.kept} units keep the split they had. To divide anew, before a release: "
            "remove labels/tables/splits.parquet"
        )
    value = {
        "folder": str(made.folder),
        "rows": made.rows,
        "left_out": division.left_out,
        "signature": made.signature,
    }
    rows = [
        [name, *(sizes.get(split) for split in ("train", "validation", "test"))] for name, sizes in made.rows.items()
    ]
    output.emit(value, as_json, lambda: output.table(["config", "train", "validation", "test"], rows))


def _study() -> "Study":
    from goldwire.study import find

    return find(Path.cwd())


def _only_with_votes(**options: object) -> None:
    """Refuse options that would have no effect on the study's own tables."""
    from goldwire.errors import UsageError

    if given := [name for name, value in options.items() if value is not None]:
        raise UsageError(
            f"--{given[0]} goes with VOTES, a table of one's own", hint="Name the table, or leave it out."
        )


def _gold_of_file(
    votes: Path,
    unit: str | None,
    annotator: str | None,
    label: str | None,
    duplicates: Literal["first", "last"] | None,
    into: Path | None,
) -> dict[str, Any]:
    from goldwire import tables
    from goldwire.labels.ballots import columns_of
    from goldwire.labels.gold import gold_from_frame

    table = tables.read(votes)
    unit, annotator, label = columns_of(table, unit, annotator, label)
    made = gold_from_frame(table, unit, annotator, label, duplicates)
    # the same names as in the votes, so that `eval score` finds them
    made = made.rename_columns([{"unit": unit, "label": label}.get(name, name) for name in made.column_names])
    if into is not None:
        tables.write(made, into)
    decided = made["decided_by"].to_pylist()
    return {
        "rows": made.num_rows,
        "decided_by": {name: decided.count(name) for name in sorted(set(decided))},
        "ties": sum(made["tied"].to_pylist()),
    }


def _agreement_text(value: dict[str, Any]) -> str:
    questions = value.get("questions") or {"": value}
    rows = []
    for name, entry in questions.items():
        alpha = entry["alpha"]
        figure = output.figure(alpha["value"], alpha["low"], alpha["high"])
        rows.append(
            [
                name,
                entry["units"],
                entry["annotators"],
                entry["votes"],
                entry["ties"],
                figure,
                entry["kappa"],
                entry["ac1"],
            ]
        )
    header = ["question", "units", "annotators", "votes", "ties", "alpha", "kappa", "ac1"]
    return output.table(header, rows) if "questions" in value else output.table(header[1:], [row[1:] for row in rows])


def _counts(value: dict[str, Any]) -> str:
    decided = ", ".join(f"{count} {name}" for name, count in value["decided_by"].items())
    spans = f"; {value['mentions']} mentions, {value['relations']} relations" if "mentions" in value else ""
    return f"{value['rows']} answers: {decided}; {value['ties']} ties{spans}"
