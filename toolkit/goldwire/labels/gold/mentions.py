"""From marked spans to gold mentions: which spans are one mention, and what is known of those that are kept."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from goldwire.labels.gold.attributes import asked_about, attributes, most
from goldwire.labels.gold.verdicts import Item, Silence, Verdict
from goldwire.labels.matching import Span, boundaries, cluster
from goldwire.scheme import Scheme

Row = dict[str, Any]


@dataclass(frozen=True)
class Matched:
    """Spans of a unit that are one mention, in one layer and with one label; `rows` are those of the spans."""

    item: Item
    spans: tuple[Span, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Kept:
    """A gold mention with its label and the annotators who marked it."""

    id: str
    label: str
    annotators: frozenset[str]


PLACES = 10
"""Places of a unit where nobody marked a layer, for a model; see `goldwire.labels.gold.verdicts`."""


def silences(scheme: Scheme, annotators: frozenset[str]) -> list[Silence]:
    """Return where the annotators of a unit were silent, in each layer."""
    return [Silence((scheme.name, layer.name), annotators, PLACES) for layer in scheme.mentions]


def matched(rows: Sequence[Row], annotators: frozenset[str]) -> list[Matched]:
    """Match the spans of a unit, by layer and label; `annotators` are all who submitted it."""
    alike: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        alike[row["question"], row["label"]].append(row)
    found = []
    for (layer, _), same in sorted(alike.items()):
        by_id = {row["mention_id"]: row for row in same}
        for members in cluster([Span(r["start"], r["end"], r["mention_id"], r["annotator"]) for r in same]):
            item = Item((same[0]["scheme"], layer), frozenset(span.annotator for span in members), annotators)
            found.append(Matched(item, tuple(members), tuple(by_id[span.id] for span in members)))
    return found


def of_unit(
    found: Sequence[tuple[Matched, Verdict]], schemes: Mapping[str, Scheme]
) -> tuple[list[Row], dict[str, Kept]]:
    """Return the gold mentions of a unit, by place, and the gold mention that each marked span became."""
    rows: list[Row] = []
    gold_of: dict[str, Kept] = {}
    taken: Counter[str] = Counter()
    for mention, verdict in found:
        if not verdict.kept:
            continue
        first = mention.rows[0]
        scheme, layer, label = schemes[first["scheme"]], first["question"], first["label"]
        start, end = boundaries(mention.spans)
        name = f"{first['unit_id']}#{layer}-{start}-{end}-{label}"
        taken[name] += 1
        id_ = name if taken[name] == 1 else f"{name}-{taken[name]}"
        entity, undecided = most([row["entity"] for row in mention.rows if row["entity"]])
        said, tied = attributes(mention.rows, asked_about(scheme, layer, label))
        rows.append(
            {
                **{column: first[column] for column in ("scheme", "unit_id", "question", "label")},
                **verdict.columns(label),
                "scheme_hash": scheme.hash,
                "tied": tied or undecided,
                "mention_id": id_,
                "start": start,
                "end": end,
                "text": next(row["text"] for row in mention.rows if (row["start"], row["end"]) == (start, end)),
                "entity": entity,
                "attributes": said,
            }
        )
        kept = Kept(id_, label, mention.item.marked)
        gold_of |= dict.fromkeys((span.id for span in mention.spans), kept)
    return sorted(rows, key=lambda row: (row["start"], row["end"], row["mention_id"])), gold_of
