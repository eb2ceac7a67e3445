"""Ingest: files become the articles table, which only grows."""

import io
import json
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from goldwire import tables
from goldwire.corpus.compare import Comparing
from goldwire.corpus.ingest import Ingested, ingest
from goldwire.corpus.readers import READERS, Reject
from goldwire.errors import GoldwireError, UsageError
from goldwire.provenance import digest

BODY = "The harbour council met on Monday to settle the long dispute over fishing rights."


def jsonl(path: Path, *rows: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def by_id(path: Path) -> dict[str, dict[str, Any]]:
    return {row["article_id"]: row for row in tables.read(path, "articles").to_pylist()}


def test_every_format_in_a_folder_becomes_one_table(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    jsonl(folder / "b" / "more.jsonl", {"id": "j", "text": f"{BODY} Said twice.", "outlet": "Fjord Post"})
    (folder / "a.txt").write_text(BODY)
    (folder / "c.csv").write_text(f'id,title,text\nc,Talks,"{BODY}\n\nMore."\n')
    (folder / "d.tsv").write_text("id\ttext\nd\tZwei Staaten einigten sich am Montag auf einen Vertrag.\n")
    (folder / "e.html").write_text(f"<html><body><article><p>{BODY} It rained on.</p></article></body></html>")
    (folder / "f.pdf").write_bytes(b"%PDF")
    (folder / ".hidden.txt").write_text("hidden")
    (folder / ".git").mkdir()
    (folder / ".git" / "x.txt").write_text("hidden")
    tables.write(pa.table({"id": ["p"], "text": ["Parquet has this one."]}), folder / "g.parquet")
    into = tmp_path / "corpus" / "articles.parquet"

    assert ingest([folder], into) == Ingested(6, 6, 0, 0, [], ["skipped: no reader for .pdf (1 files)"])
    rows = by_id(into)
    plain, page = f"a{digest('', BODY)}", f"a{digest('', f'{BODY} It rained on.')}"
    assert list(rows) == sorted(["c", "d", "j", "p", plain, page])
    assert {row["story_id"] for name, row in rows.items() if name not in "dp"} == {min(plain, page)}
    assert rows["d"]["story_id"] == "d"
    assert rows["d"]["language"] == "de"
    assert rows["c"]["text"] == f"Talks\n\n{BODY}\n\nMore."
    assert json.loads(rows[plain]["meta"])["file"] == "a.txt"


def test_importing_again_adds_only_what_is_new(tmp_path: Path) -> None:
    into = tmp_path / "articles.parquet"
    first = jsonl(tmp_path / "1.jsonl", {"id": "b", "text": BODY, "outlet": "A"}, {"text": "No id."})
    assert ingest([first], into) == Ingested(2, 2, 0, 0, [], [])
    bytes_before, time_before = into.read_bytes(), into.stat().st_mtime_ns
    assert ingest([first], into) == Ingested(2, 0, 2, 0, [], [])
    assert (into.read_bytes(), into.stat().st_mtime_ns) == (bytes_before, time_before)

    second = jsonl(
        tmp_path / "2.jsonl",
        {"id": "b", "text": f"\ufeff{BODY}\r\n", "outlet": "Other"},  # the same text, so it stays as it is
        {"id": "b", "text": "Another text."},
        {"id": "b", "title": "A title", "text": BODY},
        {"id": "a", "text": BODY},
        {"id": "a", "text": BODY},
    )
    reason = 'article_id: "b" is there already with another text, which stays'
    assert ingest([second], into) == Ingested(
        5, 1, 2, 2, [Reject(str(second), 2, reason), Reject(str(second), 3, reason)], []
    )
    rows = by_id(into)
    assert {name: (row["outlet"], row["story_id"]) for name, row in rows.items()} == {
        "a": (None, "b"),  # equal texts share the story that was there first
        "b": ("A", "b"),
        f"a{digest('', 'No id.')}": (None, f"a{digest('', 'No id.')}"),
    }


def test_bad_records_are_counted_and_named_and_cost_the_others_nothing(tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text(
        f'{{"id": 1, "text": "{BODY}"}}\n{{broken\n{{"id": 3, "text": " "}}\n{{"id": 4, "text": "Four."}}\n'
    )
    (tmp_path / "latin.txt").write_bytes("café".encode("latin-1"))
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    into = tmp_path / "articles.parquet"
    found = ingest([tmp_path], into)
    assert found.as_dict() == {
        "read": 6,
        "written": 2,
        "duplicates": 0,
        "rejected": 4,
        "rejects": [
            {
                "file": str(bad),
                "line": 2,
                "reason": "line: is not valid JSON: Expecting property name enclosed in double quotes at character 2",
            },
            {"file": str(bad), "line": 3, "reason": "text: is empty"},
            {
                "file": str(tmp_path / "gone.txt"),
                "line": None,
                "reason": "file: cannot be read: No such file or directory",
            },
            {
                "file": str(tmp_path / "latin.txt"),
                "line": 1,
                "reason": "text: is not UTF-8 (byte 0xE9); convert the file to UTF-8",
            },
        ],
        "warnings": [],
    }
    assert list(by_id(into)) == ["1", "4"]
    assert ingest([tmp_path], into).duplicates == 2  # the table lies in the folder and is not read


def test_oddities_are_warned_about_with_count_and_first_case(tmp_path: Path) -> None:
    path = jsonl(
        tmp_path / "a.jsonl",
        {"id": "1", "text": "One.", "date": "12/11/2017"},
        {"id": "2", "text": "Two.", "date": "soon", "source": {"name": "A"}},
        {"id": "3", "text": "Three.", "date": "2017-12-11"},
    )
    assert ingest([path], tmp_path / "articles.parquet", mapping={"title": "headlne"}).warnings == [
        'title: no record has the column "headlne" that it is mapped to',
        f'published_at: the date was not understood (2 articles, the first "12/11/2017" at {path}:1)',
        f'outlet: is not text and was kept in meta (1 articles, the first "an object" at {path}:2)',
    ]


def test_standard_input_is_json_lines_unless_told_otherwise(tmp_path: Path) -> None:
    into = tmp_path / "articles.parquet"
    assert ingest([Path("-")], into, stdin=io.BytesIO(b'{"id": "a", "text": "A."}\n{')) == Ingested(
        2,
        1,
        0,
        1,
        [Reject("-", 2, "line: is not valid JSON: Expecting property name enclosed in double quotes at character 2")],
        [],
    )
    assert ingest([Path("-")], into, format="csv", stdin=io.BytesIO(b"id,text\nb,B.\n")).written == 1
    assert list(by_id(into)) == ["a", "b"]
    with pytest.raises(UsageError, match="there is no standard input to read"):
        ingest([Path("-")], into)


def test_a_format_that_is_named_is_used_for_every_file(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "10001").write_text("Subject: talks\n\nThey met.")
    (tmp_path / "in" / "10002.csv").write_text("They met again.")
    into = tmp_path / "articles.parquet"
    assert ingest([tmp_path / "in"], into, format="txt", title="first-line").written == 2
    assert sorted((row["title"], row["text"]) for row in by_id(into).values() if row["title"]) == [
        ("Subject: talks", "Subject: talks\n\nThey met.")
    ]


def test_columns_are_mapped_by_name(tmp_path: Path) -> None:
    (tmp_path / "bodies.csv").write_text('Body ID,articleBody\n4,"They met.\n\nAgain."\n')
    into = tmp_path / "articles.parquet"
    assert ingest([tmp_path / "bodies.csv"], into, mapping={"text": "articleBody", "id": "Body ID"}).written == 1
    assert by_id(into)["4"]["text"] == "They met.\n\nAgain."


@pytest.mark.parametrize("ending", ["parquet", "csv", "tsv", "jsonl"])
def test_the_table_can_be_of_any_form_and_be_imported_elsewhere(tmp_path: Path, ending: str) -> None:
    path = jsonl(
        tmp_path / "a.jsonl",
        {"id": "1", "title": "T", "text": "One\n\n“two”.", "date": "2017-12-11T10:00:00.5+02:00", "n": 1},
        {"id": "2", "text": "Two."},
    )
    into = tmp_path / f"articles.{ending}"
    assert ingest([path], into).written == 2
    assert ingest([path], into) == Ingested(2, 0, 2, 0, [], [])
    other = tmp_path / "other.parquet"
    assert ingest([into], other) == Ingested(2, 2, 0, 0, [], [])
    assert by_id(other) == by_id(into)


def test_stories_follow_their_parameters(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", {"id": "1", "text": "a b c d e f g h"}, {"id": "2", "text": "a b c d e x y z"})
    ingest([path], tmp_path / "1.parquet")
    ingest([path], tmp_path / "2.parquet", comparing=Comparing(containment=0.25))
    ingest([path], tmp_path / "3.parquet", comparing=Comparing(shingle=2))
    found = [[row["story_id"] for row in by_id(tmp_path / f"{n}.parquet").values()] for n in (1, 2, 3)]
    assert found == [["1", "2"], ["1", "1"], ["1", "1"]]


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    rows = [{"id": str(n), "text": f"Text {n % 7} of this corpus, as it is.", "x": n} for n in range(50)]
    jsonl(tmp_path / "a.jsonl", *rows[:25])
    jsonl(tmp_path / "b.jsonl", *rows[25:])
    ingest([tmp_path / "a.jsonl", tmp_path / "b.jsonl"], tmp_path / "1.parquet")
    ingest([tmp_path / "b.jsonl", tmp_path / "a.jsonl"], tmp_path / "2.parquet")
    assert (tmp_path / "1.parquet").read_bytes() == (tmp_path / "2.parquet").read_bytes()


def test_links_that_lead_in_a_circle_are_walked_once(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "a.txt").write_text("A text.")
    (folder / "deep" / "up").symlink_to(folder)
    (folder / "self").symlink_to(folder / "self")
    os.mkfifo(folder / "pipe.txt")
    assert ingest([folder], tmp_path / "articles.parquet") == Ingested(
        1,
        1,
        0,
        0,
        [],
        ["skipped: no reader for a name without ending (1 files)", "skipped: not a regular file (1 files)"],
    )


def test_a_file_whose_name_is_not_utf8_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt")).write_text("A text.")
    assert ingest([folder], tmp_path / "articles.parquet").written == 1


def test_progress_tells_the_records_read_so_far(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", {"text": "One."}, {"text": "One."}, {"text": ""})
    seen: list[int] = []
    ingest([path], tmp_path / "articles.parquet", progress=seen.append)
    assert seen == [3]


@pytest.mark.parametrize(
    ("name", "content", "message", "hint"),
    [
        ("gone.txt", None, "the path is not there", "Check the spelling."),
        (
            "a.pdf",
            b"%PDF",
            "format: no reader is for .pdf; name one with --format",
            f"Formats: {', '.join(READERS)}.",
        ),
        (
            "empty.jsonl",
            b"\n",
            "there is no article in it",
            "Name a file, or a folder with some.",
        ),
    ],
)
def test_what_holds_no_article_is_an_error_and_writes_nothing(
    tmp_path: Path, name: str, content: bytes | None, message: str, hint: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(GoldwireError) as raised:
        ingest([path], tmp_path / "articles.parquet")
    assert (raised.value.message, raised.value.where, raised.value.hint) == (message, str(path), hint)
    assert not (tmp_path / "articles.parquet").exists()


def test_a_folder_with_nothing_to_read_says_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a.pdf", "b.PDF", "c"):
        (tmp_path / "in" / name).write_bytes(b"x")
    with pytest.raises(GoldwireError) as raised:
        ingest([tmp_path / "in"], tmp_path / "articles.parquet")
    assert raised.value.message == (
        "there is no article in it (skipped: no reader for .pdf (2 files); "
        "skipped: no reader for a name without ending (1 files))"
    )


def test_a_file_that_cannot_be_opened_is_an_error_when_it_is_all_there_is(tmp_path: Path) -> None:
    loop = tmp_path / "loop.txt"
    loop.symlink_to(loop)
    with pytest.raises(GoldwireError) as raised:
        ingest([loop], tmp_path / "articles.parquet")
    assert str(raised.value) == f"{loop}: file: cannot be read: Too many levels of symbolic links"
    assert raised.value.hint == "Check that the file can be read."


def test_all_records_rejected_is_a_result_not_an_error(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", {"body": "x"})
    assert ingest([path], tmp_path / "articles.parquet") == Ingested(
        1, 0, 0, 1, [Reject(str(path), 1, 'text: there is no column "text", only: body')], []
    )
    assert not (tmp_path / "articles.parquet").exists()


def test_wrong_arguments_and_a_wrong_table_leave_it_as_it_was(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", {"text": "One."})
    into = tmp_path / "articles.csv"
    into.write_text("a,b\n1,2\n")
    with pytest.raises(GoldwireError, match="is not a table of articles: it lacks article_id"):
        ingest([path], into)
    for wrong in ({"format": "docx"}, {"mapping": {"x": "y"}}, {"title": "last"}, {"comparing": Comparing(0)}):
        with pytest.raises(UsageError):
            ingest([path], tmp_path / "new.parquet", **wrong)  # type: ignore[arg-type]
    assert into.read_text() == "a,b\n1,2\n"
    assert not (tmp_path / "new.parquet").exists()
