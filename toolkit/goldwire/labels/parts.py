"""Parts: what was pulled, kept for ever. Each pull appends labels/rounds/ROUND/pulls/part-00001.jsonl, ...

A part is JSON lines: a header (part, round, project, url, pulled_at, scheme_hash, goldwire), then for every task
that was new or had changed its JSON, or ``{"deleted_task": id}``, and at last ``{"sha256", "lines"}`` over all lines
before. A part is written whole or not at all and never changed; one that was is an error, not a guess.

A task is the server's own JSON, of which only named fields are kept: what may name a person has no way in.
Whoever gave an answer stands there as ``"completed_by": {"pseudonym": ...}``.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from goldwire.errors import GoldwireError

Task = dict[str, Any]

_NAME = re.compile(r"part-(\d{5,})\.jsonl")
_TASK = ("id", "inner_id", "project", "created_at", "updated_at", "data", "meta")
_ANNOTATION = (
    "id",
    "result",
    "was_cancelled",
    "ground_truth",
    "created_at",
    "updated_at",
    "draft_created_at",
    "lead_time",
    "parent_prediction",
    "parent_annotation",
)
_DRAFT = ("id", "annotation", "result", "created_at", "updated_at", "lead_time", "was_postponed")
_PREDICTION = ("id", "model_version", "score", "result", "created_at", "updated_at")
_VOLATILE = ("updated_at",)  # of a task: it moves when counters are refreshed


@dataclass(frozen=True)
class Part:
    """One part file: its header, its tasks as they were, and the ids of the tasks that had gone."""

    header: dict[str, Any]
    tasks: list[Task]
    deleted: list[int]


def listing(folder: Path) -> list[Path]:
    """Return the parts in a round's pulls/ folder, in order.

    Raises
    ------
    GoldwireError
        When a number is missing between them.
    """
    numbered = {int(match[1]): path for path in folder.glob("part-*.jsonl") if (match := _NAME.fullmatch(path.name))}
    for number in range(1, len(numbered) + 1):
        if number not in numbered:
            raise GoldwireError(
                "the part is not there, but later ones are",
                where=str(folder / _name(number)),
                hint="Bring it back, from DVC or git: a pull adds to the parts before it.",
            )
    return [numbered[number] for number in sorted(numbered)]


def append(folder: Path, header: Mapping[str, Any], tasks: Sequence[Task], deleted: Sequence[int]) -> Path:
    """Write the next part, whole or not at all, and return its path. `part` is added to the header.

    Raises
    ------
    GoldwireError
        When another pull writes the same part at the same time; then nothing is written.
    """
    number = len(listing(folder)) + 1
    path = folder / _name(number)
    rows: list[Any] = [{"part": number, **header}, *tasks, *({"deleted_task": task} for task in deleted)]
    body = b"".join(_line(row) for row in rows)
    body += _line({"sha256": hashlib.sha256(body).hexdigest(), "lines": len(rows)})
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".{path.name}.{os.getpid()}.tmp"
    try:
        with temporary.open("wb") as stream:
            stream.write(body)
            stream.flush()
            os.fsync(stream.fileno())
        os.link(temporary, path)  # unlike a rename, it never replaces a part that is there
    except FileExistsError:
        raise GoldwireError("another pull has just written this part", where=str(path), hint="Pull again.") from None
    finally:
        temporary.unlink(missing_ok=True)
    return path


def read(path: Path) -> Part:
    """Read a part and check its checksum.

    Raises
    ------
    GoldwireError
        When it is missing, torn, or was edited; the message names the file.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise GoldwireError("the part is not there", where=str(path)) from None
    body, _, last = content.rstrip(b"\n").rpartition(b"\n")
    body += b"\n"
    try:
        seal = json.loads(last)
        sealed = seal == {"sha256": hashlib.sha256(body).hexdigest(), "lines": body.count(b"\n")}
        header, *rows = [json.loads(line) for line in body.split(b"\n")[:-1]] if sealed else [{}]
    except (ValueError, UnicodeDecodeError):
        sealed, header, rows = False, {}, []
    if not sealed or header.get("part") != _number(path):
        raise GoldwireError(
            "the part was cut off or changed after it was written",
            where=str(path),
            hint="Bring it back, from DVC or git. Never edit a part: what it says would be lost without a trace.",
        )
    gone = [int(row["deleted_task"]) for row in rows if "deleted_task" in row]
    return Part(header, [row for row in rows if "deleted_task" not in row], gone)


def state(parts: Iterable[Part]) -> dict[int, Task]:
    """Fold parts, in order, into the latest state of every task, by task id.

    An annotation that has gone from the server stays, with ``"deleted": True``; so do a task that has gone and all
    of its annotations.
    """
    folded: dict[int, Task] = {}
    for part in parts:
        for task in part.tasks:
            before = folded.get(int(task["id"]), {"annotations": []})
            there = {annotation["id"] for annotation in task["annotations"]}
            gone = [{**a, "deleted": True} for a in before["annotations"] if a["id"] not in there]
            annotations = sorted([*task["annotations"], *gone], key=lambda a: int(a["id"]))
            folded[int(task["id"])] = {**task, "annotations": annotations}
        for number in part.deleted:
            gone = [{**a, "deleted": True} for a in folded[number]["annotations"]]
            folded[number] = {**folded[number], "annotations": gone, "deleted": True}
    return dict(sorted(folded.items()))


def live(task: Task) -> dict[int, Task]:
    """Return the annotations of a folded task that are on the server, by id."""
    return {int(a["id"]): a for a in task["annotations"] if not a.get("deleted")}


def same(before: Task | None, now: Task) -> bool:
    """Whether two states of a task say the same, apart from fields that move by themselves."""
    return before is not None and _substance(before) == _substance(now)


def without_people(task: Task, pseudonym: Callable[[Any], str | None], *, drafts: bool = False) -> Task:
    """Return the server's task with the fields that are kept, lists by id, and pseudonyms for people.

    `pseudonym` turns what stands in ``completed_by`` (a user's JSON, an id, or None) into a pseudonym. Drafts are
    left out unless asked for.
    """
    annotations = [
        {**_only(annotation, _ANNOTATION), "completed_by": {"pseudonym": pseudonym(annotation["completed_by"])}}
        for annotation in _by_id(task["annotations"])
    ]
    kept = {
        **_only(task, _TASK),
        "annotations": annotations,
        "predictions": [_only(prediction, _PREDICTION) for prediction in _by_id(task.get("predictions", []))],
    }
    if drafts and task["drafts"]:
        kept["drafts"] = [
            {**_only(draft, _DRAFT), "completed_by": {"pseudonym": pseudonym({"email": draft["user"]})}}
            for draft in _by_id(task["drafts"])
        ]
    return kept


def _substance(task: Task) -> Task:
    kept = {key: value for key, value in task.items() if key not in _VOLATILE}
    return {**kept, "annotations": live(task)}


def _only(value: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    return {field: value[field] for field in fields if field in value}


def _by_id(values: Iterable[Any]) -> list[Any]:
    return sorted(values, key=lambda value: int(value["id"]))


def _line(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "surrogatepass") + b"\n"


def _name(number: int) -> str:
    return f"part-{number:05}.jsonl"


def _number(path: Path) -> int | None:
    match = _NAME.fullmatch(path.name)
    return int(match[1]) if match else None
