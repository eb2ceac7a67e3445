import pytest

from goldwire import scheme
from goldwire.errors import GoldwireError
from goldwire.labels.interface import config
from goldwire.labels.manual import manual
from goldwire.labels.page_keys import BOOKMARK_KEYS, SERVER_KEYS, bookmark

SCHEME = """\
name: small
version: 1.2.3
title: Small
description: >-
  Weather reports,
  told in short.
sources: [A book.]
unit: document
rules:
  - name: first
    title: The first counts
    text: Take what comes first.
    example: Rain, then sun is rain.
  - name: calm
    title: Stay calm
    text: Storms pass.
questions:
  - name: sky
    text: What is the sky like?
    hint: At noon.
    labels:
      - name: sun
        group: dry
        definition: No clouds | few.
        example: Bright all day.
        hotkey: s
      - name: rain
        group: wet
        definition: Drops fall.
        example: It poured.
        hotkey: r
      - name: none
        group: neither
        role: negative
        definition: No sky is told.
      - name: unsure
        group: neither
        role: unsure
        definition: Cannot tell.
        hotkey: q
  - name: where
    text: Where?
    type: tree
    required: false
    labels:
      - name: land
        definition: Solid ground.
        children:
          - name: hill
            definition: High ground.
            example: On the hill.
            hotkey: h
      - name: sea
        definition: Water.
  - name: warmth
    text: How warm?
    type: ordinal
    labels:
      - name: cold
        definition: Coats on.
      - name: hot
        definition: Coats off.
mentions:
  - name: trigger
    text: Mark the weather
    hint: One word.
    kind: event
    labels:
      - name: RAIN
        definition: The word of rain.
        hotkey: shift+r
      - name: WIND
        definition: The word of wind.
    attributes:
      - name: mode
        text: How strong?
        required: false
        applies_to: [WIND]
        labels:
          - name: gale
            definition: Trees bend.
            hotkey: g
      - name: note
        text: Anything else?
        type: text
        required: false
  - name: thing
    text: Mark the things.
    kind: entity
    labels:
      - name: house
        definition: A house.
relations:
  - name: hits
    definition: From the weather to what it hits.
    example: Rain on a roof.
    from: [RAIN, WIND]
    to: [house]
  - name: follows
    definition: From the later to the earlier.
    from: [RAIN]
    to: [WIND]
"""

MANUAL = """\
# Small

Scheme `small`, version 1.2.3, hash `{hash}`.

Weather reports, told in short.

## What you do

1. You are shown an article, or a part of one. Read all of it before you answer.
2. What is the sky like?
3. Where? May be left open.
4. How warm?
5. Mark the weather.
6. Mark the things.
7. Link the marked spans (hits, follows).
8. Write a comment where the scheme asks for one, or where the next reader should know why. Submit.

## Rules

### The first counts

Take what comes first.

> Rain, then sun is rain.

### Stay calm

Storms pass.

## Questions

### sky: What is the sky like?

Choose one. At noon.

**dry**

| Label | Key | When | Example |
| --- | --- | --- | --- |
| `sun` | `s` | No clouds \\| few. | Bright all day. |

**wet**

| Label | Key | When | Example |
| --- | --- | --- | --- |
| `rain` | `r` | Drops fall. | It poured. |

**neither**

| Label | Key | When | Example |
| --- | --- | --- | --- |
| `none` |  | No sky is told. |  |
| `unsure` | `q` | Cannot tell. |  |

`none` is an answer; leaving the question open does not say the same.

`unsure` abstains: it is kept, and counts neither for nor against another answer.

### where: Where?

Choose as far down the tree as the text lets you; the hint says whether one answer or several. May be left open.

- `land`: Solid ground.
  - `hill` (key `h`): High ground. *On the hill.*
- `sea`: Water.

### warmth: How warm?

Choose one; the answers go from low to high.

| Label | When | Example |
| --- | --- | --- |
| `cold` | Coats on. |  |
| `hot` | Coats off. |  |

## Spans

Choose the label, then mark the words: from the first letter to the last, without the spaces around.

### trigger: Mark the weather

One word.

| Label | Key | When | Example |
| --- | --- | --- | --- |
| `RAIN` | `shift+r` | The word of rain. |  |
| `WIND` |  | The word of wind. |  |

Select a marked span to be asked about it:

#### mode (WIND): How strong?

Choose one. May be left open.

| Label | Key | When | Example |
| --- | --- | --- | --- |
| `gale` | `g` | Trees bend. |  |

#### note: Anything else?

Write a few words. May be left open.

### thing: Mark the things.

| Label | When | Example |
| --- | --- | --- |
| `house` | A house. |  |

## Relations

Select the first span, draw to the second, then name the relation.

| Relation | From | To | When | Example |
| --- | --- | --- | --- | --- |
| `hits` | any trigger | house | From the weather to what it hits. | Rain on a roof. |
| `follows` | RAIN | WIND | From the later to the earlier. |  |

## Keys at a glance

| Key | Where | What |
| --- | --- | --- |
| `s` | sky | sun |
| `r` | sky | rain |
| `q` | sky | unsure |
| `h` | where | hill |
| `shift+r` | trigger | RAIN |
| `g` | mode | gale |
{keys}

{without_mouse}

## Sources

- A book.
"""


def test_the_manual_of_a_scheme_is_this() -> None:
    found = scheme.parse(SCHEME, "small.yaml")
    keys = [(key, "the page", what) for key, what in SERVER_KEYS.items() if what]
    keys += [(key, "the bookmark", what) for key, what in BOOKMARK_KEYS.items()]
    text = manual(found)
    without_mouse = text[text.index("## Without a mouse") : text.index("## Sources")].strip()
    assert text == MANUAL.replace("{hash}", found.hash).replace("{without_mouse}", without_mouse).replace(
        "{keys}", "\n".join(f"| `{key}` | {where} | {what} |" for key, where, what in keys)
    )


def test_the_manual_says_how_to_mark_and_relate_without_a_mouse() -> None:
    text = manual(scheme.parse(SCHEME, "small.yaml"))
    assert f"\n```text\n{bookmark()}\n```\n" in text
    assert bookmark().startswith("javascript:(() => {")
    assert "\n" not in bookmark()
    assert (
        "| `f8` | the bookmark | mark the selected words; where the caret stands in a marked span, click it |" in text
    )
    assert "| `ctrl+enter` | the page | submit, or update |" in text


def test_the_page_shows_the_keys_of_one_list_and_refuses_them_to_a_scheme() -> None:
    for key in [*SERVER_KEYS, *BOOKMARK_KEYS]:
        taken = scheme.parse(SCHEME.replace("hotkey: s\n", f'hotkey: "{key}"\n'), "small.yaml")
        with pytest.raises(GoldwireError, match="itself"):
            config(taken)


def test_parts_that_a_scheme_does_not_have_are_left_out() -> None:
    least = """\
name: least
version: 0.1.0
title: Least
description: One question.
unit: sentence
questions:
  - {name: remark, text: 'What do you say?', type: text}
"""
    found = scheme.parse(least, "least.yaml")
    text = manual(found)
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "# Least",
        "## What you do",
        "## Questions",
        "### remark: What do you say?",
        "## Keys at a glance",
    ]
    assert "1. You are shown a sentence of an article, or more of one. Read all of it before you answer." in text


@pytest.mark.parametrize("name", scheme.shipped())
def test_the_manual_of_a_shipped_scheme_has_every_rule_label_and_key(name: str) -> None:
    found = scheme.load(name)
    text = manual(found)
    for rule in found.rules:
        assert f"### {rule.title}\n\n{rule.text}\n\n> {rule.example}\n" in text
    for layer in found.mentions:
        for label in layer.labels:
            assert f"| `{label.name}` | `{label.hotkey}` | {label.definition} | {label.example} |" in text
    for question in found.questions:
        for path in question.label_names():
            label = question.label(path)
            assert f"`{label.name}`" in text
            assert label.definition in text
            assert str(label.example) in text
            assert not label.hotkey or f"| `{label.hotkey}` | {question.name} | {label.name} |" in text


def test_equal_schemes_have_equal_manuals() -> None:
    text = scheme.shipped_text("stance-target")
    assert manual(scheme.parse(text, "one.yaml")) == manual(scheme.parse("# copied\n" + text, "two.yaml"))
