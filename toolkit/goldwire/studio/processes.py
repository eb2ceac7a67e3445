"""Processes known by their id and start time, so that a reused id is never taken for ours; and a lock."""

import contextlib
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

_STAT = Path("/proc/self/stat")


def started(pid: int) -> str | None:
    """Return what tells this process from every other with its id; None when it does not run (any more)."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # our own child, ended: let it go
    if _STAT.exists():
        return _from_proc(pid)
    listed = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    state, _, when = listed.stdout.strip().partition(" ")
    return None if not when or state.startswith("Z") else when.strip()


def _from_proc(pid: int) -> str | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()  # the name in brackets may hold spaces
    return None if fields[0] in "ZX" else f"{boot}:{fields[19]}"  # state; start time in ticks since boot


def stop(pid: int, identity: str, grace: float = 10) -> None:
    """End the process and its group: SIGTERM, then SIGKILL after `grace` seconds. Nothing when it is another one."""
    for number, seconds in [(signal.SIGTERM, grace), (signal.SIGKILL, 10.0)]:
        if started(pid) != identity:
            return
        _send(pid, number)
        end = time.monotonic() + seconds
        while started(pid) == identity and time.monotonic() < end:
            time.sleep(0.05)


def _send(pid: int, number: int) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:  # it has not made its own group yet
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock file; wait while another process holds it. A lock ends with its holder, even a killed one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
