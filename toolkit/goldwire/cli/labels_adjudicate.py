"""`goldwire labels adjudicate`: units in dispute are asked once more, and a memo of what was found."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goldwire.cli import output

if TYPE_CHECKING:
    from goldwire.study import Study


def register(group: typer.Typer) -> None:
    """Add the command to `goldwire labels`."""
    group.command()(adjudicate)


def adjudicate(
    round_: Annotated[str, typer.Argument(metavar="ROUND", help="The round to make, or to add to.")],
    of: Annotated[
        list[str] | None,
        typer.Option("--of", metavar="ROUND", help="A round whose disputes are settled; all without it."),
    ] = None,
    scheme: Annotated[
        str | None,
        typer.Option("--scheme", metavar="NAME", help="The scheme, where there are several.", show_default=False),
    ] = None,
    question: Annotated[
        list[str] | None,
        typer.Option(
            "--question",
            metavar="Q",
            help='A question, a mention layer, or "relation"; all questions about the unit without it.',
        ),
    ] = None,
    tie: Annotated[
        bool | None,
        typer.Option(
            "--tie/--no-tie",
            help="Ties, and units of which nobody was sure: the rule when no other is given.",
            show_default=False,
        ),
    ] = None,
    share: Annotated[
        float | None,
        typer.Option(
            "--share",
            metavar="X",
            help="Answers that fewer than this share gave. Where several labels can be given, each is a yes or no: "
            "the label on which the larger side is smallest counts, and that is never below .5.",
            show_default=False,
        ),
    ] = None,
    posterior: Annotated[
        float | None,
        typer.Option(
            "--posterior",
            metavar="X",
            help="Answers less probable than this; of questions, not of mentions or relations.",
            show_default=False,
        ),
    ] = None,
    units: Annotated[
        Path | None,
        typer.Option(
            "--units",
            metavar="FILE",
            help="What a check found: a table with unit_id, and perhaps question and finding.",
            show_default=False,
        ),
    ] = None,
    annotator: Annotated[
        list[str] | None,
        typer.Option("--annotator", metavar="PSEUDONYM", help="An adjudicator; units are dealt out among them."),
    ] = None,
    blind: Annotated[bool, typer.Option("--blind", help="One project an adjudicator.")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Also units that are adjudicated, or wait in another adjudication.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    memo: Annotated[
        str | None,
        typer.Option(
            "--memo",
            metavar="FILE",
            help="Write what the adjudicators of ROUND found, as Markdown; - for standard output.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Make a round of the units in dispute, or add to it. Its answers outrank the votes.

    Run goldwire labels gold before. Push ROUND: adjudicators see each annotator's answer under its pseudonym, begin
    from what is agreed, and say why the annotators differed. Pull, build and gold, and then ask for the --memo.

    Example: goldwire labels adjudicate events-1-disputes --of events-1 --share 0.7
    """
    from dataclasses import asdict

    from goldwire.labels.adjudicate.disputes import Rules
    from goldwire.labels.adjudicate.make import adjudicate as make
    from goldwire.study import find

    study = find(Path.cwd())
    options: dict[str, Any] = {"--of": of, "--scheme": scheme, "--question": question, "--tie": tie, "--share": share}
    options |= {"--posterior": posterior, "--units": units, "--annotator": annotator}
    options |= {"--blind": blind or None, "--again": again or None, "--dry-run": dry_run or None}
    if memo is not None:
        _memo(study, round_, memo, {**options, "--json": as_json or None})
        return
    if tie is None:
        tie = share is None and posterior is None and units is None
    made = make(
        study,
        round_,
        of=of or (),
        scheme=scheme,
        rules=Rules(tie, share, posterior, tuple(question or ())),
        units=units,
        annotators=annotator or (),
        blind=blind,
        again=again,
        dry_run=dry_run,
    )
    value = asdict(made)
    output.emit(value, as_json, lambda: _text(value, dry_run))


def _memo(study: "Study", round_: str, into: str, options: dict[str, Any]) -> None:
    from goldwire.errors import UsageError
    from goldwire.files import write_text
    from goldwire.labels.adjudicate.memo import memo

    if given := [name for name, value in options.items() if value not in (None, [])]:
        raise UsageError(f"{given[0]} does not go with --memo", hint="Make the round first, without --memo.")
    text = memo(study, round_)
    if into == "-":
        output.data(text.removesuffix("\n"))
    else:
        write_text(Path(into), text)
        output.say(f"{into}: the memo of round {round_}")


def _text(value: dict[str, Any], dry_run: bool) -> str:
    named = {"adjudicated": "adjudicated already", "waiting": "waiting in another adjudication"}
    left = ", ".join(f"{number} {named[what]}" for what, number in value["left_out"].items())
    aside = f"\nNot taken: {left}; --again takes them." if left else ""
    if not value["units"]:
        return f"Nothing is in dispute; no round was made.{aside}"
    will = "would be " if dry_run else ""
    head = f"{value['units']} units {will}in {value['round']}, {value['added']} of them new{aside}"
    rows = [["rule", name, number] for name, number in value["by_rule"].items()]
    rows += [["about", name or "the whole unit", number] for name, number in value["by_question"].items()]
    return f"{head}\n{output.table(['', '', 'units'], rows)}"
