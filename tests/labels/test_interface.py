"""The labelling page: what stands on it, in which order, under which names, and what Label Studio makes of it."""

from xml.etree import ElementTree

import pytest

from goldwire.errors import GoldwireError
from goldwire.labels.interface import Control, config, controls
from goldwire.scheme import Scheme, load, parse, shipped

LITTLE = """
name: little
version: 1.0.0
title: Little
description: A small scheme.
unit: target
questions:
  - name: stance
    text: For or against?
    hint: In this article.
    labels:
      - {name: for, definition: 'Says "yes" & <means> it', hotkey: f, group: clear}
      - {name: against, definition: Says no, hotkey: a, group: clear}
      - {name: unsure, definition: Cannot tell, role: unsure}
  - name: themes
    text: What about?
    type: tree
    required: false
    labels:
      - name: money
        definition: Money
        children: [{name: tax, definition: Taxes}]
  - {name: why, text: "Why?", type: text, required: false}
mentions:
  - name: evidence
    text: Mark the words
    kind: evidence
    labels:
      - {name: word, definition: A word, hotkey: w}
      - {name: deed, definition: A deed, hotkey: d}
    attributes:
      - name: quoted
        text: Quoted?
        type: multiple
        required: false
        labels: [{name: "yes", definition: Quoted, hotkey: q}]
      - name: mode
        text: How?
        applies_to: [word, deed]
        labels: [{name: loud, definition: Loud}]
  - name: people
    text: Mark people
    kind: entity
    labels: [{name: person, definition: A person}]
    attributes:
      - {name: quoted, text: "Quoted whom?", type: text, required: false}
relations:
  - {name: pos, definition: For, from: [person, author], to: [person, word]}
  - {name: neg, definition: Against, from: [person], to: [person]}
"""


def little(old: str = "", new: str = "") -> Scheme:
    """The small scheme, with one change."""
    assert old in LITTLE
    return parse(LITTLE.replace(old, new, 1), "little.yaml")


def page(scheme: Scheme) -> ElementTree.Element:
    return ElementTree.fromstring(config(scheme))


def test_controls_name_everything_once_in_the_order_of_the_page() -> None:
    scheme = little()
    stance, themes, why = scheme.questions
    quoted, mode = scheme.mentions[0].attributes
    whom = scheme.mentions[1].attributes[0]
    assert list(controls(scheme).items()) == [
        ("stance", Control("question", "stance", None, "choices", ("for", "against", "unsure"), (), stance)),
        ("themes", Control("question", "themes", None, "taxonomy", ("money", "money/tax"), (), themes)),
        ("why", Control("question", "why", None, "textarea", (), (), why)),
        ("comment", Control("comment", "comment", None, "textarea")),
        ("evidence", Control("mention", "evidence", "evidence", "labels", ("word", "deed"))),
        ("people", Control("mention", "people", "people", "labels", ("person",))),
        ("quoted", Control("attribute", "quoted", "evidence", "choices", ("yes",), ("word", "deed"), quoted)),
        ("mode_word", Control("attribute", "mode", "evidence", "choices", ("loud",), ("word",), mode)),
        ("mode_deed", Control("attribute", "mode", "evidence", "choices", ("loud",), ("deed",), mode)),
        ("people_quoted", Control("attribute", "quoted", "people", "textarea", (), ("person",), whom)),
        ("author", Control("author", "author", None, "choices", ("pos",), ("person", "word"))),
    ]


@pytest.mark.parametrize("scheme", [little(), *map(load, shipped())], ids=lambda scheme: scheme.name)
def test_the_page_has_a_tag_for_every_control_in_their_order(scheme: Scheme) -> None:
    tags = [(tag.get("name"), tag.tag.lower()) for tag in page(scheme).iter() if tag.get("toName")]
    assert tags == [(name, control.type) for name, control in controls(scheme).items()]


@pytest.mark.parametrize("scheme", [little(), *map(load, shipped())], ids=lambda scheme: scheme.name)
def test_label_studio_reads_the_page_and_offers_the_schemes_labels(scheme: Scheme) -> None:
    from label_studio_sdk.label_interface import LabelInterface

    interface = LabelInterface(config(scheme))
    interface.validate()
    offered = {tag.name: set(tag.labels) for tag in interface.controls if tag.tag in ("Choices", "Labels")}
    assert offered == {
        name: set(control.labels)
        for name, control in controls(scheme).items()
        if control.type in ("choices", "labels")
    }


@pytest.mark.parametrize("scheme", [little(), *map(load, shipped())], ids=lambda scheme: scheme.name)
def test_no_button_is_left_to_get_a_made_up_hotkey(scheme: Scheme) -> None:
    root = page(scheme)
    trees = {choice for tree in root.iter("Taxonomy") for choice in tree.iter("Choice")}
    buttons = [button for tag in ("Choice", "Label") for button in root.iter(tag) if button not in trees]
    assert all(button.get("hotkey") for button in buttons)
    without = {
        button.get("value")
        for block in root.iter("View")
        if "keyless" in block.get("className", "")
        for button in block
    }
    asked = [*scheme.questions, *(a for layer in scheme.mentions for a in layer.attributes)]
    given = [label for q in asked if q.type != "tree" for label in q.labels]
    given += [label for layer in scheme.mentions for label in layer.labels]
    expected = {label.name for label in given if not label.hotkey}
    expected |= {r.name for r in scheme.relations if "author" in r.from_ and not r.hotkey}
    assert without == expected


def test_a_page_whole() -> None:
    scheme = parse(
        """
        name: one
        version: 1.0.0
        title: One
        description: One question.
        unit: document
        questions:
          - name: mood
            text: Costs $what?
            hint: Choose.
            labels: [{name: 'a<b', definition: 'A "mood"', hotkey: m}, {name: none, definition: None}]
        """,
        "one.yaml",
    )
    text = config(scheme)
    style = text[text.index("<Style>") : text.index("</Style>")]
    assert text.replace(style, "<Style>") == (
        """\
<View className="gw-page">
  <Style></Style>
  <View className="gw-article">
    <View className="gw-source">
      <Header value="$outlet" size="5" />
      <Header value="$date" size="5" />
    </View>
    <View className="gw-context">
      <Header value="$before" size="5" />
    </View>
    <Text name="text" value="$text" />
    <View className="gw-context">
      <Header value="$after" size="5" />
    </View>
  </View>
  <View className="gw-form">
    <View className="gw-field">
      <View className="gw-ask">
        <Header value="Costs $\u2060what?" size="5" />
        <View className="gw-note">
          <Header value="Choose." size="5" />
        </View>
      </View>
      <Choices name="mood" toName="text" choice="single" layout="inline" required="true" """
        """requiredMessage="Not answered yet: Costs $what?">
        <View className="gw-row">
          <Choice value="a&lt;b" hint="A &quot;mood&quot;" hotkey="m" />
          <View className="gw-keyless">
            <Choice value="none" hint="None" hotkey="f19" />
          </View>
        </View>
      </Choices>
    </View>
    <View className="gw-field">
      <TextArea name="comment" toName="text" rows="1" maxSubmissions="1" editable="true" placeholder="comment" />
    </View>
  </View>
</View>
"""
    )
    assert "gw-page {" in style
    assert "/*" not in style


def test_holder_and_target_head_the_form_of_a_scheme_about_targets_only() -> None:
    def headings(scheme: Scheme) -> list[str]:
        return [header.get("value", "") for header in page(scheme).iter("Header")]

    assert headings(little())[:6] == ["$outlet", "$date", "Holder:", "$holder", "Target:", "$target"]
    assert "$target" not in headings(little("unit: target", "unit: document"))


def test_a_headline_heads_the_form_without_a_holder() -> None:
    found = [header.get("value", "") for header in page(little("unit: target", "unit: headline")).iter("Header")]
    assert found[:5] == ["$outlet", "$date", "Headline:", "$target", "For or against?"]
    assert "$holder" not in found


def test_a_question_about_a_span_is_shown_and_kept_for_its_labels_only() -> None:
    root = page(little())
    shown = {
        tag.get("name"): (block.get("visibleWhen"), block.get("whenLabelValue"), tag.get("whenLabelValue"))
        for block in root.iter("View")
        for tag in block
        if tag.get("perRegion") == "true"
    }
    assert shown == {
        "quoted": ("region-selected", "word,deed", "word,deed"),
        "mode_word": ("region-selected", "word", "word"),
        "mode_deed": ("region-selected", "deed", "deed"),
        "people_quoted": ("region-selected", "person", "person"),
        "author": ("region-selected", "person,word", "person,word"),
    }


def test_labels_of_one_group_share_a_heading_and_span_labels_the_colour_of_the_answer_of_their_name() -> None:
    scheme = load("event-plover")
    root = page(scheme)
    headings = [block[0].get("value") for block in root.iter("View") if block.get("className") == "gw-group"]
    assert headings == list(dict.fromkeys(label.group for label in scheme.questions[0].labels))
    colour = {label.get("value"): label.get("background") for label in root.iter("Label")}
    groups = {label.name: label.group for label in scheme.questions[0].labels}
    events = [label.name for label in scheme.mentions[0].labels]
    assert len({colour[name] for name in events}) == len({groups[name] for name in events}) == 4
    assert colour["AGREE"] == colour["CONSULT"] != colour["ASSAULT"]
    assert colour["participant"] not in {colour[name] for name in events}


def test_a_row_with_a_button_too_long_for_its_column_is_laid_out_for_it() -> None:
    def long(scheme: Scheme) -> list[list[str | None]]:
        rows = [row for row in page(scheme).iter("View") if row.get("className") == "gw-row gw-long"]
        return [[button.get("value") for button in row] for row in rows]

    incidents = [label.name for label in load("event-muc4").mentions[0].labels]
    assert long(load("event-muc4")) == [
        [*incidents, "NO_INCIDENT", "UNSURE"],
        incidents,
        ["accomplished", "attempted", "threatened"],
    ]
    assert long(load("stance-target")) == []


def test_relations_are_offered_one_at_a_time() -> None:
    (relations,) = page(little()).iter("Relations")
    assert relations.get("choice") == "single"
    assert [relation.get("value") for relation in relations] == ["pos", "neg"]


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        (
            "name: for,",
            "name: $for,",
            'little.yaml: label "$for": Label Studio would read a field of the task in it',
            "Give the label another name.",
        ),
        (
            "hotkey: f,",
            "hotkey: u,",
            'little.yaml: label "for": the labelling page uses the hotkey "u" itself',
            "Choose another key.",
        ),
        (
            "hotkey: f,",
            "hotkey: F,",
            'little.yaml: label "for": Label Studio does not see the capital in the hotkey "F"',
            'Write "shift+f" if that is meant.',
        ),
        (
            "{name: person, definition: A person}",
            "{name: 'man, woman', definition: A person}, {name: person, definition: A person}",
            'little.yaml: label "man, woman": Label Studio would read two labels',
            "Give the label another name.",
        ),
        (
            "applies_to: [word, deed]",
            "applies_to: [word, word]",
            'little.yaml: mentions.evidence.attributes: "mode" is asked twice of the same label',
            "Give one of the two attributes another name, or other labels in applies_to.",
        ),
    ],
)
def test_what_label_studio_would_misread_is_refused_by_name(old: str, new: str, message: str, hint: str) -> None:
    scheme = little(old, new)
    with pytest.raises(GoldwireError) as caught:
        config(scheme)
    assert (str(caught.value), caught.value.hint) == (message, hint)
