"""Reading one project into the next part: all of it, or what changed since the last time.

What changed is found in three steps. Tasks whose ``updated_at`` lies after the cursor are fetched in pages; where
these are many, those first whose ``updated_at`` is not the one that was stored. Then the
server's own counts of tasks, annotations and predictions are compared with what is stored now; a deleted task leaves
no other trace, and neither do predictions that were imported (as many as were deleted leave none at all: `verify`
finds them). Only where they do not add up are all tasks listed,
with their counts and without their content, and those that differ are fetched.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from goldwire import __version__
from goldwire.labels.exchange import cursors
from goldwire.labels.exchange.cursors import Cursor
from goldwire.labels.exchange.members import Members, UnknownMemberError, earlier
from goldwire.labels.parts import Known, Task, Writer, without_people
from goldwire.labels.parts.index import Entry
from goldwire.labels.rounds import Round
from goldwire.labels.server import Client
from goldwire.labels.server.bulk import Filter, one_of, since
from goldwire.labels.server.errors import ServerFailedError

_SHARE = 0.3  # of all tasks: fetching that many in pages takes about as long as an export of all
_AT_ONCE = 500  # ids in one address


@dataclass(frozen=True)
class Read:
    """What one project gave; see `goldwire.labels.exchange.pull.Pulled`."""

    tasks: int
    annotations: int
    new: int
    changed: int
    deleted: int
    part: Path | None
    full: bool


class Reading:
    """One reading of one project.

    Parameters
    ----------
    client, folder, round_, project
        The server, the round's pulls/, round.yaml, and the project's id.
    members : Members
    known : mapping
        The latest state of each of the project's tasks; see `goldwire.labels.parts.known`.
    drafts : bool
        Keep drafts.
    """

    def __init__(
        self,
        client: Client,
        folder: Path,
        round_: Round,
        project: int,
        members: Members,
        known: Mapping[int, Known],
        *,
        drafts: bool,
    ) -> None:
        self._client, self._folder, self._round, self._project = client, folder, round_, project
        self._members, self._known, self._drafts = members, known, drafts
        self._pseudonym = members.pseudonym
        self._anew = False  # whether a part is written even if it says nothing but from where to go on
        self._there = {number: task for number, task in known.items() if not task.deleted}

    def read(self, cursor: Cursor | None, *, full: bool) -> Read:
        """Write what is new as the next part; with `full`, every task."""
        start = self._client.newest(self._project) or ""
        if cursor and not full and cursor.holds(self._client.clock, cursors.now(), drafts=self._drafts):
            with suppress(_TooManyError, UnknownMemberError):  # an export names also those who were removed
                return self._changes(cursor, start)
        self._anew = cursor is not None and cursor.is_stale(self._client.clock, cursors.now(), drafts=self._drafts)
        return self._everything(start, full=full)

    def _everything(self, start: str, *, full: bool) -> Read:
        try:
            with self._client.export(self._project, drafts=self._drafts) as export:
                for last in (False, True):
                    try:
                        return self._store(export.tasks(), max(start, export.made_at), full=full)
                    except ServerFailedError:
                        if last:
                            raise
                        # it was made, so it can be fetched again
        except ServerFailedError:
            if self._drafts:  # pages have only one's own
                raise
        self._pseudonym = self._members.pseudonym_or_former
        tasks = self._members.recall(self._client.pages(self._project), earlier(self._folder))
        return self._store(tasks, start, full=full)

    def _store(self, tasks: Iterator[Task], until: str, *, full: bool) -> Read:
        seen: dict[int, Entry] = {}
        with Writer(self._folder, self._head(until), always=self._anew) as writer:
            for task in tasks:
                seen[int(task["id"])] = self._add(writer, task, again=full)
            gone = [number for number in self._there if number not in seen]
            for number in gone:
                writer.gone(number)
        return self._told(seen, gone, writer.path, full=True)

    def _changes(self, cursor: Cursor, start: str) -> Read:
        until = max(start, cursor.by_now(self._client.clock, cursors.now()))
        where = [since(cursor.since)]
        many = self._client.totals(self._project, where)[0] > _AT_ONCE
        seen: dict[int, Entry] = {}
        gone: list[int] = []
        # where many lie after the cursor, as soon after a push, it is moved on though nothing may have changed
        with Writer(self._folder, self._head(until), always=many) as writer:
            for task in self._touched(where) if many else self._client.pages(self._project, where):
                seen[int(task["id"])] = self._add(writer, task)
            if self._client.size(self._project) != _size({**self._there, **seen}):
                others, gone = self._differing({**self._there, **seen})
                for task in self._those(others):
                    seen[int(task["id"])] = self._add(writer, task)
            for number in gone:
                writer.gone(number)
        return self._told(seen, gone, writer.path, full=False)

    def _touched(self, where: Sequence[Filter]) -> Iterator[Task]:
        """Yield the tasks that are not of the moment at which they were read."""
        stamps = self._client.stamps(self._project, where)
        return self._those(
            [number for number, at in stamps if number not in self._there or self._there[number].updated_at != at]
        )

    def _those(self, numbers: Sequence[int]) -> Iterator[Task]:
        if len(numbers) > max(_AT_ONCE, _SHARE * len(self._there)):
            raise _TooManyError
        for first in range(0, len(numbers), _AT_ONCE):
            yield from self._client.pages(self._project, [one_of(numbers[first : first + _AT_ONCE])])

    def _differing(self, stored: Mapping[int, Known | Entry]) -> tuple[list[int], list[int]]:
        """Return the tasks that the server has otherwise than they are stored, and those that it has not."""
        here = {number: (len(task.annotations), task.predictions) for number, task in stored.items()}
        there = {
            int(task["id"]): (task["total_annotations"] + task["cancelled_annotations"], task["total_predictions"])
            for task in self._client.sizes(self._project)
        }
        return [number for number in there if here.get(number) != there[number]], sorted(here.keys() - there.keys())

    def _add(self, writer: Writer, task: Task, *, again: bool = False) -> Entry:
        """Write the task if it is not as it was; with `again`, in any case."""
        before = None if again else self._known.get(int(task["id"]))
        return writer.update(stored(task, self._round, self._pseudonym, drafts=self._drafts), before)

    def _head(self, until: str) -> dict[str, Any]:
        return {
            "round": self._round.round,
            "project": self._project,
            "url": self._client.url,
            "pulled_at": self._client.clock,
            "here": cursors.now(),
            "until": until,
            "drafts": self._drafts,
            "scheme_hash": self._round.scheme_hash,
            "goldwire": __version__,
        }

    def _told(self, seen: Mapping[int, Entry], gone: list[int], part: Path | None, *, full: bool) -> Read:
        new = changed = deleted = 0
        for number, entry in seen.items():
            before = self._there[number].annotations if number in self._there else {}
            new += len(entry.annotations.keys() - before.keys())
            deleted += len(before.keys() - entry.annotations.keys())
            changed += sum(entry.annotations[a] != before[a] for a in before.keys() & entry.annotations.keys())
        tasks, annotations, _ = _size({**self._there, **seen}, without=gone)
        deleted += sum(len(self._there[number].annotations) for number in gone if number in self._there)
        return Read(tasks, annotations, new, changed, deleted, part, full)


def stored(
    task: Mapping[str, Any], round_: Round, pseudonym: Callable[[Any], str | None], *, drafts: bool = False
) -> Task:
    """Return what a part keeps of a task; see `goldwire.labels.parts.people`.

    Of a project that goldwire did not make, not what its makers put into `meta`: that may be about people.
    """
    return without_people(task, pseudonym, drafts=drafts, foreign=round_.project is not None)


class _TooManyError(Exception):
    """So much changed that all of it is sooner read in an export."""


def _size(tasks: Mapping[int, Known | Entry], without: Collection[int] = ()) -> tuple[int, int, int]:
    """Count tasks, annotations and predictions."""
    gone = set(without)
    left = [task for number, task in tasks.items() if number not in gone]
    return len(left), sum(len(task.annotations) for task in left), sum(task.predictions for task in left)
