"""JSON lines: one unit a line, with its text, gold, spans and relations together."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from goldwire.files import write_jsonl
from goldwire.labels.export import folder

_UNIT = ("unit_id", "article_id", "split", "kind", "start", "end", "target", "target_aliases", "holder", "text")
_ANSWER = ("labels", "value", "decided_by", "n_votes", "tied", "distribution")
_SPAN = ("mention_id", "start", "end", "text", "label", "entity", "attributes")
_LINK = ("relation_id", "from", "to", "label", "attributes")

Rows = dict[str, list[dict[str, Any]]]


def write(dataset: Path, into: Path) -> dict[str, int]:
    """Write ``<split>.jsonl`` for every split that has units.

    A line is ``{"unit_id", "article_id", "split", ..., "text", "gold": {SCHEME: {QUESTION: {"labels", "value",
    "decided_by", "n_votes", "tied", "distribution"}}}, "mentions": [{"scheme", "layer", "start", "end", "text",
    "label", ...}], "relations": [{"scheme", "from", "to", "label", ...}]}``. Offsets are code points of the article's
    text.

    Returns
    -------
    dict
        File name to lines.
    """
    units = list(_units(dataset))
    written = {}
    for split in dict.fromkeys(unit["split"] for unit in units):
        chosen = [unit for unit in units if unit["split"] == split]
        write_jsonl(into / f"{split}.jsonl", chosen)
        written[f"{split}.jsonl"] = len(chosen)
    return written


def _units(dataset: Path) -> Iterator[dict[str, Any]]:
    gold = folder.config(dataset, "gold").sort_by([("split", "descending"), ("unit_id", "ascending")])
    spans = _by_unit(folder.config(dataset, "mentions"), "layer", _SPAN)
    links = _by_unit(folder.config(dataset, "relations"), None, _LINK)
    unit: dict[str, Any] = {}
    for row in gold.to_pylist():
        if row["unit_id"] != unit.get("unit_id"):
            if unit:
                yield unit
            known = {name: _plain(row[name]) for name in _UNIT if row.get(name) is not None}
            marked = {"mentions": spans.get(row["unit_id"], []), "relations": links.get(row["unit_id"], [])}
            unit = {**known, "gold": {}, **marked}
        answer = {name: row[name] for name in _ANSWER if row[name] is not None}
        unit["gold"].setdefault(row["scheme"], {})[row["question"]] = answer
    if unit:
        yield unit


def _by_unit(table: pa.Table, question: str | None, fields: tuple[str, ...]) -> Rows:
    found: Rows = defaultdict(list)
    for row in table.to_pylist():
        head = {"scheme": row["scheme"], **({question: row["question"]} if question else {})}
        found[row["unit_id"]].append(head | {name: row[name] for name in fields if row.get(name) is not None})
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
