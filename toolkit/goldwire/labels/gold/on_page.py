"""What of gold the page of a scheme can show: names that a recoding gave are not on it."""

import json
from collections import defaultdict
from typing import Any

from goldwire.scheme import Question, Scheme

Row = dict[str, Any]


def has_answer(question: Question, labels: list[str]) -> bool:
    """Whether the page has every one of these labels of a question; a text it has always."""
    return question.type == "text" or set(question.label_names()) >= set(labels)


def has_mention(scheme: Scheme, row: Row) -> bool:
    """Whether the page has the label of a mention, in its layer."""
    labels = {label.name for layer in scheme.mentions if layer.name == row["question"] for label in layer.labels}
    return row["label"] in labels


def has_relation(scheme: Scheme, row: Row) -> bool:
    """Whether the page has the label of a relation."""
    return any(relation.name == row["label"] for relation in scheme.relations)


def attributes_of(scheme: Scheme, row: Row) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return the attributes of a mention that the page can show, and those that it cannot."""
    known: dict[str, set[str]] = defaultdict(set)
    texts: set[str] = set()
    for layer in scheme.mentions:
        for attribute in layer.attributes:
            known[attribute.name] |= set(attribute.label_names())
            texts |= {attribute.name} if attribute.type == "text" else set()
    given: dict[str, list[str]] = json.loads(row["attributes"] or "{}")
    can = {name: labels for name, labels in given.items() if name in texts or known[name] >= set(labels)}
    return can, {name: labels for name, labels in given.items() if name not in can}
