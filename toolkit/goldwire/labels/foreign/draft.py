"""A scheme draft from the labelling configuration of a project that goldwire did not make.

The draft asks what the project asks; what the project does not say (definitions, which label abstains) is for a
person to fill in. Names that a scheme does not take get others; which is which is kept for reading the answers.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from goldwire.errors import GoldwireError
from goldwire.labels.foreign import page as pages
from goldwire.labels.foreign.draft_answers import UNDEFINED, body, key_of, label_of, layer_kind, once, words
from goldwire.labels.foreign.draft_names import Names, plain, slug
from goldwire.labels.foreign.mapping import Foreign, ForeignControl
from goldwire.labels.foreign.page import Asked, Page
from goldwire.labels.interface import AUTHOR, COMMENT
from goldwire.scheme import Scheme, parse

MARKED = "marked"

_TARGETS = ("target", "topic", "entity", "claim", "aspect", "headline")
_HOLDERS = ("holder", "speaker")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Draft:
    """A scheme as YAML, and read back; how answers are read by it; and what it takes otherwise than the project."""

    text: str
    scheme: Scheme
    foreign: Foreign
    remarks: list[str]


def draft(config: str, title: str, *, name: str | None = None, text_field: str | None = None) -> Draft:
    """Return a scheme draft for a labelling configuration.

    Parameters
    ----------
    config : str
        The project's, XML.
    title : str
        The project's.
    name : str, optional
        Of the scheme; by default made from the title.
    text_field : str, optional
        See `goldwire.labels.foreign.page.read`.

    Raises
    ------
    GoldwireError
        When the project is not for text, or asks nothing that a scheme has; the message says why.
    """
    page = pages.read(config, text_field)
    return _Drafting(page).draft(plain(title) or "A Label Studio project", name or slug(title))


@dataclass
class _Layer:
    """A layer of mentions: its name in the scheme, its labels by what the page shows, and its YAML."""

    name: str
    labels: dict[str, str]
    yaml: dict[str, Any]


@dataclass
class _Drafting:
    page: Page
    names: Names = field(default_factory=lambda: Names({COMMENT, AUTHOR, "relation", "text"}))
    spans: Names = field(default_factory=lambda: Names({AUTHOR}))
    questions: list[dict[str, Any]] = field(default_factory=list)
    layers: dict[str, _Layer] = field(default_factory=dict)
    relations: list[dict[str, Any]] = field(default_factory=list)
    controls: dict[str, ForeignControl] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    keys_at: dict[str, set[str]] = field(default_factory=dict)
    from_author: set[str] = field(default_factory=set)

    def draft(self, title: str, name: str) -> Draft:
        for asked in self.page.asked:
            if asked.marks:
                self._layer(asked)
        for asked in self.page.asked:
            if not asked.marks and not asked.per_region:
                self._question(asked)
        for asked in self.page.asked:
            if asked.per_region:
                self._attribute(asked)
        self._relations()
        if not self.layers and not self.questions:
            raise GoldwireError(
                "the project asks nothing that a scheme has",
                hint="; ".join(f"{what}: {why}" for what, why in self.page.left_out.items()) or None,
            )
        marked = self._marked() if not self.questions else None
        target = next((x for x in self.page.fields if x in _TARGETS and x != self.page.text.field), None)
        value = {
            "name": name,
            "version": "0.1.0",
            "title": title,
            "description": f'What was asked in the Label Studio project "{title}".',
            "unit": "target" if target else "document",
            "questions": self.questions,
        }
        if self.layers:
            value["mentions"] = [layer.yaml for layer in self.layers.values()]
        if self.relations:
            value["relations"] = self.relations
        remarks = [f"{what}: not taken over: {why}" for what, why in self.page.left_out.items()] + self.remarks
        text = _head(title, name, remarks) + yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=110)
        foreign = Foreign(
            text=self.page.text.name,
            field=self.page.text.field,
            markup=self.page.text.markup,
            target=target,
            holder=next((x for x in self.page.fields if x in _HOLDERS), None) if target else None,
            marked=marked,
            controls=dict(sorted(self.controls.items())),
        )
        return Draft(text, parse(text, f"{name}.yaml"), foreign, remarks)

    def _layer(self, asked: Asked) -> None:
        name = self.names.take(asked.name)
        labels, shown, renamed = [], {}, {}
        for given in once(asked.answers):
            label = self.spans.take_label(given.value, f" ({name})")
            shown[given.shown] = shown[given.value] = label
            if label != given.value:
                renamed[given.value] = label
            labels.append(label_of(given, label, [self.keys]))
        if asked.attributes.get("choice") == "multiple":
            self.remarks.append(f"{name}: a span may have several labels; each is taken as a mention of its own")
        made = {"name": name, **words(asked, name, self.remarks), "kind": layer_kind(name), "labels": labels}
        self.layers[asked.name] = _Layer(name, shown, made)
        self._keep(asked, ForeignControl(kind="mention", name=name, key=key_of(asked), labels=renamed))

    def _marked(self) -> str:
        """Ask whether anything was marked, where only that can be told: a text without a span is answered, too."""
        name = self.names.take(MARKED)
        labels = [
            {"name": "yes", "definition": "At least one span is marked."},
            {"name": "nothing", "definition": "The text was submitted without a span.", "role": "negative"},
        ]
        made = {"name": name, "text": "Is anything marked?", "type": "single", "labels": labels}
        self.questions.append(made)
        self.controls[name] = ForeignControl(kind="question", name=name, key="choices")
        self.remarks.append(
            f"{name}: the project asks for spans alone; this answer is read off whether there are any, so that a "
            "text without one is known as answered"
        )
        return name

    def _question(self, asked: Asked) -> None:
        if asked.name == COMMENT and asked.tag == "TextArea":
            self._keep(asked, ForeignControl(kind="comment", name=COMMENT, key="text"))
            return
        name = self.names.take(asked.name)
        made, renamed = body(asked, name, [self.keys], self.remarks)
        self.questions.append(made)
        self._keep(asked, ForeignControl(kind="question", name=name, key=key_of(asked), labels=renamed))

    def _attribute(self, asked: Asked) -> None:
        layers = [x for raw, x in self.layers.items() if asked.layers is None or raw in asked.layers]
        at = {x.name: _asked_at(asked, x) for x in layers}
        at = {layer: labels for layer, labels in at.items() if labels}
        spans = [label for labels in at.values() for label in labels]
        if not spans:
            self.page.left_out[asked.name] = "it is asked about a span, and of no label that there is"
            return
        if self._is_authors(asked):
            self.from_author |= {given.value for given in asked.answers}
            self._keep(asked, ForeignControl(kind="author", name=AUTHOR, key=key_of(asked), spans=spans))
            return
        keys = [self.keys, *(self.keys_at.setdefault(span, set()) for span in spans)]
        name = self._attribute_name(asked, at)
        made, renamed = body(asked, name, keys, self.remarks)
        for layer in layers:
            if layer.name in at:
                _add(layer, made, at[layer.name])
        self._keep(asked, ForeignControl(kind="attribute", name=name, key=key_of(asked), spans=spans, labels=renamed))

    def _attribute_name(self, asked: Asked, at: dict[str, list[str]]) -> str:
        """Return the attribute's name: without its label or its layer, where goldwire's own page would add them."""
        name = asked.name
        only = asked.spans or frozenset()
        for label in only if len(only) == 1 else ():
            short = name.removesuffix(f"_{label}")
            name = short if _NAME.fullmatch(short) else name
        for layer in at if len(at) == 1 else ():
            short = name.removeprefix(f"{layer}_")
            others = {other.name for other in self.page.asked if other is not asked}
            name = short if short in others or any(x.startswith(f"{short}_") for x in others) else name
        if name == asked.name and not _NAME.fullmatch(name):
            return self.names.take(name)
        return self.names.free(name, lambda found: not self._overlaps(found, at)) if _NAME.fullmatch(name) else name

    def _overlaps(self, name: str, at: dict[str, list[str]]) -> bool:
        """Whether an attribute of this name is asked of one of these labels already."""
        for layer in self.layers.values():
            for attribute in layer.yaml.get("attributes", []):
                if attribute["name"] == name and layer.name in at:
                    there = attribute.get("applies_to") or [label["name"] for label in layer.yaml["labels"]]
                    if set(there) & set(at[layer.name]):
                        return True
        return False

    def _is_authors(self, asked: Asked) -> bool:
        drawn = {given.value for given in self.page.relations}
        return asked.name == AUTHOR and bool(asked.answers) and {given.value for given in asked.answers} <= drawn

    def _relations(self) -> None:
        spans = [label["name"] for layer in self.layers.values() for label in layer.yaml["labels"]]
        if not spans:
            if self.page.relations:
                self.page.left_out["Relations"] = "there are no spans that they could join"
            return
        for given in once(self.page.relations):
            made = {"name": given.value.strip(), "definition": given.hint or UNDEFINED}
            author = [AUTHOR] if given.value in self.from_author else []
            self.relations.append({**made, "from": [*spans, *author], "to": [*spans]})
        if self.relations and len(spans) > 1:
            self.remarks.append("relations: from and to are all labels, since the project does not restrict them")

    def _keep(self, asked: Asked, control: ForeignControl) -> None:
        self.controls[asked.name] = control
        if control.name != asked.name and control.kind in ("question", "mention"):
            self.remarks.append(f'{control.name}: called "{plain(asked.name)}" in the project')
        for was, now in control.labels.items():
            self.remarks.append(f'{control.name}: the label "{plain(was)}" is "{now}" in the scheme')


def _add(layer: _Layer, made: dict[str, Any], labels: list[str]) -> None:
    """Add an attribute to a layer, or its labels to one that is asked in the same words of others."""
    attributes = layer.yaml.setdefault("attributes", [])
    every = [label["name"] for label in layer.yaml["labels"]]
    whole = {**made} if labels == every else {**made, "applies_to": labels}
    for attribute in attributes:
        there = attribute.get("applies_to")
        if there and {**attribute, "applies_to": labels} == {**made, "applies_to": labels}:
            attribute["applies_to"] = [*there, *labels]
            return
    attributes.append(whole)


def _asked_at(asked: Asked, layer: _Layer) -> list[str]:
    wanted = asked.spans if asked.spans is not None else frozenset(layer.labels)
    return list(dict.fromkeys(label for shown, label in layer.labels.items() if shown in wanted))


def _head(title: str, name: str, remarks: list[str]) -> str:
    lines = [
        f'A draft, made from the labelling configuration of the Label Studio project "{title}".',
        "It asks what the project asks. Fill in what the project does not say:",
        f'- definition: when a label is given, where it says "{UNDEFINED}"',
        '- role: unsure for a label with which annotators abstain, negative for "there is nothing"',
        "- kind: of each layer of mentions: event, entity or evidence",
        "- from, to: which spans a relation may join",
        "Names of questions, layers and labels stay as they are: answers are read by them.",
        f"Then check it with: goldwire labels scheme validate {name}",
    ]
    if remarks:
        lines += ["", "What came out differently:", *(f"- {remark}" for remark in remarks)]
    return "".join(f"# {plain(line)}".rstrip() + "\n" for line in lines) + "\n"
