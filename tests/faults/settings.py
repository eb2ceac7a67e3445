"""Small numbers, so that small rounds take several requests and no run waits long."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from goldwire.labels.exchange import cursors, reading, sending
from goldwire.labels.server import bulk as server_bulk
from goldwire.labels.server import calls as server_calls

OVERLAP = timedelta(seconds=0.2)
_REAL = cursors.OVERLAP


@dataclass(frozen=True)
class Numbers:
    """Tasks in an import, tasks in a page, ids in an address, and whether pauses are the real ones."""

    batch: int
    page: int
    at_once: int
    patient: bool = False


def small(change: Callable[[Any, str, Any], None], numbers: Numbers) -> None:
    """Set the numbers by `change`, such as `setattr`.

    The window that is read again shrinks, or everything would be in it; how much clocks may differ does not.
    """
    holds = cursors.Cursor.holds

    def with_real_overlap(self: cursors.Cursor, *clocks: str, **options: Any) -> bool:
        cursors.OVERLAP = _REAL
        try:
            return holds(self, *clocks, **options)
        finally:
            cursors.OVERLAP = OVERLAP

    change(cursors, "OVERLAP", OVERLAP)
    change(cursors.Cursor, "holds", with_real_overlap)
    change(server_bulk, "BATCH_TASKS", numbers.batch)
    change(server_bulk, "PAGE", numbers.page)
    change(reading, "_AT_ONCE", numbers.at_once)
    if not numbers.patient:
        change(server_calls, "_WAITS", (0.05, 0.1))
        change(sending, "_PAUSES", (0.1, 0.2, 0.4))
