"""A small dataset of two schemes, written for the tests."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from goldwire import tables
from goldwire.labels.dataset.build import Dataset, build_dataset
from goldwire.scheme import Scheme, parse
from goldwire.study import Params

EVENTS = """
name: event-small
version: 1.0.0
title: Events
description: What happened.
unit: document
questions:
  - name: main
    text: What is the main event
    labels:
      - {name: MEET, definition: They meet.}
      - {name: HIT, definition: They fight.}
      - {name: none, definition: Nothing happens., role: negative}
      - {name: unsure, definition: Cannot be told., role: unsure}
  - name: contexts
    text: What is it about
    type: tree
    required: false
    labels:
      - {name: war, definition: War., children: [{name: sea, definition: At sea.}]}
      - {name: trade, definition: Trade.}
mentions:
  - name: trigger
    text: Mark events
    kind: event
    labels: [{name: MEET, definition: They meet.}, {name: HIT, definition: They fight.}]
  - name: participant
    text: Mark participants
    kind: entity
    labels: [{name: participant, definition: Who.}]
relations:
  - {name: actor, definition: Who does it., from: [MEET, HIT], to: [participant]}
"""


STANCE = """
name: stance-small
version: 1.1.0
title: Stance
description: Who is for whom.
unit: target
questions:
  - name: stance
    text: For or against
    labels:
      - {name: favor, definition: For it.}
      - {name: against, definition: Against it.}
      - {name: unsure, definition: Cannot be told., role: unsure}
  - name: strength
    text: How strongly
    type: ordinal
    labels: [{name: "1", definition: A bit.}, {name: "2", definition: A lot.}]
  - name: frames
    text: Framed how
    type: multiple
    required: false
    labels: [{name: money, definition: Money.}, {name: law, definition: Law.}]
  - {name: why, text: Say why, type: text, required: false}
  - name: language
    text: In which words
    labels: [{name: plain, definition: Plain.}, {name: coarse, definition: Coarse.}]
"""


SCHEMES = [parse(EVENTS, "event-small.yaml"), parse(STANCE, "stance-small.yaml")]


BODIES = ["Omar 🎈 met Айша.", "حضر عمر الاجتماع ثم met her.", "They hit the 🚢 harbour.", "Ça va: they met."]


SPLIT_OF = ["train", "train", "train", "test", "validation", "train", None]


def study() -> dict[str, pa.Table]:
    """Return the tables of eight articles: six in splits, one left out (a6), one without units (a7)."""
    texts = [f"Title {i} 👩‍👧\n\n{BODIES[i % 4]}" for i in range(8)]
    articles = [
        {
            "article_id": f"a{i}",
            "content_hash": f"h{i}",
            "title": f"Title {i} 👩‍👧",
            "text": text,
            "body_start": text.index("\n\n") + 2,
            "outlet": "Курьер | East" if i % 2 else None,
            "published_at": datetime(2024, 5, 1 + i, tzinfo=UTC),
            "language": "en" if i != 1 else "ar",
            "story_id": f"s{i}" if i != 7 else "s3",
        }
        for i, text in enumerate(texts)
    ]
    documents = [{"unit_id": f"a{i}/document", "article_id": f"a{i}", "kind": "document"} for i in range(7)]
    targets = [
        {"unit_id": f"a{i}/target/00", "article_id": f"a{i}", "kind": "target", "target": "порт", "holder": "author"}
        for i in range(4)
    ]
    part = {"unit_id": "a0/sentence/9-13", "article_id": "a0", "kind": "sentence", "start": 9, "end": 13}
    units = [*documents, *targets, part]
    main = ["MEET", "MEET", "HIT", None, "none", "HIT", "MEET"]
    contexts: list[list[str] | None] = [["war/sea", "trade"], ["war"], [], None, ["trade"], [], []]
    gold = [answer(0, u["unit_id"], "main", [x] if x else None) for u, x in zip(documents, main, strict=True)]
    gold += [answer(0, u["unit_id"], "contexts", x) for u, x in zip(documents, contexts, strict=True)]
    gold[10]["labels"] = []  # so gold writes what is unresolved
    for i, unit in enumerate(targets):
        gold.append(answer(1, unit["unit_id"], "stance", ["against" if i % 2 else "favor"]))
        gold.append(answer(1, unit["unit_id"], "strength", ["2"]))
        gold.append(answer(1, unit["unit_id"], "frames", [["law", "money"], []][i % 2]))
        gold.append(answer(1, unit["unit_id"], "language", ["plain"]))
    gold.append(answer(1, "a0/target/00", "why", None, value="weil’s 🎈 ist"))
    mentions, relations = [], []
    for i in (0, 3):
        start = texts[i].index("met")
        mentions.append(
            span(i, f"m{i}-1", start, "met", "trigger", "MEET", '{"flags":["historical"],"mode":["visit"]}')
        )
    mentions.append(span(0, "m0-2", texts[0].index("Айша"), "Айша", "participant", "participant", None))
    relations.append(
        {**key(0, "a0/document", "relation"), "relation_id": "r1", "from": "m0-1", "to": "m0-2", "label": "actor"}
    )
    return {
        "articles": tables.build("articles", articles),
        "units": tables.build("units", units),
        "votes": tables.build("votes", list(votes())),
        "gold": tables.build("gold", gold),
        "gold_mentions": tables.build("gold_mentions", mentions),
        "gold_relations": tables.build("gold_relations", relations),
        "splits": tables.build(
            "splits", [{"unit_id": u["unit_id"], "split": SPLIT_OF[int(u["article_id"][1])]} for u in units]
        ),
    }


def key(scheme: int, unit: Any, question: str | None) -> dict[str, Any]:
    return {
        "scheme": SCHEMES[scheme].name,
        "scheme_hash": SCHEMES[scheme].hash,
        "unit_id": unit,
        "question": question,
    }


def answer(
    scheme: int, unit: Any, question: str, labels: list[str] | None, value: str | None = None
) -> dict[str, Any]:
    resolved = labels is not None or value is not None
    return {
        **key(scheme, unit, question),
        "labels": labels,
        "value": value,
        "decided_by": "unanimous" if resolved else "unresolved",
        "n_votes": 2,
        "tied": not resolved,
        "distribution": [{"label": label, "share": 1.0} for label in labels or []],
    }


def span(i: int, id_: str, start: int, text: str, layer: str, label: str, attributes: str | None) -> dict[str, Any]:
    return {
        **key(0, f"a{i}/document", layer),
        "mention_id": id_,
        "start": start,
        "end": start + len(text),
        "text": text,
        "label": label,
        "attributes": attributes,
        "decided_by": "majority",
        "n_votes": 2,
    }


def votes() -> Any:
    for i in range(7):
        for n, name in enumerate(["annotator-1", "annotator-2"]):
            yield {
                **key(0, f"a{i}/document", "main"),
                "labels": ["unsure" if i == 3 and n else "MEET"],
                "round": "first",
                "annotator": name,
                "annotation_id": f"{100 * i + n}",
                "status": "submitted",
                "counts": True,
                "ground_truth": False,
                "created": datetime(2024, 6, 1, 22, i, tzinfo=UTC),
                "updated": datetime(2024, 6, 1, 23, i, tzinfo=UTC),
                "lead_time_s": 12.5,
            }
    other = {"round": "first", "annotator": "annotator-2", "counts": False}
    yield {**key(0, "a0/document", "main"), **other, "labels": ["HIT"], "annotation_id": "900", "status": "draft"}
    yield {**key(0, "a1/document", "main"), **other, "labels": ["HIT"], "annotation_id": "901", "status": "deleted"}
    yield {
        **key(0, "a2/document", None),
        **other,
        "annotation_id": "902",
        "status": "skipped",
        "comment": "⚠️ cut off",
    }


def build(folder: Path, schemes: list[Scheme] = SCHEMES, params: Params | None = None, **changed: Any) -> Dataset:
    return build_dataset(folder, schemes=schemes, params=params or Params(), **{**study(), **changed})


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
