"""Counts over the articles table, from memory and from a file. All texts are written for the test."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldwire import tables
from goldwire.cli.corpus_text import text
from goldwire.corpus import rejects
from goldwire.corpus.batches import batches
from goldwire.corpus.readers.base import Reject
from goldwire.corpus.stats import LENGTHS, stats, stats_of_file
from goldwire.errors import GoldwireError
from goldwire.text.spans import word_counts, word_spans
from goldwire.text.words import words

ROWS: list[dict[str, Any]] = [
    {"article_id": "a", "story_id": "a", "text": "one two", "outlet": "B", "language": "en", "title": "one"}
    | {"published_at": datetime(2018, 1, 31, 23, 59, tzinfo=UTC), "url": "https://x.example"}
    | {"meta": '{"normalisation": "1", "mojibake": "found"}'},
    {"article_id": "b", "story_id": "a", "text": "one two three", "outlet": "A", "language": "en"}
    | {"published_at": datetime(2017, 12, 1, tzinfo=UTC), "meta": '{"normalisation": "2", "mojibake": "mended"}'},
    {"article_id": "c", "story_id": "c", "text": "北京会议。 ok", "outlet": "A", "language": "zh"}
    | {"meta": '{"normalisation": "2"}'},
    {"article_id": "d", "story_id": "d", "text": "one", "meta": "not JSON"},
    {"article_id": "e", "text": "word " * 250, "meta": "[]"},
]
SIZES = [(1, 1), (2, 2), (3, 5), (6, 10), (11, None)]


def histogram(filled: dict[int, int]) -> list[dict[str, int | None]]:
    ends = [*(edge - 1 for edge in LENGTHS[1:]), None]
    return [
        {"from": low, "to": high, "articles": filled.get(low, 0)} for low, high in zip(LENGTHS, ends, strict=True)
    ]


def sizes(*stories: int) -> list[dict[str, int | None]]:
    return [{"from": low, "to": high, "stories": n} for (low, high), n in zip(SIZES, stories, strict=True)]


EXPECTED = {
    "articles": 5,
    "stories": 3,
    "story_sizes": sizes(2, 1, 0, 0, 0),
    "largest_stories": [{"story_id": "a", "articles": 2}],
    "near_duplicates": {"articles": 2, "share": 0.4},
    "outlets": {"A": 2, "B": 1},
    "months": {"2017-12": 1, "2018-01": 1},
    "languages": {"en": 2, "zh": 1},
    "words": {"min": 1, "q1": 2, "median": 3, "q3": 5, "max": 250, "total": 261}
    | {"histogram": histogram({0: 4, 200: 1})},
    "normalisation": {"2": 2, "1": 1},
    "mojibake": {"found": 1, "mended": 1},
    "without": {"title": 4, "outlet": 2, "url": 4, "published_at": 3, "language": 2, "story_id": 1},
}


def test_counts_by_outlet_month_language_length_and_story() -> None:
    assert stats(tables.build("articles", ROWS)) == EXPECTED


def test_an_empty_table_counts_nothing() -> None:
    assert stats(tables.build("articles", [])) == {
        "articles": 0,
        "stories": 0,
        "story_sizes": sizes(0, 0, 0, 0, 0),
        "largest_stories": [],
        "near_duplicates": {"articles": 0, "share": None},
        "outlets": {},
        "months": {},
        "languages": {},
        "words": {"min": None, "q1": None, "median": None, "q3": None, "max": None, "total": 0}
        | {"histogram": histogram({})},
        "normalisation": {},
        "mojibake": {},
        "without": {"title": 0, "outlet": 0, "url": 0, "published_at": 0, "language": 0, "story_id": 0},
    }


@pytest.mark.parametrize("ending", tables.ENDINGS)
def test_a_file_of_any_form_is_counted_as_the_table_is(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"articles{ending}"
    tables.write(tables.build("articles", ROWS), path)
    assert stats_of_file(path) == EXPECTED


def test_stories_are_counted_by_size_and_the_largest_are_named() -> None:
    counts = {"s1": 1, "s2": 2, "s3": 3, "s5": 5, "s6": 6, "s10": 10, "s11": 11, "t11": 11}
    rows = [
        {"article_id": f"{story}-{i:02}", "story_id": story, "text": "one"}
        for story, n in counts.items()
        for i in range(n)
    ]
    found = stats(tables.build("articles", rows))
    assert found["story_sizes"] == sizes(1, 1, 2, 2, 2)
    assert [(entry["story_id"], entry["articles"]) for entry in found["largest_stories"]] == [
        ("s11", 11), ("t11", 11), ("s10", 10), ("s6", 6), ("s5", 5),
    ]  # fmt: skip
    assert found["near_duplicates"] == {"articles": 48, "share": 48 / 49}


def test_a_parquet_file_is_read_in_parts_with_only_the_columns_that_are_needed(tmp_path: Path) -> None:
    path = tmp_path / "articles.parquet"
    tables.write(tables.build("articles", [{"article_id": f"{i:04}", "text": "one two"} for i in range(1200)]), path)
    parts = list(batches(path, ("text",), optional=("title",)))
    assert [part.num_rows for part in parts] == [0, 512, 512, 176]
    assert {tuple(part.column_names) for part in parts} == {("text", "title")}
    assert stats_of_file(path)["words"]["total"] == 2400


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.parquet", None, "the file is not there"),
        ("a.parquet", b"PAR1 no", "cannot be read: "),
        ("a.csv", b"article_id,text\na,one\n", "is not a table of articles: it lacks title, outlet, url, "),
    ],
)
def test_what_is_no_articles_table_is_refused_by_name(
    tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(GoldwireError) as error:
        stats_of_file(path)
    assert str(error.value).startswith(f"{path}: {message}")


TEXTS = st.text(
    st.one_of(st.characters(), st.sampled_from("aZ9_-' \n\u0301\u0345ßİŉ北หั्क한ー\U0001f1e6")), max_size=40
)


@given(st.lists(TEXTS, max_size=8))
def test_words_are_counted_as_words_counts_them(texts: list[str]) -> None:
    assert word_counts(texts).tolist() == [len(words(text)) for text in texts]


@given(TEXTS)
def test_spans_of_words_are_those_words(text: str) -> None:
    assert [text[start:end].casefold() for start, end in zip(*word_spans(text), strict=True)] == words(text)


def test_every_character_counts_the_same_before_after_and_among_others() -> None:
    wrong = []
    for code in range(0, 0x20000):
        c = chr(code)
        around = f"a{c}b {c} 中{c}c{c}{c}\u0301{c}ü"
        if [around[start:end].casefold() for start, end in zip(*word_spans(around), strict=True)] != words(around):
            wrong.append(hex(code))
    assert wrong == []


def test_texts_longer_than_a_block_are_counted_whole() -> None:
    long = "ab " * 100_000
    assert word_counts([long, "", "x", long, "y z"]).tolist() == [100_000, 0, 1, 100_000, 2]


def test_the_text_is_aligned_and_fits_eighty_columns() -> None:
    rows = [
        {"article_id": f"{i:03}", "story_id": f"{i // 2:03}", "text": "one " * (i + 1), "language": "en"}
        | {
            "outlet": f"Outlet {i % 12:02} {'of a long name ' * 4}",
            "published_at": datetime(2017, 1 + i % 3, 1, tzinfo=UTC),
        }
        for i in range(60)
    ]
    found = {"rejected": 3, "kinds": {"text: is empty": 3}, "files": {"x" * 90: 3}, "unlisted": 0}
    shown = text({**stats(tables.build("articles", rows)), "rejects": found})
    assert max(map(len, shown.splitlines())) <= 80
    assert shown.startswith(
        "articles                           60\n"
        "stories                            30\n"
        "articles with a near-duplicate     60  100.0%\n"
        "words                           1,830\n"
        "rejects                             3\n"
        "\n"
        "outlet                                    articles  share\n"
        "Outlet 00 of a long name of a long name…         5   8.3%\n"
    )
    assert "\nand 2 more\n\nlanguage  articles   share\nen              60  100.0%\n" in shown
    assert "\nmonth    articles  share\n2017-01        20  33.3%  ##############################\n" in shown
    assert "\nwords  articles  share\n0-9           9  15.0%  ##############\n" in shown
    assert "\nmin 1  q1 15.75  median 30.5  q3 45.25  max 60\n" in shown
    assert shown.endswith(
        f"rejects  kind of reject\n      3  text: is empty\n\nrejects  file with rejects\n      3  {'x' * 63}…"
    )


def test_many_months_are_shown_by_year() -> None:
    rows = [
        {"article_id": f"{i:03}", "text": "one", "published_at": datetime(2010 + i // 12, 1 + i % 12, 1, tzinfo=UTC)}
        for i in range(30)
    ]
    none = {"rejected": 0, "kinds": {}, "files": {}, "unlisted": 0}
    shown = text({**stats(tables.build("articles", rows)), "rejects": none})
    assert "year  articles  share\n2010        12  40.0%  " in shown
    assert "2010-01" not in shown


def test_the_command_prints_counts_and_rejects_as_text_and_json(tmp_path: Path) -> None:
    path = tmp_path / "articles.parquet"
    tables.write(tables.build("articles", ROWS), path)
    rejects.record(rejects.path_for(path), ["raw.jsonl"], [Reject("raw.jsonl", 7, "text: is empty")])

    def goldwire(*arguments: str) -> str:
        command = [sys.executable, "-m", "goldwire", "corpus", "stats", *arguments]
        return subprocess.run(
            command, cwd=tmp_path, env=dict(os.environ), capture_output=True, text=True, check=True
        ).stdout

    kept = {"rejected": 1, "kinds": {"text: is empty": 1}, "files": {"raw.jsonl": 1}, "unlisted": 0}
    assert json.loads(goldwire("--json")) == {**EXPECTED, "rejects": kept}
    assert goldwire("articles.parquet") == text({**EXPECTED, "rejects": kept}) + "\n"
