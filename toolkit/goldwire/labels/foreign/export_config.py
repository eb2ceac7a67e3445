"""A labelling configuration read off the answers of an export, which does not have the project's own.

It asks what was answered: a label that nobody gave, and what the page says of each, are not in an export.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from goldwire.errors import GoldwireError
from goldwire.labels.parts.people import without_names

_TAGS = {
    "choices": "Choices", "taxonomy": "Taxonomy", "textarea": "TextArea", "rating": "Rating", "number": "Number",
    "labels": "Labels", "hypertextlabels": "HyperTextLabels", "datetime": "DateTime", "pairwise": "Pairwise",
    "ranker": "Ranker",
}  # fmt: skip
_SHOWN = {"paragraphlabels": "Paragraphs", "timeserieslabels": "TimeSeries", "videorectangle": "Video"}
_MARKS = ("labels", "hypertextlabels")


@dataclass
class _Control:
    """What the answers of one control say of it."""

    type: str
    to: str
    several: bool = False
    regions: bool = False
    labels: dict[Any, dict[Any, Any]] = field(default_factory=dict)  # a tree
    most: int = 0

    def take(self, item: Mapping[str, Any]) -> None:
        value = item.get("value")
        value = value if isinstance(value, Mapping) else {}
        self.regions = self.regions or any(key in value for key in ("start", "end", "globalOffsets"))
        given = value.get(self.type)
        if self.type == "rating" and isinstance(given, int | float):
            self.most = max(self.most, int(given))
        if self.type in ("choices", "taxonomy", *_MARKS) and isinstance(given, list):
            self.several = self.several or len(given) > 1
            for path in given:
                below = self.labels
                for part in path if isinstance(path, list) else [path]:
                    below = below.setdefault(str(part), {})

    @property
    def nested(self) -> bool:
        return self.type == "choices" and any(self.labels.values())


@dataclass
class _Seen:
    controls: dict[str, _Control] = field(default_factory=dict)
    relations: dict[str, None] = field(default_factory=dict)
    markup: bool = False
    fits: dict[str, int] = field(default_factory=dict)  # field -> spans whose words stand in it
    fields: dict[str, int] = field(default_factory=dict)  # field -> characters

    def task(self, task: Mapping[str, Any]) -> None:
        data = {name: value for name, value in without_names(task["data"]).items() if isinstance(value, str)}
        for name, value in data.items():
            self.fields[name] = self.fields.get(name, 0) + len(value)
        for annotation in task["annotations"]:
            for item in annotation.get("result") or []:
                self._item(item, data)

    def _item(self, item: Mapping[str, Any], data: Mapping[str, str]) -> None:
        if item.get("type") == "relation":
            self.relations |= dict.fromkeys(item.get("labels") or [])
            return
        kind, name = str(item.get("type")), str(item.get("from_name"))
        self.controls.setdefault(name, _Control(kind, str(item.get("to_name")))).take(item)
        value = item.get("value")
        if kind not in _MARKS or not isinstance(value, Mapping):
            return
        self.markup = self.markup or isinstance(value.get("start"), str)
        words = value.get("text")
        for name, text in data.items():
            if isinstance(words, str) and words in text:
                self.fits[name] = self.fits.get(name, 0) + 1


def config_of(tasks: Iterable[Mapping[str, Any]], text_field: str | None = None, *, where: str = "the export") -> str:
    """Return a labelling configuration, XML, that asks what was answered to the tasks of an export.

    Parameters
    ----------
    tasks : iterable of mapping
        Native JSON: data and annotations.
    text_field : str, optional
        The field of the data that has the text. By default the one in which the marked words stand, else "text", else
        the longest that names nobody who works in the project.
    where : str
        What errors call the export.

    Raises
    ------
    GoldwireError
        When nobody answered anything, or there is no text.
    """
    seen = _Seen()
    for task in tasks:
        seen.task(task)
    if not seen.controls:
        raise GoldwireError(
            "nobody answered anything in the export",
            where=where,
            hint="Export the project when somebody has, or give its labelling configuration with --config.",
        )
    field_name = text_field or max(
        seen.fields, key=lambda name: (seen.fits.get(name, 0), name == "text", seen.fields[name]), default=None
    )
    if field_name is None:
        raise GoldwireError(
            "the tasks of the export have no text in their data",
            where=where,
            hint="goldwire reads texts that a task holds, not the addresses of files.",
        )
    marking = [control for control in seen.controls.values() if control.type in _MARKS]
    text = (marking or list(seen.controls.values()))[0].to
    page = Element("View")
    SubElement(page, "HyperText" if seen.markup else "Text", name=text, value=f"${field_name}")
    for name, control in seen.controls.items():
        _add(page, name, control)
    if seen.relations:
        relations = SubElement(page, "Relations")
        for label in seen.relations:
            SubElement(relations, "Relation", value=label)
    return tostring(page, encoding="unicode")


def _add(page: Element, name: str, control: _Control) -> None:
    tag = _TAGS.get(control.type, control.type.capitalize())
    if control.type not in _TAGS and (control.type.endswith("labels") or control.type in _SHOWN):
        SubElement(page, _SHOWN.get(control.type, "Image"), name=control.to)
    made = SubElement(page, tag, name=name, toName=control.to)
    if control.several:
        made.set("choice", "multiple")
    if control.regions and control.type not in _MARKS:
        made.set("perRegion", "true")
    if control.type == "rating":
        made.set("maxRating", str(max(control.most, 5)))
    if control.nested:
        made.set("allowNested", "true")
    _answers(made, "Label" if control.type in _MARKS else "Choice", control.labels)


def _answers(parent: Element, tag: str, labels: Mapping[str, Mapping[Any, Any]]) -> None:
    for label in sorted(labels):
        _answers(SubElement(parent, tag, value=label), tag, labels[label])
