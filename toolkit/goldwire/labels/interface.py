"""From a scheme to the Label Studio interface, and from the interface's names back to the scheme.

`config` writes the labelling page: the article on the left, the form on the right. `controls` is the one mapping
from a result's ``from_name`` to what was asked. The page is made for 1400 x 900 pixels with the server's own panel
on the right, so that nothing has to be scrolled to answer.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from goldwire.errors import GoldwireError
from goldwire.labels import interface_parts as parts
from goldwire.labels.page_keys import BOOKMARK_KEYS, SERVER_KEYS
from goldwire.scheme import Attribute, Label, MentionLayer, Question, RelationLabel, Scheme

TEXT = parts.TEXT
COMMENT: Final = "comment"
AUTHOR: Final = "author"
RELATION = "relation"

_TYPES = {"single": "choices", "multiple": "choices", "ordinal": "choices", "tree": "taxonomy", "text": "textarea"}
_ADD = {"choices": parts.choices, "taxonomy": parts.taxonomy}
_HEADERS = {"target": {"Holder": "$holder", "Target": "$target"}, "headline": {"Headline": "$target"}}
# A part of an article can be shown between what stands before and after it; a task without them shows nothing there.
_AROUND = ("document", "paragraph", "sentence")
_RENAME = "Give the label another name."


@dataclass(frozen=True)
class Control:
    """What one control of the page asks.

    Parameters
    ----------
    kind : str
        question (about the unit), mention (marks spans), attribute (about a span), author (the author's own
        relation to a span) or comment.
    name : str
        The question, layer or attribute of the scheme; "author" and "comment" are goldwire's own.
    layer : str, optional
        The mention layer, of a mention and an attribute.
    type : str
        Label Studio's type of result: choices, taxonomy, textarea or labels.
    labels : tuple of str
        What can be answered; in a tree, paths joined by "/". Empty for text.
    spans : tuple of str
        The span labels that it is asked about, of an attribute and of author.
    question : Question, optional
        What the scheme says of it, of a question and an attribute.
    """

    kind: Literal["question", "mention", "attribute", "author", "comment"]
    name: str
    layer: str | None
    type: str
    labels: tuple[str, ...] = ()
    spans: tuple[str, ...] = ()
    question: Question | None = None


def controls(scheme: Scheme) -> dict[str, Control]:
    """Return every control of the page by its name in Label Studio, in the order of the page.

    A question and a layer have the scheme's own name. An attribute of a whole layer has its own; one of some labels
    has a control for each of them, ``<attribute>_<label>``. Where that name is taken, the layer's name stands
    before it: ``<layer>_<attribute>``.

    Raises
    ------
    GoldwireError
        When two attributes of a layer ask the same of the same label.
    """
    found = {q.name: Control("question", q.name, None, _TYPES[q.type], _names(q), (), q) for q in scheme.questions}
    found[COMMENT] = Control(COMMENT, COMMENT, None, "textarea")
    for layer in scheme.mentions:
        spans = tuple(label.name for label in layer.labels)
        found[layer.name] = Control("mention", layer.name, layer.name, "labels", spans)
    for layer in scheme.mentions:
        for attribute in layer.attributes:
            asked = Control("attribute", attribute.name, layer.name, _TYPES[attribute.type], _names(attribute))
            for name, spans in _attribute_controls(layer, attribute):
                _add(found, layer.name, name, scheme, replace(asked, spans=spans, question=attribute))
    if links := authors_relations(scheme):
        spans = tuple(dict.fromkeys(label for link in links for label in link.to))
        _add(
            found,
            "relation",
            AUTHOR,
            scheme,
            Control(AUTHOR, AUTHOR, None, "choices", tuple(link.name for link in links), spans),
        )
    return found


def authors_relations(scheme: Scheme) -> list[RelationLabel]:
    """Return the relations that may come from the author: no span to draw from, so they are asked at their target."""
    return [relation for relation in scheme.relations if AUTHOR in relation.from_]


def config(scheme: Scheme) -> str:
    """Return the labelling page of a scheme, as the XML that Label Studio takes.

    Raises
    ------
    GoldwireError
        When the scheme has a label or a hotkey that Label Studio would misread.
    """
    _check(scheme)
    page = Element("View", className="gw-page")
    SubElement(page, "Style").text = parts.style()
    article = parts.block(page, "article")
    source = parts.block(article, "source")
    parts.field(source, "$outlet")
    parts.field(source, "$date")
    around = scheme.unit in _AROUND
    if around:
        parts.field(parts.block(article, "context"), "$before")
    SubElement(article, "Text", name=TEXT, value="$text")
    if around:
        parts.field(parts.block(article, "context"), "$after")
    form = parts.block(page, "form")
    if scheme.unit in _HEADERS:
        _unit_header(form, _HEADERS[scheme.unit])
    every = controls(scheme)
    for name, control in every.items():
        if control.kind == "question" and control.question:
            _question(parts.block(form, "field"), name, control.question, {})
    parts.textarea(parts.block(form, "field"), COMMENT, "comment", {})
    colours = parts.colours(_groups(scheme))
    for layer in scheme.mentions:
        place = parts.block(form, "field")
        parts.ask(place, layer.text, [layer.hint] if layer.hint else [])
        parts.labels(place, layer.name, layer.labels, colours)
    for name, control in every.items():
        if control.kind in ("attribute", AUTHOR):
            _about_span(form, name, control, scheme)
    if scheme.relations:
        relations = SubElement(form, "Relations", choice="single")
        for relation in scheme.relations:
            SubElement(relations, "Relation", value=relation.name)
    indent(page)
    return tostring(page, encoding="unicode") + "\n"


def _unit_header(form: Element, shown: dict[str, str]) -> None:
    header = parts.block(form, "unit")
    for word, value in shown.items():
        parts.heading(header, f"{word}:")
        parts.field(parts.block(header, "value"), value)


def _question(place: Element, name: str, question: Question, attributes: dict[str, str]) -> None:
    notes = ["Any number."] if question.type == "multiple" else []
    notes += [question.hint] if question.hint else []
    parts.ask(place, question.text, notes)
    if question.required:
        attributes = {**attributes, "required": "true", "requiredMessage": f"Not answered yet: {question.text}"}
    if question.type == "text":
        parts.textarea(place, name, "", attributes)
    else:
        _ADD[_TYPES[question.type]](place, name, question, attributes)


def _about_span(form: Element, name: str, control: Control, scheme: Scheme) -> None:
    """Label Studio drops the answer when the span's label is not among `whenLabelValue`."""
    shown = {"whenLabelValue": ",".join(control.spans)}
    place = parts.block(form, "field", visibleWhen="region-selected", **shown)
    _question(place, name, control.question or _authors_question(scheme), {"perRegion": "true", **shown})


def _authors_question(scheme: Scheme) -> Question:
    found = [Label(name=r.name, definition=r.definition, hotkey=r.hotkey) for r in authors_relations(scheme)]
    return Question(name=AUTHOR, text="From the author to it", type="multiple", required=False, labels=found)


def _groups(scheme: Scheme) -> dict[str, str]:
    """Return the group of each span label: its own, or that of the answer of the same name, or none but itself."""
    answers = {label.name: label.group for question in scheme.questions for label in question.labels}
    spans = [label for layer in scheme.mentions for label in layer.labels]
    return {label.name: label.group or answers.get(label.name) or f"={label.name}" for label in spans}


def _attribute_controls(layer: MentionLayer, attribute: Attribute) -> Iterator[tuple[str, tuple[str, ...]]]:
    if not attribute.applies_to:
        yield attribute.name, tuple(label.name for label in layer.labels)
    for span in attribute.applies_to:
        yield f"{attribute.name}_{span}", (span,)


def _add(found: dict[str, Control], layer: str, name: str, scheme: Scheme, control: Control) -> None:
    name = f"{layer}_{name}" if name in found else name
    alike = [c for c in found.values() if (c.kind, c.name, c.layer) == (control.kind, control.name, control.layer)]
    if name in found or any(set(other.spans) & set(control.spans) for other in alike):
        raise GoldwireError(
            f'"{control.name}" is asked twice of the same label',
            where=f"{scheme.name}.yaml: mentions.{layer}.attributes",
            hint="Give one of the two attributes another name, or other labels in applies_to.",
        )
    found[name] = control


def _names(question: Question) -> tuple[str, ...]:
    return tuple(question.label_names())


def _check(scheme: Scheme) -> None:
    asked = [*scheme.questions, *(attribute for layer in scheme.mentions for attribute in layer.attributes)]
    spans = [label for layer in scheme.mentions for label in layer.labels]
    given = [*(label for question in asked for label in _flat(question.labels)), *spans, *scheme.relations]
    for label in given:
        where = f'{scheme.name}.yaml: label "{label.name}"'
        if re.search(r"\$[\w\[{.]", label.name):
            raise GoldwireError("Label Studio would read a field of the task in it", where=where, hint=_RENAME)
        if label.hotkey and label.hotkey.lower() in {*SERVER_KEYS, *BOOKMARK_KEYS}:
            raise GoldwireError(
                f'the labelling page uses the hotkey "{label.hotkey}" itself', where=where, hint="Choose another key."
            )
        if label.hotkey and label.hotkey != label.hotkey.lower():
            raise GoldwireError(
                f'Label Studio does not see the capital in the hotkey "{label.hotkey}"',
                where=where,
                hint=f'Write "shift+{label.hotkey.lower()}" if that is meant.',
            )
    for label in spans:
        if "," in label.name:
            raise GoldwireError(
                "Label Studio would read two labels", where=f'{scheme.name}.yaml: label "{label.name}"', hint=_RENAME
            )


def _flat(labels: list[Label]) -> Iterator[Label]:
    for label in labels:
        yield label
        yield from _flat(label.children)
