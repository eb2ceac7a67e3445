"""`goldwire labels`: from units to a dataset."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goldwire.cli import output
from goldwire.cli.unit_options import Overlap, Pairs, TargetList, Targets, Unit, Unnamed

if TYPE_CHECKING:
    from goldwire.study import Study

group = typer.Typer(name="labels", help="Units, annotators' answers, gold, dataset.", no_args_is_help=True)

Round = Annotated[str, typer.Argument(metavar="ROUND", help="The name of the round.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@group.command()
def tasks(
    round_: Round,
    scheme: Annotated[str, typer.Option("--scheme", metavar="NAME", help="The scheme that is asked.")],
    articles: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Articles, such as a sample; those of the study.", show_default=False),
    ] = None,
    unit: Unit = None,
    target: Targets = None,
    target_list: TargetList = None,
    unnamed: Unnamed = False,
    pairs: Pairs = None,
    overlap: Overlap = 1,
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


def _study() -> "Study":
    from goldwire.study import find

    return find(Path.cwd())
