"""The pieces of the labelling page: headings, buttons, trees and text boxes as XML elements, and the style."""

import re
from collections.abc import Iterable, Sequence
from importlib import resources
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement

from goldwire.scheme import Label, Question

TEXT = "text"

# Dark enough for white text on them, light enough to read black text on their tint.
_COLOURS = ("#2f7d5b", "#2b6cb0", "#b7791f", "#b0413e", "#6b57a5", "#2c7a7b", "#97266d", "#4a5568")

# Label Studio gives every label without a hotkey one that it makes up. A key that no keyboard has stops it.
_NO_KEY = "f19"


def style() -> str:
    """Return the style of the page, without comments and line ends."""
    text = (resources.files("goldwire.labels") / "interface.css").read_text(encoding="utf-8")
    return " ".join(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).split())


def block(parent: Element, kind: str, **attributes: str) -> Element:
    """Add a block that the style knows as ``gw-<kind>``."""
    return SubElement(parent, "View", {"className": f"gw-{kind}", **attributes})


def heading(parent: Element, text: str) -> None:
    """Add text as it is: Label Studio would read "$word" as a field of the task, so a joiner keeps them apart."""
    field(parent, re.sub(r"\$(?=\w)", "$\u2060", text))


def field(parent: Element, template: str) -> None:
    """Add text in which "$name" stands for a field of the task."""
    SubElement(parent, "Header", value=template, size="5")


def ask(parent: Element, text: str, notes: Iterable[str]) -> None:
    """Add a question, and what is to be said of it in smaller letters."""
    line = block(parent, "ask")
    heading(line, text)
    if said := " ".join(notes):
        heading(block(line, "note"), said)


def choices(parent: Element, name: str, question: Question, attributes: dict[str, str]) -> None:
    """Add the answers to a question as buttons, in rows under their groups."""
    many = "multiple" if question.type == "multiple" else "single"
    element = SubElement(
        parent, "Choices", {"name": name, "toName": TEXT, "choice": many, "layout": "inline", **attributes}
    )
    _buttons(element, "Choice", question.labels, {})


def taxonomy(parent: Element, name: str, question: Question, attributes: dict[str, str]) -> None:
    """Add the answers to a question as a tree that opens on a click."""
    shown = {"showFullPath": "true", "placeholder": "choose"}
    element = SubElement(parent, "Taxonomy", {"name": name, "toName": TEXT, **shown, **attributes})
    _branches(element, question.labels)


def textarea(parent: Element, name: str, placeholder: str, attributes: dict[str, str]) -> None:
    """Add a box for one line of text."""
    shown = {"rows": "1", "maxSubmissions": "1", "editable": "true", "placeholder": placeholder}
    SubElement(parent, "TextArea", {"name": name, "toName": TEXT, **shown, **attributes})


def labels(parent: Element, name: str, spans: Sequence[Label], colours: dict[str, str]) -> None:
    """Add the labels with which spans are marked."""
    _buttons(SubElement(parent, "Labels", name=name, toName=TEXT, choice="single"), "Label", spans, colours)


def colours(groups: dict[str, str]) -> dict[str, str]:
    """Return a colour for each label, the same for labels of one group.

    Parameters
    ----------
    groups : dict of str to str
        Label to group, in the order in which the colours are dealt.
    """
    order = list(dict.fromkeys(groups.values()))
    return {label: _COLOURS[order.index(group) % len(_COLOURS)] for label, group in groups.items()}


def _buttons(parent: Element, tag: str, given: Sequence[Label], colours: dict[str, str]) -> None:
    for group, run in groupby(given, key=lambda label: label.group):
        place = parent
        if group:
            place = block(parent, "group")
            heading(place, group)
        buttons = list(run)
        row = block(place, "row gw-long" if any(_is_long(tag, label) for label in buttons) else "row")
        for label in buttons:
            cell = row if label.hotkey else block(row, "keyless")
            button = SubElement(cell, tag, value=label.name, hint=label.definition, hotkey=label.hotkey or _NO_KEY)
            if label.name in colours:
                button.set("background", colours[label.name])


def _is_long(tag: str, label: Label) -> bool:
    """Whether name and key of a button are wider than the columns of the style; capitals are wide."""
    capitals = sum(char.isupper() or char == "_" for char in label.name)
    width = len(label.name) + capitals / 4
    if tag == "Label":
        return width + len(label.hotkey or "") > 20
    return width + (len(label.hotkey) + 3 if label.hotkey else 0) >= 16


def _branches(parent: Element, given: Sequence[Label]) -> None:
    for label in given:
        _branches(SubElement(parent, "Choice", value=label.name, hint=label.definition), label.children)
