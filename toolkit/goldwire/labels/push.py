"""Push: a round's tasks become a Label Studio project, once, however often it is called."""

import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from goldwire.errors import GoldwireError
from goldwire.labels.pull import refuse_another
from goldwire.labels.rounds import Round
from goldwire.labels.server import Client, Project

Task = Mapping[str, Any]


@dataclass(frozen=True)
class Pushed:
    """What a push did, or with `dry_run` would do.

    `created`, `updated`, `unchanged` and `deleted` count tasks. `kept` names the units whose task should change or
    go, and stays as it is because somebody answered it. `project` is None when a dry run would make one.
    """

    project: int | None
    projects: list[int]
    created: int
    updated: int
    unchanged: int
    deleted: int
    kept: list[str] = field(default_factory=list)


@dataclass
class _Plan:
    """Tasks to import, (id, task) to replace, ids to delete."""

    create: list[Task] = field(default_factory=list)
    update: list[tuple[int, Task]] = field(default_factory=list)
    delete: list[int] = field(default_factory=list)
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)


def push(
    client: Client,
    round_: Round,
    tasks: Sequence[Task],
    config: str,
    title: str,
    dry_run: bool = False,
    *,
    pulled: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Pushed:
    """Bring the round's project to what `tasks` says, and make the project when there is none.

    Tasks are recognised by ``data.unit_id``; tasks without one are somebody else's and are left alone. What an
    interrupted push left out is added by the next one. A task that nobody answered is replaced when its data have
    changed, deleted when its unit is no longer in the round, and deleted when it is a second copy. A unit's
    probability may change with every larger sample: that alone is no change.

    Parameters
    ----------
    client : Client
        The server; see `goldwire.labels.server.connect`.
    round_ : Round
        Its mark is left in the project's description; its overlap is how many annotators answer a task.
    tasks : sequence of mapping
        ``data`` and ``meta`` of each; see `goldwire.labels.rounds.tasks`. `annotations` and `predictions` are
        imported with a new task.
    config : str
        The labelling interface, XML.
    title : str
        Of a new project, three characters at least.
    dry_run : bool
        Change nothing on the server.
    pulled : int, optional
        The project that the round was pulled from before; a push to another one is refused.
    progress : callable, optional
        Told after each batch how many tasks were imported.

    Raises
    ------
    GoldwireError
        When the server fails, the round is blind, the interface would lose labels that answers may have, or the
        project is another one than `pulled`.
    """
    if round_.blind:
        raise GoldwireError(
            f"round {round_.round} is blind, and a project for each annotator cannot be made yet",
            hint="Set blind: false in its round.yaml.",
        )
    project = client.find_project(round_.marker())
    refuse_another(client, round_, project, pulled)
    there = client.tasks(project.id, drafts=True) if project else []
    plan = _plan(tasks, there)
    outdated = project is not None and _outdated(client, project, round_, config, there)
    if not dry_run:
        if project is None:
            description = f"{title}\n\n{round_.marker()} (goldwire finds the project by this mark)"
            project = client.create_project(title, config, description, round_.overlap)
        elif outdated:
            client.update_project(project.id, config=config, maximum_annotations=round_.overlap)
        for number, task in plan.update:
            client.update_task(number, task["data"], task.get("meta") or {})
        for number in plan.delete:
            client.delete_task(number)
        client.import_tasks(project.id, plan.create, progress)
    return Pushed(
        project=project.id if project else None,
        projects=[project.id] if project else [],
        created=len(plan.create),
        updated=len(plan.update),
        unchanged=plan.unchanged,
        deleted=len(plan.delete),
        kept=plan.kept,
    )


def _plan(tasks: Sequence[Task], there: Sequence[Task]) -> _Plan:
    copies: dict[str, list[Task]] = defaultdict(list)
    for task in there:
        if isinstance(unit := task["data"].get("unit_id"), str):
            copies[unit].append(task)
    plan = _Plan()
    for task in tasks:
        unit = task["data"]["unit_id"]
        found = sorted(copies.pop(unit, []), key=lambda copy: (not _answered(copy), copy["id"]))
        if not found:
            plan.create.append(task)
            continue
        first, *others = found
        if _content(first) == _content(task):
            plan.unchanged += 1
        elif _answered(first):
            plan.unchanged += 1
            plan.kept.append(unit)
        else:
            plan.update.append((int(first["id"]), task))
        _drop(plan, unit, others)
    for unit, found in copies.items():
        _drop(plan, unit, found)
    return plan


def _drop(plan: _Plan, unit: str, tasks: Sequence[Task]) -> None:
    for task in tasks:
        if _answered(task):
            plan.unchanged += 1
            plan.kept.append(unit)
        else:
            plan.delete.append(int(task["id"]))


def _answered(task: Task) -> bool:
    """Whether somebody answered, skipped or began it."""
    return bool(task["annotations"] or task["drafts"])


def _content(task: Task) -> tuple[Any, Any]:
    """Return what makes a task another one. Its probability is read from tasks.jsonl alone, never from the server."""
    meta = task.get("meta") or {}
    return task["data"], {name: value for name, value in meta.items() if name != "probability"}


def _outdated(client: Client, project: Project, round_: Round, config: str, there: Sequence[Task]) -> bool:
    """Whether the project must change; an error when answers could be orphaned by that."""
    same = project.config == config and project.maximum_annotations == round_.overlap
    lost = sorted(_choices(project.config) - _choices(config))
    if not same and lost and any(_answered(task) for task in there):
        raise GoldwireError(
            f"the scheme has changed, and answers may have what it lost: {', '.join(lost[:5])}",
            where=f"{client.url}: project {project.id}",
            hint="Make a new round with the new scheme: goldwire labels tasks ROUND --scheme NAME",
        )
    return not same


def _choices(config: str) -> set[str]:
    """What can be answered on the page: ``control: label``. The rest of the interface is looks."""
    found: set[str] = set()
    for control in ET.fromstring(config or "<View/>").iter():
        if control.get("toName"):
            labels = [label for label in control.iter() if label is not control and label.get("value")]
            name = control.get("name", "")
            found |= {name, *(f"{name}: {label.get('alias') or label.get('value')}" for label in labels)}
    return found
