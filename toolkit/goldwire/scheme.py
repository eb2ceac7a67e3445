"""The scheme: a codebook as data. What annotators are asked, with which labels, defined how.

A scheme is a YAML file. Its *questions* are about the unit, its *mentions* are spans that annotators mark, with
*attributes* asked about each span, and its *relations* link two spans. Everything else is made from it: the
Label Studio interface, the annotators' manual, the dataset's features, the report's labels.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from goldwire.errors import GoldwireError
from goldwire.files import write_text
from goldwire.provenance import digest_json

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
SchemeName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _MisplacedError(ValueError):
    """A mistake at `place`, below the object that finds it."""

    def __init__(self, message: str, place: tuple[int | str, ...]) -> None:
        super().__init__(message)
        self.place = place


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Label(_Model):
    """One possible answer."""

    name: Text = Field(description="as it stands in the data")
    definition: Text = Field(description="when to give it")
    example: Text | None = Field(None, description="a text that has it")
    hotkey: Text | None = Field(None, description="the key that gives it, unique on the page")
    group: Text | None = Field(None, description="a heading that several labels share")
    role: Literal["answer", "negative", "unsure"] = Field(
        "answer", description="negative: there is nothing (no event); unsure: the annotator abstains"
    )
    keywords: list[Text] = Field(
        default_factory=list,
        description="words that suggest it, for the baseline of that name; annotators do not see them",
    )
    children: list["Label"] = Field(default_factory=list, description="the level below, in a tree")


class Question(_Model):
    """Something asked about the unit, or (as an attribute) about a marked span."""

    name: Name
    text: Text = Field(description="the question, as the annotator reads it")
    hint: Text | None = None
    type: Literal["single", "multiple", "tree", "ordinal", "text"] = "single"
    required: bool = True
    labels: list[Label] = Field(default_factory=list)

    @model_validator(mode="after")
    def _labels_fit_type(self) -> Self:
        if (self.type == "text") != (not self.labels):
            raise ValueError("a text question has no labels, every other type needs some")
        if again := _second_place(self.labels, "labels"):
            name, place = again
            raise _MisplacedError(f'label "{name}" stands twice in question "{self.name}"', place)
        if self.type == "tree" and (slash := [name for name in _names(self.labels) if "/" in name]):
            raise ValueError(f'label "{slash[0]}" of a tree has a "/", which separates the levels')
        if self.type != "tree" and any(label.children for label in self.labels):
            raise ValueError(f'only a tree has children, and question "{self.name}" is {self.type}')
        return self

    def label_names(self) -> Iterator[str]:
        """Yield the labels in scheme order; those of a tree as paths, ``Battles/Armed clash``."""
        for path, _ in _walk(self.labels, ""):
            yield path

    def label(self, name: str) -> Label:
        """Return the label of this name (a path, in a tree); KeyError when there is none."""
        return dict(_walk(self.labels, ""))[name]


class Attribute(Question):
    """A question about each marked span of a layer."""

    applies_to: list[Text] = Field(default_factory=list, description="labels of the layer; empty: all of them")


class MentionLayer(_Model):
    """Spans that annotators mark."""

    name: Name
    text: Text
    hint: Text | None = None
    kind: Literal["event", "entity", "evidence"] = Field(
        description="event: its spans are event triggers and become rows of `events`"
    )
    labels: list[Label]
    attributes: list[Attribute] = Field(default_factory=list)


class RelationLabel(Label):
    """A kind of link. `from` and `to` name labels of mention layers."""

    from_: list[Text] = Field(alias="from")
    to: list[Text]


class Scheme(_Model):
    """A codebook. `hash` identifies its content, whatever file it stands in."""

    name: SchemeName
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    title: Text
    description: Text
    sources: list[Text] = Field(default_factory=list, description="publications that it follows")
    unit: Literal["document", "target", "headline", "paragraph", "sentence"]
    rules: list["Rule"] = Field(default_factory=list)
    questions: list[Question]
    mentions: list[MentionLayer] = Field(default_factory=list)
    relations: list[RelationLabel] = Field(default_factory=list)

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        controls = [q.name for q in self.questions] + [layer.name for layer in self.mentions]
        if twice := _first_twice(controls):
            raise ValueError(f'"{twice}" names two questions or mention layers')
        if taken := {"comment", "relation", "text"} & set(controls):
            raise ValueError(f'"{taken.pop()}" is a name that goldwire uses itself')
        spans = [label.name for layer in self.mentions for label in layer.labels]
        if twice := _first_twice(spans):
            raise ValueError(f'label "{twice}" stands twice among the mentions')
        for keys in self._keys_shown_together():
            if twice := _first_twice(keys):
                raise ValueError(f'hotkey "{twice}" is given twice')
        for layer in self.mentions:
            for attribute in layer.attributes:
                _known(
                    attribute.applies_to,
                    {label.name for label in layer.labels},
                    f"attribute {attribute.name}",
                )
        for relation in self.relations:
            _known([*relation.from_, *relation.to], {*spans, "author"}, f"relation {relation.name}")
        if twice := _first_twice([relation.name for relation in self.relations]):
            raise ValueError(f'relation "{twice}" stands twice')
        return self

    def _keys_shown_together(self) -> Iterator[list[str]]:
        """Yield the hotkeys on the page with no span selected, then with a span of each label selected."""
        always = [label for question in self.questions for _, label in _walk(question.labels, "")]
        always += [label for layer in self.mentions for label in layer.labels]
        yield _hotkeys(always)
        for layer in self.mentions:
            for span in layer.labels:
                asked = [a for a in layer.attributes if not a.applies_to or span.name in a.applies_to]
                yield _hotkeys(always + [label for a in asked for _, label in _walk(a.labels, "")])

    @property
    def hash(self) -> str:
        """Sixteen hexadecimal digits; equal for schemes that show annotators the same, wherever they are stored."""
        return digest_json(self.shown())

    def shown(self) -> dict[str, Any]:
        """Return the fields that annotators see, as JSON, without those that have their default."""
        fields: dict[str, Any] = _without_keywords(self.model_dump(mode="json", by_alias=True, exclude_defaults=True))
        return fields

    def question(self, name: str) -> Question:
        """Return the question of this name.

        Raises
        ------
        GoldwireError
            When the scheme has no such question; the message lists those it has.
        """
        for question in self.questions:
            if question.name == name:
                return question
        known = ", ".join(q.name for q in self.questions)
        raise GoldwireError(f'scheme {self.name} has no question "{name}"', hint=f"It has: {known}")


def _without_keywords(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_keywords(part) for key, part in value.items() if key != "keywords"}
    return [_without_keywords(part) for part in value] if isinstance(value, list) else value


class Rule(_Model):
    """A general instruction of the codebook, with a case that shows it."""

    name: SchemeName
    title: Text
    text: Text
    example: Text | None = None


def shipped() -> list[str]:
    """Return the names of the schemes that come with goldwire."""
    folder = resources.files("goldwire") / "schemes"
    return sorted(f.name.removesuffix(".yaml") for f in folder.iterdir() if f.name.endswith(".yaml"))


def load(name_or_path: str, folder: Path | None = None) -> Scheme:
    """Return a scheme by the name of a file in `folder`, by path, or by the name of a shipped one, in this order.

    Raises
    ------
    GoldwireError
        When there is no such scheme, or it is not valid; every mistake is listed as ``file:line: field: message``.
    """
    return parse(*_text(name_or_path, folder))


def _text(name_or_path: str, folder: Path | None) -> tuple[str, str]:
    """Return the YAML of a scheme, and the name of its file."""
    own = folder / f"{name_or_path}.yaml" if folder is not None else None
    if own is not None and own.is_file():
        return _file_text(own), str(own)
    if name_or_path.endswith((".yaml", ".yml")):
        return _file_text(Path(name_or_path)), name_or_path
    if name_or_path in shipped():
        return shipped_text(name_or_path), f"{name_or_path}.yaml"
    raise GoldwireError(
        f'there is no scheme "{name_or_path}"',
        hint=f"Shipped: {', '.join(shipped())}. Make your own with: goldwire labels scheme new NAME",
    )


def shipped_text(name: str) -> str:
    """Return the YAML of a shipped scheme."""
    return (resources.files("goldwire") / "schemes" / f"{name}.yaml").read_text(encoding="utf-8")


def create(name: str, source: str, folder: Path, study_folder: Path | None = None) -> Path:
    """Write ``folder/name.yaml`` as a copy of the scheme `source` under its new name, and return the path.

    Raises
    ------
    GoldwireError
        When the file is there already, the name is not a scheme's name, or there is no such source.
    """
    path = folder / f"{name}.yaml"
    if path.exists():
        raise GoldwireError("is there already", where=str(path), hint="Choose another name, or change that file.")
    text, _ = _text(source, study_folder)
    renamed = re.sub(r"^name:.*$", lambda _: f"name: {name}", text, count=1, flags=re.MULTILINE)
    parse(renamed, str(path))
    write_text(path, renamed)
    return path


def read(path: Path) -> Scheme:
    """Read and check a scheme file; see `load` for the errors."""
    return parse(_file_text(path), str(path))


def _file_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, IsADirectoryError):
        raise GoldwireError("the scheme file is not there", where=str(path)) from None
    except UnicodeDecodeError:
        raise GoldwireError("the scheme file is not UTF-8", where=str(path)) from None


@lru_cache(maxsize=32)
def parse(text: str, source: str) -> Scheme:
    """Check a scheme given as YAML text; `source` names it in errors. A scheme is never changed, so it is kept."""
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        refuse_double_keys(node, source)
        value = loader.construct_document(node) if node is not None else None
    except ValueError as error:  # PyYAML reads 2021-13-45 as a date
        raise GoldwireError(f"not valid YAML: {error}", where=source, hint="Put the value in quotes.") from None
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        problem = getattr(error, "problem", None) or str(error)
        raise GoldwireError(f"not valid YAML: {problem}", where=f"{source}:{line}") from None
    try:
        return Scheme.model_validate(value)
    except ValidationError as error:
        lines = [_describe(item, node, source) for item in error.errors()]
        raise GoldwireError(
            "\n".join(lines), hint="Mend the scheme, then check it with: goldwire labels scheme validate FILE"
        ) from None


def refuse_double_keys(node: yaml.Node | None, source: str) -> None:
    """Raise GoldwireError for a key that stands twice: YAML forbids it, and PyYAML lets the last one win."""
    if isinstance(node, yaml.MappingNode):
        keys = [key.value for key, _ in node.value]
        for number, (key, value) in enumerate(node.value):
            if key.value in keys[:number]:
                where = f"{source}:{key.start_mark.line + 1}: {key.value}"
                raise GoldwireError("the key stands twice", where=where, hint="Remove one of the two.")
            refuse_double_keys(value, source)
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            refuse_double_keys(child, source)


def _describe(item: Any, node: yaml.Node | None, source: str) -> str:
    place = (*item["loc"], *getattr(item.get("ctx", {}).get("error"), "place", ()))
    field = ".".join(str(part) for part in place) or "scheme"
    message = item["msg"].removeprefix("Value error, ")
    return f"{source}:{_line(node, place)}: {field}: {message}"


def _line(node: yaml.Node | None, loc: tuple[int | str, ...]) -> int:
    """Follow a pydantic location through the YAML nodes as far as it goes; the line of the last one found."""
    line = 1 if node is None else node.start_mark.line + 1
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if key.value == part]
            if not found:
                break
            key, node = found[0]
            line = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _walk(labels: list[Label], prefix: str) -> Iterator[tuple[str, Label]]:
    for label in labels:
        path = f"{prefix}{label.name}"
        yield path, label
        yield from _walk(label.children, f"{path}/")


def _second_place(labels: list[Label], key: str) -> tuple[str, tuple[int | str, ...]] | None:
    """Return the first name that stands twice among siblings, and where it stands again."""
    seen: set[str] = set()
    for number, label in enumerate(labels):
        if label.name in seen:
            return label.name, (key, number)
        seen.add(label.name)
        if below := _second_place(label.children, "children"):
            return f"{label.name}/{below[0]}", (key, number, *below[1])
    return None


def _names(labels: list[Label]) -> Iterator[str]:
    for label in labels:
        yield label.name
        yield from _names(label.children)


def _first_twice(names: list[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


def _hotkeys(labels: list[Label]) -> list[str]:
    return [label.hotkey.lower() for label in labels if label.hotkey]


def _known(names: list[str], known: set[str], what: str) -> None:
    for name in names:
        if name not in known:
            raise ValueError(f'{what}: "{name}" is no label of the mentions')
