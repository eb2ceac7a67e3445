"""Predictions on a Label Studio server: listed, imported, changed, deleted, and shown to annotators.

What the server does not do, and its users must: it takes the same prediction twice, and leaves out without a word
one whose labels or score do not fit. An annotation forgets which prediction it began from when that is deleted.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from goldwire.labels.predictions.origin import COPIED
from goldwire.labels.server import Client
from goldwire.labels.server.bulk import BEGUN, one_of
from goldwire.labels.server.errors import ServerFailedError

Prediction = Mapping[str, Any]

_SECONDS = 900.0
_TASKS = 100  # asked for by their ids at once


def tasks_by_unit(client: Client, project: int) -> dict[str, int]:
    """Return the task of each unit of a project; of several copies, the first that was answered, or the first."""
    found = []
    for task in client.outline(project):
        if isinstance(unit := task["data"].get("unit_id"), str):
            answers = (task.get("total_annotations") or 0) + (task.get("cancelled_annotations") or 0)
            found.append((not answers, int(task["id"]), unit))
    units: dict[str, int] = {}
    for _, number, unit in sorted(found):
        units.setdefault(unit, number)
    return units


def listing(client: Client, project: int) -> list[dict[str, Any]]:
    """Return all predictions of a project, by id: id, task, model_version, score, result and more."""
    what = f"list the predictions of project {project}"
    found = _json(client, what, "GET", "api/predictions/", params={"project": project})
    return sorted(found, key=lambda prediction: int(prediction["id"]))


def in_use(client: Client, project: int, tasks: Sequence[int]) -> set[int]:
    """Return the predictions for these tasks from which an answer began.

    A draft, and an answer that was one, does not say from which: then all predictions of its task are in use.
    """
    used: set[int] = set()
    for first in range(0, len(tasks), _TASKS):
        those = one_of(tasks[first : first + _TASKS])
        drafted = set(client.ids(project, [those, BEGUN]))  # a page has only the drafts of who asks
        for task in client.pages(project, [those]):
            begun = [annotation.get("parent_prediction") for annotation in task["annotations"]]
            used |= {int(number) for number in begun if number is not None}
            items = [item for annotation in task["annotations"] for item in annotation.get("result") or []]
            if task["id"] in drafted or any(item.get("origin") in COPIED for item in items):
                used |= {int(prediction["id"]) for prediction in task["predictions"]}
    return used


def create(client: Client, project: int, batch: list[bytes]) -> int:
    """Import one batch of predictions (task, model_version, score, result); return how many the server made.

    A request that fails can have made some or all of them: list them before it is sent again.
    """
    what, path = f"import predictions into project {project}", f"api/projects/{project}/import/predictions"
    return int(_json(client, what, "POST", path, content=b"[" + b",".join(batch) + b"]")["created"])


def change(client: Client, number: int, prediction: Prediction) -> None:
    """Replace score and result of a prediction; its id stays, so a page that shows the old one can be submitted."""
    content = json.dumps({"score": prediction["score"], "result": prediction["result"]}).encode()
    client.request(f"change prediction {number}", "PATCH", f"api/predictions/{number}/", content=content)


def delete(client: Client, number: int) -> None:
    """Delete a prediction. Annotations that began from it stay, and do not know that any more."""
    client.request(f"delete prediction {number}", "DELETE", f"api/predictions/{number}/")


def shown(client: Client, project: int) -> str | None:
    """Return the model from whose predictions the page starts; None when it starts empty."""
    found = _json(client, f"read project {project}", "GET", f"api/projects/{project}/")
    return (found["model_version"] or None) if found["show_collab_predictions"] else None


def show(client: Client, project: int, model: str) -> None:
    """Let the page start from the predictions of a model, of which the project must have some.

    Without it a task that is opened by hand starts from its latest prediction, and one that is handed out from none.
    """
    content = json.dumps({"model_version": model, "show_collab_predictions": True}).encode()
    client.request(f"show predictions in project {project}", "PATCH", f"api/projects/{project}/", content=content)


def _json(
    client: Client,
    what: str,
    method: str,
    path: str,
    *,
    params: Mapping[str, Any] | None = None,
    content: bytes | None = None,
) -> Any:
    answer = client.request(what, method, path, params=params, content=content, seconds=_SECONDS)
    try:
        return json.loads(answer)
    except ValueError:
        raise ServerFailedError(f"cannot {what}: the answer is not Label Studio's", where=client.url) from None
