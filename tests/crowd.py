"""Answers of a crowd that is made up, for the tests of what is enough."""

import numpy as np
import pyarrow as pa

from goldwire.labels.enough.options import Options
from goldwire.scheme import Scheme

SMALL = Options(annotators=(2, 3, 4, 5), more=(0, 100), simulations=40)


def label(name, role="answer"):
    return {"name": name, "definition": "as it says", "role": role}


SCHEME = Scheme.model_validate(
    {
        "name": "little",
        "version": "1.0.0",
        "title": "Little",
        "description": "For tests.",
        "unit": "document",
        "questions": [
            {"name": "stance", "text": "?", "labels": [label("for"), label("against"), label("unsure", "unsure")]},
            {"name": "size", "text": "?", "type": "ordinal", "labels": [label("small"), label("mid"), label("big")]},
            {"name": "topics", "text": "?", "type": "multiple", "labels": [label("a"), label("b"), label("c")]},
            {"name": "why", "text": "?", "type": "text"},
        ],
    }
)


def answered(units, annotators=("ann", "bob", "eve"), p=0.85, labels=("x", "y"), seed=0):
    """(unit, annotator, label): everybody answers everything, and is right with probability p."""
    generator = np.random.default_rng(seed)
    rows = []
    for unit in range(units):
        truth = generator.integers(len(labels))
        for name in annotators:
            other = (truth + generator.integers(1, max(len(labels), 2))) % len(labels)
            rows.append((f"u{unit:04}", name, labels[truth if generator.random() < p else other]))
    return rows


def plain(rows, names=("task", "worker", "label")):
    columns = list(zip(*rows, strict=True)) or [[], [], []]
    return pa.table({name: pa.array(column, pa.string()) for name, column in zip(names, columns, strict=True)})


def votes(question, rows):
    return [
        {
            "scheme": "little", "round": "one", "unit_id": unit, "annotator": annotator, "question": question,
            "labels": said if isinstance(said, list) else [said], "counts": True, "status": "submitted",
            "purpose": "vote",
        }
        for unit, annotator, said in rows
    ]  # fmt: skip
