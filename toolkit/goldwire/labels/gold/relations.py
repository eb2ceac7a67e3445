"""From drawn links to gold relations: those between gold mentions, judged by who marked both ends."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from goldwire.labels.gold.attributes import attributes
from goldwire.labels.gold.mentions import Kept
from goldwire.labels.gold.verdicts import Item, Silence, Verdict
from goldwire.labels.interface import AUTHOR, RELATION
from goldwire.scheme import Scheme

Row = dict[str, Any]
Drawn = tuple[str, str, str, str]
"""A link as an annotator drew it: who, from, to (of vote_mentions), label."""


@dataclass(frozen=True)
class Link:
    """A relation of one label between two gold mentions (or from the author), as some annotators drew it."""

    item: Item
    start: str
    end: str
    rows: tuple[Row, ...]


def drawn_as(row: Row) -> Drawn:
    """Return what tells a row of vote_relations from others of its unit."""
    return row["annotator"], row["from"], row["to"], row["label"]


def links(
    rows: Sequence[Row], gold_of: Mapping[str, Kept], annotators: frozenset[str]
) -> tuple[list[Link], list[Row]]:
    """Return the links of a unit between gold mentions, and the rows that went to a mention that is not in gold.

    Whoever drew a link twice drew it once.
    """
    everybody = {**gold_of, AUTHOR: Kept(AUTHOR, AUTHOR, annotators)}
    drawn: dict[tuple[str, str, str, str], dict[str, Row]] = defaultdict(dict)
    could: dict[tuple[str, str, str, str], frozenset[str]] = {}
    lost = []
    for row in sorted(rows, key=lambda row: str(row["relation_id"])):
        if row["from"] not in everybody or row["to"] not in everybody:
            lost.append(row)
            continue
        start, end = everybody[row["from"]], everybody[row["to"]]
        link = (row["question"], start.id, end.id, row["label"])
        drawn[link].setdefault(row["annotator"], row)
        could[link] = start.annotators & end.annotators
    return [
        Link(
            Item((rows[0]["scheme"], link[0]), frozenset(by_annotator), could[link]),
            link[1],
            link[2],
            tuple(row for _, row in sorted(by_annotator.items())),
        )
        for link, by_annotator in sorted(drawn.items())
    ], lost


def silences(
    found: Sequence[Link], gold_of: Mapping[str, Kept], annotators: frozenset[str], scheme: Scheme
) -> list[Silence]:
    """Return the links of a unit that the scheme allows between gold mentions, and that nobody drew."""
    ends = [*{kept.id: kept for kept in gold_of.values()}.values(), Kept(AUTHOR, AUTHOR, annotators)]
    drawn = {(link.start, link.end, str(link.rows[0]["label"])) for link in found}
    counts: Counter[frozenset[str]] = Counter()
    for relation in scheme.relations:
        starts = [kept for kept in ends if kept.label in relation.from_]
        for start, end in product(starts, (kept for kept in ends if kept.label in relation.to)):
            could = start.annotators & end.annotators
            if start.id != end.id and could and (start.id, end.id, relation.name) not in drawn:
                counts[could] += 1
    return [Silence((scheme.name, RELATION), could, n) for could, n in counts.items()]


def of_unit(found: Sequence[tuple[Link, Verdict]], schemes: Mapping[str, Scheme]) -> list[Row]:
    """Return the gold relations of a unit."""
    made = []
    for link, verdict in found:
        if not verdict.kept:
            continue
        first = link.rows[0]
        said, tied = attributes(link.rows, {})
        ends = "-".join(id_.rpartition("#")[2] for id_ in (link.start, link.end))
        made.append(
            {
                **{column: first[column] for column in ("scheme", "unit_id", "question", "label")},
                **verdict.columns(first["label"]),
                "scheme_hash": schemes[first["scheme"]].hash,
                "tied": tied,
                "relation_id": f"{first['unit_id']}#{first['label']}-{ends}",
                "from": link.start,
                "to": link.end,
                "attributes": said,
            }
        )
    return made
