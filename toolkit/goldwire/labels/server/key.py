"""What kind of key LABEL_STUDIO_API_KEY is, as far as the key itself tells. Nothing here repeats a part of it.

Label Studio has two: legacy tokens (40 characters), and personal access tokens, which are JSON Web Tokens
(RFC 7519) that give access tokens of five minutes. A token's payload is read without its signature.
"""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

Kind = Literal["legacy", "personal", "access", "cut"]


@dataclass(frozen=True)
class Key:
    """What a key says of itself; `ends` is None where it does not say. A cut one is a token without its signature."""

    kind: Kind
    ends: datetime | None = None

    @property
    def ended(self) -> bool:
        """Whether it has expired, by our clock."""
        return self.ends is not None and self.ends <= datetime.now(UTC)


def read(key: str) -> Key:
    """Return what can be said of a key without a server. Everything that is no JSON Web Token is a legacy token."""
    pieces = key.split(".")
    payload = _json(pieces[1]) if len(pieces) in (2, 3) and _json(pieces[0]) is not None else None
    if payload is None:
        return Key("legacy")
    kind: Kind = "cut" if len(pieces) == 2 else "access" if payload.get("token_type") == "access" else "personal"
    return Key(kind, _time(payload.get("exp")))


def described(key: Key) -> str:
    """Return a phrase such as "a personal access token, valid until 2226-10-05"."""
    if key.kind == "legacy":
        return "a legacy token"
    return f"a personal access token, valid until {key.ends:%Y-%m-%d}" if key.ends else "a personal access token"


def fault(key: Key) -> tuple[str, str] | None:
    """Return what is wrong with a key and what to do, where the key alone tells; else None."""
    if key.kind == "access":
        return (
            "LABEL_STUDIO_API_KEY is an access token, which ends after five minutes",
            "Set it to the personal access token, from which such tokens are made: Account & Settings.",
        )
    if key.kind == "cut":
        return (
            "LABEL_STUDIO_API_KEY is a personal access token without its last part",
            "The server shows the whole token only once: revoke it in Account & Settings, make another, copy that.",
        )
    if key.ended:
        return (
            f"the personal access token in LABEL_STUDIO_API_KEY has expired on {key.ends:%Y-%m-%d}",
            "Make a new one in the server's Account & Settings.",
        )
    return None


def unsendable(key: str) -> bool:
    """Whether it cannot stand in a header, so it is no key: blanks, quotation marks, other alphabets, two lines."""
    return re.fullmatch(r"[A-Za-z0-9._~+/=-]+", key) is None


def _json(piece: str) -> dict[str, Any] | None:
    try:
        value = json.loads(base64.urlsafe_b64decode(piece + "=" * (-len(piece) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _time(seconds: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
