"""Projects that goldwire did not make: how their answers are read under the scheme that was drafted from them.

labels/rounds/ROUND/controls.yaml keeps which control of the project is which question, layer or attribute of the
scheme. `mapped` gives the controls by their names in the project, `goldwire.labels.foreign.answers.prepared` turns an
annotation's result into what a page of goldwire's own would have sent, and `unit_of` finds the unit of a task.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from goldwire.errors import GoldwireError
from goldwire.files import write_text
from goldwire.labels.interface import AUTHOR, COMMENT, Control
from goldwire.scheme import Attribute, Scheme

FILE = "controls.yaml"
_TYPES = {"single": "choices", "multiple": "choices", "ordinal": "choices", "tree": "taxonomy", "text": "textarea"}


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ForeignControl(_Model):
    """What a control of the project is in the scheme."""

    kind: Literal["question", "mention", "attribute", "author", "comment"]
    name: str = Field(description="the question, layer or attribute")
    key: str = Field(description="where the answer stands in a result's value")
    spans: list[str] = Field(default_factory=list, description="of a control about spans: the scheme's labels")
    labels: dict[str, str] = Field(default_factory=dict, description="the project's labels that have another name")


class Foreign(_Model):
    """controls.yaml: where a project has its texts, and what its controls are."""

    text: str = Field(description="the name of the text on the page")
    field: str = Field(description="the field of a task's data that has the text")
    markup: bool = Field(False, description="whether that is HTML; the article has its text content")
    target: str | None = Field(None, description="the field that names what is asked about")
    holder: str | None = Field(None, description="the field that names who holds the stance")
    marked: str | None = Field(None, description="the question that is read off whether there are spans")
    controls: dict[str, ForeignControl]


def write(folder: Path, foreign: Foreign) -> None:
    """Write controls.yaml into the round's folder."""
    value = foreign.model_dump(mode="json", exclude_defaults=True)
    write_text(folder / FILE, yaml.safe_dump(value, sort_keys=False, allow_unicode=True))


def read(folder: Path) -> Foreign | None:
    """Read controls.yaml; None when the round is one of goldwire's own.

    Raises
    ------
    GoldwireError
        When a field is missing, unknown or wrong; the message names it.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        return Foreign.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        items = [f"{'.'.join(map(str, item['loc'])) or 'file'}: {item['msg']}" for item in error.errors()]
        raise GoldwireError("\n".join(items), where=str(path), hint="Bring the file back, from git.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise GoldwireError(
            f"not valid YAML: {error}", where=str(path), hint="Bring the file back, from git."
        ) from None


def mapped(foreign: Foreign, scheme: Scheme, where: str = FILE) -> dict[str, Control]:
    """Return the controls of a project, by their names in it, under the scheme that was drafted from it.

    Raises
    ------
    GoldwireError
        When the scheme has not what a control is said to be; `where` says where that stands.
    """
    found: dict[str, Control] = {}
    for name, control in foreign.controls.items():
        made = _control(control, scheme)
        if made is None:
            raise GoldwireError(
                f'the scheme has no {control.kind} "{control.name}" any more',
                where=f"{where}: controls.{name}",
                hint="Bring it back: definitions, roles and hints may change, names may not.",
            )
        found[name] = made
    return found


def _control(control: ForeignControl, scheme: Scheme) -> Control | None:
    spans = tuple(control.spans)
    match control.kind:
        case "comment":
            return Control(COMMENT, COMMENT, None, "textarea")
        case "author":
            links = tuple(link.name for link in scheme.relations if AUTHOR in link.from_)
            return Control(AUTHOR, AUTHOR, None, "choices", links, spans) if links else None
        case "question":
            for question in scheme.questions:
                if question.name == control.name:
                    kind = _TYPES[question.type]
                    return Control("question", question.name, None, kind, tuple(question.label_names()), (), question)
        case "mention":
            for layer in scheme.mentions:
                if layer.name == control.name:
                    return Control("mention", layer.name, layer.name, "labels", tuple(x.name for x in layer.labels))
        case _:
            return _attribute(control, scheme)
    return None


def _attribute(control: ForeignControl, scheme: Scheme) -> Control | None:
    """A control that is asked about spans of several layers is an attribute of each; the first one stands for all."""
    for layer in scheme.mentions:
        labels = [label.name for label in layer.labels]
        for attribute in layer.attributes:
            asked = set(attribute.applies_to or labels) & set(control.spans)
            if attribute.name == control.name and asked:
                return _asked(attribute, layer.name, tuple(control.spans))
    return None


def _asked(attribute: Attribute, layer: str, spans: tuple[str, ...]) -> Control:
    names = tuple(attribute.label_names())
    return Control("attribute", attribute.name, layer, _TYPES[attribute.type], names, spans, attribute)


def tasks_to_units(tasks: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """Return the unit of every task of an adopted project, by task id, from the lines of its tasks.jsonl."""
    return {number: line["data"]["unit_id"] for line in tasks for number in line.get("tasks", [])}


def unit_of(task: Mapping[str, Any], mapping: Mapping[int, str]) -> str | None:
    """Return the unit_id of a task, None when it has none in this round.

    Parameters
    ----------
    task : mapping
        The server's JSON.
    mapping : mapping of int to str
        From `tasks_to_units`; empty for a project of goldwire's own, whose tasks name their units.
    """
    if mapping:
        return mapping.get(int(task["id"]))
    unit = (task.get("data") or {}).get("unit_id")
    return unit if isinstance(unit, str) else None
