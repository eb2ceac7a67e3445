"""Studies to divide, as little as tests need."""

from collections import Counter, defaultdict
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from goldwire import tables
from goldwire.labels.splits.division import Division, split
from goldwire.study import Splits

SHARES = Splits(train=0.6, validation=0.15, test=0.25)
Article = tuple[str, str | None, str | None]


def make(articles: list[Article], units: dict[str, str] | None = None) -> tuple[pa.Table, pa.Table]:
    """Return units and articles; without `units`, each article has one unit of two schemes: its document."""
    rows = [{"article_id": a, "story_id": s, "group": g} for a, s, g in articles]
    units = units or {f"{a}/document": a for a, _, _ in articles}
    return (
        tables.build("units", [{"unit_id": unit, "article_id": article} for unit, article in units.items()]),
        tables.build("articles", rows),
    )


def gold(labels: dict[str, str], question: str = "stance") -> pa.Table:
    rows = [{"scheme": "s", "unit_id": u, "question": question, "labels": [label]} for u, label in labels.items()]
    return tables.build("gold", rows)


def run(articles: list[Article], labels: pa.Table | None = None, **more: Any) -> Division:
    units, known = make(articles, more.pop("units", None))
    return split(units, known, labels or gold({}), more.pop("params", SHARES), more.pop("seed", 0), **more)


def where(division: Division) -> dict[str, str | None]:
    return dict(zip(division.table["unit_id"].to_pylist(), division.table["split"].to_pylist(), strict=True))


def column(division: Division, name: str) -> dict[str, Any]:
    return dict(zip(division.table["unit_id"].to_pylist(), division.table[name].to_pylist(), strict=True))


def alone(*names: str) -> list[Article]:
    return [(name, f"story-{name}", None) for name in names]


stories = st.lists(
    st.tuples(st.integers(0, 30), st.one_of(st.none(), st.integers(0, 12)), st.sampled_from("xyz")),
    min_size=1,
    max_size=60,
)


def listed(drawn: list[tuple[int, int | None, str]]) -> tuple[list[Article], pa.Table]:
    articles: list[Article] = [
        (f"a{i:02}", f"s{story}", None if group is None else f"g{group}") for i, (story, group, _) in enumerate(drawn)
    ]
    return articles, gold({f"{a}/document": label for (a, _, _), (_, _, label) in zip(articles, drawn, strict=True)})


def components(articles: list[Article]) -> dict[str, int]:
    """Number the components by repeated merging: slow, and independent of the union-find that is tested."""
    number = {a: i for i, (a, _, _) in enumerate(articles)}
    changed = True
    while changed:
        changed = False
        for at in (1, 2):
            for value in {article[at] for article in articles} - {None}:
                same = [article[0] for article in articles if article[at] == value]
                least = min(number[name] for name in same)
                changed |= any(number[name] != least for name in same)
                number.update(dict.fromkeys(same, least))
    return number


def shared(articles: list[Article], division: Division) -> dict[str, set[str]]:
    """Return the splits that each story and group stands in."""
    found = defaultdict(set)
    placed = where(division)
    for name, story, group in articles:
        for value in (story and f"story {story}", group and f"group {group}"):
            if value and (side := placed[f"{name}/document"]):
                found[value].add(side)
    return found


def largest(articles: list[Article], at: int) -> int:
    """Return how many articles have the most frequent story (1) or group (2)."""
    return max(Counter(article[at] for article in articles if article[at] is not None).values(), default=0)
