"""The address of a PostgreSQL database, and which one a data folder stores in.

The password is never part of what is printed or kept: it comes with the address, from PGPASSWORD or from ~/.pgpass.
"""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from goldwire.errors import GoldwireError, UsageError
from goldwire.files import read_json, write_json

SQLITE = "label_studio.sqlite3"
_KEPT = "database.json"
_FORM = "postgresql://user@host:port/name"
_OPTIONS = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}


@dataclass(frozen=True)
class Address:
    """A PostgreSQL database; as text it has no password.

    `options` are sslmode and sslrootcert, with the meaning that PostgreSQL's own clients give them.
    """

    user: str
    host: str
    port: int
    name: str
    options: tuple[tuple[str, str], ...] = ()
    password: str | None = field(default=None, repr=False, compare=False)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        address = f"postgresql://{quote(self.user, safe='')}@{host}:{self.port}/{quote(self.name, safe='')}"
        return f"{address}?{urlencode(self.options)}" if self.options else address

    def environment(self) -> dict[str, str]:
        """Return what Label Studio and PostgreSQL's client library read; the library itself reads ~/.pgpass."""
        password = self.password or os.environ.get("PGPASSWORD")
        return {
            "DJANGO_DB": "default",
            "POSTGRE_USER": self.user,
            "POSTGRE_HOST": self.host,
            "POSTGRE_PORT": str(self.port),
            "POSTGRE_NAME": self.name,
            "POSTGRE_PASSWORD": "",  # else Label Studio takes "postgres", before ~/.pgpass is read
            **({"PGPASSWORD": password} if password else {}),
            **{name: os.environ[name] for name in ("PGPASSFILE",) if name in os.environ},
            **{_OPTIONS[name]: value for name, value in self.options},
        }


def parse(text: str) -> Address:
    """Read an address as PostgreSQL writes it.

    Parameters
    ----------
    text : str
        ``postgresql://user:password@host:port/name``; the password and the port (5432) may be left out. Special
        characters of a part are percent-encoded. ``?sslmode=...`` and ``&sslrootcert=...`` may follow.

    Raises
    ------
    UsageError
        When a part is missing or malformed. No message repeats the address, which may hold a password.
    """
    if re.match(r"postgres(ql)?://", text) is None:
        raise UsageError("the database's address does not begin with postgresql://", hint=f"Write {_FORM}")
    if re.search(r"[\s\x00-\x1f\x7f]|%(?![0-9A-Fa-f]{2})|%00", text):
        raise UsageError(
            "the database's address has a space, a control character or a % that encodes nothing",
            hint="In user, password and name, write a space as %20 and % itself as %25.",
        )
    try:
        parts = urlsplit(text)
        port = parts.port or 5432
    except ValueError:  # its message would repeat what may be half of a password
        raise UsageError(
            "the database's address has a port that is none",
            hint="A port is 1 to 65535. In a password, write / as %2F, # as %23, ? as %3F and @ as %40.",
        ) from None
    _complete(parts)
    return Address(
        user=unquote(parts.username or ""),
        host=parts.hostname or "",
        port=port,
        name=unquote(parts.path[1:]),
        options=_options(parts.query),
        password=unquote(parts.password) if parts.password else None,
    )


def _complete(parts: SplitResult) -> None:
    for missing, what in [
        (not parts.username, "names no user"),
        (not parts.hostname, "names no host"),
        (not parts.path[1:], "names no database"),
    ]:
        if missing:
            raise UsageError(f"the database's address {what}", hint=f"Write {_FORM}")
    if "," in (parts.hostname or "") or "/" in parts.path[1:] or parts.fragment or "@" in parts.path:
        raise UsageError(
            "the database's address has more than one host, a second / or a #",
            hint="In user, password and name, write / as %2F, # as %23, ? as %3F and @ as %40.",
        )


def _options(query: str) -> tuple[tuple[str, str], ...]:
    options = dict(parse_qsl(query, keep_blank_values=True))
    if not options.keys() <= _OPTIONS.keys() or "@" in query:
        raise UsageError(
            "the database's address has options other than sslmode and sslrootcert",
            hint="Leave them out. In a password, write ? as %3F.",
        )
    return tuple(sorted(options.items()))


def settle(data: Path, given: Address | None) -> Address | None:
    """Return the database that this data folder stores in; None is SQLite.

    Raises
    ------
    GoldwireError
        When the folder has another database than the one given.
    """
    kept = remembered(data)
    if given is None:
        return kept
    if kept and (kept.host, kept.port, kept.name) != (given.host, given.port, given.name):
        raise GoldwireError(
            f"this folder stores in {kept}, not in {given}",
            where=str(data),
            hint=f"Leave out --database, or take another --data. When the database itself has moved, remove "
            f"{data / _KEPT} and call the command again.",
        )
    if not kept and (data / SQLITE).exists():
        raise GoldwireError(
            "this folder stores in SQLite, and what is there would not be in PostgreSQL",
            where=str(data / SQLITE),
            hint="Move it there: goldwire studio move --database ...; or take another --data.",
        )
    return given


def remembered(data: Path) -> Address | None:
    """Return the PostgreSQL database of a data folder, without its password; None when it has none."""
    if not (data / _KEPT).is_file():
        return None
    return parse(read_json(data / _KEPT)["database"])


def remember(data: Path, address: Address) -> None:
    """Keep the address, without its password, so that no later start falls back to SQLite."""
    write_json(data / _KEPT, {"database": str(address)})
    (data / _KEPT).chmod(0o600)


def stored(data: Path) -> str:
    """Return what people are told about where a data folder stores: an address without password, or a file."""
    data = data.expanduser().resolve()
    return str(remembered(data) or data / SQLITE)
