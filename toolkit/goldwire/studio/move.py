"""From SQLite to PostgreSQL: the same projects, tasks, answers and accounts, with the same ids."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from goldwire.errors import GoldwireError
from goldwire.studio import environment, postgres, process, processes, settings
from goldwire.studio.address import SQLITE, parse, remember, remembered

_MOVER = Path(__file__).with_name("mover.py")


def move(data: Path, database: str, *, say: Callable[[str], None] | None = None) -> dict[str, int]:
    """Copy everything that a data folder's SQLite holds into a PostgreSQL database, which it stores in from then on.

    It is one transaction: all rows of all tables are there and counted, or none. Files that were uploaded stay where
    they are in the folder, and so does the SQLite file, which nobody reads any more.

    Parameters
    ----------
    data : Path
        The data folder; its server must be stopped.
    database : str
        ``postgresql://user:password@host:port/name``: a database without rows. Tables are made when it has none.
    say : callable, optional
        Told in one sentence what takes long.

    Returns
    -------
    dict
        The number of rows of each table.

    Raises
    ------
    GoldwireError
        When the server runs, there is nothing to move, the database cannot be used or has rows, or PostgreSQL refuses
        one (it takes no NUL character, which SQLite does). Nothing has changed then but that tables may be there.
    """
    address = parse(database)
    data = data.expanduser().resolve()
    source = data / SQLITE
    _movable(data)
    python = environment.ensure(say)
    with processes.locked(data / ".lock"):
        _movable(data)
        found = postgres.look(python, data, address)
        if not found["tables"]:
            postgres.make_tables(python, data, address, say)
        if say:
            say(f"moving {source} to {address}")
        rows = _run(python, data, source, settings.of(data, None, address))
        remember(data, address)
    return rows


def _movable(data: Path) -> None:
    kept = remembered(data)
    if kept:
        raise GoldwireError(
            f"this folder stores in {kept} already", where=str(data), hint="There is nothing to move."
        )
    if not (data / SQLITE).is_file():
        raise GoldwireError(
            "there is nothing to move",
            where=str(data / SQLITE),
            hint="Name the folder of a server that was started before, or start a new one: studio up --database ...",
        )
    if process.status(data):
        raise GoldwireError(
            "the server runs, so what it stores may change",
            where=str(data),
            hint=f"Stop it first: goldwire studio down --data {data}",
        )


def _run(python: Path, data: Path, source: Path, variables: dict[str, str]) -> dict[str, int]:
    command = [str(python), "-I", str(_MOVER), str(source)]
    done = subprocess.run(
        command, env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise GoldwireError(f"nothing was moved:\n{done.stderr.strip()[-2000:]}", where=str(data))
    told: dict[str, Any] = json.loads(done.stdout)
    if "error" in told:
        raise GoldwireError(
            f"nothing was moved: {told['error']}",
            where=str(source),
            hint="The target must be empty. After an update, call `goldwire studio up` once before you move.",
        )
    rows: dict[str, int] = told["rows"]
    return rows
