"""The recorded answers, and how each looks as a result of the labelling page."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from goldwire.errors import GoldwireError
from goldwire.labels.adjudicate.reasons import REASON
from goldwire.labels.interface import COMMENT, RELATION, TEXT, Control


@dataclass(frozen=True)
class Answer:
    """One annotator's answer to one unit.

    Attributes
    ----------
    annotator, scheme, article_id : str
    holder, target : str or None
        For a unit about a target.
    answers : dict
        Question -> labels; of a tree, paths joined by "/".
    mentions : list of dict
        id, layer, label, start, end, text, and attributes (name -> list of strings).
    relations : list of dict
        from, to (ids of mentions), label.
    comment : str or None
    """

    annotator: str
    scheme: str
    article_id: str
    answers: dict[str, list[str]]
    holder: str | None = None
    target: str | None = None
    mentions: tuple[dict[str, Any], ...] = ()
    relations: tuple[dict[str, Any], ...] = ()
    comment: str | None = None


@dataclass(frozen=True)
class Ruling:
    """What an adjudicator decided on one unit in dispute: the answers to what was in dispute, why, and a comment."""

    annotator: str
    scheme: str
    article_id: str
    answers: dict[str, list[str]]
    reason: str
    comment: str
    holder: str | None = None
    target: str | None = None


def folder() -> Traversable:
    """Return the folder that holds articles.jsonl, pairs.csv, answers.jsonl and rulings.jsonl."""
    return resources.files("goldwire") / "demo"


def load() -> Iterator[Answer]:
    """Yield the recorded answers in their order in answers.jsonl."""
    with (folder() / "answers.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            row["mentions"] = tuple(row.get("mentions", ()))
            row["relations"] = tuple(row.get("relations", ()))
            yield Answer(**row)


def load_rulings() -> Iterator[Ruling]:
    """Yield the recorded rulings in their order in rulings.jsonl."""
    with (folder() / "rulings.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            yield Ruling(**json.loads(line))


def ruled(
    ruling: Ruling, begun: Sequence[Mapping[str, Any]], controls: Mapping[str, Control]
) -> list[Mapping[str, Any]]:
    """Return the ruling as the page would submit it, begun from what is agreed on the unit."""
    given = {**ruling.answers, REASON: [ruling.reason], COMMENT: [ruling.comment]}
    kept = [item for item in begun if item.get("from_name") not in given]
    return [*kept, *(_item(f"q-{name}", name, controls[name].type, labels) for name, labels in given.items())]


def result(answer: Answer, controls: Mapping[str, Control], text: str) -> list[dict[str, Any]]:
    """Return the answer as the labelling page would submit it.

    Parameters
    ----------
    answer : Answer
    controls : mapping
        Those of the scheme; see `goldwire.labels.interface.controls`.
    text : str
        What the page shows; every mention's text must stand in it where the mention says.

    Raises
    ------
    GoldwireError
        When a mention does not fit the text.
    """
    items = []
    for question, labels in answer.answers.items():
        items.append(_item(f"q-{question}", question, controls[question].type, labels))
    for mention in answer.mentions:
        start, end = mention["start"], mention["end"]
        if text[start:end] != mention["text"]:
            raise GoldwireError(
                f'the recorded mention "{mention["text"]}" is not at {start}-{end}', where=answer.article_id
            )
        span = {"start": start, "end": end, "text": mention["text"]}
        items.append(_item(mention["id"], mention["layer"], "labels", [mention["label"]], span))
        for name, values in mention.get("attributes", {}).items():
            control = _attribute(controls, mention["layer"], name, mention["label"])
            items.append(_item(mention["id"], control, controls[control].type, values, span))
    for relation in answer.relations:
        items.append(
            {
                "from_id": relation["from"],
                "to_id": relation["to"],
                "type": RELATION,
                "direction": "right",
                "labels": [relation["label"]],
            }
        )
    if answer.comment:
        items.append(_item("q-comment", COMMENT, "textarea", [answer.comment]))
    return items


def _item(
    item_id: str, control: str, kind: str, values: list[str], span: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    key = {"textarea": "text"}.get(kind, kind)
    given = [value.split("/") for value in values] if kind == "taxonomy" else values
    value = {**(span or {}), key: given}
    return {"id": item_id, "from_name": control, "to_name": TEXT, "type": kind, "value": value}


def _attribute(controls: Mapping[str, Control], layer: str, attribute: str, label: str) -> str:
    """The control that asks this attribute of a span with this label."""
    for name, control in controls.items():
        if (control.kind, control.name, control.layer) == ("attribute", attribute, layer) and label in control.spans:
            return name
    raise KeyError(f"no control asks {attribute} of {layer} {label}")
