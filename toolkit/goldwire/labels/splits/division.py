"""Splits: units of one story or one group stay together, and a unit that was once put in a split stays there.

Articles that share a story (`articles.story_id`) or a group (`articles.group`) are joined, and so are those that they
share one with: what is so connected is a *component*, and is never divided.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from goldwire import study, tables
from goldwire.errors import GoldwireError
from goldwire.labels.splits.stratify import assign

SPLITS = ("train", "validation", "test")


@dataclass(frozen=True)
class Division:
    """How units were divided.

    Attributes
    ----------
    table : pa.Table
        The table `splits`, one row a unit, by unit_id. `group` names the component (its smallest article_id).
        A unit that was left out has no split.
    left_out : list of str
        Articles that would have joined units of two splits, sorted.
    straddling : list of str
        Components that earlier versions had put in two splits, before new data or new stories connected them.
    kept : int
        Units that have the split of `previous`.
    """

    table: pa.Table
    left_out: list[str]
    straddling: list[str]
    kept: int


def split(
    units: pa.Table,
    articles: pa.Table,
    gold: pa.Table,
    params: study.Splits,
    seed: int,
    previous: pa.Table | None = None,
    version: str = "0.1.0",
) -> Division:
    """Divide units into train, validation and test.

    Parameters
    ----------
    units, articles, gold : pa.Table
        The tables of these names. Every label in `gold` is stratified for; unresolved units count as units only.
    params : study.Splits
        The shares, of units.
    seed : int
        Settles the order of components of equal size.
    previous : pa.Table, optional
        The table `splits` of the version before. A unit that has a split there keeps it.
    version : str
        Of the dataset; `since` of the units that are new.

    Returns
    -------
    Division
        The same for the same rows, in whatever order they come.

    Raises
    ------
    GoldwireError
        When a unit's article is missing, or a component is larger than the largest split and than half of the data.
    """
    article_of = dict(zip(units["unit_id"].to_pylist(), units["article_id"].to_pylist(), strict=True))
    keys = _keys(articles, set(article_of.values()))
    old = _old_splits(previous, article_of)
    own: dict[str, set[str]] = defaultdict(set)
    for unit, kept in old.items():
        own[article_of[unit]].add(kept)

    forest = _connect(keys, own)
    root_of = {article: forest.find(f"article:{article}") for article in keys}
    members: dict[str, list[str]] = defaultdict(list)  # of components that are not in two splits already
    for unit, article in sorted(article_of.items()):
        if article not in forest.left_out and len(forest.splits[root_of[article]]) < 2:
            members[root_of[article]].append(unit)
    placed = {root: next(iter(forest.splits[root])) for root in members if forest.splits[root]}
    free = [listed for root, listed in members.items() if root not in placed]
    _check_sizes(free, article_of, keys, params, sum(map(len, members.values())))
    shares = {name: getattr(params, name) for name in SPLITS if getattr(params, name) > 0}
    placed |= assign(members, placed, _labels(gold), shares, seed)

    since = _since(previous)
    rows = []
    for unit, article in sorted(article_of.items()):
        where = old.get(unit)
        if where is None and own[article]:  # a new unit over an article whose other units have a split
            where = next(iter(own[article])) if len(own[article]) == 1 else None
        elif where is None:
            where = placed.get(root_of[article])
        group = forest.smallest[root_of[article]]
        rows.append({"unit_id": unit, "split": where, "group": group, "since": since.get((unit, where), version)})
    straddling = {forest.smallest[root] for root in root_of.values() if len(forest.splits[root]) > 1}
    return Division(tables.build("splits", rows), sorted(forest.left_out), sorted(straddling), len(old))


@dataclass
class _Forest:
    """Union-find over articles and what they share; each tree knows its splits and its smallest article."""

    parent: dict[str, str] = field(default_factory=dict)
    splits: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    smallest: dict[str, str] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)

    def find(self, node: str) -> str:
        root = node
        while self.parent.setdefault(root, root) != root:
            root = self.parent[root]
        while self.parent[node] != root:
            self.parent[node], node = root, self.parent[node]
        return root

    def join(self, article: str, shared: Sequence[str]) -> None:
        root = self.find(f"article:{article}")
        self.smallest[root] = min(self.smallest.get(root, article), article)
        for key in shared:
            other = self.find(key)
            if other != root:
                self.parent[other] = root
                self.splits[root] |= self.splits.pop(other, set())
                self.smallest[root] = min(self.smallest[root], self.smallest.pop(other, article))


def _connect(keys: Mapping[str, list[str]], own: Mapping[str, set[str]]) -> _Forest:
    """Join old articles, whatever comes of it, then each new one unless it would connect two splits."""
    forest = _Forest()
    old = sorted(article for article in keys if own.get(article))
    for article in old:
        forest.splits[forest.find(f"article:{article}")] |= own[article]
        forest.join(article, keys[article])
    for article in sorted(keys.keys() - set(old)):
        touched: set[str] = set()
        for key in keys[article]:
            touched |= forest.splits[forest.find(key)]
        if len(touched) > 1:
            forest.left_out.add(article)
            forest.join(article, [])
        else:
            forest.join(article, keys[article])
    return forest


def _keys(articles: pa.Table, wanted: set[str]) -> dict[str, list[str]]:
    columns = (articles[name].to_pylist() for name in ("article_id", "story_id", "group"))
    keys = {
        article: [f"{kind}:{value}" for kind, value in (("story", story), ("group", group)) if value is not None]
        for article, story, group in zip(*columns, strict=True)
        if article in wanted
    }
    if missing := sorted(wanted - keys.keys()):
        raise GoldwireError(
            f"{len(missing)} articles have units but are not in the articles: {', '.join(missing[:5])}",
            hint="Import them again with: goldwire corpus import PATH",
        )
    return keys


def _old_splits(previous: pa.Table | None, article_of: Mapping[str, str]) -> dict[str, str]:
    if previous is None:
        return {}
    pairs = zip(previous["unit_id"].to_pylist(), previous["split"].to_pylist(), strict=True)
    return {unit: where for unit, where in pairs if where is not None and unit in article_of}


def _since(previous: pa.Table | None) -> dict[tuple[str, str | None], str]:
    if previous is None:
        return {}
    columns = (previous[name].to_pylist() for name in ("unit_id", "split", "since"))
    return {(unit, where): since for unit, where, since in zip(*columns, strict=True) if since is not None}


def _labels(gold: pa.Table) -> dict[str, list[str]]:
    """Return the gold labels of each unit, named by scheme and question."""
    found: dict[str, list[str]] = defaultdict(list)
    columns = (gold[name].to_pylist() for name in ("unit_id", "scheme", "question", "labels"))
    for unit, scheme, question, labels in zip(*columns, strict=True):
        found[unit] += [f"{scheme}\0{question}\0{label}" for label in labels or []]
    return found


def _check_sizes(
    free: Sequence[Sequence[str]],
    article_of: Mapping[str, str],
    keys: Mapping[str, list[str]],
    params: study.Splits,
    total: int,
) -> None:
    largest = max(params.train, params.validation, params.test)
    for listed in free:
        within = {article_of[unit] for unit in listed}
        if len(within) < 2 or len(listed) <= total * max(largest, 0.5):
            continue
        shared = Counter(key for article in within for key in keys[article])
        kind, _, name = min(shared, key=lambda key: (-shared[key], key)).partition(":")
        raise GoldwireError(
            f'no split is possible: {len(listed)} of {total} units are connected, most of them by {kind} "{name}" '
            f"({len(within)} articles, {min(within)} among them)",
            hint="Label more of other stories, raise stories.containment in params.yaml, or import finer groups.",
        )
