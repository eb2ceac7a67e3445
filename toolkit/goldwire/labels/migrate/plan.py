"""What a migration does to the answers of a round: for every label, how many have it and what becomes of them."""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from goldwire.labels.interface import RELATION
from goldwire.labels.migrate import mapping as files
from goldwire.labels.migrate.compare import Field, fields, suggested_field, suggestion
from goldwire.labels.migrate.mapping import UNDECIDED, Mapping, Target, Version
from goldwire.labels.migrate.rules import Migration
from goldwire.scheme import Scheme

Row = dict[str, Any]
Key = tuple[str, str | None]


@dataclass(frozen=True)
class Given:
    """How often each (field, label) was given: annotations that count, their units, and rows that do not count."""

    answers: Counter[Key]
    units: Counter[Key]
    others: Counter[Key]


def given(votes: pa.Table, mentions: pa.Table, relations: pa.Table, scheme: Scheme) -> Given:
    """Count the answers of one version of a scheme; of a text question and attribute the label is None."""
    found = Given(Counter(), Counter(), Counter())
    lists = votes["labels"].combine_chunks()
    labels, parents = pc.list_flatten(lists), pc.list_parent_indices(lists)
    _count(found, votes.take(parents), votes["question"].combine_chunks().take(parents), labels)
    texts = votes.filter(pc.and_(pc.not_equal(pc.fill_null(votes["value"], ""), ""), _no_labels(votes)))
    _count(found, texts, texts["question"], pa.nulls(texts.num_rows, pa.string()))
    _count(found, mentions, mentions["question"], mentions["label"])
    _count(found, relations, pa.array([RELATION] * relations.num_rows, pa.string()), relations["label"])
    _attributes(found, mentions, fields(scheme))
    return found


def rows(migration: Migration, counted: Given) -> list[Row]:
    """Return a row for every label of both versions, in the order of the schemes, old before new.

    Returns
    -------
    list of dict
        name, label (None: all of the field), answers, units, others (answers that do not count: drafts, deleted,
        displaced), what (kept, renamed, merged, again, retired, undecided, added), to, and changed: what of its
        meaning is another in the new version (text, type, required, definition).
    """
    found = []
    for name, rule in migration.rules.items():
        merged = Counter(to for to in rule.labels.values() if isinstance(to, str))
        what = "kept" if rule.new and rule.new.name == name else "renamed" if rule.new else "retired"
        if not rule.decided:
            what = "undecided"
        changed = (
            []
            if rule.new is None
            else [word for word in ("text", "type", "required") if getattr(rule.old, word) != getattr(rule.new, word)]
        )
        found.append(_row(name, None, counted, what, rule.new.name if rule.new else None, changed))
        for label in rule.old.labels:
            to = rule.labels.get(label, UNDECIDED)
            becomes = _becomes(label, to, merged) if rule.new else what
            differs = (
                rule.new is not None
                and isinstance(to, str)
                and to in rule.new.labels
                and (rule.old.labels[label] != rule.new.labels[to])
            )
            target = None if rule.new is None or to == UNDECIDED else to
            found.append(_row(name, label, counted, becomes, target, ["definition"] if differs else []))
        for span, retired in rule.not_asked.items():
            place = f"{name}@{span}"
            found.append(_row(place, None, counted, "retired" if retired else "undecided", None, []))
    reached = {
        (rule.new.name, one)
        for rule in migration.rules.values()
        if rule.new
        for to in rule.labels.values()
        for one in (to if isinstance(to, list) else [to])
    }
    for name, new in migration.new_fields.items():
        wish = migration.added.get(name)
        if wish:
            found.append(_row(name, None, counted, "undecided" if wish == UNDECIDED else "added", None, [wish]))
        elif any(rule.new and rule.new.name == name for rule in migration.rules.values()):
            fresh = (label for label in new.labels if (name, label) not in reached)
            found += [_row(name, label, Given(Counter(), Counter(), Counter()), "added", None, []) for label in fresh]
    return found


def draft(old: Scheme, new: Scheme) -> tuple[Mapping, dict[tuple[str, ...], str]]:
    """Return the mapping of all that is certain, with ``?`` for the rest, and remarks that suggest what it may be."""
    before, after = fields(old), fields(new)
    remarks: dict[tuple[str, ...], str] = {}
    names: dict[str, str | None] = {}
    labels: dict[str, dict[str, Target]] = {}
    free = [one for one in after.values() if one.name not in before]
    for name, asked in before.items():
        same = after.get(name)
        if same is None or same.kind != asked.kind:
            layer = name.partition(".")[0]
            if asked.kind == "attribute" and layer not in after:
                continue  # it follows its layer
            names[name] = UNDECIDED
            if close := suggested_field(asked, free):
                remarks["names", name] = f"perhaps {close}"
            continue
        names[name] = name
        found = {label: label if label in same.labels else UNDECIDED for label in asked.labels}
        for label, to in found.items():
            if to == UNDECIDED and (close := suggestion(label, asked, same)):
                remarks["labels", name, label] = f"perhaps {close}"
        if found:
            labels[name] = dict(found)
        gone = [span for span in asked.spans if span in _spans(after, name) and span not in same.spans]
        names |= dict.fromkeys((f"{name}@{span}" for span in gone), UNDECIDED)
    mapping = Mapping(from_=Version.of(old), to=Version.of(new), names=names, labels=labels)
    added = Migration(mapping, old, new, "").added
    return mapping.model_copy(update={"added": added}), remarks


def text_of_draft(old: Scheme, new: Scheme) -> str:
    """Return the draft as the text of a mapping file."""
    return files.write(*draft(old, new))


def _becomes(label: str, to: Target, merged: Counter[str]) -> str:
    if to is None:
        return "retired"
    if isinstance(to, list):
        return "again"
    if to == UNDECIDED:
        return "undecided"
    return "merged" if merged[to] > 1 else "kept" if to == label else "renamed"


def _row(name: str, label: str | None, counted: Given, what: str, to: Target, changed: list[str]) -> Row:
    key = (name, label)
    numbers = {
        "answers": counted.answers[key],
        "units": counted.units[key],
        "others": counted.others[key],
    }
    return {"name": name, "label": label, **numbers, "what": what, "to": to, "changed": changed}


def _spans(found: dict[str, Field], name: str) -> set[str]:
    layer = found.get(name.partition(".")[0])
    return set(layer.labels) if layer else set()


def _count(found: Given, table: pa.Table, names: Any, labels: Any) -> None:
    """Add one for every annotation and every unit that has a (field, label), and for the field itself."""
    frame = pa.table(
        {
            "name": names,
            "label": labels,
            "annotation": pc.binary_join_element_wise(table["round"], table["annotation_id"], "\x1f"),
            "unit": table["unit_id"],
            "counts": pc.fill_null(table["counts"], False),
        }
    )
    counting = frame.filter(frame["counts"])
    for rows_, what, into in (
        (counting, "annotation", found.answers),
        (counting, "unit", found.units),
        (frame.filter(pc.invert(frame["counts"])), "annotation", found.others),
    ):
        for by in (["name", "label"], ["name"]):
            counted = rows_.group_by(by).aggregate([(what, "count_distinct")])
            for row in counted.to_pylist():
                into[row["name"], row.get("label")] = row[f"{what}_count_distinct"]


def _attributes(found: Given, mentions: pa.Table, asked: dict[str, Field]) -> None:
    """Count attributes, each distinct span looked at once; ``layer.attribute@LABEL`` counts those at a span label."""
    columns = [mentions["question"], mentions["label"], pc.fill_null(mentions["attributes"], "{}")]
    there = pc.if_else(pc.equal(pc.fill_null(mentions["entity"], ""), ""), "", "entity")
    distinct = pc.binary_join_element_wise(*columns, there, "\x1f").combine_chunks().dictionary_encode()
    entries = []
    for text in distinct.dictionary.to_pylist():
        layer, span, said, entity = text.split("\x1f")
        values = {**json.loads(said), **({entity: [""]} if entity else {})}
        pairs = []
        for attribute, labels in values.items():
            name = f"{layer}.{attribute}"
            known: list[str | None] = list(labels) if asked[name].type != "text" else [None]
            pairs += [{"name": name, "label": label} for label in known]
            pairs += [{"name": f"{name}@{span}", "label": None}] if labels else []
        entries.append(pairs)
    kind = pa.list_(pa.struct([("name", pa.string()), ("label", pa.string())]))
    lists = pa.array(entries, kind).take(distinct.indices)
    flat, parents = pc.list_flatten(lists), pc.list_parent_indices(lists)
    _count(found, mentions.take(parents), flat.field("name"), flat.field("label"))


def _no_labels(votes: pa.Table) -> Any:
    return pc.equal(pc.fill_null(pc.list_value_length(votes["labels"]), 0), 0)
