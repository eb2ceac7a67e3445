"""The schemes that ship are complete, and event-plover says what PLOVER 2.0 says, in other words."""

import re

import pytest

from goldwire import scheme
from goldwire.scheme import Scheme
from schemed import asked, every_label, walk

# The keys of Label Studio 1.23 that act on a page with a text; those of images, audio and video do not.
RESERVED = {
    *("u", "enter", "esc", "escape", "backspace", "del", "delete", "space", "shift+space"),
    *("ctrl+enter", "ctrl+space", "ctrl+z", "ctrl+shift+z", "ctrl+backspace", "ctrl+d", "ctrl+h"),
    *("alt+r", "alt+h", "alt+l", "alt+m", "alt+."),
}


@pytest.fixture(params=scheme.shipped())
def shipped(request: pytest.FixtureRequest) -> Scheme:
    return scheme.load(request.param)


@pytest.fixture(scope="module")
def stance() -> Scheme:
    return scheme.load("stance-target")


# Every scheme


def test_four_schemes_about_events_and_three_about_stance_ship() -> None:
    assert scheme.shipped() == [
        *("event-acled", "event-cameo", "event-muc4", "event-plover"),
        *("stance-actors", "stance-headline", "stance-target"),
    ]


def test_a_scheme_has_the_name_of_its_file() -> None:
    assert [scheme.load(name).name for name in scheme.shipped()] == scheme.shipped()


def test_every_label_has_a_definition_and_an_example(shipped: Scheme) -> None:
    assert [label.name for label in every_label(shipped) if not label.example] == []
    assert [label.name for label in every_label(shipped) if not label.definition] == []


def test_no_two_labels_of_one_question_share_a_definition_or_an_example(shipped: Scheme) -> None:
    groups = [list(walk(question.labels)) for question in asked(shipped)]
    groups += [layer.labels for layer in shipped.mentions] + [list(shipped.relations)]
    for labels in groups:
        for texts in ([label.definition for label in labels], [label.example for label in labels]):
            assert len(set(texts)) == len(texts)


def test_every_rule_has_an_example_and_a_name_of_its_own(shipped: Scheme) -> None:
    assert shipped.rules
    assert [rule.name for rule in shipped.rules if not rule.example] == []
    names = [rule.name for rule in shipped.rules]
    assert len(set(names)) == len(names)


def test_every_answer_but_those_of_a_tree_and_every_span_has_a_hotkey(shipped: Scheme) -> None:
    labels = [label for question in shipped.questions if question.type != "tree" for label in question.labels]
    labels += [label for layer in shipped.mentions for label in layer.labels]
    assert [label.name for label in labels if not label.hotkey] == []


def test_no_hotkey_is_one_that_label_studio_uses_itself(shipped: Scheme) -> None:
    keys = [label.hotkey for label in every_label(shipped) if label.hotkey]
    assert set(keys) & RESERVED == set()
    assert [key for key in keys if not re.fullmatch(r"(shift\+)?[a-z0-9]", key)] == []


def test_no_hotkey_stands_twice_on_a_page_because_label_studio_listens_to_all_controls_at_once(
    shipped: Scheme,
) -> None:
    keys = [label.hotkey for label in every_label(shipped) if label.hotkey]
    assert len(set(keys)) == len(keys)


def test_the_first_question_can_be_answered_with_nothing_and_with_unsure(shipped: Scheme) -> None:
    roles = [label.role for label in shipped.questions[0].labels]
    assert (roles.count("negative"), roles.count("unsure")) == (1, 1)
    unsure = next(label for label in shipped.questions[0].labels if label.role == "unsure")
    assert "comment" in unsure.definition


def test_every_span_that_a_relation_can_reach_has_a_relation_or_is_evidence(shipped: Scheme) -> None:
    reached = {name for relation in shipped.relations for name in [*relation.from_, *relation.to]}
    marked = {label.name for layer in shipped.mentions if layer.kind != "evidence" for label in layer.labels}
    assert marked - reached == set()


def test_texts_stand_on_one_line_and_lines_are_short(shipped: Scheme) -> None:
    assert [line for line in scheme.shipped_text(shipped.name).splitlines() if len(line) > 118] == []
    texts = [label.definition for label in every_label(shipped)] + [rule.text for rule in shipped.rules]
    assert [text for text in texts if "\n" in text or "  " in text] == []


# stance-target


def test_the_stance_is_favor_against_none_or_unsure(stance: Scheme) -> None:
    labels = stance.question("stance").labels
    assert [(label.name, label.hotkey, label.role) for label in labels] == [
        ("favor", "f", "answer"),
        ("against", "a", "answer"),
        ("none", "n", "negative"),
        ("unsure", "q", "unsure"),
    ]
    assert stance.unit == "target"


def test_evidence_is_optional_and_says_how_the_stance_shows(stance: Scheme) -> None:
    (layer,) = stance.mentions
    assert [(label.name, label.hotkey) for label in layer.labels] == [("evidence", "e")]
    (expressed,) = layer.attributes
    assert list(expressed.label_names()) == ["own_words", "quoted", "reported", "deed"]
    assert not expressed.required
    assert stance.relations == []


def test_the_rules_of_stance_cover_what_annotators_ask_about(stance: Scheme) -> None:
    assert {rule.name for rule in stance.rules} >= {
        *("quoted-speech", "author", "neutral-reporting", "silence", "conditional-support", "somebody-else", "deeds"),
        *("irony", "diplomatic-wording", "mixed", "scare-quotes", "changed-stance", "part-or-proxy", "unsure"),
    }


# stance-headline


def test_a_text_agrees_disagrees_discusses_or_is_unrelated_to_its_headline() -> None:
    found = scheme.load("stance-headline")
    assert [(label.name, label.hotkey, label.role) for label in found.question("stance").labels] == [
        ("agree", "a", "answer"),
        ("disagree", "d", "answer"),
        ("discuss", "s", "answer"),
        ("unrelated", "n", "negative"),
        ("unsure", "q", "unsure"),
    ]
    assert found.unit == "headline"


# stance-actors


def test_a_stance_between_actors_is_pos_or_neg_may_be_the_author_s_and_may_come_via_a_source() -> None:
    found = scheme.load("stance-actors")
    assert [(r.name, r.from_, r.to) for r in found.relations] == [
        ("POS", ["actor", "author"], ["actor"]),
        ("NEG", ["actor", "author"], ["actor"]),
        ("VIA", ["actor"], ["actor"]),
    ]
    flags = found.mentions[0].attributes[0]
    assert (flags.name, flags.type, flags.required) == ("flags", "multiple", False)
    assert list(flags.label_names()) == ["quoted", "ironic"]


def test_that_there_is_no_stance_is_an_answer() -> None:
    (question,) = scheme.load("stance-actors").questions
    assert [(label.name, label.role) for label in question.labels] == [
        ("yes", "answer"),
        ("no_stance", "negative"),
        ("unsure", "unsure"),
    ]


@pytest.mark.parametrize("name", ["event-acled", "event-cameo", "event-muc4", "stance-actors"])
def test_examples_of_what_is_marked_and_linked_show_the_words(name: str) -> None:
    found = scheme.load(name)
    given = [label for layer in found.mentions for label in layer.labels] + list(found.relations)
    assert [len(re.findall(r"\[[^\[\]]+\]", str(label.example))) for label in given] == [1] * len(given)
