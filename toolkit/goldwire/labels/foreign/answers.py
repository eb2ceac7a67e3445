"""The answers of a project that goldwire did not make, in the form that goldwire's own page would have sent.

Labels get the names that the scheme has, ratings become labels and numbers text, a span with several labels becomes
several, and offsets count code points in the article's text. What has no place is left out, with a remark.
"""

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from goldwire.labels.foreign.mapping import Foreign, ForeignControl
from goldwire.labels.interface import RELATION, Control

Item = dict[str, Any]
Span = tuple[int, int]
_RESULTS = {"choices": "choices", "taxonomy": "taxonomy", "textarea": "text", "labels": "labels"}

CONVERTED = (
    "offsets count UTF-16 code units, as old versions of Label Studio did, and were converted: the words of every "
    "span stand at the converted place, and not all at the given one"
)


@dataclass
class Prepared:
    """The items of one annotation's result, what was left out, and whether offsets were converted from UTF-16."""

    items: list[Item] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    converted: bool = False


def prepared(
    result: Sequence[Mapping[str, Any]], text: str, foreign: Foreign, controls: Mapping[str, Control]
) -> Prepared:
    """Return one annotation's result as goldwire's own page would have sent it.

    Parameters
    ----------
    result : sequence of mapping
        The server's JSON.
    text : str
        The text of the unit: the article's, from 0.
    foreign : Foreign
        The round's controls.yaml.
    controls : mapping
        From `goldwire.labels.foreign.mapping.mapped`; their names are those of the items.

    Returns
    -------
    Prepared
        Items whose control is not known stay as they are. Offsets are converted from UTF-16 code units when every
        span's text stands at the converted place, and that of at least one not at the given place.
    """
    made = Prepared()
    items = [item for item in result if isinstance(item, Mapping) and isinstance(item.get("value", {}), Mapping)]
    if len(items) < len(result):
        made.remarks.append(f"{len(result) - len(items)} items of the result cannot be read: left out")
    places = _Places(text, foreign, made)
    places.find([item for item in items if _is_span(item, foreign)])
    split: dict[str, list[tuple[str, str]]] = defaultdict(list)  # region -> (id, label) of what it was split into
    about: list[Mapping[str, Any]] = []
    for item in items:
        control = foreign.controls.get(str(item.get("from_name")))
        if item.get("type") == RELATION or control is None:
            made.items.append({**item})
        elif control.kind == "mention":
            for span in _marked(item, control, controls, places, made):
                split[str(item.get("id"))].append((str(span["id"]), span["value"]["labels"][0]))
                made.items.append(span)
        elif control.kind in ("attribute", "author"):
            about.append(item)
        else:
            made.items += _given(item, control, controls, made)
    for item in about:
        name, region = str(item["from_name"]), str(item.get("id"))
        if region in places.lost:
            continue
        ids = [found for found, label in split.get(region, []) if label in controls[name].spans]
        for one in _given(item, foreign.controls[name], controls, made):
            made.items += [{**one, "id": found} for found in dict.fromkeys(ids or [region])]
    if foreign.marked:
        made.items.append(_item(foreign.marked, foreign.text, "choices", ["yes" if split else "nothing"]))
    if places.lost:
        made.remarks.append(f"{len(places.lost)} spans are left out: they count in HTML, and not in its text")
    return made


class _Places:
    """Where the spans of one annotation stand in the text."""

    def __init__(self, text: str, foreign: Foreign, made: Prepared) -> None:
        self.text, self.markup, self.made = text, foreign.markup, made
        self.lost: set[str] = set()
        self._convert: Callable[[int], int | None] | None = None

    def find(self, items: Sequence[Mapping[str, Any]]) -> None:
        """Find out how offsets are counted, from all spans together."""
        said = [(place, item["value"].get("text")) for item in items if (place := self._given(item))]
        if self.text.isascii() or not any(char > "\uffff" for char in self.text):
            return
        convert = _from_utf16(self.text)
        as_given = [self._fits(place, words) for place, words in said]
        moved = [self._moved(place, convert) for place, _ in said]
        as_moved = [place is not None and self._fits(place, said[i][1]) for i, place in enumerate(moved)]
        if not all(as_given) and all(as_moved):
            self._convert, self.made.converted = convert, True

    def of(self, item: Mapping[str, Any]) -> Span | None:
        """Return the place of a span; None when it has none in the text, which is then among `lost`."""
        place = self._given(item)
        if place is not None and self._convert is not None:
            place = self._moved(place, self._convert)
        if self.markup and (place is None or not self._fits(place, item["value"].get("text"))):
            self.lost.add(str(item.get("id")))
            return None
        return place

    def _given(self, item: Mapping[str, Any]) -> Span | None:
        value = item.get("value") or {}
        value = value.get("globalOffsets") if self.markup else value
        if not isinstance(value, Mapping):
            return None
        start, end = value.get("start"), value.get("end")
        return (start, end) if isinstance(start, int) and isinstance(end, int) else None

    def _moved(self, place: Span, convert: Callable[[int], int | None]) -> Span | None:
        start, end = convert(place[0]), convert(place[1])
        return None if start is None or end is None else (start, end)

    def _fits(self, place: Span, words: Any) -> bool:
        if not isinstance(words, str):
            return True  # nothing is said of it: it goes with the others
        start, end = place
        return 0 <= start < end <= len(self.text) and _as_selected(words) == _as_selected(self.text[start:end])


def _is_span(item: Mapping[str, Any], foreign: Foreign) -> bool:
    control = foreign.controls.get(str(item.get("from_name")))
    return control is not None and control.kind == "mention" and "value" in item


def _marked(
    item: Mapping[str, Any],
    control: ForeignControl,
    controls: Mapping[str, Control],
    places: _Places,
    made: Prepared,
) -> Iterator[Item]:
    """Yield a span for each of the labels that a span has."""
    value, name, region = item.get("value") or {}, str(item["from_name"]), str(item.get("id"))
    place = places.of(item)
    if region in places.lost:
        return
    given = value.get(control.key) or value.get("labels") or []
    labels = _labels(given if isinstance(given, list) else [given], control, controls[name], made)
    if not labels:
        made.remarks.append(f"span {region} has no label that the scheme has: left out")
    start, end = place if place else (value.get("start"), value.get("end"))
    said = {"text": value["text"]} if "text" in value else {}
    for number, label in enumerate(dict.fromkeys(labels)):
        yield {
            "id": region if number == 0 else f"{region}~{number + 1}",
            "from_name": name,
            "to_name": item.get("to_name"),
            "type": "labels",
            "value": {"start": start, "end": end, **said, "labels": [label]},
        }


def _given(
    item: Mapping[str, Any], control: ForeignControl, controls: Mapping[str, Control], made: Prepared
) -> list[Item]:
    """Return the item with its answer where a page of ours has it; nothing when no answer is left."""
    name = str(item["from_name"])
    known, value = controls[name], item.get("value") or {}
    given = value.get(control.key)
    if given is None:
        made.remarks.append(f'"{name}" has no answer in the form of {control.key}: {json.dumps(value)[:80]}')
        return []
    given = [given] if not isinstance(given, list) else given
    if control.key == "number":
        given = [json.dumps(number) for number in given]
    elif control.key == "rating":
        given = _labels(
            [f"{stars:g}" if isinstance(stars, float) else stars for stars in given], control, known, made
        )
    elif control.key != "text":
        given = _labels(given, control, known, made)
    if known.type == "taxonomy":
        given = [label.split("/") for label in given]
    return [_item(name, str(item.get("to_name")), known.type, given, str(item.get("id")))] if given else []


def _labels(given: Sequence[Any], control: ForeignControl, known: Control, made: Prepared) -> list[str]:
    """Return labels as the scheme has them; of a tree, paths."""
    found = []
    for label in given:
        path = [str(part) for part in label] if isinstance(label, list) else [str(label)]
        name = "/".join(control.labels.get(part, part.strip()) for part in path)
        if name in known.labels:
            found.append(name)
        else:
            made.remarks.append(f'"{"/".join(path)}" is no label of {known.name}: left out')
    return found


def _item(name: str, to: str, kind: str, given: list[Any], number: str | None = None) -> Item:
    value = {_RESULTS[kind]: given}
    return {"id": number or f"{name}-read-off", "from_name": name, "to_name": to, "type": kind, "value": value}


@lru_cache(maxsize=8)  # the annotations of a text come one after the other
def _from_utf16(text: str) -> Callable[[int], int | None]:
    """Return a function from an offset in UTF-16 code units to one in code points; None within a character."""
    wide = [index for index, char in enumerate(text) if char > "\uffff"]
    starts = [index + number for number, index in enumerate(wide)]  # where each begins, in code units

    def convert(offset: int) -> int | None:
        before = bisect_left(starts, offset)  # characters that begin before it
        return None if before and starts[before - 1] == offset - 1 else offset - before

    return convert


def _as_selected(text: str) -> str:
    """Return the text as a browser gives a selection: its line ends written out, its blanks shown as one."""
    return " ".join(text.replace("\\n", " ").split())
