"""A PostgreSQL database under Label Studio: looked at before the server starts, and given its tables."""

import json
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from goldwire.errors import GoldwireError
from goldwire.studio import settings
from goldwire.studio.address import Address

Say = Callable[[str], None]

LOG = "label-studio.log"
_PROBE = Path(__file__).with_name("probe.py")
_PROBE_SECONDS = 60
_TABLES_SECONDS = 1200
_PASSWORD = (
    "Set PGPASSWORD, write the password in ~/.pgpass (which only you may read: chmod 600), or put it into the "
    "address: postgresql://user:password@host:port/name"
)


def look(
    python: Path, data: Path, address: Address, administrator: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return what a database holds, once it is known that Label Studio can store there.

    Parameters
    ----------
    python : Path
        The Python of Label Studio's environment.
    data : Path
        The data folder.
    address : Address
        The database.
    administrator : mapping, optional
        email, password and api_key of the account that goldwire signs in with.

    Returns
    -------
    dict
        tables: whether Label Studio's are there; users: how many accounts; account_taken: whether somebody else has
        the administrator's address.

    Raises
    ------
    GoldwireError
        When it does not answer, refuses us, is not there, is not Label Studio's, or cannot hold it.
    """
    command = [str(python), "-I", str(_PROBE)]
    try:
        done = subprocess.run(
            command,
            env=settings.of(data, administrator, address),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=_PROBE_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise _refused(address, f"it did not answer within {_PROBE_SECONDS} s") from None
    if done.returncode:
        raise GoldwireError(
            f"the database could not be looked at:\n{done.stderr.strip()[-2000:]}", where=str(address)
        )
    found: dict[str, Any] = json.loads(done.stdout)
    if "error" in found:
        raise _refused(address, found["error"])
    _suitable(address, found)
    return found


def make_tables(python: Path, data: Path, address: Address, say: Say | None) -> None:
    """Make Label Studio's tables in a database that has none; half a minute of computing on its own.

    Raises
    ------
    GoldwireError
        When they cannot be made, or not within 20 minutes. What was made stays, and the next call goes on from there.
    """
    if say:
        say(f"making the tables of Label Studio in {address} (once, about half a minute; longer over a network)")
    log = data / LOG
    with log.open("ab") as out:
        # `version` makes the tables first. While the pipe is open the launcher knows that we live.
        command = [str(python), "-I", str(settings.LAUNCHER), "version"]
        environment = settings.of(data, None, address)
        with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=out, stderr=out) as made:
            try:
                made.wait(_TABLES_SECONDS)
            except subprocess.TimeoutExpired:
                made.kill()
    if made.returncode:
        tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])
        raise GoldwireError(
            f"the tables of Label Studio could not be made in {address}:\n{tail}",
            where=str(log),
            hint="Mend the cause, then call the same command again.",
        )


def _refused(address: Address, why: str) -> GoldwireError:
    """Say what the client library said. A server may say it in another language: then it stands there as it is."""
    said = re.findall(r"failed: (?!connection to)(.+)|FATAL: +(.+)", why)
    reason = "".join(said[-1]) if said else " ".join(why.split())
    database, user = address.name, address.user
    for sign, message, hint in [
        ("no password supplied", f"PostgreSQL asks for the password of {user}, and none was given", _PASSWORD),
        ("password authentication failed", f"PostgreSQL refuses the password of {user}", _PASSWORD),
        (
            f'database "{database}" does not exist',
            f"there is no database {database}",
            f"Make it on that server: createdb --owner {user} --encoding UTF8 --template template0 {database}",
        ),
    ]:
        if sign in why:
            return GoldwireError(message, where=str(address), hint=hint)
    return GoldwireError(
        f"PostgreSQL cannot be used: {reason}",
        where=str(address),
        hint="See whether it runs and listens at this address, and lets this user in (pg_hba.conf).",
    )


def _suitable(address: Address, found: Mapping[str, Any]) -> None:
    owner = f"ALTER DATABASE {address.name} OWNER TO {address.user};"
    for wrong, message, hint in [
        (
            found["version"] < 14,
            f"PostgreSQL {found['version']} is too old for Label Studio",
            "It needs PostgreSQL 14 or newer.",
        ),
        (
            found["encoding"] != "UTF8",
            f"the database has the encoding {found['encoding']}, and Label Studio needs UTF8",
            f"Make another: createdb --owner {address.user} --encoding UTF8 --template template0 NAME",
        ),
        (
            bool(found["foreign"]),
            f"the database has tables, and not Label Studio's: {', '.join(found['foreign'][:5])}",
            "Give Label Studio a database of its own.",
        ),
        (
            not found["may_create"],
            f"the user {address.user} may not make tables in the database {address.name}",
            f"Let the user own it: {owner}",
        ),
        (
            not found["legacy_tokens"],
            "the organisation in this database has legacy API tokens off, and goldwire signs in with one",
            "Turn them on in the Label Studio that uses the database: Organization, API Tokens Settings.",
        ),
    ]:
        if wrong:
            raise GoldwireError(message, where=str(address), hint=hint)
