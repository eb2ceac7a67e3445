"""A scheme whose questions take several answers, and gold for it over the small study; all made up."""

from typing import Any

from goldwire import scheme, tables
from goldwire.study import Study

SEVERAL = """\
name: several
version: 1.0.0
title: Several answers
description: For tests.
unit: document
questions:
  - name: topics
    text: What is it about?
    type: multiple
    labels:
      - {name: economy, definition: Money.}
      - {name: security, definition: Safety.}
      - {name: nothing, definition: None of them., role: negative}
      - {name: unsure, definition: Cannot be told., role: unsure}
  - name: place
    text: Where?
    type: tree
    labels:
      - {name: north, definition: Up., children: [{name: coast, definition: By the sea.}]}
      - {name: south, definition: Down.}
"""

TOPICS: list[list[str]] = [["economy"], ["security"], ["economy", "security"], ["nothing"], []]
PLACES: list[list[str]] = [["north/coast"], ["south"], ["north"], ["north/coast", "south"], []]


def answer(study: Study) -> None:
    """Put the scheme into the small study, with three unanimous or divided votes for every document, and gold."""
    (study.schemes / "several.yaml").write_text(SEVERAL, encoding="utf-8")
    hashed = scheme.load("several", study.schemes).hash
    votes: list[dict[str, Any]] = []
    gold: list[dict[str, Any]] = []
    documents = [row["unit_id"] for row in study.read("units").to_pylist() if row["kind"] == "document"]
    for at, unit in enumerate(sorted(documents)):
        for question, answers in (("topics", TOPICS), ("place", PLACES)):
            base = {"scheme": "several", "scheme_hash": hashed, "unit_id": unit, "question": question}
            right, wrong = answers[at % 5], answers[(at + 1) % 5]
            for number in range(3):
                said = wrong if number == 2 and at % 4 == 0 else right
                about = {"annotator": f"a0{number + 1}", "annotation_id": f"{question}-{number}-{unit}"}
                votes.append({**base, **about, "labels": said, "counts": True, "status": "submitted"})
            labels = sorted({*right, *(wrong if at % 4 == 0 else ())})
            shares = [
                {"label": x, "share": ((2 if at % 4 == 0 else 3) * (x in right) + (at % 4 == 0) * (x in wrong)) / 3}
                for x in labels
            ]
            how = "majority" if at % 4 == 0 else "unanimous"
            gold.append({**base, "labels": right, "decided_by": how, "n_votes": 3, "distribution": shares})
    tables.write(tables.build("votes", votes), study.table("votes"))
    tables.write(tables.build("gold", gold), study.table("gold"))
