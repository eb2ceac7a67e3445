"""From units to their tasks in Label Studio, as the pulled parts know them."""

from collections import defaultdict

import msgspec

from goldwire.labels import rounds
from goldwire.labels.parts.index import known
from goldwire.labels.parts.lines import check, listing
from goldwire.study import Study


class _Data(msgspec.Struct, gc=False):
    unit_id: str | None = None


class _Task(msgspec.Struct, gc=False):
    """A line of a part; one that says that a task has gone has no id."""

    id: int | None = None
    data: _Data | None = None


def task_links(study: Study, *, scheme: str | None = None) -> dict[str, list[dict[str, int]]]:
    """Return the tasks that show each unit, as they stand in the pulled parts.

    A unit has several where it was asked in several rounds, or of several annotators in a blind one. Tasks that have
    gone from the server, and those whose project is not known, are left out.

    Parameters
    ----------
    study : Study
    scheme : str, optional
        Only rounds with this scheme.

    Returns
    -------
    dict
        unit_id -> ``[{"project": int, "task": int}]``, sorted; the numbers are the server's.

    Raises
    ------
    GoldwireError
        When a round.yaml is wrong, or a part is missing, torn, or was edited.
    """
    found: dict[str, set[tuple[int, int]]] = defaultdict(set)
    decoder = msgspec.json.Decoder(_Task)
    for folder in rounds.listing(study.rounds):
        if scheme is not None and rounds.read(folder).scheme != scheme:
            continue
        units: dict[int, str | None] = {}
        for path in listing(folder / "pulls"):
            for line in check(path).lines():
                task = decoder.decode(line)
                if task.id is not None:
                    units[task.id] = task.data.unit_id if task.data else None
        for number, task_now in known(folder / "pulls").items():
            unit = units.get(number)
            if unit is not None and task_now.project and not task_now.deleted:
                found[unit].add((task_now.project, number))
    return {
        unit: [{"project": project, "task": task} for project, task in sorted(tasks)]
        for unit, tasks in sorted(found.items())
    }
