import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from goldwire import scheme
from goldwire.errors import GoldwireError

SMALL = """\
name: small
version: 1.2.3
title: Small
description: A scheme for tests.
unit: document
rules:
  - name: one-rule
    title: One rule
    text: Read first.
questions:
  - name: tone
    text: Which tone?
    labels:
      - name: loud
        definition: It shouts.
        hotkey: l
      - name: soft
        definition: It whispers.
        hotkey: s
  - name: topic
    text: Which topic?
    type: tree
    required: false
    labels:
      - name: nature
        definition: Plants and animals.
        children:
          - name: birds
            definition: Birds.
          - name: fish
            definition: Fish.
      - name: birds
        definition: A club of that name.
mentions:
  - name: trigger
    text: Mark the events.
    kind: event
    labels:
      - name: SHOUT
        definition: Somebody shouts.
        hotkey: shift+s
      - name: FALL
        definition: Something falls.
    attributes:
      - name: mode
        text: How?
        required: false
        applies_to: [SHOUT]
        labels:
          - name: angry
            definition: In anger.
            hotkey: a
      - name: mode
        text: How far?
        required: false
        applies_to: [FALL]
        labels:
          - name: deep
            definition: Deep.
            hotkey: a
  - name: who
    text: Mark the people.
    kind: entity
    labels:
      - name: person
        definition: A person.
relations:
  - name: actor
    definition: Who does it.
    from: [SHOUT, FALL]
    to: [person]
"""


def swapped(old: str, new: str) -> str:
    assert SMALL.count(old) == 1, old
    return SMALL.replace(old, new)


def message(text: str) -> str:
    with pytest.raises(GoldwireError) as caught:
        scheme.parse(text, "my.yaml")
    return str(caught.value)


def line_of(text: str, start: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), start=1) if line.startswith(start))


# What a valid scheme gives


def test_labels_come_in_scheme_order_and_those_of_a_tree_as_paths() -> None:
    found = scheme.parse(SMALL, "my.yaml")
    assert list(found.question("tone").label_names()) == ["loud", "soft"]
    assert list(found.question("topic").label_names()) == ["nature", "nature/birds", "nature/fish", "birds"]


def test_a_label_is_found_by_its_path() -> None:
    topic = scheme.parse(SMALL, "my.yaml").question("topic")
    assert topic.label("nature/birds").definition == "Birds."
    assert topic.label("birds").definition == "A club of that name."
    with pytest.raises(KeyError):
        topic.label("fish")


def test_what_is_left_out_has_its_default() -> None:
    found = scheme.parse(SMALL, "my.yaml")
    tone = found.question("tone")
    assert (tone.type, tone.required, tone.hint) == ("single", True, None)
    assert (tone.label("loud").role, tone.label("loud").group, tone.label("loud").example) == ("answer", None, None)
    assert found.sources == []
    assert (found.relations[0].from_, found.relations[0].to) == (["SHOUT", "FALL"], ["person"])


def test_a_question_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(GoldwireError) as caught:
        scheme.parse(SMALL, "my.yaml").question("colour")
    assert str(caught.value) == 'scheme small has no question "colour"'
    assert caught.value.hint == "It has: tone, topic"


def test_the_same_hotkey_may_serve_two_labels_that_are_never_asked_about_together() -> None:
    found = scheme.parse(SMALL, "my.yaml")
    assert [attribute.labels[0].hotkey for attribute in found.mentions[0].attributes] == ["a", "a"]


def test_the_author_may_stand_at_the_beginning_of_a_relation() -> None:
    found = scheme.parse(swapped("from: [SHOUT, FALL]", "from: [author, SHOUT]"), "my.yaml")
    assert found.relations[0].from_ == ["author", "SHOUT"]


# The hash


def reordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: reordered(value[key]) for key in reversed(value)}
    return [reordered(item) for item in value] if isinstance(value, list) else value


def test_the_hash_is_sixteen_hexadecimal_digits_and_stays_the_same_over_releases() -> None:
    content = json.dumps(yaml.safe_load(SMALL), sort_keys=True, separators=(",", ":"))
    by_hand = hashlib.sha256(content.encode() + b"\0").hexdigest()[:16]
    assert scheme.parse(SMALL, "my.yaml").hash == by_hand == "8bea8bf84a7a7390"


def test_the_hash_does_not_depend_on_the_order_of_keys_on_comments_or_on_the_file() -> None:
    other = "# a comment\n" + yaml.safe_dump(reordered(yaml.safe_load(SMALL)), sort_keys=False)
    assert other.index("relations:") < other.index("title:")
    assert scheme.parse(other, "elsewhere.yaml").hash == scheme.parse(SMALL, "my.yaml").hash


def test_the_hash_does_not_depend_on_whether_a_default_is_written_out() -> None:
    written = swapped("    text: Which tone?\n", "    text: Which tone?\n    type: single\n    required: true\n")
    assert scheme.parse(written, "my.yaml").hash == scheme.parse(SMALL, "my.yaml").hash


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("It shouts.", "It roars."),
        ("version: 1.2.3", "version: 1.2.4"),
        ("from: [SHOUT, FALL]", "from: [FALL, SHOUT]"),
        ("        hotkey: l\n", ""),
        ("text: Read first.", "text: Read first.\n    example: Like this."),
    ],
)
def test_the_hash_changes_with_every_change_of_content(old: str, new: str) -> None:
    assert scheme.parse(swapped(old, new), "my.yaml").hash != scheme.parse(SMALL, "my.yaml").hash


# Mistakes, each with file, line, field and message


@pytest.mark.parametrize(
    ("old", "new", "line", "text"),
    [
        (
            "      - name: soft\n        definition: It whispers.",
            "      - {name: loud, definition: It whispers.}\n      - name: soft\n        definition: Soft.",
            "      - {name: loud, definition: It whispers.}",
            'questions.0.labels.1: label "loud" stands twice in question "tone"',
        ),
        (
            "          - name: fish\n            definition: Fish.",
            "          - {name: birds, definition: Fish.}",
            "          - {name: birds, definition: Fish.}",
            'questions.1.labels.0.children.1: label "nature/birds" stands twice in question "topic"',
        ),
        (
            "    type: tree\n",
            "    type: multiple\n",
            "  - name: topic",
            'questions.1: only a tree has children, and question "topic" is multiple',
        ),
        (
            "    text: Which tone?\n",
            "    text: Which tone?\n    type: text\n",
            "  - name: tone",
            "questions.0: a text question has no labels, every other type needs some",
        ),
        ("- name: topic", "- name: tone", "name: small", 'scheme: "tone" names two questions or mention layers'),
        ("- name: who", "- name: tone", "name: small", 'scheme: "tone" names two questions or mention layers'),
        ("- name: who", "- name: comment", "name: small", 'scheme: "comment" is a name that goldwire uses itself'),
        ("- name: person", "- name: SHOUT", "name: small", 'scheme: label "SHOUT" stands twice among the mentions'),
        ("        hotkey: s\n", "        hotkey: l\n", "name: small", 'scheme: hotkey "l" is given twice'),
        ("        hotkey: shift+s\n", "        hotkey: s\n", "name: small", 'scheme: hotkey "s" is given twice'),
        (
            "            definition: In anger.\n            hotkey: a",
            "            definition: In anger.\n            hotkey: l",
            "name: small",
            'scheme: hotkey "l" is given twice',
        ),
        (
            "        applies_to: [FALL]\n",
            "",
            "name: small",
            'scheme: hotkey "a" is given twice',
        ),
        (
            "applies_to: [FALL]",
            "applies_to: [RISE]",
            "name: small",
            'scheme: attribute mode: "RISE" is no label of the mentions',
        ),
        (
            "to: [person]",
            "to: [animal]",
            "name: small",
            'scheme: relation actor: "animal" is no label of the mentions',
        ),
        (
            "kind: entity",
            "kind: thing",
            "    kind: thing",
            "mentions.1.kind: Input should be 'event', 'entity' or 'evidence'",
        ),
        ("unit: document", "colour: red\nunit: document", "colour", "colour: Extra inputs are not permitted"),
        (
            "        definition: It shouts.\n",
            "",
            "      - name: loud",
            "questions.0.labels.0.definition: Field required",
        ),
        (
            "definition: It shouts.",
            'definition: " "',
            '        definition: " "',
            "questions.0.labels.0.definition: String should have at least 1 character",
        ),
        ("version: 1.2.3", "version: 1.2", "version", "version: Input should be a valid string"),
        (
            "- name: soft",
            "- name: no",
            "      - name: no",
            "questions.0.labels.1.name: Input should be a valid string",
        ),
    ],
)
def test_a_mistake_is_told_with_file_line_and_field(old: str, new: str, line: str, text: str) -> None:
    wrong = swapped(old, new)
    assert message(wrong) == f"my.yaml:{line_of(wrong, line)}: {text}"


def test_two_relations_of_one_name_are_a_mistake() -> None:
    wrong = SMALL + "  - name: actor\n    definition: Again.\n    from: [FALL]\n    to: [person]\n"
    assert message(wrong) == 'my.yaml:1: scheme: relation "actor" stands twice'


@pytest.mark.parametrize("name", ["Small", "small_one", "small--one", "-small", "klein-é"])
def test_the_name_of_a_scheme_is_lower_case_words_with_hyphens(name: str) -> None:
    assert message(swapped("name: small\n", f"name: {name}\n")).startswith(
        "my.yaml:1: name: String should match pattern"
    )


def test_every_mistake_is_listed_and_the_hint_says_how_to_check() -> None:
    wrong = swapped("title: Small\n", "title: Small\ncolour: red\n").replace("kind: entity", "kind: thing")
    with pytest.raises(GoldwireError) as caught:
        scheme.parse(wrong, "my.yaml")
    assert str(caught.value).splitlines() == [
        f"my.yaml:{line_of(wrong, '    kind: thing')}: mentions.1.kind: "
        "Input should be 'event', 'entity' or 'evidence'",
        f"my.yaml:{line_of(wrong, 'colour')}: colour: Extra inputs are not permitted",
    ]
    assert caught.value.hint == "Mend the scheme, then check it with: goldwire labels scheme validate FILE"


def test_bad_yaml_is_told_with_its_line() -> None:
    wrong = swapped("title: Small\n", "title: [Small\n")
    found = message(wrong)
    assert re.match(r"my\.yaml:4: not valid YAML: ", found)


@pytest.mark.parametrize("text", ["", "- a\n- list\n", "just words\n"])
def test_a_file_that_holds_no_mapping_is_no_scheme(text: str) -> None:
    assert message(text) == "my.yaml:1: scheme: Input should be a valid dictionary or instance of Scheme"


# Where schemes come from


def test_a_scheme_is_read_from_a_path(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    assert scheme.read(path) == scheme.load(str(path)) == scheme.parse(SMALL, "")


def test_the_study_s_own_scheme_comes_before_the_shipped_one(tmp_path: Path) -> None:
    own = SMALL.replace("name: small", "name: stance-target", 1)
    (tmp_path / "stance-target.yaml").write_text(own, encoding="utf-8")
    assert scheme.load("stance-target", tmp_path).title == "Small"
    assert scheme.load("event-plover", tmp_path).title == "Events (PLOVER 2.0)"
    assert scheme.load("stance-target").title == "Stance toward a target"


def test_a_mistake_in_a_file_is_told_with_its_path(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(swapped("unit: document", "unit: page"), encoding="utf-8")
    with pytest.raises(GoldwireError, match=re.escape(f"{path}:5: unit: ")):
        scheme.load("small", tmp_path)


def test_a_scheme_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(GoldwireError) as caught:
        scheme.load("event-plower", tmp_path)
    assert str(caught.value) == 'there is no scheme "event-plower"'
    assert caught.value.hint is not None
    assert caught.value.hint.startswith(f"Shipped: {', '.join(scheme.shipped())}. Make your own")


def test_a_file_that_cannot_be_read_is_told_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(GoldwireError) as missing:
        scheme.load(str(tmp_path / "none.yaml"))
    assert str(missing.value) == f"{tmp_path / 'none.yaml'}: the scheme file is not there"
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("title: Türme".encode("latin-1"))
    with pytest.raises(GoldwireError) as undecodable:
        scheme.load(str(latin))
    assert str(undecodable.value) == f"{latin}: the scheme file is not UTF-8"


def test_a_new_scheme_is_a_copy_under_another_name(tmp_path: Path) -> None:
    path = scheme.create("my-stance", "stance-target", tmp_path)
    assert path == tmp_path / "my-stance.yaml"
    text = path.read_text(encoding="utf-8")
    assert text == scheme.shipped_text("stance-target").replace("name: stance-target", "name: my-stance", 1)
    assert scheme.load("my-stance", tmp_path).name == "my-stance"


def test_a_new_scheme_never_overwrites_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("keep me", encoding="utf-8")
    with pytest.raises(GoldwireError, match="is there already"):
        scheme.create("mine", "stance-target", tmp_path)
    assert path.read_text(encoding="utf-8") == "keep me"


def test_a_new_scheme_with_a_wrong_name_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(GoldwireError, match="name: String should match pattern"):
        scheme.create("My Stance", "stance-target", tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("version: 1.0.0", "version: 2021-13-45", "s.yaml: not valid YAML: month must be in 1..12"),
        ("version: 1.0.0", "version: 1.0.0\nversion: 2.0.0", "s.yaml:3: version: the key stands twice"),
    ],
)
def test_what_yaml_lets_pass_is_refused(old: str, new: str, message: str) -> None:
    text = "name: small\nversion: 1.0.0\n".replace(old, new)
    with pytest.raises(GoldwireError) as caught:
        scheme.parse(text, "s.yaml")
    assert str(caught.value) == message
