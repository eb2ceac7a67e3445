"""Start and stop a Label Studio that stores in one data folder.

The folder holds the database (or, in database.json, the address of one on PostgreSQL), uploads, the log,
credentials.json (made at the first start, kept for the next one) and, while the server runs, server.json. These are
readable by their owner only.

The administrator has a legacy token, not a personal access token: it needs no refresh every five minutes, can be set
from outside at the first start, and opens nothing that the password beside it does not. Other servers' tokens of
both kinds work with `goldwire.labels.server`.
"""

import contextlib
import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from goldwire.errors import GoldwireError
from goldwire.files import read_json, write_json
from goldwire.studio import database, environment, postgres, processes, settings
from goldwire.studio.address import SQLITE, Address, parse, remember, settle

Say = Callable[[str], None]

_PORT_SECONDS = 1  # a server that was just killed holds its port for some milliseconds more
_START_SECONDS = 180
_POSTGRES_START_SECONDS = 600  # tables that an interrupted start left unfinished are completed here


@dataclass(frozen=True)
class Server:
    """A running Label Studio and its administrator."""

    url: str
    api_key: str = field(repr=False)
    email: str
    password: str = field(repr=False)
    pid: int
    data: Path


def up(data: Path, port: int = 0, *, database: str | None = None, say: Say | None = None) -> Server:
    """Start Label Studio on loopback and return when it answers; it keeps running after this process.

    A server that already runs on this data folder is returned as it is, whatever the port. When the caller dies
    while it waits, by Ctrl-C or by a signal, the server ends as well.

    Parameters
    ----------
    data : Path
        Folder for the database and everything else; made when it is missing.
    port : int
        0 takes a free one.
    database : str, optional
        ``postgresql://user:password@host:port/name`` to store in instead of SQLite. The folder remembers it, without
        the password; that may also come from PGPASSWORD or ~/.pgpass, and must be there at every start.
    say : callable, optional
        Told in one sentence what takes long.

    Raises
    ------
    GoldwireError
        When the environment cannot be built, the port is taken, the database cannot be used or is not the folder's,
        or the server ends or does not answer in 180 s (600 s on PostgreSQL).
    """
    given = parse(database) if database is not None else None
    data = data.expanduser().resolve()
    settle(data, given)
    python = environment.ensure(say)
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o700)
    with processes.locked(data / ".lock"):
        address = settle(data, given)
        running = status(data)
        if running:
            return running
        port = port or _free_port()
        _port_is_free(port)
        return _start(python, data, port, address, say)


def down(data: Path) -> bool:
    """Stop the server of this data folder, and wait until it has ended; False when none ran."""
    data = data.expanduser().resolve()
    server = status(data)
    if server:
        processes.stop(server.pid, _identity(data))
    (data / "server.json").unlink(missing_ok=True)
    return server is not None


def status(data: Path) -> Server | None:
    """Return the server that runs on this data folder, or None; a process that only has its old id is not it."""
    data = data.expanduser().resolve()
    if not (data / "server.json").is_file():
        return None
    fields = read_json(data / "server.json")
    if processes.started(fields["pid"]) != fields.pop("started"):
        return None
    return Server(**{**fields, "data": data})


@contextlib.contextmanager
def session(data: Path, port: int = 0, *, database: str | None = None, say: Say | None = None) -> Iterator[Server]:
    """Start a server as `up` does, and stop it at the end, whatever happens in between."""
    try:
        yield up(data, port, database=database, say=say)
    finally:
        down(data)


def _start(python: Path, data: Path, port: int, address: Address | None, say: Say | None) -> Server:
    if address:
        known = _ready(python, data, address, say)
    else:
        known = _credentials(data, again=(data / SQLITE).exists())
        database.provide(python, data, say)
    command = [
        str(python),
        "-I",
        str(settings.LAUNCHER),
        "start",
        "--no-browser",
        "--internal-host",
        "127.0.0.1",
        "-p",
        str(port),
    ]
    if say:
        say(f"starting Label Studio on http://127.0.0.1:{port}")
    ours, theirs = _pipe()
    log = data / postgres.LOG
    with ours, theirs, log.open("ab") as out:
        pid = os.posix_spawn(
            python,
            command,
            settings.of(data, known, address),
            file_actions=[(os.POSIX_SPAWN_DUP2, theirs.fileno(), 0)]
            + [(os.POSIX_SPAWN_DUP2, out.fileno(), number) for number in (1, 2)],
        )
        identity = processes.started(pid) or ""
        server = Server(url=f"http://127.0.0.1:{port}", pid=pid, data=data, **known)
        try:
            _wait(server, identity, log, _POSTGRES_START_SECONDS if address else _START_SECONDS)
            _write_private(data / "server.json", {**asdict(server), "data": str(data), "started": identity})
            ours.write(b"k")
        except BaseException:
            processes.stop(pid, identity)
            raise
    return server


def _ready(python: Path, data: Path, address: Address, say: Say | None) -> dict[str, str]:
    """Have the PostgreSQL database looked at and given its tables; return the account to sign in with."""
    path = data / "credentials.json"
    found = postgres.look(python, data, address, read_json(path) if path.is_file() else None)
    remember(data, address)
    if found["account_taken"]:
        path.unlink()  # of another database, or of one that was made anew: it opens nothing here
    if not found["tables"]:
        postgres.make_tables(python, data, address, say)
    return _credentials(data, again=found["users"] > 0)


def _pipe() -> tuple[Any, Any]:
    theirs, ours = os.pipe()
    return os.fdopen(ours, "wb", buffering=0), os.fdopen(theirs, "rb", buffering=0)


def _wait(server: Server, identity: str, log: Path, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not _answers(server):
        if processes.started(server.pid) != identity:
            raise _failed("Label Studio ended while it started", log)
        if time.monotonic() > end:
            raise _failed(f"Label Studio did not answer within {seconds} s", log)
        time.sleep(0.2)


def _answers(server: Server) -> bool:
    """Whether our own server is up: it knows our token, so it is none that took the port in between."""
    import requests

    with requests.Session() as http:
        http.trust_env = False  # a proxy set for the network must not be asked for loopback
        http.headers["Authorization"] = f"Token {server.api_key}"
        try:
            if not http.get(f"{server.url}/health", timeout=5).ok:
                return False
            who = http.get(f"{server.url}/api/current-user/whoami", timeout=30)
            return bool(who.ok and who.json().get("email") == server.email)
        except (requests.RequestException, ValueError):
            return False


def _failed(what: str, log: Path) -> GoldwireError:
    tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])
    hint = "Read the log. When the data is damaged, move the folder away and start again."
    return GoldwireError(f"{what}:\n{tail}", where=str(log), hint=hint)


def _credentials(data: Path, *, again: bool) -> dict[str, str]:
    """Those of the first start, since the server keeps the account. A lost file gets another account beside it."""
    path = data / "credentials.json"
    if not path.is_file():
        name = f"admin-{secrets.token_hex(3)}" if again else "admin"
        made = {
            "email": f"{name}@goldwire.invalid",
            "password": secrets.token_urlsafe(12),
            "api_key": secrets.token_hex(20),
        }
        _write_private(path, made)
    known: dict[str, str] = read_json(path)
    return known


def _write_private(path: Path, value: Any) -> None:
    """Write JSON that only the owner can read. The folder is closed to others, so no instant leaves it open."""
    write_json(path, value)
    path.chmod(0o600)


def _identity(data: Path) -> str:
    return str(read_json(data / "server.json")["started"])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _port_is_free(port: int) -> None:
    """The server would take the next port silently, and another server would answer in its place."""
    end = time.monotonic() + _PORT_SECONDS
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return
            except OSError as error:
                if time.monotonic() > end:
                    raise GoldwireError(
                        f"port {port} cannot be used: {error.strerror}",
                        hint="Name another one, or 0 for any free one.",
                    ) from None
        time.sleep(0.05)
