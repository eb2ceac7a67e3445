"""Answers as columns: some thousand answers at a time become Arrow arrays, and are let go.

What is the same in every row of an answer (who, when, of which unit) is one row here: `ANSWER`. The rows of the
tables have only what is theirs, in the order of the answers, which say how many of them each has.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from goldwire import tables
from goldwire.labels.fold.results import Answer
from goldwire.labels.fold.typed import Annotation
from goldwire.labels.interface import AUTHOR, RELATION
from goldwire.labels.rounds import VOTE, Round
from goldwire.scheme import Scheme

Batch = Mapping[str, pa.RecordBatch]

TABLES = ("votes", "vote_mentions", "vote_relations")
ANSWER = pa.schema(
    [
        *(field for field in tables.SCHEMAS["votes"] if field.name in ("scheme", "scheme_hash", "unit_id")),
        *(field for field in tables.SCHEMAS["votes"] if field.name not in tables.SCHEMAS["gold"].names),
        ("number", pa.int64()),  # the server's
        ("eligible", pa.bool_()),  # whether it counts when it is the latest
        *((name, pa.int64()) for name in TABLES),  # its rows
    ]
)


class Given(Struct, gc=False):
    """One answer: to which unit, by whom, under which id and with which status, as the server has it and as read.

    `prediction` is what it began from; see `goldwire.labels.predictions.origin`.
    """

    unit_id: str
    annotator: str
    id: str
    status: str
    annotation: Annotation
    answer: Answer
    prediction: str | None = None


def batch(given: Sequence[Given], scheme: Scheme, round_: Round) -> Batch:
    """Return the rows of some answers to one round, by table; `answers` has the columns of `ANSWER`."""
    return {
        "answers": _answers(given, scheme, round_),
        "votes": _votes(given, scheme),
        "vote_mentions": _mentions(given),
        "vote_relations": _relations(given),
    }


def own(table: str) -> pa.Schema:
    """Return the columns of a table that are not those of the answer."""
    return pa.schema([field for field in tables.SCHEMAS[table] if field.name not in ANSWER.names])


def _answers(given: Sequence[Given], scheme: Scheme, round_: Round) -> pa.RecordBatch:
    said = [one.annotation for one in given]
    answers = [one.answer for one in given]
    columns = {
        "scheme": pa.repeat(scheme.name, len(given)),
        "scheme_hash": pa.repeat(scheme.hash, len(given)),
        "unit_id": [one.unit_id for one in given],
        "round": pa.repeat(round_.round, len(given)),
        "annotator": [one.annotator for one in given],
        "annotation_id": [one.id for one in given],
        "status": [one.status for one in given],
        "purpose": pa.repeat(round_.purpose, len(given)),
        "counts": pa.repeat(False, len(given)),
        "ground_truth": [bool(one.ground_truth) for one in said],
        "prediction_id": [one.prediction for one in given],
        "comment": [one.comment for one in answers],
        "created": _times([one.created_at for one in said]),
        "updated": _times([one.updated_at for one in said]),
        "lead_time_s": [one.lead_time for one in said],
        "number": [one.id for one in said],
        "eligible": [one.status == "submitted" and round_.purpose == VOTE for one in given],
        "votes": [max(len(scheme.questions), 1)] * len(given),
        "vote_mentions": [len(one.mentions) for one in answers],
        "vote_relations": [len(one.relations) for one in answers],
    }
    return _recorded(columns, ANSWER)


def _votes(given: Sequence[Given], scheme: Scheme) -> pa.RecordBatch:
    if not scheme.questions:  # who marked nothing answered too, and stands in no other table
        nothing: dict[str, list[object] | pa.Array] = {name: [None] * len(given) for name in own("votes").names}
        return _recorded(nothing, own("votes"))
    asked = [(q.name, q.type == "text", q.type in ("text", "ordinal")) for q in scheme.questions]
    said = [(one.answer.questions[name], text, valued) for one in given for name, text, valued in asked]
    columns = {
        "question": [name for name, _, _ in asked] * len(given),
        "labels": [[] if text else labels for labels, text, _ in said],
        "value": ["\n".join(labels) if labels and valued else None for labels, _, valued in said],
    }
    return _recorded(columns, own("votes"))


def _mentions(given: Sequence[Given]) -> pa.RecordBatch:
    found = [mention for one in given for mention in one.answer.mentions]
    begin = [one.id for one in given for _ in one.answer.mentions]
    columns = {
        "question": [mention.layer for mention in found],
        "mention_id": pc.binary_join_element_wise(
            pa.array(begin, pa.string()), pa.array([mention.id for mention in found], pa.string()), "/"
        ),
        "start": [mention.start for mention in found],
        "end": [mention.end for mention in found],
        "text": [mention.text for mention in found],
        "label": [mention.label for mention in found],
        "entity": [mention.entity for mention in found],
        "attributes": [_json(mention.attributes) if mention.attributes else "{}" for mention in found],
    }
    return _recorded(columns, own("vote_mentions"))


def _relations(given: Sequence[Given]) -> pa.RecordBatch:
    found = [(one.id, link) for one in given for link in one.answer.relations]
    columns = {
        "question": [RELATION] * len(found),
        "relation_id": [f"{begin}/{link.from_}-{link.to}/{link.label}" for begin, link in found],
        "from": [AUTHOR if link.from_ == AUTHOR else f"{begin}/{link.from_}" for begin, link in found],
        "to": [f"{begin}/{link.to}" for begin, link in found],
        "label": [link.label for _, link in found],
        "attributes": ["{}"] * len(found),
    }
    return _recorded(columns, own("vote_relations"))


def _recorded(columns: Mapping[str, list[object] | pa.Array], schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [
            found if isinstance(found := columns[field.name], pa.Array) else pa.array(found, field.type)
            for field in schema
        ],
        schema=schema,
    )


def _json(attributes: Mapping[str, list[str]]) -> str:
    return json.dumps(attributes, ensure_ascii=False, sort_keys=True)


def _times(values: list[str | None]) -> pa.Array:
    try:
        return pa.array(values, pa.string()).cast(tables.TIME)
    except pa.ArrowInvalid:  # such as one without a time zone, or with more digits
        times = (None if text is None else datetime.fromisoformat(text).astimezone(UTC) for text in values)
        return pa.array(times, tables.TIME)
