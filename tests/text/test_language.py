"""Language detection, offline."""

import subprocess
import sys

import pytest

from goldwire.text.language import detect

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
