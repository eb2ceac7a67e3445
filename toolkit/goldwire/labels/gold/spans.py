"""From marked spans and links to gold mentions and relations.

- A mention is in gold when more than half of the annotators who submitted the unit marked it, with the same label
  in the same layer; or when Dawid-Skene says so. `matching` says which spans are the same mention.
- A relation is in gold when more than half of the annotators who marked both of its mentions drew it; or when
  Dawid-Skene says so.
- An attribute that takes several labels: each label that more than half of the mention's annotators gave. Any
  other attribute, and the entity: what most of those gave who gave one; a tie leaves it out and is flagged.

Exactly half is a tie, and is left out under every rule for ties. By majority, the answers of a single annotator
stand as they are.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import pyarrow as pa

from goldwire.labels.ballots import Recode
from goldwire.labels.estimate import Fit, Method
from goldwire.labels.gold import mentions, relations
from goldwire.labels.gold.relations import Drawn
from goldwire.labels.gold.verdicts import judge
from goldwire.labels.recode import recoded_row
from goldwire.scheme import Scheme

Row = dict[str, Any]
Key = tuple[str, str]


@dataclass(frozen=True)
class Spans:
    """What annotators marked, by (scheme, unit). `annotators` are all who submitted the unit."""

    annotators: dict[Key, frozenset[str]]
    mentions: dict[Key, list[Row]]
    relations: dict[Key, list[Row]]

    @classmethod
    def of_tables(cls, votes: pa.Table, mentions: pa.Table, relations: pa.Table) -> Self:
        """Group the rows of tables that hold only rows that count."""
        who: dict[Key, set[str]] = defaultdict(set)
        for row in votes.select(["scheme", "unit_id", "annotator"]).to_pylist():
            who[row["scheme"], row["unit_id"]].add(row["annotator"])
        marked, linked = (_by_unit(table) for table in (mentions, relations))
        for key, rows in marked.items():
            who[key] |= {row["annotator"] for row in rows}
        return cls({key: frozenset(names) for key, names in who.items()}, marked, linked)


@dataclass(frozen=True)
class Left:
    """A mention or a relation that is not in gold.

    `kind` is "mentions" or "relations"; `marked` are the annotators' spans of it, by mention_id, or their links, see
    `goldwire.labels.gold.relations.drawn_as`.
    """

    key: Key
    kind: str
    tied: bool = False
    marked: frozenset[str | Drawn] = frozenset()


@dataclass(frozen=True)
class Merged:
    """Rows of gold_mentions and of gold_relations, sorted; what was left out; how models came to theirs."""

    mentions: list[Row]
    relations: list[Row]
    left: list[Left]
    fits: list[Fit]


def count_left(left: Iterable[Left]) -> dict[str, int]:
    """Return how many there are: ``{"mentions", "mentions_tied", "relations", "relations_tied"}``."""
    found: Counter[str] = Counter()
    for one in left:
        found[one.kind] += 1
        found[f"{one.kind}_tied"] += one.tied
    return {name: found[name] for name in ("mentions", "mentions_tied", "relations", "relations_tied")}


def merge(
    spans: Spans, schemes: Mapping[str, Scheme], recode: Recode, method: Method = "majority", seed: int = 0
) -> Merged:
    """Match what annotators marked, and keep what the majority or a model keeps."""
    keys = sorted(spans.mentions.keys() | spans.relations.keys())
    left: list[Left] = []
    marked = [
        (key, mention)
        for key in keys
        for mention in mentions.matched(
            [recoded_row(row, recode.get(key[0], {})) for row in spans.mentions.get(key, [])], spans.annotators[key]
        )
    ]
    silent = [
        one
        for key, who in sorted(spans.annotators.items())
        if key[0] in schemes
        for one in mentions.silences(schemes[key[0]], who)
    ]
    verdicts, fits = judge([mention.item for _, mention in marked], silent, method, seed)
    judged = defaultdict(list)
    for (key, mention), verdict in zip(marked, verdicts, strict=True):
        judged[key].append((mention, verdict))
        if not verdict.kept:
            left.append(Left(key, "mentions", verdict.tied, frozenset(span.id for span in mention.spans)))
    gold_mentions: list[Row] = []
    drawn = []
    silent = []
    for key in keys:
        rows, gold_of = mentions.of_unit(judged[key], schemes)
        gold_mentions += rows
        linked = [recoded_row(row, recode.get(key[0], {})) for row in spans.relations.get(key, [])]
        found, lost = relations.links(linked, gold_of, spans.annotators[key])
        drawn += [(key, link) for link in found]
        silent += relations.silences(found, gold_of, spans.annotators[key], schemes[key[0]])
        left += [Left(key, "relations", marked=frozenset([relations.drawn_as(row)])) for row in lost]
    verdicts, more = judge([link.item for _, link in drawn], silent, method, seed)
    left += [
        Left(key, "relations", verdict.tied, frozenset(relations.drawn_as(row) for row in link.rows))
        for (key, link), verdict in zip(drawn, verdicts, strict=True)
        if not verdict.kept
    ]
    gold_relations = relations.of_unit(
        [(link, verdict) for (_, link), verdict in zip(drawn, verdicts, strict=True)], schemes
    )
    return Merged(gold_mentions, gold_relations, left, fits + more)


def _by_unit(table: pa.Table) -> dict[Key, list[Row]]:
    grouped: dict[Key, list[Row]] = defaultdict(list)
    rows: Iterable[Row] = table.to_pylist()
    for row in rows:
        grouped[row["scheme"], row["unit_id"]].append(row)
    return dict(grouped)
