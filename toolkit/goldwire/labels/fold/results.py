"""From an annotation's result, as Label Studio stores it, to answers, mentions and relations.

What the page cannot send is an error: a label that is not in the scheme, a span that is not in the text. What the
page lets an annotator do, and no table has a place for, is a remark: a relation without a label, say, or an answer to
a control that the scheme has not (a rating, a number), which stays in the part as it came.
"""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from msgspec import Struct

from goldwire.errors import GoldwireError
from goldwire.labels.fold import links, typed
from goldwire.labels.fold.links import Mention, Relation
from goldwire.labels.fold.typed import Item, Value
from goldwire.labels.interface import AUTHOR, COMMENT, RELATION, Control
from goldwire.scheme import Scheme

ENTITY = "entity"

_KEYS = {"choices": "choices", "taxonomy": "taxonomy", "textarea": "text", "labels": "labels"}
_ORDER = ("question", COMMENT, "mention", "attribute", AUTHOR)  # what is about a span comes after the span
_PLACE = attrgetter("start", "end", "id")
_HINT = "Mend it in Label Studio, then pull again. If the scheme has changed, bring back the one of the round."


class Answer(Struct, gc=False):
    """What one annotation says.

    `questions` has the labels given to each question of the scheme, or the text given to a text question; an empty
    list where nothing was given. Mentions stand by their place in the text. `remarks` is what was left out or may be
    a slip.
    """

    questions: dict[str, list[str]]
    mentions: list[Mention] = []
    relations: list[Relation] = []
    comment: str | None = None
    remarks: list[str] = []


def read(
    result: Sequence[Mapping[str, Any]],
    scheme: Scheme,
    controls: Mapping[str, Control],
    text: str,
    start: int = 0,
    *,
    strict: bool = True,
) -> Answer:
    """Read one result as the server's JSON has it; for many of one scheme, and for the rest, see `Reader.read`."""
    return Reader(scheme, controls).read(typed.items(result), text, start, strict=strict)


class _Asked(Struct, frozen=True):
    """A control: its rank in the order in which answers are read, and how they are read."""

    rank: int
    key: str
    control: Control
    labels: frozenset[str]
    single: bool


class Reader:
    """Reads the results of one scheme's page.

    Parameters
    ----------
    scheme : Scheme
    controls : mapping
        Those of the scheme; see `goldwire.labels.interface.controls`.
    """

    def __init__(self, scheme: Scheme, controls: Mapping[str, Control]) -> None:
        self.scheme = scheme
        self.questions = [question.name for question in scheme.questions]
        self.asked = {
            name: _Asked(
                _ORDER.index(control.kind) * len(controls) + place,
                _KEYS[control.type],
                control,
                frozenset(control.labels),
                control.question is not None and control.question.type in ("single", "ordinal"),
            )
            for place, (name, control) in enumerate(controls.items())
        }
        # control -> whether it marks spans, what it is called, its labels
        self._short: dict[str | None, tuple[bool, str, frozenset[str]]] = {
            name: (control.kind == "mention", control.name, frozenset(control.labels))
            for name, control in controls.items()
            if (control.kind, control.type) in (("mention", "labels"), ("question", "choices"))
        }

    def read(self, result: Sequence[Item], text: str, start: int = 0, *, strict: bool = True) -> Answer:
        """Read the result of one annotation.

        Parameters
        ----------
        result : sequence of Item
        text : str
            What the annotator was shown. A mention's text is taken from it, not from the result.
        start : int
            Where in the article's text it begins: added to every offset.
        strict : bool
            Raise what is wrong; otherwise remark it, and leave it out.

        Returns
        -------
        Answer
            A span that has labels of two layers is two mentions. For relations see
            `goldwire.labels.fold.links.relations`; one that was answered at its target comes from "author".

        Raises
        ------
        GoldwireError
            When a label is not in the scheme, a question that takes one label has two, or a span is empty, out of the
            text, or not the words that the annotator selected.
        """
        answer = Answer({name: [] for name in self.questions})
        rest = self._take_usual(result, text, start, answer)
        if rest is None:
            answer, rest = Answer({name: [] for name in self.questions}), result
        if rest:
            _Reading(self, text, start, answer).take(rest, strict)
        if len(answer.mentions) > 1:
            answer.mentions.sort(key=_PLACE)
        if len(answer.relations) > 1:
            answer.relations = sorted(set(answer.relations))
        return answer

    def _take_usual(self, result: Sequence[Item], text: str, start: int, answer: Answer) -> Sequence[Item] | None:
        """Take what nearly all items are: spans and choices with one label each, where nothing is to be remarked.

        Returns
        -------
        sequence or None
            The items of other controls; None when a span or a choice is not as usual. Then nothing may be taken from
            `answer`, since what is said of them depends on their order.
        """
        rest: list[Item] = []
        length, mentions, questions = len(text), answer.mentions, answer.questions
        for item in result:
            short, value = self._short.get(item.from_name), item.value
            if short is None:
                rest.append(item)
                continue
            if value is None or item.type == RELATION:
                return None
            marks, name, labels = short
            given = value.labels if marks else value.choices
            if given is None or len(given) != 1 or given[0] not in labels:
                return None
            if marks:
                begin, end, region = value.start, value.end, item.id
                if begin is None or end is None or region is None or not 0 <= begin < end <= length:
                    return None
                words = text[begin:end]
                if words != value.text:
                    return None
                mentions.append(Mention(region, name, given[0], start + begin, start + end, words))
            elif questions[name]:
                return None
            else:
                questions[name] = given
        return rest if len({mention.id for mention in mentions}) == len(mentions) else None


class _Reading:
    """One annotation while it is read, whatever it has. Some of its spans may stand in the answer already."""

    def __init__(self, reader: Reader, text: str, start: int, answer: Answer) -> None:
        self.scheme, self.asked = reader.scheme, reader.asked
        self.text, self.start, self.answer = text, start, answer
        # region -> layer -> mention
        self.spans: dict[str, dict[str, Mention]] = {
            mention.id: {mention.layer: mention} for mention in answer.mentions
        }

    def take(self, result: Sequence[Item], strict: bool) -> None:
        given: list[tuple[int, int, _Asked, Item, Value]] = []
        for number, item in enumerate(result):
            if item.type == RELATION:
                continue
            asked, value = self.asked.get(item.from_name or "None"), item.value
            if asked is None or value is None or getattr(value, asked.key) is None:
                self._remark(f'the scheme asks nothing by the name "{item.from_name}" ({item.type})')
            else:
                given.append((asked.rank, number, asked, item, value))
        given.sort()  # the number is unique: the rest is never compared
        for _, _, asked, item, value in given:
            self._try(strict, self._taken, asked, item, value)
        for item in result:
            if item.type == RELATION:
                self._try(strict, self._drawn, item)

    def _try(self, strict: bool, call: Callable[..., None], *arguments: Any) -> None:
        try:
            call(*arguments)
        except GoldwireError as error:
            if strict:
                raise
            self._remark(error.message)

    def _taken(self, asked: _Asked, item: Item, value: Value) -> None:
        kind = asked.control.kind
        if kind == "mention":
            self._mention(asked, item, value)
        elif kind == "question":
            before = self.answer.questions[asked.control.name]
            self.answer.questions[asked.control.name] = _one_or_many(asked, [*before, *_given(asked, item, value)])
        elif kind == COMMENT:
            said = [self.answer.comment] if self.answer.comment else []
            self.answer.comment = "\n".join([*said, *_given(asked, item, value)]) or None
        elif kind == "attribute":
            self._attribute(asked, item, value)
        else:
            self._author(asked, item, value)

    def _mention(self, asked: _Asked, item: Item, value: Value) -> None:
        labels, region, name = _given(asked, item, value), str(item.id), asked.control.name
        if len(labels) != 1:
            if not labels:
                self._remark(f"span {region} has no label")
                return
            raise GoldwireError(f"span {region} has several labels of {name}: {', '.join(labels)}", hint=_HINT)
        words = self._words(region, value)
        begin, mention_id, layers = self.start + (value.start or 0), region, self.spans.get(region)
        if layers is None:
            layers = self.spans[region] = {}
        elif name in layers:
            raise GoldwireError(f"there are two spans {region} of {name}", hint=_HINT)
        else:
            others = ", ".join(mention.label for mention in layers.values())
            self._remark(f"span {region} is marked as {others} and as {labels[0]}: taken as two mentions")
            mention_id = f"{region}/{name}"
        mention = Mention(mention_id, name, labels[0], begin, begin + len(words), words)
        layers[name] = mention
        self.answer.mentions.append(mention)

    def _words(self, region: str, value: Value) -> str:
        start, end = value.start, value.end
        if start is None or end is None or not 0 <= start < end <= len(self.text):
            raise GoldwireError(
                f"span {region}, {start} to {end}, does not lie in the text, which has {len(self.text)} characters",
                hint=_HINT,
            )
        words, said = self.text[start:end], value.text
        if words != said and said is not None and _as_selected(str(said)) != _as_selected(words):
            raise GoldwireError(
                f"span {region}, {start} to {end}, was marked on {str(said)!r}, and the text there is {words!r}",
                hint="The article has changed since, or the offsets were counted in another way. Bring the article "
                "back as it was, or mark the span again.",
            )
        return words

    def _attribute(self, asked: _Asked, item: Item, value: Value) -> None:
        mention, control = self._asked_at(asked.control, item), asked.control
        if mention is None or not (values := _one_or_many(asked, _given(asked, item, value))):
            return
        if control.name == ENTITY and control.type == "textarea":
            mention.entity = " ".join(values)
        else:
            mention.attributes[control.name] = values

    def _author(self, asked: _Asked, item: Item, value: Value) -> None:
        mention = self._asked_at(asked.control, item)
        if mention is None:
            return
        for label in _given(asked, item, value):
            if mention.label in links.by_name(self.scheme, label).to:
                self.answer.relations.append(Relation(AUTHOR, mention.id, label))
            else:
                self._remark(f'the author cannot be related by "{label}" to span {mention.id} ({mention.label})')

    def _asked_at(self, control: Control, item: Item) -> Mention | None:
        """Return the mention that the control was answered about."""
        layers = self.spans.get(str(item.id), {})
        for mention in layers.values():
            if mention.label in control.spans:
                return mention
        there = ", ".join(mention.label for mention in layers.values()) or "no label"
        self._remark(f'"{control.name}" was answered at span {item.id} ({there}), where it is not asked')
        return None

    def _drawn(self, item: Item) -> None:
        ends = []
        for region in (str(item.from_id), str(item.to_id)):
            if region not in self.spans:
                self._remark(f"a relation leads to {region}, which is no marked span")
                return
            ends.append(list(self.spans[region].values()))
        found = links.relations(self.scheme, item, *ends)
        self.answer.relations += found.relations
        self.answer.remarks += found.remarks

    def _remark(self, text: str) -> None:
        self.answer.remarks.append(text)


def _given(asked: _Asked, item: Item, value: Value) -> list[str]:
    """Return what was answered, labels in the order of the scheme, and make sure that they are in it."""
    if asked.key == "text":
        texts = value.text or []
        return [said for text in ([texts] if isinstance(texts, str) else texts) if (said := text.strip())]
    if asked.key == "taxonomy":
        labels = ["/".join(path) for path in value.taxonomy or []]
    else:
        labels = (value.labels if asked.key == "labels" else value.choices) or []
    for label in labels:
        if label not in asked.labels:
            place = f" at span {item.id}" if asked.control.kind != "question" else ""
            raise GoldwireError(f'"{label}" is no label of {asked.control.name}{place}', hint=_HINT)
    return labels if len(labels) == 1 else [label for label in asked.control.labels if label in labels]


def _one_or_many(asked: _Asked, given: list[str]) -> list[str]:
    if asked.single and len(given) > 1:
        raise GoldwireError(f"{asked.control.name} takes one label, and has {', '.join(given)}", hint=_HINT)
    return given


def _as_selected(text: str) -> str:
    """Return the text as a browser gives a selection: its line ends written out, its blanks shown as one."""
    return " ".join(text.replace("\\n", " ").split())
