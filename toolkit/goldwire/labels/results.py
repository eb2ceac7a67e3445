"""From an annotation's result, as Label Studio stores it, to answers, mentions and relations.

What the page cannot send is an error: a label that is not in the scheme, a span that is not in the text. What the
page lets an annotator do, and no table has a place for, is a remark: a relation without a label, say.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from goldwire.errors import GoldwireError
from goldwire.labels import links
from goldwire.labels.interface import AUTHOR, COMMENT, RELATION, Control
from goldwire.labels.links import Mention, Relation
from goldwire.scheme import Scheme

ENTITY = "entity"

Item = Mapping[str, Any]

_KEYS = {"choices": "choices", "taxonomy": "taxonomy", "textarea": "text", "labels": "labels"}
_HINT = "Mend it in Label Studio, then pull again. If the scheme has changed, bring back the one of the round."


@dataclass
class Answer:
    """What one annotation says.

    `questions` has the labels given to each question of the scheme, or the text given to a text question; an empty
    list where nothing was given. `remarks` is what was left out or may be a slip.
    """

    questions: dict[str, list[str]]
    mentions: list[Mention] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    comment: str | None = None
    remarks: list[str] = field(default_factory=list)


def read(
    result: Sequence[Item],
    scheme: Scheme,
    controls: Mapping[str, Control],
    text: str,
    start: int = 0,
    *,
    strict: bool = True,
) -> Answer:
    """Read the result of one annotation.

    Parameters
    ----------
    result : sequence of mapping
        The server's JSON.
    scheme : Scheme
    controls : mapping
        Those of the scheme; see `goldwire.labels.interface.controls`.
    text : str
        What the annotator was shown. A mention's text is taken from it, not from the result.
    start : int
        Where in the article's text it begins: added to every offset.
    strict : bool
        Raise what is wrong; otherwise remark it, and leave it out.

    Returns
    -------
    Answer
        Mentions by their place in the text. A span that has labels of two layers is two mentions. For relations
        see `goldwire.labels.links.relations`; one that was answered at its target comes from "author".

    Raises
    ------
    GoldwireError
        When a label is not in the scheme, a question that takes one label has two, or a span is empty, out of the
        text, or not the words that the annotator selected.
    """
    return _Reading(scheme, controls, text, start, strict).of(result)


class _Reading:
    def __init__(self, scheme: Scheme, controls: Mapping[str, Control], text: str, start: int, strict: bool) -> None:
        self.scheme, self.controls, self.text, self.start, self.strict = scheme, controls, text, start, strict
        self.answer = Answer({question.name: [] for question in scheme.questions})
        self.spans: dict[str, dict[str, Mention]] = {}  # region -> layer -> mention

    def of(self, result: Sequence[Item]) -> Answer:
        drawn = [item for item in result if item.get("type") == RELATION]
        page = list(self.controls)
        asked = list(self._asked(item for item in result if item.get("type") != RELATION))
        asked.sort(key=lambda pair: page.index(str(pair[1]["from_name"])))
        for kind, take in (
            ("question", self._question),
            (COMMENT, self._comment),
            ("mention", self._mention),
            ("attribute", self._attribute),
            (AUTHOR, self._author),
        ):
            for control, item in asked:
                if control.kind == kind:
                    self._try(take, control, item)
        for item in drawn:
            self._try(self._drawn, item)
        everything = (mention for layers in self.spans.values() for mention in layers.values())
        self.answer.mentions = sorted(everything, key=lambda mention: (mention.start, mention.end, mention.id))
        self.answer.relations = sorted(set(self.answer.relations))
        return self.answer

    def _asked(self, items: Iterator[Item]) -> Iterator[tuple[Control, Item]]:
        for item in items:
            control = self.controls.get(str(item.get("from_name")))
            if control is None or _KEYS[control.type] not in (item.get("value") or {}):
                self._remark(f'the scheme asks nothing by the name "{item.get("from_name")}" ({item.get("type")})')
            else:
                yield control, item

    def _question(self, control: Control, item: Item) -> None:
        given = self.answer.questions[control.name]
        self.answer.questions[control.name] = _one_or_many(control, [*given, *_given(control, item)])

    def _comment(self, control: Control, item: Item) -> None:
        said = [self.answer.comment] if self.answer.comment else []
        self.answer.comment = "\n".join([*said, *_given(control, item)]) or None

    def _mention(self, control: Control, item: Item) -> None:
        region, labels = str(item["id"]), _given(control, item)
        if not labels:
            self._remark(f"span {region} has no label")
            return
        if len(labels) > 1:
            raise GoldwireError(
                f"span {region} has several labels of {control.name}: {', '.join(labels)}", hint=_HINT
            )
        start, end = self._place(region, item["value"])
        layers = self.spans.setdefault(region, {})
        if control.name in layers:
            raise GoldwireError(f"there are two spans {region} of {control.name}", hint=_HINT)
        if layers:
            others = ", ".join(mention.label for mention in layers.values())
            self._remark(f"span {region} is marked as {others} and as {labels[0]}: taken as two mentions")
        mention_id = f"{region}/{control.name}" if layers else region
        begin = self.start + start
        layers[control.name] = Mention(
            mention_id, control.name, labels[0], begin, begin + end - start, self.text[start:end]
        )

    def _place(self, region: str, value: Item) -> tuple[int, int]:
        start, end = value.get("start"), value.get("end")
        if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= len(self.text):
            raise GoldwireError(
                f"span {region}, {start} to {end}, does not lie in the text, which has {len(self.text)} characters",
                hint=_HINT,
            )
        said = value.get("text")
        if said is not None and _as_selected(str(said)) != _as_selected(self.text[start:end]):
            raise GoldwireError(
                f"span {region}, {start} to {end}, was marked on {str(said)!r}, and the text there is "
                f"{self.text[start:end]!r}",
                hint="The article has changed since, or the offsets were counted in another way. Bring the article "
                "back as it was, or mark the span again.",
            )
        return start, end

    def _attribute(self, control: Control, item: Item) -> None:
        mention = self._asked_at(control, item)
        if mention is None or not (values := _one_or_many(control, _given(control, item))):
            return
        if control.name == ENTITY and control.type == "textarea":
            changed = replace(mention, entity=" ".join(values))
        else:
            changed = replace(mention, attributes={**mention.attributes, control.name: values})
        self.spans[str(item["id"])][mention.layer] = changed

    def _author(self, control: Control, item: Item) -> None:
        mention = self._asked_at(control, item)
        if mention is None:
            return
        for label in _given(control, item):
            if mention.label in links.by_name(self.scheme, label).to:
                self.answer.relations.append(Relation(AUTHOR, mention.id, label))
            else:
                self._remark(f'the author cannot be related by "{label}" to span {mention.id} ({mention.label})')

    def _asked_at(self, control: Control, item: Item) -> Mention | None:
        """Return the mention that the control was answered about."""
        layers = self.spans.get(str(item.get("id")), {})
        for mention in layers.values():
            if mention.label in control.spans:
                return mention
        there = ", ".join(mention.label for mention in layers.values()) or "no label"
        self._remark(f'"{control.name}" was answered at span {item.get("id")} ({there}), where it is not asked')
        return None

    def _drawn(self, item: Item) -> None:
        ends = []
        for end in ("from_id", "to_id"):
            region = str(item.get(end))
            if region not in self.spans:
                self._remark(f"a relation leads to {region}, which is no marked span")
                return
            ends.append(list(self.spans[region].values()))
        found = links.relations(self.scheme, item, *ends)
        self.answer.relations += found.relations
        self.answer.remarks += found.remarks

    def _try(self, call: Callable[..., None], *arguments: Any) -> None:
        try:
            call(*arguments)
        except GoldwireError as error:
            if self.strict:
                raise
            self._remark(error.message)

    def _remark(self, text: str) -> None:
        self.answer.remarks.append(text)


def _given(control: Control, item: Item) -> list[str]:
    """Return what was answered, labels in the order of the scheme, and make sure that they are in it."""
    given = item["value"][_KEYS[control.type]]
    given = [given] if isinstance(given, str) else given
    if control.type == "textarea":
        return [text.strip() for text in given if text.strip()]
    labels = ["/".join(label) if isinstance(label, list) else label for label in given]
    for label in labels:
        if label not in control.labels:
            place = f" at span {item['id']}" if control.kind != "question" else ""
            raise GoldwireError(f'"{label}" is no label of {control.name}{place}', hint=_HINT)
    return [label for label in control.labels if label in labels]


def _one_or_many(control: Control, given: list[str]) -> list[str]:
    if control.question and control.question.type in ("single", "ordinal") and len(given) > 1:
        raise GoldwireError(f"{control.name} takes one label, and has {', '.join(given)}", hint=_HINT)
    return given


def _as_selected(text: str) -> str:
    """Return the text as a browser gives a selection: its line ends written out, its blanks shown as one."""
    return " ".join(text.replace("\\n", " ").split())
