"""What comes on the old page while a migration rewrites the answers on the server."""

from collections.abc import Iterator
from typing import Any

from goldwire.errors import GoldwireError
from goldwire.labels.fold import results
from goldwire.labels.interface import controls
from goldwire.labels.migrate.rules import Migration
from goldwire.labels.migrate.server_results import Mapper
from goldwire.labels.migrate.settle import Row, line_of, some
from goldwire.labels.server import Client, Project
from goldwire.labels.server.bulk import BEGUN

MEND = "Give it an answer of the new scheme in Label Studio, then run this again."


def late(
    client: Client, projects: list[Project], lines: list[Row], migration: Migration, settled: dict[int, Any]
) -> Iterator[Row]:
    """Yield what was submitted on the old page after the journal was written; `settled` is what was there then.

    Raises
    ------
    GoldwireError
        When it cannot be read under the new scheme, and not be rewritten, or somebody has begun such an answer: the
        new page would show nothing of it.
    """
    mapper, known = Mapper(migration), {(line["kind"], line["id"]) for line in lines}
    begun = []
    for project in projects:
        for task in client.tasks(project.id, drafts=bool(client.ids(project.id, [BEGUN]))):
            text = str(task["data"].get("text"))
            for one in task["annotations"]:
                number, result = int(one["id"]), one["result"]
                if ("annotation", number) in known or settled.get(number) == result:
                    continue
                if not (wrong := unreadable(result, migration, text)):
                    continue
                mapped = mapper.of(result)
                if mapped.result == result or mapped.again or mapped.undecided:
                    raise GoldwireError(
                        f"annotation {number} (task {task['id']}) came while answers were being rewritten, and the "
                        f"mapping does not say what it becomes: {wrong}",
                        where=place(client, task["id"]),
                        hint=MEND,
                    )
                yield line_of("annotation", task, one, mapped)
            drafts = [one["result"] for one in task.get("drafts") or [] if isinstance(one, dict)]
            if any(mapper.of(one).result != one and unreadable(one, migration, text) for one in drafts):
                begun.append(int(task["id"]))
    if begun:
        raise GoldwireError(
            f"somebody began an answer on the old page while answers were being rewritten: tasks {some(begun)}",
            where=place(client, begun[0]),
            hint="Have it submitted or removed, then run this again.",
        )


def unreadable(result: list[Row], migration: Migration, text: str) -> str | None:
    """Return what keeps a result from being an answer to the new scheme."""
    old, new = controls(migration.old), controls(migration.new)
    names = [str(item.get("from_name")) for item in result]
    if gone := [name for name in names if name in old and name not in new]:
        return f'"{gone[0]}" is not asked any more'
    try:
        results.read(result, migration.new, new, text)
    except GoldwireError as error:
        return error.message
    return None


def place(client: Client, task: int) -> str:
    """Return where a task is, for an error."""
    return f"{client.url}: task {task}"
