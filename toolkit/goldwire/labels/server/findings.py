"""A check, and what it found: its state (ok, failed, not applicable) and, where it failed, what to do."""

from collections.abc import Callable

from goldwire.errors import GoldwireError

Finding = dict[str, str]


class NotApplicableError(Exception):
    """A check that has nothing to look at; its text is the reason."""


def finding(check: str, look: Callable[[], str]) -> Finding:
    """Return what `look` finds: the text that it returns, or why it cannot look, or what is wrong and what to do."""
    try:
        return {"check": check, "state": "ok", "detail": look()}
    except NotApplicableError as reason:
        return {"check": check, "state": "not applicable", "detail": f"because {reason}"}
    except GoldwireError as error:
        hint = f" {error.hint}" if error.hint else ""
        return {"check": check, "state": "failed", "detail": f"{error}.{hint}"}
