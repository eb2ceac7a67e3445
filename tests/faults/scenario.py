"""One run from a seed: a round is pushed, answered and pulled, something goes wrong, and the next run mends it."""

import contextlib
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest

from faults import checks, disk
from faults.attempts import Attempts, What
from faults.restarts import Restartable
from faults.settings import Numbers, small
from faults.strikes import NETWORK, PLACES, Plan, Strike, drawn, later
from faults.world import People, World
from goldwire.labels.exchange import cursors
from proxy import Fault

KINDS = (*NETWORK, "storm", "restart", "kill-push", "kill-pull", "disk-full", "two-at-once", "clock-skew")
POINTS = ("before-fsync", "before-link", "after-link", "before-replace", "after-replace")
HOUR = 3600

Fate = Literal["not struck", "recovered by itself", "completed by the next run"]


@dataclass(frozen=True)
class Outcome:
    """What came of a run. `step` is where the fault struck; `notes` say how, for the report."""

    seed: int
    kind: str
    step: str
    fate: Fate
    notes: list[str] = field(default_factory=list)


def run(seed: int, people: People, restartable: Callable[[], Restartable], root: Path) -> Outcome:
    """Do one run in an empty folder.

    Raises
    ------
    AssertionError
        When a task is there twice, an answer is lost, or anything else of `faults.checks` does not hold.
    """
    kind = KINDS[seed % len(KINDS)]
    server = restartable() if kind == "restart" else None
    with pytest.MonkeyPatch.context() as patch:
        scenario = _Scenario(seed, kind, server.people if server else people, server, root, patch)
        return scenario.run()


class _Scenario:
    def __init__(
        self,
        seed: int,
        kind: str,
        people: People,
        restartable: Restartable | None,
        root: Path,
        patch: pytest.MonkeyPatch,
    ) -> None:
        self.seed, self.kind, self.people, self.restartable, self.root = seed, kind, people, restartable, root
        self.draw = draw = random.Random(seed)
        self.numbers = Numbers(
            batch=150 if restartable else draw.choice([4, 9, 20]),
            page=draw.choice([7, 15, 40]),
            at_once=draw.choice([5, 500, 500]),
            patient=kind == "restart" and draw.random() < 0.5,
        )
        steps = ["first push", "second push", "first pull", "second pull"]
        of_kind = {"kill-push": steps[:2], "kill-pull": steps[2:], "disk-full": steps[2:], "clock-skew": ["all"]}
        self.step = draw.choice(of_kind.get(kind, steps))
        self.key = draw.choice(["legacy", "legacy", "personal"])
        self.on_tmpfs = kind == "disk-full" and draw.random() < 0.6 and disk.mountable(root / "labels")
        self.hits, self.code = 0, 0
        self.seen: set[int] = set()
        self.notes: list[str] = []
        self.clock = 0  # seconds by which ours is ahead
        small(patch.setattr, self.numbers)
        patch.setattr(cursors, "now", self._now)

    def _now(self) -> str:
        return (datetime.now(UTC) + timedelta(seconds=self.clock)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def run(self) -> Outcome:
        with contextlib.ExitStack() as stack:
            if self.on_tmpfs:
                stack.enter_context(disk.mounted(self.root / "labels"))
            size = self.draw.randint(160, 400) if self.restartable else self.draw.randint(22, 60)
            self.world = World(self.people, self.root, self.draw, size, blind=self.draw.random() < 0.2)
            self.attempts = Attempts(self.world, self.people.keys[self.key], self.numbers)
            stack.callback(self.world.remove)
            if self.restartable:
                stack.callback(self.restartable.wait)
            self._steps()
            checks.nothing_lost(self.world, self.seen, self.root.with_name(self.root.name + "-anew"))
            checks.nothing_left_behind(self.world)
            if left := self.world.snapshots():
                self.notes.append(f"{left} snapshots left on the server")
        fate: Fate = (
            "not struck" if not self.hits else "completed by the next run" if self.code else "recovered by itself"
        )
        return Outcome(self.seed, self.kind, self.step, fate, self.notes + self.attempts.said)

    def _steps(self) -> None:
        self._take("push", "first push")
        self.world.work(6)
        if self.step in ("second push", "all"):
            if self.draw.random() < 0.5:
                self._take("pull", "before")
            self.world.grow()
            self._take("push", "second push")
        self._take("pull", "first pull")
        if self.step in ("second pull", "all"):
            self.world.work(5)
            self._take("pull", "second pull")

    def _take(self, what: What, step: str) -> None:
        """Do a step: with the fault when it is this one's, and then the next run without."""
        if self.step in (step, "all"):
            plan = self._plan(what, step)
            code = self._with_fault(what, step, plan)
            self.hits += plan.hits
            self.code = self.code or code
            if self.restartable:
                self.restartable.wait()
                if what == "push":
                    there = sum(self.world.units().values())
                    self.notes.append(f"{there} of {self.world.wanted()} tasks are there after the restart")
            if what == "push" and code == 0:
                checks.no_task_twice(self.world)
            if what == "pull":
                self._look()
        code = self.attempts.here(what, Plan())
        assert code == 0, f"the next {what} fails: {self.attempts.said[-1]}"
        if what == "push":
            checks.no_task_twice(self.world)
            checks.nothing_left_to_push(self.world)
            self.world.settled()
        else:
            self._look()

    def _look(self) -> None:
        state = checks.state(self.world.folder)
        self.seen |= {int(a["id"]) for task in state.values() for a in task["annotations"]}

    # what goes wrong

    def _plan(self, what: What, step: str) -> Plan:
        draw = random.Random(self.draw.random())
        strikes: list[Strike] = []
        if self.kind in NETWORK:
            strikes = [drawn(draw, self.kind, step)]
        elif self.kind == "storm":
            strikes = [drawn(draw, draw.choice(NETWORK), step) for _ in range(6)]
        elif self.kind == "two-at-once":
            strikes = [Strike("", draw.randrange(2, 6), 2, Fault("drip", 0.5))]
        # nobody can answer between the last look at a task and its change or deletion: that window cannot be closed
        at = draw.choice(["/import", "api/tasks?"]) if what == "push" else ""
        work = self.world.act if what == "pull" else lambda draw: self.world.act(draw, "answer")
        deeds = 0 if self.restartable else 1 if what == "push" else 2  # nobody works while the server is away
        return Plan(strikes, deed=work, deeds=deeds, deeds_at=at, draw=draw)

    def _with_fault(self, what: What, step: str, plan: Plan) -> int:
        match self.kind:
            case "kill-push" | "kill-pull":
                return self._killed(what, step, plan)
            case "restart":
                path, most = self.draw.choice(PLACES[step])
                plan.also = (path, self.draw.randrange(most), self._restart)
                return self.attempts.here(what, plan)
            case "disk-full":
                return self._on_full_disk(what, step, plan)
            case "two-at-once":
                return self._two(what, plan)
            case "clock-skew":
                return self._skewed(what, plan)
        return self.attempts.here(what, plan)

    def _restart(self) -> None:
        assert self.restartable
        if self.draw.random() < 0.3:
            self.notes.append("stopped")
            self.restartable.stop()
        else:
            self.notes.append("SIGKILL")
            self.restartable.kill(self.draw.choice([0, self.draw.uniform(0, 0.2)]))

    def _killed(self, what: What, step: str, plan: Plan) -> int:
        if what == "pull" and self.draw.random() < 0.4:
            point = self.draw.choice(POINTS)
            code = self.attempts.command(what, plan, die=point)
            plan.hits = int(code < 0)
            self.notes.append(f"at the point {point}")
            return code
        how = self.draw.choice(["before", "during", "after"])
        threads = []

        def kill() -> Fault | None:
            if how == "after":
                threads.append(later(self.draw.uniform(0, 0.15), self.attempts.process.kill))
                return None
            self.attempts.process.kill()
            return Fault("reset-before") if how == "before" else None

        path, most = self.draw.choice(PLACES[step])
        plan.also = (path, self.draw.randrange(most), kill)
        code = self.attempts.command(what, plan)
        for thread in threads:
            thread.join()
        plan.hits = int(code < 0)
        self.notes.append(f"{how} a request")
        return code

    def _on_full_disk(self, what: What, step: str, plan: Plan) -> int:
        first = step == "first pull"
        if self.on_tmpfs:
            self.notes.append("tmpfs")
            with disk.filled(self.root / "labels", self.draw.choice([0, 1, 2, 4, 6] if first else [0, 0, 1])):
                code = self.attempts.here(what, plan)
        else:
            self.notes.append("RLIMIT_FSIZE")
            code = self.attempts.command(
                what, plan, file_size=self.draw.choice([40, 300, 2000, 8000] if first else [40, 300, 2000])
            )
        plan.hits = int(code != 0)
        if code:
            said = self.attempts.said[-1]
            assert any(word in said for word in ("full", "space", "large")), said
        return code

    def _two(self, what: What, plan: Plan) -> int:
        """Two at once: the second waits for the first."""
        if self.draw.random() < 0.3:
            pair: Callable[[What, Plan], int] = self.attempts.command
            self.notes.append("two processes")
        else:
            pair = self.attempts.here
        codes: list[int] = []
        threads = [threading.Thread(target=lambda: codes.append(pair(what, plan))) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(codes) == 2, "one of two at once broke down"
        plan.hits += 1
        return max(codes)

    def _skewed(self, what: What, plan: Plan) -> int:
        plan.hits += 1
        if not (self.attempts.date or self.clock) or self.draw.random() < 0.5:  # it may stay as it was
            self.attempts.date, self.clock = self.draw.choice([(HOUR, 0), (-HOUR, 0), (0, HOUR), (0, -HOUR)])
            self.notes.append(f"Date {self.attempts.date:+}, our clock {self.clock:+}")
        return self.attempts.here(what, plan)
