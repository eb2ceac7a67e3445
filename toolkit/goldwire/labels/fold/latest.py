"""The latest state of every task of a round, one at a time, from its parts.

The indexes of the parts say which line of which part has the latest state of a task, and which earlier lines have
annotations that have gone from the server since. Only these lines are decoded.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from goldwire.labels.fold import typed
from goldwire.labels.fold.typed import Task
from goldwire.labels.parts import index as part_index
from goldwire.labels.parts.lines import Checked, check, listing

_Place = tuple[int, int]  # part and line, both from 0


class _Places:
    """Where the latest state of each task stands, and that of each annotation that has gone."""

    def __init__(self) -> None:
        self.deleted: set[int] = set()  # tasks
        self._tasks: dict[int, tuple[_Place, tuple[int, ...]]] = {}  # with their annotations
        self._gone: dict[int, dict[int, _Place]] = defaultdict(dict)  # task, annotation

    def add(self, task: int, place: _Place, annotations: tuple[int, ...]) -> None:
        """Add a state of a task, later than all that were added before."""
        self.deleted.discard(task)
        before, had = self._tasks.get(task, (place, ()))
        for annotation in had:
            self._gone[task][annotation] = before
        if task in self._gone:
            for annotation in annotations:
                self._gone[task].pop(annotation, None)
        self._tasks[task] = place, annotations

    def last(self, parts: int) -> list[set[int]]:
        """Return, for each part, the lines that are the latest state of their task."""
        found: list[set[int]] = [set() for _ in range(parts)]
        for (part, line), _ in self._tasks.values():
            found[part].add(line)
        return found

    def gone(self, parts: int) -> list[dict[int, set[int]]]:
        """Return, for each part, the lines that have annotations which later ones have not, and which."""
        found: list[dict[int, set[int]]] = [defaultdict(set) for _ in range(parts)]
        for annotations in self._gone.values():
            for annotation, (part, line) in annotations.items():
                found[part][line].add(annotation)
        return found


def latest(
    folder: Path,
    read: Callable[[bytes], Task] = typed.task,
    *,
    scheme_hash: str | None = None,
    upto: int | None = None,
) -> Iterator[Task]:
    """Yield the tasks of a pulls/ folder as they are now; every part is checked before the first.

    A task may come again, with those of its annotations that have gone from the server; they are `deleted`. So is
    every annotation of a task that has gone.

    Parameters
    ----------
    folder : Path
    read : callable
        What makes a task of its line.
    scheme_hash : str, optional
        Only what was pulled under this version of the scheme, of a round that has had several.
    upto : int, optional
        The number of a part: the tasks as they were when it had been pulled. Later parts are not read.

    Raises
    ------
    GoldwireError
        When a part is missing, torn, or was edited.
    """
    parts = [check(path) for path in listing(folder)[:upto]]
    places = _Places()
    for number, part in enumerate(parts):
        tasks, deleted = part_index.numbers(part)
        for line, (task_id, annotations) in enumerate(tasks):
            places.add(task_id, (number, line), annotations)
        places.deleted.update(deleted)
    gone = places.gone(len(parts))
    several = any(gone)
    units: dict[int, typed.Data] = {}  # as the latest state of a task says
    asked = [scheme_hash is None or part.header.get("scheme_hash") == scheme_hash for part in parts]
    for part, lines, wanted in zip(parts, places.last(len(parts)), asked, strict=True):
        for task in _read(part, lines, read) if wanted or several else ():
            if several:
                units[task.id] = task.data
            if task.id in places.deleted:
                _delete(task)
            if wanted:
                yield task
    for part, lines_of, wanted in zip(parts, gone, asked, strict=True):
        for line, task in zip(sorted(lines_of), _read(part, lines_of, read), strict=True) if wanted else ():
            left = [annotation for annotation in task.annotations if annotation.id in lines_of[line]]
            earlier = Task(task.id, units[task.id], left, predictions=task.predictions)
            _delete(earlier)
            yield earlier


def _read(part: Checked, lines: Collection[int], read: Callable[[bytes], Task]) -> Iterator[Task]:
    if not lines:
        return
    for number, line in enumerate(part.lines()):
        if number in lines:
            yield read(line)


def _delete(task: Task) -> None:
    task.drafts.clear()
    for annotation in task.annotations:
        annotation.deleted = True
