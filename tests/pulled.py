"""A study whose rounds were answered by hand: parts as a pull writes them, without a server."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from goldwire import tables
from goldwire.files import write_text
from goldwire.labels import parts
from goldwire.labels.tasks import write_round
from goldwire.labels.units import documents
from goldwire.scheme import parse
from goldwire.study import Study

A, B, C, D = (f"annotator-0{number}" for number in range(1, 5))
SCHEME = """
name: weather
version: 1.0.0
title: Weather
description: Written for the test.
unit: document
questions:
  - {name: sky, text: Sky, labels: [{name: clear, definition: C}, {name: grey, definition: G},
     {name: unclear, definition: U, role: unsure}]}
  - {name: falls, text: Falls, type: multiple, required: false, labels: [{name: rain, definition: R},
     {name: hail, definition: H}]}
  - {name: why, text: Why, type: text, required: false}
"""


@dataclass(frozen=True)
class Answer:
    """What `who` said of unit ``a<unit>/document`` on a day; without a sky it was skipped."""

    unit: int
    who: str
    day: str
    sky: str | None = None
    falls: tuple[str, ...] = ()
    seconds: float | None = None
    draft: bool = False


def document(number: int) -> str:
    return f"a{number:02}/document"


def a_study(root: Path, number: int, **options: Any) -> Study:
    """Make a study with a round "r" of so many documents; two of them are one story."""
    study = Study(root)
    write_text(study.params_file, "seed: 0\neval: {resamples: 100}\n")
    scheme = study.schemes / "weather.yaml"
    write_text(scheme, SCHEME)
    rows = [
        {"article_id": f"a{n:02}", "title": "T", "text": f"T\n\nBody {n}.", "story_id": "s" if n < 2 else f"s{n}"}
        for n in range(number)
    ]
    articles = tables.build("articles", rows)
    tables.write(articles, study.articles)
    write_round(study, "r", parse(SCHEME, str(scheme)), articles, documents(articles), **options)
    return study


def pull(
    study: Study, name: str, answers: Iterable[Answer], at: str = "2026-03-10T12:00:00Z", first: int = 1
) -> None:
    """Write the next part of a round; `first` is the number of its first annotation."""
    given: dict[int, list[tuple[int, Answer]]] = defaultdict(list)
    for number, answer in enumerate(answers, start=first):
        given[answer.unit].append((number, answer))
    tasks = [
        {
            "id": 100 + unit + 1000 * (name != "r"),
            "project": 1,
            "data": {"unit_id": document(unit), "text": f"T\n\nBody {unit}."},
            "annotations": [_annotation(number, answer) for number, answer in several if not answer.draft],
            "drafts": [_annotation(number, answer) for number, answer in several if answer.draft],
            "predictions": [],
        }
        for unit, several in sorted(given.items())
    ]
    header = {"round": name, "project": 1, "url": "http://localhost", "pulled_at": at, "scheme_hash": "0"}
    parts.append(study.rounds / name / "pulls", {**header, "goldwire": "0"}, tasks, [])


def _annotation(number: int, answer: Answer) -> dict[str, Any]:
    given = {"sky": [answer.sky] if answer.sky else [], "falls": list(answer.falls)}
    result = [
        {"id": name, "from_name": name, "to_name": "text", "type": "choices", "value": {"choices": labels}}
        for name, labels in given.items()
        if labels
    ]
    return {
        "id": number,
        "result": result,
        "was_cancelled": answer.sky is None,
        "created_at": f"{answer.day}T10:00:00Z",
        "updated_at": f"{answer.day}T10:00:00Z",
        "lead_time": answer.seconds,
        "completed_by": {"pseudonym": answer.who},
    }
