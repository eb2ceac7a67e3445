"""The mapping file: its draft, and what is wrong in it."""

import pytest

from goldwire.errors import GoldwireError
from goldwire.labels.migrate import plan, rules
from goldwire.labels.migrate.mapping import parse as parse_mapping
from goldwire.scheme import Scheme
from migrating import OLD, newer, parse


@pytest.fixture(scope="module")
def old() -> Scheme:
    return parse(OLD, "little.yaml")


def test_the_draft_has_what_is_certain_and_asks_for_the_rest(old: Scheme) -> None:
    new = parse(
        newer(
            ("name: MEET,", "name: CONSULT,"),
            ("name: OTHER,", "name: Others,"),
            ("anything else", "the rest"),
            ("  - name: heat\n", "  - name: warmth\n"),
            ("        applies_to: [MEETING]", "        applies_to: [FIGHTING]"),
            (
                "relations:",
                "  - {name: days, text: Mark, kind: evidence, labels: [{name: day, definition: x}]}\nrelations:",
            ),
        ),
        "l",
    )
    draft = plan.text_of_draft(old, new)
    assert (
        draft
        == f"""\
from: {{name: little, version: 1.0.0, hash: "{old.hash}"}}
to: {{name: little, version: 2.0.0, hash: "{new.hash}"}}
names:
  event: event
  themes: themes
  flags: flags
  heat: "?"  # perhaps warmth
  why: why
  trigger: trigger
  trigger.mode: trigger.mode
  trigger.mode@MEETING: "?"
  trigger.flag: trigger.flag
  who: who
  who.entity: who.entity
  who.note: who.note
  relation: relation
labels:
  event:
    MEET: "?"  # perhaps CONSULT
    FIGHT: FIGHT
    OTHER: "?"  # perhaps Others
    NONE: NONE
  themes:
    arms: arms
    arms/trade: arms/trade
    law: law
  flags:
    x: x
    z: z
    w: w
  trigger:
    MEETING: MEETING
    FIGHTING: FIGHTING
  trigger.mode:
    visit: visit
    call: call
  trigger.flag:
    past: past
    future: future
  who:
    actor: actor
    place: place
  relation:
    by: by
    against: against
    at: at
    knows: knows
added:
  warmth: "?"
  days: "?"
"""
    )
    rules.migration(parse_mapping(draft, "d.yaml"), old, new, "d.yaml", draft)


def test_mistakes_in_a_mapping_are_named_with_their_lines(old: Scheme) -> None:
    new = parse(newer(), "l")
    head = f"""\
from: {{name: little, version: 1.0.0, hash: "{old.hash}"}}
to: {{name: little, version: 2.0.0, hash: "{new.hash}"}}
"""

    def refused(text: str) -> str:
        with pytest.raises(GoldwireError) as caught:
            rules.migration(parse_mapping(text, "m.yaml"), old, new, "m.yaml", text)
        return str(caught.value)

    body = """\
names:
  evnt: event
  event: who
  flags: themes
labels:
  heat:
    '3': '1'
    '1': '4'
    '2': ['1']
  nothing: {}
added:
  days: again
"""
    said = f"little 1.0.0 ({old.hash})"
    now = f"little 2.0.0 ({new.hash})"
    assert refused(head + body).splitlines() == [
        f"m.yaml:4: names.evnt: {said} asks nothing of this name",
        f'm.yaml:5: names.event: {now} has no question "who"',
        "m.yaml:6: names.flags: two names become themes: an annotator would have answered it twice",
        f"m.yaml:9: labels.heat.3: {said} has no such label",
        f'm.yaml:10: labels.heat.1: heat has no label "4" in {now}',
        "m.yaml:11: labels.heat.2: a split has two labels or more",
        f"m.yaml:12: labels.nothing: {said} asks nothing of this name",
        f"m.yaml:14: added.days: {now} asks nothing of this name",
    ]
    assert refused(head.replace(old.hash, "0" * 16)).startswith("m.yaml:1: from: is little 1.0.0 (0000")
    assert "m.yaml:4: labels.flags.1" in refused(head + "labels:\n  flags: {1: x}\n")
    assert "m.yaml:3: aded: Extra inputs" in refused(head + "aded: {}\n")
    assert "m.yaml:4: names: the key stands twice" in refused(head + "names: {}\nnames: {}\n")
    assert "not valid YAML" in refused("a: [")
