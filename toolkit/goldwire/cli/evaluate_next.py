"""`goldwire eval next`: the units to label next, as a round."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goldwire.cli import names, output
from goldwire.cli.unit_options import Overlap, Pairs, TargetList, Targets, Unit, Unnamed

if TYPE_CHECKING:
    from goldwire.eval.next_batch import Batch


def register(group: typer.Typer) -> None:
    """Add the command to `goldwire eval`."""
    group.command("next")(next_)


def next_(
    round_: Annotated[str, typer.Argument(metavar="ROUND", help="The round that is made, or added to.")],
    scheme: Annotated[str, typer.Option("--scheme", metavar="NAME", help="The scheme that is asked.")],
    n: Annotated[int, typer.Option("--n", metavar="N", min=1, help="How many units.")] = 50,
    model: names.Model = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="ROUND", help="Choose among this round's units without an answer.", show_default=False
        ),
    ] = None,
    articles: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Articles; those of the study.", show_default=False)
    ] = None,
    unit: Unit = None,
    target: Targets = None,
    target_list: TargetList = None,
    unnamed: Unnamed = False,
    pairs: Pairs = None,
    preannotate: Annotated[
        bool,
        typer.Option("--preannotate/--no-preannotate", help="Keep what the model says, for annotators to start."),
    ] = True,
    overlap: Overlap = 1,
    blind: Annotated[bool, typer.Option("--blind", help="One project an annotator.")] = False,
    annotator: Annotated[
        list[str] | None, typer.Option("--annotator", metavar="PSEUDONYM", help="Who answers.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Choose what to label next: where a baseline is unsure, unlike what is labelled, one unit of a story.

    Units without votes and gold are made as labels tasks makes them, or come from a round. They are no random sample:
    the round says which model chose them, and labels dataset puts them into train or nowhere. So those are left out
    that share a story with validation or test. Draw what is tested on, and what shares are estimated from, at random.

    What the model says of them stays in the round; labels push sends it, for annotators to start from.

    Example: goldwire eval next events-2 --scheme event-plover --n 100
    """
    from goldwire.eval.next_batch import next_batch
    from goldwire.labels import rounds
    from goldwire.labels.reannotate import check_round
    from goldwire.labels.reannotate_pool import pool, write_batch
    from goldwire.study import find

    study = find(Path.cwd())
    names.check_baselines(model)
    asked = names.scheme(scheme, study)
    check_round(study, round_, overlap=overlap, annotators=annotator or [])
    if source is not None:
        with names.given():
            rounds.read(study.rounds / source)
    texts, units, left_out = pool(
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
    chosen = {one["unit_id"] for one in batch.chosen}
    count, path = write_batch(
        study,
        round_,
        asked,
        texts,
        units.filter([unit in chosen for unit in units["unit_id"].to_pylist()]),
        chosen_by=batch.model,
        predictions=batch.predictions if preannotate else None,
        overlap=overlap,
        blind=blind,
        annotators=annotator or [],
    )
    if left_out:
        late = ", or are later than train" if study.params().splits.by == "time" else ""
        output.say(f"{left_out} units were left out, which share a story or more with validation or test{late}")
    for question, why in batch.skipped.items():
        output.say(f"Not applicable: {asked.name}.{question}, because {why}")
    if len(batch.chosen) < n:
        output.say(f"Warning: {n} units were asked for, and those left are of {batch.stories} stories: one of each")
    value = _value(round_, count, batch, left_out, path)
    output.emit(value, as_json, lambda: _text(value))


def _value(round_: str, count: int, batch: "Batch", left_out: int, path: Path | None) -> dict[str, Any]:
    return {
        "round": round_,
        "units": count,
        "model": batch.model,
        "questions": batch.questions,
        "not_applicable": [{"question": name, "reason": why} for name, why in batch.skipped.items()],
        "pool": batch.pool,
        "left_out": left_out,
        "stories": batch.stories,
        "chosen": batch.chosen,
        "predictions": str(path) if path else None,
    }


def _text(value: dict[str, Any]) -> str:
    rows = [[c["unit_id"], c["uncertainty"], c["distance"], c["nearest"], c["title"][:60]] for c in value["chosen"]]
    return "\n".join(
        [
            f"{len(rows)} of {value['pool']} units in {value['stories']} stories, by {value['model']}; "
            f"the round has {value['units']}",
            output.table(["unit", "uncertainty", "distance", "nearest", "title"], rows),
            f"Send them{', with what the model says' if value['predictions'] else ''}: "
            f"goldwire labels push {value['round']}",
        ]
    )
