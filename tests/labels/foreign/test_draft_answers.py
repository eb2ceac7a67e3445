"""Answers of any form, read under a scheme that was drafted from their page."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement, tostring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting import NER_WITH_CHOICES, SCHEMES, TEXT, answer, drafted, folded, made, span
from goldwire.demo import recorded
from goldwire.errors import GoldwireError
from goldwire.labels.fold import results
from goldwire.labels.foreign.answers import prepared
from goldwire.labels.foreign.draft import draft
from goldwire.labels.foreign.mapping import mapped, read, write
from goldwire.labels.interface import controls
from goldwire.scheme import Attribute, MentionLayer, Scheme
from goldwire.text.normalise import normalise

NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]), min_size=1, max_size=6).filter(str.strip)


@settings(max_examples=60, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=5, unique=True), st.sampled_from(["Choices", "Taxonomy"]), NAMES)
def test_whatever_labels_are_called_each_is_a_label_of_its_own(labels: list[str], tag: str, name: str) -> None:
    page = Element("View")
    SubElement(page, "Text", name="text", value="$text")
    asked = SubElement(page, tag, name=name, toName="text", choice="multiple")
    for label in labels:
        SubElement(asked, "Choice", value=label)
    found = made(tostring(page, encoding="unicode"))
    [control] = mapped(found.foreign, found.scheme).values()
    given_labels = ElementTree.fromstring(tostring(page)).findall(".//Choice")  # as XML has them, blanks included
    read_back = []
    for element in given_labels:
        value = element.get("value")
        item = answer(name, tag.lower(), {tag.lower(): [[value]] if tag == "Taxonomy" else [value]})
        read_back += folded(found, [item]).questions[control.name]
    assert read_back == list(control.labels)
    assert len(set(read_back)) == len(labels)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 200)
    | st.floats(allow_nan=False)
    | st.sampled_from(["who", "x", "r1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["start", "end", "text"]), inner),
    max_leaves=4,
)
KEYS = ["start", "end", "text", "labels", "choices", "rating", "globalOffsets"]
ITEMS = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from(["r1", "r2"]) | JSON,
        "from_name": st.sampled_from(["who", "cue", "named", "strength", "entity", "other"]) | JSON,
        "type": st.sampled_from(["labels", "relation"]) | JSON,
        "value": st.dictionaries(st.sampled_from(KEYS), JSON) | JSON,
    },
)


ANY = draft(NER_WITH_CHOICES, "A project")


@settings(max_examples=200, deadline=None)
@given(st.lists(ITEMS | JSON, max_size=4), st.booleans())
def test_a_result_of_any_form_is_read_or_remarked(result: list[Any], markup: bool) -> None:
    found = ANY
    foreign = found.foreign.model_copy(update={"markup": markup})
    names = mapped(foreign, found.scheme)
    got = prepared(result, TEXT, foreign, names)
    read_back = results.read(got.items, found.scheme, names, TEXT, strict=False)
    assert read_back.questions["marked"] in (["yes"], ["nothing"])


# offsets


def test_offsets_in_utf16_are_converted_when_every_span_says_so() -> None:
    found = made(NER_WITH_CHOICES)
    place = TEXT.index("Karsund")
    late = span("r2", "who", place + 1, place + 8, ["LOC"], "Karsund")
    got = prepared(
        [span("r1", "who", 0, 4, ["Person"]), late], TEXT, found.foreign, mapped(found.foreign, found.scheme)
    )
    assert got.converted
    spans = [item["value"] for item in got.items if item["type"] == "labels"]
    assert [(value["start"], value["end"]) for value in spans] == [(0, 4), (place, place + 7)]


def test_offsets_stay_when_they_fit_or_when_not_every_span_fits_converted() -> None:
    found = made(NER_WITH_CHOICES)
    names = mapped(found.foreign, found.scheme)
    place = TEXT.index("Karsund")
    right = span("r1", "who", place, place + 7, ["LOC"], "Karsund")
    moved = span("r2", "who", place + 1, place + 8, ["LOC"], "Karsund")
    for items in ([right], [right, moved]):
        got = prepared(items, TEXT, found.foreign, names)
        assert not got.converted
        assert [item["value"]["start"] for item in got.items if item["type"] == "labels"] == [
            item["value"]["start"] for item in items
        ]


# there and back


def test_a_page_of_goldwires_own_is_drafted_with_the_same_controls() -> None:
    for name, scheme in SCHEMES.items():
        found = drafted(name)
        own, back = controls(scheme), mapped(found.foreign, found.scheme)
        assert own.keys() == back.keys()
        for control, asked in own.items():
            there = back[control]
            assert (asked.kind, asked.name, asked.layer, asked.type, asked.labels, asked.spans) == (
                there.kind, there.name, there.layer, there.type, there.labels, there.spans,
            )  # fmt: skip
        assert [q.type for q in found.scheme.questions] == [_loose(q.type) for q in scheme.questions]


def test_recorded_answers_read_the_same_under_the_draft_of_their_page() -> None:
    with (recorded.folder() / "articles.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    articles = {
        row["id"]: (f"{row['title']}\n\n" if row.get("title") else "") + normalise(row["text"]) for row in rows
    }
    given_answers = list(recorded.load())
    assert len(given_answers) > 100
    for given_answer in given_answers:
        _same_answers(SCHEMES[given_answer.scheme], given_answer, articles[given_answer.article_id])


@pytest.mark.parametrize("name", SCHEMES)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_any_answer_reads_the_same_under_the_draft_of_its_page(name: str, data: st.DataObject) -> None:
    scheme = SCHEMES[name]
    _same_answers(scheme, data.draw(_answers(scheme)), TEXT)


def _same_answers(scheme: Scheme, given_answer: recorded.Answer, text: str) -> None:
    found = drafted(scheme.name)
    own, back = controls(scheme), mapped(found.foreign, found.scheme)
    items = recorded.result(given_answer, own, text)
    got = prepared(items, text, found.foreign, back)
    assert (got.remarks, got.converted) == ([], False)
    assert results.read(got.items, found.scheme, back, text) == results.read(items, scheme, own, text)


def _answers(scheme: Scheme) -> st.SearchStrategy[recorded.Answer]:
    @st.composite
    def build(draw: st.DrawFn) -> recorded.Answer:
        answers = {q.name: draw(_labels(q.type, list(q.label_names()))) for q in scheme.questions}
        spans = [(layer, label) for layer in scheme.mentions for label in layer.labels]
        mentions = []
        for number in range(draw(st.integers(0, 3)) if spans else 0):
            layer, label = draw(st.sampled_from(spans))
            start = draw(st.integers(0, len(TEXT) - 2))
            while TEXT[start].isspace():
                start -= 1
            given_to = {
                a.name: values
                for a in layer.attributes
                if _asks(a, layer, label.name) and (values := draw(_labels(a.type, list(a.label_names()))))
            }
            mention = {"id": f"r{number}", "layer": layer.name, "label": label.name, "attributes": given_to}
            mentions.append({**mention, "start": start, "end": start + 1, "text": TEXT[start : start + 1]})
        links = [
            {"from": a["id"], "to": b["id"], "label": relation.name}
            for relation in scheme.relations
            for a in mentions
            for b in mentions
            if a is not b and a["label"] in relation.from_ and b["label"] in relation.to
        ]
        chosen = draw(st.lists(st.sampled_from(links), max_size=3, unique_by=str)) if links else []
        return recorded.Answer("annotator-01", scheme.name, "a1", answers, None, None, tuple(mentions), tuple(chosen))

    return build()


def _asks(attribute: Attribute, layer: MentionLayer, label: str) -> bool:
    return label in (attribute.applies_to or [x.name for x in layer.labels])


def _labels(kind: str, names: list[str]) -> st.SearchStrategy[list[str]]:
    if kind == "text":
        return st.lists(st.sampled_from(["seven", "the envoy"]), max_size=1)
    if kind in ("single", "ordinal"):
        return st.lists(st.sampled_from(names), max_size=1)
    return st.lists(st.sampled_from(names), max_size=3, unique=True).map(lambda found: sorted(found, key=names.index))


def _loose(kind: str) -> str:
    """An ordinal question and a single one look the same on the page."""
    return "single" if kind == "ordinal" else kind


# controls.yaml


def test_the_controls_of_a_round_are_those_of_its_project(tmp_path: Path) -> None:
    found, folder = made(NER_WITH_CHOICES), tmp_path / "r"
    assert read(folder) is None
    write(folder, found.foreign)
    assert read(folder) == found.foreign
    assert mapped(found.foreign, found.scheme).keys() == found.foreign.controls.keys()
    with pytest.raises(GoldwireError, match=r'has no mention "cue" any more'):
        mapped(found.foreign, found.scheme.model_copy(update={"mentions": found.scheme.mentions[:1]}))
    for text, message in (("field: text\n", "text: Field required"), ("field: [\n", "not valid YAML")):
        (folder / "controls.yaml").write_text(text, encoding="utf-8")
        with pytest.raises(GoldwireError, match=message) as caught:
            read(folder)
        assert (caught.value.where, caught.value.hint) == (
            str(folder / "controls.yaml"),
            "Bring the file back, from git.",
        )
