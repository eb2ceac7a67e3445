"""`goldwire studio`: a Label Studio of one's own, on this machine."""

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goldwire.cli import output

if TYPE_CHECKING:
    from goldwire.studio import Server

group = typer.Typer(name="studio", help="Start and stop a Label Studio on this machine.", no_args_is_help=True)

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="Where the server keeps its database and files.")]
Database = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="PostgreSQL to store in instead of SQLite: postgresql://user:password@host:port/name. Others on this "
        "machine can see command lines: better leave :password out, and set PGPASSWORD or write ~/.pgpass.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DATA = Path(".goldwire/studio")


@group.command()
def up(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.", min=0, max=65535)] = 0,
    data: Data = DATA,
    database: Database = None,
    export: Annotated[
        bool, typer.Option("--export", help="Print only what a shell evaluates to set address and key.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Start Label Studio and return when it answers; it goes on running.

    The first start builds an environment for it, which takes a minute. The first start on a PostgreSQL database
    makes its tables, half a minute more; later ones know the database without --database, but not the password.

    Example: goldwire studio up --export
    """
    from goldwire import studio
    from goldwire.errors import UsageError

    if export and as_json:
        raise UsageError("--export and --json do not go together", hint="Use one of them.")
    server = studio.up(data, port=port, database=database, say=output.progress)
    if export:
        output.data(_export(server))
    else:
        value = {**asdict(server), "data": str(server.data), "database": studio.stored(data)}
        output.emit(value, as_json, lambda: f"{_login(server)}\n{_export(server)}")


@group.command()
def move(
    database: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="The PostgreSQL database to fill, without rows: postgresql://user:password@host:port/name. Others "
            "can see command lines: better leave :password out, and set PGPASSWORD or write ~/.pgpass.",
        ),
    ],
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Move what the server stores from SQLite to PostgreSQL; all ids stay, so pulls go on as before.

    Stop the server first. All rows arrive and are counted, or nothing changes. Uploaded files stay in DIR, and so
    does the SQLite file, as a copy of how it was.

    Example: goldwire studio move --database postgresql://goldwire@localhost/labels
    """
    from goldwire import studio

    rows = studio.move(data, database, say=output.progress)
    stored = studio.stored(data)
    output.emit({"database": stored, "rows": rows}, as_json, lambda: _moved(stored, rows))


@group.command()
def down(data: Data = DATA) -> None:
    """Stop the Label Studio that `studio up` started; its data stays.

    Example: goldwire studio down
    """
    from goldwire import studio

    output.say("Stopped." if studio.down(data) else "Nothing was running.")


@group.command()
def status(data: Data = DATA, as_json: AsJson = False) -> None:
    """Say whether it runs, where, and how to sign in.

    Example: goldwire studio status --json
    """
    from goldwire import studio

    server = studio.status(data)
    known = (
        {"url": server.url, "email": server.email, "password": server.password, "pid": server.pid} if server else {}
    )
    stored = studio.stored(data)
    value = {"running": server is not None, **known, "database": stored}
    output.emit(value, as_json, lambda: f"{_login(server) if server else 'Not running.'}\nIt stores in {stored}")


def _login(server: "Server") -> str:
    return f"Label Studio runs at {server.url}\nSign in as {server.email} with password {server.password}"


def _moved(database: str, rows: dict[str, int]) -> str:
    projects, tasks, annotations = (rows[table] for table in ("project", "task", "task_completion"))
    return (
        f"Moved {sum(rows.values()):,} rows of {len(rows)} tables to {database}: "
        f"{projects:,} projects, {tasks:,} tasks, {annotations:,} annotations."
    )


def _export(server: "Server") -> str:
    return f"export LABEL_STUDIO_URL={shlex.quote(server.url)} LABEL_STUDIO_API_KEY={shlex.quote(server.api_key)}"
