"""A migration on the server: the project gets the new page, and its answers the new labels.

What is to be written is settled first, in labels/rounds/ROUND/migrating.jsonl, with the old and the new result of
every answer that changes. Then the page gets both versions, the answers are rewritten, the page gets the new version
only, and the round its new scheme; the journal goes last. Run again after an interruption, each answer is looked at
on the server: it has the new result (done), the old one (to do), or another, which somebody gave in between.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from goldwire.errors import GoldwireError
from goldwire.files import one_at_a_time, read_jsonl, write_jsonl, write_text
from goldwire.labels import rounds
from goldwire.labels.interface import config
from goldwire.labels.migrate.both_pages import both
from goldwire.labels.migrate.chain import kept_name, scheme_text
from goldwire.labels.migrate.late import MEND, late, place, unreadable
from goldwire.labels.migrate.rules import Migration
from goldwire.labels.migrate.settle import Row, pulled, settle
from goldwire.labels.rounds import Round
from goldwire.labels.server import Client
from goldwire.study import Study

JOURNAL = "migrating.jsonl"


@dataclass(frozen=True)
class Rewritten:
    """What was done: answers and predictions rewritten, units with an emptied answer, and answers to look at.

    `meanwhile` has the ids of annotations that somebody changed while they were being rewritten, and that can be
    read under the new scheme as they are: they were left alone.
    """

    projects: list[int]
    rewritten: int
    cleared: list[str]
    meanwhile: list[int] = field(default_factory=list)


def unfinished(folder: Path) -> bool:
    """Whether a migration of this round was begun and not finished; `folder` is the round's."""
    return (folder / JOURNAL).is_file()


def refuse_unfinished(folder: Path) -> None:
    """Raise when a migration of this round was interrupted: its answers on the server are of two versions.

    Raises
    ------
    GoldwireError
        With the command that finishes it.
    """
    if unfinished(folder):
        raise GoldwireError(
            f"a migration of round {folder.name} was interrupted: its answers on the server are of two versions",
            where=str(folder / JOURNAL),
            hint=f"Finish it with: goldwire labels migrate {folder.name} --in-place",
        )


def migrate_in_place(
    study: Study,
    name: str,
    migration: Migration,
    new_text: str,
    client: Client,
    pull: Callable[[], Any],
    *,
    clear: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Rewritten:
    """Rewrite a round's answers on the server, and give its project and its folder the new scheme.

    No pull or push of the round, and no other migration, runs meanwhile on this machine.

    Parameters
    ----------
    study : Study
    name : str
        The round.
    migration : Migration
    new_text : str
        The new scheme's YAML: the round's new scheme.yaml.
    client : Client
    pull : callable
        Brings all that is on the server into the round's parts; called at the end, when they may run again. Before
        this function, everything has to be pulled: what is on the server and not in a part would be lost, and is
        refused.
    clear : bool
        Empty what has to be answered again; otherwise that is refused.
    progress : callable, optional
        Told after each answer how many are done.

    Raises
    ------
    GoldwireError
        When an answer has what the mapping does not decide, or must be given again and cannot be emptied, when
        somebody has a draft with labels that change, or the server fails: before the journal is written, nothing is
        changed. When somebody gives such an answer meanwhile: then the page stays the one of both versions until
        it is mended and this is run again.
    """
    with one_at_a_time(study.rounds / name):
        done = _migrated(study, name, migration, new_text, client, clear=clear, progress=progress)
    pull()
    return done


def _migrated(
    study: Study,
    name: str,
    migration: Migration,
    new_text: str,
    client: Client,
    *,
    clear: bool,
    progress: Callable[[int], None] | None,
) -> Rewritten:
    folder = study.rounds / name
    round_ = rounds.read(folder)
    journal = folder / JOURNAL
    if not journal.is_file():
        if round_.scheme_hash != migration.old.hash:  # two of this began, and the other one was first
            raise GoldwireError(
                f"round {name} was migrated meanwhile: it asks {round_.scheme} {round_.scheme_version} now",
                where=f"{folder / 'round.yaml'}: scheme_hash",
                hint=f"Look at it with: goldwire labels migrate {name} --dry-run",
            )
        write_jsonl(journal, settle(folder, round_, migration, client, clear))
    header, *lines = [row for _, row in read_jsonl(journal)]
    if (header["from"], header["to"]) != (migration.old.hash, migration.new.hash):
        raise GoldwireError(
            f"a migration from {header['from']} to {header['to']} was begun, and this is another one",
            where=str(journal),
            hint="Bring back the scheme and the mapping file with which it was begun, and run it again.",
        )
    projects = [client.project(number) for number in header["projects"]]
    old_page, new_page = config(migration.old), config(migration.new)
    for project in projects:
        if project.config.strip() != new_page.strip():  # the server trims it
            _set_page(client, project.id, both(old_page, new_page))
    meanwhile: list[int] = []
    for number, line in enumerate(lines, start=1):
        _rewrite(client, line, migration, meanwhile)
        if progress:
            progress(number)
    for line in late(client, projects, lines, migration, pulled(folder)):
        _rewrite(client, line, migration, meanwhile)
        lines.append(line)
    for project in projects:
        _forget_counts(client, project.id)
        _set_page(client, project.id, new_page)
    _turn(study, name, round_, migration, new_text)
    journal.unlink()  # from here on, a plain pull brings the rest
    cleared = sorted({line["unit_id"] for line in lines if line["again"]})
    changed = sum(line["new"] != line["old"] for line in lines)
    return Rewritten(header["projects"], changed, cleared, sorted(set(meanwhile)))


def _rewrite(client: Client, line: Row, migration: Migration, meanwhile: list[int]) -> None:
    kind, number = line["kind"], line["id"]
    path = f"api/{kind}s/{number}/"
    there = json.loads(client.request(f"read {kind} {number}", "GET", path))["result"]
    if there == line["new"] != line["old"]:
        return
    if there == line["old"]:
        client.request(f"change {kind} {number}", "PATCH", path, content=_bytes({"result": line["new"]}))
        return
    task = json.loads(client.request(f"read task {line['task']}", "GET", f"api/tasks/{line['task']}/"))
    if wrong := unreadable(there, migration, str(task["data"].get("text"))):
        raise GoldwireError(
            f"annotation {number} (task {line['task']}) was changed while it was being rewritten: {wrong}",
            where=place(client, line["task"]),
            hint=MEND,
        )
    meanwhile.append(number)


def _set_page(client: Client, project: int, page: str) -> None:
    content = _bytes({"label_config": page})
    client.request(f"change project {project}", "PATCH", f"api/projects/{project}/", content=content)


def _forget_counts(client: Client, project: int) -> None:
    """Have the server count again which controls have answers; else it may refuse a page without the old ones."""
    path = f"api/projects/{project}/summary/reset/"
    client.request(f"have the answers of project {project} counted", "POST", path, content=b"{}")


def _bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _turn(study: Study, name: str, round_: Round, migration: Migration, new_text: str) -> None:
    """Give the round's folder the new scheme; the old one stays under its hash, for the parts that were pulled."""
    folder = study.rounds / name
    if round_.scheme_hash == migration.new.hash:
        return
    old = folder / kept_name(migration.old.hash)
    if not old.is_file():
        write_text(old, scheme_text(study, name)[0])
    rounds.write_scheme(folder, new_text)
    changed = {"scheme_version": migration.new.version, "scheme_hash": migration.new.hash}
    rounds.write(folder, round_.model_copy(update=changed))
