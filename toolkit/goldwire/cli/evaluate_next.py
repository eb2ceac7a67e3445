"""`goldwire eval next`: the units to label next, as a round."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from goldwire.cli import output

if TYPE_CHECKING:
    from goldwire.eval.next_batch import Batch


def register(group: typer.Typer) -> None:
    """Add the command to `goldwire eval`."""
    group.command("next")(next_)


def next_(
    round_: Annotated[str, typer.Argument(metavar="ROUND", help="The round that is made, or added to.")],
    scheme: Annotated[str, typer.Option("--scheme", metavar="NAME", help="The scheme that is asked.")],
    n: Annotated[int, typer.Option("--n", metavar="N", min=1, help="How many units.")] = 50,
    model: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="A baseline; the first of params.yaml that reads.", show_default=False),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="ROUND", help="Choose among this round's units without an answer.", show_default=False
        ),
    ] = None,
    articles: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Articles; those of the study.", show_default=False)
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
        typer.Option(metavar="FILE", help="Targets, one a line, with aliases; or a table.", show_default=False),
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
    preannotate: Annotated[
        bool,
        typer.Option("--preannotate/--no-preannotate", help="Keep what the model says, for annotators to start."),
    ] = True,
    overlap: Annotated[int, typer.Option(min=1, help="Annotators a unit.")] = 1,
    blind: Annotated[bool, typer.Option("--blind", help="One project an annotator.")] = False,
    annotator: Annotated[
        list[str] | None, typer.Option("--annotator", metavar="PSEUDONYM", help="Who answers.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Choose what to label next: where a baseline is unsure, unlike what is labelled, one unit of a story.

    Units without votes and gold are made as labels tasks makes them, or come from a round. They are chosen for
    training: they are no random sample, so draw what is tested on, and what shares are estimated from, at random.

    Example: goldwire eval next events-2 --scheme event-plover --n 100
    """
    from goldwire.eval.next_batch import next_batch
    from goldwire.labels.reannotate_pool import pool, write_batch
    from goldwire.scheme import load
    from goldwire.study import find

    study = find(Path.cwd())
    asked = load(scheme, study.schemes)
    texts, units = pool(
        study,
        asked,
        source=source,
        articles=articles,
        unit=unit,
        targets=target or [],
        target_list=target_list,
        unnamed=unnamed,
        pairs=pairs,
    )
    batch = next_batch(study, asked.name, texts, units, n=n, model=model)
    names = {one["unit_id"] for one in batch.chosen}
    count, path = write_batch(
        study,
        round_,
        asked,
        texts,
        units.filter([unit in names for unit in units["unit_id"].to_pylist()]),
        predictions=batch.predictions if preannotate else None,
        overlap=overlap,
        blind=blind,
        annotators=annotator or [],
    )
    for question, why in batch.skipped.items():
        output.say(f"Not applicable: {asked.name}.{question}, because {why}")
    if len(batch.chosen) < n:
        output.say(f"Warning: {n} units were asked for, and those left are of {batch.stories} stories: one of each")
    value = _value(round_, count, batch, path)
    output.emit(value, as_json, lambda: _text(value))


def _value(round_: str, count: int, batch: "Batch", path: Path | None) -> dict[str, Any]:
    return {
        "round": round_,
        "units": count,
        "model": batch.model,
        "questions": batch.questions,
        "not_applicable": [{"question": name, "reason": why} for name, why in batch.skipped.items()],
        "pool": batch.pool,
        "stories": batch.stories,
        "chosen": batch.chosen,
        "predictions": str(path) if path else None,
    }


def _text(value: dict[str, Any]) -> str:
    rows = [[c["unit_id"], c["uncertainty"], c["distance"], c["nearest"], c["title"][:60]] for c in value["chosen"]]
    push = f"goldwire labels push {value['round']}"
    if value["predictions"]:
        push += f" --predictions {value['predictions']}"
    return "\n".join(
        [
            f"{len(rows)} of {value['pool']} units in {value['stories']} stories, by {value['model']}; "
            f"the round has {value['units']}",
            output.table(["unit", "uncertainty", "distance", "nearest", "title"], rows),
            f"Send them: {push}",
        ]
    )
