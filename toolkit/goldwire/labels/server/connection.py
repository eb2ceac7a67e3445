"""How a Label Studio server is reached: the HTTP client that the SDK is given, and what its failures mean.

The client goes through the proxy of the environment and trusts the certificates that the environment names. The SDK
fetches the access tokens of a personal access token through it as well.
"""

import os
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from goldwire.errors import GoldwireError
from goldwire.labels.server.errors import ServerFailedError, UnreachableError, translated, unreachable
from goldwire.labels.server.settings import Settings

if TYPE_CHECKING:
    import httpx

CONNECT_SECONDS = 15
ANSWER_SECONDS = 60
_CA_VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_DIR")
_CERTIFICATE = {  # OpenSSL's X509_V_ERR_*
    9: "is not valid yet",
    10: "has expired",
    18: "is signed by itself",
    19: "is signed by an authority that this machine does not know",
    20: "is signed by an authority that this machine does not know",
    21: "is signed by an authority that this machine does not know",
    62: "is for another host name",
    64: "is for another address",
}
_NOT_OF_TRUST = (9, 10, 62, 64)


def http_client(to: Settings, on_response: Callable[["httpx.Response"], None] = lambda _: None) -> "httpx.Client":
    """Return the HTTP client of a server; it needs no closing.

    Answers that are not Label Studio's (another address, a proxy's refusal, a sign-in before it) are errors.

    Parameters
    ----------
    to : Settings
        Its proxy is the one of the environment; loopback is never asked for through one.
    on_response : callable
        Told of every other answer, before its body is read.

    Raises
    ------
    GoldwireError
        When the variables of a proxy or of certificates hold what cannot work.
    """
    import httpx

    def check(response: httpx.Response) -> None:
        _expected(to, response)
        on_response(response)

    proxy = to.proxy
    return httpx.Client(
        timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
        follow_redirects=True,
        trust_env=False,  # the environment is read here, so that messages name what is used
        proxy=None if proxy is None else httpx.Proxy(proxy.url),
        verify=_trusted(to.verify),
        limits=httpx.Limits(max_keepalive_connections=0),  # so there is nothing to close
        event_hooks={"response": [check]},
    )


def _trusted(verify: bool) -> ssl.SSLContext:
    """Trust the authorities that the environment names; without one, the usual ones and this machine's own."""
    for variable in _CA_VARIABLES:
        if verify and (place := os.environ.get(variable)):
            try:
                return _authorities(verify, place)
            except OSError:  # ssl.SSLError is one
                raise UnreachableError(
                    f"{variable} names no file of certificates",
                    place="certificate",
                    where=place,
                    hint="Name a PEM file with the certificate of your authority, or unset the variable.",
                ) from None
    return _authorities(verify)


@cache
def _authorities(verify: bool, place: str | None = None) -> ssl.SSLContext:
    """Read them once a process, which takes a tenth of a second."""
    import httpx

    if place is not None:
        folder = Path(place).is_dir()
        return ssl.create_default_context(capath=place) if folder else ssl.create_default_context(cafile=place)
    context = httpx.create_ssl_context(verify=verify, trust_env=False)
    if verify:
        context.load_default_certs()
    return context


def _expected(to: Settings, response: "httpx.Response") -> None:
    """Refuse what comes from somebody else than Label Studio."""
    if response.has_redirect_location and not response.url.path.endswith("/download"):
        # following it would make a GET of a POST, silently; only downloads may lie elsewhere
        target = urlsplit(response.headers["location"])
        there = f"{target.scheme}://{target.netloc.rpartition('@')[2]}" if target.netloc else ""
        raise UnreachableError(
            f"LABEL_STUDIO_URL leads on to {there}{target.path}",
            place="gate",
            where=to.url,
            hint="Set it to the address that a browser arrives at, often one with https.",
        )
    if response.url.path.endswith("/api/token/refresh/") and (
        response.status_code == 429 or response.status_code >= 500
    ):
        raise translated(to.url, "sign in", response.status_code, None)  # the SDK would take an error page for JSON
    if response.status_code == 407 and (proxy := to.proxy):
        raise proxy.refuses(to.url)
    if response.status_code == 401 and response.headers.get("www-authenticate", "").lower().startswith("basic"):
        raise UnreachableError(
            "a web server before Label Studio asks for a name and password of its own",
            place="gate",
            where=to.url,
            hint="Have it let the paths under api/ through, or use the address behind it.",
        )


@dataclass(frozen=True)
class Answer:
    """What a server said to a request without a key: status, parsed JSON (None when it is none), and its date."""

    status: int
    body: Any
    date: datetime | None


def look(to: Settings, path: str) -> Answer:
    """Get a path below the server's address, without the key.

    Raises
    ------
    GoldwireError
        See `http_client` and `failure`.
    """
    import httpx

    try:
        response = http_client(to).get(to.address + path)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise failure(to, "reach it", error) from None
    try:
        body = response.json()
    except ValueError:
        body = None
    return Answer(response.status_code, body, server_date(response))


def server_date(response: "httpx.Response") -> datetime | None:
    """Return the time that an answer gives as the server's, in UTC; None without a sound one."""
    try:
        return parsedate_to_datetime(response.headers.get("date", "")).astimezone(UTC)
    except (TypeError, ValueError):
        return None


def failure(to: Settings, what: str, error: Exception) -> GoldwireError:
    """Return what an exception of the HTTP client, or of reading its answer, means.

    Parameters
    ----------
    to : Settings
        Of the client.
    what : str
        What was asked, so that "cannot {what}" is a sentence.
    error : Exception
        httpx.HTTPError, httpx.InvalidURL or ValueError.

    Returns
    -------
    GoldwireError
        UnreachableError when the request did not come to the server, ServerFailedError when it may have.
    """
    import httpx

    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError):
        return _not_reached(to, error)
    if isinstance(error, httpx.TimeoutException):
        return ServerFailedError(f"cannot {what}: the server took too long", where=to.url)
    if isinstance(error, httpx.TransportError):
        return ServerFailedError(
            f"cannot {what}: the connection broke", where=to.url, hint="Try again; what was done is not done twice."
        )
    return translated(to.url, what, None, None)


def _not_reached(to: Settings, error: Exception) -> UnreachableError:
    import httpx

    causes = list(_causes(error))
    proxy = to.proxy
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _untrusted(to, cause)
    if isinstance(error, httpx.ProxyError) and proxy:
        # "407 Proxy Authentication Required" or another answer to CONNECT; a SOCKS proxy has words of its own
        return proxy.refuses(to.url) if str(error).startswith("407") else proxy.failed(to.url, _refusal(str(error)))
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return UnreachableError(
            "what answers there does not speak TLS",
            place="certificate",
            where=to.url,
            hint="Set LABEL_STUDIO_URL to http:// in place of https://, or to another port.",
        )
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        why = "the name of the host is not known"
    elif any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        why = "the connection is refused"
    elif isinstance(error, httpx.ConnectTimeout):
        why = f"no connection within {CONNECT_SECONDS} s"
    else:
        why = "no connection"
    if proxy:
        return proxy.failed(to.url, f"does not answer ({why})")
    return unreachable(to.url, f"Label Studio does not answer ({why})")


def _refusal(said: str) -> str:
    status = said.split(" ", 1)[0]
    return f"does not lead there ({status})" if status.isdigit() else "does not lead there"


def _untrusted(to: Settings, error: ssl.SSLCertVerificationError) -> UnreachableError:
    what = _CERTIFICATE.get(error.verify_code, f"is not trusted ({error.verify_message})")
    mend = (
        "Have it renewed, or set LABEL_STUDIO_URL to the name that it is for."
        if error.verify_code in _NOT_OF_TRUST
        else "Name the certificate of its authority, or its own, in SSL_CERT_FILE (a PEM file)."
    )
    return UnreachableError(
        f"the server's certificate {what}",
        place="certificate",
        where=to.url,
        hint=f"{mend} Or accept any certificate with --insecure: then somebody in between could read along.",
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
