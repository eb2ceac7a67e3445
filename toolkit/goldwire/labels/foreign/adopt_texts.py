"""The texts of a project's tasks as articles and units, in the form in which they are stored there."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

import pyarrow as pa

from goldwire.labels.foreign.mapping import Foreign, tasks_to_units
from goldwire.labels.foreign.markup import text_of
from goldwire.labels.parts.people import without_names
from goldwire.labels.units import AUTHOR, hash_of
from goldwire.provenance import digest
from goldwire.text import language
from goldwire.text.normalise import normalise_line

Row = dict[str, Any]

_IDS = ("article_id", "id", "doc_id", "document_id", "docid")
_COLUMNS = {
    "outlet": ("outlet", "source", "publisher"),
    "url": ("url", "link"),
    "published_at": ("published_at", "date"),
    "language": ("language", "lang"),
    "group": ("group",),
}
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass
class Found:
    """What tasks came to: new articles and units, the tasks of every unit, and the tasks that have none."""

    articles: list[Row] = field(default_factory=list)
    units: list[Row] = field(default_factory=list)
    numbers: dict[str, list[int]] = field(default_factory=dict)
    known: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def tasks(self) -> int:
        """How many tasks have a unit."""
        return sum(map(len, self.numbers.values()))


def collect(tasks: Iterable[Mapping[str, Any]], foreign: Foreign, articles: pa.Table, lines: list[Row]) -> Found:
    """Return the articles and units of tasks that are not in a round yet.

    Parameters
    ----------
    tasks : iterable of mapping
        The server's JSON: id and data.
    foreign : Foreign
        Where a task has its text.
    articles : pa.Table
        The study's.
    lines : list of dict
        The round's tasks.jsonl.
    """
    found = Found(numbers={line["data"]["unit_id"]: list(line.get("tasks", [])) for line in lines})
    shown = {line["data"]["unit_id"]: line["meta"]["content_hash"] for line in lines}
    units = tasks_to_units(lines)
    texts = _Texts(articles)
    new = []
    for number, data in sorted(((int(task["id"]), task["data"]) for task in tasks), key=itemgetter(0)):
        text = _text(data, foreign)
        if number in units:
            if text is not None and hash_of(text) != shown[units[number]]:
                found.problems.append(f"task {number}: its text was changed; it keeps the unit of the old one")
        elif problem := _problem(text, data, foreign):
            found.problems.append(f"task {number}: {problem}")
        else:
            new.append((number, data, str(text)))
            texts.claim(data, str(text))
    for number, data, text in new:
        article, row = texts.article(data, text, foreign)
        if row:
            found.articles.append(row)
        unit = _unit(article, text, data, foreign)
        if unit["unit_id"] not in found.numbers:
            found.units.append(unit)
            found.numbers[unit["unit_id"]] = []
            found.known += row is None
        found.numbers[unit["unit_id"]].append(number)
    return found


class _Texts:
    """The texts that a study has, and those that come to it."""

    def __init__(self, articles: pa.Table) -> None:
        columns = (articles[name].to_pylist() for name in ("article_id", "text"))
        self.by_text: dict[str, str] = {}
        self.by_id: dict[str, set[str]] = defaultdict(set)  # id -> digests of the texts that claim it
        for article, text in zip(*columns, strict=True):
            self.by_text.setdefault(digest(text), article)
            self.by_id[article].add(digest(text))

    def claim(self, data: Mapping[str, Any], text: str) -> None:
        """Note which id a text asks for: one that two texts ask for is no id of either."""
        if (name := _own_id(data)) is not None:
            self.by_id[name].add(digest(text))

    def article(self, data: Mapping[str, Any], text: str, foreign: Foreign) -> tuple[str, Row | None]:
        """Return the article of a text, and its row when it is new."""
        key = digest(text)
        if key in self.by_text:
            return self.by_text[key], None
        content_hash, own = digest("", text), _own_id(data)
        article = own if own is not None and self.by_id[own] == {key} else f"a{content_hash}"
        self.by_text[key] = article
        return article, {"article_id": article, "content_hash": content_hash, **_columns(data, text, foreign)}


def _text(data: Mapping[str, Any], foreign: Foreign) -> Any:
    value = _at(data, foreign.field)
    return text_of(value) if foreign.markup and isinstance(value, str) else value


def _at(data: Mapping[str, Any], path: str) -> Any:
    if path in data:
        return data[path]
    value: Any = data
    for part in re.findall(r"[^.\[\]]+", path):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value


def _problem(text: Any, data: Mapping[str, Any], foreign: Foreign) -> str | None:
    if text is None:
        return f'its data have no "{foreign.field}"'
    if not isinstance(text, str):
        return f'its "{foreign.field}" is no text'
    if not text.strip():
        return "its text is empty"
    if _SURROGATE.search(text):
        return "its text has half a character (a lone surrogate)"
    if foreign.target and not _said(data, foreign.target):
        return f'its data have no "{foreign.target}", about which it asks'
    return None


def _unit(article: str, text: str, data: Mapping[str, Any], foreign: Foreign) -> Row:
    row = {"article_id": article, "start": 0, "end": len(text), "content_hash": hash_of(text), "probability": None}
    if foreign.target is None:
        return {**row, "unit_id": f"{article}/document", "kind": "document"}
    target = _said(data, foreign.target)
    holder = (_said(data, foreign.holder) if foreign.holder else "") or AUTHOR
    unit_id = f"{article}/target/{digest(target, holder, length=8)}"
    return {**row, "unit_id": unit_id, "kind": "target", "target": target, "target_aliases": [], "holder": holder}


def _said(data: Mapping[str, Any], name: str) -> str:
    value = _at(data, name)
    return normalise_line(str(value)) if isinstance(value, str | int | float) else ""


def _own_id(data: Mapping[str, Any]) -> str | None:
    names = {key.lower(): key for key in reversed(list(data))}
    for name in _IDS:
        value = data.get(names.get(name, ""))
        if isinstance(value, str | int) and not isinstance(value, bool):
            text = str(value).strip()
            if text and not _CONTROL.search(text) and not _SURROGATE.search(text):
                return text
    return None


def _columns(data: Mapping[str, Any], text: str, foreign: Foreign) -> Row:
    """Return the columns of an article that its task's data fill; the rest, without people, stands in meta."""
    used = {foreign.field, foreign.target, foreign.holder}
    rest = without_names({key: value for key, value in data.items() if key not in used and key.lower() not in _IDS})
    by_name = {key.lower(): key for key in reversed(list(rest))}
    row: Row = {"title": None, "text": text, "body_start": 0}
    for column, names in _COLUMNS.items():
        key = next((by_name[name] for name in names if isinstance(rest.get(by_name.get(name, "")), str)), None)
        value = normalise_line(_SURROGATE.sub("\ufffd", rest[key])) if key else ""
        if column == "published_at":
            row[column] = _date(value)
        else:
            row[column] = value or None
        if key and (column != "published_at" or row[column] is not None):
            del rest[key]
    meta = {key: value for key, value in rest.items() if value not in (None, "")}
    if row["language"] is None and (detected := language.detect(text)):
        row["language"] = detected.language
        meta["language_score"] = detected.score
    meta["normalisation"] = "none"
    stored = json.dumps(meta, ensure_ascii=False, sort_keys=True)
    return {**row, "meta": _SURROGATE.sub("\ufffd", stored)}


def _date(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
