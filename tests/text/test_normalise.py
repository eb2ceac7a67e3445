"""Normalisation: one form for every text, and nothing lost that a reader would see."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from goldwire.text.normalise import normalise, normalise_line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Cafe\u0301", "Café", id="composed"),
        pytest.param("\ufeffFirst", "First", id="byte-order mark"),
        pytest.param("a\r\nb\rc\u2028d\u2029e\x85f\x0bg\x0ch", "a\nb\nc\nd\ne\nf\ng\nh", id="line ends"),
        pytest.param("a\x00b\x07c\x1bd\x7fe\x9ff", "abcdef", id="control characters"),
        pytest.param("a\tb", "a\tb", id="a tab stays"),
        pytest.param("co\u00adop\u2060er\u200bate", "cooperate", id="soft hyphen, word joiner, zero-width space"),
        pytest.param("one  \ntwo\u00a0\n\u3000\nthree", "one\ntwo\n\nthree", id="white space at line ends"),
        pytest.param("one\n\n\n\n\ntwo\n\nthree\nfour", "one\n\ntwo\n\nthree\nfour", id="paragraphs survive"),
        pytest.param("\n\n  one two  \n\n", "one two", id="white space around"),
        pytest.param("one  two", "one  two", id="spaces inside a line stay"),
        pytest.param("  \n\t\x00\ufeff", "", id="nothing left"),
        pytest.param("e\x00\u0301", "é", id="composed across a removed character"),
        pytest.param("a\n\x00\n\x00\nb", "a\n\nb", id="line ends parted by removed characters"),
    ],
)
def test_a_text_has_one_form(text: str, expected: str) -> None:
    assert normalise(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("👩\u200d👩\u200d👧\u200d👦", id="a family joined by ZWJ"),
        pytest.param("❤\ufe0f\u200d🔥", id="variation selector"),
        pytest.param("🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", id="flag made of tags"),
        pytest.param("می\u200cخواهم", id="Persian ZWNJ"),
        pytest.param("\u202bقال \u200f(نعم)\u202c \u2067x\u2069", id="bidirectional marks"),
        pytest.param("\u0600\u0661\u0662", id="Arabic number sign"),
        pytest.param("ខ្ញុំ\u200bទៅ", id="zero-width space between Khmer words"),
        pytest.param("𝔘𐍈 ﷽ Ω ‘’“” — …", id="beyond the basic plane, quotes, dashes"),
    ],
)
def test_what_a_reader_sees_survives(text: str) -> None:
    assert normalise(text) == text


@settings(deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cs"]))
    | st.text("a\u0301\u0e38ก\u200b\u200d\u00ad\r\n\x85\x00 \t\ufeff")
)
@example("\u0301\u00adุ\u200bก")
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\n\n\n" not in once
    assert once == once.strip()


@settings(deadline=None)
@given(st.text(), st.text())
def test_title_and_body_stay_normalised_when_joined(title: str, body: str) -> None:
    joined = f"{normalise_line(title)}\n\n{normalise(body)}".strip()
    assert normalise(joined) == joined


def test_a_line_has_single_spaces_and_no_line_ends() -> None:
    assert normalise_line(" Putin\u00a0visits \r\n\r\n a   base\t") == "Putin visits a base"


def test_a_long_run_of_spaces_is_no_event() -> None:
    assert normalise(" " * 1_000_000 + "a" + " \t" * 500_000 + "b") == "a" + " \t" * 500_000 + "b"
