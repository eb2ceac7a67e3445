"""What a migration on the server is going to write, settled and checked before anything is written."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from goldwire.errors import GoldwireError
from goldwire.labels import parts
from goldwire.labels.migrate.compare import Field
from goldwire.labels.migrate.rules import Migration
from goldwire.labels.migrate.server_results import Mapped, Mapper
from goldwire.labels.rounds import Round
from goldwire.labels.server import Client, Project
from goldwire.provenance import digest

Row = dict[str, Any]


def settle(folder: Path, round_: Round, migration: Migration, client: Client, clear: bool) -> Iterator[Row]:
    """Yield the journal: a header, and a line for everything that changes.

    Raises
    ------
    GoldwireError
        When it cannot be done: see `goldwire.labels.migrate.in_place.migrate_in_place`.
    """
    projects = _projects(client, round_)
    where = f"{client.url}: round {round_.round}"
    known = pulled(folder)
    mapper = Mapper(migration)
    lines, again, undecided, drafts, late = [], [], [], [], []
    for project in projects:
        with client.export(project.id, drafts=True) as made:
            for task in made.tasks():
                for kind, one in _everything(task):
                    mapped = mapper.of(one.get("result") or [])
                    undecided += mapped.undecided
                    if kind == "draft":
                        drafts += [task["id"]] if mapped.result != (one.get("result") or []) else []
                        continue
                    if kind == "annotation":
                        again += mapped.again
                        late += [one["id"]] if known.get(int(one["id"])) != one["result"] else []
                    lines.append(line_of(kind, task, one, mapped))
    _refuse(migration, undecided, again, drafts, late, clear, where)
    yield {"from": migration.old.hash, "to": migration.new.hash, "projects": [project.id for project in projects]}
    yield from _in_time(lines)


def pulled(folder: Path) -> dict[int, Any]:
    """Return the result of every annotation on the server, as it was pulled last; `folder` is the round's."""
    state = parts.state(parts.read(path) for path in parts.listing(folder / "pulls"))
    return {number: one["result"] for task in state.values() for number, one in parts.live(task).items()}


def _in_time(lines: list[Row]) -> Iterator[Row]:
    """Yield what changes, in the order in which it was last changed, and what must keep its place after it.

    The server's clock moves with each change, and of several annotations of a unit by one annotator the latest
    counts: when one of them changes, the later ones are written again as they are.
    """
    changing: set[str] = set()
    for line in sorted(lines, key=lambda line: (str(line["updated_at"]), line["id"])):
        if line["new"] != line["old"] or (line["kind"] == "annotation" and line["by"] in changing):
            changing.add(line["by"])
            yield line


def _refuse(
    migration: Migration,
    undecided: list[tuple[str, str]],
    again: list[tuple[str, str]],
    drafts: list[int],
    late: list[int],
    clear: bool,
    where: str,
) -> None:
    said = f"{migration.new.name} {migration.new.version}"
    if undecided:
        names = ", ".join(f"{name}: {label}" for name, label in sorted(set(undecided)))
        raise GoldwireError(
            f"what {said} makes of these is not decided: {names}", where=migration.source, hint="Say it there."
        )
    fields = migration.new_fields
    never = [name for name in migration.added if migration.added[name] == "again" and _reads_empty(fields, name)]
    never += [name for name, _ in again if _reads_empty(fields, name)]
    if never:
        raise GoldwireError(
            f"{', '.join(sorted(set(never)))} must be answered again, and an emptied answer would read as one",
            where=migration.source,
            hint="Leave --in-place out: a new round asks these units again.",
        )
    if again and not clear:
        names = ", ".join(f"{name}: {label}" for name, label in sorted(set(again)))
        raise GoldwireError(
            f"{len(again)} answers must be given again under {said}: {names}",
            where=migration.source,
            hint="Leave --in-place out (a new round asks them), or empty these answers with --clear.",
        )
    if drafts:
        raise GoldwireError(
            f"somebody has begun an answer with labels that change, and not submitted it: tasks {some(drafts)}",
            where=where,
            hint="Have it submitted or removed, then run this again.",
        )
    if late:
        raise GoldwireError(
            f"answers came or changed since they were pulled just now: {some(late)}",
            where=where,
            hint="Run this again when nobody is labelling.",
        )


def _reads_empty(fields: dict[str, Field], name: str) -> bool:
    """Whether leaving it empty is an answer, so that an emptied one would be taken for it."""
    new = fields.get(name)
    return new is not None and (new.kind != "question" or new.may_be_empty)


def _projects(client: Client, round_: Round) -> list[Project]:
    """Return the projects of a round: one, or in a blind round one for each annotator."""
    if round_.project is not None:
        return [client.project(round_.project)]

    found = client.projects(round_.id)
    if not found:
        raise GoldwireError(
            f"no project belongs to round {round_.round}",
            where=client.url,
            hint=f"Push it first: goldwire labels push {round_.round}",
        )
    return sorted(found.values(), key=lambda project: project.id)


def _everything(task: Row) -> Iterator[tuple[str, Row]]:
    for kind in ("annotation", "prediction", "draft"):
        for one in task.get(f"{kind}s") or []:
            yield kind, one


def line_of(kind: str, task: Row, one: Row, mapped: Mapped) -> Row:
    """Return a line of the journal: an annotation or a prediction, its old and its new result."""
    return {
        "kind": kind,
        "id": int(one["id"]),
        "task": int(task["id"]),
        "unit_id": str(task["data"].get("unit_id")),
        "again": kind == "annotation" and bool(mapped.again),
        "by": digest(str(task["data"].get("unit_id")), str(_account(one.get("completed_by")))),
        "updated_at": one.get("updated_at"),
        "old": one["result"],
        "new": mapped.result,
    }


def _account(user: Any) -> Any:
    """Return the id of a user, whom an export names with e-mail address and name too."""
    return user["id"] if isinstance(user, Mapping) else user


def some(numbers: list[int]) -> str:
    """Return numbers as a list for a message, five at most."""
    listed = sorted(set(numbers))
    return ", ".join(map(str, listed[:5])) + (f" and {len(listed) - 5} more" if len(listed) > 5 else "")
