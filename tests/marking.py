"""Votes with marked spans, and what is measured of them, written by hand for the tests."""

import json

from goldwire import tables
from goldwire.labels.agreement.spans import span_agreement
from goldwire.scheme import Scheme

FEW = "2 clusters: an interval needs 10"
TEXT = "Lund met Osk at the old mill on Monday. Brask, of Ondria's guild, did not."
# 0-4 Lund, 9-12 Osk, 16-28 the old mill, 20-28 old mill, 40-45 Brask, 50-56 Ondria, 50-58 Ondria's


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
        "mentions": [
            {
                "name": "actors",
                "text": "Who?",
                "kind": "entity",
                "labels": [label("person"), label("group"), label("place")],
                "attributes": [
                    {
                        "name": "role",
                        "text": "?",
                        "applies_to": ["person"],
                        "labels": [label("acts"), label("suffers"), label("unsure", role="unsure")],
                    },
                    {
                        "name": "flags",
                        "text": "?",
                        "type": "multiple",
                        "required": False,
                        "labels": [label("quoted"), label("ironic")],
                    },
                    {
                        "name": "force",
                        "text": "?",
                        "type": "ordinal",
                        "required": False,
                        "labels": [label("weak"), label("fair"), label("strong"), label("unsure", role="unsure")],
                    },
                ],
            }
        ],
    }
)


def votes(*pairs, scheme="little", counts=True):
    rows = [
        {"scheme": scheme, "unit_id": u, "annotator": a, "question": "any", "labels": ["yes"], "counts": counts}
        for u, a in pairs
    ]
    return tables.build("votes", rows)


def mentions(*rows, scheme="little", layer="actors", text=TEXT, counts=True):
    """Rows are (unit, annotator, start, end, label[, attributes])."""
    return tables.build(
        "vote_mentions",
        [
            {
                "scheme": scheme,
                "unit_id": unit,
                "annotator": annotator,
                "question": layer,
                "mention_id": f"{unit}{annotator}{number}",
                "start": start,
                "end": end,
                "text": text[start:end],
                "label": name,
                "attributes": json.dumps(attributes[0]) if attributes else None,
                "counts": counts,
            }
            for number, (unit, annotator, start, end, name, *attributes) in enumerate(rows)
        ],
    )


def measure(votes_, mentions_, schemes=None, clusters=None, **more):
    schemes = {"little": SCHEME} if schemes is None else schemes
    return span_agreement(votes_, mentions_, schemes, clusters or {}, resamples=50, **more)


def value(number, why=FEW):
    return {"value": number, "low": None, "high": None, "why": why}


def null(why):
    return {"value": None, "low": None, "high": None, "why": why}


def three(exact, overlap, token, why=FEW):
    return {
        name: value(n, why) for name, n in zip(("exact", "overlap", "token"), (exact, overlap, token), strict=True)
    }
