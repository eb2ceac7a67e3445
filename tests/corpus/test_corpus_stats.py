"""Counts over the articles table."""

from datetime import UTC, datetime

from goldwire import tables
from goldwire.corpus.stats import stats


def test_counts_by_outlet_month_language_length_and_story() -> None:
    rows = [
        {"article_id": "a", "story_id": "a", "text": "one two", "outlet": "B", "language": "en", "title": "one"}
        | {"published_at": datetime(2018, 1, 31, 23, 59, tzinfo=UTC), "url": "https://x.example"},
        {"article_id": "b", "story_id": "a", "text": "one two three", "outlet": "A", "language": "en"}
        | {"published_at": datetime(2017, 12, 1, tzinfo=UTC)},
        {"article_id": "c", "story_id": "c", "text": "北京会议。 ok", "outlet": "A", "language": "zh"},
        {"article_id": "d", "story_id": "d", "text": "one"},
    ]
    assert stats(tables.build("articles", rows)) == {
        "articles": 4,
        "stories": 3,
        "outlets": {"A": 2, "B": 1},
        "months": {"2017-12": 1, "2018-01": 1},
        "languages": {"en": 2, "zh": 1},
        "words": {"min": 1, "median": 2.5, "max": 5},
        "without": {"title": 3, "outlet": 1, "url": 3, "published_at": 2, "language": 1},
    }


def test_an_empty_table_counts_nothing() -> None:
    assert stats(tables.build("articles", [])) == {
        "articles": 0,
        "stories": 0,
        "outlets": {},
        "months": {},
        "languages": {},
        "words": {"min": None, "median": None, "max": None},
        "without": {"title": 0, "outlet": 0, "url": 0, "published_at": 0, "language": 0},
    }
