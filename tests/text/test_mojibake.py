"""Mojibake: found where there is some, mended, and nothing else is touched. All texts were written for the test."""

import random

import ftfy.bad_codecs  # noqa: F401  # the forgiving codecs: bytes without a character are read as control characters
import pytest
from ftfy.badness import MOJIBAKE_CATEGORIES, is_bad
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.text import mojibake

CLEAN = {
    "en": "The minister’s “plan” costs £5 – no more…",
    "de": "„Über Äpfel und Öl“, sprach der Große Rat in Zürich, »nichts«.",
    "fr": "L’élève a reçu « la leçon » à Genève, où naît l’œuvre.",
    "es": "¿Quién dañó el niño? ¡Él llegó mañana! 1.º de mayo.",
    "pt": "A decisão não é só da região: são três ações.",
    "it": "Perché la città è così lontana? Già, è più giù.",
    "nl": "De coördinatie van de Belgische zeeën kostte één euro: €5.",
    "sv": "Från Malmö går båten över sjön på söndag.",
    "da": "Rødgrød på øen bærer ærlig frugt.",
    "pl": "Zażółć gęślą jaźń, rzekł łódzki żołnierz.",
    "cs": "Příliš žluťoučký kůň úpěl ďábelské ódy.",
    "hu": "Árvíztűrő tükörfúrógép őrzi a várost.",
    "tr": "Şişli’de ağaçların altında çay içtik, güneş çıktı.",
    "vi": "Hội đồng cảng họp hôm thứ hai để giải quyết tranh chấp.",
    "ru": "Совет «порта» собрался в понедельник, чтобы решить спор № 5.",
    "el": "Το συμβούλιο του λιμανιού συνεδρίασε τη Δευτέρα.",
    "ar": "اجتمع مجلس الميناء يوم الاثنين لتسوية النزاع.",
    "he": "מועצת הנמל התכנסה ביום שני.",
    "hi": "बंदरगाह परिषद की बैठक सोमवार को हुई।",
    "zh": "港口委员会星期一开会，讨论“渔业权”的争端。",
    "ja": "港湾委員会は月曜日に会議を開いた。「合意した」",
    "ko": "항만 위원회가 월요일에 회의를 열었다.",
    "emoji": "Hello 👩\u200d👧 world ❤\ufe0f 🔥 ¯\\_(ツ)_/¯ 20° ©",
}
NAMES = {"cp1252": "sloppy-windows-1252", "cp1251": "sloppy-windows-1251"}
# Latin and Greek letters read as Windows-1251 are ordinary Cyrillic letters side by side: ftfy leaves them alone.
NOT_FOUND = {(language, "cp1251") for language in "de es pt sv pl cs hu el ar he ja".split()} | {("ru", "mac-roman")}
# Texts with signs that give the mix-up away.
NOT_FOUND -= {("de", "cp1251"), ("ru", "mac-roman")}


@pytest.mark.parametrize("text", CLEAN.values(), ids=CLEAN)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert not mojibake.found(text)
    assert mojibake.mend(text) == text


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "cp1251", "cp437", "mac-roman"])
@pytest.mark.parametrize("language", [language for language in CLEAN if language != "emoji"])
def test_utf8_read_as_another_encoding_is_mended(language: str, encoding: str) -> None:
    text = CLEAN[language]
    wrong = text.encode().decode(NAMES.get(encoding, encoding))
    if (language, encoding) in NOT_FOUND:
        assert not mojibake.found(wrong)
    else:
        assert mojibake.found(wrong)
        assert mojibake.mend(wrong) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("don\u00e2\u20ac\u2122t", "don’t", id="a quotation mark"),
        pytest.param("CafÃ© and naÃ¯ve", "Café and naïve", id="accents"),
        pytest.param("ÃƒÂ©tÃƒÂ©", "été", id="twice"),
        pytest.param("\x93Never\x94, he said", "“Never”, he said", id="Windows-1252 read as Latin-1"),
        pytest.param("All is well — here.\nHere it isnâ€™t.\n", "All is well — here.\nHere it isn’t.\n", id="a line"),
        pytest.param("北京 isnâ€™t far", "北京 isn’t far", id="beside Chinese"),
        pytest.param("Ñ\x85Ð¾Ñ\x80Ð¾Ñ\x88Ð¾", "хорошо", id="NEL inside a letter"),
    ],
)
def test_the_common_kinds_are_mended(text: str, expected: str) -> None:
    assert mojibake.found(text)
    assert mojibake.mend(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("“curly” ‘quotes’ … –", id="quotation marks"),
        pytest.param("ﬁne ﬂow ĳs", id="ligatures"),
        pytest.param("ＬＯＵＤ　ｶﾅ", id="wide and narrow letters"),
        pytest.param("&eacute; &amp; &lt;é&gt;", id="HTML entities"),
        pytest.param("\x1b[31mré\x1b[0m\x00\ufeff\r\n", id="terminal escapes and control characters"),
        pytest.param("Cafe\u0301", id="not composed"),
        pytest.param("premiére\x85deuxième", id="NEL alone"),
        pytest.param("Ã", id="one letter"),
        pytest.param("é\ud800", id="a surrogate"),
        pytest.param("", id="empty"),
    ],
)
def test_nothing_else_is_mended(text: str) -> None:
    assert not mojibake.found(text)
    assert mojibake.mend(text) == text


CHARACTERS = (
    "".join(map(chr, range(0x80, 0x180))) + "αβΒΓΞΟβ вВГРСђЂ†‡•…‰€™“”‘’‚„‹›√∂≈║╗│▒\u00a0 \n aZ.Ã¢â\x85\x1a\ufffd"
)


@settings(deadline=None, max_examples=300)
@given(st.text(CHARACTERS) | st.text() | st.text().map(lambda text: text.encode("utf-8", "replace").decode("cp437")))
def test_found_says_what_mend_does(text: str) -> None:
    mended = mojibake.mend(text)
    assert mojibake.found(text) == (mended != text)
    assert mojibake.mend(mended) == mended


def test_no_text_that_ftfy_calls_bad_is_overlooked() -> None:
    """The fast search agrees with the library's slow one, on strings of the characters that it knows."""
    chance = random.Random(0)
    known = sorted(
        {c for c in map(chr, range(0x80, 0x2600)) if is_bad(f"{c}¤") or is_bad(f"¤{c}") or is_bad(f"é{c}")}
    )
    assert len(known) > 200 < len("".join(MOJIBAKE_CATEGORIES.values()))
    characters = [*known, *" aAzZ1?.\n\tвр„“é中\u0301ŸŠœŒžπ†≤°ВГРСΒΓΞΟвЂ"]
    bad = 0
    for _ in range(30_000):
        text = "".join(chance.choices(characters, k=chance.randint(1, 6)))
        bad += is_bad(text)
        assert mojibake._is_bad(text) == is_bad(text), text
    assert bad > 3_000


def test_a_long_line_is_no_event() -> None:
    assert mojibake.mend("CafÃ© " * 300_000) == "Café " * 300_000
