"""The mapping file: what became of each label, in the user's own words.

labels/schemes/migrations/NAME-1.0.0-2.0.0.yaml::

    from: {name: s, version: 1.0.0, hash: ...}
    to: {name: s, version: 2.0.0, hash: ...}
    names:                        # questions, layers, layer.attribute, relation: old: new, or null (retired)
      event: main_event
      mentions.mode@ASSAULT: null # an attribute that is no longer asked about a label: its answers there are retired
    labels:                       # by old name
      event:
        PROTEST: DEMONSTRATE      # renamed, or merged when two have the same
        ASSAULT: [ATTACK, BRAWL]  # split: has to be answered again
        OTHER: null               # retired: the label is taken from its answers
    added:                        # by new name: again (ask again), or empty (nothing was given)
      places: again

``"?"`` stands for what is not decided. What is not mentioned and has the same name in both versions is the same.
"""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from goldwire.errors import GoldwireError
from goldwire.scheme import Scheme, refuse_double_keys

UNDECIDED = "?"
Target = str | list[str] | None
Wish = Literal["again", "empty", "?"]

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./@-]*")
_WORDS = {"yes", "no", "on", "off", "true", "false", "null", "y", "n"}


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Version(_Model):
    """One version of a scheme."""

    name: str
    version: str
    hash: str

    @classmethod
    def of(cls, scheme: Scheme) -> "Version":
        return cls(name=scheme.name, version=scheme.version, hash=scheme.hash)


class Mapping(_Model):
    """A mapping file; see the module."""

    from_: Version = Field(alias="from")
    to: Version
    note: str | None = Field(None, description="why, for those who read it later")
    names: dict[str, str | None] = Field(default_factory=dict)
    labels: dict[str, dict[str, Target]] = Field(default_factory=dict)
    added: dict[str, Wish] = Field(default_factory=dict)


def folder(schemes: Path) -> Path:
    """Return where the mapping files of a study are; `schemes` is labels/schemes."""
    return schemes / "migrations"


def path(schemes: Path, old: Scheme, new: Scheme) -> Path:
    """Return the mapping file between two versions of a scheme."""
    return folder(schemes) / f"{old.name}-{old.version}-{new.version}.yaml"


def listing(schemes: Path, name: str) -> list[Path]:
    """Return the mapping files of a scheme, by name."""
    number = r"\d+\.\d+\.\d+"
    wanted = re.compile(rf"{re.escape(name)}-{number}-{number}\.yaml")
    return sorted(found for found in folder(schemes).glob("*.yaml") if wanted.fullmatch(found.name))


def read(file: Path) -> Mapping:
    """Read a mapping file.

    Raises
    ------
    GoldwireError
        When it is missing, is not YAML, or has an unknown or wrong field; each as ``file:line: field: message``.
    """
    return parse(read_text(file), str(file))


def read_text(file: Path) -> str:
    """Return the text of a mapping file; GoldwireError when it is missing or not UTF-8."""
    try:
        return file.read_text(encoding="utf-8")
    except (FileNotFoundError, IsADirectoryError):
        raise GoldwireError("the mapping file is not there", where=str(file)) from None
    except UnicodeDecodeError:
        raise GoldwireError("the mapping file is not UTF-8", where=str(file)) from None


def parse(text: str, source: str) -> Mapping:
    """Check a mapping given as YAML; `source` names it in errors."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        refuse_double_keys(node, source)
        value = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        problem = getattr(error, "problem", None) or str(error)
        raise GoldwireError(f"not valid YAML: {problem}", where=f"{source}:{line}") from None
    try:
        return Mapping.model_validate(value)
    except ValidationError as error:
        lines = dict.fromkeys(_described(item, node, source) for item in error.errors())
        raise GoldwireError(
            "\n".join(lines), hint="Mend the file. Labels such as yes, no and 1 stand in quotes."
        ) from None


def line_of(node: yaml.Node | None, place: Sequence[Any]) -> int:
    """Return the line of a place in a YAML document, as far as it is there."""
    line = 1 if node is None else node.start_mark.line + 1
    for part in place:
        if not isinstance(node, yaml.MappingNode):
            break
        found = [(key, value) for key, value in node.value if key.value == str(part)]
        if not found:
            break
        key, node = found[0]
        line = key.start_mark.line + 1
    return line


def scalar(text: str) -> str:
    """Return a string as YAML that reads back as this string."""
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS
    return text if plain else json.dumps(text, ensure_ascii=False)


def write(mapping: Mapping, remarks: dict[tuple[str, ...], str]) -> str:
    """Return a mapping as YAML, with a remark behind each place that has one."""
    return "\n".join(_lines(mapping, remarks)) + "\n"


def _lines(mapping: Mapping, remarks: dict[tuple[str, ...], str]) -> Iterator[str]:
    for key, version in (("from", mapping.from_), ("to", mapping.to)):
        yield f'{key}: {{name: {version.name}, version: {version.version}, hash: "{version.hash}"}}'
    if mapping.note:
        yield f"note: {json.dumps(mapping.note, ensure_ascii=False)}"
    for section, value in (("names", mapping.names), ("labels", mapping.labels), ("added", mapping.added)):
        if value:
            yield f"{section}:"
            yield from _entries(value, (section,), remarks)


def _entries(value: dict[str, Any], place: tuple[str, ...], remarks: dict[tuple[str, ...], str]) -> Iterator[str]:
    indent = "  " * len(place)
    for name, target in value.items():
        here = (*place, name)
        if isinstance(target, dict):
            yield f"{indent}{scalar(name)}:"
            yield from _entries(target, here, remarks)
            continue
        if isinstance(target, list):
            said = f"[{', '.join(json.dumps(one, ensure_ascii=False) for one in target)}]"
        else:
            said = "null" if target is None else scalar(target)
        yield f"{indent}{scalar(name)}: {said}" + (f"  # {remarks[here]}" if here in remarks else "")


def _described(item: Any, node: yaml.Node | None, source: str) -> str:
    place = [part for part in item["loc"] if part not in ("str", "list[str]", "[key]")]
    field = ".".join(str(part) for part in place) or "mapping"
    return f"{source}:{line_of(node, place)}: {field}: {item['msg']}"
