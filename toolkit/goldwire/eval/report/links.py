"""Addresses of tasks on the server that the reader names."""

from urllib.parse import urlsplit

from goldwire.errors import GoldwireError
from goldwire.eval.result import Task


def server(url: str) -> str:
    """Return the address of a server without a slash at its end.

    Raises
    ------
    GoldwireError
        When it is no http(s) address, or names a user: nothing else may become a link on the page.
    """
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises when it is no number
    except ValueError:
        parts = urlsplit("")
    plain = url.isprintable() and not any(character in url for character in " \"'<>\\")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or not plain:
        raise GoldwireError(
            f'"{url}" is not the address of a Label Studio',
            hint="Give it as https://HOST, with a path if it has one.",
        )
    if "@" in parts.netloc:
        raise GoldwireError(
            "the address of Label Studio names a user", hint="The page would show it to every reader."
        )
    return url.rstrip("/")


def address(base: str, task: Task) -> str:
    """Return the address of a task on a server."""
    return f"{base}/projects/{task.project}/data?task={task.task}"
