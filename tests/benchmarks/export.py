"""An export of a made project, as the server would send it, and what it takes to make tables of it.

Run as a script it prints JSON: FOLDER [TASKS] makes a study in the folder and measures, each side in a process of its
own. The texts are words of no language, the annotators and their answers are drawn: synthetic, and evidence of
nothing.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

ROUND = "export"
SCHEME = "event-plover"
TASKS = 20_000
TIMES = 3
_ANNOTATORS = 3
_SPANS = 5  # beside one choice in every annotation; in every other one a taxonomy takes the place of the last
_WORDS = 225
_EVENTS = ("AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "COERCE", "ASSAULT", "PROTEST")
_CONTEXTS = (["law_and_crime", "legal"], ["law_and_crime", "illegal_drugs"])
_PARTICIPANTS = ("participant", "place", "date")
_SYLLABLES = "ba ce di fo gu ha le mi no pu ra se ti vo wu".split()

Json = dict[str, Any]


def articles(count: int, seed: int = 0) -> Iterator[Json]:
    """Yield articles of about 2 kB, the same for the same seed."""
    draw = np.random.default_rng(seed)
    words = [a + b + c for a in _SYLLABLES for b in _SYLLABLES for c in ("", *_SYLLABLES)]
    for number in range(count):
        said = [words[i] for i in draw.integers(len(words), size=_WORDS)]
        title = " ".join(said[:7])
        yield {
            "article_id": f"g{number:06d}",
            "title": title,
            "text": f"{title}\n\n{' '.join(said[7:])}",
            "body_start": len(title) + 2,
            "outlet": f"outlet {number % 20}",
        }


def answered(task: Json, number: int, draw: np.random.Generator) -> Json:
    """Return a task of tasks.jsonl as a snapshot has it when three annotators have answered it."""
    annotations = [_annotation(task, number, who, draw) for who in range(_ANNOTATORS)]
    return {
        "id": number,
        "annotations": annotations,
        "drafts": [],
        "predictions": [],
        "data": task["data"],
        "meta": task["meta"],
        "created_at": "2026-11-22T10:00:00.123456Z",
        "updated_at": annotations[-1]["updated_at"],
        "allow_skip": True,
        "inner_id": number,
        "total_annotations": _ANNOTATORS,
        "cancelled_annotations": 0,
        "total_predictions": 0,
        "comment_count": 0,
        "unresolved_comment_count": 0,
        "last_comment_updated_at": None,
        "project": 1,
        "updated_by": 1,
        "comment_authors": [],
    }


def _annotation(task: Json, number: int, who: int, draw: np.random.Generator) -> Json:
    text = task["data"]["text"]
    made = f"2026-11-22T{10 + who}:{number // 60 % 60:02d}:{number % 60:02d}.{draw.integers(10**6):06d}Z"
    items = [_item("q1", "main_event", "choices", {"choices": [_EVENTS[draw.integers(len(_EVENTS))]]})]
    spans = _SPANS - (number + who) % 2
    for place, at in enumerate(draw.integers(len(text) - 40, size=spans).tolist()):
        start = text.index(" ", at) + 1
        end = text.index(" ", start) if " " in text[start:] else len(text)
        label = _EVENTS[draw.integers(len(_EVENTS))] if place == 0 else _PARTICIPANTS[draw.integers(3)]
        layer = "participant" if place else "trigger"
        value = {"start": start, "end": end, "text": text[start:end], "labels": [label]}
        items.append(_item(f"{draw.integers(16**10):010x}", layer, "labels", value))
    if spans < _SPANS:
        items.append(_item("q2", "contexts", "taxonomy", {"taxonomy": [_CONTEXTS[draw.integers(2)]]}))
    person = {"id": who + 1, "email": f"reader{who}@example.org", "first_name": "", "last_name": ""}
    return {
        "id": number * _ANNOTATORS + who,
        "completed_by": person,
        "result": items,
        "was_cancelled": False,
        "ground_truth": False,
        "created_at": made,
        "updated_at": made,
        "draft_created_at": None,
        "lead_time": round(float(draw.random()) * 300, 3),
        "prediction": {},
        "result_count": len(items),
        "unique_id": f"{draw.integers(16**12):012x}",
        "import_id": None,
        "last_action": None,
        "bulk_created": False,
        "task": number,
        "project": 1,
        "updated_by": who + 1,
        "parent_prediction": None,
        "parent_annotation": None,
        "last_created_by": None,
    }


def _item(region: str, name: str, kind: str, value: Json) -> Json:
    return {"id": region, "from_name": name, "to_name": "text", "type": kind, "value": value, "origin": "manual"}


def snapshot(tasks: list[Json], seed: int = 0) -> Iterator[Json]:
    """Yield every task of a round's tasks.jsonl as the server would export it."""
    draw = np.random.default_rng(seed)
    for number, task in enumerate(tasks, 1):
        yield answered(task, number, draw)


def study(folder: Path, count: int = TASKS) -> Path:
    """Make a study with one pulled round in the folder, and return its part; export.json is what was pulled."""
    from goldwire import tables
    from goldwire.labels import parts, rounds
    from goldwire.labels.tasks import write_round
    from goldwire.labels.units import documents
    from goldwire.scheme import load
    from goldwire.study import Study

    made = Study(folder)
    tables.write(table := tables.build("articles", articles(count)), made.articles)
    write_round(made, ROUND, load(SCHEME), table, documents(table))
    pulls = made.rounds / ROUND / "pulls"
    with (folder / "export.json").open("w", encoding="utf-8") as out, parts.Writer(pulls, _header()) as writer:
        for number, task in enumerate(snapshot(rounds.tasks(made.rounds / ROUND))):
            out.write("[" if number == 0 else ",")
            out.write(json.dumps(task, ensure_ascii=False, separators=(",", ":")))
            writer.task(parts.without_people(task, lambda user: f"annotator-{user['id']:02d}"))
        out.write("]")
    return parts.listing(pulls)[0]


def _header() -> Json:
    return {"round": ROUND, "project": 1, "url": "http://127.0.0.1", "pulled_at": "2026-11-22T14:00:00Z"}


def measured(folder: Path, count: int = TASKS) -> Json:
    """Make the export and return the medians of runs in turn: seconds in each process, and its peak memory in MB.

    `orjson` is orjson.loads of the part's tasks as one list; `build` is all that `goldwire labels build` does:
    checksums, tasks.jsonl, articles, decoding, columns, sorting, and four tables written as Parquet.
    """
    part = study(folder, count)
    runs: dict[str, list[Json]] = {"orjson": [], "build": []}
    for _ in range(TIMES):
        for side, found in runs.items():
            command = [sys.executable, __file__, f"--{side}", str(part if side == "orjson" else folder)]
            found.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    made: Json = {
        side: {key: round(median(run[key] for run in found), 3) for key in found[0]} for side, found in runs.items()
    }
    ratio = median(b["seconds"] / a["seconds"] for a, b in zip(*runs.values(), strict=True))
    return {"tasks": count, "mb": round(part.stat().st_size / 1e6, 1), **made, "ratio": round(ratio, 3)}


def _loads(part: Path) -> Json:
    import orjson

    lines = [line for line in part.read_bytes().splitlines() if line.startswith(b'{"id":')]
    whole = b"[" + b",".join(lines) + b"]"
    del lines
    begin, used = time.perf_counter(), time.process_time()
    orjson.loads(whole)
    return _took(begin, used)


def _build(folder: Path) -> Json:
    import pyarrow.parquet  # noqa: F401 (what is imported is not measured)

    from goldwire.labels import fold, stages  # noqa: F401
    from goldwire.study import Study

    begin, used = time.perf_counter(), time.process_time()
    stages.build(Study(folder))
    return _took(begin, used)


def _took(begin: float, used: float) -> Json:
    seconds, cpu = time.perf_counter() - begin, time.process_time() - used
    return {"seconds": seconds, "cpu": cpu, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def main(arguments: list[str]) -> None:
    """Print what was measured, as JSON."""
    match arguments:
        case ["--orjson", part]:
            found = _loads(Path(part))
        case ["--build", folder]:
            found = _build(Path(folder))
        case [folder, *count]:
            found = measured(Path(folder), *map(int, count))
        case _:
            sys.exit("usage: export.py FOLDER [TASKS]")
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
