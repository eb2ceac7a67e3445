"""What Label Studio's refusals mean, and what to do about them. Nothing here repeats a key or a password."""

from typing import Any, Literal
from urllib.parse import urlsplit

from goldwire.errors import GoldwireError
from goldwire.labels.server import key as server_key

Place = Literal["address", "proxy", "connection", "certificate", "gate"]

_SETTINGS = "the server's Account & Settings"


class ServerFailedError(GoldwireError):
    """The server was reached, and failed or took too long; another way of asking may succeed.

    What was asked may have been done all the same.
    """


class UnreachableError(GoldwireError):
    """The request did not come to Label Studio, so nothing was done. `place` is where it ended."""

    def __init__(self, message: str, *, place: Place, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(message, where=where, hint=hint)
        self.place = place


class KeyRefusedError(GoldwireError):
    """The key opens nothing."""


def shown(url: str) -> str:
    """Return the address as it may be printed and stored: without the name and password that may stand in it."""
    wrong = UnreachableError(
        "LABEL_STUDIO_URL is not an address of a server", place="address", hint="It looks like http://localhost:8080"
    )
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a bracket that is not closed, a port that is none
        raise wrong from None
    if not sound or any(character.isspace() for character in url):
        raise wrong
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}"


def refused(url: str, key: str = "", body: Any = None) -> KeyRefusedError:
    """Return why the key opens nothing: from the key, and from what the server said.

    Parameters
    ----------
    url : str
        The server, without credentials.
    key : str
        The key; "" when it is not known.
    body : Any
        The parsed answer, whose ``detail`` tells some refusals apart.
    """
    detail = str(body.get("detail", "")) if isinstance(body, dict) else ""
    found = server_key.read(key)
    if wrong := server_key.fault(found):
        return KeyRefusedError(wrong[0], where=url, hint=wrong[1])
    if "legacy token authentication has been disabled" in detail:
        return KeyRefusedError(
            "LABEL_STUDIO_API_KEY is a legacy token, and the server refuses those",
            where=url,
            hint=f"Set it to a personal access token from {_SETTINGS}, or have an administrator allow legacy "
            "tokens: Organization, API Tokens Settings.",
        )
    if "blacklisted" in detail:
        return KeyRefusedError(
            "the personal access token in LABEL_STUDIO_API_KEY was revoked",
            where=url,
            hint=f"Make a new one in {_SETTINGS}.",
        )
    if found.kind == "personal" and "not provided" in detail:
        return KeyRefusedError(
            "LABEL_STUDIO_API_KEY is a personal access token, and the server refuses those",
            where=url,
            hint="Have an administrator allow them: Organization, API Tokens Settings.",
        )
    return KeyRefusedError(
        "Label Studio refuses the API key",
        where=url,
        hint=f"Copy a personal access token from {_SETTINGS} into LABEL_STUDIO_API_KEY. "
        "Legacy tokens work only where the organisation allows them.",
    )


def unreachable(url: str, message: str = "Label Studio does not answer") -> UnreachableError:
    """Nobody answers there."""
    return UnreachableError(
        message,
        place="connection",
        where=url,
        hint="Start it, or mend LABEL_STUDIO_URL. To try goldwire on a local one: goldwire studio up",
    )


def translated(url: str, what: str, status: int | None, body: Any, key: str = "") -> GoldwireError:
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
    key : str
        The key that was sent; see `refused`.
    """
    if status == 401:
        return refused(url, key, body)
    if status == 403:
        return GoldwireError(f"this account may not {what}", where=url, hint="Use the key of an administrator.")
    if status == 404:
        return GoldwireError(
            f"cannot {what}: it is not there",
            where=url,
            hint="It was deleted, or LABEL_STUDIO_URL names another server, or the key is of another organisation.",
        )
    if status == 429:
        return ServerFailedError(
            f"cannot {what}: the server is asked too often (429)", where=url, hint="Wait a minute, then try again."
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
