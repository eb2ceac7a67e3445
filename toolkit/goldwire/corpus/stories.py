"""Stories: articles that are copies of one text at any length, near-duplicates joined directly or through others.

A story is named after one of its articles. That name lasts: when articles come in, a story that is there keeps its
`story_id`, and when two stories turn out to be one, the smaller name stays. A new story takes its smallest
article_id. So `story_id` depends on the order of imports, what belongs to a story does not.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.text.neighbours import components, neighbours


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


def duplicates(articles: pa.Table, *, containment: float = 0.5, shingle: int = 5) -> Duplicates:
    """Return the near-duplicates among the articles' bodies.

    Parameters
    ----------
    articles : pa.Table
        With `article_id` and `text`; `body_start` is taken for 0 where it is not known.
    containment, shingle
        See `goldwire.text.neighbours.neighbours`.

    Raises
    ------
    GoldwireError
        When a column is missing, an article_id is missing or stands twice, or body_start is no number.
    UsageError
        When a parameter is out of its range.
    """
    ids, bodies = _ids_and_bodies(articles)
    order = sorted(range(len(ids)), key=ids.__getitem__)
    found = neighbours([bodies[index] for index in order], containment=containment, shingle=shingle)
    joined = components(len(ids), ((pair.first, pair.second) for pair in found))
    pairs = [Pair(ids[order[pair.first]], ids[order[pair.second]], pair.containment, pair.jaccard) for pair in found]
    return Duplicates(len(ids), len(set(joined)), pairs)


def assign(articles: pa.Table, *, containment: float = 0.5, shingle: int = 5) -> pa.Table:
    """Return the articles with `story_id` for every one, in the order in which they came.

    Parameters
    ----------
    articles : pa.Table
        The articles table; `story_id` may be null where it is not known yet.
    containment, shingle
        See `goldwire.text.neighbours.neighbours`.

    Raises
    ------
    GoldwireError
        When an article_id stands twice.
    UsageError
        When a parameter is out of its range.
    """
    ids, bodies = _ids_and_bodies(articles)
    found = neighbours(bodies, containment=containment, shingle=shingle)
    joined = components(len(ids), ((pair.first, pair.second) for pair in found))
    members: dict[int, list[int]] = defaultdict(list)
    for index, story in enumerate(joined):
        members[story].append(index)
    before = articles["story_id"].to_pylist()
    names = {story: _name([ids[i] for i in inside], [before[i] for i in inside]) for story, inside in members.items()}
    column = pa.array([names[story] for story in joined], pa.string())
    return articles.set_column(articles.schema.get_field_index("story_id"), articles.schema.field("story_id"), column)


def _name(ids: Sequence[str], before: Sequence[str | None]) -> str:
    """Return an earlier name that is among these articles (no other story can have it), else the smallest id."""
    return min(set(ids) & set(before), default=min(ids))


def _ids_and_bodies(articles: pa.Table) -> tuple[list[str], list[str]]:
    missing = [name for name in ("article_id", "text") if name not in articles.column_names]
    if missing:
        raise GoldwireError(f"the articles have no column {', '.join(missing)}")
    if articles["article_id"].null_count:
        raise GoldwireError("an article has no article_id")
    ids = [str(value) for value in articles["article_id"].to_pylist()]
    if twice := next((value for value, count in Counter(ids).items() if count > 1), None):
        raise GoldwireError(f'article_id "{twice}" stands twice')
    texts = ["" if value is None else str(value) for value in articles["text"].to_pylist()]
    if "body_start" not in articles.column_names:
        return ids, texts
    try:
        starts = [int(value or 0) for value in articles["body_start"].to_pylist()]
    except (TypeError, ValueError):
        raise GoldwireError("body_start is not a number", hint="Leave the column out when it is not known.") from None
    return ids, [text[start:] for text, start in zip(texts, starts, strict=True)]
