"""Writing directions that a name or a text opens and does not close, so that what follows it is not turned round."""

import re
from typing import Any, TypeVar

from pydantic import BaseModel

_OPENS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c"}
_OPENS |= {"\u2066": "\u2069", "\u2067": "\u2069", "\u2068": "\u2069"}
_ANY = re.compile("[" + "".join(_OPENS) + "]")

Model = TypeVar("Model", bound=BaseModel)


def closed(text: str) -> str:
    """Return text with what it opens closed at its end; places in it stay."""
    if not _ANY.search(text):
        return text
    opened: list[str] = []
    for character in text:
        if character in _OPENS:
            opened.append(_OPENS[character])
        elif character in opened:  # closes what was opened within as well
            while opened.pop() != character:
                pass
    return text + "".join(reversed(opened))


def closed_in(model: Model) -> Model:
    """Return a result, or what stands beside it, with every text in it closed."""
    if not _ANY.search(model.model_dump_json()):
        return model
    return type(model).model_validate(_each(model.model_dump(mode="json", by_alias=True)))


def _each(value: Any) -> Any:
    if isinstance(value, str):
        return closed(value)
    if isinstance(value, dict):
        return {closed(str(key)): _each(one) for key, one in value.items()}
    return [_each(one) for one in value] if isinstance(value, list) else value
