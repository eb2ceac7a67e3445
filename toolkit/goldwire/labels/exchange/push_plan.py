"""What a push has to do: from the tasks that are wanted and those that are there. Nothing is asked of a server."""

import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from goldwire.labels.team.assigned import FIELD

Task = Mapping[str, Any]


@dataclass(frozen=True)
class There:
    """A task on the server. `answered`: somebody answered, skipped or began it."""

    id: int
    data: Mapping[str, Any]
    meta: Mapping[str, Any]
    answered: bool


@dataclass
class Plan:
    """Tasks to import, (id, task) to replace, ids to delete, and what stays, as `Pushed` tells it.

    `reassign` are those, as (id, task), of which only the annotators change: they may be answered.
    """

    create: list[Task] = field(default_factory=list)
    update: list[tuple[int, Task]] = field(default_factory=list)
    reassign: list[tuple[int, Task]] = field(default_factory=list)
    delete: list[int] = field(default_factory=list)
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def make_plan(
    tasks: Sequence[Task], there: Sequence[There], *, delete: bool = False, moved: Collection[str] = ()
) -> Plan:
    """Return what makes the project hold each of `tasks` once.

    Parameters
    ----------
    tasks : sequence of mapping
        With ``data.unit_id``, which is unique.
    there : sequence of There
        Those without ``data.unit_id`` are somebody else's.
    delete : bool
        Whether what is not among `tasks` any more goes.
    moved : collection of str
        Units that have been assigned to somebody else: they go in any case, or two would answer them.
    """
    copies: dict[str, list[There]] = defaultdict(list)
    for found in there:
        if isinstance(unit := found.data.get("unit_id"), str):
            copies[unit].append(found)
    plan = Plan()
    for task in tasks:
        unit = task["data"]["unit_id"]
        if unit not in copies:
            plan.create.append(task)
            continue
        first, *others = sorted(copies.pop(unit), key=lambda copy: (not copy.answered, copy.id))
        _bring(plan, unit, first, task)
        _drop(plan, unit, others)
    for unit, those in copies.items():
        if delete or unit in moved:
            _drop(plan, unit, those)
        else:
            plan.unchanged += len(those)
            plan.left.append(unit)
    return plan


def _bring(plan: Plan, unit: str, there: There, task: Task) -> None:
    same = _content(there.data, there.meta) == _content(task["data"], task.get("meta") or {})
    reassigned = (there.data.get(FIELD) or "") != (task["data"].get(FIELD) or "")
    if not same and not there.answered:
        plan.update.append((there.id, task))
        return
    if not same:
        plan.kept.append(unit)
    if reassigned:
        data = {**there.data, FIELD: task["data"].get(FIELD) or ""}
        plan.reassign.append((there.id, {"data": data, "meta": there.meta}))
    else:
        plan.unchanged += 1


def _drop(plan: Plan, unit: str, tasks: Sequence[There]) -> None:
    for task in tasks:
        if task.answered:
            plan.unchanged += 1
            plan.kept.append(unit)
        else:
            plan.delete.append(task.id)


def _content(data: Mapping[str, Any], meta: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return what makes a task another one. Its probability is read from tasks.jsonl alone, never from the server."""
    return (
        {name: value for name, value in data.items() if name != FIELD},
        {name: value for name, value in meta.items() if name != "probability"},
    )


def answerable(config: str) -> set[str]:
    """Return what can be answered on a page: ``control: label``. The rest of the interface is looks."""
    found: set[str] = set()
    for control in ET.fromstring(config or "<View/>").iter():
        if control.get("toName"):
            labels = [label for label in control.iter() if label is not control and label.get("value")]
            name = control.get("name", "")
            found |= {name, *(f"{name}: {label.get('alias') or label.get('value')}" for label in labels)}
    return found
