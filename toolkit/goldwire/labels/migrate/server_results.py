"""A mapping applied to one annotation's result, as the server stores it. What does not change stays as it is."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from goldwire.labels.fold import links, typed
from goldwire.labels.fold.links import Mention, Relation
from goldwire.labels.interface import RELATION, Control, controls
from goldwire.labels.migrate.rules import TEXT, Migration, Outcome

Item = Mapping[str, Any]

_KEYS = {"choices": "choices", "taxonomy": "taxonomy", "textarea": "text", "labels": "labels"}


@dataclass
class Mapped:
    """What a result becomes.

    `again` has (field, label) of what was emptied because it must be answered again, `undecided` of what nobody
    decided on.
    """

    result: list[Item] = field(default_factory=list)
    again: list[tuple[str, str]] = field(default_factory=list)
    undecided: list[tuple[str, str]] = field(default_factory=list)


class Mapper:
    """Maps results from the old scheme's interface to the new one's."""

    def __init__(self, migration: Migration) -> None:
        self.migration = migration
        self.old, self.new = controls(migration.old), controls(migration.new)

    def of(self, result: Sequence[Item]) -> Mapped:
        """Return what a result becomes; items that nobody asked for (of unknown controls) stay as they are."""
        return _Mapping(self, result).mapped


class _Mapping:
    def __init__(self, mapper: Mapper, result: Sequence[Item]) -> None:
        self.migration, self.old, self.new = mapper.migration, mapper.old, mapper.new
        self.mapped = Mapped()
        self.spans: dict[str, dict[str, str]] = defaultdict(dict)  # region -> old layer -> old label
        self.became: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)  # region -> old layer -> new of both
        questions: dict[str, list[Item]] = defaultdict(list)
        for item in result:
            control = self._control(item)
            if control and control.kind == "mention" and (given := _given(control, item)):
                self._span(control, str(item["id"]), given[0])
            if control and control.kind == "question":
                questions[control.name].append(item)
        self.answers = {name: list(self._question(self.old[name], items)) for name, items in questions.items()}
        for item in result:
            self.mapped.result += self._item(item)

    def _control(self, item: Item) -> Control | None:
        control = self.old.get(str(item.get("from_name")))
        return control if control and _KEYS[control.type] in (item.get("value") or {}) else None

    def _item(self, item: Item) -> Iterator[Item]:
        control = self._control(item)
        if item.get("type") == RELATION:
            yield from self._relation(item)
        elif control is None or control.kind == "comment":
            yield item
        elif control.kind == "question":
            yield from self.answers.pop(control.name, [])
        elif control.kind == "mention":
            region = str(item["id"])
            if not _given(control, item):
                yield item
            elif control.name in self.became[region]:
                layer, label = self.became[region][control.name]
                yield _changed(item, control, self.new[layer], [label])
        elif control.kind == "attribute":
            yield from self._attribute(control, item)
        else:
            yield from self._author(control, item)

    def _span(self, control: Control, region: str, label: str) -> None:
        self.spans[region][control.name] = label
        rule = self.migration.rules[control.name]
        outcome = self._outcome(rule.of((label,)), control.name, (label,))
        if outcome.labels and rule.new:
            self.became[region][control.name] = (rule.new.name, outcome.labels[0])

    def _question(self, control: Control, items: list[Item]) -> Iterator[Item]:
        rule = self.migration.rules[control.name]
        given = [label for item in items for label in _given(control, item)]
        if not given:
            yield from items
            return
        outcome = self._outcome(rule.of(_said(control, given)), control.name, tuple(given))
        if outcome.labels and rule.new:
            new = self.new[rule.new.name]
            kept = given if control.type == "textarea" else _in_given_order(rule.labels, given, outcome.labels)
            if len(items) == 1 or (kept == given and (new.name, new.type) == (control.name, control.type)):
                rest = kept
                for item in items:
                    own = rest if len(items) == 1 else _given(control, item)
                    yield _changed(item, control, new, own)
            else:
                yield _changed(items[0], control, new, kept)

    def _attribute(self, control: Control, item: Item) -> Iterator[Item]:
        layers = self.spans.get(str(item.get("id")), {})
        label = layers.get(str(control.layer))
        if label is None or label not in control.spans:
            yield item  # answered where it is not asked: nobody reads it, before or after
            return
        name = f"{control.layer}.{control.name}"
        rule = self.migration.rules[name]
        given = _given(control, item)
        span = self.became[str(item["id"])].get(str(control.layer))
        if not given or span is None:
            yield from [item] if span else []
            return
        if label in rule.not_asked:
            if not rule.not_asked[label]:
                self.mapped.undecided.append((f"{name}@{label}", ", ".join(given)))
            return
        outcome = self._outcome(rule.of(_said(control, given)), name, tuple(given))
        if outcome.labels and rule.new:
            wanted = rule.new.name.split(".")[1]
            for new_name, new in self.new.items():
                if (new.kind, new.name, new.layer) == ("attribute", wanted, span[0]) and span[1] in new.spans:
                    text = control.type == "textarea"
                    kept = given if text else _in_given_order(rule.labels, given, outcome.labels)
                    yield _changed(item, control, new, kept, new_name)

    def _author(self, control: Control, item: Item) -> Iterator[Item]:
        spans = self.became.get(str(item.get("id")), {})
        targets = {label for _, label in spans.values()}
        kept: list[str] = []
        for label in _given(control, item):
            new = self._relation_label(label)
            if new is None:
                continue
            if targets and not any(self.migration.allowed_still(new, control.name, to) for to in targets):
                self.mapped.again.append((RELATION, label))
            elif targets:
                kept.append(new)
        name = next((name for name, one in self.new.items() if one.kind == "author"), None)
        if kept and name:
            yield _changed(item, control, self.new[name], list(dict.fromkeys(kept)), name)

    def _relation(self, item: Item) -> Iterator[Item]:
        ends = [str(item.get(end)) for end in ("from_id", "to_id")]
        if any(end not in self.spans for end in ends):
            yield item
            return
        if any(not self.became[end] for end in ends):
            return
        before = links.relations(
            self.migration.old, typed.items([item])[0], *([*self._mentions(end, old=True)] for end in ends)
        )
        wanted = {
            Relation(one.from_, one.to, new) for one in before.relations if (new := self._relation_label(one.label))
        }
        if before.relations and not wanted:
            return
        said = item.get("labels") or []
        news = [new for label in said if (new := self._relation_label(label, note=False))]
        made = item if news == said else {**item, "labels": list(dict.fromkeys(news))}
        if self._read(made, ends) != wanted and not said:
            made = {**item, "labels": sorted({one.label for one in wanted})}
        if self._read(made, ends) == wanted:
            yield made
        else:
            self.mapped.again += [(RELATION, one.label) for one in before.relations]

    def _read(self, item: Item, ends: list[str]) -> set[Relation]:
        found = links.relations(
            self.migration.new, typed.items([item])[0], *([*self._mentions(end, old=False)] for end in ends)
        )
        return set(found.relations)

    def _mentions(self, region: str, *, old: bool) -> Iterator[Mention]:
        for layer, label in self.spans[region].items():
            if layer in self.became[region]:
                name = label if old else self.became[region][layer][1]
                yield Mention(f"{region}/{layer}", layer, name, 0, 1, "")

    def _relation_label(self, label: str, *, note: bool = True) -> str | None:
        outcome = self.migration.rules[RELATION].of((label,))
        outcome = self._outcome(outcome, RELATION, (label,)) if note else outcome
        return outcome.labels[0] if outcome.labels else None

    def _outcome(self, outcome: Outcome, name: str, given: tuple[str, ...]) -> Outcome:
        self.mapped.undecided += [(name, label) for label in outcome.undecided]
        if outcome.again:
            self.mapped.again.append((name, ", ".join(given)))
        return outcome


def _given(control: Control, item: Item) -> list[str]:
    given = item["value"][_KEYS[control.type]]
    given = [given] if isinstance(given, str) else given
    return ["/".join(one) if isinstance(one, list) else one for one in given]


def _said(control: Control, given: list[str]) -> tuple[str, ...]:
    if control.type == "textarea":
        return (TEXT,) if any(text.strip() for text in given) else ()
    return tuple(given)


def _in_given_order(labels: Mapping[str, Any], given: list[str], kept: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(labels[label] for label in given if labels.get(label) in kept))


def _changed(item: Item, old: Control, new: Control, labels: list[str], name: str | None = None) -> Item:
    """Return the item with another control and other labels; the same object when nothing differs."""
    value: list[Any] = [label.split("/") for label in labels] if new.type == "taxonomy" else labels
    key = _KEYS[new.type]
    name = name or new.name
    given = item["value"].get(key)
    if name == item["from_name"] and old.type == new.type and (given == value or [given] == value):
        return item
    rest = {other: said for other, said in item["value"].items() if other != _KEYS[old.type]}
    return {**item, "from_name": name, "type": new.type, "value": {**rest, key: value}}
