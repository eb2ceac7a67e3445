"""Pull: what annotators did since the last pull becomes a new part of the round."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from goldwire import __version__
from goldwire.errors import GoldwireError
from goldwire.labels import parts
from goldwire.labels.annotators import Pseudonyms
from goldwire.labels.parts import Task
from goldwire.labels.rounds import Round
from goldwire.labels.server import Client, Project


@dataclass(frozen=True)
class Pulled:
    """What a pull brought.

    `tasks` and `annotations` count what is on the server now, skipped tasks' annotations included. `new`, `changed`
    and `deleted` count annotations of this pull. `part` is the file written, None when there was nothing to write.
    """

    project: int
    tasks: int
    annotations: int
    new: int
    changed: int
    deleted: int
    part: Path | None


def pull(
    client: Client,
    round_dir: Path,
    round_: Round,
    pseudonyms: Pseudonyms,
    full: bool = False,
    *,
    project: int | None = None,
    drafts: bool = False,
) -> Pulled:
    """Read everything of the round's project; write what is new or changed as the next part.

    Parameters
    ----------
    client : Client
        The server; see `goldwire.labels.server.connect`.
    round_dir : Path
        The round's folder; parts go to its pulls/.
    round_ : Round
        Its round.yaml.
    pseudonyms : Pseudonyms
        New annotators get one, which is stored before the part is written.
    full : bool
        Write every task again, changed or not.
    project : int, optional
        The project's id, when it cannot be found by the mark in its description.
    drafts : bool
        Keep answers that were begun and not submitted.

    Raises
    ------
    GoldwireError
        When the server fails, the project is not there, is another one than before, or a part is damaged.
    """
    folder = round_dir / "pulls"
    before = [parts.read(path) for path in parts.listing(folder)]
    found = _project(client, round_, project, before)
    clock = client.clock  # the server's, before it was read
    on_server = client.tasks(found.id, drafts=drafts)
    pseudonym = _pseudonym(client, pseudonyms)
    tasks = {int(task["id"]): parts.without_people(task, pseudonym, drafts=drafts) for task in on_server}
    known = parts.state(before)
    there = {number: task for number, task in known.items() if not task.get("deleted")}
    news = [
        task for number, task in tasks.items() if full or number not in there or not parts.same(there[number], task)
    ]
    gone = [number for number in there if number not in tasks]
    part = None
    if news or gone:
        header = {
            "round": round_.round,
            "project": found.id,
            "url": client.url,
            "pulled_at": clock,
            "scheme_hash": round_.scheme_hash,
            "goldwire": __version__,
        }
        part = parts.append(folder, header, news, gone)
    old, current = _annotations(there), _annotations(tasks)
    return Pulled(
        project=found.id,
        tasks=len(tasks),
        annotations=len(current),
        new=len(current.keys() - old.keys()),
        changed=sum(current[number] != old[number] for number in current.keys() & old.keys()),
        deleted=len(old.keys() - current.keys()),
        part=part,
    )


def _project(client: Client, round_: Round, number: int | None, before: list[parts.Part]) -> Project:
    found = client.find_project(round_.marker()) if number is None else client.project(number)
    earlier = before[-1].header["project"] if before else None
    if found is None and earlier is None:
        raise GoldwireError(
            f"no project belongs to round {round_.round}",
            where=client.url,
            hint=f"Make it with: goldwire labels push {round_.round}",
        )
    refuse_another(client, round_, found, earlier)
    assert found is not None  # else the round was pulled before, and refused just now
    return found


def refuse_another(client: Client, round_: Round, found: Project | None, earlier: int | None) -> None:
    """Raise when the round was pulled from the project `earlier`, and `found` is not that one.

    Answers in another project could not be told from those that were pulled, so they must not come about.
    """
    if earlier is None or (found is not None and found.id == earlier):
        return
    what = "is not there any more" if found is None else f"is another one than project {found.id}"
    raise GoldwireError(
        f"project {earlier}, from which round {round_.round} was pulled before, {what}",
        where=client.url,
        hint="What was pulled is safe in the round's pulls/. See that LABEL_STUDIO_URL names the same server; "
        "if the project was deleted, go on in a new round.",
    )


def _pseudonym(client: Client, pseudonyms: Pseudonyms) -> Callable[[Any], str | None]:
    """Snapshots say e-mail addresses, pages only ids; an account that was deleted leaves nothing."""
    members: dict[int, str] = {}

    def of(user: Any) -> str | None:
        if user is None:
            return None
        if isinstance(user, Mapping):
            return pseudonyms.of(str(user["email"]))
        if not members:
            members.update(client.members())
        if user not in members:
            raise GoldwireError(f"user {user} answered and is no member any more", where=client.url)
        return pseudonyms.of(members[user])

    return of


def _annotations(tasks: Mapping[int, Task]) -> dict[int, Task]:
    return {number: annotation for task in tasks.values() for number, annotation in parts.live(task).items()}
