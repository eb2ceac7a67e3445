"""Rulings outrank votes: of a unit that an adjudicator answered, gold has the adjudicator's answer.

- A question has the ruling's labels or value, and keeps what the votes said: n_votes, tied, distribution, posterior.
  A ruling of an "unsure" label leaves it unresolved, and so does none where the question takes one label; an empty
  answer to a question that takes several and may be empty decides "none of them". A question that must be asked again
  under a new version of the scheme keeps what the votes decided.
- Mentions and relations are the adjudicator's own, all of them. `n_votes` is how many annotators submitted the unit
  (of a relation: marked both mentions), `distribution` the share of them who marked the same span with the same label
  (drew the same relation), empty where nobody did, and `tied` whether they were half. Which spans are the same,
  `goldwire.labels.matching` says.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pyarrow as pa

from goldwire.labels import matching
from goldwire.labels.adjudicate.reasons import REASON
from goldwire.labels.ballots import Recode
from goldwire.labels.gold.attributes import asked_about, attributes
from goldwire.labels.gold.spans import Spans
from goldwire.labels.interface import AUTHOR
from goldwire.labels.recode import recoded_row
from goldwire.scheme import Question, Scheme

Row = dict[str, Any]
Key = tuple[str, str]

_RULING = ""  # no annotator is called so


class Outranked(NamedTuple):
    """Rows of gold, gold_mentions and gold_relations."""

    rows: list[Row]
    mentions: list[Row]
    relations: list[Row]


@dataclass(frozen=True)
class _Ruling:
    """What was ruled of one unit."""

    adjudicator: str
    reason: str | None
    answers: dict[str, Row]
    mentions: list[Row]
    relations: list[Row]

    @property
    def said(self) -> Row:
        return {"adjudicator": self.adjudicator, "reason": self.reason}


def outrank(
    rows: Sequence[Row],
    mentions: Sequence[Row],
    relations: Sequence[Row],
    ruled: pa.Table,
    ruled_mentions: pa.Table,
    ruled_relations: pa.Table,
    schemes: Mapping[str, Scheme],
    recode: Recode,
    spans: Spans,
) -> Outranked:
    """Put rulings in the place of what the votes decided.

    Parameters
    ----------
    rows, mentions, relations : sequence of dict
        Of gold, gold_mentions and gold_relations, as the votes decided.
    ruled, ruled_mentions, ruled_relations : pa.Table
        Rows of votes, vote_mentions and vote_relations that are rulings; see `goldwire.labels.gold.rulings`.
    schemes : mapping
        Every scheme of the rulings, by name.
    recode : mapping
        As for votes; see `goldwire.labels.gold.merge.gold`.
    spans : Spans
        What the annotators marked and linked.

    Returns
    -------
    Outranked
        Sorted as they came. `decided_by` is "adjudicated", or "unresolved" where the ruling was unsure; `reason` is
        the reason's code, a colon and the adjudicator's comment, as far as they were given.
    """
    given = _rulings(ruled, ruled_mentions, ruled_relations, recode)
    if not given:
        return Outranked([*rows], [*mentions], [*relations])
    before: dict[Key, dict[str, Row]] = defaultdict(dict)
    for row in rows:
        before[row["scheme"], row["unit_id"]][row["question"]] = row
    made = [row for row in rows if (row["scheme"], row["unit_id"]) not in given]
    marked, linked = (
        [row for row in listed if (row["scheme"], row["unit_id"]) not in given] for listed in (mentions, relations)
    )
    for key, ruling in given.items():
        scheme = schemes[key[0]]
        recodes = recode.get(scheme.name, {})
        made += _answers(key, ruling, before[key], scheme, recodes)
        found, drawn = _spans(key, ruling, scheme, spans, recodes)
        marked += found
        linked += drawn
    order = {(name, q.name): i for name, scheme in schemes.items() for i, q in enumerate(scheme.questions)}
    made.sort(key=lambda row: (row["scheme"], row["unit_id"], order[row["scheme"], row["question"]]))
    marked.sort(key=lambda row: tuple(row[name] for name in ("scheme", "unit_id", "start", "end", "mention_id")))
    linked.sort(key=lambda row: tuple(row[name] for name in ("scheme", "unit_id", "question", "from", "to", "label")))
    return Outranked(made, marked, linked)


def reason_of(rows: Sequence[Row]) -> tuple[str | None, str | None]:
    """Return the code of the reason and the comment of a ruling, by its rows of votes."""
    codes = [label for row in rows if row["question"] == REASON for label in row["labels"] or []]
    return next(iter(codes), None), next((row["comment"] for row in rows if row["comment"]), None)


def _rulings(ruled: pa.Table, mentions: pa.Table, relations: pa.Table, recode: Recode) -> dict[Key, _Ruling]:
    rows: dict[Key, list[Row]] = defaultdict(list)
    for row in ruled.to_pylist():
        rows[row["scheme"], row["unit_id"]].append(row)
    marked: dict[Key, list[Row]] = defaultdict(list)
    linked: dict[Key, list[Row]] = defaultdict(list)
    for table, by_unit in ((mentions, marked), (relations, linked)):
        for row in table.to_pylist():
            by_unit[row["scheme"], row["unit_id"]].append(recoded_row(row, recode.get(row["scheme"], {})))
    return {
        key: _Ruling(
            said[0]["annotator"],
            ": ".join(part for part in reason_of(said) if part) or None,
            {row["question"]: row for row in said if row["question"] != REASON},
            marked[key],
            linked[key],
        )
        for key, said in sorted(rows.items())
    }


def _answers(
    key: Key, ruling: _Ruling, before: Mapping[str, Row], scheme: Scheme, recodes: Mapping[str, Mapping[str, str]]
) -> list[Row]:
    found = []
    for question in scheme.questions:
        row, answer = before.get(question.name), ruling.answers.get(question.name)
        if answer is None or (answer["labels"] is None and answer["value"] is None):
            found += [row] if row else []
            continue
        sure, unsure = _sure(question, answer, recodes.get(question.name, {}))
        several = question.type in ("multiple", "tree")
        none_of_them = several and not question.required and not unsure
        if row is None and not sure and not unsure and not question.required:
            continue
        base = row or {
            "scheme": key[0],
            "scheme_hash": scheme.hash,
            "unit_id": key[1],
            "question": question.name,
            "n_votes": 0,
            "tied": False,
            "distribution": [],
        }
        found.append(
            {
                **base,
                "labels": [] if question.type == "text" else sure,
                "value": sure[0] if question.type in ("text", "ordinal") and sure else None,
                "decided_by": "adjudicated" if sure or none_of_them else "unresolved",
                **ruling.said,
            }
        )
    return found


def _sure(question: Question, answer: Row, recode: Mapping[str, str]) -> tuple[list[str], bool]:
    """Return the labels, or the text, of an answer, recoded and in the scheme's order; and whether it was unsure."""
    if question.type == "text":
        return ([recode.get(answer["value"], answer["value"])] if answer["value"] else []), False
    abstains = {label.name for label in question.labels if label.role == "unsure"}
    labels = {recode.get(label, label) for label in answer["labels"] or []}
    order = list(dict.fromkeys(recode.get(label, label) for label in question.label_names()))
    return [label for label in order if label in labels - abstains], bool(labels) and labels <= abstains


def _spans(
    key: Key, ruling: _Ruling, scheme: Scheme, spans: Spans, recodes: Mapping[str, Mapping[str, str]]
) -> tuple[list[Row], list[Row]]:
    everybody = frozenset(spans.annotators.get(key, ()))
    voted = [recoded_row(row, recodes) for row in spans.mentions.get(key, [])]
    drawn = [recoded_row(row, recodes) for row in spans.relations.get(key, [])]
    alike = _alike(ruling.mentions, voted)
    taken: Counter[str] = Counter()
    ids: dict[str, str] = {AUTHOR: AUTHOR}
    became: dict[str, str] = {AUTHOR: AUTHOR}  # of a vote's mention: the ruling's
    who: dict[str, frozenset[str]] = {AUTHOR: everybody}
    mentions = []
    for row in sorted(ruling.mentions, key=lambda row: (row["question"], row["label"], row["start"], row["end"])):
        name = f"{key[1]}#{row['question']}-{row['start']}-{row['end']}-{row['label']}"
        taken[name] += 1
        id_ = name if taken[name] == 1 else f"{name}-{taken[name]}"
        ids[row["mention_id"]] = id_
        same = alike.get(row["mention_id"], [])
        became |= {span.id: id_ for span in same}
        who[id_] = frozenset(span.annotator for span in same)
        said, _ = attributes([row], asked_about(scheme, row["question"], row["label"]))
        kept = {**{name: row[name] for name in ("start", "end", "text", "entity")}, "attributes": said}
        mentions.append(
            {**_decided(key, row, ruling, scheme, len(who[id_]), len(everybody)), "mention_id": id_, **kept}
        )
    votes: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in drawn:
        if row["from"] in became and row["to"] in became:
            votes[became[row["from"]], became[row["to"]], row["label"]].add(row["annotator"])
    relations: dict[str, Row] = {}
    for row in ruling.relations:
        if row["from"] not in ids or row["to"] not in ids:
            continue  # a migration retired the label of the mention
        from_, to = ids[row["from"]], ids[row["to"]]
        could = who[from_] & who[to]
        ends = "-".join(id_.rpartition("#")[2] for id_ in (from_, to))
        name = f"{key[1]}#{row['label']}-{ends}"
        gave = len(votes[from_, to, row["label"]] & could)
        decided = _decided(key, row, ruling, scheme, gave, len(could))
        relations[name] = {**decided, "relation_id": name, "from": from_, "to": to, "attributes": row["attributes"]}
    return mentions, list(relations.values())


def _alike(ruled: Sequence[Row], voted: Sequence[Row]) -> dict[str, list[matching.Span]]:
    """Return the annotators' spans that are the same mention as each of the adjudicator's, by its id."""
    by_label: dict[tuple[str, str], list[matching.Span]] = defaultdict(list)
    for row, who in [*((row, _RULING) for row in ruled), *((row, row["annotator"]) for row in voted)]:
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


def _decided(key: Key, row: Row, ruling: _Ruling, scheme: Scheme, votes: int, of: int) -> Row:
    return {
        "scheme": key[0],
        "scheme_hash": scheme.hash,
        "unit_id": key[1],
        "question": row["question"],
        "label": row["label"],
        "decided_by": "adjudicated",
        "n_votes": of,
        "tied": 0 < 2 * votes == of,
        "distribution": [{"label": row["label"], "share": votes / of}] if votes else [],
        **ruling.said,
    }
