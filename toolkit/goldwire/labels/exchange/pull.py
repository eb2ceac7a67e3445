"""Pull: what annotators did since the last pull becomes a new part of the round.

The first pull reads everything; the next ones what changed since, by the server's own clock (see
`goldwire.labels.exchange.reading`). What they store, folded, is what one full pull stores: see
`goldwire.labels.exchange.verify`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from goldwire.errors import GoldwireError
from goldwire.labels import parts
from goldwire.labels.exchange.cursors import cursors
from goldwire.labels.exchange.members import Members
from goldwire.labels.exchange.reading import Reading
from goldwire.labels.rounds import Round
from goldwire.labels.server import Client, Project
from goldwire.labels.team.annotators import Pseudonyms


@dataclass(frozen=True)
class Pulled:
    """What a pull brought.

    `project` is the round's project, of a blind round the first of `projects`. `tasks` and `annotations` count what
    is on the server now, skipped tasks' annotations included. `new`, `changed` and `deleted` count annotations of
    this pull. `part` is the file written, of several `parts` the last, None when there was nothing to write. `full`
    says whether everything was read.
    """

    project: int
    projects: list[int]
    tasks: int
    annotations: int
    new: int
    changed: int
    deleted: int
    part: Path | None
    parts: list[Path]
    full: bool


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
    """Read what is new in the round's projects; write it as the next part, of a blind round one for each project.

    Whoever calls holds the lock of the round's folder (`goldwire.files.one_at_a_time`): of two pulls at once, the
    second would find its part written.

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
        Read everything, and write every task again, changed or not.
    project : int, optional
        The project's id, when it cannot be found by the mark in its description.
    drafts : bool
        Keep answers that were begun and not submitted. They leave no trace in the server's clock, so everything is
        read.

    Raises
    ------
    GoldwireError
        When the server fails, a project is not there, is another one than before, or a part is damaged. What other
        projects of the round gave until then is stored.
    """
    folder = round_dir / "pulls"
    known = parts.known(folder)
    before = cursors(folder)
    found = find(client, round_, project, before)
    members = Members(client, pseudonyms)
    done = []
    for one in found:
        mine = {number: task for number, task in known.items() if task.project == one.id}
        reading = Reading(client, folder, round_, one.id, members, mine, drafts=drafts)
        done.append(reading.read(before.get(one.id), full=full))
    written = [read.part for read in done if read.part]
    return Pulled(
        project=found[0].id,
        projects=[one.id for one in found],
        tasks=sum(read.tasks for read in done),
        annotations=sum(read.annotations for read in done),
        new=sum(read.new for read in done),
        changed=sum(read.changed for read in done),
        deleted=sum(read.deleted for read in done),
        part=written[-1] if written else None,
        parts=written,
        full=all(read.full for read in done),
    )


def find(client: Client, round_: Round, number: int | None, before: Collection[int]) -> list[Project]:
    """Return the projects of a round, in the order of its annotators; `before` are those that it was pulled from.

    Raises
    ------
    GoldwireError
        When there is none, or one of `before` is not there any more.
    """
    if number is None and round_.project is None:
        marked = client.projects(round_.id)
        found = [marked[name] for name in sorted(marked, key=lambda name: (name is not None, name))]
    else:
        found = [client.project(number or round_.project or 0)]
    if not found and not before:
        raise GoldwireError(
            f"no project belongs to round {round_.round}",
            where=client.url,
            hint=f"Make it with: goldwire labels push {round_.round}",
        )
    refuse_others(client, round_, {project.id for project in found}, before)
    return found


def refuse_others(client: Client, round_: Round, found: set[int], before: Collection[int]) -> None:
    """Raise when the round was pulled from projects that are not among those found.

    Answers in another project could not be told from those that were pulled, so they must not come about.
    """
    gone = sorted(set(before) - found)
    if not gone:
        return
    there = f", and now there is project {min(found)}" if found else ""
    raise GoldwireError(
        f"project {gone[0]}, from which round {round_.round} was pulled before, is not there any more{there}",
        where=client.url,
        hint="What was pulled is safe in the round's pulls/. See that LABEL_STUDIO_URL names the same server; "
        "if the project was deleted, go on in a new round.",
    )
