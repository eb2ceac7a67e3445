"""`goldwire eval suspects`: likely label errors, and a round that asks about them again."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goldwire.cli import names, output

if TYPE_CHECKING:
    from goldwire.study import Study


OVERLAP = 2


def register(group: typer.Typer) -> None:
    """Add the command to `goldwire eval`."""
    group.command()(suspects)


def suspects(
    model: names.Model = None,
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
    overlap: Annotated[
        int | None, typer.Option(min=1, help="With --round: annotators a unit; 2 unless told.", show_default=False)
    ] = None,
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
    from goldwire.eval.trust import caveat, trusted
    from goldwire.labels.reannotate import check_round
    from goldwire.study import find

    options = {"scheme": scheme, "overlap": overlap, "annotator": annotator, "blind": blind}
    if round_ is None and (given := [name for name, value in options.items() if value]):
        raise UsageError(f"--{given[0]} goes with --round NAME")
    study = find(Path.cwd())
    names.check_baselines(model)
    answered_by = overlap or OVERLAP
    if round_ is not None:  # before the work, and before anything is written
        check_round(study, round_, overlap=answered_by, annotators=annotator or [], new=True)
        scheme = _scheme(study, scheme)
    found = suspects_all(study, model=model, most=most, with_test=with_test)
    output.say(f"Written: {study.eval / FILE}")
    for key, one in found.items():
        if one["listed"] and not trusted(one["agrees"]):
            output.say(f"Warning: {key}: {caveat(one['agrees'])}")
    value: dict[str, Any] = {"questions": found, "round": None}
    if round_ is not None and scheme is not None:
        value["round"] = _ask_again(study, round_, found, scheme, answered_by, blind, annotator or [])
    output.emit(value, as_json, lambda: _text(value))


def _scheme(study: "Study", name: str | None) -> str:
    """Return the scheme whose suspects become a round: a round has one scheme."""
    from goldwire.errors import UsageError

    known = sorted(set(study.read("gold")["scheme"].to_pylist()))
    if name is not None and name not in known:
        raise UsageError(f"no gold is of scheme {name}", hint=f"There is: {', '.join(known)}")
    if name is None and len(known) > 1:
        raise UsageError(
            "there is gold of several schemes, and a round asks one",
            hint=f"Name it with --scheme: {', '.join(known)}",
        )
    return name or "".join(known)


def _ask_again(
    study: "Study",
    name: str,
    found: dict[str, dict[str, Any]],
    scheme: str,
    overlap: int,
    blind: bool,
    annotators: list[str],
) -> dict[str, Any]:
    from goldwire.errors import GoldwireError
    from goldwire.labels.reannotate import reannotate

    asked = [one for key, one in found.items() if key.split(".")[0] == scheme and one["listed"]]
    if not asked:
        raise GoldwireError(f"there is no suspect of scheme {scheme}: no round is made")
    count = reannotate(
        study,
        name,
        scheme,
        {unit["unit_id"] for one in asked for unit in one["listed"]},
        overlap=overlap,
        blind=blind,
        annotators=annotators,
        chosen_by=sorted({one["model"] for one in asked}),
    )
    return {"round": name, "scheme": scheme, "units": count}


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
