"""A mapping applied to vote_mentions and vote_relations: spans with their attributes, and the links between them."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from goldwire.labels.interface import AUTHOR, RELATION
from goldwire.labels.migrate.rows import BETWEEN, Found, coded, versioned, with_columns
from goldwire.labels.migrate.rules import TEXT, Migration, Rule

ENTITY = "entity"


def recast_mentions(mentions: pa.Table, migration: Migration, found: Found) -> pa.Table:
    entities = any(name.endswith(f".{ENTITY}") for name in {*migration.old_fields, *migration.new_fields})
    told = [mentions["question"], mentions["label"], pc.fill_null(mentions["attributes"], "{}")]
    told += [pc.fill_null(mentions["entity"], "")] if entities else []
    joined = pc.binary_join_element_wise(*told, BETWEEN)
    joined = joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined
    distinct = joined.dictionary_encode()
    code, times = coded(distinct)
    became: list[tuple[str, str, str, str | None] | None] = []
    why: list[tuple[str, str] | None] = []
    for text, number in zip(distinct.dictionary.to_pylist(), times, strict=True):
        span = _Span(migration, found, number, *text.split(BETWEEN))
        became.append(span.became())
        why.append(span.again)
    again = np.array([one is not None for one in why], dtype=bool)[code]
    if again.any():
        rows, at = mentions.filter(pa.array(again)), code[again]
        for name in sorted({one[0] for one in why if one}):
            label = [one[1] if one and one[0] == name else None for one in why]
            here = pa.array(label, pa.string()).take(pa.array(at))
            found.answer(rows.filter(here.is_valid()), name, here.drop_null())
        found.spoil(rows)
    kept = np.array([one is not None for one in became], dtype=bool)[code]
    where = pa.array(code[kept])
    rows = mentions.filter(pa.array(kept))
    columns = {
        name: pa.array([one[i] if one else None for one in became], pa.string()).take(where)
        for i, name in enumerate(("question", "label", "attributes", "entity"))
    }
    if not entities:
        columns.pop("entity")
    return versioned(with_columns(rows, **columns), migration)


class _Span:
    """One distinct span: its layer, label, attributes and entity, and what becomes of them."""

    def __init__(
        self, migration: Migration, found: Found, number: int, layer: str, label: str, said: str, entity: str = ""
    ) -> None:
        self.migration, self.found, self.number = migration, found, number
        self.layer, self.label, self.entity = layer, label, entity
        self.attributes: dict[str, list[str]] = json.loads(said)
        self.again: tuple[str, str] | None = None

    def became(self) -> tuple[str, str, str, str | None] | None:
        rule = self.migration.rules[self.layer]
        label = self._outcome(rule, (self.label,))
        if not label or rule.new is None:
            return None
        given = {**self.attributes, **({ENTITY: [self.entity]} if self.entity else {})}
        taken: dict[str, list[str]] = {}
        for name, labels in sorted(given.items()):
            attribute = self.migration.rules[f"{self.layer}.{name}"]
            if self.label in attribute.not_asked:
                if not attribute.not_asked[self.label]:
                    self.found.undecided[f"{attribute.old.name}@{self.label}", ", ".join(labels)] += self.number
                continue
            said = (TEXT,) if attribute.old.type == "text" else tuple(labels)
            outcome = self._outcome(attribute, said)
            if outcome and attribute.new:
                taken[attribute.new.name.split(".")[1]] = labels if outcome == (TEXT,) else list(outcome)
        entity_field = self.migration.new_fields.get(f"{rule.new.name}.{ENTITY}")
        entity = None
        if entity_field is not None and entity_field.type == "text":
            entity = " ".join(taken.pop(ENTITY, [])) or None
        return rule.new.name, label[0], json.dumps(taken, ensure_ascii=False, sort_keys=True), entity

    def _outcome(self, rule: Rule, given: tuple[str, ...]) -> tuple[str, ...] | None:
        outcome = rule.of(given)
        self.found.undecided.update(dict.fromkeys(((rule.old.name, one) for one in outcome.undecided), self.number))
        if outcome.again:
            self.again = (rule.new.name if rule.new else rule.old.name, ", ".join(given))
        return outcome.labels


def recast_relations(relations: pa.Table, marked: pa.Table, migration: Migration, found: Found) -> pa.Table:
    rule = migration.rules.get(RELATION)
    if rule is None or not relations.num_rows:
        return versioned(relations.slice(0, 0), migration)
    names = marked["mention_id"].combine_chunks()
    ends, gone = [], np.zeros(relations.num_rows, dtype=bool)
    for column in ("from", "to"):
        place = pc.index_in(relations[column].combine_chunks(), value_set=names)
        author = pc.equal(relations[column].combine_chunks(), AUTHOR)
        gone |= pc.and_(place.is_null(), pc.invert(author)).to_numpy(zero_copy_only=False)
        ends.append(pc.if_else(author, AUTHOR, marked["label"].combine_chunks().take(place)))
    rows = relations.filter(pa.array(~gone))
    ends = [end.filter(pa.array(~gone)) for end in ends]
    distinct = pc.binary_join_element_wise(rows["label"].combine_chunks(), *ends, BETWEEN).dictionary_encode()
    code, times = coded(distinct)
    became: list[str | None] = []
    again = []
    for text, number in zip(distinct.dictionary.to_pylist(), times, strict=True):
        label, from_, to = text.split(BETWEEN)
        outcome = rule.of((label,))
        found.undecided.update(dict.fromkeys(((RELATION, one) for one in outcome.undecided), number))
        new = outcome.labels[0] if outcome.labels else None
        forbidden = new is not None and not migration.allowed_still(new, from_, to)
        became.append(None if forbidden else new)
        again.append(outcome.again or forbidden)
    asked = np.array(again, dtype=bool)[code]
    if asked.any():
        spoilt = rows.filter(pa.array(asked))
        found.answer(spoilt, RELATION, spoilt["label"].combine_chunks())
        found.spoil(spoilt)
    label = pa.array(became, pa.string()).take(pa.array(code))
    kept = label.is_valid()
    rows, label = rows.filter(kept), label.filter(kept)
    rows = with_columns(rows, label=label, relation_id=_relation_ids(rows, label))
    distinct_ids = rows["relation_id"].combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
    first = np.sort(np.unique(distinct_ids, return_index=True)[1])
    return versioned(rows.take(pa.array(first)), migration)


def _relation_ids(rows: pa.Table, label: pa.Array) -> pa.Array:
    """Return ``<annotation_id>/<from>-<to>/<label>``, as the fold does."""
    ends = (pc.replace_substring_regex(rows[end].combine_chunks(), "^[^/]*/", "") for end in ("from", "to"))
    link = pc.binary_join_element_wise(*ends, "-")
    return pc.binary_join_element_wise(rows["annotation_id"].combine_chunks(), link, label, "/")
