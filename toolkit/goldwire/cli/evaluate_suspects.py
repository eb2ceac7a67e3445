"""`goldwire eval suspects`: likely label errors, and a round that asks about them again."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goldwire.cli import output

if TYPE_CHECKING:
    from goldwire.study import Study


def register(group: typer.Typer) -> None:
    """Add the command to `goldwire eval`."""
    group.command()(suspects)


def suspects(
    model: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="A baseline; the first of params.yaml that reads.", show_default=False),
    ] = None,
    most: Annotated[int, typer.Option(metavar="N", min=1, help="Suspects of a question.")] = 50,
    with_test: Annotated[
        bool, typer.Option("--with-test", help="Judge the test split too; it then comes to agree with the baseline.")
    ] = False,
    round_: Annotated[
        str | None,
        typer.Option("--round", metavar="NAME", help="Make a round that asks about them again.", show_default=False),
    ] = None,
    scheme: Annotated[
        str | None, typer.Option(metavar="NAME", help="With --round: the scheme, of several.", show_default=False)
    ] = None,
    overlap: Annotated[int, typer.Option(min=1, help="With --round: annotators a unit.")] = 2,
    blind: Annotated[bool, typer.Option("--blind", help="With --round: one project an annotator.")] = False,
    annotator: Annotated[
        list[str] | None,
        typer.Option("--annotator", metavar="PSEUDONYM", help="With --round: who answers.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List likely label errors: what a baseline that has not seen the unit, and the votes, make unlikely.

    Writes eval/suspects.json. With --round they become a round of the same scheme, in which nobody sees the old
    answers; send it with: goldwire labels push NAME.

    Example: goldwire eval suspects --most 30 --round again-1 --overlap 2
    """
    from goldwire.errors import UsageError
    from goldwire.eval.suspects import FILE, suspects_all
    from goldwire.study import find

    if round_ is None and (
        given := [n for n, v in (("scheme", scheme), ("annotator", annotator), ("blind", blind)) if v]
    ):
        raise UsageError(f"--{given[0]} goes with --round NAME")
    study = find(Path.cwd())
    found = suspects_all(study, model=model, most=most, with_test=with_test)
    output.say(f"Written: {study.eval / FILE}")
    value: dict[str, Any] = {"questions": found, "round": None}
    if round_ is not None:
        value["round"] = _ask_again(study, round_, found, scheme, overlap, blind, annotator or [])
    output.emit(value, as_json, lambda: _text(value))


def _ask_again(
    study: "Study",
    name: str,
    found: dict[str, dict[str, Any]],
    scheme: str | None,
    overlap: int,
    blind: bool,
    annotators: list[str],
) -> dict[str, Any]:
    from goldwire.errors import GoldwireError, UsageError
    from goldwire.labels.reannotate import reannotate

    by_scheme: dict[str, set[str]] = {}
    for key, one in found.items():
        by_scheme.setdefault(key.split(".")[0], set()).update(unit["unit_id"] for unit in one["listed"])
    known = ", ".join(sorted(by_scheme))
    if scheme is not None and scheme not in by_scheme:
        raise UsageError(f"no gold is of scheme {scheme}", hint=f"There is: {known}")
    suspected = {key: units for key, units in by_scheme.items() if units and scheme in (None, key)}
    if not suspected:
        raise GoldwireError("there is no suspect: no round is made")
    if len(suspected) > 1:
        raise UsageError("there are suspects of several schemes", hint=f"Name one with --scheme: {known}")
    ((asked, units),) = suspected.items()
    count = reannotate(study, name, asked, units, overlap=overlap, blind=blind, annotators=annotators)
    return {"round": name, "scheme": asked, "units": count}


def _text(value: dict[str, Any]) -> str:
    parts = [_question(key, one) for key, one in value["questions"].items()]
    if made := value["round"]:
        parts.append(
            f"Round {made['round']} asks about {made['units']} units again. "
            f"Send it: goldwire labels push {made['round']}"
        )
    return "\n\n".join(parts)


def _question(key: str, one: dict[str, Any]) -> str:
    if one["why"]:
        return f"{key}: no suspects, because {one['why']}"
    head = f"{key}: {len(one['listed'])} of {one['found']} suspects among {one['judged']} units"
    head += f", by {one['model']}, which agrees with gold on {one['agrees']:.0%} of them"
    rows = [
        [u["unit_id"], ", ".join(u["gold"]), ", ".join(u["suggested"]), u["share"], u["quality"], u["title"][:60]]
        for u in one["listed"]
    ]
    return f"{head}\n{output.table(['unit', 'gold', 'suggested', 'share', 'quality', 'title'], rows)}"
