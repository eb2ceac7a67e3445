"""Normalisation: one form for every text, and nothing lost that a reader would see."""

import re
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


NEWLINE = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
REMOVED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0001]"
)


def plain(text: str) -> str:
    """The definition of version 1, without any short cut."""
    text = REMOVED.sub("", NEWLINE.sub("\n", text))
    if not re.search("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]", text):
        text = text.replace("\u200b", "")
    text = unicodedata.normalize("NFC", text)
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub("\n{3,}", "\n\n", text).strip()


@settings(deadline=None, max_examples=300)
@given(
    st.text()
    | st.text(st.characters(max_codepoint=0x7F))
    | st.text(st.sampled_from("a \t\n\r\x0b\x0c\x00\x1c\x1f\x7f"))
    | st.text(st.sampled_from("ae\u0301\u0e38\u200b\u00ad\ufeff\x85\u2028\u3000\u00a0\r\n\U000e0001\x9f\ud800"))
)
@example("\r\x00\n")
@example("é\U000e0001")
def test_the_short_cuts_change_no_result(text: str) -> None:
    assert normalise(text) == plain(text)


@pytest.mark.parametrize("other", ["", "é"])
def test_every_character_is_treated_as_defined(other: str) -> None:
    for code in (*range(0x3100), *range(0xD7F0, 0xE010), *range(0xFE00, 0x10100), *range(0xE0000, 0xE0200)):
        text = f"{other}a{chr(code)}\n{chr(code)}b\r\n{chr(code)}"
        assert normalise(text) == plain(text), code


@settings(deadline=None)
@given(st.text(), st.text())
def test_title_and_body_stay_normalised_when_joined(title: str, body: str) -> None:
    joined = f"{normalise_line(title)}\n\n{normalise(body)}".strip()
    assert normalise(joined) == joined


def test_a_line_has_single_spaces_and_no_line_ends() -> None:
    assert normalise_line(" Putin\u00a0visits \r\n\r\n a   base\t") == "Putin visits a base"


def test_a_long_run_of_spaces_is_no_event() -> None:
    assert normalise(" " * 1_000_000 + "a" + " \t" * 500_000 + "b") == "a" + " \t" * 500_000 + "b"
