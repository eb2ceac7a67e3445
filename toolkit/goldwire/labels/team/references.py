"""References: units whose answer is known, in a round's references.jsonl. It is never sent to the server.

Calibration units come first, and everybody answers them; control items lie hidden among the others. Nothing of this
stands in a task: what an annotator can see of a unit is the same for all.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from goldwire.errors import GoldwireError
from goldwire.files import read_jsonl, write_jsonl
from goldwire.provenance import digest

FILE = "references.jsonl"
Purpose = Literal["calibration", "control"]
T = TypeVar("T", bound=Mapping[str, Any])


@dataclass(frozen=True, order=True)
class Reference:
    """The known answer to a question about a unit. `labels` is in scheme order."""

    unit_id: str
    question: str
    purpose: Purpose
    labels: tuple[str, ...]


def read(folder: Path) -> list[Reference]:
    """Read references.jsonl of a round's folder; without the file there are none.

    Raises
    ------
    GoldwireError
        When a line lacks a field or has one of another type, a unit has both purposes, or an answer stands twice; the
        message names the line.
    """
    path = folder / FILE
    if not path.exists():
        return []
    found: dict[tuple[str, str], Reference] = {}
    purposes: dict[str, Purpose] = {}
    for number, value in read_jsonl(path):
        where = f"{path}:{number}"
        one = _parsed(value, where)
        if (one.unit_id, one.question) in found:
            raise GoldwireError(f"{one.unit_id} has an answer to {one.question} already", where=where)
        if purposes.setdefault(one.unit_id, one.purpose) != one.purpose:
            raise _both(one.unit_id, where)
        found[one.unit_id, one.question] = one
    return list(found.values())


def write(folder: Path, references: Iterable[Reference]) -> None:
    """Write references.jsonl, atomically, sorted by unit and question."""
    rows = [{**asdict(one), "labels": list(one.labels)} for one in sorted(references)]
    fields = ("unit_id", "purpose", "question", "labels")
    write_jsonl(folder / FILE, [{name: row[name] for name in fields} for row in rows])


def merged(there: Iterable[Reference], new: Iterable[Reference]) -> list[Reference]:
    """Return both, sorted; a new answer to the same question of the same unit replaces the old one.

    Raises
    ------
    GoldwireError
        When a unit would be calibration and control.
    """
    by_key = {(one.unit_id, one.question): one for one in [*there, *new]}
    found = sorted(by_key.values())
    purposes: dict[str, str] = {}
    for one in found:
        if purposes.setdefault(one.unit_id, one.purpose) != one.purpose:
            raise _both(one.unit_id)
    return found


def order(tasks: Sequence[T], references: Iterable[Reference], seed: int) -> list[T]:
    """Return new tasks in the order in which annotators get them, drawn from the seed.

    Calibration units come first. The others are cut into as many stretches as there are control items, and each
    control item has a place drawn in its stretch; since everybody's units lie evenly in the order, so do the control
    items among the units of each.
    """
    purposes = {one.unit_id: one.purpose for one in references}
    drawn = sorted(tasks, key=lambda task: digest(str(seed), task["data"]["unit_id"]))
    first, controls, others = (
        [task for task in drawn if purposes.get(task["data"]["unit_id"]) == purpose]
        for purpose in (*get_args(Purpose), None)
    )
    slots = Counter(_slot(task, number, len(controls), len(others), seed) for number, task in enumerate(controls))
    hidden = iter(controls)
    mixed: list[T] = []
    for place, task in enumerate([*others, None]):
        mixed += [next(hidden) for _ in range(slots[place])]
        mixed += [task] if task is not None else []
    return [*first, *mixed]


def _slot(task: Mapping[str, Any], number: int, controls: int, others: int, seed: int) -> int:
    """Return how many of the others come before the control item; the slots rise with its number."""
    share = int(digest(str(seed), "control", task["data"]["unit_id"]), 16) / 16**16
    return int((number + share) / controls * (others + 1))


def _parsed(value: Any, where: str) -> Reference:
    row = value if isinstance(value, dict) else {}
    fields = ("unit_id", "purpose", "question", "labels")
    labels = row.get("labels")
    fits = set(row) == set(fields) and all(isinstance(row[name], str) for name in fields[:3])
    if not fits or row["purpose"] not in get_args(Purpose) or not _is_labels(labels):
        raise GoldwireError(
            "the line is not a known answer",
            where=where,
            hint=f"It has {', '.join(fields)}; the purpose is {' or '.join(get_args(Purpose))}, labels is a list.",
        )
    return Reference(row["unit_id"], row["question"], row["purpose"], tuple(row["labels"]))


def _is_labels(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(label, str) for label in value)


def _both(unit: str, where: str | None = None) -> GoldwireError:
    return GoldwireError(
        f"unit {unit} is calibration and control", where=where, hint="Give it in one of the two files only."
    )
