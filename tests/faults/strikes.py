"""What strikes at which request: told to the proxy of one attempt, and drawn before it begins."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from proxy import Fault

NETWORK = ("reset-before", "reset-after", "timeout-after", "too-many", "drip", "half", "late")
# what a request's path has in it, and how many such requests there are at least
PLACES = {
    "first push": [("", 4), ("/import", 2), ("/import", 2), ("api/projects", 4)],
    "second push": [("", 5), ("/import", 1), ("api/tasks", 2), ("api/projects", 2)],
    "first pull": [("", 6), ("/exports", 2), ("/download", 1), ("api/tasks", 1)],
    "second pull": [("", 6), ("api/tasks", 3), ("api/projects/", 2)],
}


@dataclass(frozen=True)
class Strike:
    """From the `first` request (from 0) whose path has `path` in it on, `times` in a row."""

    path: str
    first: int
    times: int
    fault: Fault


def drawn(draw: random.Random, kind: str, step: str) -> Strike:
    """Draw where the fault strikes, and whether the same request fails repeatedly."""
    path, most = draw.choice(PLACES[step])
    seconds = {"too-many": draw.choice([0, 0, 1]), "drip": 0.6, "late": draw.uniform(0, 0.5)}.get(kind, 0)
    fault = Fault(kind, seconds)  # type: ignore[arg-type]
    return Strike(path, draw.randrange(most), draw.choice([1, 1, 1, 2, 4]), fault)


@dataclass
class Plan:
    """Decides for a proxy, and notes what it did.

    `also` (path, count, what) is called once, in place of a fault, at the request that so many with that in their
    path came before; `deed` is called before some of the requests whose path has `deeds_at` in it, `deeds` times at
    most.
    """

    strikes: list[Strike] = field(default_factory=list)
    also: tuple[str, int, Callable[[], Fault | None]] | None = None
    deed: Callable[[random.Random], None] | None = None
    deeds: int = 0
    deeds_at: str = ""
    draw: random.Random = field(default_factory=lambda: random.Random(0))
    hits: int = 0
    _counts: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def decide(self, _number: int, _method: str, path: str) -> Fault | None:
        with self._lock:
            if self.deeds and self.deed and self.deeds_at in path and self.draw.random() < 0.4:
                self.deeds -= 1
                self.deed(self.draw)
            paths = {strike.path for strike in self.strikes} | ({self.also[0]} if self.also else set())
            counts = {found: self._counts.get(found, 0) for found in paths if found in path}
            self._counts.update({found: count + 1 for found, count in counts.items()})
            if self.also and counts.get(self.also[0]) == self.also[1]:
                act, self.also = self.also[2], None
                self.hits += 1
                return act()
            for strike in self.strikes:
                if strike.path in counts and strike.first <= counts[strike.path] < strike.first + strike.times:
                    self.hits += 1
                    return strike.fault
            return None


def later(seconds: float, act: Callable[[], object]) -> threading.Thread:
    """Do something after a while, in a thread of its own; join it."""

    def waiting() -> None:
        time.sleep(seconds)
        act()

    thread = threading.Thread(target=waiting)
    thread.start()
    return thread
