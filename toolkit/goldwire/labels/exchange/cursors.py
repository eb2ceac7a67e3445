"""Up to when a project was read: what the heads of the parts say, and from where the next pull goes on.

The server is asked for tasks that changed after a moment of its own clock, the one that sets ``updated_at``. A change
that was under way while we read has an earlier time than others that we saw, so we go back a little.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from goldwire.labels import parts

OVERLAP = timedelta(minutes=2)
_TICKS = timedelta(seconds=2)  # times in heads are whole seconds


@dataclass(frozen=True)
class Cursor:
    """What the head of the last part of a project says.

    Attributes
    ----------
    until : str or None
        Every change up to this moment of the server's clock is in the parts; None for a part of goldwire 0.1.
    drafts : bool
        Whether drafts were read.
    server, here : str or None
        The time in the head of the server's answer, and ours at that moment.
    """

    until: str | None
    drafts: bool = False
    server: str | None = None
    here: str | None = None

    @property
    def since(self) -> str:
        """The moment from which on the server is asked."""
        return _text(datetime.fromisoformat(self.until or "0001-01-02T00:00:00+00:00") - OVERLAP)

    def by_now(self, server: str, here: str) -> str:
        """Return what the server's clock shows by now at least, where no clock was set since.

        Nothing tells us that clock but what it stamps, so it is the time of the last reading and what has passed
        since, by the slower of the two clocks that we see, less what `holds` lets pass.
        """
        if not (self.until and self.server and self.here):
            return self.until or ""
        passed = min(
            datetime.fromisoformat(now) - datetime.fromisoformat(then)
            for then, now in ((self.server, server), (self.here, here))
        )
        return _text(datetime.fromisoformat(self.until) + max(passed - OVERLAP / 2 - _TICKS, timedelta(0)))

    def holds(self, server: str, here: str, *, drafts: bool) -> bool:
        """Whether changes alone will do: not where a clock was set since, or drafts were read then or are wanted.

        A server's clock that was put back gives new changes old times. We see it in its distance from ours; ours may
        be the one that was set, which costs one full reading.
        """
        return not drafts and not self.is_stale(server, here, drafts=drafts)

    def is_stale(self, server: str, here: str, *, drafts: bool) -> bool:
        """Whether the next pull could not go on from here, though nothing has changed."""
        if self.until is None or self.drafts != drafts:
            return True
        then, now = _distance(self.server, self.here), _distance(server, here)
        return then is None or now is None or abs(now - then) > OVERLAP / 2


def now() -> str:
    """Return our own time in UTC, as the heads of parts have it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def cursors(folder: Path) -> dict[int, Cursor]:
    """Return the cursor of every project that a round was pulled from, from the parts in its pulls/."""
    found: dict[int, Cursor] = {}
    for path in parts.listing(folder):
        head = _head(path)
        project, until = int(head["project"]), head.get("until")
        before = found.get(project)
        if before and before.until and until and until < before.until:
            until = before.until
        found[project] = Cursor(until, bool(head.get("drafts")), head.get("pulled_at"), head.get("here"))
    return found


def _head(path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        head: dict[str, Any] = msgspec.json.decode(stream.readline())
        return head


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _distance(server: str | None, here: str | None) -> timedelta | None:
    if not server or not here:
        return None
    return datetime.fromisoformat(server) - datetime.fromisoformat(here)
