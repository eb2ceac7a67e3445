"""One record becomes one row of the articles table, or is rejected with a reason."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from goldwire.corpus import dates
from goldwire.corpus.columns import absent, divide
from goldwire.corpus.readers.base import Record, Reject, surrogate
from goldwire.provenance import digest
from goldwire.text import language, mojibake, normalise

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


Mojibake = Literal["report", "mend", "ignore"]


@dataclass(frozen=True)
class Reading:
    """What is found out about a text: its language, and whether it is mojibake, which is mended only when asked."""

    language: bool = True
    mojibake: Mojibake = "report"


@dataclass(frozen=True)
class Article:
    """A row of the articles table without its story, and what was odd about the record, as (kind, value) pairs."""

    row: dict[str, Any]
    warnings: list[tuple[str, str]] = field(default_factory=list)


class _Refused(Exception):  # noqa: N818  # it is no error: it carries a reason to the one place that makes the reject
    pass


def article(record: Record, mapping: Mapping[str, str], reading: Reading | None = None) -> Article | Reject:
    """Return the article that a record holds, or a reject.

    The text is normalised; with a title it is title, blank line, body. `article_id` is the record's own, else "a" and
    the digest of title and body, which is also `content_hash`. The language is the record's own, else a detected one,
    whose score is kept in meta. A date that was not written in UTC, or was not understood, is kept in meta as it
    was. Meta also has the version of the normalisation and every column that is no field.

    Parameters
    ----------
    record : Record
        From a reader.
    mapping : mapping of str to str
        Fields to columns, from `columns.check`.
    reading : Reading, optional
        What is found out about the text; by default its language, and mojibake is reported. Mojibake is looked for
        before the text is normalised, and `mojibake` in meta says that it was found, or mended.
    """
    try:
        return _article(record, mapping, reading or Reading())
    except _Refused as refused:
        return Reject(record.file, record.line, str(refused))
    except RecursionError:
        return Reject(record.file, record.line, "line: is nested too deeply")


def _article(record: Record, mapping: Mapping[str, str], reading: Reading) -> Article:
    fields, rest = divide(record.fields, mapping)
    warnings: list[tuple[str, str]] = []
    text = _text(fields, record.fields, mapping)
    misread = _misread(text, fields, reading, warnings)
    body = normalise.normalise(mojibake.mend(text) if misread == "mended" else text)
    if not body:
        raise _Refused("text: is empty")
    own_id = _article_id(fields.get("article_id"))
    line = {name: _line(name, fields, rest, warnings) for name in ("title", "outlet", "url", "language", "group")}
    meta = _meta(rest)

    title, published = line["title"], fields.get("published_at")
    published_at = None if absent(published) else dates.parse(published)
    if not absent(published):
        if published_at is None:
            warnings.append(("published_at: the date was not understood", str(published)))
        if published_at is None or not dates.is_iso(published, published_at):
            meta.setdefault("published_at_original", _clean(published))
    if misread:
        meta["mojibake"] = misread
    if reading.language and line["language"] is None and (detected := language.detect(body)):
        line["language"] = detected.language
        meta["language_score"] = detected.score
    meta["normalisation"] = normalise.VERSION

    meta_json = json.dumps(meta, ensure_ascii=False, sort_keys=True, default=str)
    if problem := surrogate(meta_json):
        raise _Refused(f"{_culprit(meta)}: {problem}")
    content_hash = digest(title or "", body)
    head = f"{title}\n\n" if title else ""
    row = {
        "article_id": own_id or f"a{content_hash}",
        "content_hash": content_hash,
        "text": head + body,
        "body_start": len(head),
        "published_at": published_at,
        "meta": meta_json,
        **line,
    }
    return Article(row, warnings)


def _misread(
    text: str, fields: dict[str, Any], reading: Reading, warnings: list[tuple[str, str]]
) -> Literal["found", "mended"] | None:
    """Return what became of mojibake in the text or the title, which is put right in `fields` when that is asked."""
    if reading.mojibake == "ignore":
        return None
    title = fields.get("title")
    has_title = isinstance(title, str) and mojibake.found(title)
    if not has_title and not mojibake.found(text):
        return None
    if reading.mojibake == "mend":
        if has_title:
            fields["title"] = mojibake.mend(str(title))
        return "mended"
    sample = str(title) if has_title else next(word for word in text.split("\n") if mojibake.found(word))
    warnings.append(("text: is mojibake, read in another encoding than it was written in", sample.strip()))
    return "found"


def _text(fields: Mapping[str, Any], columns: Mapping[str, Any], mapping: Mapping[str, str]) -> str:
    if "text" not in fields:
        wanted = mapping.get("text", "text")
        if any(wanted.lower() == name.strip().lower() for name in columns):
            raise _Refused("text: is empty")
        there = ", ".join(columns).encode("utf-8", "backslashreplace").decode()
        raise _Refused(f'text: there is no column "{wanted}", only: {there[:200] or "none"}')
    text = fields["text"]
    if absent(text):
        raise _Refused("text: is empty")
    if not isinstance(text, str):
        raise _Refused(f"text: is {_kind(text)}, not text")
    return _checked("text", text)


def _article_id(value: Any) -> str | None:
    if absent(value):
        return None
    text = _scalar(value)
    if text is None:
        raise _Refused(f"article_id: is {_kind(value)}, not text")
    article_id = _checked("article_id", text).strip()
    if _CONTROL.search(article_id):
        raise _Refused("article_id: has a control character or a line end")
    return article_id


def _line(name: str, fields: Mapping[str, Any], rest: dict[str, Any], warnings: list[tuple[str, str]]) -> str | None:
    """Return a field that is one line of text; anything else moves to meta, so that it costs no article."""
    value = fields.get(name)
    if absent(value):
        return None
    text = _scalar(value)
    if text is None:
        rest[name] = value
        warnings.append((f"{name}: is not text and was kept in meta", _kind(value)))
        return None
    return normalise.normalise_line(_checked(name, text)) or None


def _meta(rest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that are no fields; those of a column `meta` that is a JSON object stand among them."""
    columns = dict(rest)
    given = columns.pop("meta", None)
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except ValueError:
            columns["meta"] = given
    if isinstance(given, dict):
        columns = {**given, **columns}
    elif "meta" not in columns:
        columns["meta"] = given
    return {str(name): _clean(value) for name, value in columns.items() if not absent(value)}


def _clean(value: Any) -> Any:
    """Return a value that JSON can hold."""
    match value:
        case dict():
            return {str(name): _clean(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_clean(inner) for inner in value]
        case float():
            return value if math.isfinite(value) else str(value)
        case bool() | int() | str() | None:
            return value
        case _:
            return str(value)


def _culprit(meta: Mapping[str, Any]) -> str:
    """Return the column of meta that has a lone surrogate, in a form that can be shown."""
    name = next(n for n, v in meta.items() if surrogate(n + json.dumps(v, ensure_ascii=False)))
    return name.encode("utf-8", "backslashreplace").decode()


def _checked(name: str, text: str) -> str:
    if problem := surrogate(text):
        raise _Refused(f"{name}: {problem}")
    return text


def _scalar(value: Any) -> str | None:
    """Return text or a number as text, 12.0 as "12"; anything else is None."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _kind(value: Any) -> str:
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case list() | tuple():
            return "a list"
        case dict():
            return "an object"
        case _:
            return f"of type {type(value).__name__}"
