"""From an answer to the result that the page would submit for it: the inverse of `goldwire.labels.fold.results`.

``results.read(write(answer, names, text), scheme, names, text)`` is the answer again, if its labels are in the order
of the scheme and its mentions and relations are sorted.
"""

from collections.abc import Mapping
from typing import Any

from goldwire.errors import GoldwireError
from goldwire.labels.fold.links import Mention
from goldwire.labels.fold.results import ENTITY, Answer
from goldwire.labels.interface import AUTHOR, COMMENT, RELATION, TEXT, Control

Item = dict[str, Any]


def write(answer: Answer, controls: Mapping[str, Control], text: str, start: int = 0) -> list[Item]:
    """Return the answer in Label Studio's form.

    Parameters
    ----------
    answer : Answer
        Labels of a tree are paths joined by "/". Mentions have offsets into the article's text; their ids become
        the ids of the regions.
    controls : mapping
        Those of the scheme; see `goldwire.labels.interface.controls`.
    text : str
        What the page shows.
    start : int
        Where in the article's text it begins: subtracted from every offset.

    Raises
    ------
    GoldwireError
        When the page does not ask what is answered, or a mention is not its text at its place.
    """
    items = [
        _item(f"q-{question}", question, controls[question].type, given)
        for question, given in answer.questions.items()
        if given
    ]
    by_author: dict[str, list[str]] = {}
    for relation in answer.relations:
        if relation.from_ == AUTHOR:
            by_author.setdefault(relation.to, []).append(relation.label)
    for mention in answer.mentions:
        items += _mention(mention, controls, text, start, by_author.get(mention.id, []))
    items += [
        {"from_id": link.from_, "to_id": link.to, "type": RELATION, "direction": "right", "labels": [link.label]}
        for link in answer.relations
        if link.from_ != AUTHOR
    ]
    if answer.comment:
        items.append(_item("q-comment", COMMENT, "textarea", [answer.comment]))
    return items


def asked_of(controls: Mapping[str, Control], label: str, kind: str, name: str) -> str | None:
    """Return the name of the control that asks this of a span with this label, None when the page does not.

    `kind` is "attribute" or "author", as in `Control`.
    """
    for found, control in controls.items():
        if (control.kind, control.name) == (kind, name) and label in control.spans:
            return found
    return None


def _mention(
    mention: Mention, controls: Mapping[str, Control], text: str, start: int, by_author: list[str]
) -> list[Item]:
    begin, end = mention.start - start, mention.end - start
    if not 0 <= begin < end <= len(text) or text[begin:end] != mention.text:
        raise GoldwireError(f'the mention "{mention.text}" is not at {mention.start}-{mention.end}')
    span = {"start": begin, "end": end, "text": mention.text}
    items = [_item(mention.id, mention.layer, "labels", [mention.label], span)]
    asked = [("attribute", name, values) for name, values in mention.attributes.items()]
    asked += [("attribute", ENTITY, [mention.entity])] if mention.entity else []
    asked += [(AUTHOR, AUTHOR, by_author)] if by_author else []
    for kind, name, values in asked:
        control = asked_of(controls, mention.label, kind, name)
        if control is None:
            raise GoldwireError(f'the page does not ask "{name}" of a span labelled "{mention.label}"')
        items.append(_item(mention.id, control, controls[control].type, values, span))
    return items


def _item(number: str, control: str, kind: str, values: list[str], span: Mapping[str, Any] | None = None) -> Item:
    given = [value.split("/") for value in values] if kind == "taxonomy" else values
    key = "text" if kind == "textarea" else kind
    return {
        "id": number,
        "from_name": control,
        "to_name": TEXT,
        "type": kind,
        "value": {**(span or {}), key: given},
    }
