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
from goldwire.labels.gold.verdicts import count_left_out, judge
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
class Merged:
    """Rows of gold_mentions and of gold_relations, sorted; how many were left out; how models came to theirs."""

    mentions: list[Row]
    relations: list[Row]
    left_out: dict[str, int]
    fits: list[Fit]


def merge(
    spans: Spans, schemes: Mapping[str, Scheme], recode: Recode, method: Method = "majority", seed: int = 0
) -> Merged:
    """Match what annotators marked, and keep what the majority or a model keeps."""
    keys = sorted(spans.mentions.keys() | spans.relations.keys())
    left_out: Counter[str] = Counter()
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
    left_out += count_left_out(verdicts, "mentions")
    judged = defaultdict(list)
    for (key, mention), verdict in zip(marked, verdicts, strict=True):
        judged[key].append((mention, verdict))
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
        left_out["relations"] += lost
    verdicts, more = judge([link.item for _, link in drawn], silent, method, seed)
    left_out += count_left_out(verdicts, "relations")
    gold_relations = relations.of_unit(
        [(link, verdict) for (_, link), verdict in zip(drawn, verdicts, strict=True)], schemes
    )
    names = ("mentions", "mentions_tied", "relations", "relations_tied")
    return Merged(gold_mentions, gold_relations, {name: left_out[name] for name in names}, fits + more)


def _by_unit(table: pa.Table) -> dict[Key, list[Row]]:
    grouped: dict[Key, list[Row]] = defaultdict(list)
    rows: Iterable[Row] = table.to_pylist()
    for row in rows:
        grouped[row["scheme"], row["unit_id"]].append(row)
    return dict(grouped)
