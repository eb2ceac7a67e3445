"""A mapping with both of its schemes, checked, and the rule for each field: what one answer becomes."""

from collections.abc import Iterator
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import yaml

from goldwire.errors import GoldwireError
from goldwire.labels.migrate import mapping as files
from goldwire.labels.migrate.compare import Field, fields
from goldwire.labels.migrate.mapping import UNDECIDED, Mapping, Target, Wish
from goldwire.scheme import Scheme

TEXT = "(text)"
"""Stands for what was written: a rule only asks whether there is any."""

Answer = tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What an answer becomes.

    `labels` is None where there is no answer any more: with `again` it has to be given again, otherwise it is open.
    `undecided` has the labels of which nobody said what becomes of them.
    """

    labels: Answer | None
    again: bool = False
    undecided: Answer = ()


@dataclass(frozen=True)
class Rule:
    """What becomes of the answers to a field. `new` is None when it was retired, `decided` False when nobody said."""

    old: Field
    new: Field | None
    decided: bool
    labels: Map[str, Target] = field(default_factory=dict)
    not_asked: Map[str, bool] = field(default_factory=dict)  # span label -> whether its answers are retired

    def of(self, given: Answer) -> Outcome:
        """Return what an answer becomes; () is one that was left empty."""
        if not self.decided:
            return Outcome(None, undecided=given or ()) if given else Outcome(None)
        if self.new is None:
            return Outcome(None)
        if not given:
            return self._empty(self.new)
        if "text" in (self.old.type, self.new.type):
            same = self.old.type == self.new.type
            return Outcome(given) if same else Outcome(None, again=True)
        targets = [self.labels.get(label, UNDECIDED) for label in given]
        if undecided := tuple(label for label, to in zip(given, targets, strict=True) if to == UNDECIDED):
            return Outcome(None, undecided=undecided)
        if any(isinstance(to, list) for to in targets):
            return Outcome(None, again=True)
        kept = {to for to in targets if isinstance(to, str)}
        labels = tuple(label for label in self.new.labels if label in kept)
        if self.new.takes_one and len(labels) > 1:
            return Outcome(None, again=True)
        return Outcome(labels)

    def _empty(self, new: Field) -> Outcome:
        if self.old.kind == "question" and new.required and not self.old.required:
            return Outcome(None, again=True)
        if self.old.kind == "question" and new.may_be_empty and not self.old.may_be_empty:
            return Outcome(None)  # it was not answered, and would now read as "none of them"
        return Outcome(())


@dataclass(frozen=True)
class Migration:
    """A mapping that was checked, with its schemes; see `migration`."""

    mapping: Mapping
    old: Scheme
    new: Scheme
    source: str

    @cached_property
    def old_fields(self) -> dict[str, Field]:
        return fields(self.old)

    @cached_property
    def new_fields(self) -> dict[str, Field]:
        return fields(self.new)

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """The rule for each old field, by name."""
        return {name: self._rule(name) for name in self.old_fields}

    @cached_property
    def added(self) -> dict[str, Wish]:
        """What to do where something new is asked, by the names of the new fields."""
        taken = {rule.new.name for rule in self.rules.values() if rule.new}
        found: dict[str, Wish] = {}
        for name, new in self.new_fields.items():
            of_new_layer = new.kind == "attribute" and name.split(".")[0] not in taken
            if name not in taken and not of_new_layer:
                usual: Wish = "again" if new.kind == "question" and new.required else "?"
                found[name] = self.mapping.added.get(name, usual)
        return found

    def target(self, name: str) -> str | None:
        """Return the new name of an old field: None when it is retired, ``?`` when nobody said."""
        if name in self.mapping.names:
            return self.mapping.names[name]
        kind = self.old_fields[name].kind
        if kind == "attribute":
            layer, _, attribute = name.partition(".")
            above = self.target(layer)
            if above is None:
                return None
            name = f"{above}.{attribute}"
        new = self.new_fields.get(name)
        return name if new and new.kind == kind else UNDECIDED

    def _rule(self, name: str) -> Rule:
        old, target = self.old_fields[name], self.target(name)
        if target in (None, UNDECIDED):
            return Rule(old, None, decided=target is None)
        new = self.new_fields[str(target)]
        said = self.mapping.labels.get(name, {})
        labels = {label: said.get(label, label if label in new.labels else UNDECIDED) for label in old.labels}
        return Rule(old, new, True, labels, dict(self._not_asked(old, new)))

    def _not_asked(self, old: Field, new: Field) -> Iterator[tuple[str, bool]]:
        """Yield the span labels about which an attribute is not asked any more."""
        layer = old.name.split(".")[0]
        for span in old.spans:
            now = self.mapping.labels.get(layer, {}).get(span, span)
            if isinstance(now, str) and now != UNDECIDED and now not in new.spans:
                key = f"{old.name}@{span}"
                yield span, key in self.mapping.names and self.mapping.names[key] is None

    def allowed_still(self, label: str, from_: str, to: str) -> bool:
        """Whether the new scheme allows a relation, given with its new labels, between two spans."""
        relation = next(one for one in self.new.relations if one.name == label)
        return from_ in relation.from_ and to in relation.to


def migration(mapping: Mapping, old: Scheme, new: Scheme, source: str, text: str | None = None) -> Migration:
    """Check a mapping against its two schemes.

    Parameters
    ----------
    mapping : Mapping
    old, new : Scheme
    source, text : str
        The file and what stands in it, for the lines of errors.

    Raises
    ------
    GoldwireError
        When the mapping is between other schemes, or names something that they have not; each as
        ``file:line: field: message``.
    """
    found = Migration(mapping, old, new, source)
    wrong = list(_mistakes(found))
    if wrong:
        node = yaml.compose(text, Loader=yaml.SafeLoader) if text else None
        lines = [f"{source}:{files.line_of(node, place)}: {'.'.join(place)}: {said}" for place, said in wrong]
        raise GoldwireError("\n".join(lines), hint="Mend the mapping file.")
    return found


def load(file: Path, old: Scheme, new: Scheme) -> Migration:
    """Read a mapping file and check it against its two schemes; see `migration` for the errors."""
    text = files.read_text(file)
    return migration(files.parse(text, str(file)), old, new, str(file), text)


def _mistakes(found: Migration) -> Iterator[tuple[tuple[str, ...], str]]:
    mapping, old, new = found.mapping, found.old_fields, found.new_fields
    for key, said, scheme in (("from", mapping.from_, found.old), ("to", mapping.to, found.new)):
        if (said.name, said.hash) != (scheme.name, scheme.hash):
            yield (key,), f"is {said.name} {said.version} ({said.hash}), not {_version(scheme)}"
    for name, target in mapping.names.items():
        field_, _, span = name.partition("@")
        known = field_ in old and (not span or span in old[field_].spans)
        if not known:
            yield ("names", name), f"{_version(found.old)} asks nothing of this name"
        elif span:
            if target not in (None, UNDECIDED):
                yield ("names", name), 'is null, or "?"'
        elif target not in (None, UNDECIDED) and (target not in new or new[target].kind != old[name].kind):
            yield ("names", name), f'{_version(found.new)} has no {old[name].kind} "{target}"'
        elif target in new and old[name].kind in ("question", "attribute"):
            twins = [other for other in old if (other.partition(".")[0] == name.partition(".")[0]) or "." not in name]
            if any(found.target(other) == target for other in twins if other != name and old[other].kind != "layer"):
                yield ("names", name), f"two names become {target}: an annotator would have answered it twice"
    yield from _wrong_labels(found)
    for name in mapping.added:
        if name not in new:
            yield ("added", name), f"{_version(found.new)} asks nothing of this name"


def _wrong_labels(found: Migration) -> Iterator[tuple[tuple[str, ...], str]]:
    for name, labels in found.mapping.labels.items():
        if name not in found.old_fields:
            yield ("labels", name), f"{_version(found.old)} asks nothing of this name"
            continue
        new = found.new_fields.get(str(found.target(name)))
        for label, target in labels.items():
            place = ("labels", name, label)
            if label not in found.old_fields[name].labels:
                yield place, f"{_version(found.old)} has no such label"
            if new is None or target in (None, UNDECIDED):
                continue
            for one in target if isinstance(target, list) else [target]:
                if one not in new.labels:
                    yield place, f'{new.name} has no label "{one}" in {_version(found.new)}'
            if isinstance(target, list) and len(target) < 2:
                yield place, "a split has two labels or more"


def _version(scheme: Scheme) -> str:
    return f"{scheme.name} {scheme.version} ({scheme.hash})"
