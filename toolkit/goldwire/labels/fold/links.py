"""Mentions and the relations between them, as one annotation has them."""

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

from msgspec import Struct

from goldwire.errors import GoldwireError
from goldwire.labels.fold.typed import Item
from goldwire.scheme import RelationLabel, Scheme


class Mention(Struct, gc=False):
    """A marked span. Its id is the server's id of the region, unique within the annotation."""

    id: str
    layer: str
    label: str
    start: int
    end: int
    text: str
    entity: str | None = None
    attributes: dict[str, list[str]] = {}


class Relation(NamedTuple):
    """A link from one mention, or from "author", to another: their ids, and the label."""

    from_: str
    to: str
    label: str


class Found(NamedTuple):
    """The relations that one drawn link is, and what there is to remark of it."""

    relations: list[Relation]
    remarks: list[str]


def by_name(scheme: Scheme, label: str) -> RelationLabel:
    """Return the relation label of this name.

    Raises
    ------
    GoldwireError
        When the scheme has none.
    """
    for relation in scheme.relations:
        if relation.name == label:
            return relation
    raise GoldwireError(
        f'"{label}" is no relation of the scheme', hint="If the scheme has changed, bring back the one of the round."
    )


def relations(scheme: Scheme, item: Item, from_: Sequence[Mention], to: Sequence[Mention]) -> Found:
    """Return the relations that a link is, which an annotator drew between two spans.

    - A link without a label has the one that the scheme allows between the two spans, if there is just one.
    - A link that the scheme allows only the other way round is turned.
    - A link to both sides ("bi") is two relations, or the one that the scheme allows.
    - A link that the scheme allows neither way is left out, with a remark.

    Parameters
    ----------
    scheme : Scheme
    item : Item
        With direction ("right", "left" or "bi"; right where the server says another) and labels.
    from_, to : sequence of Mention
        The mentions of the two spans; more than one for a span that has labels of two layers.

    Raises
    ------
    GoldwireError
        When a label is not in the scheme.
    """
    pairs = list(product(from_, to))
    back = [(b, a) for a, b in pairs]
    direction = item.direction if item.direction in ("left", "bi") else "right"
    drawn = {"right": pairs, "left": back, "bi": [*pairs, *back]}[direction]
    other = {"right": back, "left": pairs, "bi": []}[direction]
    labels = item.labels or []
    said = f"from {_names(from_)} to {_names(to)}"
    if not labels:
        possible = _allowed(scheme.relations, drawn) or _allowed(scheme.relations, other)
        if len({relation.label for relation in possible}) == 1:
            return Found(possible, [])
        known = ", ".join(sorted({relation.label for relation in possible})) or "none"
        return Found([], [f"a relation {said} has no label (possible: {known})"])
    found = Found([], [])
    for label in labels:
        meant = [by_name(scheme, label)]
        allowed = _allowed(meant, drawn) or _allowed(meant, other)
        found.relations.extend(allowed)
        if not allowed:
            found.remarks.append(f'the scheme allows no relation "{label}" {said}')
    return found


def _allowed(labels: Sequence[RelationLabel], pairs: Sequence[tuple[Mention, Mention]]) -> list[Relation]:
    return [
        Relation(a.id, b.id, label.name)
        for label in labels
        for a, b in pairs
        if a.label in label.from_ and b.label in label.to
    ]


def _names(mentions: Sequence[Mention]) -> str:
    return " and ".join(f"{mention.id} ({mention.label})" for mention in mentions)
