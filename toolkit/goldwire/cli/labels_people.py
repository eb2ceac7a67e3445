"""`goldwire labels annotators`: who they are, their accounts, and who answers what."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goldwire.cli import output
from goldwire.cli.server_options import Insecure, verify

if TYPE_CHECKING:
    from goldwire.labels.team.annotators import Pseudonyms
    from goldwire.study import Study

people = typer.Typer(
    name="annotators", help="Annotators: pseudonyms, accounts, who answers what.", no_args_is_help=True
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Emails = Annotated[bool, typer.Option("--emails", help="Print e-mail addresses too; without it, pseudonyms only.")]


def register(group: typer.Typer) -> None:
    """Add the commands to `goldwire labels`."""
    group.add_typer(people)


@people.command("list")
def list_(emails: Emails = False, insecure: Insecure = False, as_json: AsJson = False) -> None:
    """Print the annotators: whether they have an account, and in which rounds they are assigned how many units.

    The server is asked when LABEL_STUDIO_URL and LABEL_STUDIO_API_KEY are set. Of who is known only by the number of
    an account, neither the address nor the account is known.

    Example: goldwire labels annotators list
    """
    from goldwire.labels.team import accounts, assignments
    from goldwire.labels.team.annotators import is_person

    study, known = _known()
    client = _client(insecure) if _server_is_named() else None
    absent = accounts.missing(client, known.known) if client else {}
    loads = assignments.loads(study)
    value = [
        {
            "pseudonym": who,
            **({"email": email if is_person(email) else None} if emails else {}),
            "account": email not in absent if client and is_person(email) else None,
            "rounds": loads.get(who, {}),
            "units": sum(loads.get(who, {}).values()),
        }
        for email, who in known.known.items()
    ]
    output.emit({"annotators": value}, as_json, lambda: _list_text(value))


@people.command()
def add(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or TSV with a header: email, pseudonym.")],
    as_json: AsJson = False,
) -> None:
    """Add people from a list to labels/annotators.csv. Who has no pseudonym in it gets the next free one.

    When a line is wrong, every wrong line is named, and nothing is written.

    Example: goldwire labels annotators add coders.csv
    """
    from goldwire.files import one_at_a_time
    from goldwire.labels.team import annotators

    study, _ = _known()
    with one_at_a_time(study.labels):
        known = annotators.read(study.annotators).known
        found = annotators.listed(file, known)
        if found:
            annotators.write(study.annotators, {**known, **found})
    added, number = list(found.values()), len(known) + len(found)
    output.emit(
        {"added": added, "annotators": number}, as_json, lambda: f"added: {_names(added)}; {number} annotators"
    )


@people.command()
def invite(emails: Emails = False, insecure: Insecure = False, as_json: AsJson = False) -> None:
    """Print who has no account on the server, and the link to send them. Anybody who has the link can sign up.

    Example: goldwire labels annotators invite --emails
    """
    from goldwire.labels.team import accounts

    _, known = _known()
    client = _client(insecure)
    absent = accounts.missing(client, known.known)
    link = accounts.invitation(client)
    rows = [{"pseudonym": who, **({"email": email} if emails else {})} for email, who in absent.items()]
    names = [" ".join(row.values()) for row in rows]
    output.emit({"link": link, "missing": rows}, as_json, lambda: f"without an account: {_names(names)}\n{link}")


@people.command()
def create(
    passwords: Annotated[
        Path,
        typer.Option("--passwords", metavar="FILE", help="A new file that gets the passwords, outside of git."),
    ],
    insecure: Insecure = False,
    as_json: AsJson = False,
) -> None:
    """Make the accounts that are missing on the server, with random passwords. Others are left alone.

    FILE gets pseudonym, email and password, and only you can read it. Hand the passwords out and delete it.

    Example: goldwire labels annotators create --passwords ~/passwords.csv
    """
    from goldwire.labels.server.connection import http_client
    from goldwire.labels.team import accounts

    _, known = _known()
    client = _client(insecure)
    made = accounts.create(
        client, known.known, passwords, lambda: http_client(client.settings, lambda _response: None)
    )
    value = {"created": made.made, "there": made.there, "passwords": str(passwords) if made.passwords else None}
    output.emit(
        value,
        as_json,
        lambda: (
            f"created: {_names(made.made)}; {len(made.there)} were there"
            + (f"\npasswords: {passwords}" if made.passwords else "")
        ),
    )


@people.command()
def assign(
    round_: Annotated[str, typer.Argument(metavar="ROUND", help="The name of the round.")],
    annotator: Annotated[
        list[str] | None,
        typer.Option("--annotator", metavar="PSEUDONYM", help="Who answers; give it for each, or leave it as it is."),
    ] = None,
    join: Annotated[
        list[str] | None,
        typer.Option("--join", metavar="PSEUDONYM", help="Who comes to them, and takes over unanswered units."),
    ] = None,
    leave: Annotated[
        list[str] | None,
        typer.Option("--leave", metavar="PSEUDONYM", help="Who goes; what they answered stays theirs."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say who answers which unit of a round, in its assignments.csv. What was assigned stays, where it can.

    Pull before somebody joins or leaves, so that what was answered is known; push after it. Each unit has as many
    annotators as the round's overlap says, everybody has as many units, and every two share about as many.

    Example: goldwire labels annotators assign events-1 --leave annotator-02 --join annotator-05
    """
    from dataclasses import asdict

    from goldwire.labels.team import assignments

    study, _ = _known()
    found = assignments.assign_round(
        study, round_, named=annotator or (), join=join or (), leave=leave or (), dry_run=dry_run
    )
    for one in found:
        if not one.active and one.left:
            output.say(
                f"Warning: {one.annotator} has left, and {one.left} of their units stay open: everybody else has them"
            )
    rows = [[one.annotator, one.assigned, one.answered, one.left] for one in found]
    output.emit(
        {"round": round_, "annotators": [asdict(one) for one in found]},
        as_json,
        lambda: output.table(["annotator", "assigned", "answered", "left"], rows),
    )


def _known() -> "tuple[Study, Pseudonyms]":
    from goldwire.labels.team import annotators
    from goldwire.study import find

    study = find(Path.cwd())
    return study, annotators.read(study.annotators)


def _server_is_named() -> bool:
    import os

    return all(os.environ.get(name, "").strip() for name in ("LABEL_STUDIO_URL", "LABEL_STUDIO_API_KEY"))


def _client(insecure: bool) -> Any:
    from goldwire.labels.server import connect

    return connect(verify=verify(insecure))


def _names(names: list[str]) -> str:
    return ", ".join(names) or "nobody"


def _list_text(value: list[dict[str, Any]]) -> str:
    header = ["pseudonym", *(["email"] if value and "email" in value[0] else []), "account", "units", "rounds"]
    accounts = {None: None, True: "yes", False: "no"}
    rows = []
    for row in value:
        shown = {**row, "account": accounts[row["account"]], "rounds": ", ".join(row["rounds"]) or None}
        rows.append([shown[name] for name in header])
    return output.table(header, rows)
