"""A labelling configuration of Label Studio, as anybody may have written it: what it shows, and what it asks.

Nothing is judged here but what makes a project unfit for goldwire, which is for text.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from goldwire.errors import GoldwireError

_TEXTS = ("Text", "HyperText")
_MEDIA = {
    "Image": "images", "Audio": "audio", "AudioPlus": "audio", "Video": "video", "TimeSeries": "time series",
    "Pdf": "PDF pages", "PDF": "PDF pages", "Table": "tables", "List": "lists", "Chat": "chats",
}  # fmt: skip
_DIALOGUE = ("Paragraphs", "Dialog")
_ASKED = {"Choices", "Taxonomy", "TextArea", "Rating", "Number", "Labels", "HyperTextLabels"}
_QUIET = {"View", "Style", "Shortcut", "Collapse", "Panel", "Filter", "Markdown", "Relations", "Relation"}
_FIELD = re.compile(r"\$([^\s$]+)")
_ALWAYS: Final = (None, "region-selected", "no-region-selected")


@dataclass(frozen=True)
class Given:
    """One possible answer: as it stands in the data (its alias, where it has one), and what the page says of it."""

    value: str
    shown: str
    hint: str | None = None
    hotkey: str | None = None
    children: tuple["Given", ...] = ()


@dataclass(frozen=True)
class Asked:
    """A control that somebody answers.

    `tag` and `name` are Label Studio's, `attributes` those of its element. `headings` stand before it on the page.
    `layers` and `spans` are the controls and labels of the spans that a control about spans is shown for, None where
    the page does not say; `only_if` says when a control about the unit is shown, None for always.
    """

    tag: str
    name: str
    attributes: dict[str, str]
    answers: tuple[Given, ...]
    headings: tuple[str, ...]
    layers: frozenset[str] | None
    spans: frozenset[str] | None
    only_if: str | None

    @property
    def marks(self) -> bool:
        """Whether spans are marked with it."""
        return self.tag in ("Labels", "HyperTextLabels")

    @property
    def per_region(self) -> bool:
        """Whether it is answered about a marked span."""
        return self.attributes.get("perRegion", "").lower() == "true" and not self.marks


@dataclass(frozen=True)
class Shown:
    """A text on the page: its name, the field of the task's data that it shows, and whether that is HTML."""

    name: str
    field: str
    markup: bool


@dataclass
class Page:
    """What a configuration shows and asks. `left_out` names each control that is not understood, and says why."""

    text: Shown
    fields: list[str]
    asked: list[Asked] = field(default_factory=list)
    relations: list[Given] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Place:
    """What the blocks around a control say of it."""

    layers: frozenset[str] | None = None
    spans: frozenset[str] | None = None
    only_if: str | None = None

    def within(self, element: ET.Element) -> "_Place":
        spans, layers = _names(element, "whenLabelValue"), _names(element, "whenTagName")
        if element.get("visibleWhen") in _ALWAYS:
            return _Place(_both(self.layers, layers), _both(self.spans, spans), self.only_if)
        choice = element.get("whenChoiceValue")
        said = f"Asked when {element.get('whenTagName') or 'another question'} is {choice or 'answered'}."
        return _Place(self.layers, self.spans, said)


def read(config: str, text_field: str | None = None) -> Page:
    """Read a labelling configuration.

    Parameters
    ----------
    config : str
        XML.
    text_field : str, optional
        The field of the tasks' data that holds the text, where several are shown. By default the one on which spans
        are marked, else the one called text, else the first.

    Raises
    ------
    GoldwireError
        When it is no XML, shows something other than text, or its text does not lie in the tasks.
    """
    try:
        root = ET.fromstring(config)
    except ET.ParseError as error:
        raise GoldwireError(
            f"the labelling configuration is not valid XML: {error}",
            hint="Copy it from the project: Settings, Labeling Interface, Code.",
        ) from None
    elements = list(root.iter())
    _only_text(elements)
    shown = [element for element in elements if element.tag in _TEXTS]
    page = Page(_text(shown, elements, text_field), _fields(elements))
    _walk(root, _Place(), [], page)
    return page


def _only_text(elements: list[ET.Element]) -> None:
    dialogue = next((element.tag for element in elements if element.tag in _DIALOGUE), None)
    if dialogue:
        raise GoldwireError(
            f"the project shows dialogue (<{dialogue}>): its spans count within one turn, not in a text",
            hint="Import the turns as articles, one or many a file, and label them in a round of goldwire's own.",
        )
    media = next((element.tag for element in elements if element.tag in _MEDIA), None)
    if media:
        raise GoldwireError(
            f"the project shows {_MEDIA[media]} (<{media}>), and goldwire is for text",
            hint="What was answered to it is no answer to a text alone.",
        )
    if not any(element.tag in _TEXTS for element in elements):
        raise GoldwireError(
            "the project shows no text: there is no <Text> and no <HyperText> in its configuration",
            hint="goldwire reads answers to texts only.",
        )


def _text(shown: list[ET.Element], elements: list[ET.Element], wanted: str | None) -> Shown:
    marked = [e.get("toName") for e in elements if e.tag in ("Labels", "HyperTextLabels")]
    found = {_field_of(element): element for element in reversed(shown) if _field_of(element)}
    if wanted is not None and wanted not in found:
        raise GoldwireError(
            f'the project shows no field "{wanted}" as text', hint=f"It shows: {', '.join(sorted(found)) or 'none'}."
        )
    order = sorted(
        (element for element in shown if _field_of(element)),
        key=lambda e: (-marked.count(e.get("name")), "text" not in (_field_of(e), e.get("name"))),
    )
    if not order:
        raise GoldwireError(
            "the text is not in the tasks: it is written into the configuration",
            hint="goldwire reads texts that a task holds, as <Text value='$text'/> shows them.",
        )
    chosen = found[wanted] if wanted else order[0]
    if chosen.get("valueType") == "url" or chosen.get("valuetype") == "url":
        raise GoldwireError(
            f"the tasks hold addresses of texts in {_field_of(chosen)}, not the texts",
            hint="Spans count in a text, which must be in the task.",
        )
    return Shown(chosen.get("name") or "", _field_of(chosen), chosen.tag == "HyperText")


def _field_of(element: ET.Element) -> str:
    match = _FIELD.fullmatch((element.get("value") or "").strip())
    return match[1] if match else ""


def _fields(elements: list[ET.Element]) -> list[str]:
    """Return the fields of a task that the page shows, in their order."""
    shown = (e for e in elements if e.tag in (*_TEXTS, "Header", "Markdown"))
    return list(dict.fromkeys(name for e in shown for name in _FIELD.findall(e.get("value") or "")))


def _walk(element: ET.Element, place: _Place, headings: list[str], page: Page) -> None:
    for child in element:
        name = child.get("name") or ""
        if child.tag == "Header":
            text = (child.get("value") or "").replace("$\u2060", "$\ufffd")
            if _FIELD.search(text):
                headings.clear()
            elif text.strip():
                headings.append(" ".join(text.replace("\ufffd", "").split()))
        elif child.tag in _TEXTS:
            headings.clear()
        elif child.tag == "Relations":
            page.relations += _answers(child, "Relation")
        elif child.get("toName") and name:
            _control(child, place.within(child), headings, page)
            headings.clear()
        elif child.tag in _QUIET:
            _walk(child, place.within(child), headings, page)


def _control(element: ET.Element, place: _Place, headings: list[str], page: Page) -> None:
    name = element.get("name") or ""
    reason = _reason(element, page)
    if reason:
        page.left_out[name] = reason
        return
    tag = "Label" if element.tag in ("Labels", "HyperTextLabels") else "Choice"
    nested = element.tag == "Taxonomy" or element.get("allowNested", "").lower() == "true"
    answers = tuple(_answers(element, tag, nested=nested))
    if not answers and element.tag in ("Choices", "Taxonomy", "Labels", "HyperTextLabels"):
        page.left_out[name] = f"<{element.tag}> without a {tag.lower()}"
        return
    headings = [*headings]
    page.asked.append(
        Asked(
            element.tag,
            name,
            dict(element.attrib),
            answers,
            tuple(headings),
            place.layers,
            place.spans,
            place.only_if,
        )
    )


def _reason(element: ET.Element, page: Page) -> str | None:
    """Return why a control is left out, None when it is not."""
    name, tag = element.get("name") or "", element.tag
    if tag not in _ASKED:
        return f"<{tag}> has no counterpart in a scheme"
    if any(name == asked.name for asked in page.asked):
        return f"a second control of the name {name}"
    if (element.get("value") or "").startswith("$") or element.get("apiUrl"):
        return f"<{tag}> takes its answers from the tasks or from another server: a scheme has them all"
    marks = tag in ("Labels", "HyperTextLabels")
    if marks and page.text.name not in (element.get("toName") or "").split(","):
        return f"<{tag}> marks spans in {element.get('toName')}, which is not the text"
    return None


def _answers(element: ET.Element, tag: str, *, nested: bool = False) -> Iterator[Given]:
    """Yield what can be chosen in a control, through the blocks in it; below one another where it is nested."""
    for child in element:
        if child.tag != tag:
            yield from _answers(child, tag, nested=nested)
            continue
        value = child.get("alias") or child.get("value") or ""
        below = tuple(_answers(child, tag, nested=True)) if nested else ()
        if value.strip():
            yield Given(
                value, child.get("value") or value, _line(child.get("hint")), _line(child.get("hotkey")), below
            )
        if not nested:
            yield from _answers(child, tag)


def _line(text: str | None) -> str | None:
    return " ".join(text.split()) or None if text else None


def _names(element: ET.Element, attribute: str) -> frozenset[str] | None:
    given = element.get(attribute)
    return frozenset(name.strip() for name in given.split(",")) if given else None


def _both(outer: frozenset[str] | None, inner: frozenset[str] | None) -> frozenset[str] | None:
    if outer is None or inner is None:
        return inner if outer is None else outer
    return outer & inner
