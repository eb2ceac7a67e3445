"""Stories: articles that are copies of one text at any length, near-duplicates joined directly or through others.

A story is named after one of its articles. That name lasts: when articles come in, a story that is there keeps its
`story_id`, and when two stories turn out to be one, the smaller name stays. A new story takes its smallest
article_id. So `story_id` depends on the order of imports, what belongs to a story does not.
"""

import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from goldwire.corpus import engine
from goldwire.corpus.compare import Comparing, numbers_of, pairs
from goldwire.errors import GoldwireError
from goldwire.text.neighbours import Joined


@dataclass(frozen=True, order=True)
class Pair:
    """Two near-duplicates by their article_id, a before b; containment and Jaccard from 0 to 1."""

    a: str
    b: str
    containment: float
    jaccard: float


@dataclass(frozen=True)
class Duplicates:
    """How many articles and stories there are, and every pair of near-duplicates, sorted."""

    articles: int
    stories: int
    pairs: list[Pair]

    def as_dict(self) -> dict[str, Any]:
        """Return the value that ``goldwire corpus duplicates --json`` prints."""
        return asdict(self)


def duplicates(articles: pa.Table, comparing: Comparing | None = None) -> Duplicates:
    """Return the near-duplicates among the articles' bodies.

    Parameters
    ----------
    articles : pa.Table
        With `article_id` and `text`; `body_start` is taken for 0 where it is not known.
    comparing : Comparing, optional

    Raises
    ------
    GoldwireError
        When a column is missing, an article_id is missing or stands twice, or body_start is no number.
    UsageError
        When a parameter is out of its range.
    """
    comparing = (comparing or Comparing()).checked()
    bodies = _bodies(articles).sort_by("article_id")
    ids = bodies["article_id"].to_pylist()
    joined = Joined(len(ids))
    found = []
    with tempfile.TemporaryDirectory() as folder:
        batches = numbers_of(engine.start().from_arrow(bodies), comparing)
        positions = {article_id: index for index, article_id in enumerate(ids)}
        for pair in pairs(batches, positions, comparing, Path(folder), every=True):
            joined.join(pair.first, pair.second)
            found.append(Pair(ids[pair.first], ids[pair.second], pair.containment, pair.jaccard))
    return Duplicates(len(ids), len({joined.root(index) for index in range(len(ids))}), sorted(found))


def assign(
    batches: Iterable[pa.RecordBatch],
    ids: Sequence[str],
    before: Sequence[str | None],
    comparing: Comparing,
    folder: Path,
) -> list[str]:
    """Return the `story_id` of every article.

    Parameters
    ----------
    batches : iterable of pa.RecordBatch
        `goldwire.corpus.compare.NUMBERS` of their bodies.
    ids : sequence of str
        The article_id of every article, each once.
    before : sequence of str or None
        The story_id that each has had.
    comparing : Comparing
    folder : Path
        Where what is needed meanwhile may lie.
    """
    joined = Joined(len(ids))
    positions = {article_id: index for index, article_id in enumerate(ids)}
    for pair in pairs(batches, positions, comparing, folder, every=False):
        joined.join(pair.first, pair.second)
    members: dict[int, list[int]] = defaultdict(list)
    for index in range(len(ids)):
        members[joined.root(index)].append(index)
    names = [""] * len(ids)
    for inside in members.values():
        name = _name([ids[index] for index in inside], [before[index] for index in inside])
        for index in inside:
            names[index] = name
    return names


def _name(ids: Sequence[str], before: Sequence[str | None]) -> str:
    """Return an earlier name that is among these articles (no other story can have it), else the smallest id."""
    return min(set(ids) & set(before), default=min(ids))


def _bodies(articles: pa.Table) -> pa.Table:
    missing = [name for name in ("article_id", "text") if name not in articles.column_names]
    if missing:
        raise GoldwireError(f"the articles have no column {', '.join(missing)}")
    if articles["article_id"].null_count:
        raise GoldwireError("an article has no article_id")
    ids = [str(value) for value in articles["article_id"].to_pylist()]
    if twice := next((value for value, count in Counter(ids).items() if count > 1), None):
        raise GoldwireError(f'article_id "{twice}" stands twice')
    texts = ["" if value is None else str(value) for value in articles["text"].to_pylist()]
    starts: list[int] = [0] * len(ids)
    if "body_start" in articles.column_names:
        try:
            starts = [int(value or 0) for value in articles["body_start"].to_pylist()]
        except (TypeError, ValueError):
            raise GoldwireError(
                "body_start is not a number", hint="Leave the column out when it is not known."
            ) from None
    return pa.table({"article_id": ids, "text": texts, "body_start": pa.array(starts, pa.int64())})
