"""Pseudonyms: kept, given, and never given twice."""

from pathlib import Path

import pytest

from goldwire.errors import GoldwireError
from goldwire.labels import annotators


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "labels" / "annotators.csv"


def test_a_new_annotator_gets_the_next_pseudonym_and_it_is_stored_at_once(path: Path) -> None:
    people = annotators.read(path)
    assert not path.exists()
    assert people.of("Erika@Example.org ") == "annotator-01"
    assert path.read_text(encoding="utf-8") == "email,pseudonym\nerika@example.org,annotator-01\n"
    assert people.of("max@example.org") == "annotator-02"
    assert people.of("erika@example.org") == "annotator-01"
    again = annotators.read(path)
    assert again.of("MAX@example.org") == "annotator-02"
    assert again.of("tom@example.org") == "annotator-03"


def test_pseudonyms_given_by_hand_are_kept_and_not_given_again(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"\xef\xbb\xbfemail,pseudonym\r\na@x.org,Coder A\r\n\r\nb@x.org,annotator-03\r\n")
    people = annotators.read(path)
    assert people.known == {"a@x.org": "Coder A", "b@x.org": "annotator-03"}
    assert people.of("c@x.org") == "annotator-04"
    assert path.read_text(encoding="utf-8") == (
        "email,pseudonym\na@x.org,Coder A\nb@x.org,annotator-03\nc@x.org,annotator-04\n"
    )


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("pseudonym,email\n", 1, "the columns are not email, pseudonym"),
        ("", 1, "the columns are not email, pseudonym"),
        ("email,pseudonym\na@x.org\n", 2, "not an address and a pseudonym"),
        ("email,pseudonym\na@x.org, \n", 2, "not an address and a pseudonym"),
        ("email,pseudonym\na@x.org,1\nA@x.org,2\n", 3, "the address stands twice"),
        ("email,pseudonym\na@x.org,1\nb@x.org,1\n", 3, "two addresses have the pseudonym 1"),
    ],
)
def test_a_damaged_file_is_refused_by_line_and_left_as_it_is(path: Path, text: str, line: int, message: str) -> None:
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GoldwireError, match=message) as caught:
        annotators.read(path)
    assert caught.value.where == f"{path}:{line}"
    assert path.read_text(encoding="utf-8") == text


def test_a_file_that_is_not_utf8_is_refused(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"email,pseudonym\nj\xf6rg@x.org,1\n")
    with pytest.raises(GoldwireError, match="the file is not UTF-8"):
        annotators.read(path)
