"""Whatever people wrote, the card is the Markdown that was meant: the same headings, tables and cells."""

import re
from dataclasses import asdict
from typing import Any

import pytest
from huggingface_hub import DatasetCard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from carded import FULL, SCHEME, make, rows
from goldwire import tables
from goldwire.eval.audit.finding import Finding
from goldwire.labels.card.markdown import LONG, cell, name, prose

NASTY = st.sampled_from(
    [
        "|", "\\", "\\|", "`", "```", "\n", "\r\n", "\n\n", "<b>", "</table>", "<!--", "-->", "&lt;", "&#124;", "*",
        "**", "_", "__", "[x](y)", "![", "[a]: b", "#", "## Splits", "---", "===", "- ", "1. ", "> ", "~~", "$", "\t",
        "    ", "\x00", "\x85", "\u2028", "{{", "{%", "'", '"', ": ", "%", "@", "!x", "é", "汉", "🎈", "\u202e",
    ]
)  # fmt: skip
TEXT = st.lists(st.one_of(NASTY, st.text(max_size=4)), max_size=12).map("".join)
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def shown(inline: Any) -> str:
    """Return the text that a reader sees; nothing else may be there."""
    assert {child.type for child in inline.children} <= {"text", "text_special"}
    return "".join(child.content for child in inline.children)


def line(text: str) -> str:
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", text).strip()


@given(TEXT)
def test_a_cell_shows_the_text_and_nothing_else(text: str) -> None:
    found = MARKDOWN.parse(f"| a | b |\n|---|---|\n| {cell(text)} | end |\n")
    cells = [token for token in found if token.type == "inline"]
    assert [shown(token) for token in cells] == ["a", "b", line(text), "end"]


@given(TEXT)
def test_a_cell_at_the_start_of_a_paragraph_or_a_heading_is_text(text: str) -> None:
    if not line(text):
        return
    for before, kind in (("", "paragraph_open"), ("# ", "heading_open"), ("- ", "bullet_list_open")):
        found = MARKDOWN.parse(f"{before}{cell(text)}\n")
        assert found[0].type == kind
        assert [shown(token) for token in found if token.type == "inline"] == [line(text)]


def test_plain_words_and_numbers_stay_as_they_are() -> None:
    for text in (
        "snake_case_name",
        "0.1.0",
        "a & b",
        "https://example.org/a_b?c=d&e=1",
        "3 - 4 = -1",
        "C# and F#.",
        "A. B.",
    ):
        assert cell(text) == text


def test_a_name_is_cut_off_where_it_is_very_long() -> None:
    assert name("x" * LONG) == "x" * LONG
    assert name("x" * 10_000) == "x" * (LONG - 1) + "…"


@pytest.mark.parametrize(
    "text",
    [
        "One paragraph,\non two lines.",
        "See [the *site*](https://example.org) and `code`.\n\nMore **here**.",
        "Two things:\n\n- this\n- that",
    ],
)
def test_prose_keeps_simple_markdown(text: str) -> None:
    assert prose(f"\n{text}  \n") == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## Splits\nNone.", "\\## Splits None."),
        ("First.\n\n<div>\n\nLast", "First.\n\n\\<div\\>\n\nLast"),
        ("```\nnever closed", "\\`\\`\\` never closed"),
        ("Title\n---", "Title ---"),
        ("[a]: https://example.org", "\\[a\\]: https://example.org"),
    ],
)
def test_prose_that_would_break_the_card_is_shown_as_it_is(text: str, expected: str) -> None:
    assert prose(text) == expected


def outline(text: str) -> tuple[list[str], int, int]:
    """Return headings below the title, and how many tables and fences there are."""
    body = text.split("---\n\n", 1)[1]
    tokens = MARKDOWN.parse(body)
    assert not [token for token in tokens if token.type == "html_block"]
    assert not [child for token in tokens for child in token.children or [] if child.type == "html_inline"]
    heads = [tokens[i + 1].content for i, token in enumerate(tokens) if token.type == "heading_open"]
    kinds = [token.type for token in tokens]
    return heads[1:], kinds.count("table_open"), kinds.count("fence")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXT, TEXT, TEXT.filter(lambda text: text.strip()))
def test_nothing_that_people_wrote_breaks_the_card(title: str, prose_: str, label: str) -> None:
    data = rows()
    columns = data["articles"].to_pylist()
    data["articles"] = tables.build("articles", [{**row, "outlet": label} for row in columns])
    voters = [{**row, "annotator": f"{label} {row['annotator']}"} for row in data["votes"].to_pylist()]
    data["votes"] = tables.build("votes", voters)
    odd = SCHEME.model_copy(update={"title": label, "description": label, "sources": [label]})
    stated = dict.fromkeys(["summary", "collection", "annotators", "limits", "licence"], prose_)
    params = {"title": title, **stated, "authors": [label, title], "datasheet": {"uses": prose_}}
    finding = asdict(Finding("GW101", "name", label, "error", "fired", prose_))
    more: dict[str, Any] = {"notes": [label], "left_out": [label], "checks": [finding]}
    text = make({"card": params, "recode": {}}, data, [odd], **more)
    plain = make({"card": {**FULL, "datasheet": {"uses": "All."}}}, notes=["x"], left_out=["x"], checks=[finding])
    heads, counts, fences = outline(text)
    wanted, tables_, fences_ = outline(plain)
    assert [head for head in heads if head != cell(label)] == [head for head in wanted if head != "Stance \\| tiny"]
    assert (counts, fences) == (tables_, fences_ if line(label + title) else fences_ - 1)
    assert DatasetCard(text).data.pretty_name == (" ".join(title.split()) or "Dataset")
