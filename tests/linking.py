"""Votes with links between marked spans, and what is measured of them, written by hand for the tests."""

from goldwire import tables
from goldwire.labels.agreement.relations import relation_agreement
from goldwire.scheme import Scheme

FEW = "1 cluster: an interval needs 10"
PLACES = {"lund": (0, 4), "lund_": (0, 5), "osk": (9, 12), "mill": (20, 28)}


def label(name, **more):
    return {"name": name, "definition": "as it says", **more}


SCHEME = Scheme.model_validate(
    {
        "name": "little",
        "version": "1.0.0",
        "title": "Little",
        "description": "For tests.",
        "unit": "document",
        "questions": [{"name": "any", "text": "?", "labels": [label("yes"), label("no")]}],
        "mentions": [{"name": "actors", "text": "Who?", "kind": "entity", "labels": [label("actor")]}],
        "relations": [
            label("POS", **{"from": ["actor", "author"], "to": ["actor"]}),
            label("NEG", **{"from": ["actor", "author"], "to": ["actor"]}),
        ],
    }
)


def votes(*pairs, scheme="little"):
    return tables.build(
        "votes",
        [
            {"scheme": scheme, "unit_id": u, "annotator": a, "question": "any", "labels": ["yes"], "counts": True}
            for u, a in pairs
        ],
    )


def marks(*rows, scheme="little"):
    """Rows are (unit, annotator, names of places); the id of a mention is unit:annotator:place."""
    return tables.build(
        "vote_mentions",
        [
            {
                "scheme": scheme,
                "unit_id": unit,
                "annotator": annotator,
                "question": "actors",
                "mention_id": f"{unit}:{annotator}:{place}",
                "start": PLACES[place][0],
                "end": PLACES[place][1],
                "text": "x" * (PLACES[place][1] - PLACES[place][0]),
                "label": "actor",
                "counts": True,
            }
            for unit, annotator, places in rows
            for place in places.split()
        ],
    )


def links(*rows, scheme="little", counts=True):
    """Rows are (unit, annotator, from, to, label)."""
    return tables.build(
        "vote_relations",
        [
            {
                "scheme": scheme,
                "unit_id": unit,
                "annotator": annotator,
                "question": "relation",
                "relation_id": f"r{number}",
                "from": start if start == "author" else f"{unit}:{annotator}:{start}",
                "to": f"{unit}:{annotator}:{end}",
                "label": name,
                "counts": counts,
            }
            for number, (unit, annotator, start, end, name) in enumerate(rows)
        ],
    )


def measure(votes_, marks_, links_, schemes=None, **more):
    schemes = {"little": SCHEME} if schemes is None else schemes
    return relation_agreement(votes_, marks_, links_, schemes, {}, resamples=20, **more)


def value(number, why=FEW):
    return {"value": number, "low": None, "high": None, "why": why}


def null(why):
    return {"value": None, "low": None, "high": None, "why": why}
