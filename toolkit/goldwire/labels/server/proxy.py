"""The proxy between us and a Label Studio server, as the environment's variables say. Its password is never shown."""

import ipaddress
import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from goldwire.labels.server.errors import UnreachableError, shown

_SCHEMES = ("http", "https", "socks5", "socks5h")


@dataclass(frozen=True)
class Proxy:
    """A proxy, its host and port as they may be shown, and the variable that names it."""

    url: str = field(repr=False)
    host: str
    variable: str

    def refuses(self, server: str) -> UnreachableError:
        """Return the error for a proxy that lets nobody through, or not us."""
        return UnreachableError(
            f"the proxy {self.host} asks for a name and password that {self.variable} does not give",
            place="proxy",
            where=server,
            hint=f"Set {self.variable} to http://NAME:PASSWORD@{self.host}, or put the server's host into NO_PROXY.",
        )

    def failed(self, server: str, why: str) -> UnreachableError:
        """Return the error for a proxy that is not there or does not do its work."""
        return UnreachableError(
            f"the proxy {self.host}, which {self.variable} names, {why}",
            place="proxy",
            where=server,
            hint=f"Mend {self.variable}, or have the server reached without a proxy: put its host into NO_PROXY.",
        )


def proxy_of(address: str) -> Proxy | None:
    """Return the proxy for an address: that of its scheme, else ALL_PROXY; none for loopback and what NO_PROXY names.

    Raises
    ------
    UnreachableError
        When the variable holds no address of a proxy, or a SOCKS proxy that would need another package.
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    if loopback(host) or excluded(host, parts.port):
        return None
    for variable in (f"{parts.scheme}_proxy", "all_proxy"):
        for name in (variable, variable.upper()):
            if value := os.environ.get(name, "").strip():
                return _read(name, value, shown(address))
    return None


def loopback(host: str) -> bool:
    """Whether the host is this machine, before which no proxy stands."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def excluded(host: str, port: int | None) -> bool:
    """Whether NO_PROXY names the host: itself, a domain that it is in, host:port, a network, or "*"."""
    names = os.environ.get("no_proxy", "") or os.environ.get("NO_PROXY", "")
    for name in names.lower().replace(",", " ").split():
        bare = name.lstrip("*").lstrip(".")
        if name == "*" or bare == f"{host}:{port}" or host == bare.strip("[]") or host.endswith(f".{bare}"):
            return True
        try:
            if ipaddress.ip_address(host) in ipaddress.ip_network(name, strict=False):
                return True
        except ValueError:
            continue
    return False


def _read(variable: str, value: str, server: str) -> Proxy:
    url = value if "://" in value else f"http://{value}"
    wrong = UnreachableError(
        f"{variable} is not the address of a proxy",
        place="proxy",
        where=server,
        hint="It looks like http://proxy.example.org:3128",
    )
    try:
        parts = urlsplit(url)
        sound = parts.scheme in _SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise wrong from None
    if not sound:
        raise wrong
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme.startswith("socks") and not _speaks_socks():
        raise UnreachableError(
            f"{variable} names a SOCKS proxy, {host}, for which a package is missing",
            place="proxy",
            where=server,
            hint='Install it with: pip install "httpx[socks]"',
        )
    return Proxy(url, host, variable)


def _speaks_socks() -> bool:
    import importlib.util

    return importlib.util.find_spec("socksio") is not None
