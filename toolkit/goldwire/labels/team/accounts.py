"""Annotators' accounts on a Label Studio server: who has one, the invitation, and making those that are missing.

The server has no call that makes an account with a password, so each is signed up on the invitation's page, as the
person would do it.
"""

import csv
import os
import secrets
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from goldwire.errors import GoldwireError
from goldwire.labels.server import Client
from goldwire.labels.team.annotators import is_person

Http: TypeAlias = Any  # httpx.Client, whose package only the connection imports
"""Makes an HTTP client that reaches the server, with its proxy and certificates; see `server_connection`."""
HttpFactory: TypeAlias = Callable[[], Http]

_SECONDS = 60
_BYTES = 15  # 20 characters, 120 bits


@dataclass(frozen=True)
class Created:
    """Pseudonyms: whose accounts were made, and who had one. `passwords` is None when none was made."""

    made: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    passwords: Path | None = None


def missing(client: Client, known: Mapping[str, str]) -> dict[str, str]:
    """Return those of `known` (address -> pseudonym) who have no account on the server, in its order.

    Who is known by number only is not among them: nobody could be invited.
    """
    there = {email.lower() for email in client.members().values()}
    return {email: who for email, who in known.items() if is_person(email) and email.lower() not in there}


def invitation(client: Client) -> str:
    """Return the address under which anybody who is sent it can make an account in the organisation.

    Raises
    ------
    GoldwireError
        When the server fails, or the key is not an administrator's.
    """
    import json

    answer = json.loads(client.request("read the invitation", "GET", "api/invite"))
    return _absolute(client.url, str(answer["invite_url"]))


def create(client: Client, known: Mapping[str, str], passwords: Path, http: HttpFactory) -> Created:
    """Make the accounts that are missing, with random passwords; accounts that are there are left alone.

    A password is in the file before its account is made. What failed is not in it, but where nobody knows whether the
    server made the account.

    Parameters
    ----------
    client : Client
        With an administrator's key.
    known : mapping of str to str
        Address -> pseudonym.
    passwords : Path
        A new CSV file (pseudonym, email, password) that only its owner can read.
    http : callable
        Makes the HTTP client.

    Raises
    ------
    GoldwireError
        When the file is there or git would take it, or the server refuses an account; no message has an address or a
        password.
    """
    absent = missing(client, known)
    done = Created([], [who for email, who in known.items() if is_person(email) and email not in absent])
    if not absent:
        return done
    _refuse(passwords)
    link = invitation(client)
    with _Passwords(passwords) as file:
        for email, who in absent.items():
            password = secrets.token_urlsafe(_BYTES)
            file.add(who, email, password)
            if not sign_up(client, http, link, email, password):
                file.drop()
                raise _refused(client, who, done.made)
            done.made.append(who)
    unseen = [who for who in missing(client, absent).values() if who in done.made]
    if unseen:
        raise _refused(client, unseen[0], [who for who in done.made if who not in unseen])
    return Created(done.made, done.there, passwords)


def sign_up(client: Client, http: HttpFactory, link: str, email: str, password: str) -> bool:
    """Make one account by the invitation's link; False when the server refuses the address or the password.

    Raises
    ------
    GoldwireError
        When the server does not answer, or has no such page.
    """

    def post(_: Any) -> tuple[int, int]:
        page = http()
        page.event_hooks = {}  # the page leads on when it is done, which the bridge's own requests never follow
        page.follow_redirects = False
        shown = page.get(link, timeout=_SECONDS)
        form = {
            "csrfmiddlewaretoken": page.cookies.get("csrftoken") or "",
            "email": email,
            "password": password,
            "allow_newsletters": "false",
        }
        if shown.status_code != 200:
            return int(shown.status_code), 0
        return 200, int(page.post(link, data=form, headers={"Referer": link}, timeout=_SECONDS).status_code)

    shown, posted = client.call("make an account", post)
    if shown != 200 or posted not in (200, 302):
        raise GoldwireError(
            f"the server's page for new accounts answers with {shown if shown != 200 else posted}",
            where=client.url,
            hint="Where people sign in by other means than Label Studio's own, their accounts are made there.",
        )
    return posted == 302


def _absolute(url: str, invite: str) -> str:
    """The server leaves the path of its own address out of the link, or it does not."""
    base = urlsplit(url)
    path = base.path.rstrip("/")
    if invite.startswith(("http://", "https://")):
        invite = invite.removeprefix("://".join(urlsplit(invite)[:2]))
    return f"{base.scheme}://{base.netloc}{'' if invite.startswith(path + '/') else path}{invite}"


def _refused(client: Client, who: str, made: Sequence[str]) -> GoldwireError:
    so_far = f" Made before: {', '.join(made)}." if made else ""
    return GoldwireError(
        f"the server does not make an account for {who}",
        where=client.url,
        hint=f"See that the address in labels/annotators.csv is a valid one, and nobody's account elsewhere.{so_far}",
    )


def _refuse(path: Path) -> None:
    """Raise when a file of passwords may not be written there."""
    if path.exists() or path.is_symlink():
        raise GoldwireError("the file is there already", where=str(path), hint="Name a new one for --passwords.")
    folder = path.resolve().parent
    if not folder.is_dir():
        raise GoldwireError(
            "the folder is not there", where=str(folder), hint="Make it, or name another one for --passwords."
        )
    if not any((above / ".git").exists() for above in (folder, *folder.parents)):
        return
    ignored = False
    with suppress(OSError):  # without git, nobody can say what it would take
        command = ["git", "-C", str(folder), "check-ignore", "--quiet", "--", path.name]
        ignored = subprocess.run(command, capture_output=True, check=False).returncode == 0
    if not ignored:
        raise GoldwireError(
            "git would take the file, and passwords do not belong there",
            where=str(path),
            hint="Name a file outside the repository, or one that .gitignore names.",
        )


class _Passwords:
    """The file as it grows: each line is on disk before the next step, and an empty file does not stay."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines = 0

    def __enter__(self) -> "_Passwords":
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self.stream = os.fdopen(descriptor, "w", encoding="utf-8", newline="")
        self._write("pseudonym", "email", "password")
        return self

    def __exit__(self, *_: object) -> None:
        self.stream.close()
        if not self.lines:
            self.path.unlink(missing_ok=True)

    def add(self, *row: str) -> None:
        self.before = self.stream.tell()
        self._write(*row)
        self.lines += 1

    def drop(self) -> None:
        """Take the last line back."""
        self.stream.seek(self.before)
        self.stream.truncate()
        self.lines -= 1

    def _write(self, *row: str) -> None:
        csv.writer(self.stream, lineterminator="\n").writerow(row)
        self.stream.flush()
        os.fsync(self.stream.fileno())
