"""What `goldwire doctor` looks at on the way to a Label Studio server, in the order in which it can fail.

A check that an earlier failure leaves nothing to look at is not applicable. Nothing on the server is changed.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from goldwire.errors import GoldwireError
from goldwire.labels import rounds
from goldwire.labels.server import key as server_key
from goldwire.labels.server import key_leak
from goldwire.labels.server import proxy as server_proxy
from goldwire.labels.server.connection import Answer, look
from goldwire.labels.server.errors import UnreachableError
from goldwire.labels.server.findings import Finding, NotApplicableError, finding
from goldwire.labels.server.settings import Settings, address_of, key_of
from goldwire.study import Study

if TYPE_CHECKING:
    from goldwire.labels.server import Client

TESTED = "1.23"
CLOCK_SECONDS = 60
_PLACES = ("address", "proxy", "connection", "certificate", "gate")


def examine(study: Study | None, *, verify: bool = True) -> list[Finding]:
    """Return the findings on the server that LABEL_STUDIO_URL and LABEL_STUDIO_API_KEY name.

    Parameters
    ----------
    study : Study or None
        The study whose rounds are looked for, and whose files must not hold the key.
    verify : bool
        Whether the server must have a certificate that we trust.
    """
    visit = _Visit(study, verify)
    checks: dict[str, Callable[[_Visit], str]] = {
        "LABEL_STUDIO_URL": _address,
        "LABEL_STUDIO_API_KEY": _key,
        "proxy": _proxy,
        "connection": _connection,
        "certificate": _certificate,
        "Label Studio": _label_studio,
        "sign-in": _sign_in,
        "administrator": _administrator,
        "server clock": _clock,
        "projects": _projects,
        "key in files": _files,
    }
    if not os.environ.get("LABEL_STUDIO_URL", "").strip():
        checks = {"Label Studio": _no_server, "key in files": _files}
    return [finding(name, partial(check, visit)) for name, check in checks.items()]


class _Visit:
    """What one run learns about the server. Each property is found out once."""

    def __init__(self, study: Study | None, verify: bool) -> None:
        self.study = study
        self.verify = verify

    @cached_property
    def to(self) -> Settings:
        """The server without a key, which is enough for reaching it."""
        try:
            return Settings(address_of(), "", self.verify)
        except GoldwireError:
            raise NotApplicableError("LABEL_STUDIO_URL is not sound") from None

    @cached_property
    def reached(self) -> tuple[Answer | None, GoldwireError | None]:
        """The answer to a first request, or why there is none."""
        try:
            return look(self.to, "health"), None
        except GoldwireError as error:
            return None, error

    def passed(self, place: str) -> None:
        """Raise when the first request failed here, and when it did not come this far."""
        error = self.reached[1]
        if error is None:
            return
        ended = error.place if isinstance(error, UnreachableError) else "connection"
        if ended == place:
            raise error
        if _PLACES.index(ended) < _PLACES.index(place):
            raise NotApplicableError("the server is not reached")

    @cached_property
    def client(self) -> "Client":
        """The server, signed in."""
        from goldwire.labels.server import connect

        if self.reached[1]:
            raise NotApplicableError("the server is not reached")
        try:
            key_of()
        except GoldwireError:
            raise NotApplicableError("there is no key to try") from None
        return connect(verify=self.verify)

    @cached_property
    def account(self) -> dict[str, Any]:
        """The account that the key belongs to, as the server describes it."""
        client = self.client
        account: dict[str, Any] = client.json("ask who we are", lambda sdk: sdk.users.whoami())
        return account

    def signed_in(self) -> "Client":
        """Return the client, for the checks after the one that says why there is none."""
        try:
            return self.client
        except GoldwireError:
            raise NotApplicableError("nobody is signed in") from None


def _no_server(_: _Visit) -> str:
    raise NotApplicableError("LABEL_STUDIO_URL is not set")


def _address(_: _Visit) -> str:
    return address_of().rstrip("/")


def _key(_: _Visit) -> str:
    found = server_key.read(key_of())
    if wrong := server_key.fault(found):
        raise GoldwireError(wrong[0], hint=wrong[1])
    return server_key.described(found)


def _proxy(visit: _Visit) -> str:
    parts = urlsplit(visit.to.address)
    host = parts.hostname or ""
    if server_proxy.loopback(host):
        raise NotApplicableError("the server is on this machine")
    if server_proxy.excluded(host, parts.port):
        raise NotApplicableError("NO_PROXY names the server")
    visit.passed("proxy")
    if proxy := visit.to.proxy:
        return f"{proxy.host}, from {proxy.variable}"
    raise NotApplicableError("no variable names one")


def _connection(visit: _Visit) -> str:
    visit.passed("connection")
    return "something answers"


def _certificate(visit: _Visit) -> str:
    parts = urlsplit(visit.to.address)
    if parts.scheme == "http" and not visit.reached[1]:
        open_ = "" if server_proxy.loopback(parts.hostname or "") else ", so that others could read key and answers"
        raise NotApplicableError(f"the address begins with http{open_}")
    visit.passed("certificate")
    if not visit.verify:
        raise NotApplicableError("of --insecure: any certificate would do")
    return "trusted"


def _label_studio(visit: _Visit) -> str:
    visit.passed("gate")
    version = _version(visit.to)
    if version is None:
        raise GoldwireError("what answers there is not Label Studio", where=visit.to.url, hint=_elsewhere(visit))
    if not version.startswith(f"{TESTED}."):
        return f"version {version}; goldwire was tested with {TESTED}, so try a small round first"
    return f"version {version}"


def _version(to: Settings) -> str | None:
    """Return the version, None where the address is not Label Studio's.

    Below any path it answers to health/ and api/version/, so a third path says whether the address is right.
    """
    body = look(to, "api/version").body
    release = body.get("release") if isinstance(body, dict) else None
    if release is None or look(to, "api/current-user/whoami").status == 404:
        return None
    return str(release)


def _elsewhere(visit: _Visit) -> str:
    """Say where Label Studio is when the address is that of one of its pages."""
    parts = urlsplit(visit.to.address)
    pieces = parts.path.strip("/").split("/")
    for length in range(len(pieces) - 1, -1, -1):
        address = "/".join([f"{parts.scheme}://{parts.netloc}", *pieces[:length]]) + "/"
        try:
            if address != visit.to.address and _version(Settings(address, "", visit.verify)):
                return f"Set LABEL_STUDIO_URL to {address}"
        except GoldwireError:
            continue
    return "Set LABEL_STUDIO_URL to the address at which a browser shows its projects, without projects/."


def _sign_in(visit: _Visit) -> str:
    if visit.reached[0] and _version(visit.to) is None:
        raise NotApplicableError("what answers is not Label Studio")
    return f"as user {visit.account['id'] if visit.client else ''}"


def _administrator(visit: _Visit) -> str:
    client = visit.signed_in()
    allowed = visit.account.get("permissions")
    if isinstance(allowed, list) and "projects.create" not in allowed:
        raise GoldwireError(
            "this account may not create projects", where=client.url, hint="Use the key of an administrator."
        )
    return f"may create projects and sees {len(client.members())} members"


def _clock(visit: _Visit) -> str:
    answer = visit.reached[0]
    if answer is None or answer.date is None:
        raise NotApplicableError("the server is not reached" if answer is None else "the server says no date")
    seconds = (answer.date - datetime.now(UTC)).total_seconds()
    if abs(seconds) <= CLOCK_SECONDS:
        return "as ours, within a minute"
    side = "ahead of" if seconds > 0 else "behind"
    return f"{abs(seconds) / 60:.0f} minutes {side} ours, which does no harm: pulls go by the server's clock"


def _projects(visit: _Visit) -> str:
    client = visit.signed_in()
    descriptions = client.call(
        "list the projects",
        lambda sdk: [str(p.description or "") for p in sdk.projects.list(include="id,description", page_size=100)],
    )
    if visit.study is None:
        return f"{len(descriptions)}"
    ids = {rounds.read(folder).id for folder in rounds.listing(visit.study.rounds)}
    ours = sum(mark[0] in ids for text in descriptions if (mark := rounds.marked(text)))
    return f"{len(descriptions)}, of which {ours} of rounds of this study"


def _files(visit: _Visit) -> str:
    key = os.environ.get("LABEL_STUDIO_API_KEY", "").strip()
    if visit.study is None:
        raise NotApplicableError("this is not a study")
    if len(key) < key_leak.MIN_LENGTH:
        raise NotApplicableError("LABEL_STUDIO_API_KEY holds no key to look for")
    if found := key_leak.leaks(visit.study.root, key):
        raise GoldwireError(
            f"the key stands in {', '.join(found[:5])}{' and others' if len(found) > 5 else ''}",
            hint="Take it out, revoke it in the server's Account & Settings, and make a new one: "
            "what was committed stays in git's history.",
        )
    return "in none"
