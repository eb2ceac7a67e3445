"""What a scheme asks, as a flat list of fields, and what two versions have in common.

A field is a question, a mention layer, an attribute (``layer.attribute``), or all relation labels together
(``relation``). Its labels are names, in a tree paths.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Literal

from goldwire.labels.interface import RELATION
from goldwire.scheme import Label, Question, Scheme

Kind = Literal["question", "layer", "attribute", "relation"]


@dataclass(frozen=True)
class Field:
    """Something that a scheme asks.

    Parameters
    ----------
    name : str
        ``event``, ``mentions``, ``mentions.mode`` or ``relation``.
    kind : str
    type : str
        As in a scheme; a layer and the relations are "single".
    required : bool
    text : str
        The question, as the annotator reads it.
    labels : dict
        Label -> what it means: definition and role.
    spans : tuple of str
        Of an attribute: the span labels that it is asked about.
    """

    name: str
    kind: Kind
    type: str
    required: bool
    text: str
    labels: dict[str, tuple[str, str]]
    spans: tuple[str, ...] = ()

    @property
    def takes_one(self) -> bool:
        """Whether an answer is one label at most."""
        return self.type in ("single", "ordinal")

    @property
    def may_be_empty(self) -> bool:
        """Whether giving nothing is an answer: that none of the labels fits."""
        return self.type in ("multiple", "tree") and not self.required


def fields(scheme: Scheme) -> dict[str, Field]:
    """Return everything that a scheme asks, by name, in its order."""
    found = {question.name: _asked(question.name, "question", question) for question in scheme.questions}
    for layer in scheme.mentions:
        spans = tuple(label.name for label in layer.labels)
        found[layer.name] = Field(layer.name, "layer", "single", False, layer.text, _meanings(layer.labels))
        for attribute in layer.attributes:
            name = f"{layer.name}.{attribute.name}"
            asked = replace(_asked(name, "attribute", attribute), spans=tuple(attribute.applies_to) or spans)
            found[name] = _together(found[name], asked) if name in found else asked
    if scheme.relations:
        found[RELATION] = Field(RELATION, "relation", "single", False, "", _meanings(scheme.relations))
    return found


def suggestion(label: str, old: Field, new: Field) -> str | None:
    """Return the label of `new` that an old one may have become: the one defined alike, or spelled nearly alike."""
    free = [name for name in new.labels if name not in old.labels]
    alike = [name for name in free if new.labels[name] == old.labels[label]]
    lower = {name.lower(): name for name in free}
    close = [lower[name] for name in get_close_matches(label.lower(), list(lower), n=1)]
    return next(iter([*alike, *close]), None)


def suggested_field(old: Field, free: Iterable[Field]) -> str | None:
    """Return the field that an old one may have become: of its kind, with the same text or mostly the same labels."""
    for new in free:
        common = len(old.labels.keys() & new.labels.keys())
        many = 2 * common > max(len(old.labels), len(new.labels))
        if new.kind == old.kind and (many or (old.text and new.text == old.text)):
            return new.name
    return None


def _asked(name: str, kind: Kind, question: Question) -> Field:
    labels = {path: _meaning(question.label(path)) for path in question.label_names()}
    return Field(name, kind, question.type, question.required, question.text, labels)


def _together(one: Field, other: Field) -> Field:
    """Two attributes of one name, asked about different labels, are one field."""
    kind = one.type if one.type == other.type else "multiple"
    return replace(one, type=kind, labels={**one.labels, **other.labels}, spans=(*one.spans, *other.spans))


def _meanings(labels: Iterable[Label]) -> dict[str, tuple[str, str]]:
    return dict(_named(labels))


def _named(labels: Iterable[Label]) -> Iterator[tuple[str, tuple[str, str]]]:
    for label in labels:
        yield label.name, _meaning(label)


def _meaning(label: Label) -> tuple[str, str]:
    return label.definition, label.role
