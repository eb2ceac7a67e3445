"""What a ruling changes of a unit's mentions and relations; the rules are in `goldwire.labels.gold.adjudicated`."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from goldwire.labels import matching
from goldwire.labels.gold import on_page
from goldwire.labels.gold.attributes import asked_about, attributes
from goldwire.labels.gold.relations import Drawn, drawn_as
from goldwire.labels.gold.spans import Left, Spans
from goldwire.labels.interface import AUTHOR
from goldwire.labels.recode import recoded_row
from goldwire.scheme import Scheme

Row = dict[str, Any]
Key = tuple[str, str]

_RULING, _GOLD = "", "\x00"  # no annotator is called so


class Ruled(NamedTuple):
    """Rows of gold_mentions and gold_relations; the marks of annotators that they are; what the ruling took out."""

    mentions: list[Row]
    relations: list[Row]
    marked: frozenset[str | Drawn]
    left: list[Left]


@dataclass(frozen=True)
class _Standing:
    """Mentions that now stand, by id of the ruling's, of the votes' gold and of the annotators' mentions.

    `shown` are the ids of those of the votes' gold that the ruling has too, and the page had; `who` has the
    annotators who marked one.
    """

    rows: list[Row]
    of_ruling: dict[str, str]
    of_gold: dict[str, str]
    of_votes: dict[str, str]
    shown: set[str]
    who: dict[str, frozenset[str]]


def of_unit(
    key: Key,
    scheme: Scheme,
    gold: tuple[Sequence[Row], Sequence[Row]],
    ruling: tuple[Sequence[Row], Sequence[Row]],
    said: Row,
    spans: Spans,
    recodes: Mapping[str, Mapping[str, str]],
) -> Ruled:
    """Return what stands in a unit after a ruling.

    Parameters
    ----------
    gold : pair of sequences of dict
        Mentions and relations as the votes decided.
    ruling : pair of sequences of dict
        The adjudicator's rows of vote_mentions and vote_relations, recoded.
    said : dict
        Adjudicator and reason.
    spans, recodes
        What the annotators marked and linked, and the recoding of the scheme.
    """
    everybody = frozenset(spans.annotators.get(key, ()))
    voted, drawn = (
        [recoded_row(row, recodes) for row in listed.get(key, [])] for listed in (spans.mentions, spans.relations)
    )
    new = {"scheme": key[0], "scheme_hash": scheme.hash, "unit_id": key[1], "decided_by": "adjudicated", **said}
    standing = _mentions(new, scheme, gold[0], ruling[0], voted, everybody)
    relations, linked = _relations(new, scheme, gold[1], ruling[1], drawn, standing)
    left = [Left(key, "mentions") for row in gold[0] if row["mention_id"] not in standing.of_gold]
    left += [Left(key, "relations") for _ in range(_gone(gold[1], relations, standing))]
    return Ruled(standing.rows, relations, frozenset(standing.of_votes) | linked, left)


def _mentions(
    new: Row,
    scheme: Scheme,
    gold: Sequence[Row],
    ruling: Sequence[Row],
    voted: Sequence[Row],
    everybody: frozenset[str],
) -> _Standing:
    said = {
        row["mention_id"]: attributes([row], asked_about(scheme, row["question"], row["label"]))[0] for row in ruling
    }
    pairs = _pairs(scheme, gold, ruling, said)
    paired = {row["mention_id"] for row in pairs.values()}
    stays = [row for row in gold if row["mention_id"] not in paired and not on_page.has_mention(scheme, row)]
    own = {row["mention_id"]: row["mention_id"] for row in stays}
    made = _Standing(list(stays), {AUTHOR: AUTHOR}, {AUTHOR: AUTHOR, **own}, {AUTHOR: AUTHOR}, {AUTHOR}, {})
    made.who[AUTHOR] = everybody
    alike = _alike(ruling, voted)
    given = {row["mention_id"]: row for row in ruling}
    same = {number for number, row in pairs.items() if _same(scheme, row, given[number], said[number])}
    taken = {*own, *(pairs[number]["mention_id"] for number in same)}
    for row in sorted(ruling, key=lambda row: (row["question"], row["label"], row["start"], row["end"])):
        number = row["mention_id"]
        before = pairs.get(number)
        members = alike[number]
        who = frozenset(span.annotator for span in members)
        if before is not None and number in same:
            id_ = before["mention_id"]
            made.rows.append(before)
        else:
            id_ = _free(f"{new['unit_id']}#{row['question']}-{row['start']}-{row['end']}-{row['label']}", taken)
            # what the page could not show, the adjudicator could not keep
            hidden = on_page.attributes_of(scheme, before)[1] if before else {}
            kept = json.dumps({**hidden, **json.loads(said[number])}, ensure_ascii=False, sort_keys=True)
            place = {name: row[name] for name in ("start", "end", "text", "entity")}
            votes = _votes(row, len(who), len(everybody))
            made.rows.append({**new, **votes, "mention_id": id_, **place, "attributes": kept})
        made.of_ruling[number] = id_
        made.who[id_] = who
        made.of_votes.update((span.id, id_) for span in members)
        if before is not None:
            made.of_gold[before["mention_id"]] = id_
            made.shown.update([before["mention_id"]] if on_page.has_mention(scheme, before) else [])
    return made


def _pairs(scheme: Scheme, gold: Sequence[Row], ruling: Sequence[Row], said: Mapping[str, str]) -> dict[str, Row]:
    """Return the mention of the votes' gold that each of the ruling's is, by the ruling's id: the very same first."""
    found: dict[str, Row] = {}
    free = {row["mention_id"]: row for row in gold}
    for row in ruling:
        for id_, before in free.items():
            place = all(before[name] == row[name] for name in ("question", "label", "start", "end"))
            if place and _same(scheme, before, row, said[row["mention_id"]]):
                found[row["mention_id"]] = free.pop(id_)
                break
    rest = [{**row, "annotator": _GOLD} for row in free.values()]
    for number, members in _alike([row for row in ruling if row["mention_id"] not in found], rest).items():
        found.update((number, free[span.id]) for span in members)
    return found


def _same(scheme: Scheme, before: Row, row: Row, said: str) -> bool:
    """Whether a mention of the ruling has the place, the entity and, as far as shown, the attributes of gold's."""
    place = (before["start"], before["end"]) == (row["start"], row["end"])
    shown, hidden = on_page.attributes_of(scheme, before)
    given = json.loads(said)
    return place and (before["entity"] or None) == (row["entity"] or None) and given in (shown, {**hidden, **shown})


def _relations(
    new: Row,
    scheme: Scheme,
    gold: Sequence[Row],
    ruling: Sequence[Row],
    drawn: Sequence[Row],
    standing: _Standing,
) -> tuple[list[Row], frozenset[Drawn]]:
    before = {}
    made: dict[tuple[str, str, str], Row] = {}
    for row in gold:
        if row["from"] not in standing.of_gold or row["to"] not in standing.of_gold:
            continue
        from_, to = standing.of_gold[row["from"]], standing.of_gold[row["to"]]
        moved = {"from": from_, "to": to, "relation_id": _name(new, row["label"], from_, to)}
        link = (from_, to, row["label"])
        before[link] = row if (from_, to) == (row["from"], row["to"]) else {**row, **moved}
        if not ({row["from"], row["to"]} <= standing.shown and on_page.has_relation(scheme, row)):
            made[link] = before[link]
    votes: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in drawn:
        if row["from"] in standing.of_votes and row["to"] in standing.of_votes:
            votes[standing.of_votes[row["from"]], standing.of_votes[row["to"]], row["label"]].append(row)
    linked: set[Drawn] = set()
    for row in ruling:
        if row["from"] not in standing.of_ruling or row["to"] not in standing.of_ruling:
            continue  # a migration retired the label of the mention
        from_, to = standing.of_ruling[row["from"]], standing.of_ruling[row["to"]]
        link = (from_, to, row["label"])
        linked |= {drawn_as(vote) for vote in votes[link]}
        if link in before and json.loads(before[link]["attributes"] or "{}") == json.loads(attributes([row], {})[0]):
            made[link] = before[link]
            continue
        could = standing.who[from_] & standing.who[to]
        gave = {vote["annotator"] for vote in votes[link]} & could
        ends = {"relation_id": _name(new, row["label"], from_, to), "from": from_, "to": to}
        made[link] = {**new, **_votes(row, len(gave), len(could)), **ends, "attributes": row["attributes"]}
    return list(made.values()), frozenset(linked)


def _gone(gold: Sequence[Row], relations: Sequence[Row], standing: _Standing) -> int:
    there = {(row["from"], row["to"], row["label"]) for row in relations}
    of_gold = standing.of_gold
    return sum((of_gold.get(row["from"]), of_gold.get(row["to"]), row["label"]) not in there for row in gold)


def _alike(ruled: Sequence[Row], others: Sequence[Row]) -> dict[str, list[matching.Span]]:
    """Return the spans of others that are the same mention as each of the adjudicator's, by its id."""
    by_label: dict[tuple[str, str], list[matching.Span]] = defaultdict(list)
    for row, who in [*((row, _RULING) for row in ruled), *((row, row["annotator"]) for row in others)]:
        by_label[row["question"], row["label"]].append(
            matching.Span(row["start"], row["end"], row["mention_id"], who)
        )
    found = {}
    for same in by_label.values():
        for members in matching.cluster(same):
            for one in members:
                if one.annotator == _RULING:
                    found[one.id] = [span for span in members if span.annotator != _RULING]
    return found


def _votes(row: Row, votes: int, of: int) -> Row:
    return {
        "question": row["question"],
        "label": row["label"],
        "n_votes": of,
        "tied": 0 < 2 * votes == of,
        "distribution": [{"label": row["label"], "share": votes / of}] if votes else [],
    }


def _name(new: Row, label: str, from_: str, to: str) -> str:
    return f"{new['unit_id']}#{label}-{'-'.join(id_.rpartition('#')[2] for id_ in (from_, to))}"


def _free(name: str, taken: set[str]) -> str:
    """Return the name, or the first of name-2, name-3 ... that is free, and take it."""
    number, id_ = 1, name
    while id_ in taken:
        number += 1
        id_ = f"{name}-{number}"
    taken.add(id_)
    return id_
