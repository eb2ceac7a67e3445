"""One record becomes one article, or a reject with field and reason."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from goldwire.corpus.article import Article, article
from goldwire.corpus.columns import check
from goldwire.corpus.readers import Record, Reject
from goldwire.errors import UsageError
from goldwire.provenance import digest

BODY = "The harbour council met on Monday to settle the long dispute over fishing rights."


def made(fields: dict[str, Any], **mapping: str) -> Article:
    found = article(Record(fields, "a.jsonl", 3), check(mapping))
    assert isinstance(found, Article), found
    return found


def refused(fields: dict[str, Any], **mapping: str) -> str:
    found = article(Record(fields, "a.jsonl", 3), check(mapping))
    assert isinstance(found, Reject), found
    assert (found.file, found.line) == ("a.jsonl", 3)
    return found.reason


def meta(found: Article) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(found.row["meta"])
    return value


def test_every_field_has_its_place() -> None:
    found = made(
        {
            "id": 7,
            "title": " Talks\r\nresume\u00a0",
            "text": f"\ufeff{BODY}\r\n\r\n\r\nAll  came. ",
            "outlet": "Fjord Post",
            "url": "https://fjordpost.example/7",
            "date": "2017-12-11T10:00:00Z",
            "language": "en-GB",
            "group": "strike",
            "section": "World",
            "empty": "",
        }
    )
    body = f"{BODY}\n\nAll  came."
    assert found == Article(
        {
            "article_id": "7",
            "content_hash": digest("Talks resume", body),
            "title": "Talks resume",
            "text": f"Talks resume\n\n{body}",
            "body_start": 14,
            "outlet": "Fjord Post",
            "url": "https://fjordpost.example/7",
            "published_at": datetime(2017, 12, 11, 10, tzinfo=UTC),
            "language": "en-GB",
            "group": "strike",
            "meta": '{"normalisation": "1", "section": "World"}',
        }
    )


def test_without_id_title_and_language_these_come_from_the_text() -> None:
    found = made({"text": BODY})
    assert found.row == {
        "article_id": "a" + digest("", BODY),
        "content_hash": digest("", BODY),
        "title": None,
        "text": BODY,
        "body_start": 0,
        "outlet": None,
        "url": None,
        "published_at": None,
        "language": "en",
        "group": None,
        "meta": json.dumps({"language_score": meta(found)["language_score"], "normalisation": "1"}),
    }
    assert made({"text": "Oslo."}).row["language"] is None


@pytest.mark.parametrize(
    ("fields", "outlet"),
    [
        ({"source": "B", "outlet": "A", "publisher": "C"}, "A"),
        ({"Outlet": "A"}, "A"),
        ({" PUBLISHER ": "C", "source": " "}, "C"),
        ({"source": 24}, "24"),
    ],
)
def test_recognised_names_are_taken_in_order_whatever_their_case(fields: dict[str, Any], outlet: str) -> None:
    found = made({"text": BODY, **fields})
    assert found.row["outlet"] == outlet
    assert meta(found).get("publisher") == ("C" if len(fields) == 3 else None)


def test_a_mapped_column_comes_before_a_recognised_one() -> None:
    found = made({"text": "Abstract.", "articleBody": BODY, "Body ID": "4"}, text="articleBody", id="Body ID")
    assert (found.row["article_id"], found.row["text"], meta(found)["text"]) == ("4", BODY, "Abstract.")


def test_an_unknown_or_doubled_mapping_is_refused() -> None:
    with pytest.raises(UsageError) as unknown:
        check({"headline": "x"})
    assert (unknown.value.message, unknown.value.hint) == (
        '"headline" is not a field of an article',
        "Fields: text, title, article_id, outlet, url, published_at, language, group.",
    )
    with pytest.raises(UsageError, match="article_id is mapped twice, to a and to b"):
        check({"id": "a", "article_id": "b"})


@pytest.mark.parametrize(
    ("value", "hour", "original"),
    [
        ("2017-12-11T10:00:00Z", 10, None),
        ("2017-12-11 10:00:00+00:00", 10, None),
        (datetime(2017, 12, 11, 10, tzinfo=UTC), 10, None),
        ("2017-12-11", 0, "2017-12-11"),
        ("Mon, 11 Dec 2017 12:00:00 +0200", 10, "Mon, 11 Dec 2017 12:00:00 +0200"),
        (1512986400, 10, 1512986400),
    ],
)
def test_a_date_that_changed_is_kept_as_it_was(value: Any, hour: int, original: Any) -> None:
    found = made({"text": BODY, "date": value})
    assert found.row["published_at"] == datetime(2017, 12, 11, hour, tzinfo=UTC)
    assert meta(found).get("published_at_original") == original
    assert found.warnings == []


def test_a_date_that_is_not_understood_costs_no_article() -> None:
    found = made({"text": BODY, "date": "12/11/2017"})
    assert found.row["published_at"] is None
    assert meta(found)["published_at_original"] == "12/11/2017"
    assert found.warnings == [("published_at: the date was not understood", "12/11/2017")]


def test_a_field_that_is_no_text_moves_to_meta() -> None:
    found = made({"text": BODY, "source": {"id": None, "name": "Fjord Post"}, "title": ["a"]})
    assert (found.row["outlet"], found.row["title"]) == (None, None)
    assert meta(found)["outlet"] == {"id": None, "name": "Fjord Post"}
    assert meta(found)["title"] == ["a"]
    assert found.warnings == [
        ("title: is not text and was kept in meta", "a list"),
        ("outlet: is not text and was kept in meta", "an object"),
    ]


def test_meta_holds_whatever_the_other_columns_held() -> None:
    odd = {"b": b"x", "inf": float("inf"), "nan": float("nan"), "day": datetime(2017, 1, 2), "deep": {"x": [1, None]}}
    assert meta(made({"text": BODY, "language": "en", "meta": '{"desk": "World"}', **odd})) == {
        "b": "b'x'",
        "inf": "inf",
        "day": "2017-01-02 00:00:00",
        "deep": {"x": [1, None]},
        "desk": "World",
        "normalisation": "1",
    }
    assert meta(made({"text": BODY, "language": "en", "meta": "a note"}))["meta"] == "a note"


def test_a_row_of_an_articles_table_comes_back_as_it_was() -> None:
    row = made({"id": "x", "title": "Talks", "text": BODY, "date": "2017-12-11", "section": "World"}).row
    assert made({**row, "story_id": "y"}).row == row


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, 'text: there is no column "text", only: none'),
        ({"title": "T", "body": BODY}, 'text: there is no column "text", only: title, body'),
        ({"\ud800": BODY}, 'text: there is no column "text", only: \\ud800'),
        ({"text": None}, "text: is empty"),
        ({"Text": "  \n"}, "text: is empty"),
        ({"text": "\x00\ufeff"}, "text: is empty"),
        ({"text": 5}, "text: is a number, not text"),
        ({"text": True}, "text: is true or false, not text"),
        ({"text": ["a"]}, "text: is a list, not text"),
        ({"text": {"a": 1}}, "text: is an object, not text"),
        ({"text": b"bytes"}, "text: is of type bytes, not text"),
        ({"text": "half \ud83d"}, "text: has a lone surrogate (U+D83D)"),
        ({"text": BODY, "title": "\udc00"}, "title: has a lone surrogate (U+DC00)"),
        ({"text": BODY, "section": ["\ud83d"]}, "section: has a lone surrogate (U+D83D)"),
        ({"text": BODY, "\ud83d": "x"}, "\\ud83d: has a lone surrogate (U+D83D)"),
        ({"text": BODY, "id": ["a"]}, "article_id: is a list, not text"),
        ({"text": BODY, "id": "a\nb"}, "article_id: has a control character or a line end"),
    ],
)
def test_a_record_that_is_no_article_is_rejected_with_field_and_reason(fields: dict[str, Any], reason: str) -> None:
    assert refused(fields) == reason


def test_a_mapped_text_that_is_empty_or_missing_is_named_by_its_column() -> None:
    assert refused({"articleBody": " "}, text="articleBody") == "text: is empty"
    assert refused({"text": BODY}, text="articleBody") == 'text: there is no column "articleBody", only: text'


def test_a_record_nested_too_deeply_is_rejected() -> None:
    deep: Any = "x"
    for _ in range(20_000):
        deep = [deep]
    assert refused({"text": BODY, "deep": deep}) == "line: is nested too deeply"
