"""Two articles side by side, with what they share marked.

What is shared is what containment counts: words that stand in a shingle of both bodies, wherever in them. The bodies
are aligned by difflib over their shingles, so that passages in the same order stand beside each other.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from goldwire.corpus.batches import batches
from goldwire.errors import GoldwireError, UsageError
from goldwire.text.spans import word_spans

SHOWN = 20_000
"""Words of a body that are shown; the scores are those of the whole body."""

_FREQUENT = 50  # a shingle that stands more often than this is marked and does not align: bounds the time of difflib
_COLUMNS = ("title", "outlet", "published_at", "body_start")

Span = tuple[int, int]


@dataclass(frozen=True)
class Article:
    """An article as it is shown; `date` is that of the publication in UTC."""

    article_id: str
    title: str | None
    outlet: str | None
    date: str | None
    body: str
    body_start: int


@dataclass(frozen=True)
class Side:
    """An article in a comparison: its words, where its body is cut for showing, and the shared passages in the body.

    `passages` are (start, end) in the body, in order; punctuation that touches a passage belongs to it.
    """

    article: Article
    words: int
    shown: int
    passages: list[Span]

    @property
    def is_cut(self) -> bool:
        """Whether there is more of the body than is shown."""
        return self.shown < len(self.article.body)

    def pieces(self, span: Span) -> Iterator[tuple[str, bool]]:
        """Yield a part of the body as texts that are shared as a whole, or not at all."""
        at, end = span
        for start, stop in self.passages:
            low, high = max(start, at), min(stop, end)
            if low < high:
                if at < low:
                    yield self.article.body[at:low], False
                yield self.article.body[low:high], True
                at = high
        if at < end:
            yield self.article.body[at:end], False


@dataclass(frozen=True)
class Comparison:
    """Two articles, what they share (0 to 1), and the rows that stand beside each other: spans of the two bodies."""

    a: Side
    b: Side
    containment: float
    jaccard: float
    shingle: int
    rows: list[tuple[Span, Span]]

    def as_dict(self) -> dict[str, Any]:
        """Return the comparison as JSON can hold it; offsets of passages count in `text` of the articles table."""
        sides = {name: _side_dict(side) for name, side in (("a", self.a), ("b", self.b))}
        return {**sides, "containment": self.containment, "jaccard": self.jaccard}


def load(path: Path, ids: Sequence[str]) -> dict[str, Article]:
    """Read these articles from a table; Parquet is read in parts.

    Raises
    ------
    GoldwireError
        When the file is no table of articles, or has no such article.
    """
    wanted, found = set(ids), {}
    for part in batches(path, ("article_id", "text"), optional=_COLUMNS):
        for at, article_id in enumerate(part["article_id"].to_pylist()):
            if article_id in wanted:
                found[article_id] = _article(part.slice(at, 1).to_pylist()[0])
    if missing := next((article_id for article_id in ids if article_id not in found), None):
        raise GoldwireError(
            f'there is no article "{missing}"',
            where=str(path),
            hint="goldwire corpus duplicates lists the ids of near-duplicates.",
        )
    return found


def compare(first: Article, second: Article, *, shingle: int = 5) -> Comparison:
    """Compare the bodies of two articles.

    Containment and Jaccard are those of `goldwire.corpus.stories.duplicates`: the shingles that both have, divided by
    those of the body that has fewer, and by those of either. A body without a shingle is contained in its equal only.

    Raises
    ------
    UsageError
        When a shingle has no word, or the two are one article.
    """
    if shingle < 1:
        raise UsageError(f"a shingle has at least one word, not {shingle}")
    if first.article_id == second.article_id:
        raise UsageError(f'an article is compared with another one, not "{first.article_id}" with itself')
    bodies = (first.body, second.body)
    spans = [[(int(start), int(end)) for start, end in zip(*word_spans(body), strict=True)] for body in bodies]
    runs = [_runs(body, found, shingle) for body, found in zip(bodies, spans, strict=True)]
    distinct = [set(run) for run in runs]
    both = distinct[0] & distinct[1]
    smaller = min(map(len, distinct))
    equal = float(first.body == second.body)  # where there is no shingle
    sides = []
    for article, found, run in zip((first, second), spans, runs, strict=True):
        shown = _touching(article.body, found, SHOWN - 1)[1] if len(found) > SHOWN else len(article.body)
        if smaller:
            passages = _passages(article.body, found, run, both, shingle)
        else:
            passages = [(0, len(article.body))] if equal else []
        sides.append(Side(article, len(found), shown, passages))
    return Comparison(
        a=sides[0],
        b=sides[1],
        containment=len(both) / smaller if smaller else equal,
        jaccard=len(both) / len(distinct[0] | distinct[1]) if smaller else equal,
        shingle=shingle,
        rows=_rows(sides, spans, runs, both, shingle),
    )


def _article(row: dict[str, Any]) -> Article:
    text, start = row["text"] or "", row["body_start"] or 0
    moment = row["published_at"]
    date = None if moment is None else f"{moment:%Y-%m-%d}"
    return Article(row["article_id"], row["title"], row["outlet"], date, text[start:], start)


def _runs(body: str, spans: Sequence[Span], size: int) -> list[tuple[str, ...]]:
    found = [body[start:end].casefold() for start, end in spans]
    return [tuple(found[at : at + size]) for at in range(len(found) - size + 1)]


def _passages(
    body: str, spans: Sequence[Span], runs: Sequence[tuple[str, ...]], both: set[tuple[str, ...]], size: int
) -> list[Span]:
    """Return the words that shared shingles cover as spans of the body; neighbours are one."""
    words: list[list[int]] = []  # first word, and the one after the last
    for at, run in enumerate(runs):
        if run in both:
            if words and at <= words[-1][1]:
                words[-1][1] = at + size
            else:
                words.append([at, at + size])
    return [(_touching(body, spans, low)[0], _touching(body, spans, high - 1)[1]) for low, high in words]


def _touching(body: str, spans: Sequence[Span], word: int) -> Span:
    """Return the span of a word with the punctuation that touches it; between words that touch, it is the first's."""
    start, end = spans[word]
    before = spans[word - 1][1] if word else 0
    after = spans[word + 1][0] if word + 1 < len(spans) else len(body)
    gap, following = body[before:start], body[end:after]
    if gap and not gap[-1].isspace() and (word == 0 or gap.split()[0] != gap):
        start -= len(gap.rsplit(maxsplit=1)[-1])
    closing = following.split(maxsplit=1)[0] if following[:1].strip() else ""
    return start, end + len(closing)


def _rows(
    sides: Sequence[Side],
    spans: Sequence[Sequence[Span]],
    runs: Sequence[Sequence[tuple[str, ...]]],
    both: set[tuple[str, ...]],
    size: int,
) -> list[tuple[Span, Span]]:
    """Cut what is shown of the two bodies into rows, so that passages in the same order stand beside each other."""
    at = [0, 0]
    rows: list[tuple[Span, Span]] = []

    def until(ends: Sequence[int]) -> None:
        if at[0] < ends[0] or at[1] < ends[1]:
            rows.append(((at[0], ends[0]), (at[1], ends[1])))
            at[:] = ends

    for first, second, length in _aligned(runs, both, size):
        words = (first, second)
        edges = [
            (_touching(side.article.body, found, word)[0], _touching(side.article.body, found, word + length - 1)[1])
            for side, found, word in zip(sides, spans, words, strict=True)
        ]
        if all(end <= side.shown for (_, end), side in zip(edges, sides, strict=True)):
            until([max(start, done) for (start, _), done in zip(edges, at, strict=True)])
            until([end for _, end in edges])
    until([side.shown for side in sides])
    return rows


def _aligned(
    runs: Sequence[Sequence[tuple[str, ...]]], both: set[tuple[str, ...]], size: int
) -> Iterator[tuple[int, int, int]]:
    """Yield passages that both have in the same order: first word in either, and the number of words."""
    shown = [run[:SHOWN] for run in runs]
    counts = [Counter(run) for run in shown]
    usable = {run for run in both if max(count[run] for count in counts) <= _FREQUENT}
    # What is not shared is never equal to anything: its own position, with another sign on either side.
    numbers = {run: number for number, run in enumerate(sorted(usable))}
    coded: list[list[tuple[int, int]]] = [
        [(2, numbers[run]) if run in usable else (side, at) for at, run in enumerate(run_list)]
        for side, run_list in enumerate(shown)
    ]
    done = [0, 0]
    for block in SequenceMatcher(None, coded[0], coded[1], autojunk=False).get_matching_blocks():
        late = max(0, done[0] - block.a, done[1] - block.b)  # a block's last words may be the next one's first
        if late < block.size:
            first, second, length = block.a + late, block.b + late, block.size - late + size - 1
            done = [first + length, second + length]
            yield first, second, length


def _side_dict(side: Side) -> dict[str, Any]:
    article = side.article
    return {
        "article_id": article.article_id,
        "title": article.title,
        "outlet": article.outlet,
        "date": article.date,
        "words": side.words,
        "passages": [[start + article.body_start, end + article.body_start] for start, end in side.passages],
    }
