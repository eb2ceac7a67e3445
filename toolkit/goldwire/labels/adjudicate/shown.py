"""What an adjudicator is shown: each annotator's answer, and "agreed", which has what is not in dispute.

It is taken once, when a unit comes into the round, and kept in shown.jsonl: gold has the rulings later, and a
prediction from which an answer began must not change.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.files import read_jsonl
from goldwire.labels.adjudicate.disputes import Dispute, Row
from goldwire.labels.adjudicate.reasons import REASON
from goldwire.labels.gold import on_page
from goldwire.labels.interface import COMMENT, RELATION
from goldwire.labels.predictions.results import Item
from goldwire.labels.predictions.tables import Guess, Table, read_guesses
from goldwire.scheme import Scheme
from goldwire.study import Study

AGREED: Final = "agreed"
FILE: Final = "shown.jsonl"

_MENTION = ("mention_id", "start", "end", "text", "label", "entity", "attributes")
_RELATION = ("from", "to", "label")


def of_votes(votes: Iterable[Row], mentions: Iterable[Row], relations: Iterable[Row]) -> list[Row]:
    """Return what each annotator said of each unit, sorted: a record for each.

    Parameters
    ----------
    votes, mentions, relations : iterable of dict
        Rows of votes, vote_mentions and vote_relations that count, of one scheme and of the units that are asked.

    Returns
    -------
    list of dict
        ``{"unit_id", "model": the pseudonym, "answers": {question: labels}, "comment", "mentions", "relations"}``.

    Raises
    ------
    GoldwireError
        When an annotator is called "agreed".
    """
    said: dict[tuple[str, str], Row] = {}

    def record(row: Row) -> Row:
        key = (row["unit_id"], row["annotator"])
        return said.setdefault(key, _record(*key))

    for row in votes:
        found = record(row)
        found["comment"] = row["comment"]
        if given := _given(row):
            found["answers"][row["question"]] = given
    for row in mentions:
        record(row)["mentions"].append({name: row[name] for name in _MENTION})
    for row in relations:
        record(row)["relations"].append({name: row[name] for name in _RELATION})
    if any(who == AGREED for _, who in said):
        raise GoldwireError(
            f'an annotator is called "{AGREED}", which is what the page begins from in an adjudication',
            hint="Give them another pseudonym in labels/annotators.csv, and pull everything again with --full.",
        )
    return [said[key] for key in sorted(said)]


def agreed(
    gold: Iterable[Row],
    mentions: Iterable[Row],
    relations: Iterable[Row],
    disputes: Sequence[Dispute],
    scheme: Scheme,
) -> list[Row]:
    """Return what is not in dispute of each disputed unit, by unit; empty where everything is.

    A tie is in dispute, also where no rule asked for it, or a rule for ties settled it. Of a finding that names no
    question, every question is, and of one that names a layer, all that is marked there. What was decided under a
    recoded name that the page has not is left out; gold keeps it, see `goldwire.labels.gold.adjudicated`.

    Parameters
    ----------
    gold, mentions, relations : iterable of dict
        Rows of gold, gold_mentions and gold_relations of the scheme and the units.
    """
    found = {one.unit_id: _record(one.unit_id, AGREED) for one in disputes}
    questions = {(one.unit_id, one.question) for one in disputes}
    by_name = {question.name: question for question in scheme.questions}
    for row in gold:
        unit, question = row["unit_id"], row["question"]
        given = _given(row)
        asked = (unit, question) in questions or (unit, None) in questions
        open_ = asked or row["tied"] or row["decided_by"] == "unresolved"
        if not open_ and given and (question not in by_name or on_page.has_answer(by_name[question], given)):
            found[unit]["answers"][question] = given
    places = {
        (one.unit_id, one.question, one.distribution[0]["label"], tuple((span.start, span.end) for span in one.spans))
        for one in disputes
        if one.spans
    }
    whole = {(one.unit_id, one.question) for one in disputes if not one.spans}
    at: dict[str, tuple[int, int]] = {}
    for row in mentions:
        place = (row["start"], row["end"])
        known = on_page.has_mention(scheme, row) and (row["unit_id"], row["question"]) not in whole
        if known and (row["unit_id"], row["question"], row["label"], (place,)) not in places:
            at[row["mention_id"]] = place
            found[row["unit_id"]]["mentions"].append(
                {**{name: row[name] for name in _MENTION}, "attributes": _asked(row, scheme)}
            )
    for row in relations:
        ends = [row[end] for end in ("from", "to") if row[end] != "author"]
        spans = tuple(at[end] for end in ends if end in at)
        there = (
            len(spans) == len(ends) and on_page.has_relation(scheme, row) and (row["unit_id"], RELATION) not in whole
        )
        if there and (row["unit_id"], RELATION, row["label"], spans) not in places:
            found[row["unit_id"]]["relations"].append({name: row[name] for name in _RELATION})
    return [found[unit] for unit in sorted(found)]


def read(study: Study, name: str) -> list[Row]:
    """Return the records of a round."""
    return [row for _, row in read_jsonl(study.rounds / name / FILE)]


def guesses(scheme: Scheme, tasks: Sequence[Mapping[str, Any]], records: Sequence[Row]) -> list[Guess]:
    """Return the records as predictions for the page, checked.

    An annotator's comment is shown too. Every unit has an "agreed", be it empty: Label Studio would else start from
    the prediction that came last, which is an annotator's. Records of units without a task, which an interrupted call
    leaves, are left out.
    """
    given: list[Row] = []
    spans: list[Row] = []
    links: list[Row] = []
    asked = {task["data"]["unit_id"] for task in tasks}
    records = [record for record in records if record["unit_id"] in asked]
    for record in records:
        key = {"unit_id": record["unit_id"], "model": record["model"]}
        given += [{**key, "question": name, "labels": labels} for name, labels in record["answers"].items()]
        spans += [{**key, **mention} for mention in record["mentions"]]
        links += [{**key, **relation} for relation in record["relations"]]
    found, _ = read_guesses(scheme, tasks, *(list(_tables(FILE, rows)) for rows in (given, spans, links)))
    by_key = {(guess.unit_id, guess.model): guess for guess in found}
    for record in records:
        key_of = (record["unit_id"], record["model"])
        if record["comment"] or record["model"] == AGREED:
            by_key.setdefault(key_of, Guess(*key_of, [], None))
        if record["comment"]:
            by_key[key_of].result.append(_comment(record["comment"]))
    # the page shows the latest first: so the annotators stand in order, and "agreed" behind them
    return [by_key[key] for key in sorted(by_key, key=lambda key: (key[1] == AGREED, key), reverse=True)]


def _tables(name: str, rows: list[Row]) -> Iterator[Table]:
    if rows:
        yield Table(name, pa.Table.from_pylist(rows))


def _record(unit: str, model: str) -> Row:
    return {"unit_id": unit, "model": model, "answers": {}, "comment": None, "mentions": [], "relations": []}


def _given(row: Row) -> list[str]:
    """Return the labels, or the text, of a row of votes or gold."""
    if row["question"] == REASON:
        return []
    return row["labels"] or ([row["value"]] if row["value"] else [])


def _asked(row: Row, scheme: Scheme) -> str | None:
    """Return a gold mention's attributes; none where a recoding gave them names that the page has not."""
    return json.dumps(on_page.attributes_of(scheme, row)[0], ensure_ascii=False, sort_keys=True)


def _comment(text: str) -> Item:
    value = {"text": [text]}
    return {"id": f"q-{COMMENT}", "from_name": COMMENT, "to_name": "text", "type": "textarea", "value": value}
