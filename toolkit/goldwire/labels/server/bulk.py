"""Many tasks at once, to a Label Studio server and back. Used by `goldwire.labels.server` alone."""

import contextlib
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from goldwire.errors import GoldwireError
from goldwire.labels.server.errors import ServerFailedError
from goldwire.labels.server.json_array import GATHER, objects

T = TypeVar("T")
Task = dict[str, Any]
Filter = Mapping[str, Any]
"""A condition of the Data Manager: filter, operator, type, value."""

BATCH_TASKS = 5000
BATCH_BYTES = 25_000_000  # the server takes 250 MiB; less is in sooner, and is lost alone
PAGE = 100
OUTLINE_PAGE = 1000
LONG = 900.0  # seconds: an export and an import are made while the request waits
_TITLE = "goldwire-"
_UNREAD = timedelta(seconds=2 * LONG)  # no pull reads an export that is older


class Connection(Protocol):
    """What of a client is needed here; see `goldwire.labels.server.Client`."""

    url: str

    def call(self, what: str, ask: Callable[[Any], T], *, again: bool = False) -> T: ...

    def json(self, what: str, ask: Callable[[Any], Any], *, again: bool = False) -> Any: ...

    def request(
        self,
        what: str,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        content: bytes | None = None,
        seconds: float = 60,
    ) -> bytes: ...

    def stream(self, what: str, ask: Callable[[Any], Iterator[bytes]]) -> Iterator[bytes]: ...


def batches(tasks: Sequence[Mapping[str, Any]]) -> Iterator[list[bytes]]:
    """Yield tasks, or predictions, as JSON, in requests of at most BATCH_TASKS and BATCH_BYTES, one at least."""
    import msgspec

    encode = msgspec.json.Encoder().encode
    batch: list[bytes] = []
    size = 0
    for task in tasks:
        line = encode(task)
        if batch and (len(batch) >= BATCH_TASKS or size + len(line) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line)
    if batch:
        yield batch


def imported(
    client: Connection, project: int, tasks: Sequence[Mapping[str, Any]], done: Callable[[int], None] | None = None
) -> list[int]:
    """Import tasks; see `goldwire.labels.server.Client.import_tasks`."""
    import msgspec

    ids: list[int] = []
    for batch in batches(tasks):
        answer = client.request(
            f"import tasks into project {project}",
            "POST",
            f"api/projects/{project}/import",
            params={"return_task_ids": "true"},
            content=b"[" + b",".join(batch) + b"]",
            seconds=LONG,
        )
        made = _ids(answer, msgspec.json.decode)
        if made is None or len(made) != len(batch):
            raise ServerFailedError(
                f"the server did not say that it made {len(batch)} tasks",
                where=f"{client.url}: project {project}",
                hint="Push again: what is missing is added.",
            )
        ids += made
        if done:
            done(len(ids))
    return ids


def _ids(answer: bytes, decode: Callable[[bytes], Any]) -> list[int] | None:
    try:
        value = decode(answer)
        return [int(number) for number in value["task_ids"]]
    except (ValueError, KeyError, TypeError):
        return None


class Export:
    """A snapshot of a project that the server has made; see `goldwire.labels.server.Client.export`.

    Attributes
    ----------
    made_at : str
        When the server began to make it, by the clock of its ``updated_at``. ISO 8601, UTC.
    """

    def __init__(self, client: Connection, project: int, made: Mapping[str, Any]) -> None:
        self.made_at = str(made["created_at"])
        self._client, self._project = client, project
        self._number, self._checksum = int(made["id"]), made["md5"]

    def tasks(self) -> Iterator[Task]:
        """Yield the tasks while they arrive; each call fetches them anew.

        After the last one the server's checksum is compared, so whoever stores them must not take them for good
        before the end.

        Raises
        ------
        ServerFailedError
            When less or something else arrives than the server made.
        """
        what = f"fetch the export of project {self._project}"
        seen = hashlib.md5(usedforsecurity=False)

        def chunks() -> Iterator[bytes]:
            for chunk in self._client.stream(what, lambda sdk: self._download(sdk)):
                seen.update(chunk)
                yield chunk

        try:
            yield from objects(chunks())
        except ValueError:
            raise ServerFailedError(f"cannot {what}: not all of it came", where=self._client.url) from None
        if self._checksum and seen.hexdigest() != self._checksum:
            raise ServerFailedError(f"cannot {what}: something else came", where=self._client.url)

    def _download(self, sdk: Any) -> Iterator[bytes]:
        options = {"timeout_in_seconds": LONG, "chunk_size": GATHER}
        found: Iterator[bytes] = sdk.projects.exports.download(
            self._project, self._number, export_type="JSON", request_options=options
        )
        return found


@contextlib.contextmanager
def export(client: Connection, project: int, *, drafts: bool = False) -> Iterator[Export]:
    """Have the server make an export, and remove it again; see `goldwire.labels.server.Client.export`."""
    what = f"export project {project}"
    options = {
        "annotations__completed_by": {"only_id": False},
        "predictions": {"only_id": False},
        "drafts": {"only_id": not drafts},
    }
    request = {"timeout_in_seconds": LONG, "additional_body_parameters": {"serialization_options": options}}
    title = _TITLE + secrets.token_hex(4)
    try:
        made = client.json(
            what, lambda sdk: sdk.projects.exports.create(project, title=title, request_options=request)
        )
    except ServerFailedError:
        _remove(client, project, lambda export: export["title"] == title)  # it may have been made all the same
        raise
    number = int(made["id"])
    _remove(client, project, lambda export: _is_left(export, made))
    try:
        end = time.monotonic() + LONG
        while made["status"] not in ("completed", "failed") and time.monotonic() < end:  # made later, with a queue
            time.sleep(1)
            made = client.json(what, lambda sdk: sdk.projects.exports.get(project, number), again=True)
        if made["status"] != "completed":
            raise ServerFailedError(f"cannot {what}: the server's export is {made['status']}", where=client.url)
        yield Export(client, project, made)
    finally:
        with contextlib.suppress(GoldwireError):  # what went wrong before says more
            _delete(client, project, number)


def pages(client: Connection, project: int, where: Sequence[Filter] = ()) -> Iterator[Task]:
    """Yield tasks page by page; see `goldwire.labels.server.Client.pages`."""
    return listed(client, project, where, PAGE, fields="all")


def _remove(client: Connection, project: int, chosen: Callable[[Mapping[str, Any]], bool]) -> None:
    """Delete exports: each is a copy of the project on the server's disk. What fails is left for the next time."""
    what = f"list the exports of project {project}"
    with contextlib.suppress(GoldwireError):
        for export in client.json(what, lambda sdk: sdk.projects.exports.list(project), again=True):
            if chosen(export):
                _delete(client, project, int(export["id"]))


def _delete(client: Connection, project: int, number: int) -> None:
    what = f"remove export {number} of project {project}"
    client.call(what, lambda sdk: sdk.projects.exports.delete(project, number))


def _is_left(export: Mapping[str, Any], made: Mapping[str, Any]) -> bool:
    """Whether an export is what a killed pull has left: so old, by the server's clock, that nobody reads it now."""
    begun, now = (datetime.fromisoformat(str(one["created_at"])) for one in (export, made))
    return str(export["title"]).startswith(_TITLE) and now - begun > _UNREAD


def listed(
    client: Connection, project: int, where: Sequence[Filter] = (), size: int = OUTLINE_PAGE, **fields: str
) -> Iterator[Task]:
    """Yield tasks by id, `size` a request.

    Raises
    ------
    ServerFailedError
        When less comes than the server says it has.
    """
    last, left = 0, 1
    while left:
        # from the last id on, not by number of page: a task that is deleted meanwhile would shift the others
        page = _page(client, project, [*where, after(last)], size, **fields)
        left = page["total"] - len(page["tasks"])
        if left and not page["tasks"]:
            raise ServerFailedError(f"the server keeps back {left} tasks of project {project}", where=client.url)
        for task in page["tasks"]:
            last = max(last, int(task["id"]))
            yield task


def totals(client: Connection, project: int, where: Sequence[Filter] = ()) -> tuple[int, int, int]:
    """Return how many tasks there are, and how many annotations (without skipped ones) and predictions they have."""
    page = _page(client, project, where, 1, include="id")
    return int(page["total"]), int(page["total_annotations"]), int(page["total_predictions"])


def newest(client: Connection, project: int) -> str | None:
    """Return the latest ``updated_at`` of a project's tasks."""
    page = _page(client, project, (), 1, order="-tasks:updated_at", include="updated_at")
    return str(page["tasks"][0]["updated_at"]) if page["tasks"] else None


def after(number: int) -> Filter:
    """Return the filter for tasks with a greater id."""
    return {"filter": "filter:tasks:id", "operator": "greater", "type": "Number", "value": number}


def one_of(numbers: Sequence[int]) -> Filter:
    """Return the filter for tasks with one of these ids."""
    return {"filter": "filter:tasks:id", "operator": "in_list", "type": "Number", "value": list(numbers)}


def since(moment: str) -> Filter:
    """Return the filter for tasks that were changed after a moment (ISO 8601) of the server's clock."""
    return {"filter": "filter:tasks:updated_at", "operator": "greater", "type": "Datetime", "value": moment}


BEGUN: Filter = {"filter": "filter:tasks:draft_exists", "operator": "equal", "type": "Boolean", "value": True}
"""The filter for tasks with a draft."""


def _page(
    client: Connection,
    project: int,
    where: Sequence[Filter],
    size: int,
    *,
    order: str = "tasks:id",
    **fields: str,
) -> dict[str, Any]:
    query = {"filters": {"conjunction": "and", "items": list(where)}, "ordering": [order]}
    parameters = {"project": project, "page_size": size, "query": json.dumps(query), **fields}
    what = f"list the tasks of project {project}"
    answer = client.request(what, "GET", "api/tasks", params=parameters, seconds=LONG)
    try:
        page: dict[str, Any] = json.loads(answer)
        if isinstance(page["total"], int) and isinstance(page["tasks"], list):
            return page
    except (ValueError, KeyError, TypeError):
        pass
    raise ServerFailedError(f"cannot {what}: the answer is not Label Studio's", where=client.url)
