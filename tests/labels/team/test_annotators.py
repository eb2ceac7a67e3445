"""Pseudonyms: kept, given, and never given twice."""

from pathlib import Path

import pytest

from goldwire.errors import GoldwireError
from goldwire.labels.team import annotators


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
    assert caught.value.hint
    assert path.read_text(encoding="utf-8") == text


def test_the_number_of_an_account_is_no_person() -> None:
    numbers = [
        annotators.numbered(7, 12),
        annotators.former(7, "labels.example.org", 443),
        annotators.former(7, "::1", 8080),
    ]
    assert numbers[:2] == ["user-7@project-12", "former-member-7@labels.example.org:443"]
    assert [key for key in (*numbers, "User-7", "former-member-7") if annotators.is_person(key)] == []
    people = ["anna@example.org", "user-7@example.org", "former-member-7@example.org", "no..address@@example"]
    assert [key for key in people if annotators.is_person(key)] == people


def test_a_list_with_the_number_of_an_account_is_refused(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("email\nuser-7@project-12\n", encoding="utf-8")
    with pytest.raises(GoldwireError, match=r"people\.csv:2: the e-mail address is not one"):
        annotators.listed(tmp_path / "people.csv", {})


def test_a_file_that_is_not_utf8_is_refused(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"email,pseudonym\nj\xf6rg@x.org,1\n")
    with pytest.raises(GoldwireError, match="the file is not UTF-8"):
        annotators.read(path)


# lists of people


def written(tmp_path: Path, text: str, name: str = "people.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_people_of_a_list_get_their_pseudonym_or_the_next_free_one(tmp_path: Path) -> None:
    known = {"erika@example.org": "annotator-01", "tom@example.org": "Coder-B"}
    path = written(
        tmp_path,
        "\ufeffPseudonym, Email\r\n,new@example.org\r\nannotator-03 , Max@Example.org\r\n"
        "\r\n,ERIKA@example.org\r\nCoder-B,tom@example.org\r\n,last@example.org\r\n",
    )
    assert annotators.listed(path, known) == {
        "new@example.org": "annotator-04",
        "max@example.org": "annotator-03",
        "last@example.org": "annotator-05",
    }


def test_addresses_alone_are_a_list_too(tmp_path: Path) -> None:
    path = written(tmp_path, "email\nb@x.org\na@x.org\n")
    assert annotators.listed(path, {}) == {"b@x.org": "annotator-01", "a@x.org": "annotator-02"}
    tabs = written(tmp_path, "email\tpseudonym\nb@x.org\tB\n", "people.tsv")
    assert annotators.listed(tabs, {}) == {"b@x.org": "B"}


def test_every_wrong_line_of_a_list_is_named_and_no_address_is(tmp_path: Path) -> None:
    known = {"erika@example.org": "annotator-01"}
    path = written(
        tmp_path,
        "email,pseudonym\nmax\nmax@x.org,M\nMAX@x.org,N\nerika@example.org,E\nnew@x.org,m\nlee@x.org,Coder A\n"
        "ann@x.org,ANNOTATOR-01\nmax.org,\nfine@x.org,F\n",
    )
    with pytest.raises(GoldwireError) as caught:
        annotators.listed(path, known)
    assert str(caught.value).splitlines() == [
        f"{path}:2: the line has 1 fields, not 2",
        f"{path}:4: the address stands twice in the list",
        f"{path}:5: the address has the pseudonym annotator-01 already",
        f"{path}:6: somebody else has the pseudonym m, capitals aside",
        f'{path}:7: "Coder A" is no pseudonym: it is letters, digits, . _ and -',
        f"{path}:8: somebody else has the pseudonym ANNOTATOR-01, capitals aside",
        f"{path}:9: the e-mail address is not one",
    ]


@pytest.mark.parametrize("text", ["", "a@x.org\n", "email,name\na@x.org,A\n", "email,email\na@x.org,a@x.org\n"])
def test_a_list_without_its_header_is_refused(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(GoldwireError, match="the columns are not email, or email and pseudonym") as caught:
        annotators.listed(path, {})
    assert caught.value.where == f"{path}:1"


def test_a_list_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(GoldwireError, match="the file is not there"):
        annotators.listed(tmp_path / "none.csv", {})
