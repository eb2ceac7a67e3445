"""What is asked of a Label Studio server. How it is asked is in `goldwire.labels.server.calls`."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from goldwire.errors import GoldwireError
from goldwire.labels.rounds import marked
from goldwire.labels.server import bulk
from goldwire.labels.server.calls import Caller
from goldwire.labels.server.settings import settings

Task = dict[str, Any]

_FIELDS = "id,title,description,label_config,maximum_annotations,task_number"


@dataclass(frozen=True)
class Project:
    """What we need to know of a project. `config` is its labelling interface as XML, `tasks` their number."""

    id: int
    title: str
    description: str
    config: str
    maximum_annotations: int
    tasks: int = 0


def connect(url: str | None = None, api_key: str | None = None, *, verify: bool = True) -> "Client":
    """Return a client of the server that LABEL_STUDIO_URL and LABEL_STUDIO_API_KEY name, after asking who we are.

    Parameters
    ----------
    url, api_key : str, optional
        In place of the variables.
    verify : bool
        Whether the server must have a certificate that we trust.

    Raises
    ------
    GoldwireError
        When a variable is missing, the server does not answer, is no Label Studio, or refuses the key.
    """
    client = Client(settings(url, api_key, verify=verify))
    client.whoami()
    return client


class Client(Caller):
    """A Label Studio server, seen with one account's key; see `connect` and `goldwire.labels.server.calls.Caller`."""

    def whoami(self) -> tuple[int, str]:
        """Return the id and e-mail address of the account."""
        me = self.json("ask who we are", lambda sdk: sdk.users.whoami(), again=True)
        return int(me["id"]), str(me["email"])

    def members(self) -> dict[int, str]:
        """Return the e-mail address of every member of the organisation, by user id."""
        users = self.json("list the members", lambda sdk: sdk.users.list(), again=True)
        return {int(user["id"]): str(user["email"]) for user in users}

    def projects(self, round_id: str) -> dict[str | None, Project]:
        """Return the projects that bear the mark of a round: by annotator when it is blind, else one under None.

        Raises
        ------
        GoldwireError
            When several bear the same mark and have tasks, as after duplicating a project. One without tasks is
            what a creation that was answered too late has left, and does not count beside one with tasks.
        """

        def read(sdk: Any) -> list[Project]:
            return [_project(p) for p in sdk.projects.list(include=_FIELDS, page_size=bulk.PAGE)]

        found: dict[str | None, Project] = {}
        for project in sorted(self.call("list the projects", read, again=True), key=lambda project: project.id):
            mark = marked(project.description)
            if mark is None or mark[0] != round_id:
                continue
            other = found.get(mark[1])
            if other is None or (not other.tasks and project.tasks):
                found[mark[1]] = project
            elif other.tasks and project.tasks:
                raise GoldwireError(
                    f"projects {other.id} and {project.id} both have the mark of the round in their description",
                    where=self.url,
                    hint="Remove it from all but the right one, in the project's settings.",
                )
        return found

    def project(self, number: int) -> Project:
        """Return the project with this id."""
        return self.call(f"read project {number}", lambda sdk: _project(sdk.projects.get(number)), again=True)

    def create_project(self, title: str, config: str, description: str, maximum_annotations: int = 1) -> Project:
        """Create a project; a title is cut to 50 characters. `maximum_annotations` is how many answer each task."""
        return self.call(
            "create a project",
            lambda sdk: _project(
                sdk.projects.create(
                    title=title[:50],
                    label_config=config,
                    description=description,
                    maximum_annotations=maximum_annotations,
                )
            ),
        )

    def update_project(self, number: int, *, config: str, maximum_annotations: int) -> None:
        """Replace the labelling interface and the number of annotators per task."""
        self.call(
            f"change project {number}",
            lambda sdk: sdk.projects.update(number, label_config=config, maximum_annotations=maximum_annotations),
            again=True,
        )

    def import_tasks(
        self, project: int, tasks: Sequence[Mapping[str, Any]], done: Callable[[int], None] | None = None
    ) -> list[int]:
        """Import tasks in batches; return their ids in the order of `tasks`.

        The server takes a batch whole or not at all. A task is `data` and `meta`, and may bring `annotations`
        (with `completed_by`, a member's id) and `predictions`. `done` is told after each batch how many are in.

        Raises
        ------
        ServerFailedError
            When a batch may be in, or not. Which of the tasks are there must then be asked.
        """
        return bulk.imported(self, project, tasks, done)

    def update_task(self, number: int, data: Mapping[str, Any], meta: Mapping[str, Any]) -> None:
        """Replace what a task shows."""
        what = f"change task {number}"
        self.call(what, lambda sdk: sdk.tasks.update(str(number), data=dict(data), meta=dict(meta)), again=True)

    def delete_tasks(self, project: int, numbers: Sequence[int]) -> None:
        """Delete tasks with everything that hangs on them; those that have gone already are no error."""
        body = {"selectedItems": {"all": False, "included": list(numbers)}}
        for_all = {"id": "delete_tasks", "project": project}
        if numbers:
            what = f"delete tasks of project {project}"
            self.request(
                what, "POST", "api/dm/actions", params=for_all, content=json.dumps(body).encode(), again=True
            )

    def export(self, project: int, *, drafts: bool = False) -> AbstractContextManager[bulk.Export]:
        """Have the server make a snapshot of a project: the fastest way to all of it. It is removed afterwards.

        Making it takes the server about 2 s for 1,000 tasks with three answers, all within one request.
        """
        return bulk.export(self, project, drafts=drafts)

    def pages(self, project: int, where: Sequence[bulk.Filter] = ()) -> Iterator[Task]:
        """Yield tasks as the server's own JSON, with annotations, predictions and drafts, by id, page by page.

        For few tasks, or all of them when a snapshot cannot be made: about 300 a second.

        Parameters
        ----------
        where : sequence of mapping
            Filters of the Data Manager, all of which must hold; see `goldwire.labels.server.bulk`.
        """
        return bulk.pages(self, project, where)

    def outline(self, project: int, where: Sequence[bulk.Filter] = ()) -> Iterator[Task]:
        """Yield id, data, meta, total_annotations and cancelled_annotations of tasks, by id."""
        return bulk.listed(self, project, where, include="id,data,meta,total_annotations,cancelled_annotations")

    def sizes(self, project: int) -> Iterator[Task]:
        """Yield id, total_annotations, cancelled_annotations and total_predictions of every task, by id."""
        return bulk.listed(self, project, include="id,total_annotations,cancelled_annotations,total_predictions")

    def size(self, project: int) -> tuple[int, int, int]:
        """Return how many tasks, annotations (skipped ones too) and predictions a project has."""
        found = self.json(f"read project {project}", lambda sdk: sdk.projects.get(project), again=True)
        annotations = int(found["total_annotations_number"] or 0) + int(found["skipped_annotations_number"] or 0)
        return int(found["task_number"] or 0), annotations, int(found["total_predictions_number"] or 0)

    def stamps(self, project: int, where: Sequence[bulk.Filter]) -> Iterator[tuple[int, str]]:
        """Yield the id and ``updated_at`` of tasks, by id."""
        for task in bulk.listed(self, project, where, include="id,updated_at"):
            yield int(task["id"]), str(task["updated_at"])

    def totals(self, project: int, where: Sequence[bulk.Filter]) -> tuple[int, int, int]:
        """Return how many tasks the filters let through, and their annotations (not skipped ones) and predictions."""
        return bulk.totals(self, project, where)

    def ids(self, project: int, where: Sequence[bulk.Filter] = ()) -> list[int]:
        """Return the ids of tasks, in order."""
        return [int(task["id"]) for task in bulk.listed(self, project, where, include="id")]

    def newest(self, project: int) -> str | None:
        """Return the latest ``updated_at`` of a project's tasks, None without tasks."""
        return bulk.newest(self, project)

    def tasks(self, project: int, *, drafts: bool = False) -> list[Task]:
        """Return all tasks of a project, by id. All are held in memory: where that matters, see `export`."""
        with self.export(project, drafts=drafts) as made:
            return sorted(made.tasks(), key=lambda task: int(task["id"]))

    def submit(
        self,
        task: int,
        result: Sequence[Mapping[str, Any]],
        *,
        lead_time: float | None = None,
        skipped: bool = False,
        completed_by: int | None = None,
    ) -> int:
        """Submit an answer to a task, as this account or as the member `completed_by`; return its id.

        `result` is in Label Studio's form, `lead_time` in seconds.
        """
        extra = {"lead_time": lead_time, "completed_by": completed_by}
        given = {key: value for key, value in extra.items() if value is not None}
        answer = self.json(
            f"submit an answer to task {task}",
            lambda sdk: sdk.annotations.create(task, result=list(result), was_cancelled=skipped, **given),
        )
        return int(answer["id"])


def _project(found: Any) -> Project:
    return Project(
        id=int(found.id),
        title=found.title or "",
        description=found.description or "",
        config=found.label_config or "",
        maximum_annotations=int(found.maximum_annotations or 1),
        tasks=int(getattr(found, "task_number", None) or 0),
    )
