"""Counts over the articles table."""

from collections import Counter
from statistics import median
from typing import Any

import pyarrow as pa

from goldwire.text.words import words


def stats(articles: pa.Table) -> dict[str, Any]:
    """Return counts over an articles table, as JSON can hold them.

    Returns
    -------
    dict
        `articles`, `stories`; `outlets` and `languages` (name to count, most frequent first), `months` ("2017-12" to
        count, in order); `words` (`min`, `median`, `max` of the words of a text, each None when there is no article);
        `without` (field to the number of articles that lack it).
    """
    lengths = [len(words(text)) for text in articles["text"].to_pylist()]
    months = Counter(
        moment.strftime("%Y-%m") for moment in articles["published_at"].to_pylist() if moment is not None
    )
    return {
        "articles": articles.num_rows,
        "stories": len(set(articles["story_id"].to_pylist())),
        "outlets": _by_count(articles["outlet"]),
        "months": dict(sorted(months.items())),
        "languages": _by_count(articles["language"]),
        "words": {
            "min": min(lengths, default=None),
            "median": median(lengths) if lengths else None,
            "max": max(lengths, default=None),
        },
        "without": {
            name: articles[name].null_count for name in ("title", "outlet", "url", "published_at", "language")
        },
    }


def _by_count(column: pa.ChunkedArray) -> dict[str, int]:
    counts = Counter(value for value in column.to_pylist() if value is not None)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
