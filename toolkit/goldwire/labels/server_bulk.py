"""Many tasks at once, to a Label Studio server and back. Used by `goldwire.labels.server` alone."""

import contextlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from goldwire.errors import GoldwireError
from goldwire.labels.server_errors import ServerFailedError

T = TypeVar("T")

BATCH_TASKS = 1000
BATCH_BYTES = 50_000_000
PAGE = 100
LONG = {"timeout_in_seconds": 900}  # an export and an import are made while the request waits


class Connection(Protocol):
    """What of a client is needed here; see `goldwire.labels.server.Client`."""

    url: str

    def call(self, what: str, ask: Callable[[Any], T]) -> T: ...

    def json(self, what: str, ask: Callable[[Any], Any]) -> Any: ...


def batches(tasks: Sequence[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """Split into requests of at most BATCH_TASKS tasks and BATCH_BYTES bytes, one task at least."""
    batch: list[Mapping[str, Any]] = []
    size = 0
    for task in tasks:
        length = len(json.dumps(task, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        if batch and (len(batch) >= BATCH_TASKS or size + length > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(task)
        size += length
    if batch:
        yield batch


def snapshot(client: Connection, project: int, *, drafts: bool = False) -> list[dict[str, Any]]:
    """Return all tasks through an export that the server makes, and remove that export again."""
    what = f"export project {project}"
    options = {
        "annotations__completed_by": {"only_id": False},
        "predictions": {"only_id": False},
        "drafts": {"only_id": not drafts},
    }
    request = {**LONG, "additional_body_parameters": {"serialization_options": options}}
    made = client.json(
        what, lambda sdk: sdk.projects.exports.create(project, title="goldwire", request_options=request)
    )
    number = int(made["id"])
    try:
        end = time.monotonic() + LONG["timeout_in_seconds"]
        while made["status"] not in ("completed", "failed") and time.monotonic() < end:  # made later, with a queue
            time.sleep(1)
            made = client.json(what, lambda sdk: sdk.projects.exports.get(project, number))
        if made["status"] != "completed":
            raise ServerFailedError(f"cannot {what}: the server's export is {made['status']}", where=client.url)
        return client.call(what, lambda sdk: _downloaded(sdk, project, number))
    finally:
        with contextlib.suppress(GoldwireError):  # what went wrong before says more
            client.call(what, lambda sdk: sdk.projects.exports.delete(project, number))


def _downloaded(sdk: Any, project: int, export: int) -> list[dict[str, Any]]:
    chunks = sdk.projects.exports.download(project, export, export_type="JSON", request_options=LONG)
    tasks: list[dict[str, Any]] = json.loads(b"".join(chunks))
    return tasks


def pages(client: Connection, project: int) -> list[dict[str, Any]]:
    """Return all tasks page by page. The SDK takes a failing page for the last one, so we ask and count ourselves."""
    tasks: list[dict[str, Any]] = []
    total = 1
    while len(tasks) < total:
        page = _page(client, project, len(tasks) // PAGE + 1)
        total = page["total"]
        tasks += page["tasks"]
        if len(page["tasks"]) < PAGE and len(tasks) < total:
            raise ServerFailedError(f"the server listed {len(tasks)} tasks of {total}", where=client.url)
    return tasks


def _page(client: Connection, project: int, number: int) -> Any:
    return client.json(
        f"list the tasks of project {project}",
        lambda sdk: sdk.tasks.list(project=project, page=number, page_size=PAGE, fields="all"),
    )
