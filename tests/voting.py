"""A scheme with a question of every type, votes on it, and what was decided: for the tests of gold."""

import json

from goldwire import tables
from goldwire.labels.gold.merge import gold
from goldwire.scheme import Scheme


def label(name, role="answer", **more):
    return {"name": name, "definition": "as it says", "role": role, **more}


SCHEME = Scheme.model_validate(
    {
        "name": "little",
        "version": "1.0.0",
        "title": "Little",
        "description": "For tests.",
        "unit": "document",
        "questions": [
            {"name": "stance", "text": "?", "labels": [label("for"), label("against"), label("unsure", "unsure")]},
            {"name": "topics", "text": "?", "type": "multiple", "required": False,
             "labels": [label("a"), label("b")]},
            {"name": "kind", "text": "?", "type": "tree", "required": False,
             "labels": [label("A", children=[label("x"), label("y")]), label("B")]},
            {"name": "size", "text": "?", "type": "ordinal", "required": False,
             "labels": [label("small"), label("big")]},
            {"name": "note", "text": "?", "type": "text", "required": False},
        ],
        "mentions": [
            {"name": "trigger", "text": "?", "kind": "event", "labels": [label("VISIT"), label("FIGHT")],
             "attributes": [
                 {"name": "mode", "text": "?", "applies_to": ["VISIT"], "required": False,
                  "labels": [label("state"), label("private"), label("other", "unsure")]},
                 {"name": "mode", "text": "?", "applies_to": ["FIGHT"], "required": False,
                  "labels": [label("siege"), label("raid")]},
                 {"name": "flags", "text": "?", "type": "multiple", "required": False,
                  "labels": [label("past"), label("future")]},
             ]},
            {"name": "who", "text": "?", "kind": "entity", "labels": [label("actor")]},
        ],
        "relations": [label("agent", **{"from": ["VISIT", "FIGHT", "author"], "to": ["actor"]})],
    }
)  # fmt: skip
SCHEMES = {"little": SCHEME}
TEXT = "Envoys of Velmora visited Karsund."
COUNTS = {"scheme": "little", "counts": True, "status": "submitted"}


def votes(*rows, **more):
    """Rows are (unit, annotator, question, labels)."""
    names = ("unit_id", "annotator", "question", "labels")
    return tables.build("votes", [COUNTS | more | dict(zip(names, row, strict=True)) for row in rows])


def mention(annotator, question, name, start, end, unit="u1", entity=None, **attributes):
    return COUNTS | {
        "unit_id": unit,
        "annotator": annotator,
        "question": question,
        "label": name,
        "start": start,
        "end": end,
        "text": TEXT[start:end],
        "mention_id": f"{unit}/{annotator}/{question}/{start}-{end}",
        "entity": entity,
        "attributes": json.dumps(attributes),
    }


def relation(annotator, start, end, name="agent", unit="u1"):
    def id_(place):
        return place if place == "author" else f"{unit}/{annotator}/{place}"

    return COUNTS | {
        "unit_id": unit,
        "annotator": annotator,
        "question": "relation",
        "label": name,
        "relation_id": f"{unit}/{annotator}/{start}/{end}",
        "from": id_(start),
        "to": id_(end),
    }


def decide(table, mentions=(), relations=(), **more):
    return gold(
        table, tables.build("vote_mentions", mentions), tables.build("vote_relations", relations), SCHEMES, **more
    )


def shares(row):
    return [(one["label"], one["share"]) for one in row["distribution"]]


def short(found, question="stance"):
    """Return (unit, labels, decided_by, n_votes, tied) of a question."""
    return [
        (row["unit_id"], row["labels"], row["decided_by"], row["n_votes"], row["tied"])
        for row in found.gold.to_pylist()
        if row["question"] == question
    ]


def submitted(*annotators, unit="u1"):
    return votes(*((unit, who, "stance", ["for"]) for who in annotators))


def marked(*annotators):
    return [
        one
        for who in annotators
        for one in (mention(who, "trigger", "VISIT", 18, 25), mention(who, "who", "actor", 10, 17))
    ]
