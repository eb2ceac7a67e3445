"""Rows of predicted spans and links, checked against scheme and text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from goldwire.labels.fold.links import Mention, Relation
from goldwire.labels.fold.results import ENTITY, Answer
from goldwire.labels.interface import AUTHOR, Control
from goldwire.labels.predictions import cells
from goldwire.labels.predictions.cells import MistakeError, Row
from goldwire.labels.predictions.results import asked_of
from goldwire.provenance import digest
from goldwire.scheme import Scheme

_REGION = re.compile(r"(?!q-)[A-Za-z0-9_-]+")  # "q-..." is what answers about the unit are called


class Place(NamedTuple):
    """A row of a file, from 1, without the header."""

    file: str
    row: int

    def at(self, column: str) -> str:
        """Return file, row and column for a message."""
        return f"{self.file}: row {self.row}, {column}"


@dataclass
class Said:
    """What is collected for one unit and model, and the first row that says so."""

    row: "Place"
    answer: Answer
    scores: list[float] = field(default_factory=list)
    regions: dict[str, Mention] = field(default_factory=dict)


class Spans:
    """Takes rows of mentions and relations.

    Parameters
    ----------
    scheme : Scheme
    names : mapping
        Its controls; see `goldwire.labels.interface.controls`.
    """

    def __init__(self, scheme: Scheme, names: Mapping[str, Control]) -> None:
        self.names = names
        self.layers = {label.name: layer.name for layer in scheme.mentions for label in layer.labels}
        self.links = {relation.name: relation for relation in scheme.relations}

    def mention(self, row: Row, text: str, start: int, said: Said) -> None:
        """Take a row of mentions of a unit, whose `text` begins at `start` in its article."""
        label = cells.text(row.get("label"), "label")
        layer = self.layers.get(label)
        if layer is None:
            raise MistakeError("label", f'"{label}" is no label of spans in the scheme')
        if row.get("question") not in (None, layer):
            raise MistakeError("question", f'"{label}" is a label of {layer}, not of {row["question"]}')
        begin, end = cells.integer(row.get("start"), "start") - start, cells.integer(row.get("end"), "end") - start
        if not 0 <= begin < end <= len(text):
            raise MistakeError(
                "start", f"{begin + start} to {end + start} is not in the unit, {start} to {start + len(text)}"
            )
        words = cells.text(row.get("text"), "text")
        if text[begin:end] != words:
            raise MistakeError(
                "text", f"{words!r} is not there; {begin + start} to {end + start} is {text[begin:end]!r}"
            )
        number = str(row.get("mention_id") or digest(label, str(begin), str(end), length=12))
        if number in said.regions:
            raise MistakeError("mention_id", "this mention stands in an earlier row already")
        region = number if _REGION.fullmatch(number) else digest(number, length=12)
        entity, attributes = self._attributes(row, label)
        mention = Mention(region, layer, label, begin + start, end + start, words, entity, attributes)
        said.regions[number] = mention
        said.answer.mentions.append(mention)
        said.scores += cells.scores(row, [label])

    def _attributes(self, row: Row, label: str) -> tuple[str | None, dict[str, list[str]]]:
        entity = None if row.get("entity") in (None, "") else str(row["entity"]).strip()
        given = cells.parsed(row.get("attributes"), "attributes") or {}
        if not isinstance(given, dict):
            raise MistakeError("attributes", "is not a JSON object of lists")
        found = {}
        for name, value in given.items():
            if not (values := cells.strings(value)):
                continue
            control = asked_of(self.names, label, "attribute", name)
            if control is None or (name == ENTITY and self.names[control].type == "textarea"):
                raise MistakeError("attributes", f'the scheme does not ask "{name}" of "{label}"')
            found[name] = cells.labels(self.names[control], values, "attributes")
        if entity:
            control = asked_of(self.names, label, "attribute", ENTITY)
            if control is None or self.names[control].type != "textarea":
                raise MistakeError("entity", f'the scheme does not ask the entity of "{label}"')
        return entity, found

    def relation(self, row: Row, said: Said) -> None:
        """Take a row of relations; the mentions at its ends were taken before."""
        label = cells.text(row.get("label"), "label")
        link = self.links.get(label)
        if link is None:
            raise MistakeError("label", f'"{label}" is no relation of the scheme')
        if cells.parsed(row.get("attributes"), "attributes"):
            raise MistakeError("attributes", "the scheme asks nothing of a relation")
        ends = []
        for column, allowed in (("from", link.from_), ("to", link.to)):
            number = cells.text(row.get(column), column)
            mention = said.regions.get(number)
            if mention is None and not (number == AUTHOR and column == "from"):
                raise MistakeError(column, f"{number} is no mention of this unit and model")
            what = mention.label if mention else AUTHOR
            if what not in allowed:
                raise MistakeError(column, f"{label} leads {column} {', '.join(allowed)}, not {what}")
            ends.append(mention.id if mention else AUTHOR)
        relation = Relation(ends[0], ends[1], label)
        if relation in said.answer.relations:
            raise MistakeError("label", "this relation stands in an earlier row already")
        said.answer.relations.append(relation)
        said.scores += cells.scores(row, [label])
