"""Words, in any script."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.text.words import words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The U.N.'s 2nd draft_text", ["the", "u", "n", "s", "2nd", "draft", "text"]),
        ("Straße – ÉTÉ", ["strasse", "été"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("北京，会议。", ["北", "京", "会", "议"]),
        ("BBC中文网", ["bbc", "中", "文", "网"]),
        ("ที่นี่", ["ที่", "นี่"]),
        ("مَرْحَبًا بالعالم", ["مَرْحَبًا", "بالعالم"]),
        ("서울에서 회의", ["서울에서", "회의"]),
        ("❤️ 👩‍👧", []),
        ("", []),
    ],
)
def test_words_are_runs_of_letters_with_their_marks(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@settings(deadline=None)
@given(st.text(st.characters(max_codepoint=0xFF)))
def test_latin_words_are_those_of_the_regular_expression(text: str) -> None:
    assert words(text) == re.findall(r"[^\W_]+", text.casefold())
