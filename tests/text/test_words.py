"""Words, in any script."""

import re
import unicodedata

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


UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U000323af"
)


def plain(text: str) -> list[str]:
    """The definition, character by character."""
    found: list[str] = []
    open_word = False  # whether a mark belongs to the last word found
    alone = False  # whether that word is one letter of a script without spaces
    for character in text.casefold():
        unspaced = re.match(f"[{UNSPACED}]", character) is not None and re.match(r"\w", character) is not None
        letter = not re.match(f"[{UNSPACED}]", character) and re.match(r"[^\W_]", character) is not None
        if unspaced or (letter and not (open_word and not alone)):
            found.append(character)
            open_word, alone = True, unspaced
        elif open_word and (letter or unicodedata.category(character)[0] == "M"):
            found[-1] += character
        else:
            open_word = False
    return found


@settings(deadline=None, max_examples=300)
@given(
    st.text()
    | st.text("aZ9_ é\u0301\u0e38ก\u0e33中한हिन्दीκ\u0345\U00020000\U0001d165\U000e0100'-ｱßİ")
    | st.text(st.characters(max_codepoint=0x7F))
)
def test_words_of_any_text_are_those_of_the_definition(text: str) -> None:
    assert words(text) == plain(text)
