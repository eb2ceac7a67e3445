"""`goldwire labels migrate`: from one version of a scheme to the next, with the answers that are there."""

from pathlib import Path
from typing import Annotated, Any

import typer

from goldwire.cli import output
from goldwire.cli.server_options import Insecure, verify


def register(group: typer.Typer) -> None:
    """Add the command to `goldwire labels`."""
    group.command()(migrate)


def migrate(
    round_: Annotated[str, typer.Argument(metavar="ROUND", help="The round whose answers are brought along.")],
    scheme: Annotated[
        str | None,
        typer.Option(metavar="NAME|FILE", help="The new version; the study's scheme.", show_default=False),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="What became of each label; the one in labels/schemes/migrations.",
            show_default=False,
        ),
    ] = None,
    into: Annotated[
        str | None,
        typer.Option(metavar="NEW_ROUND", help="The round that asks again; ROUND-VERSION.", show_default=False),
    ] = None,
    in_place: Annotated[
        bool, typer.Option("--in-place", help="Change the project on the server and the answers in it.")
    ] = False,
    clear: Annotated[
        bool, typer.Option("--clear", help="With --in-place: empty the answers that must be given again.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show it, and write nothing.")] = False,
    insecure: Insecure = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Bring a round's answers to the scheme's new version, and ask again what has to be asked again.

    First change labels/schemes/NAME.yaml, and raise its version. Without a mapping file a draft is written; in it
    you say what became of each label that is gone. The project stays as it is; the answers in the tables have the
    new labels from the next goldwire labels build on. The units to ask again become a new round.

    Example: goldwire labels migrate events-1 --dry-run
    """
    from goldwire.errors import CheckFailedError, UsageError
    from goldwire.labels.migrate.command import migrate as run
    from goldwire.study import find

    if in_place and into:
        raise UsageError("--in-place makes no new round", hint="Leave --into out.")
    if clear and not in_place:
        raise UsageError("--clear goes with --in-place", hint="A new round empties no answer.")
    if insecure and not in_place:
        raise UsageError("--insecure goes with --in-place", hint="A new round asks no server; give it to push.")
    value = run(
        find(Path.cwd()),
        round_,
        scheme=scheme,
        mapping=mapping,
        into=into,
        on_server=in_place,
        clear=clear,
        dry_run=dry_run,
        verify=verify(insecure),
        progress=lambda n: output.progress(f"{n} rewritten") if n % 100 == 0 else None,
    )
    output.emit(value, as_json, lambda: _text(value, in_place, dry_run))
    for number in value["meanwhile"]:
        output.say(f"Warning: annotation {number} was changed meanwhile and stays as it is: look at it")
    for one in value["left_out"]:
        output.say(
            f"Warning: the known answer to {one['question']} of {one['unit_id']} ({', '.join(one['labels'])}) is not "
            f"brought along: it is not certain under {value['scheme']} {value['to']['version']}"
        )
    if value["undecided"]:
        raise CheckFailedError(
            "it is not decided what becomes of " + ", ".join(value["undecided"]),
            where=value["mapping"],
            hint='Put an answer in place of each "?": a new name, [two, names] when it was split (that is asked '
            "again), or null when it is retired; for what is new: again, or empty. Then run this again."
            + (" The draft is not written with --dry-run." if value["draft"] and dry_run else ""),
        )


def _text(value: dict[str, Any], in_place: bool, dry_run: bool) -> str:
    rows = [
        [row["name"], row["label"], row["answers"], row["units"], row["others"], _said(row)] for row in value["rows"]
    ]
    head = f"{value['scheme']} {value['from']['version']} -> {value['to']['version']}, round {value['round']}"
    lines = [head, output.table(["name", "label", "answers", "units", "others", "what happens"], rows)]
    would = "would be " if dry_run else ""
    if value["undecided"]:
        return "\n".join(lines)
    again = ", ".join(f"{name} ({number})" for name, number in value["again"]["names"].items())
    lines.append(f"{value['again']['units']} units to answer again" + (f": {again}" if again else ""))
    if in_place and not dry_run:
        lines.append(
            f"{value['rewritten']} answers rewritten in project {', '.join(map(str, value['projects']))}; "
            f"{len(value['cleared'])} units with an emptied answer"
        )
        lines += [f"  {unit}" for unit in value["cleared"]]
    elif value["into"]:
        push = f"push it with: goldwire labels push {value['into']}"
        lines.append(f"round {value['into']}: {value['tasks']} units {would}asked; {push}")
    elif not in_place:
        lines.append("no round is needed; the mapped answers are in the tables after: goldwire labels build")
    return "\n".join(lines)


def _said(row: dict[str, Any]) -> str:
    to = row["to"]
    targets = ", ".join(to) if isinstance(to, list) else to
    match row["what"]:
        case "renamed" | "merged":
            said = f"{row['what']} {'to' if row['what'] == 'renamed' else 'into'} {targets}"
        case "again":
            said = f"to answer again: {targets}"
        case "undecided":
            said = "? to be decided"
        case "added":
            said = "new" + (f", {row['changed'][0]}" if row["changed"] else "")
        case what:
            said = what
    changed = [word for word in row["changed"] if row["what"] not in ("added", "undecided")]
    return said + (f" ({', '.join(changed)} changed)" if changed else "")
