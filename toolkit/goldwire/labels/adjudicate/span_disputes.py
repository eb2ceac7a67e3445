"""Which mentions and relations are in dispute: those that exactly half of the annotators marked, or too few.

Spans are matched as for gold, see `goldwire.labels.matching`. Relations are looked at where both of their mentions
are in gold: of a link to a mention that half of the annotators marked, the mention is the dispute.
A posterior makes no dispute here, see `goldwire.labels.adjudicate.disputes.check`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from goldwire.labels import matching
from goldwire.labels.adjudicate.disputes import SHARE, TIE, Dispute, Row, Rules, Span, below
from goldwire.labels.interface import AUTHOR, RELATION

Recodes = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Marked:
    """A mention that annotators marked: its place, and who."""

    span: Span
    annotators: frozenset[str]


def of_unit(
    unit: str,
    annotators: frozenset[str],
    mentions: Sequence[Row],
    relations: Sequence[Row],
    rules: Rules,
    recodes: Recodes,
) -> list[Dispute]:
    """Return the disputes about a unit's mentions and relations, in the order of layers and places.

    Parameters
    ----------
    unit : str
    annotators : frozenset of str
        Who submitted the unit.
    mentions, relations : sequence of dict
        Rows of vote_mentions and vote_relations of the unit that count.
    recodes : mapping
        Layer or "relation" -> old label -> new label, as gold has them.
    """
    found = []
    alike: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in mentions:
        alike[row["question"], recodes.get(row["question"], {}).get(row["label"], row["label"])].append(row)
    gold_of: dict[str, Marked] = {}
    for (layer, label), rows in sorted(alike.items()):
        by_id = {row["mention_id"]: row for row in rows}
        spans = [matching.Span(row["start"], row["end"], row["mention_id"], row["annotator"]) for row in rows]
        for members in matching.cluster(spans):
            start, end = matching.boundaries(members)
            text = next(by_id[one.id]["text"] for one in members if (one.start, one.end) == (start, end))
            marked = Marked(Span(start, end, text), frozenset(one.annotator for one in members))
            if 2 * len(marked.annotators) > len(annotators):
                gold_of |= dict.fromkeys((one.id for one in members), marked)
            if rules.asks(layer, unit=False):
                found += _disputes(unit, layer, label, len(members), len(annotators), [marked.span], rules)
    if rules.asks(RELATION, unit=False):
        found += _links(unit, annotators, relations, gold_of, rules, recodes.get(RELATION, {}))
    return found


def _links(
    unit: str,
    annotators: frozenset[str],
    relations: Sequence[Row],
    gold_of: Mapping[str, Marked],
    rules: Rules,
    recode: Mapping[str, str],
) -> list[Dispute]:
    nowhere = Marked(Span(-1, -1, AUTHOR), annotators)
    everybody = {**gold_of, AUTHOR: nowhere}
    drawn: dict[tuple[str, int, int, int, int], set[str]] = defaultdict(set)
    ends: dict[tuple[str, int, int, int, int], tuple[Marked, Marked]] = {}
    for row in relations:
        if row["from"] in everybody and row["to"] in everybody:
            a, b = everybody[row["from"]], everybody[row["to"]]
            key = (recode.get(row["label"], row["label"]), a.span.start, a.span.end, b.span.start, b.span.end)
            drawn[key].add(row["annotator"])
            ends[key] = a, b
    found = []
    for key, who in sorted(drawn.items()):
        a, b = ends[key]
        could = a.annotators & b.annotators
        spans = [end.span for end in (a, b) if end is not nowhere]
        found += _disputes(unit, RELATION, key[0], len(who & could), len(could), spans, rules)
    return found


def _disputes(
    unit: str, question: str, label: str, votes: int, of: int, spans: list[Span], rules: Rules
) -> list[Dispute]:
    said = [{"label": label, "share": votes / of if of else 0.0}]
    why = [TIE] if rules.tie and 2 * votes == of else []
    why += [SHARE] if below(said, of, rules.share, several=True) else []
    return [Dispute(unit, question, rule, of, said, spans=spans) for rule in why]
