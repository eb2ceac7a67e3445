"""Sentences as offsets."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.text.sentences import sentences

CASES = {
    "plain": ["The minister left.", "Nobody knew why!", "Did he say?"],
    "quotes": ['He said: "We will not go."', '"Never?" she asked.', "“It is over.”", "‘Fine,’ he said."],
    "titles": ["Gen. Ada Voss met Mr. and Mrs. Holm in St. Gall.", "Dr. No did not come."],
    "initials": ["J. R. Holm won.", "George W. Marsh lost."],
    "dotted": ["The U.S. Senate voted at 5 p.m. Friday in the U.S.", "The bill failed."],
    "either": ["Acme Corp. bought Bolt Inc.", "It paid on Jan. 5.", "The rest follows."],
    "numbers": ["It grew 3.5 percent, see No. 7.", "In 2016.", "5 men left."],
    "ellipsis": ["He waited...", "Then he left.", "He waited... and left."],
    "accents": ["Él llegó ayer.", "¿Quién?", "Übermorgen folgt mehr."],
    "arabic": ["وصل الوزير أمس.", "ماذا قال؟", "غادر اليوم."],
    "cyrillic": ["Он уехал.", "Почему?"],
    "hindi": ["वह गया।", "क्यों?"],
}


@pytest.mark.parametrize("expected", CASES.values(), ids=CASES)
def test_sentences_of_a_paragraph(expected: list[str]) -> None:
    text = " ".join(expected)
    assert [text[start:end] for start, end in sentences(text)] == expected


def test_chinese_sentences_need_no_space() -> None:
    text = "会议昨天结束。他说：“我们同意。”双方明天再谈！"
    assert [text[start:end] for start, end in sentences(text)] == [
        "会议昨天结束。",
        "他说：“我们同意。”",
        "双方明天再谈！",
    ]


def test_headings_and_paragraphs_end_sentences() -> None:
    text = "Talks resume\n\nTalks resumed on Monday. Both sides came.\n‘A start’\nThey will meet again."
    assert [text[start:end] for start, end in sentences(text)] == [
        "Talks resume",
        "Talks resumed on Monday.",
        "Both sides came.",
        "‘A start’",
        "They will meet again.",
    ]


def test_lines_wrapped_by_hand_are_joined() -> None:
    text = "THE COUNCIL SAID ON\nMONDAY THAT TALKS\nWOULD GO ON. IT GAVE\nNO DATE.\n\nNO MORE IS\nKNOWN."
    assert [text[start:end] for start, end in sentences(text)] == [
        "THE COUNCIL SAID ON\nMONDAY THAT TALKS\nWOULD GO ON.",
        "IT GAVE\nNO DATE.",
        "NO MORE IS\nKNOWN.",
    ]


@settings(deadline=None)
@given(st.text() | st.text("aA1.!?。؟\"”') \n…-"))
def test_sentences_cover_the_text_and_never_overlap(text: str) -> None:
    at = 0
    for start, end in sentences(text):
        assert text[at:start].strip() == ""
        assert text[start:end].strip() == text[start:end] != ""
        at = end
    assert text[at:].strip() == ""
