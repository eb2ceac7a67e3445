"""Verify: whether what was pulled, folded, is what the server has. Reads everything, and stores nothing of that."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from goldwire.labels import parts
from goldwire.labels.exchange.members import Members
from goldwire.labels.exchange.pull import Pulled, find, pull
from goldwire.labels.exchange.reading import stored
from goldwire.labels.parts import Known
from goldwire.labels.rounds import Round
from goldwire.labels.server import Client
from goldwire.labels.server.bulk import one_of
from goldwire.labels.team.annotators import Pseudonyms


@dataclass(frozen=True)
class Verified:
    """What a pull brought, and the tasks that the parts have otherwise than the server all the same."""

    pulled: Pulled
    differing: list[int]


def verify(
    client: Client, round_dir: Path, round_: Round, pseudonyms: Pseudonyms, *, project: int | None = None
) -> Verified:
    """Read everything from the server, then pull as usual, and compare the two, task by task.

    What annotators do meanwhile is no difference: the full reading comes first, so a task that the pull has with a
    later time is newer than what it is compared with.

    Returns
    -------
    Verified
        `differing` is empty when the folded parts say the same as the server, byte for byte; but for the times at
        which tasks were last touched, which move by themselves.

    Raises
    ------
    GoldwireError
        As `goldwire.labels.exchange.pull.pull`; also when the server cannot make a snapshot.
    """
    folder = round_dir / "pulls"
    full: dict[int, tuple[int, str, bytes]] = {}
    started: dict[int, str] = {}
    members = Members(client, pseudonyms)
    for one in find(client, round_, project, ()):
        with client.export(one.id) as export:
            started[one.id] = export.made_at
            for task in export.tasks():
                entry, _ = parts.entry(stored(task, round_, members.pseudonym), {"project": one.id})
                full[entry.id] = (one.id, entry.updated_at, entry.digest)
    pulled = pull(client, round_dir, round_, pseudonyms, project=project)
    known = {number: task for number, task in parts.known(folder).items() if not task.deleted}
    differing = [number for number in full if number in known and _differs(full[number], known[number])]
    differing += [number for number in known if number not in full and _is_old(known[number], started)]
    differing += _still_there(client, {number: full[number][0] for number in full if number not in known})
    return Verified(pulled, sorted(differing))


def _differs(there: tuple[int, str, bytes], here: Known) -> bool:
    return here.digest != there[2] and here.updated_at <= there[1]


def _is_old(here: Known, started: Mapping[int, str]) -> bool:
    """Whether a task was there before the server was read, in whole, and did not have it."""
    return here.project not in started or here.updated_at < started[here.project]


def _still_there(client: Client, missing: Mapping[int, int]) -> list[int]:
    """Return those of the tasks (with their projects) that were not deleted while we read."""
    found: list[int] = []
    for project in sorted(set(missing.values())):
        found += client.ids(project, [one_of([number for number in missing if missing[number] == project])])
    return found
