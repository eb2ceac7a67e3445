"""Rejects stand beside the articles table; those of a file that is read again are replaced."""

from pathlib import Path

import pytest

from goldwire.corpus import rejects
from goldwire.corpus.readers.base import Reject
from goldwire.errors import GoldwireError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return rejects.path_for(tmp_path / "articles.parquet")


EMPTY, LONG = "text: is empty", "line: is longer than 16,000,000 characters"


def test_they_stand_beside_the_table_sorted_by_file_and_line(path: Path) -> None:
    assert path.name == "articles.rejects.jsonl"
    rejects.record(path, ["b", "a"], [Reject("b", 10, EMPTY), Reject("b", 9, EMPTY), Reject("a", None, LONG)])
    assert path.read_text(encoding="utf-8") == (
        '{"file":"a","line":null,"reason":"line: is longer than 16,000,000 characters"}\n'
        '{"file":"b","line":9,"reason":"text: is empty"}\n'
        '{"file":"b","line":10,"reason":"text: is empty"}\n'
    )
    assert rejects.read(path) == [Reject("a", None, LONG), Reject("b", 9, EMPTY), Reject("b", 10, EMPTY)]


def test_reading_a_file_again_replaces_its_rejects_and_no_others(path: Path) -> None:
    rejects.record(path, ["a", "b"], [Reject("a", 1, EMPTY), Reject("a", 2, EMPTY), Reject("b", 1, EMPTY)])
    rejects.record(path, ["a", "c"], [Reject("a", 2, LONG)])
    assert rejects.read(path) == [Reject("a", 2, LONG), Reject("b", 1, EMPTY)]
    rejects.record(path, ["a"], [])
    assert rejects.read(path) == [Reject("b", 1, EMPTY)]


def test_without_a_reject_there_is_no_file(path: Path) -> None:
    rejects.record(path, ["a"], [])
    assert not path.exists()
    assert rejects.read(path) == []
    rejects.record(path, ["a"], [Reject("a", 1, EMPTY)])
    rejects.record(path, ["a"], [])
    assert list(path.parent.iterdir()) == []


def test_more_than_can_be_kept_are_counted(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejects, "KEPT", 3)
    rejects.record(path, ["a", "b"], [Reject(file, line, EMPTY) for file in "ab" for line in range(1, 5)])
    assert rejects.read(path) == [
        *(Reject("a", line, EMPTY) for line in (1, 2, 3)),
        Reject("", None, "5 more rejects are not listed"),
    ]
    assert rejects.summary(path) == {
        "rejected": 8, "kinds": {EMPTY: 3}, "files": {"a": 4, "b": 4}, "unlisted": 5,
    }  # fmt: skip
    rejects.record(path, ["a"], [])
    assert rejects.summary(path) == {"rejected": 4, "kinds": {}, "files": {"b": 4}, "unlisted": 4}
    rejects.record(path, ["b"], [Reject("b", 1, EMPTY)])
    assert rejects.read(path) == [Reject("b", 1, EMPTY)]


def test_a_hundred_thousand_are_kept(path: Path) -> None:
    rejects.record(path, ["a"], [Reject("a", line, EMPTY) for line in range(1, 100_003)])
    found = rejects.read(path)
    assert (len(found), found[-2], found[-1].reason) == (
        100_001, Reject("a", 100_000, EMPTY), "2 more rejects are not listed",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        (
            'article_id: "a-17" is there already with another text',
            'article_id: "…" is there already with another text',
        ),
        ("text: is not UTF-8 (byte 0xE9); convert it", "text: is not UTF-8 (…); convert it"),
        ("line: has 12 fields, not 3.5", "line: has N fields, not N"),
        ("x" * 300, "x" * 119 + "…"),
    ],
)
def test_a_kind_is_a_reason_without_what_is_particular(reason: str, kind: str) -> None:
    assert rejects.kind(reason) == kind


def test_kinds_and_files_are_counted_most_frequent_first(path: Path) -> None:
    found = [Reject("a", 1, 'id: "x" twice'), Reject("b", 1, 'id: "y" twice'), Reject("b", 2, EMPTY)]
    rejects.record(path, ["a", "b"], found)
    summary = rejects.summary(path)
    assert list(summary["kinds"].items()) == [('id: "…" twice', 2), (EMPTY, 1)]
    assert list(summary["files"].items()) == [("b", 2), ("a", 1)]


@pytest.mark.parametrize(
    "line", ["[1]", '{"file": "a"}', '{"file": 1, "line": 1, "reason": ""}', '{"more": {"a": "x"}}']
)
def test_a_file_of_other_lines_is_refused_and_stays(path: Path, line: str) -> None:
    path.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(GoldwireError) as error:
        rejects.record(path, ["a"], [Reject("a", 1, EMPTY)])
    assert str(error.value) == f"{path}:1: the line is no reject: it needs file, line and reason"
    assert path.read_text(encoding="utf-8") == f"{line}\n"
