"""A study in which annotators differ, and parts of its rounds as a pull writes them. Everything is invented."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from goldwire import tables
from goldwire.files import write_text
from goldwire.labels import parts
from goldwire.labels.tasks import write_round
from goldwire.labels.units import documents
from goldwire.scheme import Scheme, parse
from goldwire.study import Study

Json = dict[str, Any]

A, B, C, JUDGE = "annotator-01", "annotator-02", "annotator-03", "judge-01"
SCHEME = """
name: talks
version: 1.0.0
title: Talks
description: Written for the test.
unit: document
questions:
  - {name: event, text: What happened, labels: [{name: MEET, definition: M, hotkey: m}, {name: FIGHT, definition: F},
     {name: NONE, definition: N, role: negative}, {name: unclear, definition: U, role: unsure}]}
  - {name: flags, text: Which, type: multiple, required: false, labels: [{name: x, definition: X},
     {name: z, definition: Z}]}
  - {name: heat, text: How hot, type: ordinal, required: false, labels: [{name: '1', definition: l},
     {name: '2', definition: h}]}
  - {name: why, text: Why, type: text, required: false}
mentions:
  - name: trigger
    text: Mark
    kind: event
    labels: [{name: MEETING, definition: M}]
    attributes: [{name: mode, text: How, required: false, labels: [{name: visit, definition: V},
       {name: call, definition: C}, {name: dunno, definition: D, role: unsure}]}]
  - {name: who, text: Mark, kind: entity, labels: [{name: actor, definition: A}]}
relations:
  - {name: by, definition: b, from: [MEETING], to: [actor]}
  - {name: for, definition: f, from: [author], to: [actor]}
"""
TALKS: Scheme = parse(SCHEME, "talks.yaml")
TEXT = "Ada met Bob in Rome.\n\nThey shook hands *twice*; nobody saw it."
#       0   4   8      15      22
PLACES = {words: (TEXT.index(words), TEXT.index(words) + len(words)) for words in ("Ada", "met", "Ada met", "Bob")}


def document(number: int) -> str:
    return f"a{number}/document"


def a_study(root: Path, number: int, name: str = "r", without_questions: bool = False, **options: Any) -> Study:
    """Make a study with a round of so many documents."""
    scheme = TALKS.model_copy(update={"questions": []}) if without_questions else TALKS
    study = Study(root)
    write_text(study.params_file, "seed: 0\neval: {resamples: 100}\n")
    text = yaml.safe_dump(scheme.model_dump(mode="json", by_alias=True, exclude_defaults=True))
    write_text(study.schemes / "talks.yaml", text if without_questions else SCHEME)
    rows = [
        {
            "article_id": f"a{n}",
            "title": "Ada met Bob in Rome.",
            "text": TEXT,
            "outlet": "Courier",
            "story_id": f"s{n}",
        }
        for n in range(number)
    ]
    articles = tables.build("articles", rows)
    tables.write(articles, study.articles)
    write_round(study, name, scheme, articles, documents(articles), **options)
    return study


def choice(name: str, *labels: str) -> Json:
    return {
        "id": f"q-{name}",
        "from_name": name,
        "to_name": "text",
        "type": "choices",
        "value": {"choices": [*labels]},
    }


def written(name: str, text: str) -> Json:
    return {"id": f"t-{name}", "from_name": name, "to_name": "text", "type": "textarea", "value": {"text": [text]}}


def span(region: str, layer: str, label: str, words: str) -> Json:
    start, end = PLACES[words]
    value = {"start": start, "end": end, "text": words, "labels": [label]}
    return {"id": region, "from_name": layer, "to_name": "text", "type": "labels", "value": value}


def link(from_: str, to: str, label: str) -> Json:
    return {"from_id": from_, "to_id": to, "type": "relation", "direction": "right", "labels": [label]}


def pull(
    study: Study,
    name: str,
    answers: Iterable[tuple[int, str, list[Json]]],
    first: int = 1,
    submitted: bool = False,
) -> None:
    """Write the next part of a round: (number of the unit, who, result); an answer without result is a skip.

    With `submitted` it is one that marks nothing.
    """
    tasks: dict[int, list[Json]] = {}
    for number, (unit, who, result) in enumerate(answers, start=first):
        made = {
            "id": number,
            "result": result,
            "was_cancelled": not result and not submitted,
            "created_at": "2026-03-01T10:00:00Z",
            "updated_at": f"2026-03-01T10:00:00.{number:06}Z",
            "completed_by": {"pseudonym": who},
        }
        tasks.setdefault(unit, []).append(made)
    state = [
        {
            "id": 100 + unit + 1000 * (name != "r"),
            "data": {"unit_id": document(unit)},
            "annotations": several,
            "drafts": [],
            "predictions": [],
        }
        for unit, several in sorted(tasks.items())
    ]
    header = {"round": name, "project": 1, "url": "http://localhost", "pulled_at": "2026-03-02T00:00:00Z"}
    parts.append(study.rounds / name / "pulls", {**header, "goldwire": "0", "scheme_hash": "0"}, state, [])
