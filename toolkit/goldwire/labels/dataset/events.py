"""Events, flat: one row a trigger mention, with its attributes and those who play a role in it."""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.scheme import Scheme

Key = tuple[str, str]  # scheme and mention_id: two schemes may mark the same words
ROLES = ("actor", "recipient", "place", "date")
FLAGS = ("historical", "future", "hypothetical", "negated")

SCHEMA = pa.schema(
    [
        ("event_id", pa.string()),
        ("scheme", pa.string()),
        ("scheme_hash", pa.string()),
        ("unit_id", pa.string()),
        ("article_id", pa.string()),
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("text", pa.string()),
        ("label", pa.string()),
        ("mode", pa.string()),
        *[(flag, pa.bool_()) for flag in FLAGS],
        *[column for role in ROLES for column in ((role, tables.STRINGS), (f"{role}_ids", tables.STRINGS))],
        ("attributes", pa.string()),
        ("decided_by", pa.string()),
        ("n_votes", pa.int64()),
    ]
)


def events(mentions: pa.Table, relations: pa.Table, units: pa.Table, schemes: Iterable[Scheme]) -> pa.Table:
    """Return the events that decided mentions and relations hold.

    Parameters
    ----------
    mentions, relations : pa.Table
        `gold_mentions` and `gold_relations`. Spans of a layer of kind "event" are triggers; a relation called actor,
        recipient, place or date links a trigger to a span, in either direction.
    units : pa.Table
        For the article of each unit.
    schemes : iterable of Scheme
        Those of the mentions.

    Returns
    -------
    pa.Table
        `SCHEMA`, by scheme, unit and place in the text. `event_id` is the trigger's mention_id; start, end, text and
        label are the trigger's. `mode` is its attribute of that name; a flag is true when another attribute has a
        label so called. A role is a list, empty when nobody plays it: the entity where the span has one, else the
        span's text ("author" for the author), beside the mention ids.

    Raises
    ------
    GoldwireError
        When a mention belongs to no unit, or a relation to no mention.
    """
    layers = {(s.name, layer.name) for s in schemes for layer in s.mentions if layer.kind == "event"}
    article_of = dict(zip(units["unit_id"].to_pylist(), units["article_id"].to_pylist(), strict=True))
    spans = {(row["scheme"], row["mention_id"]): row for row in mentions.to_pylist()}
    triggers = {key for key, row in spans.items() if (row["scheme"], row["question"]) in layers}
    players = _players(relations, spans, triggers)
    rows = []
    for key in triggers:
        span = spans[key]
        if span["unit_id"] not in article_of:
            raise GoldwireError(f"mention {key[1]} is of unit {span['unit_id']}, which is not in the units")
        attributes = json.loads(span["attributes"] or "{}")
        flags = {label for name, labels in attributes.items() if name != "mode" for label in labels}
        row = {name: span[name] for name in SCHEMA.names if name in span}
        row |= {"event_id": key[1], "article_id": article_of[span["unit_id"]]}
        row["mode"] = "; ".join(attributes.get("mode", [])) or None
        row |= {flag: flag in flags for flag in FLAGS}
        for role in ROLES:
            found = sorted(players[key, role], key=lambda player: (player["start"], player["mention_id"]))
            row[role] = [player["entity"] or player["text"] for player in found]
            row[f"{role}_ids"] = [player["mention_id"] for player in found]
        rows.append(row)
    rows.sort(key=lambda row: (row["scheme"], row["unit_id"], row["start"], row["end"], row["event_id"]))
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _players(
    relations: pa.Table, spans: dict[Key, dict[str, Any]], triggers: set[Key]
) -> dict[tuple[Key, str], list[dict[str, Any]]]:
    """Return the spans that play each role in each event, keyed by (trigger, role)."""
    author = {"mention_id": "author", "entity": None, "text": "author", "start": -1}
    players: dict[tuple[Key, str], list[dict[str, Any]]] = defaultdict(list)
    for relation in relations.to_pylist():
        ends = [(relation["scheme"], relation[end]) for end in ("from", "to")]
        for end in ends:
            if end[1] != "author" and end not in spans:
                raise GoldwireError(
                    f"relation {relation['relation_id']} links to mention {end[1]}, which is not in the mentions",
                    hint="Make both again with: goldwire labels gold",
                )
        if relation["label"] not in ROLES or triggers.isdisjoint(ends):
            continue
        trigger, player = ends if ends[0] in triggers else reversed(ends)
        found = players[trigger, relation["label"]]
        if player[1] not in [one["mention_id"] for one in found]:
            found.append(author if player[1] == "author" else spans[player])
    return players
