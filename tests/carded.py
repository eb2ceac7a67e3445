"""A small dataset for the card, written for the tests, and the card made of it."""

import re
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import yaml

from goldwire import tables
from goldwire.labels.card.card import card
from goldwire.labels.dataset.configs import Config, configs
from goldwire.scheme import Scheme, parse
from goldwire.study import Params

SCHEME = parse(
    """
name: stance-tiny
version: 1.0.0
title: Stance | tiny
description: Who is for whom.
sources: ["A book, 2020"]
unit: target
questions:
  - name: stance
    text: For or against
    hint: As the article says.
    labels:
      - {name: favor, definition: For it.}
      - {name: mild, definition: For it a bit.}
      - {name: against, definition: "Against it | strongly."}
      - {name: unsure, definition: Cannot be told., role: unsure}
  - name: topics
    text: What about
    type: tree
    required: false
    labels:
      - name: A
        definition: All.
        children: [{name: b, definition: B., children: [{name: c, definition: C.}]}]
  - {name: why, text: Say why, type: text, required: false}
mentions:
  - name: evidence
    text: Mark it
    kind: evidence
    labels: [{name: evidence, definition: The words.}]
""",
    "stance-tiny.yaml",
)
SPLIT = {"a1": "train", "a2": "train", "a3": "validation", "a4": "test"}
FULL = {
    "title": "Ports: for & against",
    "summary": "Stances on ports.",
    "collection": "Taken from two wires.",
    "annotators": "Two students, paid by the hour.",
    "limits": "Ports only.",
    "licence": "CC BY 4.0",
    "authors": ["A. Ahmad", "Б. Орлов"],
}
AGREEMENT = {
    "units": 4, "annotators": 2, "votes": 7, "ties": 1, "distance": "nominal",
    "alpha": {"value": 0.61234, "low": -0.1, "high": 0.9}, "kappa": 0.5, "ac1": None, "per_label": {},
}  # fmt: skip


def rows(**gold: Any) -> dict[str, pa.Table]:
    key = {"scheme": "stance-tiny", "scheme_hash": SCHEME.hash}
    answers = []
    for article, labels in {"a1": ["favor"], "a2": ["against"], "a3": None, "a4": ["favor"], **gold}.items():
        by = {"a1": "unanimous", "a2": "majority", "a3": "unresolved"}.get(article, "unanimous")
        unit = {**key, "unit_id": article}
        answers.append({**unit, "question": "stance", "labels": labels, "decided_by": by, "tied": article == "a3"})
    answers.append({**key, "unit_id": "a1", "question": "topics", "labels": ["A/b/c"], "decided_by": "unanimous"})
    answers.append({**key, "unit_id": "a2", "question": "topics", "labels": [], "decided_by": "unanimous"})
    votes = [
        {**key, "unit_id": article, "question": "stance", "labels": [label], "annotator": name, "round": "first",
         "status": "submitted", "counts": True, "annotation_id": f"{article}{name}"}
        for article in SPLIT
        for name, label in (("annotator-1", "favor"), ("annotator-2", "unsure" if article == "a3" else "favor"))
        if (article, name) != ("a4", "annotator-2")
    ]  # fmt: skip
    votes.append({**key, "unit_id": "a4", "annotator": "annotator-2", "status": "skipped", "round": "first"})
    articles = [
        {"article_id": a, "text": f"Text {a}", "outlet": None if a == "a4" else "East | West", "story_id": "s" + a,
         "language": "en", "published_at": datetime(2024, 1, i + 1, 23, tzinfo=UTC) if i else None}
        for i, a in enumerate([*SPLIT, "a5"])
    ]  # fmt: skip
    mention = {
        **key,
        "unit_id": "a1",
        "question": "evidence",
        "mention_id": "m",
        "start": 0,
        "end": 4,
        "text": "Text",
    }
    return {
        "articles": tables.build("articles", articles),
        "units": tables.build("units", [{"unit_id": a, "article_id": a, "kind": "target"} for a in SPLIT]),
        "votes": tables.build("votes", votes),
        "gold": tables.build("gold", answers),
        "mentions": tables.build("gold_mentions", [{**mention, "label": "evidence"}]),
        "relations": tables.build("gold_relations", []),
        "splits": tables.build("splits", [{"unit_id": a, "split": split} for a, split in SPLIT.items()]),
    }


def make(
    params: dict[str, Any] | None = None,
    data: dict[str, pa.Table] | None = None,
    schemes: list[Scheme] | None = None,
    **more: Any,
) -> str:
    parsed = Params.model_validate(params or {})
    schemes = [SCHEME] if schemes is None else schemes
    listed: list[Config] = configs(**(data or rows()), schemes=schemes, recode=parsed.recode)
    more = {
        "header": {"configs": []},
        "agreement": None,
        "left_out": [],
        "signature": "goldwire:0|data:abc|x:1",
        **more,
    }
    return card(listed, schemes, parsed, **more)


def sections(text: str) -> dict[str, str]:
    body = text.split("---\n\n", 1)[1]
    parts = re.split(r"^## (.+)$", body, flags=re.MULTILINE)
    return dict(zip(["top", *parts[1::2]], [parts[0], *parts[2::2]], strict=True))


def header(text: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(text.split("---\n")[1])
    return loaded


def empty() -> dict[str, pa.Table]:
    return {name: table.schema.empty_table() for name, table in rows().items()}
