"""Parts: what was pulled, kept for ever. Each pull appends labels/rounds/ROUND/pulls/part-00001.jsonl, ...

A part is written whole or not at all and never changed; one that was is an error, not a guess. What stands in it is
the server's own JSON, of which only named fields are kept (see `goldwire.labels.parts.people`); whoever gave an
answer is ``"completed_by": {"pseudonym": ...}``. For the lines see `goldwire.labels.parts.lines`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from goldwire.labels.parts.index import Known, entry, known
from goldwire.labels.parts.lines import check, decode, listing
from goldwire.labels.parts.people import Task, without_people
from goldwire.labels.parts.writer import Writer

__all__ = [
    "Known",
    "Part",
    "Task",
    "Writer",
    "append",
    "entry",
    "known",
    "listing",
    "live",
    "read",
    "state",
    "without_people",
]


@dataclass(frozen=True)
class Part:
    """One part file: its header, its tasks as they were, and the ids of the tasks that had gone."""

    header: dict[str, Any]
    tasks: list[Task]
    deleted: list[int]


def append(folder: Path, header: Mapping[str, Any], tasks: Iterable[Task], deleted: Iterable[int]) -> Path | None:
    """Write the next part at once, and return its path, None when there was nothing to write; see `Writer`."""
    with Writer(folder, header) as writer:
        for task in tasks:
            writer.task(task)
        for number in deleted:
            writer.gone(number)
    return writer.path


def read(path: Path) -> Part:
    """Read a whole part and check its checksum.

    Raises
    ------
    GoldwireError
        When it is missing, torn, or was edited; the message names the file.
    """
    found = check(path)
    rows = [decode(line) for line in found.lines()]
    gone = [int(row["deleted_task"]) for row in rows if "deleted_task" in row]
    return Part(found.header, [row for row in rows if "deleted_task" not in row], gone)


def state(parts: Iterable[Part]) -> dict[int, Task]:
    """Fold parts, in order, into the latest state of every task, by task id.

    An annotation that has gone from the server stays, with ``"deleted": True``; so do a task that has gone and all
    of its annotations. Everything is in memory: see `goldwire.labels.fold.latest` for the same, one task at a time.
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
            if number in folded:
                gone = [{**a, "deleted": True} for a in folded[number]["annotations"]]
                folded[number] = {**folded[number], "annotations": gone, "deleted": True}
    return dict(sorted(folded.items()))


def live(task: Task) -> dict[int, Task]:
    """Return the annotations of a folded task that are on the server, by id."""
    return {int(a["id"]): a for a in task["annotations"] if not a.get("deleted")}
