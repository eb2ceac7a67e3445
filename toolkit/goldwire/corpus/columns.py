"""Columns: which column of a file is which field of an article."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from goldwire.errors import UsageError

ALIASES: dict[str, tuple[str, ...]] = {
    "text": ("text",),
    "title": ("title",),
    "article_id": ("article_id", "id"),
    "outlet": ("outlet", "source", "publisher"),
    "url": ("url", "link"),
    "published_at": ("published_at", "date"),
    "language": ("language", "lang"),
    "group": ("group",),
}
"""The names that are understood for each field, the first that a record has being taken; case does not matter."""

_DERIVED = ("content_hash", "body_start", "story_id")


def check(mapping: Mapping[str, str]) -> dict[str, str]:
    """Return a mapping from fields to columns with the fields under their own names.

    Raises
    ------
    UsageError
        When a field is unknown or mapped twice.
    """
    checked: dict[str, str] = {}
    for name, column in mapping.items():
        field = next((field for field, aliases in ALIASES.items() if name.lower() in aliases), None)
        if field is None:
            raise UsageError(f'"{name}" is not a field of an article', hint=f"Fields: {', '.join(ALIASES)}.")
        if field in checked:
            raise UsageError(f"{field} is mapped twice, to {checked[field]} and to {column}")
        checked[field] = column
    return checked


def divide(record: Mapping[str, Any], mapping: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Divide a record's columns into the fields of an article and the rest, which belongs in meta.

    A mapped column comes before a recognised one. A row of an articles table (it has `content_hash` and
    `body_start`) gives its body as `text`, and what is derived from the text is left out.
    """
    rest = dict(record)
    if record.get("content_hash") and isinstance(text := record.get("text"), str):
        start = record.get("body_start")
        if isinstance(start, int | str) and str(start).isdecimal() and int(start) <= len(text):
            rest = {name: value for name, value in rest.items() if name not in _DERIVED}
            rest["text"] = text[int(start) :]
    fields: dict[str, Any] = {field: rest.pop(column) for field, column in mapping.items() if column in rest}
    for field, names in _recognised(tuple(rest)):
        if field not in mapping and (filled := next((name for name in names if not absent(rest[name])), None)):
            fields[field] = rest.pop(filled)
    return fields, rest


@lru_cache(maxsize=1024)  # the records of a file have the same columns, mostly
def _recognised(columns: tuple[str, ...]) -> list[tuple[str, list[str]]]:
    """Return the fields that these columns may be, each with its columns in the order of the aliases."""
    by_name = {name.strip().lower(): name for name in reversed(columns)}
    found = ((field, [by_name[alias] for alias in aliases if alias in by_name]) for field, aliases in ALIASES.items())
    return [(field, names) for field, names in found if names]


def absent(value: Any) -> bool:
    """Whether a cell holds nothing: null, NaN, or white space."""
    if isinstance(value, str):
        return not value or value.isspace()
    return value is None or (isinstance(value, float) and value != value)
