"""Counts over the articles table."""

import heapq
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goldwire.corpus.batches import ROWS, batches
from goldwire.text.spans import word_counts

LENGTHS = (
    *(0, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 1500, 2000, 3000, 5000, 7000),
    *(10_000, 20_000, 50_000),
)
"""Lower edges of the bins of the histogram of lengths, in words; the last has no upper edge."""

STORY_SIZES = ((1, 1), (2, 2), (3, 5), (6, 10), (11, None))
"""Smallest and largest number of articles of the stories that are counted together."""

LARGEST = 5
_LACKED = ("title", "outlet", "url", "published_at", "language", "story_id")
_COLUMNS = (*_LACKED, "text", "meta")


def stats(articles: pa.Table) -> dict[str, Any]:
    """Return counts over an articles table, as JSON can hold them.

    They depend on the table alone; what an import rejected is no part of it (see `goldwire.corpus.rejects`).

    Returns
    -------
    dict
        `articles`, `stories`; `outlets` and `languages` (name to count, most frequent first), `months` ("2017-12" to
        count, in order, of the date in UTC);
        `words`: `min`, `q1`, `median`, `q3`, `max` of the words of a text (each None when there is no article),
        `total`, and the `histogram`, a list of `from` and `to` (both inclusive, None at the end) and `articles`;
        `story_sizes`, a list of `from` and `to` (articles in a story) and `stories`; `largest_stories`, a list of
        `story_id` and `articles`, at most five, of stories with two articles or more; `near_duplicates`: `articles`
        that share their story with another one, and their `share`, from 0 to 1;
        `normalisation` (version to count) and `mojibake` ("found" or "mended" to count), as their meta says;
        `without` (field to the number of articles that lack it).
    """
    parts = (articles.slice(begin, ROWS) for begin in range(0, articles.num_rows, ROWS))
    return _count(parts)


def stats_of_file(path: Path) -> dict[str, Any]:
    """Return `stats` of an articles table in a file; Parquet is read in parts.

    Raises
    ------
    GoldwireError
        When the file is missing or unreadable, or is not a table of articles.
    """
    return _count(batches(path, ("article_id", *_COLUMNS)))


@dataclass
class _Counts:
    outlets: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    months: Counter[str] = field(default_factory=Counter)
    normalisation: Counter[str] = field(default_factory=Counter)
    without: Counter[str] = field(default_factory=Counter)
    stories: list[pa.Array] = field(default_factory=list)
    words: list[NDArray[np.int64]] = field(default_factory=list)
    mojibake: Counter[str] = field(default_factory=Counter)


def _count(parts: Iterable[pa.Table]) -> dict[str, Any]:
    counts = _Counts()
    for part in parts:
        _take(counts, part)
    words = np.concatenate([np.empty(0, np.int64), *counts.words])
    return {
        "articles": len(words),
        **_stories(counts.stories, len(words)),
        "outlets": _by_count(counts.outlets),
        "months": dict(sorted(counts.months.items())),
        "languages": _by_count(counts.languages),
        "words": _lengths(words),
        "normalisation": _by_count(counts.normalisation),
        "mojibake": _by_count(counts.mojibake),
        "without": {name: counts.without[name] for name in _LACKED},
    }


def _take(counts: _Counts, part: pa.Table) -> None:
    for name in _LACKED:
        counts.without[name] += part[name].null_count
    _add(counts.outlets, part["outlet"])
    _add(counts.languages, part["language"])
    for moment in part["published_at"].drop_null().to_pylist():
        counts.months[f"{moment.year:04}-{moment.month:02}"] += 1
    counts.stories += part["story_id"].drop_null().chunks
    counts.words.append(word_counts([text or "" for text in part["text"].to_pylist()]))
    for meta in part["meta"].drop_null().to_pylist():
        _take_meta(counts, meta)


def _take_meta(counts: _Counts, text: str) -> None:
    try:
        meta = json.loads(text)
    except ValueError:
        return  # another's table: nothing is known of these
    if isinstance(meta, dict):
        if (version := meta.get("normalisation")) is not None:
            counts.normalisation[str(version)] += 1
        if (state := meta.get("mojibake")) is not None:
            counts.mojibake[str(state)] += 1


def _add(counter: Counter[str], column: pa.ChunkedArray) -> None:
    for entry in column.drop_null().value_counts().to_pylist():
        counter[entry["values"]] += entry["counts"]


def _stories(chunks: list[pa.Array], articles: int) -> dict[str, Any]:
    found = pa.chunked_array(chunks, pa.string()).value_counts()
    ids, sizes = found.field("values"), found.field("counts").to_numpy()
    several = np.flatnonzero(sizes > 1)
    largest = heapq.nsmallest(LARGEST, ((-int(sizes[at]), ids[at].as_py()) for at in several))
    near = int(sizes[several].sum())
    return {
        "stories": len(sizes),
        "story_sizes": [
            {"from": low, "to": high, "stories": int(((sizes >= low) & (sizes <= (high or np.inf))).sum())}
            for low, high in STORY_SIZES
        ],
        "largest_stories": [{"story_id": story, "articles": -size} for size, story in largest],
        "near_duplicates": {"articles": near, "share": near / articles if articles else None},
    }


def _lengths(words: NDArray[np.int64]) -> dict[str, Any]:
    names = ("min", "q1", "median", "q3", "max")
    values = np.quantile(words, (0, 0.25, 0.5, 0.75, 1)).tolist() if len(words) else [None] * 5
    counts = np.bincount(np.searchsorted(LENGTHS, words, side="right") - 1, minlength=len(LENGTHS)).tolist()
    ends = [*(edge - 1 for edge in LENGTHS[1:]), None]
    return {
        **{name: int(v) if v is not None and v == int(v) else v for name, v in zip(names, values, strict=True)},
        "total": int(words.sum()),
        "histogram": [
            {"from": edge, "to": end, "articles": n} for edge, end, n in zip(LENGTHS, ends, counts, strict=True)
        ],
    }


def _by_count(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
