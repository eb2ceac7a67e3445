"""What Label Studio's refusals mean, and what to do about them. Nothing here repeats a key or a header."""

from typing import Any
from urllib.parse import urlsplit

from goldwire.errors import GoldwireError


class ServerFailedError(GoldwireError):
    """The server was reached, and failed or took too long; another way of asking may succeed."""


def shown(url: str) -> str:
    """Return the address as it may be printed and stored: without the name and password that may stand in it."""
    wrong = GoldwireError(
        "LABEL_STUDIO_URL is not an address of a server", hint="It looks like http://localhost:8080"
    )
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket that is not closed
        raise wrong from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise wrong
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}"


def refused(url: str) -> GoldwireError:
    """The key opens nothing."""
    return GoldwireError(
        "Label Studio refuses the API key",
        where=url,
        hint="Copy a personal access token from the server's Account & Settings into LABEL_STUDIO_API_KEY. "
        "Legacy tokens work only where the organisation allows them.",
    )


def unreachable(url: str) -> GoldwireError:
    """Nobody answers there."""
    return GoldwireError(
        "Label Studio does not answer",
        where=url,
        hint="Start it, or mend LABEL_STUDIO_URL. To try goldwire on a local one: goldwire studio up",
    )


def translated(url: str, what: str, status: int | None, body: Any) -> GoldwireError:
    """Return the error for an answer that is none.

    Parameters
    ----------
    url : str
        The server, without credentials.
    what : str
        What was asked, so that "cannot {what}" is a sentence.
    status : int or None
        The HTTP status; None when the answer could not be read.
    body : Any
        The parsed body, or its text.
    """
    if status == 401:
        return refused(url)
    if status == 403:
        return GoldwireError(f"this account may not {what}", where=url, hint="Use the key of an administrator.")
    if status == 404:
        return GoldwireError(
            f"cannot {what}: it is not there",
            where=url,
            hint="It was deleted, or LABEL_STUDIO_URL names another server, or the key is of another organisation.",
        )
    if status is not None and status >= 500:
        return ServerFailedError(
            f"cannot {what}: the server failed ({status})", where=url, hint="Read its log, then try again."
        )
    if status is not None and status >= 400:
        return GoldwireError(f"cannot {what}: {_detail(body)}", where=url)
    return GoldwireError(
        f"cannot {what}: the answer is not Label Studio's", where=url, hint="Check LABEL_STUDIO_URL."
    )


def _detail(body: Any) -> str:
    if isinstance(body, dict):
        body = body.get("validation_errors") or body.get("detail") or body
    text = "; ".join(_sentences(body)) or "no reason given"
    return text if len(text) <= 300 else text[:299] + "…"


def _sentences(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [f"{key}: {text}" for key, inner in value.items() for text in _sentences(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _sentences(inner)]
    return [str(value)] if value is not None else []
