"""Paragraphs as offsets."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.text.paragraphs import is_wrapped, paragraphs
from goldwire.text.sentences import sentences


def parts(text: str) -> list[str]:
    return [text[start:end] for start, end in paragraphs(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="empty"),
        pytest.param(" \n\t\n", [], id="only white space"),
        pytest.param("One. Two.", ["One. Two."], id="one line"),
        pytest.param("Head\n\nOne.\nTwo.\n \t\n\nThree.", ["Head", "One.\nTwo.", "Three."], id="blank lines"),
        pytest.param("One is here.\nTwo is there.\nThree", ["One is here.", "Two is there.", "Three"], id="lines"),
        pytest.param(
            "ONE IS\nHERE. TWO IS\nTHERE AND\nSTAYS.", ["ONE IS\nHERE. TWO IS\nTHERE AND\nSTAYS."], id="wrapped"
        ),
        pytest.param(
            "ONE IS\nHERE AND\nSTAYS.\n\n   TWO IS\nTHERE.",
            ["ONE IS\nHERE AND\nSTAYS.", "TWO IS\nTHERE."],
            id="indented",
        ),
        pytest.param("会议结束。\n双方再谈！", ["会议结束。", "双方再谈！"], id="Chinese"),
    ],
)
def test_blank_lines_part_paragraphs_and_else_line_ends(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


def test_lines_are_wrapped_when_most_end_within_a_sentence() -> None:
    assert is_wrapped("The council said\nthat talks\nwent on.\nNo date.")
    assert not is_wrapped("The council said so.\nTalks “went on.”\nNo date")
    assert not is_wrapped("")


def test_wire_texts_with_wrapped_lines_are_parted_at_blank_lines(shared_data: Path) -> None:
    with (shared_data / "muc4" / "muc4_docs.jsonl").open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    for text in texts:
        expected = [block.strip() for block in "\n".join(line.rstrip() for line in text.split("\n")).split("\n\n")]
        assert ["\n".join(map(str.rstrip, part.split("\n"))) for part in parts(text)] == [e for e in expected if e]


@settings(deadline=None)
@given(
    st.text()
    | st.text('aA1.!?。"” \n\r\t\x85\u2028')
    | st.lists(st.sampled_from(["Go on.", "and", " ", "\n"])).map("".join)
)
def test_paragraphs_cover_the_text_and_hold_every_sentence(text: str) -> None:
    at = 0
    for start, end in paragraphs(text):
        assert text[at:start].strip() == ""
        assert text[start:end].strip() == text[start:end] != ""
        at = end
    assert text[at:].strip() == ""
    for start, end in sentences(text):
        assert sum(first <= start and end <= last for first, last in paragraphs(text)) == 1
