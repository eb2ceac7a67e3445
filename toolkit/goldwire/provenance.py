"""Where a thing comes from: hashes that are the same for equal content, and the signature line of a result."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from goldwire import __version__


def digest(*parts: str, length: int = 16) -> str:
    """Return the first `length` hexadecimal digits of the SHA-256 of the parts, each ended by a zero byte."""
    sha = hashlib.sha256()
    for part in parts:
        sha.update(part.encode("utf-8", "surrogatepass"))
        sha.update(b"\0")
    return sha.hexdigest()[:length]


def digest_json(value: Any, length: int = 16) -> str:
    """Return the digest of a JSON value in canonical form (sorted keys, no spaces)."""
    return digest(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")), length=length)


def signature(parts: Mapping[str, Any]) -> str:
    """Return the recipe of a result as one line, ``goldwire:VERSION|key:value|...`` in the order given."""
    return "|".join([f"goldwire:{__version__}", *(f"{key}:{value}" for key, value in parts.items())])
