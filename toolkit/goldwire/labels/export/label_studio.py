"""Label Studio JSON again: a round's answers as its parts hold them, in the form of Label Studio's own export."""

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from goldwire.errors import GoldwireError
from goldwire.files import write_text
from goldwire.labels import parts, rounds
from goldwire.labels.parts import Task
from goldwire.labels.team import assigned
from goldwire.study import Study

_ONLY_HERE = ("created_at", "updated_at", "id", "import_id", "last_action", "parent_annotation", "parent_prediction")


def write(study: Study, round_name: str, into: Path, *, people: bool = True) -> dict[str, int]:
    """Write the tasks of a round with the answers that are on the server, a JSON array for each of its projects.

    ``goldwire labels pull NEW --file FILE`` reads it as a round of another study, with the same answers of the same
    annotators. A Label Studio server knows no pseudonyms and refuses them: for one, leave `people` out; every answer
    is then by who imports it.

    Parameters
    ----------
    people : bool
        Say by pseudonym who gave an answer, and keep the numbers of the server it is from.

    Returns
    -------
    dict
        File name to tasks: ROUND.json, or ROUND.PROJECT.json where a round is blind.

    Raises
    ------
    GoldwireError
        When the round is not there or nothing was pulled, or a part is torn or was edited.
    """
    folder = study.rounds / round_name
    rounds.read(folder)
    listed = parts.listing(folder / "pulls")
    if not listed:
        raise GoldwireError(
            "nothing was pulled yet", where=str(folder), hint=f"Bring it here with: goldwire labels pull {round_name}"
        )
    projects: dict[int, list[Task]] = defaultdict(list)
    for task in parts.state(map(parts.read, listed)).values():
        if not task.get("deleted"):
            projects[int(task["project"])].append(_task(task, people))
    written = {}
    for project, tasks in sorted(projects.items()):
        name = f"{round_name}.json" if len(projects) == 1 else f"{round_name}.{project}.json"
        write_text(into / name, _array(tasks))
        written[name] = len(tasks)
    return written


def _task(task: Task, people: bool) -> Task:
    answers = list(parts.live(task).values())
    if people:
        return {**task, "annotations": answers}
    plain = [{k: v for k, v in one.items() if k not in (*_ONLY_HERE, "completed_by")} for one in answers]
    data = {name: value for name, value in task["data"].items() if name != assigned.FIELD}
    return {"data": data, "meta": task.get("meta") or {}, "annotations": plain}


def _array(tasks: Sequence[Task]) -> str:
    """One task a line, so that git shows which changed."""
    lines = (json.dumps(task, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for task in tasks)
    return "[\n" + ",\n".join(lines) + "\n]\n"
