"""Sending a plan to a project, so that whatever breaks on the way, no task is there twice.

Label Studio cannot change or delete a task on a condition, so we look just before whether somebody has begun it.

After a failure nobody can say whether a batch is in: the server may have stored it and the answer was lost, or it may
still be at work. So what is there is asked, what is missing is sent again, and copies are looked for at the end.
"""

import time
from collections.abc import Callable, Sequence

from goldwire.labels.exchange.push_plan import Plan, Task, There
from goldwire.labels.server import Client, Project
from goldwire.labels.server.bulk import BEGUN, Filter, after, one_of
from goldwire.labels.server.errors import ServerFailedError, UnreachableError

_LOOK = 100  # tasks that are changed or deleted after one look at who has begun them
_QUIET, _SETTLED = 1.0, 30.0  # seconds without a new task, and how long that is waited for
_PAUSES = (1.0, 3.0, 9.0)  # seconds before what is missing is sent again: a server that restarts takes some


def there(client: Client, project: int, where: Sequence[Filter] = ()) -> list[There]:
    """Return the tasks of a project, by id."""
    begun = set(client.ids(project, [*where, BEGUN]))
    return [
        There(
            id=int(task["id"]),
            data=task["data"],
            meta=task["meta"] or {},
            answered=bool(task["total_annotations"] or task["cancelled_annotations"] or task["id"] in begun),
        )
        for task in client.outline(project, where)
    ]


def made(create: Callable[[], Project], find: Callable[[], Project | None]) -> Project:
    """Create a project; when the answer is lost, look whether it is there."""
    try:
        return create()
    except ServerFailedError:
        if found := find():
            return found
        raise


def send(client: Client, project: int, plan: Plan, before: int, progress: Callable[[int], None]) -> None:
    """Do what a plan says. Where somebody has begun a task since the plan was made, the plan is changed to keep it.

    Parameters
    ----------
    client, project
        The server, and the project's id.
    plan : Plan
    before : int
        The highest id of the project's tasks when the plan was made, 0 without any.
    progress : callable
        Told how many tasks are in.
    """
    _update(client, project, plan)
    for number, task in plan.reassign:
        client.update_task(number, task["data"], task.get("meta") or {})
    plan.delete = _delete(client, project, plan.delete)
    _import(client, project, plan.create, before, progress)


def _update(client: Client, project: int, plan: Plan) -> None:
    done: list[tuple[int, Task]] = []
    for first in range(0, len(plan.update), _LOOK):
        some = plan.update[first : first + _LOOK]
        idle = _idle(client, project, [number for number, _ in some])
        for number, task in some:
            if number in idle:
                client.update_task(number, task["data"], task.get("meta") or {})
                done.append((number, task))
            else:
                plan.kept.append(task["data"]["unit_id"])
                plan.unchanged += 1
    plan.update = done


def _delete(client: Client, project: int, numbers: Sequence[int]) -> list[int]:
    """Delete tasks that nobody has begun, and return them."""
    done: list[int] = []
    for first in range(0, len(numbers), _LOOK):
        some = numbers[first : first + _LOOK]
        idle = _idle(client, project, some)
        client.delete_tasks(project, [number for number in some if number in idle])
        done += [number for number in some if number in idle]
    return done


def _idle(client: Client, project: int, numbers: Sequence[int]) -> set[int]:
    """Return those of the tasks that nobody has begun by now."""
    return {task.id for task in there(client, project, [one_of(numbers)]) if not task.answered} if numbers else set()


def _import(
    client: Client, project: int, tasks: Sequence[Task], before: int, progress: Callable[[int], None]
) -> None:
    missing, doubt = tasks, False
    for pause in (*_PAUSES, None):
        try:
            if doubt:
                _settle(client, project, before)
                arrived = {task.data.get("unit_id") for task in there(client, project, [after(before)])}
                missing = [task for task in tasks if task["data"]["unit_id"] not in arrived]
            if missing:
                sent = len(tasks) - len(missing)
                client.import_tasks(project, missing, lambda count, sent=sent: progress(sent + count))  # type: ignore[misc]
            break
        except (ServerFailedError, UnreachableError):
            if pause is None:
                raise
            doubt = True
            time.sleep(pause)
    # What an earlier push sent may have been stored only now: a batch goes on when its sender has gone.
    if tasks and client.totals(project, [after(before)])[0] > len(tasks):
        _delete(client, project, _copies(there(client, project, [after(before)])))


def _settle(client: Client, project: int, before: int) -> None:
    """Wait until no more tasks arrive: a batch whose answer was lost may still be on its way."""
    count, end = -1, time.monotonic() + _SETTLED
    while time.monotonic() < end:
        now = client.totals(project, [after(before)])[0]
        if now == count:
            return
        count = now
        time.sleep(_QUIET)


def _copies(tasks: Sequence[There]) -> list[int]:
    """Return the ids of all but one task of each unit."""
    seen: set[object] = set()
    found = []
    for task in sorted(tasks, key=lambda task: (not task.answered, task.id)):
        unit = task.data.get("unit_id")
        if unit is not None and unit in seen:
            found.append(task.id)
        seen.add(unit)
    return found
