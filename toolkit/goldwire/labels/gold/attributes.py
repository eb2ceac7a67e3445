"""What those who marked a mention, or drew a relation, say of it: its attributes and its entity, by majority."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from goldwire.scheme import Attribute, Scheme


def asked_about(scheme: Scheme, layer: str, label: str) -> dict[str, Attribute]:
    """Return the layer's attributes by name; of several with one name, the one asked about this label."""
    every = [attribute for one in scheme.mentions if one.name == layer for attribute in one.attributes]
    return {a.name: a for a in sorted(every, key=lambda a: label in a.applies_to)}


def attributes(rows: Iterable[Mapping[str, Any]], asked: Mapping[str, Attribute]) -> tuple[str, bool]:
    """Return the attributes that were decided, as JSON, and whether a tie left one out.

    Of an attribute that takes several labels, each that more than half of the rows have; of any other, what most
    of those give that give one.
    """
    given = [json.loads(row["attributes"] or "{}") for row in rows]
    decided: dict[str, list[str]] = {}
    any_tie = False
    for name in sorted({name for one in given for name in one}):
        attribute = asked.get(name)
        order = {label: i for i, label in enumerate(attribute.label_names() if attribute else [])}
        unsure = {label.name for label in attribute.labels if label.role == "unsure"} if attribute else set()
        sets = [set(one.get(name, [])) - unsure for one in given]
        if attribute and attribute.type not in ("multiple", "tree"):
            top, tied = most([label for one in sets for label in one])
            labels = [top] if top is not None else []
        else:
            labels, tied = _each(sets)
        any_tie |= tied
        if labels:
            decided[name] = sorted(labels, key=lambda label: (order.get(label, len(order)), label))
    return json.dumps(decided, ensure_ascii=False, sort_keys=True), any_tie


def most(values: Sequence[str]) -> tuple[str | None, bool]:
    """Return the value that is there most often, None where there is none or a tie; and whether it is a tie."""
    times = Counter(values)
    top = [value for value, n in times.items() if n == max(times.values())]
    return (top[0] if len(top) == 1 else None), len(top) > 1


def _each(sets: Sequence[set[str]]) -> tuple[list[str], bool]:
    times = sorted(Counter(label for one in sets for label in one).items())
    return [label for label, n in times if 2 * n > len(sets)], any(2 * n == len(sets) for _, n in times)
