"""Which Label Studio server, with which key: what the environment says, checked before anything is sent."""

import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from goldwire.errors import GoldwireError
from goldwire.labels.server import key as server_key
from goldwire.labels.server.errors import KeyRefusedError, UnreachableError, shown
from goldwire.labels.server.proxy import Proxy, proxy_of


@dataclass(frozen=True)
class Settings:
    """Where the server is and what opens it.

    Attributes
    ----------
    address : str
        It ends in "/": without that, a path is lost when tokens are refreshed.
    api_key : str
        Never shown.
    verify : bool
        Whether the server must have a certificate that we trust.
    """

    address: str
    api_key: str = field(repr=False)
    verify: bool = True

    @property
    def url(self) -> str:
        """The address as it may be printed and stored."""
        return shown(self.address)

    @property
    def proxy(self) -> Proxy | None:
        """The proxy that is asked for this server; None without one."""
        return proxy_of(self.address)


def settings(url: str | None = None, api_key: str | None = None, *, verify: bool = True) -> Settings:
    """Return the settings that LABEL_STUDIO_URL and LABEL_STUDIO_API_KEY give, where none are passed.

    Raises
    ------
    GoldwireError
        When a variable is missing, or what it holds can never work.
    """
    return Settings(address_of(url), key_of(api_key), verify)


def key_of(api_key: str | None = None) -> str:
    """Return the key; see `settings`."""
    key = _given(api_key, "LABEL_STUDIO_API_KEY", "a personal access token from the server's Account & Settings")
    if server_key.unsendable(key):
        raise KeyRefusedError(
            "LABEL_STUDIO_API_KEY is not a key of Label Studio: it has characters that no key has",
            hint="Copy the token alone, without quotation marks, blanks or a word before it.",
        )
    return key


def address_of(url: str | None = None) -> str:
    """Return the server's address with a "/" at its end; see `settings`."""
    url = _given(url, "LABEL_STUDIO_URL", "the server's address, such as http://localhost:8080")
    where = shown(url)
    parts = urlsplit(url)
    if "@" in parts.netloc:
        raise UnreachableError(
            "LABEL_STUDIO_URL has a name or password in it, which would be sent in place of the API key",
            place="address",
            where=where,
            hint=f"Set it to {where}",
        )
    if parts.query or parts.fragment:
        raise UnreachableError(
            'LABEL_STUDIO_URL goes on with "?" or "#", so it is the address of a page',
            place="address",
            where=where,
            hint="Set it to the address of the server alone, such as http://localhost:8080",
        )
    return where + "/"


def _given(value: str | None, variable: str, what: str) -> str:
    value = (value or os.environ.get(variable, "")).strip()
    if not value:
        raise GoldwireError(f"{variable} is not set", hint=f"Set it to {what}. To try goldwire: goldwire studio up")
    return value
