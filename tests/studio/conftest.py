"""A PostgreSQL cluster of the tests' own, as Debian's server runs: under a user of its own."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

import pytest

PASSWORD = "p/w:@ 100%"  # every character that an address must have encoded


@dataclass(frozen=True)
class Cluster:
    """PostgreSQL on loopback. Its superuser and the role `annotation` have the same password."""

    programs: Path
    port: int
    password: str = PASSWORD

    def url(self, database: str, password: str | None = None, user: str = "annotation") -> str:
        """The address; without a password when none is given."""
        signed = f"{user}:{quote(password, safe='')}" if password is not None else user
        return f"postgresql://{signed}@127.0.0.1:{self.port}/{database}"

    def run(self, program: str, *arguments: str, user: str = "postgres", **options: Any) -> str:
        """One of PostgreSQL's own programs."""
        command = [str(self.programs / program), "-h", "127.0.0.1", "-p", str(self.port), "-U", user, *arguments]
        environment = {"PGPASSWORD": self.password, "PATH": os.environ["PATH"]}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, **options)
        assert done.returncode == 0, done.stderr
        return str(done.stdout)

    def sql(self, database: str, statement: str) -> list[str]:
        """The lines of an answer, columns apart by `|`."""
        return self.run("psql", "-XAtqc", statement, database).splitlines()


@pytest.fixture(scope="session")
def cluster(cannot_run: Callable[[str], NoReturn]) -> Iterator[Cluster]:
    """A running cluster, stopped by its own id at the end. PostgreSQL refuses root: then it runs as `postgres`."""
    found = shutil.which("initdb")
    places = [Path(found)] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not places:
        cannot_run("PostgreSQL is not installed: apt-get install postgresql")
    programs = places[-1].resolve().parent
    folder = Path(tempfile.mkdtemp(prefix="goldwire-postgres-"))
    identity: dict[str, Any] = (
        {"user": "postgres", "group": "postgres", "extra_groups": []} if not os.getuid() else {}
    )
    try:
        (folder / "password").write_text(PASSWORD, encoding="utf-8")
        if identity:
            try:
                shutil.chown(folder, "postgres", "postgres")
                shutil.chown(folder / "password", "postgres", "postgres")
                subprocess.run(["true"], check=True, **identity)
            except (LookupError, OSError, subprocess.SubprocessError) as error:
                cannot_run(f"this process cannot run one as the user postgres: {error}")
        yield from _running(programs, folder, identity)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _running(programs: Path, folder: Path, identity: dict[str, Any]) -> Iterator[Cluster]:
    data = folder / "data"
    make = [programs / "initdb", "-D", data, "-U", "postgres", "-A", "scram-sha-256", "-N", "-E", "UTF8"]
    subprocess.run(
        [*make, "--locale=C", f"--pwfile={folder / 'password'}"],
        cwd=folder, check=True, stdout=subprocess.DEVNULL, **identity,
    )  # fmt: skip
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder, "fsync": "off"}
    command = [programs / "postgres", "-D", data, *(f"--{name}={value}" for name, value in settings.items())]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, cwd=folder, stderr=log, **identity) as server:
        try:
            ready = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
            end = time.monotonic() + 30
            while subprocess.run(ready, check=False).returncode:
                assert server.poll() is None, (folder / "log").read_text(encoding="utf-8")
                assert time.monotonic() < end, "PostgreSQL does not answer"
                time.sleep(0.1)
            cluster = Cluster(programs, port)
            cluster.sql("postgres", f"CREATE ROLE annotation LOGIN PASSWORD '{PASSWORD}'")
            yield cluster
        finally:
            server.send_signal(signal.SIGINT)  # ends sessions as well
            server.wait(timeout=30)
