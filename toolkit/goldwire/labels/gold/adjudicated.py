"""Rulings outrank votes where they differ: a ruling changes what it says otherwise, and leaves the rest to the votes.

- A question that the votes decided keeps their row where the ruling says the same (recoded; of a tree the deepest
  paths), or where it is left empty; but one that takes several labels and may be empty, and that the page could show,
  is emptied: none of them. A tie, also one that a rule for ties settled, and what is unresolved is decided by any
  ruling. An adjudicated row has the ruling's labels or value, and keeps what the votes said: n_votes, tied,
  distribution, posterior. A ruling of an "unsure" label leaves it unresolved, and so does none where the votes
  decided nothing and the question takes one label. A question that must be asked again under a new version of the
  scheme keeps what the votes decided.
- A mention that the votes decided keeps their row, and its id, where the ruling has it too: same layer, label, start,
  end, entity and attributes. It goes where the ruling lacks it. What only the ruling has, or has at another place or
  with another entity or attributes, is adjudicated. Relations likewise, their ends being the mentions that now stand.
- What the page could not show, because a recoding gave it a name that is not in the scheme, an adjudicator could
  neither confirm nor take out: such a mention, attribute or relation, and a relation to such a mention, stays as the
  votes had it unless the ruling has it in other words.
- Of an adjudicated mention `n_votes` is how many annotators submitted the unit (of a relation: marked both mentions),
  `distribution` the share of them who marked the same span with the same label (drew the same relation), empty where
  nobody did, and `tied` whether they were half. Which spans are the same, `goldwire.labels.matching` says.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pyarrow as pa

from goldwire.labels.adjudicate.reasons import REASON
from goldwire.labels.ballots import Recode
from goldwire.labels.gold import on_page, ruled_spans
from goldwire.labels.gold.relations import Drawn
from goldwire.labels.gold.spans import Left, Merged, Spans
from goldwire.labels.recode import recoded_row
from goldwire.labels.tally import deepest
from goldwire.scheme import Question, Scheme

Row = dict[str, Any]
Key = tuple[str, str]


class Outranked(NamedTuple):
    """Rows of gold, gold_mentions and gold_relations, and what was left out of the latter two."""

    rows: list[Row]
    mentions: list[Row]
    relations: list[Row]
    left: list[Left]


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
    merged: Merged,
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
    rows : sequence of dict
        Of gold, as the votes decided.
    merged : Merged
        Mentions and relations, as the votes decided.
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
        Sorted as they came. `left` has what the votes left out and no adjudicator ruled in, and what was ruled out.
        Of a ruling that changes something, `decided_by` is "adjudicated", or "unresolved" where the ruling was
        unsure; `reason` is the reason's code, a colon and the adjudicator's comment, as far as they were given.
    """
    given = _rulings(ruled, ruled_mentions, ruled_relations, recode)
    if not given:
        return Outranked([*rows], [*merged.mentions], [*merged.relations], [*merged.left])
    before: dict[Key, dict[str, Row]] = defaultdict(dict)
    for row in rows:
        before[row["scheme"], row["unit_id"]][row["question"]] = row
    marked_of, linked_of = (_by_unit(listed) for listed in (merged.mentions, merged.relations))
    made = [row for row in rows if (row["scheme"], row["unit_id"]) not in given]
    marked, linked = (
        [row for row in listed if (row["scheme"], row["unit_id"]) not in given]
        for listed in (merged.mentions, merged.relations)
    )
    ruled_in: dict[Key, frozenset[str | Drawn]] = {}
    ruled_out: list[Left] = []
    for key, ruling in given.items():
        scheme = schemes[key[0]]
        recodes = recode.get(scheme.name, {})
        made += _answers(key, ruling, before[key], scheme, recodes)
        decided = marked_of.get(key, []), linked_of.get(key, [])
        found = ruled_spans.of_unit(
            key, scheme, decided, (ruling.mentions, ruling.relations), ruling.said, spans, recodes
        )
        marked += found.mentions
        linked += found.relations
        ruled_in[key] = found.marked
        ruled_out += found.left
    left = [one for one in merged.left if one.marked.isdisjoint(ruled_in.get(one.key, ()))] + ruled_out
    order = {(name, q.name): i for name, scheme in schemes.items() for i, q in enumerate(scheme.questions)}
    made.sort(key=lambda row: (row["scheme"], row["unit_id"], order[row["scheme"], row["question"]]))
    marked.sort(key=lambda row: tuple(row[name] for name in ("scheme", "unit_id", "start", "end", "mention_id")))
    linked.sort(key=lambda row: tuple(row[name] for name in ("scheme", "unit_id", "question", "from", "to", "label")))
    return Outranked(made, marked, linked, left)


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


def _by_unit(rows: Sequence[Row]) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["scheme"], row["unit_id"]].append(row)
    return found


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
        if row and _stands(question, row, sure, unsure):
            found.append(row)
            continue
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


def _stands(question: Question, row: Row, sure: list[str], unsure: bool) -> bool:
    """Whether a row of the votes stands: they decided it, and the ruling says the same or was left empty."""
    if row["tied"] or row["decided_by"] == "unresolved" or unsure:
        return False
    decided = [row["value"]] if question.type == "text" and row["value"] else row["labels"]
    none_of_them = question.type in ("multiple", "tree") and not question.required
    if not sure and not (none_of_them and on_page.has_answer(question, decided)):
        return True
    return set(sure) == set(decided)


def _sure(question: Question, answer: Row, recode: Mapping[str, str]) -> tuple[list[str], bool]:
    """Return the labels, or the text, of an answer, recoded and in the scheme's order; and whether it was unsure."""
    if question.type == "text":
        return ([recode.get(answer["value"], answer["value"])] if answer["value"] else []), False
    abstains = {label.name for label in question.labels if label.role == "unsure"}
    labels = {recode.get(label, label) for label in answer["labels"] or []}
    order = list(dict.fromkeys(recode.get(label, label) for label in question.label_names()))
    sure = [label for label in order if label in labels - abstains]
    return deepest(sure) if question.type == "tree" else sure, bool(labels) and labels <= abstains
