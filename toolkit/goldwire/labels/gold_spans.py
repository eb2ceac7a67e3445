"""From marked spans and links to gold mentions and relations.

- A mention is in gold when more than half of the annotators who submitted the unit marked it, with the same label
  in the same layer. `matching` says which spans are the same mention.
- A relation is in gold when more than half of the annotators who marked both of its mentions drew it.
- An attribute that takes several labels: each label that more than half of the mention's annotators gave. Any
  other attribute, and the entity: what most of those gave who gave one; a tie leaves it out and is flagged.

The answers of a single annotator stand as they are.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pyarrow as pa

from goldwire.labels.ballots import Recode
from goldwire.labels.matching import Span, boundaries, cluster
from goldwire.scheme import Attribute, Scheme
from goldwire.stats import consensus

AUTHOR = "author"

Row = dict[str, Any]
Key = tuple[str, str]


@dataclass(frozen=True)
class Spans:
    """What annotators marked, by (scheme, unit). `annotators` are all who submitted the unit."""

    annotators: dict[Key, set[str]]
    mentions: dict[Key, list[Row]]
    relations: dict[Key, list[Row]]

    @classmethod
    def of_tables(cls, votes: pa.Table, mentions: pa.Table, relations: pa.Table) -> Self:
        """Group the rows of tables that hold only rows that count."""
        who: dict[Key, set[str]] = defaultdict(set)
        for row in votes.select(["scheme", "unit_id", "annotator"]).to_pylist():
            who[row["scheme"], row["unit_id"]].add(row["annotator"])
        marked, linked = (_by_unit(table) for table in (mentions, relations))
        for key, rows in marked.items():
            who[key] |= {row["annotator"] for row in rows}
        return cls(dict(who), marked, linked)


@dataclass(frozen=True)
class _Mention:
    """A gold mention with the annotators who marked it."""

    id: str
    annotators: frozenset[str]


def merge(spans: Spans, schemes: Mapping[str, Scheme], recode: Recode) -> tuple[list[Row], list[Row], dict[str, int]]:
    """Return the rows of gold_mentions and of gold_relations, sorted, and how many of each were left out."""
    mentions: list[Row] = []
    relations: list[Row] = []
    left_out = dict.fromkeys(("mentions", "mentions_tied", "relations", "relations_tied"), 0)
    for key in sorted(spans.mentions.keys() | spans.relations.keys()):
        scheme, recodes = schemes[key[0]], recode.get(key[0], {})
        marked = [_recoded(row, recodes) for row in spans.mentions.get(key, [])]
        linked = [_recoded(row, recodes) for row in spans.relations.get(key, [])]
        found, gold_of = _mentions(marked, spans.annotators[key], scheme, left_out)
        mentions += found
        relations += _relations(linked, gold_of, spans.annotators[key], scheme, left_out)
    return mentions, relations, left_out


def _mentions(
    rows: list[Row], annotators: set[str], scheme: Scheme, left_out: dict[str, int]
) -> tuple[list[Row], dict[str, _Mention]]:
    """Return the gold mentions of a unit, and the gold mention that each marked span became."""
    alike: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        alike[row["question"], row["label"]].append(row)
    found: list[Row] = []
    gold_of: dict[str, _Mention] = {}
    taken: Counter[str] = Counter()
    for (layer, label), same in sorted(alike.items()):
        by_id = {row["mention_id"]: row for row in same}
        for members in cluster([Span(r["start"], r["end"], r["mention_id"], r["annotator"]) for r in same]):
            if not _kept(len(members), len(annotators), "mentions", left_out):
                continue
            start, end = boundaries(members)
            name = f"{rows[0]['unit_id']}#{layer}-{start}-{end}-{label}"
            taken[name] += 1
            id_ = name if taken[name] == 1 else f"{name}-{taken[name]}"
            given = [by_id[span.id] for span in members]
            text = next(row["text"] for row in given if (row["start"], row["end"]) == (start, end))
            entity, undecided = _most([row["entity"] for row in given if row["entity"]])
            attributes, tied = _attributes(given, _asked(scheme, layer, label))
            row = _decided(given[0], scheme, len(members), len(annotators), tied or undecided)
            found.append(
                row
                | {"mention_id": id_, "start": start, "end": end, "text": text, "entity": entity}
                | {"attributes": attributes}
            )
            mention = _Mention(id_, frozenset(span.annotator for span in members))
            gold_of |= dict.fromkeys((span.id for span in members), mention)
    return sorted(found, key=lambda row: (row["start"], row["end"], row["mention_id"])), gold_of


def _relations(
    rows: list[Row], gold_of: dict[str, _Mention], annotators: set[str], scheme: Scheme, left_out: dict[str, int]
) -> list[Row]:
    everybody = {**gold_of, AUTHOR: _Mention(AUTHOR, frozenset(annotators))}
    drawn: dict[tuple[str, str, str, str], dict[str, Row]] = defaultdict(dict)
    could: dict[tuple[str, str, str, str], frozenset[str]] = {}
    for row in sorted(rows, key=lambda row: str(row["relation_id"])):
        if row["from"] not in everybody or row["to"] not in everybody:
            left_out["relations"] += 1
            continue
        start, end = everybody[row["from"]], everybody[row["to"]]
        link = (row["question"], start.id, end.id, row["label"])
        drawn[link].setdefault(row["annotator"], row)
        could[link] = start.annotators & end.annotators
    found = []
    for link, by_annotator in sorted(drawn.items()):
        given = [row for _, row in sorted(by_annotator.items())]
        if not _kept(len(given), len(could[link]), "relations", left_out):
            continue
        _, start_id, end_id, label = link
        attributes, tied = _attributes(given, {})
        row = _decided(given[0], scheme, len(given), len(could[link]), tied)
        ends = "-".join(id_.rpartition("#")[2] for id_ in (start_id, end_id))
        found.append(
            row
            | {"relation_id": f"{row['unit_id']}#{label}-{ends}", "from": start_id, "to": end_id}
            | {"attributes": attributes}
        )
    return found


def _kept(votes: int, annotators: int, kind: str, left_out: dict[str, int]) -> bool:
    if 2 * votes > annotators:
        return True
    left_out[kind] += 1
    left_out[f"{kind}_tied"] += 2 * votes == annotators
    return False


def _decided(row: Row, scheme: Scheme, votes: int, annotators: int, tied: bool) -> Row:
    return {
        **{name: row[name] for name in ("scheme", "unit_id", "question", "label")},
        "scheme_hash": scheme.hash,
        "decided_by": "unanimous" if votes == annotators else "majority",
        "n_votes": annotators,
        "tied": tied,
        "distribution": [{"label": row["label"], "share": votes / annotators}],
    }


def _attributes(rows: list[Row], asked: Mapping[str, Attribute]) -> tuple[str, bool]:
    """Return the attributes that were decided, as JSON, and whether a tie left one out."""
    given = [json.loads(row["attributes"] or "{}") for row in rows]
    decided: dict[str, list[str]] = {}
    any_tie = False
    for name in sorted({name for one in given for name in one}):
        attribute = asked.get(name)
        order = {label: i for i, label in enumerate(attribute.label_names() if attribute else [])}
        unsure = {label.name for label in attribute.labels if label.role == "unsure"} if attribute else set()
        sets = [set(one.get(name, [])) - unsure for one in given]
        if attribute and attribute.type not in ("multiple", "tree"):
            most, tied = _most([label for one in sets for label in one])
            labels = [most] if most is not None else []
        else:
            labels, tied = _each(sets)
        any_tie |= tied
        if labels:
            decided[name] = sorted(labels, key=lambda label: (order.get(label, len(order)), label))
    return json.dumps(decided, ensure_ascii=False, sort_keys=True), any_tie


def _most(values: list[str]) -> tuple[str | None, bool]:
    times = sorted(Counter(values).items())
    winner, tied = consensus.plurality(np.array([[n for _, n in times]], dtype=np.int64).reshape(1, len(times)))
    return (None if winner[0] < 0 else times[winner[0]][0]), bool(tied[0])


def _each(sets: list[set[str]]) -> tuple[list[str], bool]:
    times = sorted(Counter(label for one in sets for label in one).items())
    marks = np.array([[n for _, n in times]], dtype=np.int64).reshape(1, len(times))
    kept, half = consensus.more_than_half(marks, np.array([len(sets)]))
    return [label for (label, _), keep in zip(times, kept[0], strict=True) if keep], bool(half.any())


def _asked(scheme: Scheme, layer: str, label: str) -> dict[str, Attribute]:
    """Return the layer's attributes by name; of several with one name, the one asked about this label."""
    every = [attribute for one in scheme.mentions if one.name == layer for attribute in one.attributes]
    return {a.name: a for a in sorted(every, key=lambda a: label in a.applies_to)}


def _recoded(row: Row, recodes: Mapping[str, Mapping[str, str]]) -> Row:
    label = recodes.get(row["question"], {}).get(row["label"], row["label"])
    attributes = {
        name: [recodes.get(name, {}).get(one, one) for one in labels]
        for name, labels in json.loads(row["attributes"] or "{}").items()
    }
    return {**row, "label": label, "attributes": json.dumps(attributes, ensure_ascii=False)}


def _by_unit(table: pa.Table) -> dict[Key, list[Row]]:
    grouped: dict[Key, list[Row]] = defaultdict(list)
    rows: Iterable[Row] = table.to_pylist()
    for row in rows:
        grouped[row["scheme"], row["unit_id"]].append(row)
    return dict(grouped)
