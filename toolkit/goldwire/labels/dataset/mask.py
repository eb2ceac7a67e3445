"""The mask: letters and digits of e-mail addresses and phone numbers become █ (U+2588), one for one.

Other signs and spaces stay, so a text keeps its length and its lines. What an address or a number says is gone; how
long it is, is not.
"""

import json
import re
import unicodedata
from typing import Any

from goldwire.provenance import digest
from goldwire.text.contacts import contacts

MASK = "█"

_PERSONAL = re.compile(
    r"(?:.*[_ .-])?(?:(?:tele|cell)?phone|tel|fax|mobile|cell|e-?mail)s?"
    r"(?:[_ .-]?(?:number|no|nr|address|addresses|numbers))?[_ .-]?[0-9]*",
    re.IGNORECASE,
)
_HUMP = re.compile("(?<=[a-z0-9])(?=[A-Z])")


def mask(text: str) -> str:
    """Return the text, as long as it was, with the letters and digits of addresses and phone numbers masked."""
    while found := contacts(text):  # what is gone may show another that touched it
        parts, last = [], 0
        for start, end, _ in found:
            parts += [text[last:start], _hidden(text[start:end])]
            last = end
        text = "".join([*parts, text[last:]])
    return text


def mask_json(text: str, separators: tuple[str, str] = (", ", ": ")) -> str:
    """Return JSON with its strings masked, and all that stands under a name such as "phone" or "authorEmail"."""
    value = json.loads(text)
    made = _value(value)
    return text if made == value else json.dumps(made, ensure_ascii=False, separators=separators)


def masked_article(title: str | None, text: str) -> tuple[str | None, str]:
    """Return title and text masked; a title with which the text begins is masked as it is there."""
    made = mask(text)
    if title and text.startswith(title):
        return made[: len(title)], made
    return title and mask(title), made


def hash_of_article(title: str | None, text: str, body_start: int | None) -> str:
    """Return the `content_hash` of an article: of title and body, or of its text if that lacks the title."""
    start = body_start or 0
    headed = text[:start] == (f"{title}\n\n" if title else "")
    return digest(title or "", text[start:]) if headed else digest("", text)


def _value(value: Any, personal: bool = False) -> Any:
    """Return the value masked; of a personal one every letter and digit is, since a number there may be bare."""
    match value:
        case list():
            return [_value(item, personal) for item in value]
        case dict():
            return _items(value, personal)
        case bool() | None:
            return value
    if personal:
        return _hidden(str(value))
    return mask(value) if isinstance(value, str) else value


def _items(value: dict[str, Any], personal: bool) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, item in value.items():
        masked = mask(name)
        while masked in made:  # two addresses of one length
            masked += MASK
        made[masked] = _value(item, personal or _PERSONAL.fullmatch(_HUMP.sub("_", name)) is not None)
    return made


def _hidden(text: str) -> str:
    return "".join(MASK if c.isalnum() or c == "_" or unicodedata.category(c).startswith("M") else c for c in text)
